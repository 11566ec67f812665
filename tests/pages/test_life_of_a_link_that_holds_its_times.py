"""A link with times picked for it, held or not: whose they are, and when they are everybody's again."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from bookonce.lib.instants import to_minutes
from bookonce.scheduling.models import OneTimeLink
from tests.cast import MONDAY_NINE, MONDAY_TEN, NOW, Person
from tests.mailbox import mails, text, to
from tests.pages.by_mail import GINA, addressed, booked, by_program, cancel_as_host, listed, path_of
from tests.pages.guest_pages import at_now, send, stop_clock  # noqa: F401 - a fixture
from tests.pages.owner import signed_in

pytestmark = [pytest.mark.usefixtures("at_now"), pytest.mark.django_db(transaction=True)]
MONDAY_ELEVEN = "2026-11-30T11:00:00+01:00"
PICKED = [MONDAY_NINE, MONDAY_TEN, MONDAY_ELEVEN]
OTTO = {"name": "Otto", "email": "otto@example.org"}


@pytest.fixture
def others(alice: Person) -> str:
    """Another way to the host's time: the permanent link of the same calendar."""
    return f"/c/{alice.calendar.permanent_id}"


def picked(person: Person, **options: Any) -> str:
    """The path of a link for nine, ten and eleven alone."""
    slots = tuple(to_minutes(datetime.fromisoformat(start)) for start in PICKED)
    return path_of(person, slots=slots, **options)


def holding(person: Person, **options: Any) -> str:
    """The path of a link that holds them, too."""
    return picked(person, holds_slots=True, **options)


def offered(path: str) -> list[str]:
    """Which of the picked times this address offers."""
    return [start for start in listed(path) if start in PICKED]


def of_the_link(name: str) -> str:
    """A page of the owner's about the only link."""
    return f"/app/links/{OneTimeLink.objects.get().public_id}/{name}/"


def test_life_of_a_link_hand_picked_times_that_are_taken_fall_away(
    alice: Person, others: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = picked(alice)
    assert offered(others) == PICKED, "they are anybody's until one is booked"
    assert by_program(others, MONDAY_NINE, **OTTO) == (201, "")
    mails()
    assert listed(path) == [MONDAY_TEN, MONDAY_ELEVEN]
    for start in (MONDAY_NINE, "2026-11-30T12:00:00+01:00"):
        assert by_program(path, start) == (409, "slot_taken")
    stop_clock(monkeypatch, datetime.fromisoformat(MONDAY_TEN) + timedelta(minutes=1))
    assert listed(path) == [MONDAY_ELEVEN], "ten has passed"
    assert by_program(path, MONDAY_ELEVEN) == (201, "")


def test_life_of_a_link_hand_picked_times_are_kept_to_when_its_booking_moves(
    alice: Person, others: str
) -> None:
    manage = booked(picked(alice))
    for start, status in (("2026-11-30T12:00:00+01:00", 409), (MONDAY_ELEVEN, 303)):
        assert send(f"{manage}/reschedule", Client(), {"start": start}).status_code == status
    assert offered(others) == [MONDAY_NINE, MONDAY_TEN]


def test_life_of_a_link_hand_picked_times_that_are_held_are_nobody_elses(alice: Person, others: str) -> None:
    path = holding(alice)
    assert listed(path) == PICKED, "these alone"
    for elsewhere in (others, path_of(alice)):
        assert offered(elsewhere) == []
        assert by_program(elsewhere, MONDAY_NINE, **OTTO) == (409, "slot_taken")
    booked(path)


def test_life_of_a_link_held_times_are_let_go_when_it_is_booked(alice: Person, others: str) -> None:
    booked(holding(alice), MONDAY_TEN)
    assert offered(others) == [MONDAY_NINE, MONDAY_ELEVEN]
    assert by_program(others, MONDAY_NINE, **OTTO) == (201, "")


def test_life_of_a_link_held_times_are_let_go_when_it_expires(
    alice: Person, others: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = NOW + timedelta(hours=1)
    path = holding(alice, expires_at=ends)
    stop_clock(monkeypatch, ends - timedelta(seconds=1))
    assert offered(others) == []
    stop_clock(monkeypatch, ends)
    assert offered(others) == PICKED
    assert by_program(others, MONDAY_NINE, **OTTO) == (201, "")
    assert by_program(path) == (410, "link_expired")


@pytest.mark.parametrize("act", ["revoke", "release"])
def test_life_of_a_link_held_times_are_let_go_when_its_owner_says_so(
    alice: Person, others: str, act: str
) -> None:
    path = holding(alice)
    assert signed_in(alice).post(of_the_link(act)).status_code == 302
    assert offered(others) == PICKED
    assert by_program(others, MONDAY_NINE, **OTTO) == (201, "")
    assert by_program(path) == ((410, "link_revoked") if act == "revoke" else (201, ""))


def test_life_of_a_link_held_times_when_its_host_cancels_are_held_again_where_free(
    alice: Person, others: str
) -> None:
    path = holding(alice)
    booked(path)
    assert by_program(others, MONDAY_TEN, **OTTO) == (201, "")
    mails()
    cancel_as_host(alice, start=MONDAY_NINE, reopen="on")
    again = addressed("o", mails())
    assert again == path
    assert listed(again) == [MONDAY_NINE, MONDAY_ELEVEN], "ten is Otto's"
    assert offered(others) == [], "the others are held again"
    assert by_program(others, MONDAY_NINE, **OTTO) == (409, "slot_taken")
    booked(again, MONDAY_ELEVEN)
    assert offered(others) == [MONDAY_NINE]


def test_life_of_a_link_held_times_when_its_guest_cancels_are_everybodys(alice: Person, others: str) -> None:
    manage = booked(holding(alice))
    assert send(f"{manage}/cancel", Client(), {}).status_code == 303
    assert "/o/" not in text(to(GINA, mails()))
    assert offered(others) == PICKED
    assert by_program(others, MONDAY_NINE, **OTTO) == (201, "")
