"""Controls: with a guard taken out, the very storms of the race tests do find the double booking."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from tests.live import LiveBookonce, NewBookonce
from tests.races.beside import CONTROL
from tests.races.storm import (
    AT_ONCE,
    Post,
    all_at_once,
    count,
    guest,
    new_links,
    overlaps,
    rows,
    slots,
)

CONTROLS = str(Path(__file__).parent / "controls")
MOST_ROUNDS = 10


def without(new_bookonce: NewBookonce, guard: str) -> LiveBookonce:
    """A server that runs without this guard."""
    before = [part for part in (CONTROLS, os.environ.get("PYTHONPATH")) if part]
    return new_bookonce(env={"PYTHONPATH": os.pathsep.join(before), CONTROL: guard})


def drop_overlap_guard(live: LiveBookonce) -> None:
    """Take the refusal out of the database."""
    if live.database_url:
        rows(live, "ALTER TABLE scheduling_blockedtime DROP CONSTRAINT blocked_time_no_overlap")
    else:
        rows(live, "DROP TRIGGER blocked_time_no_overlap_insert")


def test_without_the_conditional_claim_one_link_is_booked_more_than_once(new_bookonce: NewBookonce) -> None:
    live = without(new_bookonce, "naive claim")
    for url in new_links(live, MOST_ROUNDS):
        all_at_once([Post(url, guest(start, n)) for n, start in enumerate(slots(AT_ONCE, weeks_ahead=2))])
        if rows(live, "SELECT 1 FROM scheduling_booking GROUP BY link_id HAVING COUNT(*) > 1"):
            return
    pytest.fail("the storm did not see the missing claim")


def test_without_host_lock_and_constraint_one_time_is_booked_more_than_once(
    new_bookonce: NewBookonce,
) -> None:
    live = without(new_bookonce, "no host lock")
    drop_overlap_guard(live)
    for start in slots(MOST_ROUNDS, weeks_ahead=2):
        all_at_once([Post(url, guest(start, n)) for n, url in enumerate(new_links(live, AT_ONCE))])
        if overlaps(live):
            return
    pytest.fail("the storm did not see the missing guards")


def test_without_the_host_lock_the_constraint_alone_prevents_overlaps(new_bookonce: NewBookonce) -> None:
    live = without(new_bookonce, "no host lock")
    for start in slots(2, weeks_ahead=2):
        all_at_once([Post(url, guest(start, n)) for n, url in enumerate(new_links(live, AT_ONCE))])
        assert overlaps(live) == 0


def test_without_the_constraint_the_host_lock_alone_prevents_overlaps(new_bookonce: NewBookonce) -> None:
    live = new_bookonce()
    drop_overlap_guard(live)
    for start in slots(2, weeks_ahead=2):
        all_at_once([Post(url, guest(start, n)) for n, url in enumerate(new_links(live, AT_ONCE))])
        assert overlaps(live) == 0
        assert count(live, "scheduling_booking") > 0


def test_without_idempotency_a_retry_does_not_get_its_answer(new_bookonce: NewBookonce) -> None:
    live = without(new_bookonce, "no idempotency")
    url, start = new_links(live, 1)[0], slots(1, weeks_ahead=2)[0]
    codes = Counter(reply.code for reply in all_at_once([Post(url, guest(start), key="k")] * AT_ONCE))
    assert codes["link_used"] > 0
