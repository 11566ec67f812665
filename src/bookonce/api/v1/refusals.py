"""The one place where refusals become problem+json for REST."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import AuthenticationError

from bookonce.lib.problem import problem
from bookonce.scheduling.errors import Invalid, NotFound, SchedulingError

View = Callable[..., HttpResponseBase]


def map_refusals(api: NinjaAPI) -> None:
    """Let the API answer refusals and failed authentication; all else is a mistake of ours (500)."""
    api.add_exception_handler(SchedulingError, refused)
    api.add_exception_handler(AuthenticationError, unauthorized)


def refused(request: HttpRequest, error: SchedulingError | type[SchedulingError]) -> HttpResponse:  # noqa: ARG001 - ninja's signature
    """The domain's refusal, by its code."""
    return problem(error.code, str(error.message), error.errors if isinstance(error, Invalid) else None)


def unauthorized(request: HttpRequest, error: object) -> HttpResponse:  # noqa: ARG001 - ninja's signature
    """No key, an unknown one and a revoked one are told alike."""
    response = problem("unauthorized", _("Send a valid API key: Authorization: Bearer KEY."))
    response.headers["WWW-Authenticate"] = 'Bearer realm="Bookonce"'
    return response


@csrf_exempt
def nothing_here(request: HttpRequest) -> HttpResponse:
    """No such address; the same reply as for an unknown id."""
    return refused(request, NotFound())


def with_problem_405(view: View) -> View:
    """The view, which answers HEAD like GET (RFC 9110) and refuses other methods with problem+json."""

    @csrf_exempt
    @wraps(view)
    def answer(request: HttpRequest, **parts: str) -> HttpResponseBase:
        asked, request.method = request.method, "GET" if request.method == "HEAD" else request.method
        response = view(request, **parts)
        request.method = asked  # by which the server leaves the body out
        if response.status_code != 405:
            return response
        allowed = set(response.headers["Allow"].split(", "))
        methods = ", ".join(sorted(allowed | ({"HEAD"} if "GET" in allowed else set())))
        refusal = problem("method_not_allowed", _("Use %(methods)s here.") % {"methods": methods})
        refusal.headers["Allow"] = methods
        return refusal

    return answer
