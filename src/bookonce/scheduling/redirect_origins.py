"""The sites to which a workspace's calendars may lead guests who have booked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from bookonce.accounts.models import Workspace
from bookonce.lib.fields import Fields
from bookonce.lib.origins import NoOrigin, parse_origin
from bookonce.lib.web_addresses import NoAddress, origin_of, with_query
from bookonce.scheduling.errors import Invalid
from bookonce.scheduling.models import Calendar, RedirectOrigin
from bookonce.scheduling.models.look import MOST_ORIGINS

NAME = "redirect_origins"
LONGEST_ADDRESS = 500


def list_redirect_origins(workspace_id: int) -> list[str]:
    """In the order of the alphabet."""
    return list(
        RedirectOrigin.objects.filter(workspace_id=workspace_id)
        .order_by("origin")
        .values_list("origin", flat=True)
    )


def parse_redirect_origins(raw: Mapping[str, Any]) -> list[str]:
    """The sites in `redirect_origins`: a list, or text with one on each line.

    Raises:
        Invalid: one is no origin, or there are too many.
    """
    fields, value = Fields(raw), raw.get(NAME) or []
    lines = value.split("\n") if isinstance(value, str) else value
    if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
        raise Invalid({NAME: [_("This must be a list of texts.")]})
    origins = []
    for line in filter(None, (line.strip() for line in lines)):
        try:
            origins.append(parse_origin(line))
        except NoOrigin:
            fields.fault(NAME, _("%(site)s is no site like https://example.com.") % {"site": line[:80]})
            break
    kept = list(dict.fromkeys(origins))
    if len(kept) > MOST_ORIGINS:
        fields.fault(NAME, _("At most %(most)s sites.") % {"most": MOST_ORIGINS})
    if fields.errors:
        raise Invalid(fields.errors)
    return kept


def keep_redirect_origins(workspace: Workspace, origins: list[str]) -> None:
    """These and no others, within the caller's transaction; what leads elsewhere stops leading there."""
    RedirectOrigin.objects.filter(workspace=workspace).exclude(origin__in=origins).delete()
    RedirectOrigin.objects.bulk_create(
        [RedirectOrigin(workspace=workspace, origin=origin) for origin in origins], ignore_conflicts=True
    )


def read_redirect(fields: Fields, workspace: Workspace, present: Calendar | None) -> str:
    """The address in `redirect_url`, "" for none: of a site on the workspace's list.

    What a calendar has already may stay when its site was taken off the list; it leads nowhere then.
    """
    address = fields.text("redirect_url", most=LONGEST_ADDRESS)
    if not address or (present is not None and address == present.redirect_url):
        return address
    try:
        origin = origin_of(address)
    except NoAddress:
        fields.fault("redirect_url", _("Enter a complete address like https://example.com/thanks."))
        return ""
    if not _is_listed(workspace.pk, origin):
        fields.fault(
            "redirect_url",
            _("%(site)s is not among the sites in the workspace's settings. An owner or admin adds it there.")
            % {"site": origin},
        )
        return ""
    return address


def find_redirect(calendar: Calendar, booking: str = "") -> str:
    """Where a guest who has booked the calendar is led, with the booking's public id in its query.

    "" without such an address, and when its site is not, or no longer, on the workspace's list.
    """
    if not calendar.redirect_url:
        return ""
    try:
        origin = origin_of(calendar.redirect_url)
    except NoAddress:
        return ""
    if not _is_listed(calendar.workspace_id, origin):
        return ""
    return with_query(calendar.redirect_url, "booking", booking) if booking else calendar.redirect_url


def _is_listed(workspace_id: int, origin: str) -> bool:
    return RedirectOrigin.objects.filter(workspace_id=workspace_id, origin=origin).exists()
