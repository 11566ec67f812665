"""The state of a link follows from facts, in one order; the query says the same as the function."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import product

import pytest

from bookonce.lib.instants import to_seconds
from bookonce.lib.tokens import new_token
from bookonce.scheduling.link_state import LinkState, link_state, state_expression
from bookonce.scheduling.models import Calendar, Hold, OneTimeLink
from bookonce.scheduling.offer import Door, get_offer
from tests.cast import NOW, Person, make_link

AT = to_seconds(NOW)


@dataclass(frozen=True)
class Facts:
    revoked_at: int | None = None
    spent: int = 0
    max_bookings: int = 1
    expires_at: int | None = None
    not_before: int | None = None
    calendar_deleted_at: int | None = None
    calendar_paused_at: int | None = None
    kept_until: tuple[int, ...] = ()
    requested_until: tuple[int, ...] = ()


@pytest.mark.parametrize(
    ("facts", "state"),
    [
        (Facts(), LinkState.ACTIVE),
        (Facts(revoked_at=AT, spent=1, expires_at=AT, calendar_deleted_at=AT), LinkState.REVOKED),
        (Facts(spent=1, expires_at=AT, calendar_deleted_at=AT), LinkState.USED),
        (Facts(expires_at=AT, calendar_deleted_at=AT, calendar_paused_at=AT), LinkState.EXPIRED),
        (Facts(calendar_deleted_at=AT, calendar_paused_at=AT, not_before=AT + 1), LinkState.CALENDAR_DELETED),
        (Facts(calendar_paused_at=AT, kept_until=(AT + 1,), not_before=AT + 1), LinkState.PAUSED),
        (Facts(kept_until=(AT + 1,), not_before=AT + 1), LinkState.HELD),
        (Facts(kept_until=(AT + 1, AT), spent=1, max_bookings=2), LinkState.HELD),
        (Facts(kept_until=(AT,)), LinkState.ACTIVE),
        (Facts(kept_until=(AT + 1, AT + 9), max_bookings=3), LinkState.ACTIVE),
        (Facts(not_before=AT + 1), LinkState.NOT_OPEN),
        (Facts(expires_at=AT + 1), LinkState.ACTIVE),
        (Facts(not_before=AT), LinkState.ACTIVE),
        (Facts(spent=2, max_bookings=3), LinkState.ACTIVE),
        (Facts(spent=1, requested_until=(AT,)), LinkState.ACTIVE),
        (Facts(spent=1, requested_until=(AT + 1,)), LinkState.USED),
        (Facts(spent=2, max_bookings=2, requested_until=(AT, AT + 1), kept_until=(AT + 1,)), LinkState.HELD),
    ],
)
def test_the_first_match_of_the_display_order_wins(facts: Facts, state: LinkState) -> None:
    assert link_state(facts, AT) is state


def test_the_query_agrees_with_the_function_on_every_combination(alice: Person) -> None:
    hour = timedelta(hours=1)
    link = make_link(alice).link
    for revoked, spent, expires, before, deleted, paused, kept in product(
        (None, NOW),
        (0, 1),
        (None, NOW, NOW + hour),
        (None, NOW, NOW + hour),
        (None, NOW),
        (None, NOW),
        (None, NOW, NOW + hour),
    ):
        OneTimeLink.objects.filter(pk=link.pk).update(
            revoked_at=revoked, spent=spent, expires_at=expires, not_before=before
        )
        Calendar.objects.filter(pk=alice.calendar.pk).update(deleted_at=deleted, paused_at=paused)
        Hold.objects.all().delete()
        if kept:
            keep_until(link, kept)
        seconds = [
            None if at is None else to_seconds(at) for at in (revoked, expires, before, deleted, paused)
        ]
        until = (to_seconds(kept),) if kept else ()
        facts = Facts(seconds[0], spent, 1, seconds[1], seconds[2], seconds[3], seconds[4], until)
        assert in_query(link) == link_state(facts, AT)


def test_the_query_counts_visitors_and_uses_as_the_function_does(alice: Person) -> None:
    link = make_link(alice, max_bookings=3).link
    for live, lapsed, spent in product((0, 1, 2, 3), (0, 3), (0, 1, 2, 3)):
        OneTimeLink.objects.filter(pk=link.pk).update(spent=spent)
        Hold.objects.all().delete()
        kept = [NOW + timedelta(minutes=1)] * live + [NOW] * lapsed
        for at in kept:
            keep_until(link, at)
        facts = Facts(spent=spent, max_bookings=3, kept_until=tuple(map(to_seconds, kept)))
        assert in_query(link) == link_state(facts, AT)
        offer = get_offer(Door("link", link.token_digest))
        assert offer.link
        assert link_state(offer.link, AT) == link_state(facts, AT)


def in_query(link: OneTimeLink) -> str:
    stated = OneTimeLink.objects.annotate(state=state_expression(AT))
    return str(stated.values_list("state", flat=True).get(pk=link.pk))


def keep_until(link: OneTimeLink, expires: datetime) -> None:
    """A visitor of the link keeps a time until then."""
    at = NOW + timedelta(days=7)
    Hold.objects.create(
        calendar_id=link.target.pk,
        link=link,
        token_digest=new_token(),
        starts=at,
        ends=at + timedelta(minutes=30),
        created_at=NOW,
        expires_at=expires,
    )
