"""Whom a guest may choose as their host."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from bookonce.booking_page.choice import Choice
from bookonce.scheduling.host_choice import choosable_hosts, host_key
from bookonce.scheduling.offer import Offer


@dataclass(frozen=True)
class HostOption:
    """A host, or anyone (no key), and the address of their times."""

    key: str
    name: str
    query: str
    chosen: bool


def host_options(offer: Offer, choice: Choice, **further: str) -> list[HostOption]:
    """Anyone, then each host in the calendar's order; none where there is nothing to choose."""
    hosts = choosable_hosts(offer)
    if not hosts:
        return []
    named = [("", _("Anyone")), *((host_key(offer, host), host.name) for host in hosts)]
    return [
        HostOption(key, name, choice.query(host=key, **further), chosen=key == choice.host)
        for key, name in named
    ]
