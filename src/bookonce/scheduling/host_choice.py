"""The host whom guests choose, where their calendar lets them: listing and booking are narrowed alike."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from django.utils.translation import gettext as _

from bookonce.lib.fields import Fields
from bookonce.scheduling.offer import Offer, OfferHost
from bookonce.scheduling.offer_rows import meeting
from bookonce.scheduling.slots import Kind

LONGEST_HOST = 120


def choosable_hosts(offer: Offer) -> tuple[OfferHost, ...]:
    """The hosts to choose from, in the calendar's order; none where there is nothing to choose.

    Of a link for one host that is who it is for; where all hosts take part, so they do.
    """
    several = offer.rules.kind is Kind.ROUND_ROBIN and len(offer.hosts) > 1
    return offer.hosts if several and offer.guests_choose_host else ()


def host_key(offer: Offer, host: OfferHost) -> str:
    """How addresses and programs name the host to guests: it tells nothing else, and stays."""
    return "hst_" + hashlib.sha256(f"host {offer.calendar_key} {host.id}".encode()).hexdigest()[:16]


def read_host(fields: Fields, offer: Offer) -> int | None:
    """The row of the host named in `host`, by key or name; none: whoever the calendar chooses.

    Faults: nobody there can be chosen by it, or a name that several have.
    """
    wanted = fields.text("host", most=LONGEST_HOST)
    if not wanted:
        return None
    named = [host for host in offer.hosts if wanted in (host_key(offer, host), host.name)]
    undecided = offer.rules.kind is Kind.ROUND_ROBIN and len(offer.hosts) > 1
    if not named or (undecided and not offer.guests_choose_host):
        fields.fault("host", _("This host can't be chosen here."))
    elif undecided and len(named) > 1:
        fields.fault("host", _("Several hosts have this name. Choose one on the page."))
    elif undecided:
        return named[0].id
    return None


def with_host(offer: Offer, host_id: int | None) -> Offer:
    """The offer of this host alone, as of a link that is for them; the offer itself without one."""
    return offer if host_id is None else replace(offer, hosts=meeting(offer, host_id))
