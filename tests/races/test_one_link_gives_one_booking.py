"""Fifty guests at once through one link or onto one time, over HTTP: rows are counted, not only replies."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.live import LiveBookonce, NewBookonce
from tests.races.storm import (
    AT_ONCE,
    Post,
    all_at_once,
    check_promises,
    count,
    guest,
    new_calendar,
    new_links,
    overlaps,
    pause_inserts,
    rows,
    slots,
)
from tests.strength import times

SLOWED = ("scheduling_linkuse", "scheduling_appointment", "scheduling_blockedtime")
ROUNDS = {"as it is": times(4, 20), "slowed": times(2, 20)}
HONEST = {"201", "link_used", "slot_taken", "busy"}  # busy: the documented 503


@pytest.fixture(scope="module", params=["as it is", "slowed"])
def live(request: pytest.FixtureRequest, new_bookonce: NewBookonce) -> LiveBookonce:
    """A server on this run's engine; once as it is, once with a sleeping trigger in the booking's way."""
    installation = new_bookonce()
    if request.param == "slowed":
        pause_inserts(installation, *SLOWED)
    return installation


@pytest.fixture
def rounds(request: pytest.FixtureRequest) -> int:
    """How often a storm blows; 20 times each in `make proof`."""
    return ROUNDS[request.node.callspec.params["live"]]


def test_one_link_and_fifty_free_times_give_one_booking(live: LiveBookonce, rounds: int) -> None:
    starts = slots(AT_ONCE, weeks_ahead=2)
    for url in new_links(live, rounds):
        before = count(live, "scheduling_booking")
        replies = all_at_once([Post(url, guest(start, n)) for n, start in enumerate(starts)])
        codes = Counter(reply.code for reply in replies)
        assert codes["201"] == 1
        assert codes.keys() <= HONEST
        assert sum(codes.values()) == AT_ONCE
        assert count(live, "scheduling_booking") == before + 1
    check_promises(live)


def test_one_time_through_fifty_links_gives_one_booking_and_spends_one_link(
    live: LiveBookonce, rounds: int
) -> None:
    starts = slots(rounds, weeks_ahead=10)
    links = new_links(live, rounds * AT_ONCE)
    for number, start in enumerate(starts):
        ours = links[number * AT_ONCE : (number + 1) * AT_ONCE]
        active = count(live, "scheduling_onetimelink", "spent = 0")
        replies = all_at_once([Post(url, guest(start, n)) for n, url in enumerate(ours)])
        codes = Counter(reply.code for reply in replies)
        assert codes["201"] == 1
        assert codes.keys() <= HONEST - {"link_used"}
        assert count(live, "scheduling_onetimelink", "spent = 0") == active - 1
    check_promises(live)


@pytest.mark.parametrize("buffers", [0, 10])
def test_overlapping_starts_never_overlap(live: LiveBookonce, rounds: int, buffers: int) -> None:
    slug = new_calendar(
        live,
        name=f"Overlapping {buffers}",
        durations=[30, 60],
        interval=15,
        buffer_before=buffers,
        buffer_after=buffers,
    )
    starts = slots(rounds * 4, weeks_ahead=20 + buffers, step=60)
    links = new_links(live, rounds * AT_ONCE, calendar=slug)
    for number in range(rounds):
        hour = starts[number * 4]
        posts = []
        for n, url in enumerate(links[number * AT_ONCE : (number + 1) * AT_ONCE]):
            start = hour.replace(":00:00+", (":00:00+", ":15:00+", ":30:00+")[n % 3])
            posts.append(Post(url, guest(start, n, duration=(30, 60)[n % 2])))
        codes = Counter(reply.code for reply in all_at_once(posts))
        assert codes["201"] >= 1
        assert codes.keys() <= HONEST - {"link_used"}
        assert overlaps(live) == 0
    check_promises(live)


def test_one_request_sent_fifty_times_with_one_key_is_one_booking_and_one_answer(
    live: LiveBookonce, rounds: int
) -> None:
    starts = slots(rounds, weeks_ahead=15)
    for number, (url, start) in enumerate(zip(new_links(live, rounds), starts, strict=True)):
        before = count(live, "scheduling_booking")
        replies = all_at_once([Post(url, guest(start), key=f"key-{number}")] * AT_ONCE)
        answers = [reply for reply in replies if reply.code not in {"busy", "in_progress"}]
        assert {reply.status for reply in answers} == {201}
        assert len({str(sorted(reply.body.items(), key=str)) for reply in answers}) == 1
        assert count(live, "scheduling_booking") == before + 1
    check_promises(live)


def test_a_link_for_three_gives_three_bookings(live: LiveBookonce) -> None:
    starts = slots(AT_ONCE, weeks_ahead=25)
    for url in new_links(live, 5, max_bookings=3):
        codes = Counter(
            r.code for r in all_at_once([Post(url, guest(start, n)) for n, start in enumerate(starts)])
        )
        assert codes["201"] <= 3
        assert codes["201"] == 3 or codes["busy"] or codes["slot_taken"]
    assert rows(live, "SELECT COUNT(*) FROM scheduling_onetimelink WHERE spent > max_bookings") == [(0,)]
    check_promises(live)
