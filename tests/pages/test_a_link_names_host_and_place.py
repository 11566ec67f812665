"""The share dialog asks for a host, a place or places as the kind of calendar has them; guests see them."""

from __future__ import annotations

import pytest
from django.test import Client

from bookonce.scheduling.models import Calendar, OneTimeLink
from tests.cast import Person
from tests.kinds import make_calendar, make_class
from tests.pages.guest_pages import at_now, details  # noqa: F401 - a fixture
from tests.pages.owner_pages import said_beside, signed_in, text

pytestmark = [pytest.mark.usefixtures("at_now"), pytest.mark.django_db(transaction=True)]


def share(calendar: Calendar) -> str:
    return f"/app/calendars/{calendar.public_id}/share/"


def test_the_dialog_asks_what_the_kind_has(alice: Person, bob: Person) -> None:
    client = signed_in(alice)
    for calendar, there, absent in (
        (alice.calendar, ["location_kind"], ["host", "most_places"]),
        (make_calendar("round_robin", alice, bob, slug="robin"), ["host", "location_kind"], ["most_places"]),
        (make_class(alice, slug="class"), ["most_places"], ["host", "location_kind"]),
    ):
        page = text(client.get(share(calendar)))
        assert all(f'id="share_{name}"' in page for name in there)
        assert not any(f'id="share_{name}"' in page for name in absent)


def test_a_link_with_a_host_and_a_place(alice: Person, bob: Person) -> None:
    client, calendar = signed_in(alice), make_calendar("round_robin", alice, bob)
    sent = {"host": "bob@example.com", "location_kind": "place", "location_value": "Lindenweg 12"}
    answer = client.post(f"{share(calendar)}one-time/", sent, follow=True)
    link = OneTimeLink.objects.get()
    assert (link.host_id, link.location) == (bob.member.pk, "Lindenweg 12")
    page = text(client.get(f"/app/links/{link.public_id}/"))
    assert "<dd>Bob</dd>" in page
    assert "Lindenweg 12" in page
    path = f"/o/{text(answer).partition('/o/')[2][:32]}"
    words = details(path, Client()).words
    assert "Bob" in words
    assert "Lindenweg 12" in words


def test_a_place_without_an_address_is_told_beside_it(alice: Person) -> None:
    sent = {"location_kind": "place", "location_value": ""}
    refused = signed_in(alice).post(f"{share(alice.calendar)}one-time/", sent)
    assert refused.status_code == 422
    assert said_beside(text(refused), "share_location_value")
