"""What was booked through a link whose calendar is then paused or deleted, on its owner's pages."""

from __future__ import annotations

import pytest
from django.test import Client

from bookonce.scheduling.models import Booking
from tests.cast import MONDAY_TEN, Person
from tests.mailbox import mails
from tests.pages.by_mail import booked, by_program, click, path_of
from tests.pages.guest_pages import at_now, read, send  # noqa: F401 - a fixture
from tests.pages.owner import signed_in

pytestmark = [pytest.mark.usefixtures("at_now"), pytest.mark.django_db(transaction=True)]
AWAY = {"pause": (503, "calendar_paused"), "delete": (410, "calendar_deleted")}
BACK = {"pause": "resume", "delete": "restore"}


@pytest.mark.parametrize("act", AWAY)
def test_life_of_a_link_its_calendar_is_away_and_its_booking_stays(alice: Person, act: str) -> None:
    path = path_of(alice)
    manage = booked(path)
    click(alice, act)
    assert "You are booked" in read(Client().get(manage)).words
    assert send(f"{manage}/reschedule", Client(), {"start": MONDAY_TEN}).status_code == AWAY[act][0]
    assert by_program(path) == (410, "link_used"), "used comes first"
    click(alice, BACK[act])
    assert send(f"{manage}/reschedule", Client(), {"start": MONDAY_TEN}).status_code == 303
    click(alice, act)
    assert send(f"{manage}/cancel", Client(), {}).status_code == 303, "cancelling is always possible"
    assert Booking.objects.get().status == "cancelled"
    mails()


def test_life_of_a_link_its_owner_is_warned_before_its_calendar_goes(alice: Person) -> None:
    booked(path_of(alice))
    path_of(alice)
    stays = "1 upcoming appointment stays. Its guest can cancel it, but not move it."
    asked = signed_in(alice).get(f"/app/calendars/{alice.calendar.public_id}/delete/")
    assert stays in read(asked).words
    assert stays in click(alice, "pause").words
