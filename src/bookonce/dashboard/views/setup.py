"""The first run in the browser: set-up code, owner, hours; then a one-time link to copy, at once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from bookonce.accounts.models import Member
from bookonce.dashboard import setup_code
from bookonce.dashboard.access import acting, link_or_404, member_required
from bookonce.dashboard.hours import DayRow, place_errors, row_problems, sent_week, weekly_rules, working_week
from bookonce.dashboard.show import show
from bookonce.dashboard.shown_form import ShownForm
from bookonce.design.fields import problems
from bookonce.lib import addresses, clock
from bookonce.lib.fields import MISSING
from bookonce.lib.zones import zone_names
from bookonce.scheduling.errors import AlreadySetUp, Invalid
from bookonce.scheduling.issue_link import issue_link, shown_token
from bookonce.scheduling.link_options import LinkOptions
from bookonce.scheduling.set_up import is_set_up, set_up

SIGN_IN_BY = "allauth.account.auth_backends.AuthenticationBackend"


class SetupForm(ShownForm):
    """What the first run asks for, besides the hours."""

    code = forms.CharField(
        label=_("Set-up code"),
        help_text=_("Printed on the console where Bookonce was started."),
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    name = forms.CharField(label=_("Your name"), widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.CharField(
        label=_("E-mail"),
        help_text=_("You sign in with it."),
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    password = forms.CharField(
        label=_("Password"),
        help_text=_("At least 10 characters. A few words in a row do well."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    workspace = forms.CharField(
        label=_("Name of your workspace"),
        help_text=_("Guests see it in your address. Your own name, when left empty."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        required=False,
    )
    timezone = forms.ChoiceField(
        label=_("Time zone"), choices=lambda: [(name, name.replace("_", " ")) for name in zone_names()]
    )


@sensitive_post_parameters("password", "code")
@require_http_methods(["GET", "HEAD", "POST"])
def first_run(request: HttpRequest) -> HttpResponseBase:
    """Ask, make owner, workspace and calendar, sign the owner in and lead to a link. Closed afterwards."""
    if is_set_up():
        return redirect("account_login")
    if request.method != "POST":
        setup_code.ensure_code()
        return _page(request, SetupForm(initial={"timezone": "UTC"}), working_week())
    form, week = SetupForm(request.POST), sent_week(request.POST)
    given: dict[str, Any] = form.given()
    if fault := _fault_of_code(given.pop("code")):
        return _refused(request, form, week, {"code": [fault]})
    given["weekly"] = weekly_rules(week)
    if not given["weekly"]:
        return _refused(
            request, form, week, {"weekly": [str(_("Choose at least one day on which you work."))]}
        )
    try:
        made = set_up(given, now=clock.now())
    except Invalid as error:
        return _refused(request, form, week, dict(error.errors))
    except AlreadySetUp:
        return redirect("account_login")
    setup_code.forget()
    login(request, made.member.user, backend=SIGN_IN_BY)
    issued = issue_link(made.calendar, LinkOptions(), by=acting(made.member), now=clock.now())
    return redirect("dashboard:setup_done", issued.link.public_id)


@require_safe
@member_required
def done(request: HttpRequest, member: Member, link_id: str) -> HttpResponse:
    """The calendar that now works, and a one-time link to copy."""
    link = link_or_404(member, link_id)
    token = shown_token(link)
    if token is None:
        raise Http404
    context = {"link": link, "calendar": link.calendar, "url": addresses.one_time_link_url(token)}
    return show(request, member, "setup_done.html", context)


def _fault_of_code(code: str) -> str:
    if not code.strip():
        return str(MISSING)
    if setup_code.check(code):
        return ""
    return str(_("This is not the code on the console. After ten wrong tries a new one is printed there."))


def _refused(
    request: HttpRequest, form: SetupForm, week: list[DayRow], errors: dict[str, Any]
) -> HttpResponse:
    form.refuse(place_errors(errors, week, []))
    return _page(request, form, week, status=422)


def _page(request: HttpRequest, form: SetupForm, week: list[DayRow], *, status: int = 200) -> HttpResponse:
    context = {"form": form, "week": week, "problems": [*problems(form), *row_problems(week, [])]}
    return render(request, "dashboard/setup.html", context, status=status)
