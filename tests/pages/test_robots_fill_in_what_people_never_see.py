"""A field that people never see stands in every form for guests; who fills it in changes nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from bookonce.scheduling import rate_limits
from bookonce.scheduling.models import Booking, Calendar, GuestCode, Hold, LinkCode, LinkRequest, OneTimeLink
from bookonce.scheduling.rate_limits import Limit
from bookonce.scheduling.revoke_link import revoke_link
from tests.cast import MONDAY_NINE, MONDAY_TEN, NOW, Person, book_through, make_link
from tests.pages.guest_pages import at_now, details, read, send  # noqa: F401 - a fixture

pytestmark = [pytest.mark.usefixtures("at_now"), pytest.mark.django_db(transaction=True)]
FILLED = {"your.subject": "Buy now"}
TYPED = {"name": "Gina Guest", "email": "gina@example.org"}
TOLD = "A field that people do not see was filled in, as robots do, so nothing was changed."


def is_refused(answer: Any) -> None:
    assert answer.status_code == 422
    assert TOLD in read(answer).words
    assert "Buy now" not in answer.content.decode()


def test_nothing_is_booked_and_a_person_goes_on(alice: Person) -> None:
    issued = make_link(alice)
    for path in (f"/o/{issued.token}", f"/c/{alice.calendar.permanent_id}"):
        form = details(path, Client()).fields | TYPED
        assert form["your.subject"] == ""
        refused = send(f"{path}/book", Client(), form | FILLED)
        is_refused(refused)
        again = read(refused).fields
        assert (again["name"], again["your.subject"]) == ("Gina Guest", "")
    assert not Booking.objects.exists()
    assert OneTimeLink.objects.get().spent == 0
    path = f"/o/{issued.token}"
    assert send(f"{path}/book", Client(), details(path, Client()).fields | TYPED).status_code == 303


def test_no_new_link_is_asked_for(alice: Person) -> None:
    issued = make_link(alice)
    revoke_link(issued.link.pk, by=alice.actor, now=NOW)
    path = f"/o/{issued.token}"
    form = read(Client().get(path)).fields | TYPED
    refused = send(f"{path}/ask", Client(), form | FILLED)
    is_refused(refused)
    assert not LinkRequest.objects.exists()
    assert send(f"{path}/ask", Client(), read(refused).fields).status_code == 303
    assert LinkRequest.objects.count() == 1


def test_no_code_is_sent(alice: Person) -> None:
    Calendar.objects.update(proof_of_work=True)
    locked = make_link(alice, recipient_name="Gina", recipient_email="gina@example.org", email_lock="code")
    for path in (f"/c/{alice.calendar.permanent_id}", f"/o/{locked.token}"):
        is_refused(send(f"{path}/code", Client(), details(path, Client()).fields | TYPED | FILLED))
    assert not GuestCode.objects.exists()
    assert not LinkCode.objects.exists()


def test_no_time_is_kept(alice: Person) -> None:
    Calendar.objects.update(hold_minutes=10)
    path = f"/c/{alice.calendar.permanent_id}"
    form = read(Client().get(path, {"timezone": "Europe/Berlin"})).fields | {"start": MONDAY_NINE}
    assert "your.subject" in form
    is_refused(send(f"{path}/hold", Client(), form | FILLED))
    assert not Hold.objects.exists()
    assert send(f"{path}/hold", Client(), form).status_code == 303


def test_nothing_is_moved_or_cancelled(alice: Person) -> None:
    manage = f"/m/{book_through(make_link(alice)).manage_token}"
    moving = read(Client().get(f"{manage}/reschedule", {"start": MONDAY_TEN})).fields
    for path, form in ((f"{manage}/cancel", {}), (f"{manage}/reschedule", moving)):
        assert "your.subject" in read(Client().get(path, form)).fields
        is_refused(send(path, Client(), form | FILLED))
    booking = Booking.objects.get()
    assert (booking.status, booking.appointment.starts.hour) == ("confirmed", 8)
    assert send(f"{manage}/cancel", Client(), {}).status_code == 303
    is_refused(send(f"{manage}/ask", Client(), FILLED))
    assert not LinkRequest.objects.exists()


def test_programs_have_no_such_field(alice: Person) -> None:
    path = f"/o/{make_link(alice).token}"
    body = TYPED | {"start": MONDAY_NINE}
    refused = Client().post(f"{path}/book", body | FILLED, content_type="application/json")
    assert set(refused.json()["errors"]) == {"your.subject"}
    assert Client().post(f"{path}/book", body, content_type="application/json").status_code == 201


def test_changes_are_limited(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limits, "LIMITS", {**rate_limits.LIMITS, "changes": Limit(1, 600)})
    manage = f"/m/{book_through(make_link(alice)).manage_token}"
    moved = send(f"{manage}/reschedule", Client(), {"start": MONDAY_TEN, "timezone": "Europe/Berlin"})
    assert moved.status_code == 303
    refused = send(f"{manage}/cancel", Client(), {})
    assert (refused.status_code, refused["Retry-After"]) == (429, "600")
    assert Client().get(manage).status_code == 200
    assert Booking.objects.get().status == "confirmed"
