"""The share dialog lists a calendar's free times to pick from; the next link offers, or holds, those."""

from __future__ import annotations

import pytest

from bookonce.scheduling.models import BlockedTime, OneTimeLink
from tests.cast import MONDAY_NINE, MONDAY_TEN, Person
from tests.kinds import make_class
from tests.pages.guest_pages import at_now  # noqa: F401 - a fixture
from tests.pages.owner_pages import links_made, signed_in, text

pytestmark = [pytest.mark.usefixtures("at_now"), pytest.mark.django_db(transaction=True)]


def share(person: Person) -> str:
    return f"/app/calendars/{person.calendar.public_id}/share/one-time/"


def test_picking_shows_free_times_keeps_what_was_typed_and_makes_nothing(alice: Person) -> None:
    page = text(signed_in(alice).post(share(alice), {"pick": "1", "label": "For Sam"}))
    assert f'name="slots" value="{MONDAY_NINE}"' in page
    assert 'value="For Sam"' in page
    assert 'name="hold_slots"' in page
    assert links_made() == 0


def test_the_picked_times_are_the_link_s(alice: Person) -> None:
    sent = {"slots": [MONDAY_NINE, MONDAY_TEN]}
    signed_in(alice).post(share(alice), sent)
    link = OneTimeLink.objects.get()
    assert len(link.slots) == 2
    assert not link.holds_slots
    assert not BlockedTime.objects.exists()


def test_held_times_are_blocked(alice: Person) -> None:
    signed_in(alice).post(share(alice), {"slots": [MONDAY_NINE], "hold_slots": "on"})
    assert OneTimeLink.objects.get().holds_slots
    assert BlockedTime.objects.count() == 1


def test_the_same_form_sent_twice_gives_the_same_link_though_that_holds_its_times(alice: Person) -> None:
    client, sent = signed_in(alice), {"slots": [MONDAY_NINE], "hold_slots": "on", "nonce": "n" * 22}
    first, again = (client.post(share(alice), sent) for _ in range(2))
    assert (first.status_code, again.status_code) == (302, 302)
    assert again.headers["Location"] == first.headers["Location"]
    assert links_made() == BlockedTime.objects.count() == 1
    other = client.post(share(alice), sent | {"nonce": "m" * 22})
    assert other.status_code == 422, "another wish: the time is held by now"
    assert links_made() == 1


def test_a_time_that_is_gone_is_told_and_the_others_stay_picked(alice: Person) -> None:
    sent = {"slots": ["2026-11-29T09:00:00+01:00", MONDAY_TEN]}
    answer = signed_in(alice).post(share(alice), sent)
    assert answer.status_code == 422
    page = text(answer)
    assert "2026-11-29 09:00" in page
    assert f'value="{MONDAY_TEN}" checked' in page
    assert links_made() == 0


def test_times_of_a_class_can_be_picked_but_not_held(alice: Person) -> None:
    calendar = make_class(alice)
    path = f"/app/calendars/{calendar.public_id}/share/one-time/"
    page = text(signed_in(alice).post(path, {"pick": "1"}))
    assert 'name="slots"' in page
    assert 'name="hold_slots"' not in page
