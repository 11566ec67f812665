"""A link to a calendar whose host confirms: each way it can go, through HTTP and the links in the mails."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from bookonce.scheduling.models import Booking, Calendar, OneTimeLink
from tests.cast import MONDAY_NINE, MONDAY_TEN, NOW, Person, make_link
from tests.mailbox import mails, text, to
from tests.pages.by_mail import GINA, addressed, booked, path_of
from tests.pages.guest_pages import at_now, book_page, read, send, stop_clock  # noqa: F401 - a fixture
from tests.pages.owner import signed_in

pytestmark = [pytest.mark.usefixtures("at_now"), pytest.mark.django_db(transaction=True)]
OVERDUE = NOW + timedelta(days=1)


@pytest.fixture(autouse=True)
def needs_approval(alice: Person) -> None:
    Calendar.objects.filter(pk=alice.calendar.pk).update(needs_approval=True)


def request_through(alice: Person, **options: Any) -> tuple[str, str]:
    """The link's path, and the manage page's from the mail that the guest got."""
    path = path_of(alice, **options)
    return path, booked(path)


def no_link_in_mail(*, now: datetime = NOW) -> None:
    assert "/o/" not in text(to(GINA, mails(now=now)))


def act(alice: Person, name: str, **form: str) -> None:
    """The host's click."""
    answer = signed_in(alice).post(f"/app/bookings/{Booking.objects.get().public_id}/{name}/", form)
    assert answer.status_code == 302


def books_again(path: str) -> None:
    """A new guest's browser opens the link, and the second request goes through it."""
    assert Client().get(path).status_code == 200
    assert book_page(path, Client(), MONDAY_TEN).status_code == 303
    assert Client().get(path).status_code == 410


def test_used_at_request_and_confirmed(alice: Person) -> None:
    path, manage = request_through(alice)
    assert Client().get(path).status_code == 410
    act(alice, "confirm")
    assert addressed("m", mails()) == manage, "the manage link stays the same"
    assert "You are booked with Alice" in read(Client().get(manage)).words
    assert Client().get(path).status_code == 410


def test_unanswered_it_expires_and_the_link_of_the_mail_opens_again(
    alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, manage = request_through(alice)
    stop_clock(monkeypatch, OVERDUE)
    assert addressed("o", mails(now=OVERDUE)) == path
    assert "Your request has expired" in read(Client().get(manage)).words
    books_again(path)


def test_overdue_the_link_opens_again_though_no_worker_ends_the_request(
    alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, _ = request_through(alice)
    assert Client().get(f"{path}/slots?from=2026-11-30&to=2026-11-30").status_code == 410
    stop_clock(monkeypatch, OVERDUE)
    listed = Client().get(f"{path}/slots?from=2026-11-30&to=2026-11-30")
    assert listed.status_code == 200
    assert MONDAY_NINE in str(listed.json())
    assert OneTimeLink.objects.get().spent == 1, "whoever looks changes nothing"
    books_again(path)
    assert [booking.cancel_cause for booking in Booking.objects.order_by("pk")] == ["expired", ""]


def test_declined_the_link_of_the_mail_opens_again(alice: Person) -> None:
    path, manage = request_through(alice)
    act(alice, "decline", reason="Away", reopen="on")
    assert addressed("o", mails()) == path
    assert "Your request was declined" in read(Client().get(manage)).words
    books_again(path)


def test_declined_with_the_box_unticked_it_stays_used(alice: Person) -> None:
    path, manage = request_through(alice)
    act(alice, "decline", reason="Away")
    no_link_in_mail()
    assert Client().get(path).status_code == 410
    page = read(Client().get(manage))
    assert "Ask for a new link" in page.words


def test_withdrawn_by_its_guest_it_stays_used(alice: Person) -> None:
    path, manage = request_through(alice)
    assert send(f"{manage}/cancel", Client(), {"reason": ""}).status_code == 303
    no_link_in_mail()
    assert Client().get(path).status_code == 410


@pytest.mark.parametrize("end", ["declined", "expired"])
def test_revoked_it_never_reopens(alice: Person, monkeypatch: pytest.MonkeyPatch, end: str) -> None:
    path, _manage = request_through(alice, max_bookings=2)
    link = OneTimeLink.objects.get()
    assert signed_in(alice).post(f"/app/links/{link.public_id}/revoke/").status_code == 302
    if end == "declined":
        act(alice, "decline", reopen="on")
        no_link_in_mail()
    else:
        stop_clock(monkeypatch, OVERDUE)
        no_link_in_mail(now=OVERDUE)
    assert Client().get(path).status_code == 410
    link.refresh_from_db()
    assert link.spent == 1


def test_a_moved_request_is_still_answered(alice: Person) -> None:
    path, manage = request_through(alice)
    assert send(f"{manage}/reschedule", Client(), {"start": MONDAY_TEN}).status_code == 303
    assert addressed("m", mails()) == manage
    act(alice, "decline", reopen="on")
    assert addressed("o", mails()) == path
    books_again(path)


def test_no_show_then_a_new_link_from_the_mail_books(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    Calendar.objects.update(needs_approval=False)
    path, _manage = request_through(alice, label="Intake")
    after = NOW + timedelta(days=7, hours=1)
    stop_clock(monkeypatch, after)
    act(alice, "mark", status="no_show")
    assert Client().get(path).status_code == 410, "the link stays used"
    act(alice, "new-link")
    fresh = addressed("o", mails(now=after))
    assert fresh != path
    assert book_page(fresh, Client(), "2026-12-07T10:00:00+01:00").status_code == 303
    child = OneTimeLink.objects.get(parent__isnull=False)
    assert (child.spent, child.label, child.parent) == (1, "Intake", OneTimeLink.objects.get(parent=None))


def test_a_series_is_declined_and_its_link_opens_again(alice: Person) -> None:
    Calendar.objects.update(repeats="weekly", repeat_count=3)
    path = f"/o/{make_link(alice).token}"
    assert book_page(path, Client()).status_code == 303
    mails()
    first = Booking.objects.order_by("series_number")[0]
    signed_in(alice).post(f"/app/bookings/{first.public_id}/decline/", {"reopen": "on"})
    assert addressed("o", mails()) == path
    books_again(path)
