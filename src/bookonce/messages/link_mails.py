"""The mails about a one-time link itself, and those with a code to book by."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as _

from bookonce.accounts.models import Member
from bookonce.lib.addresses import dashboard_url, one_time_link_url
from bookonce.lib.instants import to_seconds
from bookonce.lib.names import in_one_line
from bookonce.lib.sealed import find_unsealed
from bookonce.messages.dispatch import Owed
from bookonce.messages.ics import Party, plain
from bookonce.messages.letter import Letter
from bookonce.messages.outdated import Outdated
from bookonce.messages.when import moment
from bookonce.scheduling.issue_link import shown_token
from bookonce.scheduling.link_state import WORKS, state_expression
from bookonce.scheduling.mail_codes import LIFE, OF_GUESTS, OF_LINKS, find_code
from bookonce.scheduling.models import (
    Calendar,
    CalendarGroup,
    Event,
    GuestCode,
    LinkRequest,
    OneTimeLink,
    Target,
)
from bookonce.scheduling.no_slots import nothing_is_free
from bookonce.scheduling.targets import hosts_of_target


def link_requested(event: Event, owed: Owed, _now: datetime) -> Letter:
    """To who made the dead link: somebody asks for a new one."""
    asked = _request(event)
    if asked.answered_at or asked.dismissed_at:
        raise Outdated("the request has been answered since")
    member = Member.objects.select_related("user").get(pk=owed.number, workspace=event.workspace_id)
    rows = [
        (_("Name"), asked.name),
        (_("E-mail"), asked.email),
        (_("Message"), asked.message),
        (_("Their link"), link_words(asked.link)),
    ]
    words = _words(event, asked.link.target, rows)
    url = dashboard_url(f"requests/{asked.public_id}/")
    words |= {"name": asked.name, "button_text": _("Answer"), "button_url": url}
    return Letter(
        to=Party(member.user.name, member.user.email),
        reply_to=Party(asked.name, asked.email),
        words=words,
        workspace_id=event.workspace_id,
    )


def link_answered(event: Event, _owed: Owed, now: datetime) -> Letter:
    """To who asked: the new link."""
    asked = _request(event)
    return _new_link(event, Party(asked.name, asked.email), now)


def link_renewed(event: Event, _owed: Owed, now: datetime) -> Letter:
    """To who booked before: the new link that their host sends them."""
    if event.booking is None:
        raise Outdated("the booking is gone")
    return _new_link(event, Party(event.booking.name, event.booking.email), now)


def link_without_slots(event: Event, owed: Owed, now: datetime) -> Letter:
    """To who made the link: a guest found no free time behind it."""
    link = event.link
    if link is None or not nothing_is_free(link, now=now):
        raise Outdated("times are free again, or the link is dead")
    member = Member.objects.select_related("user").get(pk=owed.number, workspace=event.workspace_id)
    words = _words(event, link.target, [(_("Link"), link_words(link))])
    words |= {
        "whom": link.recipient_name or link.recipient_email,
        "button_text": _("Open the link"),
        "button_url": dashboard_url(f"links/{link.public_id}/"),
    }
    return Letter(to=Party(member.user.name, member.user.email), words=words, workspace_id=event.workspace_id)


def link_code(event: Event, _owed: Owed, now: datetime) -> Letter:
    """To the recipient of a locked link: the code that books through it; never the link itself."""
    link = event.link
    code = find_code(OF_LINKS, int(event.details["code"]), now=now) if link else None
    if link is None or code is None:
        raise Outdated("the code was sent, used or is too old")
    return Letter(
        to=Party(link.recipient_name, link.recipient_email),
        reply_to=_first_host(link.target),
        words=_words(event, link.target, []) | _code_words(code),
        workspace_id=event.workspace_id,
    )


def guest_code(event: Event, _owed: Owed, now: datetime) -> Letter:
    """To the address that somebody wants to book with: the code that shows that they read its mail.

    Nothing that they typed stands in it: whoever wants to write to others must not do it through us.
    """
    code_id = int(event.details["code"])
    asked = GuestCode.objects.select_related("calendar").filter(pk=code_id).first()
    code = find_code(OF_GUESTS, code_id, now=now)
    email = find_unsealed(asked.sealed_email) if asked else None
    if asked is None or code is None or email is None:
        raise Outdated("the code was sent, used or is too old")
    return Letter(
        to=Party("", email),
        reply_to=_first_host(asked.calendar),
        words=_words(event, asked.calendar, []) | _code_words(code),
        workspace_id=event.workspace_id,
    )


MESSAGES: Mapping[str, Callable[[Event, Owed, datetime], Letter]] = {
    "link_requested": link_requested,
    "link_answered": link_answered,
    "link_renewed": link_renewed,
    "link_without_slots": link_without_slots,
    "link_code": link_code,
    "guest_code": guest_code,
}


def link_words(link: OneTimeLink) -> str:
    """The link as its maker knows it: its label, and for whom it was; never its address."""
    whom = link.recipient_name or link.recipient_email
    label = link.label or _("One-time link")
    return _("%(label)s, for %(whom)s") % {"label": label, "whom": whom} if whom else label


def find_open_url(link_id: int, now: datetime) -> str:
    """The link's address while it can be booked through, else ''."""
    link = OneTimeLink.objects.annotate(state=state_expression(to_seconds(now))).get(pk=link_id)
    token = shown_token(link) if link.state in WORKS else None
    return one_time_link_url(token) if token else ""


def _new_link(event: Event, to: Party, now: datetime) -> Letter:
    """The link that the event is about, to whoever it is for now."""
    link = event.link
    url = find_open_url(link.pk, now) if link else ""
    if link is None or not url:
        raise Outdated("the new link no longer works")
    rows = []
    if link.expires_at:
        rows.append((_("Expires"), moment(link.expires_at, link.target.timezone)))
    words = _words(event, link.target, rows)
    words |= {"name": to.name, "button_text": _("Choose a time"), "button_url": url}
    words["by"] = event.member.user.name if event.member else event.workspace.name
    by = event.member.user if event.member else None
    return Letter(
        to=to,
        reply_to=Party(by.name, by.email) if by else _first_host(link.target),
        words=words,
        workspace_id=event.workspace_id,
    )


def _code_words(code: str) -> dict[str, Any]:
    shown = f"{code[:3]} {code[3:]}"
    unbroken = format_html(
        '<bdi style="white-space:nowrap;font-variant-numeric:tabular-nums">{}</bdi>', shown
    )
    return {"code": shown, "code_unbroken": unbroken, "minutes": int(LIFE.total_seconds()) // 60}


def _words(event: Event, target: Target, rows: list[tuple[str, str]]) -> dict[str, Any]:
    return {
        "what": target.name,
        "host": _owner(target),
        "rows": [(label, plain(value)) for label, value in rows if value],
        "workspace": event.workspace.name,
    }


def _owner(target: Target) -> str:
    """Whom the guest meets; the workspace where that is decided on choosing or booking."""
    if isinstance(target, CalendarGroup):
        return target.workspace.name
    hosts = hosts_of_target(target)
    if target.kind == Calendar.Kind.ROUND_ROBIN and len(hosts) > 1:
        return target.workspace.name
    return in_one_line(host.user.name for host in hosts)


def _first_host(target: Target) -> Party | None:
    """Who reads what the guest answers; nobody where a group has lost all its calendars."""
    hosts = hosts_of_target(target)
    return Party(hosts[0].user.name, hosts[0].user.email) if hosts else None


def _request(event: Event) -> LinkRequest:
    if event.request is None:
        raise Outdated("the request is gone")
    return event.request
