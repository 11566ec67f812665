"""Pages for what went wrong."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    """A form that was not served by us, or whose cookie is gone."""
    return render(request, "dashboard/form_expired.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """No page at this address; says nothing about what was asked for."""
    return render(request, "dashboard/not_found.html", status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """A mistake of ours."""
    return render(request, "dashboard/failed.html", status=500)
