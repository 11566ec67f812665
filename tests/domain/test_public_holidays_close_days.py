"""Public holidays of a region are closed, unless hours were set for the day."""

from __future__ import annotations

from datetime import date

import pytest

from bookonce.scheduling.errors import Invalid, NotAllowed, SlotTaken
from bookonce.scheduling.holiday_region import next_holidays, set_holiday_region
from bookonce.scheduling.models import HolidayRegion
from tests.cast import NOW, Person, book_through, make_link
from tests.domain.hours_of_a_host import offered, set_hours, version

CHRISTMAS = "2026-12-25T09:00:00+01:00"  # a Friday


def test_a_holiday_is_neither_offered_nor_booked(alice: Person) -> None:
    issued, before = make_link(alice), version(alice)
    set_holiday_region(alice.member, {"country": "DE"}, by=alice.member, now=NOW)
    assert version(alice) == before + 1
    assert offered(alice, "2026-12-25") == []
    assert offered(alice, "2026-12-24"), "no public holiday in Germany"
    with pytest.raises(SlotTaken):
        book_through(issued, CHRISTMAS)
    set_holiday_region(alice.member, {"country": ""}, by=alice.member, now=NOW)
    assert version(alice) == before + 2
    book_through(issued, CHRISTMAS)
    assert not HolidayRegion.objects.exists()


def test_hours_set_for_the_day_open_it(alice: Person) -> None:
    set_holiday_region(alice.member, {"country": "DE"}, by=alice.member, now=NOW)
    ranges = [{"start": "10:00", "end": "11:00"}]
    set_hours(alice, overrides=[{"date": "2026-12-25", "ranges": ranges}])
    assert offered(alice, "2026-12-25") == ["10:00", "10:30"]
    book_through(make_link(alice), "2026-12-25T10:30:00+01:00")


def test_parts_of_a_country_have_holidays_of_their_own(alice: Person) -> None:
    epiphany = "2027-01-06"  # a Wednesday
    set_holiday_region(alice.member, {"country": "DE"}, by=alice.member, now=NOW)
    assert offered(alice, epiphany)
    set_holiday_region(alice.member, {"country": "DE", "subdivision": "BY"}, by=alice.member, now=NOW)
    assert not offered(alice, epiphany)
    region = HolidayRegion.objects.get(member=alice.member)
    shown = next_holidays(region, today=date(2026, 12, 26), most=3, language="en-gb")
    assert [(str(found.day), found.name) for found in shown] == [
        ("2026-12-26", "Second Day of Christmas"),
        ("2027-01-01", "New Year's Day"),
        ("2027-01-06", "Epiphany"),
    ]


@pytest.mark.parametrize(
    ("raw", "field"),
    [
        ({"country": "XX"}, "country"),
        ({"country": "DEU"}, "country"),
        ({"country": 7}, "country"),
        ({"country": "DE", "subdivision": "ZZ"}, "subdivision"),
        ({"country": "", "subdivision": "BY"}, "subdivision"),
        ({"country": "NZ", "subdivision": "South Canterbury"}, "subdivision"),
        ({"land": "DE"}, "land"),
    ],
)
def test_unknown_regions_are_named(alice: Person, raw: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        set_holiday_region(alice.member, raw, by=alice.member, now=NOW)
    assert list(refused.value.errors) == [field]
    assert not HolidayRegion.objects.exists()


def test_members_choose_their_own(alice: Person, bob: Person) -> None:
    set_holiday_region(bob.member, {"country": "FR"}, by=bob.member, now=NOW)
    set_holiday_region(bob.member, {"country": "DE"}, by=alice.member, now=NOW)
    with pytest.raises(NotAllowed):
        set_holiday_region(alice.member, {"country": "DE"}, by=bob.member, now=NOW)
    assert HolidayRegion.objects.get().country == "DE"
