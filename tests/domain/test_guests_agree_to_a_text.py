"""A calendar has one text to agree to at a time; a booking keeps which, when, from where, on which page."""

from __future__ import annotations

from typing import Any

import pytest

from bookonce.lib.instants import to_seconds
from bookonce.scheduling.book import book
from bookonce.scheduling.consent import Origin, find_consent_text, set_consent_text
from bookonce.scheduling.models import Booking, Calendar, Consent, ConsentText
from bookonce.scheduling.offer import Door
from tests.cast import NOW, Person, guest, make_link
from tests.refusals import faults_of

pytestmark = pytest.mark.django_db(transaction=True)
HERE = Origin(page="/atelier/alice-30", address="2001:db8::7")


def take(person: Person, **changes: Any) -> Booking:
    """Book by the permanent link."""
    booked = book(Door.permanent(person.calendar.permanent_id), guest(**changes), now=NOW, origin=HERE)
    return Booking.objects.get(public_id=booked.public_id)


def test_another_text_is_another_version_and_the_same_one_is_none(alice: Person, bob: Person) -> None:
    first = set_consent_text(alice.calendar, "You may call me.", now=NOW)
    assert first
    assert set_consent_text(alice.calendar, "  You may call me.\r\n", now=NOW) == first
    second = set_consent_text(alice.calendar, "You may write to me.", now=NOW)
    assert second
    assert second.version == 2
    assert find_consent_text(alice.calendar) == second
    assert set_consent_text(alice.calendar, "", now=NOW) is None
    assert find_consent_text(alice.calendar) is None
    again = set_consent_text(alice.calendar, "You may call me.", now=NOW)
    assert again
    assert again.version == 3
    assert find_consent_text(bob.calendar) is None
    assert ConsentText.objects.filter(retired_at=None).count() == 1


@pytest.mark.parametrize("text", ["I <b>agree</b>", "See http://a.example", "WWW.a.example", "x" * 1001])
def test_only_plain_words_are_taken(alice: Person, text: str) -> None:
    assert list(faults_of(set_consent_text, alice.calendar, text, now=NOW)) == ["consent_text"]
    assert not ConsentText.objects.exists()


def test_a_booking_without_the_tick_is_refused(alice: Person) -> None:
    assert not hasattr(take(alice, start="2026-11-30T11:00:00+01:00", consent=True), "consent")
    set_consent_text(alice.calendar, "You may call me.", now=NOW)
    for odd in ({}, {"consent": False}, {"consent": "off"}):
        assert faults_of(take, alice, **odd) == {"consent": ["Tick this to go on."]}
    consent = take(alice, consent=True).consent
    assert (consent.text.text, consent.text.version) == ("You may call me.", 1)
    assert (to_seconds(consent.given_at), consent.address, consent.page) == (
        to_seconds(NOW),
        "2001:db8::7",
        "/atelier/alice-30",
    )


def test_a_text_that_changed_since_it_was_read_is_not_agreed_to(alice: Person) -> None:
    set_consent_text(alice.calendar, "You may call me.", now=NOW)
    set_consent_text(alice.calendar, "You may sell my address.", now=NOW)
    assert "has changed" in faults_of(take, alice, consent=True, consent_version=1)["consent"][0]
    assert take(alice, consent=True, consent_version=2).consent.text.version == 2


def test_the_page_of_a_one_time_link_is_kept_without_its_token(alice: Person) -> None:
    set_consent_text(alice.calendar, "You may call me.", now=NOW)
    issued = make_link(alice)
    assert issued.token
    book(Door.link(issued.token), guest(consent=True), now=NOW, origin=Origin(page="/o/"))
    assert Consent.objects.get().page == f"/o/ (link {issued.link.public_id})"
    assert Consent.objects.get().address == ""


def test_every_booking_of_a_series_keeps_the_consent(alice: Person) -> None:
    set_consent_text(alice.calendar, "You may call me.", now=NOW)
    Calendar.objects.update(repeats="weekly", repeat_count=3)
    take(alice, consent=True)
    assert Consent.objects.filter(text__version=1, page=HERE.page).count() == 3
