"""Each state of a one-time link, at each of its doors: the status, the stable code, the header fields."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from bookonce.lib.tokens import new_token
from bookonce.scheduling.models import Calendar, CalendarGroup, OneTimeLink
from tests.cast import MONDAY_NINE, MONDAY_TEN, NOW, Person, guest, make_link
from tests.groups import make_group, make_group_link
from tests.pages.guest_pages import MONDAY, at_now, read, send  # noqa: F401 - a fixture

pytestmark = pytest.mark.usefixtures("at_now", "db")
UNKNOWN = new_token()


@dataclass(frozen=True)
class Told:
    """What an address in this state answers; `words` stand on its page."""

    status: int
    code: str
    words: str
    retry_after: str | None = None


# PRODUCT: "revoked > used > expired > calendar deleted > paused > held > not yet open > active"
STATES = {
    "revoked": Told(410, "link_revoked", "It was withdrawn by Alice. Contact Alice for a new one."),
    "used": Told(410, "link_used", "that booking has been made. Contact Alice for a new one."),
    "expired": Told(410, "link_expired", "Its time is over. Contact Alice for a new one."),
    "calendar deleted": Told(410, "calendar_deleted", "This calendar takes no more bookings"),
    "paused": Told(503, "calendar_paused", "No bookings for the moment", "3600"),
    "held": Told(409, "link_held", "Someone is booking through this link right now", "60"),
    "not yet open": Told(403, "link_not_open", "from Tuesday, 24 November 2026 at 09:00 (Berlin time)"),
    "active": Told(200, "", ""),
    "unknown": Told(404, "not_found", "There is nothing at this address"),
    "malformed": Told(404, "not_found", "There is nothing at this address"),
}


def book(path: str, **more: str) -> Any:
    """As a program does; another time than the one that is held."""
    return Client().post(f"{path}/book", guest(MONDAY_TEN) | more, content_type="application/json")


def hold(path: str, start: str = MONDAY_TEN, **more: str) -> Any:
    return Client().post(f"{path}/hold", {"start": start} | more, content_type="application/json")


DOORS: dict[str, Callable[..., Any]] = {  # a link to a group is told which calendar
    "GET page": lambda path, **more: Client().get(path, more),
    "HEAD page": lambda path, **more: Client().head(path, more),
    "GET page at a time": lambda path, **more: Client().get(path, {"start": MONDAY_TEN} | more),
    "POST book, a form": lambda path, **more: send(f"{path}/book", Client(), guest(MONDAY_TEN) | more),
    "GET slots": lambda path, **more: Client().get(f"{path}/slots", {"from": MONDAY, "to": MONDAY} | more),
    "POST hold": hold,
    "POST book": book,
}
OF_PROGRAMS = {"GET slots", "POST hold", "POST book"}
DONE = {"POST hold": 201, "POST book": 201, "POST book, a form": 303}
ENTERING: dict[str, Callable[..., object]] = {
    "revoked": lambda path, **more: OneTimeLink.objects.update(revoked_at=NOW),
    "used": book,
    "expired": lambda path, **more: OneTimeLink.objects.update(expires_at=NOW),
    "calendar deleted": lambda path, **more: target().update(deleted_at=NOW),
    "paused": lambda path, **more: target().update(paused_at=NOW),
    "held": lambda path, **more: hold(path, MONDAY_NINE, **more),
    "not yet open": lambda path, **more: OneTimeLink.objects.update(not_before=NOW + timedelta(days=1)),
    "active": lambda path, **more: None,
}


def target() -> Any:
    """What the link leads to: the group where there is one."""
    groups = CalendarGroup.objects.all()
    return groups if groups.exists() else Calendar.objects.all()


def path_in(state: str, person: Person, **more: str) -> str:
    """The path of a link in this state; its calendar keeps times for who completes a form."""
    if state not in ENTERING:
        return f"/o/{UNKNOWN if state == 'unknown' else '%00'}"
    Calendar.objects.update(hold_minutes=10)
    group = CalendarGroup.objects.first()
    path = f"/o/{(make_group_link(person, group) if group else make_link(person)).token}"
    ENTERING[state](path, **more)
    return path


def check(answer: Any, door: str, told: Told) -> None:
    """The status, the code (of programs), the words (of pages), and the header fields."""
    assert answer.status_code == (DONE.get(door, 200) if told.status == 200 else told.status)
    assert answer.headers.get("Retry-After") == told.retry_after
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    if door in OF_PROGRAMS and told.code:
        assert answer.headers["Content-Type"] == "application/problem+json"
        body = answer.json()
        assert (body["code"], body["status"]) == (told.code, told.status)
        assert set(body) == {"type", "title", "status", "code"}, "nothing is told of what was booked"
    elif door == "HEAD page":
        assert answer.content == b""
    elif told.code:
        assert answer.headers["Content-Type"].startswith("text/html")
        assert told.words in read(answer).words


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("state", STATES)
def test_status_codes(alice: Person, state: str, door: str) -> None:
    check(DOORS[door](path_in(state, alice)), door, STATES[state])


@pytest.mark.parametrize("state", ENTERING)
def test_status_codes_of_a_link_to_a_group(alice: Person, state: str) -> None:
    make_group(alice, alice.calendar)
    calendar = alice.calendar.public_id
    path = path_in(state, alice, calendar=calendar)
    for door in ("GET page", "GET slots", "POST book, a form") if state == "active" else DOORS:
        check(DOORS[door](path, calendar=calendar), door, STATES[state])


@pytest.mark.parametrize("door", DOORS)
def test_status_codes_unknown_and_malformed_are_byte_identical(alice: Person, door: str) -> None:
    unknown, malformed = (DOORS[door](path_in(state, alice)) for state in ("unknown", "malformed"))
    assert (unknown.status_code, unknown.content) == (malformed.status_code, malformed.content)
    assert sorted(unknown.headers.items()) == sorted(malformed.headers.items())


def test_status_codes_of_a_time_that_is_taken(alice: Person) -> None:
    book(path_in("active", alice))
    path = f"/o/{make_link(alice).token}"
    answer = book(path)
    assert (answer.status_code, answer.json()["code"]) == (409, "slot_taken")
    assert "Retry-After" not in answer.headers
    assert DOORS["POST book, a form"](path).status_code == 409
    assert OneTimeLink.objects.filter(spent=0).count() == 1


@pytest.mark.parametrize("door", ["GET page", "GET slots", "POST book"])
def test_states_of_a_link_the_first_match_wins(alice: Person, door: str) -> None:
    """One fact after the other comes true, from the last of the order to the first; none goes away."""
    path = path_in("active", alice)
    for state in ("not yet open", "held", "paused", "calendar deleted", "expired", "used", "revoked"):
        if state == "held":  # a visitor kept a time before the link was set to open later
            OneTimeLink.objects.update(not_before=None)
            ENTERING[state](path)
            ENTERING["not yet open"](path)
        elif state == "used":
            OneTimeLink.objects.update(spent=1)
        else:
            ENTERING[state](path)
        check(DOORS[door](path), door, STATES[state])
