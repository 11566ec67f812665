"""A link to a group from booking to its return, over HTTP, with the addresses that the mails carry."""

from __future__ import annotations

import pytest
from django.test import Client

from bookonce.scheduling.calendar_groups import update_group
from bookonce.scheduling.models import Appointment, Booking, CalendarGroup, LinkRequest, OneTimeLink
from tests.cast import MONDAY_NINE, MONDAY_TEN, NOW, Person
from tests.groups import make_group, make_group_link
from tests.mailbox import mails, text, to
from tests.pages.by_mail import GINA, addressed
from tests.pages.guest_pages import at_now, details, read, send  # noqa: F401 - a fixture
from tests.pages.owner_pages import signed_in

pytestmark = [pytest.mark.usefixtures("at_now"), pytest.mark.django_db(transaction=True)]


@pytest.fixture
def group(alice: Person, bob: Person) -> CalendarGroup:
    return make_group(alice, alice.calendar, bob.calendar)


def book_in(path: str, person: Person, start: str = MONDAY_NINE, *, status: int = 303) -> None:
    form = details(path, Client(), start, calendar=person.calendar.public_id).fields
    sent = form | {"name": "Gina Guest", "email": GINA}
    assert send(f"{path}/book", Client(), sent).status_code == status


def calendars_shown(path: str) -> int:
    response = Client().get(path)
    assert response.status_code == 200
    return len([link for link in read(response).links if "?calendar=cal_" in link])


def test_group_link_guest_chooses_the_calendar_spent_for_the_whole_group(
    alice: Person, bob: Person, group: CalendarGroup
) -> None:
    path = f"/o/{make_group_link(alice, group, label='Autumn').token}"
    book_in(path, bob)
    found = mails()
    assert "Bob's meeting" in text(to(GINA, found))
    assert "Autumn" in text(to("bob@example.com", found)), "the host reads which link it was"
    for query in ("", *(f"?calendar={person.calendar.public_id}" for person in (alice, bob))):
        assert Client().get(path + query).status_code == 410
    appointment = Appointment.objects.get()
    owner = signed_in(bob)
    owner.post(f"/app/appointments/{appointment.public_id}/cancel/", {"reason": "ill", "reopen": "on"})
    again = addressed("o", mails())
    assert again == path
    assert calendars_shown(again) == 2
    book_in(again, alice, MONDAY_TEN)
    assert Client().get(path).status_code == 410
    assert OneTimeLink.objects.get().spent == 1


def test_group_link_guest_cancels_and_the_new_link_leads_to_the_group(
    alice: Person, bob: Person, group: CalendarGroup
) -> None:
    path = f"/o/{make_group_link(alice, group).token}"
    book_in(path, alice)
    manage = addressed("m", mails())
    assert send(f"{manage}/cancel", Client(), {"reason": ""}).status_code == 303
    assert Client().get(path).status_code == 410, "it stays used"
    assert send(f"{manage}/ask", Client(), {"message": "Any day"}).status_code == 303
    [told] = [mail for mail in mails() if "Any day" in text(mail)]
    assert told["To"].addresses[0].addr_spec == "alice@example.com"
    assert "Meet us" in text(told)
    asked = LinkRequest.objects.get()
    signed_in(alice).post(f"/app/requests/{asked.public_id}/answer/")
    child = addressed("o", mails())
    assert child != path
    assert calendars_shown(child) == 2
    book_in(child, bob)
    assert Booking.objects.exclude(status="cancelled").get().appointment.calendar_id == bob.calendar.pk


def test_group_link_reschedule_stays_within_the_booked_calendar(
    alice: Person, bob: Person, group: CalendarGroup
) -> None:
    path = f"/o/{make_group_link(alice, group).token}"
    book_in(path, bob)
    manage = addressed("m", mails())
    update_group(group, {"calendars": [alice.calendar.public_id]}, now=NOW)
    page = read(Client().get(f"{manage}/reschedule"))
    assert "Bob's meeting" in page.words
    moved = send(f"{manage}/reschedule", Client(), {"start": MONDAY_TEN, "timezone": "Europe/Berlin"})
    assert moved.status_code == 303
    assert Booking.objects.get().appointment.calendar_id == bob.calendar.pk
    assert OneTimeLink.objects.get().spent == 1
    assert Client().get(path).status_code == 410
