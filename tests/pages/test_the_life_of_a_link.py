"""The rows of docs/life-of-a-link.md, over HTTP, by the addresses in the mails that the guest received."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from django.test import Client

from bookonce.scheduling.calendars import update_calendar
from bookonce.scheduling.models import Appointment, Booking, Calendar, LinkRequest, OneTimeLink
from tests.cast import MONDAY_NINE, MONDAY_TEN, NOW, Person
from tests.mailbox import mails, text, to
from tests.pages.by_mail import GINA, JSON, addressed, booked, by_program, cancel_as_host, click, path_of
from tests.pages.guest_pages import at_now, book_page, details, read, send, stop_clock  # noqa: F401 - a fixture
from tests.pages.owner import signed_in

pytestmark = [pytest.mark.usefixtures("at_now"), pytest.mark.django_db(transaction=True)]


def test_life_of_a_link_only_a_booking_uses_it(alice: Person) -> None:
    path, client = path_of(alice), Client()
    for _ in range(3):
        assert client.get(path).status_code == 200
        assert client.head(path).status_code == 200
        details(path, client)
    assert OneTimeLink.objects.get().spent == 0
    booked(path)
    assert OneTimeLink.objects.get().spent == 1
    assert Client().get(path).status_code == 410


def test_life_of_a_link_all_or_nothing(alice: Person) -> None:
    path = path_of(alice)
    booked(path_of(alice))
    assert by_program(path, MONDAY_NINE) == (409, "slot_taken")
    wrong = Client().post(
        f"{path}/book", JSON | {"start": MONDAY_TEN, "email": "gina"}, content_type="application/json"
    )
    assert wrong.status_code == 422
    assert OneTimeLink.objects.get(spent=0).uses.count() == 0
    booked(path, MONDAY_TEN)


def test_life_of_a_link_two_at_once_on_one_link(alice: Person) -> None:
    path, first, second = path_of(alice), Client(), Client()
    forms = [details(path, first).fields, details(path, second, MONDAY_TEN).fields]
    who = {"name": "Gina Guest", "email": GINA}
    assert send(f"{path}/book", first, forms[0] | who).status_code == 303
    late = send(f"{path}/book", second, forms[1] | who)
    assert late.status_code == 410
    assert "This link has expired" in read(late).words
    assert by_program(path) == (410, "link_used")
    assert Booking.objects.count() == 1


def test_life_of_a_link_one_time_through_two_links(alice: Person) -> None:
    mine, theirs, client = path_of(alice), path_of(alice), Client()
    form = details(mine, client).fields | {"name": "Gina Guest", "email": GINA}
    booked(theirs)
    late = send(f"{mine}/book", client, form)
    assert late.status_code == 409
    assert read(late).fields["name"] == "Gina Guest"
    assert MONDAY_TEN in late.content.decode()
    assert MONDAY_NINE not in re.findall(r'name="start" value="([^"]+)"', late.content.decode())
    assert OneTimeLink.objects.filter(spent=0).count() == 1


def test_life_of_a_link_double_click_back_and_reload(alice: Person) -> None:
    path, client = path_of(alice), Client()
    form = details(path, client).fields | {"name": "Gina Guest", "email": GINA}
    answers = [send(f"{path}/book", client, form) for _ in range(3)]
    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(303, answers[0]["Location"])}
    assert Booking.objects.count() == 1
    assert len(mails()) == 2, "one to the guest, one to the host"


def test_life_of_a_link_the_same_browser_opens_it_again(alice: Person) -> None:
    path, client = path_of(alice), Client()
    book_page(path, client)
    again, stranger = read(client.get(path)), read(Client().get(path))
    assert any(link.startswith("/m/") for link in again.links)
    assert not any("/m/" in link for link in stranger.links)
    for detail in ("Gina", GINA, "30 November", "09:00"):
        assert detail not in stranger.words


def test_life_of_a_link_expiry_while_the_form_is_open(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    ends = NOW + timedelta(minutes=10)
    path, client = path_of(alice, expires_at=ends, max_bookings=3), Client()
    who = {"name": "Gina Guest", "email": GINA}
    forms = [details(path, client, start).fields | who for start in (MONDAY_NINE, MONDAY_TEN)]
    stop_clock(monkeypatch, ends + timedelta(minutes=14))
    assert send(f"{path}/book", client, forms[0]).status_code == 303
    assert by_program(path) == (410, "link_expired"), "no stamp, no grace"
    stop_clock(monkeypatch, ends + timedelta(minutes=15))
    assert send(f"{path}/book", client, forms[1]).status_code == 410


def test_life_of_a_link_its_guest_cancels(alice: Person) -> None:
    path = path_of(alice)
    manage = booked(path)
    send(f"{manage}/cancel", Client(), {"reason": "Ill"})
    assert Client().get(path).status_code == 410
    assert send(f"{manage}/ask", Client(), {}).status_code == 303
    told = mails()
    assert "new link" in str(to("alice@example.com", told[-1:])["Subject"]).lower()
    request = LinkRequest.objects.get()
    assert signed_in(alice).post(f"/app/requests/{request.public_id}/answer/").status_code == 302
    child = addressed("o", mails())
    assert child != path
    booked(child, MONDAY_TEN)
    assert OneTimeLink.objects.get(spent=1, parent__isnull=False).parent == OneTimeLink.objects.get(
        parent=None
    )
    assert Client().get(path).status_code == 410


def test_life_of_a_link_its_guest_cancels_and_it_reopens(alice: Person) -> None:
    path = path_of(alice, reopens_on_cancel=True)
    send(f"{booked(path)}/cancel", Client(), {})
    assert addressed("o", mails()) == path
    booked(path, MONDAY_TEN)


@pytest.mark.parametrize("kept", [False, True])
def test_life_of_a_link_its_host_cancels(alice: Person, *, kept: bool) -> None:
    path = path_of(alice)
    manage = booked(path)
    cancel_as_host(alice, **({} if kept else {"reopen": "on"}))
    told = mails()
    if kept:
        assert "/o/" not in text(to(GINA, told))
        assert Client().get(path).status_code == 410
    else:
        assert addressed("o", told) == path
        booked(path, MONDAY_TEN)
    assert "cancelled" in read(Client().get(manage)).words


def test_life_of_a_link_its_host_cancels_but_it_was_revoked(alice: Person) -> None:
    path = path_of(alice, max_bookings=2)
    booked(path)
    signed_in(alice).post(f"/app/links/{OneTimeLink.objects.get().public_id}/revoke/")
    cancel_as_host(alice, reopen="on")
    assert "/o/" not in text(to(GINA, mails()))
    assert by_program(path) == (410, "link_revoked")


def test_life_of_a_link_its_request_is_declined(alice: Person) -> None:
    Calendar.objects.update(needs_approval=True)
    path = path_of(alice)
    booked(path)
    assert by_program(path) == (410, "link_used")
    booking = Booking.objects.get()
    signed_in(alice).post(f"/app/bookings/{booking.public_id}/decline/", {"reopen": "on", "reason": "Away"})
    assert addressed("o", mails()) == path
    booked(path, MONDAY_NINE)


def test_life_of_a_link_nobody_answers_its_request(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    Calendar.objects.update(needs_approval=True, answer_within=60)
    path = path_of(alice)
    booked(path)
    assert by_program(path_of(alice), MONDAY_NINE) == (409, "slot_taken"), "a request holds its time"
    later = NOW + timedelta(hours=2)
    stop_clock(monkeypatch, later)
    assert addressed("o", mails(now=later)) == path
    assert Client().get(path).status_code == 200
    assert Booking.objects.get().status == "cancelled"


def test_life_of_a_link_its_booking_moves(alice: Person) -> None:
    path = path_of(alice)
    manage = booked(path)
    confirm = read(Client().get(f"{manage}/reschedule", {"start": MONDAY_TEN}))
    assert send(f"{manage}/reschedule", Client(), confirm.fields).status_code == 303
    assert addressed("m", mails()) == manage
    assert Appointment.objects.get().starts == datetime.fromisoformat(MONDAY_TEN)
    assert by_program(path, MONDAY_NINE) == (410, "link_used")


def test_life_of_a_link_its_guest_does_not_come(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    path = path_of(alice)
    booked(path)
    over = datetime.fromisoformat(MONDAY_TEN)
    stop_clock(monkeypatch, over)
    booking, client = Booking.objects.get(), signed_in(alice)
    assert client.post(f"/app/bookings/{booking.public_id}/mark/", {"status": "no_show"}).status_code == 302
    assert by_program(path, "2026-12-07T09:00:00+01:00") == (410, "link_used")
    assert client.post(f"/app/bookings/{booking.public_id}/new-link/").status_code == 302
    child = addressed("o", mails(now=over)[-1:])
    assert by_program(child, "2026-12-07T09:00:00+01:00") == (201, "")
    assert OneTimeLink.objects.get(parent__isnull=False).parent == OneTimeLink.objects.get(parent=None)


def test_life_of_a_link_revoked(alice: Person) -> None:
    path = path_of(alice, max_bookings=2)
    manage = booked(path)
    page = f"/app/links/{OneTimeLink.objects.get().public_id}/revoke/"
    assert signed_in(alice).post(page).status_code == 302
    assert by_program(path) == (410, "link_revoked")
    assert "You are booked" in read(Client().get(manage)).words
    spent = path_of(alice)
    booked(spent, MONDAY_TEN)
    link = OneTimeLink.objects.latest("pk")
    signed_in(alice).post(f"/app/links/{link.public_id}/revoke/")
    assert OneTimeLink.objects.get(pk=link.pk).revoked_at is None
    assert by_program(spent) == (410, "link_used")


def test_life_of_a_link_its_calendar_is_paused_deleted_and_restored(alice: Person) -> None:
    path = path_of(alice, contact_text="Call the front desk.")
    click(alice, "pause")
    assert by_program(path) == (503, "calendar_paused")
    click(alice, "delete")
    gone = Client().get(path)
    assert gone.status_code == 410
    assert "Call the front desk." in read(gone).words
    click(alice, "restore")
    assert by_program(path) == (503, "calendar_paused"), "as it was before"
    click(alice, "resume")
    assert OneTimeLink.objects.get().spent == 0
    booked(path)


def test_life_of_a_link_its_calendar_is_renamed_and_changed(alice: Person) -> None:
    Calendar.objects.update(durations="30,60")
    path = path_of(alice, durations=(60,))
    changed = {"name": "Consultation", "slug": "consultation", "durations": [60, 90], "interval": 60}
    update_calendar(alice.calendar, changed, by=alice.actor, now=NOW)
    assert "Consultation" in read(Client().get(path)).words
    booked(path)
    appointment = Appointment.objects.get()
    assert appointment.ends - appointment.starts == timedelta(minutes=60)


def test_life_of_a_link_each_state_has_its_status(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    opens = path_of(alice, not_before=NOW + timedelta(hours=1))
    assert by_program(opens) == (403, "link_not_open")
    ends = path_of(alice, expires_at=NOW + timedelta(hours=1))
    stop_clock(monkeypatch, NOW + timedelta(hours=1))
    for path, status in ((ends, 410), (opens, 200), ("/o/" + "a" * 32, 404)):
        assert Client().get(path).status_code == status
        assert Client().get(f"{path}/slots?from=2026-11-30&to=2026-11-30").status_code == status
