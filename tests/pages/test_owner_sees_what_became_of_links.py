"""The list of one-time links and the page of one."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bookonce.lib.addresses import one_time_link_url
from bookonce.scheduling import events
from bookonce.scheduling.calendars import set_deleted, set_paused
from bookonce.scheduling.cancel import cancel
from bookonce.scheduling.link_state import LinkState
from bookonce.scheduling.models import Booking, OneTimeLink
from bookonce.scheduling.opens import Opens, keep_opens
from bookonce.scheduling.revoke_link import revoke_link
from tests.cast import MONDAY_NINE, MONDAY_TEN, NOW, Person, book_through, make_link
from tests.pages.owner import read, signed_in, statements_of

pytestmark = pytest.mark.usefixtures("at_now")
LINKS = "/app/links/"


def test_no_links_lead_to_the_calendars(alice: Person) -> None:
    page = read(signed_in(alice), LINKS)
    assert "No links yet" in page
    assert 'href="/app/calendars/"' in page


def test_a_row_tells_all_that_matters(alice: Person) -> None:
    issued = make_link(
        alice,
        recipient_name="Sam Okafor",
        recipient_email="sam@example.org",
        label="Autumn fair",
        expires_at=NOW + timedelta(days=9),
    )
    keep_opens({issued.link.pk: Opens(people=3, bots=2, last=NOW)})
    page = read(signed_in(alice), LINKS)
    for told in ("Sam Okafor", "Autumn fair", "Active", "Alice&#x27;s meeting", "3 times", "2 by scanners"):
        assert told in page
    assert "Wed 2 Dec 2026, 09:00" in page  # Berlin time of the expiry
    assert issued.token
    assert one_time_link_url(issued.token) in page  # to copy
    assert f"{LINKS}{issued.link.public_id}/revoke/" in page


def test_a_used_link_shows_its_booking_and_no_secret(alice: Person) -> None:
    issued = make_link(alice)
    booked = book_through(issued)
    page = read(signed_in(alice), LINKS)
    appointment = Booking.objects.get(public_id=booked.public_id).appointment.public_id
    assert "Gina Guest" in page
    assert f"/app/appointments/{appointment}/" in page
    assert "Mon 30 Nov 2026, 09:00" in page
    assert issued.token
    assert issued.token not in page
    assert f"{issued.link.public_id}/revoke/" not in page


def test_a_reopened_link_no_longer_shows_the_cancelled_booking(alice: Person) -> None:
    booked = book_through(make_link(alice))
    cancel(Booking.objects.get(public_id=booked.public_id).pk, by=alice.actor, now=NOW)
    assert "Gina Guest" not in read(signed_in(alice), LINKS)


def _one_in_each_state(person: Person) -> dict[str, str]:
    """A link in every state that does not depend on the calendar: state to public id."""
    links = {
        state: make_link(person, label=state)
        for state in ("active", "used", "expired", "revoked", "not_open")
    }
    book_through(links["used"])
    OneTimeLink.objects.filter(pk=links["expired"].link.pk).update(expires_at=NOW)
    OneTimeLink.objects.filter(pk=links["not_open"].link.pk).update(not_before=NOW + timedelta(hours=1))
    revoke_link(links["revoked"].link.pk, by=person.actor, now=NOW)
    return {state: issued.link.public_id for state, issued in links.items()}


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("", {"active", "used", "expired", "revoked", "not_open"}),
        ("active", {"active"}),
        ("waiting", {"not_open"}),
        ("used", {"used"}),
        ("ended", {"expired", "revoked"}),
        ("expired", {"expired"}),
        ("nonsense", {"active", "used", "expired", "revoked", "not_open"}),
    ],
)
def test_the_list_narrows_to_a_state(alice: Person, asked: str, shown: set[str]) -> None:
    links = _one_in_each_state(alice)
    page = read(signed_in(alice), LINKS, state=asked)
    assert {state for state, public_id in links.items() if f'href="{LINKS}{public_id}/"' in page} == shown


def test_the_calendars_state_is_the_links(alice: Person) -> None:
    make_link(alice)
    client = signed_in(alice)
    set_paused(alice.calendar, paused=True, now=NOW)
    assert "Paused" in read(client, LINKS, state="waiting")
    set_deleted(alice.calendar, deleted=True, now=NOW)
    assert "Calendar deleted" in read(client, LINKS, state="ended")


def test_the_list_narrows_to_a_calendar_and_to_words(alice: Person, bob: Person) -> None:
    sam = make_link(alice, recipient_name="Sam Okafor", recipient_email="sam@example.org").link
    fair = make_link(bob, label="Autumn fair").link
    client = signed_in(alice)
    by_calendar = read(client, LINKS, calendar=bob.calendar.public_id)
    assert fair.public_id in by_calendar
    assert sam.public_id not in by_calendar
    for words in ("okafor", "SAM@example", "Sam Okaf"):
        found = read(client, LINKS, q=words)
        assert sam.public_id in found
        assert fair.public_id not in found
    assert "No link fits" in read(client, LINKS, q="100%")


def test_hostile_filters_are_harmless(alice: Person) -> None:
    make_link(alice)
    client = signed_in(alice)
    for name, value in (("q", "\0"), ("state", "\0"), ("calendar", "' OR 1=1"), ("q", "x" * 5000)):
        assert client.get(LINKS, {name: value}).status_code == 200
    read(client, LINKS, 404, after="nonsense")
    read(client, LINKS, 404, after="lnk_aaaaaaaaaaaaaaaa")


def test_pages_follow_one_another_without_gap_or_repetition(alice: Person) -> None:
    made = [make_link(alice, label=f"no {number}").link.public_id for number in range(53)]
    client = signed_in(alice)
    first = read(client, LINKS)
    assert [public_id for public_id in made if f'href="{LINKS}{public_id}/"' in first] == made[3:]
    assert f"?after={made[3]}" in first
    second = read(client, LINKS, after=made[3])
    assert [public_id for public_id in made if f'href="{LINKS}{public_id}/"' in second] == made[:3]
    assert "First page" in second


def test_the_list_takes_as_many_statements_for_fifty_links_as_for_five(alice: Person) -> None:
    client = signed_in(alice)
    for number in range(5):
        make_link(alice, label=f"no {number}")
    book_through(make_link(alice))
    few = statements_of(client, LINKS)
    for number in range(45):
        make_link(alice, label=f"more {number}")
    book_through(make_link(alice), MONDAY_TEN)
    assert statements_of(client, LINKS) == few <= 16


def test_the_page_of_one_tells_its_facts_and_its_history(alice: Person) -> None:
    issued = make_link(alice, label="Autumn fair", external_ref="crm-7", contact_text="Call 030 1234567")
    booked = book_through(issued)
    cancel(Booking.objects.get(public_id=booked.public_id).pk, by=events.GUEST, now=NOW)
    page = read(signed_in(alice), f"{LINKS}{issued.link.public_id}/")
    for told in ("Autumn fair", "crm-7", "Call 030 1234567", "1 of 1", "Used"):
        assert told in page
    for told in ("Link made", "Gina Guest booked", "Gina Guest cancelled"):
        assert told in page
    assert MONDAY_NINE.replace("+01:00", "")[:10] in page


def test_revoking_asks_first_and_then_says_who_can_no_longer_book(alice: Person) -> None:
    link = make_link(alice, recipient_name="Sam").link
    client = signed_in(alice)
    path = f"{LINKS}{link.public_id}/revoke/"
    assert "Sam can then no longer book" in read(client, path)
    answer = client.post(path, follow=True)
    assert "Sam can no longer book with this link" in answer.content.decode()
    link.refresh_from_db()
    assert link.revoked_at == NOW
    assert link.sealed_token is None
    assert "revoked before" in client.post(path, follow=True).content.decode()


def test_a_used_link_is_not_revoked(alice: Person) -> None:
    issued = make_link(alice)
    book_through(issued)
    client = signed_in(alice)
    path = f"{LINKS}{issued.link.public_id}/revoke/"
    assert "nothing to revoke" in read(client, path)
    answer = client.post(path)
    assert answer.status_code == 409
    assert "already been used" in answer.content.decode()
    assert OneTimeLink.objects.get(pk=issued.link.pk).revoked_at is None


def test_every_state_has_a_place_in_the_filter() -> None:
    from bookonce.dashboard.link_choice import GROUPS

    assert sorted(state for states in GROUPS.values() for state in states) == sorted(LinkState)
