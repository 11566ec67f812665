"""Who hosts: priority, turns, shares; the same question always has the same answer."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bookonce.scheduling.choose_host import Distribution, Standing, choose_host

AVAILABILITY, EQUAL = Distribution.AVAILABILITY, Distribution.EQUAL


def test_availability_takes_the_highest_priority_that_is_free() -> None:
    hosts = [Standing(1, priority=1), Standing(2, priority=3, last_turn=900), Standing(3, priority=2)]
    assert choose_host({1, 2, 3}, hosts, AVAILABILITY) == 2
    assert choose_host({1, 3}, hosts, AVAILABILITY) == 3


def test_within_a_priority_the_turn_goes_to_whose_last_is_longest_ago() -> None:
    hosts = [Standing(1, last_turn=300), Standing(2, last_turn=100), Standing(3, last_turn=200)]
    assert choose_host({1, 2, 3}, hosts, AVAILABILITY) == 2
    assert choose_host({1, 2, 3}, [*hosts, Standing(4)], AVAILABILITY) == 2  # 4 is not free
    assert choose_host({1, 2, 3, 4}, [*hosts, Standing(4)], AVAILABILITY) == 4  # never had one
    assert choose_host({1, 2}, [Standing(1, last_turn=1), Standing(2)], AVAILABILITY, seed="a") == 2
    assert choose_host({1, 2}, [Standing(1, last_turn=1), Standing(2)], AVAILABILITY, seed="b") == 2
    assert choose_host({1, 2}, [Standing(1), Standing(2, last_turn=1)], AVAILABILITY, seed="a") == 1
    assert choose_host({1, 2}, [Standing(1), Standing(2, last_turn=1)], AVAILABILITY, seed="b") == 1


def test_equal_takes_the_fewest_for_the_weight() -> None:
    hosts = [Standing(1, turns=3), Standing(2, turns=5, weight=2), Standing(3, turns=4, priority=9)]
    assert choose_host({1, 2, 3}, hosts, EQUAL) == 2  # 2.5 against 3 and 4
    assert choose_host({1, 3}, hosts, EQUAL) == 1


def test_equal_shares_are_decided_by_priority_and_then_by_the_last_turn() -> None:
    hosts = [Standing(1, turns=2, weight=2, last_turn=4), Standing(2, turns=1, last_turn=3)]
    assert choose_host({1, 2}, hosts, EQUAL) == 2
    assert choose_host({1, 2}, [*hosts, Standing(3, turns=1, priority=1, last_turn=5)], EQUAL) == 2
    assert choose_host({1, 2, 3}, [*hosts, Standing(3, turns=1, priority=1, last_turn=5)], EQUAL) == 3


def test_a_moved_appointment_stays_with_its_host_who_is_free() -> None:
    hosts = [Standing(1, priority=9), Standing(2)]
    assert choose_host({1, 2}, hosts, AVAILABILITY, stays_with=2) == 2
    assert choose_host({1}, hosts, AVAILABILITY, stays_with=2) == 1


def test_a_tie_is_decided_by_the_calendar_not_by_the_order() -> None:
    hosts = [Standing(n) for n in range(1, 6)]
    chosen = {seed: choose_host({1, 2, 3, 4, 5}, hosts, EQUAL, seed=seed) for seed in map(str, range(60))}
    assert set(chosen.values()) == {1, 2, 3, 4, 5}
    assert all(choose_host([5, 4, 3, 2, 1], hosts[::-1], EQUAL, seed=seed) == chosen[seed] for seed in chosen)


@pytest.mark.parametrize("weight", [0, -1])
def test_a_weight_of_nothing_is_refused(weight: int) -> None:
    with pytest.raises(ValueError, match="weight"):
        choose_host({1}, [Standing(1, weight=weight), Standing(2)], EQUAL)


def test_somebody_must_be_free() -> None:
    with pytest.raises(ValueError):
        choose_host(set(), [Standing(1)], EQUAL)


@given(st.lists(st.integers(1, 5), min_size=1, max_size=5), st.integers(1, 120))
def test_equal_shares_follow_the_weights(weights: list[int], bookings: int) -> None:
    counts = dict.fromkeys(range(len(weights)), 0)
    for _ in range(bookings):
        hosts = [Standing(n, weight=weights[n], turns=counts[n]) for n in counts]
        counts[choose_host(set(counts), hosts, EQUAL)] += 1
    for n, count in counts.items():
        assert abs(count - bookings * weights[n] / sum(weights)) <= sum(weights)


def test_turns_go_round() -> None:
    last = dict.fromkeys(range(5), 0)
    turns = []
    for number in range(1, 16):
        hosts = [Standing(n, last_turn=last[n]) for n in last]
        turns.append(choose_host(set(last), hosts, AVAILABILITY, seed="cal"))
        last[turns[-1]] = number
    assert turns[:5] == turns[5:10] == turns[10:]
    assert set(turns) == set(range(5))
