"""Without a key 401; with another workspace's key every noun is simply not there."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from bookonce.accounts.api_keys import make_api_key, revoke_api_key
from bookonce.accounts.models import User
from bookonce.scheduling.issue_links import issue_links
from bookonce.scheduling.link_options import LinkOptions
from bookonce.scheduling.models import (
    Appointment,
    Booking,
    Calendar,
    CalendarGroup,
    Event,
    IdempotencyKey,
    LinkBatch,
    LinkRequest,
    OneTimeLink,
    Schedule,
    TimeOff,
)
from bookonce.scheduling.questions import create_question
from bookonce.scheduling.request_link import request_link
from bookonce.scheduling.time_off import add_time_off
from tests.api.caller import Caller, call_as, is_problem
from tests.api.operations import OPERATIONS
from tests.cast import NOW, Person, book_through, make_link
from tests.groups import make_group

UNKNOWN = {
    "link_id": "lnk_" + "a" * 16,
    "batch_id": "bat_" + "a" * 16,
    "request_id": "req_" + "a" * 16,
    "calendar_id": "cal_" + "a" * 16,
    "group_id": "grp_" + "a" * 16,
    "question_id": "qst_aaaaaaaaaaaaaaaa",
    "schedule_id": "sch_" + "a" * 16,
    "time_off_id": "off_" + "a" * 16,
    "appointment_id": "apt_" + "a" * 16,
    "booking_id": "bkg_" + "a" * 16,
}
# What Charlie sees: `missing` by id, `empty` lists, `own` for what he makes in his own workspace.
EXPECTED = {
    ("POST", "/one-time-links"): "own",
    ("POST", "/one-time-links/bulk"): "own",
    ("GET", "/one-time-links"): "empty",
    ("GET", "/one-time-links/{link_id}"): "missing",
    ("PATCH", "/one-time-links/{link_id}"): "missing",
    ("GET", "/one-time-links/{link_id}/message"): "missing",
    ("POST", "/one-time-links/{link_id}/revoke"): "missing",
    ("POST", "/one-time-links/revoke"): "own",
    ("GET", "/link-batches"): "empty",
    ("GET", "/link-batches/{batch_id}"): "missing",
    ("POST", "/link-batches/{batch_id}/revoke"): "missing",
    ("GET", "/link-requests"): "empty",
    ("GET", "/link-requests/{request_id}"): "missing",
    ("POST", "/link-requests/{request_id}/answer"): "missing",
    ("POST", "/link-requests/{request_id}/dismiss"): "missing",
    ("POST", "/calendars"): "own",
    ("GET", "/calendars"): "empty",
    ("GET", "/calendars/{calendar_id}"): "missing",
    ("PATCH", "/calendars/{calendar_id}"): "missing",
    ("DELETE", "/calendars/{calendar_id}"): "missing",
    ("POST", "/calendars/{calendar_id}/restore"): "missing",
    ("POST", "/calendar-groups"): "own",
    ("GET", "/calendar-groups"): "empty",
    ("GET", "/calendar-groups/{group_id}"): "missing",
    ("PATCH", "/calendar-groups/{group_id}"): "missing",
    ("DELETE", "/calendar-groups/{group_id}"): "missing",
    ("POST", "/calendar-groups/{group_id}/restore"): "missing",
    ("POST", "/questions"): "own",
    ("GET", "/questions"): "empty",
    ("GET", "/questions/{question_id}"): "missing",
    ("PATCH", "/questions/{question_id}"): "missing",
    ("DELETE", "/questions/{question_id}"): "missing",
    ("POST", "/questions/{question_id}/restore"): "missing",
    ("POST", "/schedules"): "own",
    ("GET", "/schedules"): "empty",
    ("GET", "/schedules/{schedule_id}"): "missing",
    ("PATCH", "/schedules/{schedule_id}"): "missing",
    ("DELETE", "/schedules/{schedule_id}"): "missing",
    ("POST", "/time-off"): "own",
    ("GET", "/time-off"): "empty",
    ("GET", "/time-off/{time_off_id}"): "missing",
    ("PATCH", "/time-off/{time_off_id}"): "missing",
    ("DELETE", "/time-off/{time_off_id}"): "missing",
    ("GET", "/appointments"): "empty",
    ("GET", "/appointments/{appointment_id}"): "missing",
    ("POST", "/appointments/{appointment_id}/cancel"): "missing",
    ("POST", "/bookings/{booking_id}/cancel"): "missing",
    ("POST", "/bookings/{booking_id}/cancel-series"): "missing",
    ("POST", "/bookings/{booking_id}/confirm"): "missing",
    ("POST", "/bookings/{booking_id}/decline"): "missing",
    ("PATCH", "/bookings/{booking_id}"): "missing",
    ("POST", "/bookings/{booking_id}/new-link"): "missing",
}
TEA = {"label": "Which tea?", "kind": "short"}
OWN = {  # what Charlie has in his own workspace
    "/calendars": lambda charlie: charlie.calendar.public_id,
    "/schedules": lambda charlie: charlie.schedule.public_id,
}
MISSING = [operation for operation, expected in EXPECTED.items() if expected == "missing"]


@pytest.fixture
def ids(api: Caller, alice: Person) -> dict[str, str]:
    """Nouns of Alice's."""
    book_through(make_link(alice))
    dead = make_link(alice).link
    request_link(dead.pk, {"name": "Sam", "email": "sam@example.org"}, now=NOW)
    return {
        "request_id": LinkRequest.objects.get().public_id,
        "link_id": make_link(alice).link.public_id,
        "batch_id": issue_links(alice.calendar, [LinkOptions()], by=alice.actor, now=NOW).public_id,
        "calendar_id": alice.calendar.public_id,
        "group_id": make_group(alice, alice.calendar).public_id,
        "question_id": create_question(alice.workspace, TEA, now=NOW).public_id,
        "schedule_id": alice.schedule.public_id,
        "time_off_id": add_time_off({"from": "2026-12-24"}, by=alice.member, now=NOW).public_id,
        "appointment_id": Appointment.objects.get().public_id,
        "booking_id": Booking.objects.get().public_id,
    }


def facts() -> list[Any]:
    models = (
        OneTimeLink,
        LinkRequest,
        LinkBatch,
        Calendar,
        CalendarGroup,
        Schedule,
        TimeOff,
        Appointment,
        Event,
        IdempotencyKey,
    )
    return [list(model.objects.order_by("pk").values()) for model in models]


def fill(path: str, ids: dict[str, str]) -> str:
    return re.sub(r"{(\w+)}", lambda found: ids[found[1]], path)


def test_the_matrix_holds_every_operation() -> None:
    assert set(EXPECTED) == set(OPERATIONS)


@pytest.mark.parametrize(("method", "path"), MISSING)
def test_another_workspace_s_noun_is_not_there(
    ids: dict[str, str], charlie: Person, method: str, path: str
) -> None:
    stranger = call_as(charlie)
    before = facts()
    body: object = {} if method != "GET" else None
    unknown = stranger.send(method, fill(path, UNKNOWN), body)
    is_problem(unknown, 404, "not_found")
    odd = ["%00", "x", "%ff", "lnk_" + "é" * 16, "9" * 400, ids["calendar_id"].upper()]
    for address in (fill(path, ids), *(re.sub(r"{\w+}", text, path) for text in odd)):
        response = stranger.send(method, address, body, Idempotency_Key="k")
        assert (response.status_code, response.content) == (404, unknown.content)
        assert response.headers == unknown.headers
    assert facts() == before


@pytest.mark.parametrize(("method", "path"), [at for at, expected in EXPECTED.items() if expected == "empty"])
def test_lists_hold_the_caller_s_own(ids: dict[str, str], charlie: Person, method: str, path: str) -> None:
    items = call_as(charlie).send(method, path).json()["items"]
    assert [item["id"] for item in items] == ([OWN[path](charlie)] if path in OWN else [])


def test_another_workspace_s_calendar_can_t_be_linked_to(ids: dict[str, str], charlie: Person) -> None:
    replies = [
        call_as(charlie).post("/one-time-links", {"calendar": calendar})
        for calendar in (ids["calendar_id"], UNKNOWN["calendar_id"])
    ]
    assert list(is_problem(replies[0], 422, "invalid")["errors"]) == ["calendar"]
    assert replies[0].content == replies[1].content
    replies = [
        call_as(charlie).post("/one-time-links", {"group": group})
        for group in (ids["group_id"], UNKNOWN["group_id"])
    ]
    assert list(is_problem(replies[0], 422, "invalid")["errors"]) == ["group"]
    assert replies[0].content == replies[1].content
    many = {"calendar": ids["calendar_id"], "links": [{}]}
    refused = is_problem(call_as(charlie).post("/one-time-links/bulk", many), 422, "invalid")
    assert list(refused["errors"]) == ["calendar"]


def test_another_workspace_s_links_can_t_be_revoked_with_one_s_own(alice: Person, charlie: Person) -> None:
    hers, own = make_link(alice).link, make_link(charlie).link
    for stranger in (hers.public_id, UNKNOWN["link_id"]):
        reply = call_as(charlie).post("/one-time-links/revoke", {"ids": [own.public_id, stranger]})
        assert is_problem(reply, 422, "invalid")["errors"] == {
            "ids.1": ["There is no such link in this workspace."]
        }
    assert not OneTimeLink.objects.filter(revoked_at__isnull=False).exists()


def test_another_workspace_s_host_and_schedule_can_t_be_used(alice: Person, charlie: Person) -> None:
    body = {"name": "x", "durations": [30]}
    for field, value in (("host", alice.user.email), ("schedule", alice.schedule.public_id)):
        response = call_as(charlie).post("/calendars", body | {field: value})
        assert list(is_problem(response, 422, "invalid")["errors"]) == [field]


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_without_a_good_key_nothing_is_told(
    alice: Person, ids: dict[str, str], method: str, path: str
) -> None:
    key, revoked = make_api_key(alice.member, "Old", now=NOW)
    revoke_api_key(key, now=NOW)
    good = call_as(alice).secret or ""
    before = facts()
    headers = [
        {},
        *({"Authorization": f"Bearer {secret}"} for secret in (revoked, "bo_wrong", "", "é", good.upper())),
        *({"Authorization": value} for value in (good, f"Basic {good}", f"Bearer  {good}", "Bearer")),
    ]
    replies = [Caller(None).send(method, fill(path, ids), {}, **named) for named in headers]
    for reply in replies:
        is_problem(reply, 401, "unauthorized")
        assert reply.headers["WWW-Authenticate"].startswith("Bearer")
        assert reply.content == replies[0].content
    assert facts() == before


def test_the_key_of_someone_who_left_is_dead(alice: Person) -> None:
    caller = call_as(alice)
    assert caller.get("/calendars").status_code == 200
    User.objects.filter(pk=alice.user.pk).update(is_active=False)
    is_problem(caller.get("/calendars"), 401, "unauthorized")


@pytest.mark.parametrize("path", ["/", "/nothing", "/one-time-links/", "/calendars/x/y", "/openapi.json/x"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_such_address(api: Caller, path: str, method: str) -> None:
    is_problem(api.send(method, path), 404, "not_found")


@pytest.mark.parametrize("path", sorted({path for _, path in OPERATIONS}))
def test_other_methods_are_refused(api: Caller, path: str) -> None:
    known = sorted(method for method, other in OPERATIONS if other == path)
    if "GET" in known:
        known = sorted([*known, "HEAD"])
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"} - set(known):
        response = api.send(method, fill(path, UNKNOWN))
        is_problem(response, 405, "method_not_allowed")
        assert response.headers["Allow"] == ", ".join(known)


def test_a_browser_s_cookie_opens_nothing(client: Client, alice: Person) -> None:
    client.force_login(alice.user)
    assert client.get("/api/v1/calendars").status_code == 401


def test_a_database_that_does_not_answer_is_busy(api: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(token: str) -> None:
        raise OperationalError("timeout")

    monkeypatch.setattr("bookonce.api.v1.access.find_api_key", fail)
    response = api.get("/calendars")
    is_problem(response, 503, "busy")
    assert response.headers["Retry-After"]
