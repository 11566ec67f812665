"""The OpenAPI document: valid in structure, complete, and held against the docs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern

from bookonce.api.v1.urls import rest
from bookonce.lib.problem import STATUS
from bookonce.scheduling import (
    calendar_settings,
    group_settings,
    link_options,
    question_settings,
    schedules,
    time_off,
    update_link,
)
from tests.api.operations import DOCUMENT, OPERATIONS, body_of, operation

DOCS = (Path(__file__).parents[2] / "docs" / "api.md").read_text()
REFUSALS = {"401", "403", "404", "409", "410", "422", "429", "503"}


def refs(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        for name, value in part.items():
            if name == "$ref":
                yield value
            else:
                yield from refs(value)
    elif isinstance(part, list):
        for value in part:
            yield from refs(value)


def test_it_is_served_without_a_key(client: Client) -> None:
    response = client.get("/api/v1/openapi.json")
    assert response.status_code == 200
    assert response.json() == DOCUMENT
    assert client.get("/api/v1/docs").status_code == 404


def test_it_is_openapi_3_1() -> None:
    assert DOCUMENT["openapi"].startswith("3.1.")
    assert {"title", "version"} <= DOCUMENT["info"].keys()
    assert all(server["url"].startswith("http") for server in DOCUMENT["servers"])
    for ref in refs(DOCUMENT):
        target: Any = DOCUMENT
        for part in ref.removeprefix("#/").split("/"):
            target = target[part]
        assert target, ref


def test_it_lists_exactly_the_routed_operations() -> None:
    routed = set()
    for route in rest.urls[0]:
        if isinstance(route, URLPattern) and route.name != "api-root":
            path = "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", str(route.pattern))
            routed |= {
                (method, path) for method in ("GET", "POST", "PUT", "PATCH", "DELETE") if allows(path, method)
            }
    assert routed == set(OPERATIONS)


def allows(path: str, method: str) -> bool:
    """Whether the route lets the method through to the check of the key."""
    address = "/api/v1" + re.sub(r"{\w+}", "x", path)
    return Client().generic(method, address).status_code != 405


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_each_operation_is_complete(method: str, path: str) -> None:
    found = operation(method, path)
    in_path = {parameter["name"] for parameter in found["parameters"] if parameter["in"] == "path"}
    assert in_path == set(re.findall(r"{(\w+)}", path))
    assert found["responses"].keys() >= REFUSALS
    assert {"200", "201", "204"} & found["responses"].keys()
    assert found["security"] == [{"Key": []}]
    assert found["summary"]
    named = {parameter["name"] for parameter in found["parameters"]}
    assert ("Idempotency-Key" in named) is (method == "POST")
    ids = [operation(*other)["operationId"] for other in OPERATIONS]
    assert ids.count(found["operationId"]) == 1


@pytest.mark.parametrize(
    ("method", "path", "known"),
    [
        ("POST", "/one-time-links", set(link_options.KNOWN)),
        ("PATCH", "/one-time-links/{link_id}", {name.split(".")[0] for name in update_link.COLUMNS}),
        ("POST", "/calendars", set(calendar_settings.KNOWN)),
        ("PATCH", "/calendars/{calendar_id}", set(calendar_settings.KNOWN)),
        ("POST", "/calendar-groups", set(group_settings.KNOWN)),
        ("PATCH", "/calendar-groups/{group_id}", set(group_settings.KNOWN)),
        ("POST", "/questions", set(question_settings.KNOWN)),
        ("PATCH", "/questions/{question_id}", set(question_settings.KNOWN)),
        ("POST", "/schedules", {*schedules.KNOWN, "member"}),
        ("PATCH", "/schedules/{schedule_id}", set(schedules.KNOWN)),
        ("POST", "/time-off", set(time_off.KNOWN)),
        ("PATCH", "/time-off/{time_off_id}", {*time_off.KNOWN} - {"member"}),
        ("POST", "/appointments/{appointment_id}/cancel", {"reason", "reopen_link"}),
        ("POST", "/bookings/{booking_id}/cancel", {"reason", "reopen_link"}),
    ],
)
def test_bodies_have_the_fields_that_the_domain_knows(method: str, path: str, known: set[str]) -> None:
    body = body_of(method, path)
    assert body is not None
    assert set(body["properties"]) == known


@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_each_operation_is_in_the_docs(method: str, path: str) -> None:
    written = re.sub(r"{\w+}", "{id}", path)
    assert f"`{method} /api/v1{written}`" in DOCS


@pytest.mark.parametrize("code", STATUS)
def test_each_code_is_in_the_docs(code: str) -> None:
    assert re.search(rf"^\| {STATUS[code]} \| `{code}` \| \S.*\|$", DOCS, re.MULTILINE), code


def test_the_docs_know_no_other_code() -> None:
    assert set(re.findall(r"^\| \d{3} \| `(\w+)` \|", DOCS, re.MULTILINE)) == set(STATUS)
