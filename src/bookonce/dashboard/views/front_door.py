"""Where a visit to `/` or `/app/` leads, sign-in and sign-out."""

from __future__ import annotations

from allauth.account.views import LoginView, logout
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from bookonce.dashboard.account_forms import SignInForm
from bookonce.scheduling.set_up import is_set_up

enter = LoginView.as_view(form_class=SignInForm)


@require_safe
def to_first_page(request: HttpRequest) -> HttpResponseRedirect:  # noqa: ARG001 - Django's signature
    """To the calendars; to the first run until that is done."""
    return redirect("dashboard:calendars" if is_set_up() else "dashboard:setup")


def sign_in(request: HttpRequest) -> HttpResponseBase:
    """Allauth's sign-in, with its rate limits; nobody can sign in before the first run."""
    if not is_set_up():
        return redirect("dashboard:setup")
    answer: HttpResponseBase = enter(request)
    return answer


@require_POST
def sign_out(request: HttpRequest) -> HttpResponseBase:
    """End the session."""
    answer: HttpResponseBase = logout(request)
    return answer
