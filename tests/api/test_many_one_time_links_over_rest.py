"""POST /one-time-links/bulk: all or none, by row."""

from __future__ import annotations

from typing import Any

import pytest

from bookonce.scheduling.models import LinkBatch, OneTimeLink
from tests.api.caller import Caller, call_as, is_problem
from tests.bad_rows import FIFTY_BAD_ROWS
from tests.cast import Person, make_link

BULK = "/one-time-links/bulk"


def rows(count: int) -> list[dict[str, Any]]:
    return [{"recipient": {"name": f"Person {n}"}, "external_ref": f"ref-{n}"} for n in range(count)]


def test_a_link_for_every_row_in_their_order(api: Caller, alice: Person) -> None:
    known = make_link(alice, external_ref="ref-1").link
    links = [{"label": "first"}, *rows(3), {"label": "last"}]
    answer = api.post(BULK, {"calendar": alice.calendar.public_id, "name": "Fair", "links": links})
    assert answer.status_code == 201
    body = answer.json()
    assert [item["external_ref"] for item in body["items"]] == [None, "ref-0", "ref-1", "ref-2", None]
    assert body["items"][2]["id"] == known.public_id
    assert all("/o/" in item["url"] for item in body["items"])
    batch = LinkBatch.objects.get(public_id=body["batch"])
    assert (batch.name, batch.made, batch.wanted, batch.created_via) == ("Fair", 4, 5, "api")
    labels = [OneTimeLink.objects.get(public_id=body["items"][n]["id"]).label for n in (0, 4)]
    assert labels == ["first", "last"]


def test_faults_are_told_by_row_and_field_and_nothing_is_made(api: Caller, alice: Person) -> None:
    links = [
        {"label": "fine", "external_ref": "a"},
        {"recipient": {"email": "nobody"}},
        {"expires_at": "soon", "external_ref": "a", "colour": "red"},
        "text",
        {"calendar": alice.calendar.public_id},
    ]
    answer = api.post(BULK, {"calendar": alice.calendar.public_id, "links": links})
    errors = is_problem(answer, 422, "invalid")["errors"]
    assert set(errors) == {
        "links.1.recipient.email",
        "links.2.expires_at",
        "links.2.external_ref",
        "links.2.colour",
        "links.3",
        "links.4.calendar",
    }
    assert not OneTimeLink.objects.exists()
    assert not LinkBatch.objects.exists()


def test_fifty_bad_rows_are_told_one_by_one_and_nothing_is_made(api: Caller, alice: Person) -> None:
    links = [{"external_ref": "same"}, *(as_json(row, said) for row, said in FIFTY_BAD_ROWS)]
    answer = api.post(BULK, {"calendar": alice.calendar.public_id, "links": links})
    errors = is_problem(answer, 422, "invalid")["errors"]
    assert sorted(int(field.split(".")[1]) for field in errors) == list(range(1, 51))
    assert not OneTimeLink.objects.exists()
    assert not LinkBatch.objects.exists()


def as_json(row: str, said: str) -> dict[str, Any]:
    """What a program would send of a row; where only a file can be wrong like this, a bad address."""
    name, email, phone, label, expires, reference, length = row.replace('"', "").split(",")[:7]
    if said in {"Give a name", "formula", "characters are lost", "quotation mark", "9 values for 8 columns"}:
        return {"recipient": {"email": "nobody"}}
    link: dict[str, Any] = {"label": label, "expires_at": expires or None, "external_ref": reference or None}
    if said == "bytes of JSON":
        link["metadata"] = {"City": "x" * 5000}
    if length:
        link["durations"] = [int(length) if length.isdigit() else length]
    return link | {"recipient": {"name": name, "email": email, "phone": phone}}


@pytest.mark.parametrize("links", [None, [], {}, "x", [{}] * 1001])
def test_a_list_of_up_to_a_thousand_is_needed(api: Caller, alice: Person, links: object) -> None:
    answer = api.post(BULK, {"calendar": alice.calendar.public_id, "links": links})
    assert "1,000" in is_problem(answer, 422, "invalid")["errors"]["links"][0]


def test_a_thousand_rows_and_their_retry(api: Caller, alice: Person) -> None:
    body = {"calendar": alice.calendar.public_id, "links": [{"label": "x" * 100}] * 1000}
    first = api.post(BULK, body, Idempotency_Key="k1")
    again = api.post(BULK, body, Idempotency_Key="k1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert again.headers["Idempotent-Replayed"] == "true"
    assert OneTimeLink.objects.count() == 1000
    is_problem(api.post(BULK, body | {"name": "y"}, Idempotency_Key="k1"), 422, "idempotency_mismatch")


def test_too_large_a_body_and_one_that_is_no_json(api: Caller) -> None:
    is_problem(api.send_raw("POST", BULK, b" " * (4 * 1024**2 + 1)), 422, "invalid")
    is_problem(api.send_raw("POST", BULK, b"{"), 422, "invalid")


def test_a_stranger_finds_no_calendar(alice: Person, charlie: Person) -> None:
    answer = call_as(charlie).post(BULK, {"calendar": alice.calendar.public_id, "links": [{}]})
    assert "calendar" in is_problem(answer, 422, "invalid")["errors"]
    is_problem(Caller(None).post(BULK, {}), 401, "unauthorized")
    assert not OneTimeLink.objects.exists()
