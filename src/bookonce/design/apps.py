"""Django's entry for the design system."""

from django.apps import AppConfig


class DesignConfig(AppConfig):
    """Templates, template tags and assets; no models."""

    name = "bookonce.design"
    label = "bookonce_design"
    verbose_name = "Design"
