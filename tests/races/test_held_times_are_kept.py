"""Visitors who keep times, and links that hold theirs, at once with everybody who books, over HTTP."""

from __future__ import annotations

import os
import time
from collections import Counter
from typing import Any

import pytest

from tests.live import LiveBookonce, NewBookonce
from tests.races.beside import CONTROL
from tests.races.storm import (
    Post,
    all_at_once,
    check_promises,
    count,
    guest,
    new_calendar,
    new_links,
    overlaps,
    rows,
    slots,
)
from tests.races.test_each_guard_is_needed import CONTROLS, drop_overlap_guard
from tests.strength import times

ROUNDS = times(2, 15)
VISITORS = 16
BUSY = {"busy"}
OFF = {"BOOKONCE_RATE_LIMITS": "no"}  # one client, many visitors


@pytest.fixture(scope="module")
def live(new_bookonce: NewBookonce) -> LiveBookonce:
    return new_bookonce(env=OFF)


def keeping(live: LiveBookonce, **settings: Any) -> str:
    """The slug of a calendar that keeps times."""
    name = f"Keeping {time.monotonic_ns()}"
    return new_calendar(
        live, **{"name": name, "durations": [30], "interval": 30, "hold_minutes": 5, **settings}
    )


def let_lapse(live: LiveBookonce) -> None:
    """All that visitors keep is over, and nothing of it is cleared."""
    rows(live, "UPDATE scheduling_hold SET expires_at = 1 WHERE token_digest IS NOT NULL")
    rows(live, "UPDATE scheduling_blockedtime SET expires_at = 1 WHERE hold_id IS NOT NULL")


def codes_of(posts: list[Post]) -> Counter[str]:
    return Counter(reply.code for reply in all_at_once(posts))


def hold(url: str, start: str, **more: Any) -> Post:
    return Post(url, {"start": start, **more}, act="hold")


def test_one_time_is_kept_for_one_visitor(live: LiveBookonce) -> None:
    slug = keeping(live)
    for start in slots(ROUNDS, weeks_ahead=2):
        links = new_links(live, VISITORS, calendar=slug)
        codes = codes_of([hold(url, start) for url in links])
        assert codes["201"] == 1
        assert codes.keys() <= {"201", "slot_taken", *BUSY}
        assert overlaps(live) == 0
        let_lapse(live)


def test_a_time_is_kept_or_booked_never_both(live: LiveBookonce) -> None:
    slug = keeping(live)
    for start in slots(ROUNDS, weeks_ahead=3):
        links = new_links(live, VISITORS, calendar=slug)
        posts = [
            hold(url, start) if number % 2 else Post(url, guest(start, number))
            for number, url in enumerate(links)
        ]
        codes = codes_of(posts)
        assert codes["201"] == 1
        assert overlaps(live) == 0
        let_lapse(live)
    check_promises(live)


def test_one_link_keeps_one_time(live: LiveBookonce) -> None:
    slug = keeping(live)
    starts = slots(VISITORS, weeks_ahead=4)
    for url in new_links(live, ROUNDS, calendar=slug):
        codes = codes_of([hold(url, start) for start in starts])
        assert codes["201"] == 1
        assert codes.keys() <= {"201", "link_held", *BUSY}
        let_lapse(live)


def test_who_keeps_the_time_books_it_whoever_else_tries(live: LiveBookonce) -> None:
    slug = keeping(live)
    for start in slots(ROUNDS, weeks_ahead=5):
        own, *others = new_links(live, VISITORS, calendar=slug)
        [kept] = all_at_once([hold(own, start)])
        posts = [Post(own, guest(start, hold=kept.body["hold"]))]
        posts += [Post(url, guest(start, number + 1)) for number, url in enumerate(others)]
        replies = all_at_once(posts)
        assert replies[0].code == "201"
        assert {reply.code for reply in replies[1:]} <= {"slot_taken", *BUSY}
    check_promises(live)


def test_a_time_that_lapses_goes_to_exactly_one(live: LiveBookonce) -> None:
    slug = keeping(live)
    for start in slots(ROUNDS, weeks_ahead=6):
        own, *others = new_links(live, VISITORS, calendar=slug)
        [kept] = all_at_once([hold(own, start)])
        let_lapse(live)
        posts = [Post(own, guest(start, hold=kept.body["hold"]))]
        posts += [Post(url, guest(start, number + 1)) for number, url in enumerate(others)]
        assert codes_of(posts)["201"] == 1
        assert overlaps(live) == 0
    check_promises(live)


def test_no_more_places_are_kept_than_a_class_has(live: LiveBookonce) -> None:
    slug = keeping(live, kind="class", seats=5)
    for start in slots(ROUNDS, weeks_ahead=7):
        links = new_links(live, VISITORS, calendar=slug)
        replies = all_at_once([hold(url, start) for url in links])
        kept = [(url, one.body["hold"]) for url, one in zip(links, replies, strict=True) if one.status == 201]
        assert 0 < len(kept) <= 5
        assert len(kept) == 5 or any(one.code in BUSY for one in replies)
        late = [Post(url, guest(start, 50 + n)) for n, url in enumerate(links[:4]) if url not in dict(kept)]
        posts = [Post(url, guest(start, n, hold=token)) for n, (url, token) in enumerate(kept)]
        answers = all_at_once(posts + late)
        assert {one.code for one in answers[: len(kept)]} <= {"201", *BUSY}
        assert count(live, "scheduling_appointment", "seats_taken > 5") == 0
        assert overlaps(live) == 0
    check_promises(live)


def test_held_times_of_a_link_are_booked_through_no_other_door(live: LiveBookonce) -> None:
    slug = keeping(live, hold_minutes=0)
    calendar = next(one["id"] for one in live.call("GET", "calendars")["items"] if one["slug"] == slug)
    for number, start in enumerate(slots(ROUNDS, weeks_ahead=8)):
        asked = {"calendar": calendar, "slots": [start], "hold_slots": True}
        link = live.call("POST", "one-time-links", asked)["url"]
        others = new_links(live, VISITORS, calendar=slug)
        posts = [Post(url, guest(start, n)) for n, url in enumerate(others)]
        replies = all_at_once([Post(link, guest(start, 99 + number)), *posts])
        assert replies[0].code == "201"
        assert {reply.code for reply in replies[1:]} <= {"slot_taken", *BUSY}
        assert overlaps(live) == 0
    assert count(live, "scheduling_hold", "token_digest IS NULL") == 0
    check_promises(live)


def without(new_bookonce: NewBookonce, guard: str) -> LiveBookonce:
    before = [part for part in (CONTROLS, os.environ.get("PYTHONPATH")) if part]
    return new_bookonce(env={"PYTHONPATH": os.pathsep.join(before), CONTROL: guard, **OFF})


def test_without_the_second_look_one_link_keeps_several_times(new_bookonce: NewBookonce) -> None:
    live = without(new_bookonce, "nothing is held")
    slug = keeping(live)
    for url in new_links(live, 5, calendar=slug):
        if codes_of([hold(url, start) for start in slots(VISITORS, weeks_ahead=2)])["201"] > 1:
            return
    pytest.fail("the storm did not see the missing look")


def test_without_host_lock_and_constraint_a_time_is_kept_twice(new_bookonce: NewBookonce) -> None:
    live = without(new_bookonce, "no host lock")
    drop_overlap_guard(live)
    slug = keeping(live)
    for start in slots(10, weeks_ahead=2):
        all_at_once([hold(url, start) for url in new_links(live, VISITORS, calendar=slug)])
        if overlaps(live):
            return
    pytest.fail("the storm did not see the missing guards")


def test_without_the_link_s_hold_others_book_its_times(new_bookonce: NewBookonce) -> None:
    live = without(new_bookonce, "links hold nothing")
    slug = keeping(live, hold_minutes=0)
    calendar = next(one["id"] for one in live.call("GET", "calendars")["items"] if one["slug"] == slug)
    start = slots(1, weeks_ahead=2)[0]
    live.call("POST", "one-time-links", {"calendar": calendar, "slots": [start], "hold_slots": True})
    assert codes_of([Post(new_links(live, 1, calendar=slug)[0], guest(start))])["201"] == 1
