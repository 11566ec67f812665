"""Pages for what went wrong."""

import sys

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from bookonce.lib.deadline import busy


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    """A form that was not served by us, or whose cookie is gone."""
    return render(request, "dashboard/form_expired.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """No page at this address; says nothing about what was asked for."""
    return render(request, "dashboard/not_found.html", status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """A mistake of ours; or a database that was away outside any view, such as when a session is kept."""
    return busy(request, sys.exc_info()[1]) or render(request, "dashboard/failed.html", status=500)
