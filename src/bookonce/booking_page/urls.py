"""The addresses that guests are given."""

from django.urls import URLPattern, URLResolver

app_name = "booking_page"
urlpatterns: list[URLPattern | URLResolver] = []
