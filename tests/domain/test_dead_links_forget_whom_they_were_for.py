"""Recipient data of dead links that nobody booked is purged after some days; counts are kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError

from bookonce.jobs.periodic import Ticks
from bookonce.jobs.worker import run_due
from bookonce.scheduling import forget_recipients as forgetting
from bookonce.scheduling.forget_recipients import forget_recipients
from bookonce.scheduling.issue_link import Issued
from bookonce.scheduling.models import Event, LinkRequest, OneTimeLink
from bookonce.scheduling.request_link import answer_request, request_link
from bookonce.scheduling.revoke_link import revoke_link
from tests.cast import NOW, Person, book_through, make_link

pytestmark = pytest.mark.django_db
KEPT = timedelta(days=settings.BOOKONCE.recipients_kept_days)
GINA: dict[str, Any] = {
    "recipient_name": "Gina",
    "recipient_email": "gina@example.org",
    "recipient_phone": "+4930123456",
}


def known(issued: Issued) -> bool:
    """Whether the link still says whom it was for."""
    link = OneTimeLink.objects.get(pk=issued.link.pk)
    told = {link.recipient_name, link.recipient_email, link.recipient_phone, *link.metadata.values()}
    assert told == {""} or "" not in told, "all of it or nothing"
    return told != {""}


def of_gina(person: Person, **options: Any) -> Issued:
    return make_link(person, label="Fair", metadata={"city": "Ulm"}, email_lock="match", **GINA, **options)


def test_an_expired_link_forgets_when_its_days_are_over(alice: Person) -> None:
    ends = NOW + timedelta(days=1)
    issued = of_gina(alice, expires_at=ends)
    OneTimeLink.objects.update(opened=3, opened_by_bots=2)
    assert forget_recipients(now=ends + KEPT - timedelta(seconds=1)) == 0
    assert known(issued)
    assert forget_recipients(now=ends + KEPT) == 1
    assert not known(issued)
    link = OneTimeLink.objects.get()
    assert (link.label, link.opened, link.opened_by_bots, link.expires_at) == ("Fair", 3, 2, ends)
    assert Event.objects.filter(link=link).count() == 1
    assert forget_recipients(now=ends + KEPT) == 0


def test_a_revoked_link_does_too(alice: Person) -> None:
    issued = of_gina(alice)
    revoke_link(issued.link.pk, by=alice.actor, now=NOW)
    assert forget_recipients(now=NOW + KEPT) == 1
    assert not known(issued)


@pytest.mark.parametrize("lock", ["match", "code"])
def test_a_link_in_its_place_is_locked_to_who_asked_for_it(alice: Person, lock: str) -> None:
    issued = make_link(alice, expires_at=NOW + timedelta(days=1), **GINA, email_lock=lock)
    later = NOW + timedelta(days=1) + KEPT
    assert forget_recipients(now=later) == 1
    request_link(issued.link.pk, {"name": "Sam", "email": "sam@example.org"}, now=later)
    made = answer_request(LinkRequest.objects.get().pk, by=alice.actor, now=later).link
    assert (made.email_lock, made.recipient_email) == (lock, "sam@example.org")


def test_a_link_that_lives_has_no_lock_without_an_address(alice: Person) -> None:
    link = make_link(alice, **GINA, email_lock="match").link
    with pytest.raises(IntegrityError, match="link_lock_has_address"):
        OneTimeLink.objects.filter(pk=link.pk).update(recipient_email="")


def test_links_that_live_or_were_booked_keep_it(alice: Person) -> None:
    active = of_gina(alice)
    booked = make_link(alice, max_bookings=2, expires_at=NOW + timedelta(days=1), **GINA)
    book_through(booked)
    revoke_link(booked.link.pk, by=alice.actor, now=NOW)
    assert forget_recipients(now=NOW + 3 * KEPT) == 0
    assert known(active)
    assert known(booked)


def test_many_are_done_some_at_a_time(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forgetting, "AT_ONCE", 2)
    made = [of_gina(alice, expires_at=NOW + timedelta(days=1)) for _ in range(5)]
    assert forget_recipients(now=NOW + timedelta(days=1) + KEPT) == 5
    assert not any(map(known, made))


def test_it_is_done_by_itself(alice: Person) -> None:
    issued = of_gina(alice, expires_at=NOW + timedelta(days=1))
    later = NOW + timedelta(days=2) + KEPT
    Ticks().enqueue_due(now=later)
    while run_due(later):
        pass
    assert not known(issued)
