"""How the states of links and appointments are shown: a word, a shape, a tone; never colour alone."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class StateLook:
    """The word, the name of the shape in `icons.ICONS`, and the tone (a class of css/pill.css)."""

    word: str | Promise
    shape: str
    tone: str


STATES: Mapping[str, StateLook] = {
    "active": StateLook(_("Active"), "dot", "filled"),
    "used": StateLook(_("Used"), "check", "ok"),
    "expired": StateLook(_("Expired"), "clock", "quiet"),
    "revoked": StateLook(_("Revoked"), "ban", "danger"),
    "paused": StateLook(_("Paused"), "pause", "notice"),
    "held": StateLook(_("Held"), "half", "notice"),
    "not_open": StateLook(_("Not open yet"), "dashed", "quiet"),
    "calendar_deleted": StateLook(_("Calendar deleted"), "trash", "quiet"),
    "new": StateLook(_("Request"), "ring", "notice"),
    "showed": StateLook(_("Showed"), "check", "ok"),
    "no_show": StateLook(_("No-show"), "close", "notice"),
    "invalid": StateLook(_("Invalid"), "ban", "quiet"),
    "confirmed": StateLook(_("Confirmed"), "check", "ok"),
    "cancelled": StateLook(_("Cancelled"), "close", "danger"),
    "sent": StateLook(_("Sent"), "check", "ok"),
    "waiting": StateLook(_("Waiting"), "dashed", "quiet"),
    "failed": StateLook(_("Failed"), "alert", "danger"),
    "offered": StateLook(_("Offered"), "check", "ok"),
    "closed": StateLook(_("Closed"), "dashed", "quiet"),
    "not_now": StateLook(_("Not now"), "clock", "quiet"),
    "full": StateLook(_("Full"), "ban", "notice"),
    "busy": StateLook(_("Busy"), "half", "notice"),
    "hidden": StateLook(_("Hidden"), "ring", "quiet"),
    "kept": StateLook(_("Kept here"), "outbox", "quiet"),
}


def look_of(state: str) -> StateLook:
    """Return how a state is shown; KeyError for a state without a look, so that none goes out bare."""
    return STATES[state]
