"""Every field of every body, as the OpenAPI document lists them: bad values are named, nothing is stored."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bookonce.scheduling.issue_links import issue_links
from bookonce.scheduling.link_options import LinkOptions
from bookonce.scheduling.models import (
    Appointment,
    Booking,
    Calendar,
    CalendarGroup,
    Event,
    GroupCalendar,
    IdempotencyKey,
    LinkRequest,
    OneTimeLink,
    OverrideHours,
    Schedule,
    TimeOff,
    WeeklyHours,
)
from bookonce.scheduling.questions import create_question
from bookonce.scheduling.request_link import request_link
from bookonce.scheduling.time_off import add_time_off
from tests.api.caller import Caller, is_problem
from tests.api.operations import OPERATIONS, body_of, resolve
from tests.cast import NOW, Person, book_through, make_link
from tests.groups import make_group

HUGE = 10**40
DEEP: Any = 0
for _ in range(10):
    DEEP = [{"x": DEEP}]
NO_TEXT = [7, 1.5, True, ["x"], {"x": "y"}, DEEP, "\ud800", "a\x00b", "\x1b", "a\u2028b", "x" * 5000]
NO_NUMBER = ["seven", "1e3", 1.5, True, ["1"], {"x": 1}, DEEP, HUGE, -1, str(HUGE), "\ud800", "\x00", "²"]
NO_BOOLEAN = ["maybe", 7, HUGE, ["true"], {"x": True}, DEEP, "\ud800", "\x00"]
NO_OBJECT = ["text", 7, True, ["x"], "\ud800", "\x00", HUGE]
NO_NUMBERS = [
    "seven",
    7,
    HUGE,
    [0],
    [1441],
    [HUGE],
    ["\ud800"],
    [[30]],
    [True],
    {"x": 30},
    DEEP,
    list(range(1, 99)),
]
# Fields whose text has a form of its own: what is text and yet none of these.
ODD = {
    "email": ["x", "a@b", "a@@example.org", "a b@example.org", "a\n@example.org"],
    "phone": ["call me", "1", "+" + "1" * 40],
    "expires_at": [
        "tomorrow",
        "2020-01-01",
        "2026-13-01",
        "2026-12-01T09:00:00",
        "2026-11-23T07:00:00Z",
        "2026-W50-1",
    ],
    "not_before": [
        "tomorrow",
        "2026-12-01",
        "2026-12-01T25:00:00Z",
        "1999-01-01T00:00:00Z",
        "9999-12-31T23:59:59-01:00",
    ],
    "from": ["2026-02-30", "2026-1-1", "20261201", "٢٠٢٦-12-01"],
    "to": ["2026-02-30", "2026-1-1", "20261201"],
    "calendar": ["cal_" + "a" * 16, "nothing", ""],
    "slug": ["Upper", "two words", "-x", "x/y", "ü"],
    "kind": ["one", "classes", ""],
    "schedule": ["sch_" + "a" * 16],
    "host": ["nobody@example.com"],
    "member": ["nobody@example.com", "alice"],
    "timezone": ["Mars/Base", "CET+1"],
}
MAY_BE_EMPTY = {"kind"}  # an empty choice means none made
NULL_IS_BAD = {
    ("POST", "/one-time-links"): {"calendar"},
    ("POST", "/questions"): {"label", "kind"},
    ("PATCH", "/questions/{question_id}"): {"label", "kind"},
    ("POST", "/schedules"): {"timezone"},
    ("PATCH", "/schedules/{schedule_id}"): {"timezone"},
    ("POST", "/time-off"): {"from"},
    ("PATCH", "/time-off/{time_off_id}"): {"from"},
    ("POST", "/calendars"): {"name", "paused", "hosts"},
    ("POST", "/calendar-groups"): {"name", "paused"},
    ("PATCH", "/calendar-groups/{group_id}"): {"name", "slug", "paused"},
    ("PATCH", "/calendars/{calendar_id}"): {"name", "slug", "durations", "duration", "paused", "hosts"},
}


def bad_values(name: str, schema: dict[str, Any]) -> list[Any]:
    kinds = {"integer": NO_NUMBER, "boolean": NO_BOOLEAN, "array": NO_NUMBERS, "object": NO_OBJECT}
    if "enum" in schema or "const" in schema:
        return [*NO_TEXT, *(value for value in ODD["kind"] if value)]
    return kinds.get(schema.get("type", ""), [*NO_TEXT, *ODD.get(name, [])])


def cases() -> Iterator[tuple[str, str, str, Any]]:
    """Method, path, the field as an error names it, and a body member that is wrong there."""
    for method, path in OPERATIONS:
        body = body_of(method, path)
        if body is None:
            continue
        for name, found in body["properties"].items():
            schema = resolve(found)
            for value in bad_values(name, schema):
                yield method, path, name, {name: value}
            for inner, its_schema in schema.get("properties", {}).items():
                for value in bad_values(inner, resolve(its_schema)):
                    yield method, path, f"{name}.{inner}", {name: {inner: value}}
                yield method, path, f"{name}.x", {name: {inner: None, "x": 1}}
            if name in NULL_IS_BAD.get((method, path), set()):
                yield method, path, name, {name: None}
        for odd in ("unknown", "", "\ud800", "\x00", "__proto__"):
            yield method, path, odd, {odd: 1}


FIELDS = sorted({(method, path, field) for method, path, field, _ in cases()})


@pytest.fixture
def addresses(api: Caller, alice: Person) -> dict[str, tuple[str, dict[str, Any]]]:
    """Where each operation is, and a body that is good."""
    book_through(make_link(alice))
    Booking.objects.update(series="ser_of_one")
    link = make_link(alice, max_bookings=5).link
    group = make_group(alice, alice.calendar)
    batch = issue_links(alice.calendar, [LinkOptions()], by=alice.actor, now=NOW)
    request_link(link.pk, {"name": "Sam", "email": "sam@example.org"}, now=NOW)
    asked = LinkRequest.objects.get()
    question = create_question(alice.workspace, {"label": "Which tea?", "kind": "short"}, now=NOW)
    time_off = add_time_off({"from": "2026-12-24"}, by=alice.member, now=NOW)
    return {
        "/one-time-links": ("/one-time-links", {"calendar": alice.calendar.public_id}),
        "/one-time-links/bulk": (
            "/one-time-links/bulk",
            {"calendar": alice.calendar.public_id, "links": [{"label": "Sam"}]},
        ),
        "/one-time-links/revoke": ("/one-time-links/revoke", {"ids": [link.public_id]}),
        "/link-batches/{batch_id}/revoke": (f"/link-batches/{batch.public_id}/revoke", {}),
        "/one-time-links/{link_id}": (f"/one-time-links/{link.public_id}", {}),
        "/calendars": ("/calendars", {"name": "Call", "durations": [30]}),
        "/calendars/{calendar_id}": (f"/calendars/{alice.calendar.public_id}", {}),
        "/calendar-groups": ("/calendar-groups", {"name": "Meet us"}),
        "/calendar-groups/{group_id}": (f"/calendar-groups/{group.public_id}", {}),
        "/questions": ("/questions", {"label": "Which tea?", "kind": "short"}),
        "/questions/{question_id}": (f"/questions/{question.public_id}", {}),
        "/schedules": ("/schedules", {"timezone": "Europe/Berlin"}),
        "/schedules/{schedule_id}": (f"/schedules/{alice.schedule.public_id}", {}),
        "/time-off": ("/time-off", {"from": "2026-12-01"}),
        "/time-off/{time_off_id}": (f"/time-off/{time_off.public_id}", {}),
        "/appointments/{appointment_id}/cancel": (
            f"/appointments/{Appointment.objects.get().public_id}/cancel",
            {},
        ),
        "/bookings/{booking_id}": (f"/bookings/{Booking.objects.get().public_id}", {"status": "showed"}),
        **{
            f"/link-requests/{{request_id}}/{act}": (f"/link-requests/{asked.public_id}/{act}", {})
            for act in ("answer", "dismiss")
        },
        **{
            f"/bookings/{{booking_id}}/{act}": (f"/bookings/{Booking.objects.get().public_id}/{act}", {})
            for act in ("cancel", "cancel-series", "confirm", "decline", "new-link")
        },
    }


def facts() -> list[Any]:
    hours = (Schedule, WeeklyHours, OverrideHours, TimeOff)
    models = (
        OneTimeLink,
        LinkRequest,
        Calendar,
        CalendarGroup,
        GroupCalendar,
        *hours,
        Appointment,
        Event,
        IdempotencyKey,
    )
    return [list(model.objects.order_by("pk").values()) for model in models]


@pytest.mark.parametrize(("method", "path", "field"), FIELDS)
def test_a_bad_value_is_named_and_nothing_is_stored(
    api: Caller, addresses: dict[str, tuple[str, dict[str, Any]]], method: str, path: str, field: str
) -> None:
    address, good = addresses[path]
    before, wrong = facts(), []
    headers = {"Idempotency_Key": "k"} if method == "POST" else {}
    for body in [part for *at, part in cases() if at == [method, path, field]]:
        merged = {
            name: value for name, value in good.items() if name != "durations" or "duration" not in body
        }
        response = api.send(method, address, merged | body, **headers)
        problem = is_problem(response, 422, "invalid") if response.status_code == 422 else {"errors": {}}
        if not problem["errors"] or not all(
            sentences and (name == field or name.startswith(f"{field}."))  # an item of the list
            for name, sentences in problem["errors"].items()
        ):
            wrong.append((body, response.status_code, problem["errors"]))
    assert not wrong
    assert facts() == before


@pytest.mark.parametrize("name", ["metadata"])
def test_metadata_is_limited(api: Caller, alice: Person, name: str) -> None:
    for value in ({"x": "y" * 4000}, {"x": "a\x00b"}, {"x": "\ud800"}, {"\ud800": 1}, {"\x00": 1}):
        body = {"calendar": alice.calendar.public_id, name: value}
        assert list(is_problem(api.post("/one-time-links", body), 422, "invalid")["errors"]) == [name]
    assert OneTimeLink.objects.count() == 0


def test_metadata_comes_back_as_sent(api: Caller, alice: Person) -> None:
    value = {"a": [1, 1.5, -(10**300), None, True, {"ü": "😀"}], "": {}, "deep": nested(25)}
    body = {"calendar": alice.calendar.public_id, "metadata": value}
    assert api.post("/one-time-links", body).json()["metadata"] == value


def nested(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


WRITES = [(method, path) for method, path in OPERATIONS if method != "GET"]
NOT_JSON = [
    b"{",
    b"nothing",
    b'{"a": 1,}',
    b"{'a': 1}",
    b'{"a": NaN}',
    b'{"a": Infinity}',
    b'{"a": 1e999}',
    b'{"a": ' + b"9" * 5000 + b"}",
    b'{"a": "\xff"}',
    b"\xff\xfe{}",
    b"[" * 60_000,
    b'{"a":' * 10_000,
    b"[]",
    b"null",
    b'"text"',
    b"7",
    b'{"label": ' + b"[" * 33 + b"]" * 33 + b"}",
    b'{"metadata": ' + b'{"a":' * 900 + b"1" + b"}" * 900 + b"}",
    b'{"label": "' + b"x" * 270_000 + b'"}',
    b'{"label": "' + b"x" * 300_000 + b'"}',
]
LARGE = "/one-time-links/bulk"  # takes up to 4 MB


@pytest.mark.parametrize(("method", "path"), WRITES)
def test_what_is_no_json_object_is_refused(
    api: Caller, addresses: dict[str, tuple[str, dict[str, Any]]], method: str, path: str
) -> None:
    address = (
        addresses[path][0] if path in addresses else addresses["/one-time-links/{link_id}"][0] + "/revoke"
    )
    before = facts()
    too_long = [b'{"name": "' + b"x" * 4_300_000 + b'"}']
    for raw in [*NOT_JSON[:-2], *too_long] if path == LARGE else NOT_JSON:
        problem = is_problem(api.send_raw(method, address, raw), 422, "invalid")
        assert list(problem["errors"]) == ["body"], raw[:40]
    for kind in (
        "application/x-www-form-urlencoded",
        "text/plain",
        "multipart/form-data; boundary=x",
        "",
        "é",
    ):
        problem = is_problem(
            api.send_raw(method, address, b'{"label": "x"}', content_type=kind), 422, "invalid"
        )
        assert list(problem["errors"]) == ["Content-Type"], kind
    assert facts() == before


def test_json_with_a_charset_and_a_mark_is_json(api: Caller, alice: Person) -> None:
    body = f'{{"calendar": "{alice.calendar.public_id}", "label": "ü"}}'.encode()
    response = api.send_raw("POST", "/one-time-links", body, content_type="Application/JSON; charset=utf-8")
    assert response.json()["label"] == "ü"
