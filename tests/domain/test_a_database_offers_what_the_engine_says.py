"""Random rules files of every kind, as rows: the list is the engine's, all of it can be booked, nothing else.

The engine itself is compared with a slow oracle in tests/unit.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings

from bookonce.lib.instants import from_minutes, iso, to_minutes, to_seconds
from bookonce.scheduling import errors, host_rows, slots
from bookonce.scheduling.book import book
from bookonce.scheduling.events import Actor
from bookonce.scheduling.issue_link import issue_link
from bookonce.scheduling.link_options import LinkOptions
from bookonce.scheduling.models import Appointment, BlockedTime, LimitCount
from bookonce.scheduling.offer import Door, ask, free_starts, get_offer
from bookonce.scheduling.rule_file import read_rule_set
from tests.cast import guest
from tests.domain.rules_in_a_database import Json, Loaded, load, minute, storable
from tests.strength import times
from tests.unit.rule_cases import rule_sets

pytestmark = pytest.mark.django_db

EXAMPLES = times(40, 2000)
LONGEST = 1440  # minutes that a booking may ask for
SAMPLE = 4


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(case=rule_sets())
def test_the_list_is_the_engines_and_can_be_booked(case: dict[str, Any]) -> None:
    case = storable(case)
    read, faults = read_rule_set(case)
    assert read is not None, faults
    query, now = read.query, datetime.fromisoformat(case["now"])
    with undone(), pytest.MonkeyPatch.context() as patch:
        loaded = load(case, "rules")
        stand_in(patch, case, loaded)
        offer = get_offer(door(case, loaded, now))
        starts = query.starts()
        listed = free_starts(
            offer,
            duration=query.duration,
            start=query.start,
            end=query.end,
            now=query.now,
            party=query.party,
        )
        assert listed == starts
        if (
            query.duration <= LONGEST and query.duration in offer.rules.durations
        ):  # others are refused as input
            check_bookings(case, loaded, query, now)


def check_bookings(case: Json, loaded: Loaded, query: slots.SlotQuery, now: datetime) -> None:
    """Each start by itself, then one after the other until nothing is left."""
    dice = random.Random(len(str(case)))
    starts = query.starts()
    hosts = query.hosts_by_start(starts)
    of_member = {member.pk: name for name, member in loaded.members.items()}
    for start in dice.sample(starts, min(SAMPLE, len(starts))):
        with undone():
            have = booked_hosts(case, loaded, start, now)
            assert {of_member[member] for member in have} <= set(hosts[start])
            if case["kind"] == "collective":
                assert len(have) == len(hosts[start])
            elif case["kind"] != "class":  # a session keeps the hosts with whom it was opened
                assert len(have) == 1
    if case.get("party", 1) > case.get("seats", 1) and case["kind"] == "class":
        return  # refused as input
    window = range(query.start, query.end)  # beyond it nothing was listed
    others = sorted({*window[::37]} - set(starts))
    near = [start + step for start in starts for step in (-1, 1) if start + step in window]
    near = [start for start in near if start not in set(starts)]
    for start in dice.sample(others, min(SAMPLE, len(others))) + dice.sample(near, min(SAMPLE, len(near))):
        with undone(), pytest.raises(errors.SlotTaken):
            booked_hosts(case, loaded, start, now)
    for _ in range(SAMPLE):
        left = listed_now(case, loaded, query, now)
        if not left:
            break
        booked_hosts(case, loaded, dice.choice(left), now)
    check_counts(loaded)


def booked_hosts(case: Json, loaded: Loaded, start: int, now: datetime) -> list[int]:
    """Who has the appointment that was booked."""
    asked = guest(
        iso(from_minutes(start)), duration=case["duration"], party=case.get("party", 1), timezone="UTC"
    )
    if case["kind"] != "class":
        asked["party"] = 1
    book(door(case, loaded, now), asked, now=now)
    appointment = Appointment.objects.exclude(status="cancelled").filter(calendar=loaded.calendar)
    found = appointment.filter(starts=start).order_by("-pk")[0]
    return list(BlockedTime.objects.filter(appointment=found).values_list("host", flat=True))


def listed_now(case: Json, loaded: Loaded, query: slots.SlotQuery, now: datetime) -> list[int]:
    offer = get_offer(door(case, loaded, now))
    asked = ask(offer, duration=query.duration, start=query.start, end=query.end, now=to_seconds(now))
    return replace(asked, party=query.party).starts()


def check_counts(loaded: Loaded) -> None:
    """The counters are what counting anew would make them."""
    live = Appointment.objects.exclude(status="cancelled").filter(calendar=loaded.calendar)
    offer = get_offer(Door.permanent(loaded.calendar.permanent_id))
    expected = slots.count_periods(offer.rules, offer.zone, [to_minutes(one.starts) for one in live])
    kept = LimitCount.objects.filter(calendar=loaded.calendar, taken__gt=0)
    assert {slots.Period(one.unit, one.first_day): one.taken for one in kept} == expected


def door(case: Json, loaded: Loaded, now: datetime) -> Door:
    """The permanent link, or a fresh one-time link where the file does not ask for the public."""
    if case.get("public", True):
        return Door.permanent(loaded.calendar.permanent_id)
    picked = tuple(sorted({minute(start) for start in case.get("picked", ())}))
    issued = issue_link(loaded.calendar, LinkOptions(slots=picked), by=Actor("page"), now=now)
    assert issued.token
    return Door.link(issued.token)


def stand_in(patch: pytest.MonkeyPatch, case: Json, loaded: Loaded) -> None:
    """The file's own holidays and seed, in place of a country's and of the installation's secret."""

    def holidays(country: str, _: str, first: date, last: date) -> frozenset[date]:
        return frozenset(day for day in loaded.holidays[country] if first <= day <= last)

    seed = case.get("look_busy", {}).get("seed", "").encode()
    patch.setattr(host_rows, "holidays_between", holidays)
    patch.setattr(slots, "hiding_seed", lambda *_: seed)


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens inside is rolled back."""
    savepoint = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(savepoint)
