"""The week beside the month: which one is shown, its days, and where else to look."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime

import pytest
from django.test import RequestFactory

from bookonce.booking_page import habits
from bookonce.booking_page.local_times import LocalClock
from bookonce.booking_page.month import lay_out
from bookonce.booking_page.week import Week, lay_out_week
from bookonce.lib.languages import speaking

BERLIN = LocalClock("Europe/Berlin")
TODAY = date(2026, 11, 25)  # a Wednesday


@pytest.fixture
def read_as() -> Iterator[RequestFactory]:
    """Whatever a test sets, the next one begins without."""
    token = habits._request.set(None)
    yield RequestFactory()
    habits._request.reset(token)


def free(*instants: str) -> Callable[[int, int], Mapping[int, int | None]]:
    minutes = sorted(int(datetime.fromisoformat(instant).timestamp()) // 60 for instant in instants)
    return lambda start, end: {minute: None for minute in minutes if start <= minute < end}


def week(*instants: str, week: date | None = None, day: date | None = None) -> Week:
    return lay_out_week(free(*instants), BERLIN, today=TODAY, week=week, day=day)


def test_the_first_week_with_a_free_time_is_shown() -> None:
    shown = week("2026-12-10T09:00+01:00", "2026-12-10T10:00+01:00", "2026-12-13T23:30+01:00")
    assert (shown.first, shown.last) == (date(2026, 12, 7), date(2026, 12, 13))
    assert [len(day.times) for day in shown.days] == [0, 0, 0, 2, 0, 0, 1]
    assert (shown.day, shown.day_words) == ("2026-12-10", "Thursday, 10 December")
    assert (shown.earlier, shown.later) == ("2026-11-30", "2026-12-14")
    assert shown.where == {"week": "2026-12-07"}


def test_this_week_has_no_earlier_one() -> None:
    shown = week("2026-11-26T09:00+01:00")
    assert (shown.first, shown.earlier) == (date(2026, 11, 23), "")
    assert [day.past for day in shown.days] == [True, True, False, False, False, False, False]
    assert [day.today for day in shown.days].index(True) == 2


def test_any_day_names_its_week_and_the_past_leads_to_the_first_free_one() -> None:
    for asked in (date(2026, 12, 7), date(2026, 12, 9), date(2026, 12, 13)):
        assert week("2026-12-10T09:00+01:00", week=asked).first == date(2026, 12, 7)
        assert week("2026-12-10T09:00+01:00", day=asked).first == date(2026, 12, 7)
    for asked in (date(2020, 1, 1), date(2199, 1, 1), date.min, date.max):
        assert week("2026-12-10T09:00+01:00", week=asked).first == date(2026, 12, 7)


def test_an_empty_week_leads_to_the_next_free_day() -> None:
    shown = week("2027-02-03T09:00+01:00", week=date(2026, 12, 9))
    assert (shown.day, shown.next_free, shown.none_left) == ("", "2027-02-03", False)
    assert shown.next_free_words == "Wednesday, 3 February"
    empty = week()
    assert (empty.first, empty.next_free, empty.none_left) == (date(2026, 11, 23), "", True)


@pytest.mark.parametrize(
    ("language", "header", "first", "hours"),
    [
        ("en", "", "Mo", "24"),
        ("en", "en-US,en;q=0.8", "Su", "12"),
        ("en", "sv-SE,en-GB;q=0.8", "Mo", "24"),
        ("en", "de-DE", "Mo", "24"),
        ("de", "de-AT", "Mo", "24"),
        ("pt", "pt-BR,pt;q=0.9", "do", "24"),
        ("fr", "fr-CH", "lu", "24"),
        ("ar", "ar", "ح", "12"),
        ("en", "en-XX,en-_x,en-us-\x00,*;q=x", "Mo", "24"),
    ],
)
def test_weeks_and_clocks_as_people_there_have_them(
    read_as: RequestFactory, language: str, header: str, first: str, hours: str
) -> None:
    habits._request.set(read_as.get("/", HTTP_ACCEPT_LANGUAGE=header))
    with speaking(language):
        month = lay_out(free(), BERLIN, today=TODAY, month=date(2026, 12, 1), day=None)
        assert habits.hours() == hours
        if language != "ar":
            assert month.weekdays[0][0].startswith(first)
        else:
            assert habits.first_weekday() == 5, "Saturday"
        shown = lay_out_week(free("2026-12-10T09:00+01:00"), BERLIN, today=TODAY, week=None, day=None)
        assert shown.first.weekday() == habits.first_weekday()
        assert [cell.number for week in month.weeks for cell in week if cell.number] == list(range(1, 32))
        assert all(len(week) == 7 for week in month.weeks)
        column = (date(2026, 12, 1).weekday() - habits.first_weekday()) % 7
        assert month.weeks[0][column].number == 1


def test_twelve_hours_are_chosen_over_every_habit(read_as: RequestFactory) -> None:
    habits._request.set(read_as.get("/?clock=12"))
    assert [habits.clock_in_words(clock) for clock in ("00:05", "09:00", "12:00", "23:59")] == [
        "12:05 am",
        "9:00 am",
        "12:00 pm",
        "11:59 pm",
    ]
    habits._request.set(read_as.post("/", {"clock": "12"}, HTTP_ACCEPT_LANGUAGE="en-GB"))
    assert habits.clock_in_words("13:00") == "1:00 pm"
    habits._request.set(read_as.get("/?clock=13", HTTP_ACCEPT_LANGUAGE="en-GB"))
    assert habits.clock_in_words("13:00") == "13:00"


def test_parts_of_the_day_go_by_the_day_whatever_the_clock_shows(read_as: RequestFactory) -> None:
    habits._request.set(read_as.get("/?clock=12"))
    instants = [f"2026-12-10T{hour:02}:00+01:00" for hour in (0, 8, 11, 12, 13, 16, 17, 23)]
    month = lay_out(free(*instants), BERLIN, today=TODAY, month=None, day=None)
    assert [(part.name, [free.time.clock for free in part.times]) for part in month.parts] == [
        ("Morning", ["00:00", "08:00", "11:00"]),
        ("Afternoon", ["12:00", "13:00", "16:00"]),
        ("Evening", ["17:00", "23:00"]),
    ]


def test_a_month_knows_which_of_its_weeks_have_passed() -> None:
    found = free("2026-11-24T09:00+01:00")
    month = lay_out(found, BERLIN, today=date(2026, 11, 23), month=date(2026, 11, 1), day=None)
    assert (len(month.weeks), month.gone) == (6, 4), "a phone leaves out four, a desk shows the whole month"
    assert month.weeks[month.gone][0].number == 23
    assert lay_out(found, BERLIN, today=date(2026, 11, 1), month=date(2026, 11, 1), day=None).gone == 0
    assert lay_out(found, BERLIN, today=date(2026, 11, 23), month=date(2026, 12, 1), day=None).gone == 0
    last = lay_out(found, BERLIN, today=date(2026, 11, 30), month=date(2026, 11, 1), day=None)
    assert last.gone == len(last.weeks) - 1
