import re
from typing import Any

import pytest

from bookonce.scheduling.models import OverrideHours, WeeklyHours
from tests.cast import Person
from tests.pages.owner_pages import said_beside, signed_in, text


def page_of(person: Person) -> str:
    return f"/app/schedules/{person.schedule.public_id}/"


def hours(**changes: Any) -> dict[str, Any]:
    """Monday in two blocks, Tuesday to midnight, 24 December closed, 5 December open."""
    return {
        "name": "Studio",
        "timezone": "Europe/Lisbon",
        "on-1": "on",
        "start-1": ["09:00", "13:00"],
        "end-1": ["12:00", "17:30"],
        "on-2": "on",
        "start-2": ["18:00"],
        "end-2": ["00:00"],
        "start-3": ["09:00"],
        "end-3": ["17:00"],
        "date": ["2026-12-24", "2026-12-05", "2026-12-05"],
        "date-kind": ["closed", "hours", "hours"],
        "date-start": ["09:00", "10:00", "14:00"],
        "date-end": ["17:00", "12:00", "16:00"],
    } | changes


def kept(person: Person) -> tuple[list[Any], list[Any]]:
    weekly = WeeklyHours.objects.filter(schedule=person.schedule).values_list("weekday", "starts", "ends")
    dates = OverrideHours.objects.filter(schedule=person.schedule).values_list("day", "starts", "ends")
    return list(weekly), [(day.isoformat(), starts, ends) for day, starts, ends in dates]


def test_hours_are_kept_and_shown_again(alice: Person) -> None:
    client = signed_in(alice)
    assert client.post(page_of(alice), hours()).status_code == 302
    weekly, dates = kept(alice)
    assert weekly == [(1, 540, 720), (1, 780, 1050), (2, 1080, 1440)]
    assert sorted(dates, key=str) == [
        ("2026-12-05", 600, 720),
        ("2026-12-05", 840, 960),
        ("2026-12-24", None, None),
    ]
    alice.schedule.refresh_from_db()
    assert (alice.schedule.name, alice.schedule.timezone) == ("Studio", "Europe/Lisbon")
    page = text(client.get(page_of(alice)))
    assert 'value="13:00"' in page
    assert 'value="2026-12-24"' in page
    assert '<option value="Europe/Lisbon" selected>' in page
    again = hours(**{"end-2": ["00:00"]})
    client.post(page_of(alice), again)
    assert kept(alice) == (weekly, dates), "what the page shows can be sent again"


def test_rows_are_added_and_removed_without_scripts(alice: Person) -> None:
    client, before = signed_in(alice), kept(alice)
    page = text(client.post(page_of(alice), hours(change="add-day-1")))
    assert page.count('name="start-1"') == 3
    page = text(client.post(page_of(alice), hours(change="remove-day-1-0")))
    assert page.count('name="start-1"') == 1
    assert 'value="13:00"' in page
    page = text(client.post(page_of(alice), hours(change="add-date")))
    assert page.count('name="date"') == 4
    page = text(client.post(page_of(alice), hours(change="remove-date-0")))
    assert "2026-12-24" not in page
    page = text(client.post(page_of(alice), hours(change="turn-upside-down")))
    assert page.count('name="date"') == 3
    assert kept(alice) == before, "nothing is saved by it"


@pytest.mark.parametrize(
    ("changes", "place", "reason"),
    [
        ({"timezone": "Mars/Olympus"}, "id_timezone", "not a time zone"),
        ({"name": "x" * 81}, "id_name", "At most 80"),
        ({"start-1": ["", "13:00"]}, "day_1", "start and end"),
        ({"end-1": ["25:00", "17:00"]}, "day_1", "start and end"),
        ({"date": ["", "2026-12-05", "2026-12-05"]}, "date_0", "date like"),
        ({"date": ["2026-02-31", "2026-12-05", "2026-12-05"]}, "date_0", "date like"),
        ({"date": ["2026-12-24"] * 2, "date-kind": ["closed"] * 2}, "date_1", "twice"),
        ({"date-start": ["", "x", "14:00"]}, "date_1", "start and end"),
    ],
)
def test_bad_hours_are_told_beside_their_row(
    alice: Person, changes: dict[str, Any], place: str, reason: str
) -> None:
    before = kept(alice)
    answer = signed_in(alice).post(page_of(alice), hours(**changes))
    page = text(answer)
    assert answer.status_code == 422
    assert reason in said_beside(page, place)
    assert "to mend" in page
    assert kept(alice) == before


@pytest.mark.parametrize("end", [["08:00", "17:00"], ["14:00", "17:00"]])
def test_hours_that_end_early_or_overlap_are_refused(alice: Person, end: list[str]) -> None:
    before = kept(alice)
    answer = signed_in(alice).post(page_of(alice), hours(**{"end-1": end}))
    assert answer.status_code == 422
    assert "Monday: " in text(answer), "the summary names the day"
    assert said_beside(text(answer), "day_1")
    assert kept(alice) == before


def test_no_hours_at_all_may_be_kept(alice: Person) -> None:
    sent = {"name": "Away", "timezone": "Europe/Berlin"}
    assert signed_in(alice).post(page_of(alice), sent).status_code == 302
    assert kept(alice) == ([], [])


def test_a_stranger_finds_nothing(alice: Person, charlie: Person) -> None:
    before = kept(alice)
    assert signed_in(charlie).get(page_of(alice)).status_code == 404
    assert signed_in(charlie).post(page_of(alice), hours()).status_code == 404
    assert kept(alice) == before


def test_a_night_is_shown_as_typed_with_where_it_ends(alice: Person) -> None:
    client = signed_in(alice)
    night = {"start-1": ["22:00"], "end-1": ["02:00"], "date-start": ["09:00", "23:30", "14:00"]}
    dates = {"date-end": ["17:00", "01:00", "16:00"], "date": ["2026-12-24", "2026-12-05", "2026-12-06"]}
    assert client.post(page_of(alice), hours(**night, **dates)).status_code == 302
    weekly, kept_dates = kept(alice)
    assert weekly == [(1, 1320, 1560), (2, 1080, 1440)]
    assert ("2026-12-05", 1410, 1500) in kept_dates
    page = text(client.get(page_of(alice)))
    assert 'name="end-1" value="02:00"' in page
    assert 'name="end-2" value="00:00"' in page
    assert shown_hints(page) == ["until 02:00 the next day, 4 h", "until 01:00 the next day, 1 h 30 min"]
    client.post(page_of(alice), hours(**night, **dates))
    assert kept(alice) == (weekly, kept_dates), "what the page shows can be sent again"


def test_hours_typed_the_wrong_way_round_stand_out(alice: Person) -> None:
    client = signed_in(alice)
    assert client.post(page_of(alice), hours(**{"start-1": ["17:00"], "end-1": ["09:00"]})).status_code == 302
    page = text(client.get(page_of(alice)))
    assert shown_hints(page) == ["until 09:00 the next day, 16 h"]
    assert "hours-night-long" in page


def shown_hints(page: str) -> list[str]:
    return re.findall(r'<span class="hours-night[\w -]*" data-night="[^"]*">([^<]+)<', page)
