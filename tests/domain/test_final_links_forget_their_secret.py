"""The encrypted copy of a link's token goes when nothing can bring the link back; its page stays."""

from __future__ import annotations

import base64
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.conf import settings

from bookonce.jobs.periodic import Ticks
from bookonce.jobs.worker import run_due
from bookonce.lib.sealed import find_unsealed
from bookonce.lib.tokens import digest
from bookonce.scheduling import events
from bookonce.scheduling.cancel import cancel
from bookonce.scheduling.forget_secrets import KEYS_KEPT, Forgotten, forget_secrets
from bookonce.scheduling.issue_link import Issued, shown_url
from bookonce.scheduling.link_state import LinkState
from bookonce.scheduling.models import Booking, IdempotencyKey, OneTimeLink
from tests.cast import NOW, Person, book_through, make_link

pytestmark = pytest.mark.django_db
AFTER = datetime.fromisoformat("2026-11-30T09:30:00+01:00")  # the end of the appointment of book_through


def has_secret(issued: Issued) -> bool:
    link = OneTimeLink.objects.get(pk=issued.link.pk)
    assert issued.token
    assert link.token_digest == digest(issued.token)
    return link.sealed_token is not None


def test_an_active_link_keeps_it(alice: Person) -> None:
    issued = make_link(alice)
    assert forget_secrets(now=NOW + timedelta(days=400)) == Forgotten(0, 0)
    assert has_secret(issued)


def test_a_used_link_keeps_it_while_its_host_may_cancel(alice: Person) -> None:
    issued = make_link(alice)
    book_through(issued)
    forget_secrets(now=AFTER - timedelta(minutes=1))
    assert has_secret(issued)
    assert forget_secrets(now=AFTER) == Forgotten(1, 0)
    assert not has_secret(issued)


def test_a_used_link_loses_it_when_its_guest_cancelled(alice: Person) -> None:
    issued = make_link(alice)
    booked = book_through(issued)
    cancel(Booking.objects.get(public_id=booked.public_id).pk, by=events.GUEST, now=NOW)
    forget_secrets(now=NOW)
    assert not has_secret(issued)


def test_a_reopened_link_keeps_it(alice: Person) -> None:
    issued = make_link(alice)
    booked = book_through(issued)
    cancel(Booking.objects.get(public_id=booked.public_id).pk, by=alice.actor, now=NOW)
    forget_secrets(now=AFTER)
    assert has_secret(issued)


def test_an_expired_link_loses_it_after_the_grace(alice: Person) -> None:
    expiry, grace = NOW + timedelta(hours=1), timedelta(seconds=settings.BOOKONCE.grace_seconds)
    issued = make_link(alice, expires_at=expiry)
    forget_secrets(now=expiry + grace - timedelta(seconds=1))
    assert has_secret(issued)
    forget_secrets(now=expiry + grace)
    assert not has_secret(issued)


def test_an_expired_link_with_a_booking_ahead_keeps_it(alice: Person) -> None:
    issued = make_link(alice, expires_at=NOW + timedelta(hours=1), max_bookings=2)
    book_through(issued)
    forget_secrets(now=NOW + timedelta(days=1))
    assert has_secret(issued)


def test_the_address_is_shown_while_the_link_lives(alice: Person) -> None:
    link = make_link(alice).link
    shown = {state for state in LinkState if shown_url(link, state)}
    assert shown == {*LinkState} - {LinkState.REVOKED, LinkState.USED, LinkState.EXPIRED}


def test_an_address_sealed_with_a_lost_key_is_not_shown(
    alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    issued = make_link(alice)
    booked = book_through(issued)
    other_key = base64.urlsafe_b64encode(b"k" * 32).decode()
    monkeypatch.setattr(
        settings, "BOOKONCE", replace(settings.BOOKONCE, seal_keys=(other_key,), seal_key_file=None)
    )
    assert shown_url(issued.link, LinkState.ACTIVE) is None
    kept = Booking.objects.get(public_id=booked.public_id)
    assert kept.sealed_manage_token
    assert find_unsealed(kept.sealed_manage_token) is None


def test_old_idempotency_rows_go_and_young_ones_stay() -> None:
    for age in (timedelta(hours=24), KEYS_KEPT, KEYS_KEPT + timedelta(seconds=1)):
        IdempotencyKey.objects.create(scope="s", key=str(age), fingerprint="f", created_at=NOW - age)
    assert forget_secrets(now=NOW).keys == 1
    assert IdempotencyKey.objects.count() == 2


def test_it_runs_by_itself(alice: Person) -> None:
    issued = make_link(alice, expires_at=NOW + timedelta(hours=1))
    Ticks().enqueue_due(now=NOW + timedelta(days=1))
    while run_due(NOW + timedelta(days=1)):
        pass
    assert not has_secret(issued)
