import pytest

from bookonce.dashboard.hours import DateRow, DayRow, date_rules, place_errors, row_problems, weekly_rules
from bookonce.dashboard.row_changes import changed_rows

WEEK = [
    DayRow(1, works=True, blocks=[("09:00", "12:00"), ("13:00", "00:00")]),
    DayRow(2, works=False, blocks=[("09:00", "17:00")]),
    DayRow(3, works=True, blocks=[("x", "17:00")]),
]
DATES = [
    DateRow("2026-12-05", "hours", "10:00", "12:00"),
    DateRow("2026-12-24", "closed", "", ""),
    DateRow("2026-12-05", "hours", "14:00", "16:00"),
]


def test_days_that_are_off_have_no_rule_and_midnight_ends_a_day() -> None:
    assert weekly_rules(WEEK) == [
        {"days": [1], "start": "09:00", "end": "12:00"},
        {"days": [1], "start": "13:00", "end": "24:00"},
        {"days": [3], "start": "x", "end": "17:00"},
    ]


def test_rows_of_one_date_are_one_rule() -> None:
    both = [{"start": "10:00", "end": "12:00"}, {"start": "14:00", "end": "16:00"}]
    assert date_rules(DATES) == [
        {"date": "2026-12-05", "ranges": both},
        {"date": "2026-12-24", "ranges": []},
    ]


def test_faults_go_to_the_row_they_came_from() -> None:
    week = [DayRow(row.weekday, row.works, row.blocks) for row in WEEK]
    dates = [DateRow(row.date, row.kind, row.start, row.end) for row in DATES]
    errors = {
        "weekly.2": ["A"],
        "overrides.1.date": ["B"],
        "weekly": ["C"],
        "weekly.77": ["D"],
        "name": ["E"],
    }
    assert place_errors(errors, week, dates) == {"weekly": ["C", "D"], "name": ["E"]}
    assert [row.errors for row in week] == [[], [], ["A"]]
    assert [row.errors for row in dates] == [[], ["B"], []]
    assert [(found.text, found.target) for found in row_problems(week, dates)] == [
        ("A", "id_day_3"),
        ("B", "id_date_1"),
    ]


@pytest.mark.parametrize(
    ("change", "blocks", "rows"),
    [
        ("add-day-1", (3, 1, 1), 3),
        ("add-day-2", (2, 1, 1), 3),
        ("remove-day-1-0", (1, 1, 1), 3),
        ("remove-day-3-0", (2, 1, 1), 3),
        ("remove-day-1-9", (2, 1, 1), 3),
        ("add-date", (2, 1, 1), 4),
        ("remove-date-1", (2, 1, 1), 2),
        ("remove-date-9", (2, 1, 1), 3),
        ("remove", (2, 1, 1), 3),
        ("", (2, 1, 1), 3),
    ],
)
def test_rows_come_and_go(change: str, blocks: tuple[int, ...], rows: int) -> None:
    week, dates = changed_rows(change, WEEK, DATES)
    assert tuple(len(row.blocks) for row in week) == blocks
    assert len(dates) == rows


def test_the_last_block_taken_away_closes_the_day_and_adding_opens_it() -> None:
    week, _dates = changed_rows("remove-day-3-0", WEEK, [])
    assert not week[2].works
    week, _dates = changed_rows("add-day-3", week, [])
    assert week[2].works
