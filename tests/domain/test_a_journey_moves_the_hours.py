"""On a journey the same hours are kept by another clock; a host is in one place at a time."""

from __future__ import annotations

from typing import Any

import pytest

from bookonce.scheduling.errors import Invalid, NotAllowed, NotFound, SlotTaken
from bookonce.scheduling.journeys import add_journey, change_journey, remove_journey
from bookonce.scheduling.models import Journey
from tests.cast import MONDAY_NINE, NOW, Person, book_through, make_link
from tests.domain.hours_of_a_host import offered, version

TRIP: dict[str, Any] = {"from": "2026-11-30", "to": "2026-12-02", "timezone": "America/New_York"}


def test_hours_are_those_of_the_other_clock_for_as_long(alice: Person) -> None:
    issued, before = make_link(alice), version(alice)
    trip = add_journey(TRIP, by=alice.member, now=NOW)
    assert version(alice) == before + 1
    assert offered(alice, "2026-11-30")[0] == "15:00", "09:00 in New York"
    assert offered(alice, "2026-11-30", zone="America/New_York")[-1] == "16:30"
    assert offered(alice, "2026-12-03")[0] == "09:00"
    with pytest.raises(SlotTaken):
        book_through(issued)
    book_through(make_link(alice), "2026-11-30T22:30:00+01:00")
    assert remove_journey(trip, by=alice.member, now=NOW)
    assert not remove_journey(trip, by=alice.member, now=NOW)
    book_through(issued, MONDAY_NINE)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2026-11-29", "2026-11-30"),
        ("2026-12-02", "2026-12-09"),
        ("2026-12-01", "2026-12-01"),
        ("2026-11-01", "2026-12-31"),
    ],
)
def test_two_journeys_never_overlap(alice: Person, bob: Person, first: str, last: str) -> None:
    add_journey(TRIP, by=alice.member, now=NOW)
    other = {"from": first, "to": last, "timezone": "Asia/Tokyo"}
    with pytest.raises(Invalid) as refused:
        add_journey(other, by=alice.member, now=NOW)
    assert "America/New York" in refused.value.errors["from"][0]
    assert Journey.objects.count() == 1
    assert add_journey(other | {"member": "bob@example.com"}, by=alice.member, now=NOW).member == bob.member


def test_a_journey_may_follow_another_and_change_within_its_own_days(alice: Person) -> None:
    first = add_journey(TRIP, by=alice.member, now=NOW)
    second = add_journey(TRIP | {"from": "2026-12-03", "to": "2026-12-05"}, by=alice.member, now=NOW)
    before = version(alice)
    change_journey(
        first, {"from": "2026-12-01", "to": "2026-12-02", "timezone": "Asia/Tokyo"}, by=alice.member, now=NOW
    )
    assert version(alice) == before + 1
    assert offered(alice, "2026-12-01")[0] == "01:00", "09:00 in Tokyo"
    with pytest.raises(Invalid) as refused:
        change_journey(second, TRIP, by=alice.member, now=NOW)
    assert list(refused.value.errors) == ["from"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"timezone": ""}, "timezone"),
        ({"from": ""}, "from"),
        ({"to": "2026-11-01"}, "to"),
        ({"zone": "UTC"}, "zone"),
    ],
)
def test_bad_journeys_are_named(alice: Person, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        add_journey(TRIP | changes, by=alice.member, now=NOW)
    assert list(refused.value.errors) == [field]
    assert not Journey.objects.exists()


def test_only_owners_plan_the_journeys_of_others(alice: Person, bob: Person, charlie: Person) -> None:
    trip = add_journey(TRIP, by=alice.member, now=NOW)
    with pytest.raises(NotAllowed):
        remove_journey(trip, by=bob.member, now=NOW)
    with pytest.raises(NotAllowed):
        change_journey(trip, TRIP, by=bob.member, now=NOW)
    with pytest.raises(NotFound):
        change_journey(trip, TRIP, by=charlie.member, now=NOW)
    remove_journey(trip, by=alice.member, now=NOW)
    with pytest.raises(NotFound):
        change_journey(Journey(pk=7, member=alice.member), TRIP, by=alice.member, now=NOW)
