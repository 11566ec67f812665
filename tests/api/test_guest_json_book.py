"""POST {link}/book: one booking, the same answer to a retry, and a named refusal otherwise."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from bookonce.lib.addresses import manage_url
from bookonce.lib.stamps import make_stamp
from bookonce.lib.tokens import digest
from bookonce.scheduling.consent import set_consent_text
from bookonce.scheduling.models import Booking, Calendar, IdempotencyKey, OneTimeLink
from bookonce.scheduling.offer import Door
from bookonce.scheduling.questions import create_question, set_calendar_questions
from tests.api.guest_client import at_now, post, stop_clock  # noqa: F401 - a fixture
from tests.api.statements import statements
from tests.cast import MONDAY_NINE, MONDAY_TEN, NOW, Person, book_through, guest, make_link

pytestmark = [pytest.mark.usefixtures("at_now"), pytest.mark.django_db(transaction=True)]


def test_the_answer_is_the_booking_and_nothing_by_which_to_book_again(alice: Person) -> None:
    answer = post(f"/o/{make_link(alice).token}", guest(timezone="America/New_York"))
    assert answer.status_code == 201, answer.content
    body = answer.json()
    assert list(body) == ["id", "start", "end", "status", "manage_url", "calendar"]
    assert (body["start"], body["end"]) == ("2026-11-30T03:00:00-05:00", "2026-11-30T03:30:00-05:00")
    assert body["status"] == "confirmed"
    assert body["calendar"] == {"name": "Alice's meeting", "owner": "Alice"}
    booking = Booking.objects.get(public_id=body["id"])
    token = body["manage_url"].rpartition("/")[2]
    assert (manage_url(token), digest(token)) == (body["manage_url"], booking.manage_digest)
    for secret in (alice.calendar.slug, alice.calendar.permanent_id, alice.calendar.public_id):
        assert secret not in answer.content.decode()


def test_the_public_addresses_book_too(alice: Person) -> None:
    assert post("/atelier/alice-30").status_code == 201
    assert post(f"/c/{alice.calendar.permanent_id}", guest(MONDAY_TEN)).status_code == 201


def test_the_second_is_told_that_the_link_is_used(alice: Person) -> None:
    path = f"/o/{make_link(alice).token}"
    assert post(path).status_code == 201
    second = post(path, guest(MONDAY_TEN))
    assert (second.status_code, second.json()["code"]) == (410, "link_used")
    assert "expired" in second.json()["title"]


def test_a_taken_slot_leaves_the_link(alice: Person) -> None:
    book_through(make_link(alice))
    issued = make_link(alice)
    answer = post(f"/o/{issued.token}")
    assert (answer.status_code, answer.json()["code"]) == (409, "slot_taken")
    assert OneTimeLink.objects.get(pk=issued.link.pk).spent == 0


def test_a_retry_gets_the_first_answer(alice: Person) -> None:
    path = f"/o/{make_link(alice).token}"
    stamp = make_stamp(Door.link(path[3:]).scope, int(NOW.timestamp()))
    first = post(path, guest(form=stamp), **{"Idempotency-Key": "k1"})
    again = post(path, guest(), **{"Idempotency-Key": "k1"})
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.content == again.content
    assert Booking.objects.count() == 1
    other = post(path, guest(name="Another"), **{"Idempotency-Key": "k1"})
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_mismatch")


def test_a_refused_try_keeps_no_key(alice: Person) -> None:
    path = f"/o/{make_link(alice).token}"
    assert post(path, guest(email=""), **{"Idempotency-Key": "k1"}).status_code == 422
    assert post(path, **{"Idempotency-Key": "k1"}).status_code == 201


@pytest.mark.parametrize("key", ["", "a" * 256, "sp ace", "tab\t", "é"])
def test_a_key_is_visible_ascii(alice: Person, key: str) -> None:
    answer = post("/atelier/alice-30", **{"Idempotency-Key": key})
    assert answer.status_code == 422
    assert list(answer.json()["errors"]) == ["Idempotency-Key"]
    assert not Booking.objects.exists()


def test_the_longest_key_works(alice: Person) -> None:
    assert post("/atelier/alice-30", **{"Idempotency-Key": "~" * 255}).status_code == 201
    assert IdempotencyKey.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"start": None}, "start"),
        ({"start": "tomorrow"}, "start"),
        ({"start": "2026-11-30T09:00:00"}, "start"),
        ({"start": "2026-11-30T09:00:30+01:00"}, "start"),
        ({"start": 1764489600}, "start"),
        ({"duration": 45}, "duration"),
        ({"duration": 30.5}, "duration"),
        ({"duration": True}, "duration"),
        ({"duration": 10**40}, "duration"),
        ({"name": ""}, "name"),
        ({"name": "N" * 121}, "name"),
        ({"name": "Gina\nGuest"}, "name"),
        ({"name": "\x00"}, "name"),
        ({"name": "\ud800"}, "name"),
        ({"name": ["Gina"]}, "name"),
        ({"email": "gina"}, "email"),
        ({"email": None}, "email"),
        ({"timezone": "Berlin"}, "timezone"),
        ({"phone": "call me"}, "phone"),
        ({"location": 7}, "location"),
        ({"answers": "none"}, "answers"),
        ({"answers": {"notes": 1}}, "answers"),
        ({"answers": {"n": "\x00"}}, "answers"),
        ({"consent": "perhaps"}, "consent"),
        ({"guests": ["no address"]}, "guests"),
        ({"guests": [f"g{n}@example.org" for n in range(11)]}, "guests"),
        ({"guests": 5}, "guests"),
        ({"party": 2}, "party"),
        ({"host": "Mallory"}, "host"),
        ({"calendar": "cal_x"}, "calendar"),
        ({"code": "123456"}, "code"),
        ({"colour": "red"}, "colour"),
        ({"form": 5}, "form"),
        ({"form": ["29936160.8sXkq"]}, "form"),
    ],
)
def test_bad_input_is_named_and_nothing_is_stored(alice: Person, changes: dict[str, Any], field: str) -> None:
    issued = make_link(alice)
    answer = post(f"/o/{issued.token}", guest(**changes))
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert field in answer.json()["errors"]
    assert not Booking.objects.exists()
    assert OneTimeLink.objects.get(pk=issued.link.pk).spent == 0


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"x"',
        b"\xff",
        b'{"start": NaN}',
        b"[" * 20000,
        b'{"a":' + b"9" * 5000 + b"}",
    ],
)
def test_a_body_that_is_no_object(alice: Person, body: bytes) -> None:
    answer = Client().post("/atelier/alice-30/book", body, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert list(answer.json()["errors"]) == ["body"]


def test_a_body_that_is_too_large(alice: Person) -> None:
    for size in (257 * 1024, 900 * 1024):
        answer = post("/atelier/alice-30", guest(name="N" * size))
        assert (answer.status_code, list(answer.json()["errors"])) == (422, ["body"])


@pytest.mark.parametrize("kind", ["text/plain", "multipart/form-data; boundary=x", "application/xml"])
def test_another_kind_of_body(alice: Person, kind: str) -> None:
    answer = Client().post("/atelier/alice-30/book", b"{}", content_type=kind)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")


def test_another_site_may_not_book(alice: Person) -> None:
    for site in ("cross-site", "same-site"):
        answer = post("/atelier/alice-30", **{"Sec-Fetch-Site": site})
        assert (answer.status_code, answer.json()["code"]) == (403, "forbidden")
    assert not Booking.objects.exists()
    assert post("/atelier/alice-30", **{"Sec-Fetch-Site": "same-origin"}).status_code == 201


def test_a_form_that_was_open_when_the_link_expired(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    issued = make_link(alice, expires_at=NOW + timedelta(minutes=5))
    path = f"/o/{issued.token}"
    stamp = make_stamp(Door.link(path[3:]).scope, int(NOW.timestamp()))
    stop_clock(monkeypatch, NOW + timedelta(minutes=21))
    assert post(path, guest(form=stamp)).json()["code"] == "link_expired"
    stop_clock(monkeypatch, NOW + timedelta(minutes=19))
    for missing in ({}, {"form": "0.forged"}, {"form": 5}):
        assert post(path, guest(**missing)).json()["code"] == "link_expired"
    assert post(path, guest(form=stamp)).status_code == 201


def test_states_of_the_calendar(alice: Person) -> None:
    path = f"/o/{make_link(alice).token}"
    for changes, status, code in (
        ({"one_time_only": True}, 404, "not_found"),
        ({"paused_at": NOW}, 503, "calendar_paused"),
        ({"deleted_at": NOW}, 410, "calendar_deleted"),
    ):
        Calendar.objects.update(**{"one_time_only": False, "paused_at": None, "deleted_at": None} | changes)
        address = "/atelier/alice-30" if code == "not_found" else path
        answer = post(address)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not Booking.objects.exists()


def test_unknown_and_malformed_tokens_are_answered_alike(alice: Person) -> None:
    answers = [post(f"/o/{token}") for token in ("a" * 32, "x", "%00", "a/b", "a%0Ab", "%0A", "a" * 3000)]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1


def test_only_post(alice: Person) -> None:
    for method in ("get", "head", "put", "delete", "patch", "options"):
        refused = getattr(Client(), method)("/atelier/alice-30/book")
        assert (refused.status_code, refused["Allow"]) == (405, "POST")


def test_the_cookie_goes_back_to_this_address_alone(alice: Person) -> None:
    path = f"/o/{make_link(alice).token}"
    answer = post(path)
    cookie = answer.cookies["booking"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"], cookie["secure"]) == (
        path,
        True,
        "Lax",
        "",
    )
    assert cookie.value.startswith(f"{answer.json()['id']}:")
    assert list(answer.cookies) == ["booking"]


@pytest.mark.parametrize("asks", [False, True])
def test_at_most_fifteen_statements_whatever_the_number_of_rows(
    alice: Person, bob: Person, *, asks: bool
) -> None:
    more: dict[str, Any] = {}
    if asks:
        made = [create_question(alice.workspace, {"label": f"Q{n}", "kind": "short"}, now=NOW) for n in "12"]
        set_calendar_questions(alice.calendar, [(question, True) for question in made])
        set_consent_text(alice.calendar, "You may call me.", now=NOW)
        more = {"answers": {"q1": "One", "q2": "Two"}, "consent": True}
    counts = []
    for hour in ("09", "11", "13"):
        path = f"/o/{make_link(alice).token}"
        body = guest(f"2026-11-30T{hour}:00:00+01:00", email=f"{hour}@example.org", **more)
        with statements() as found:
            assert post(path, body, **{"Idempotency-Key": hour}).status_code == 201
        counts.append(len(found))
        for number in range(3):
            book_through(make_link(alice), f"2026-12-0{number + 1}T{hour}:00:00+01:00", **more)
    assert len(set(counts)) == 1
    # SQLite, which inserts into one table at a time, needs one more where there are answers and consent.
    assert counts[0] <= 15 + (asks and connection.vendor == "sqlite"), found


def test_answers_that_are_nested_too_deeply_are_refused(alice: Person) -> None:
    path = f"/c/{alice.calendar.permanent_id}"
    for depth in (40, 912, 980, 5000):
        body = '{"start": "' + MONDAY_NINE + '", "answers": ' + '{"a": ' * depth + "1" + "}" * depth + "}"
        headers = {"Idempotency-Key": f"deep-{depth}"}
        answer = Client().post(f"{path}/book", body, content_type="application/json", headers=headers)
        assert (answer.status_code, set(answer.json()["errors"])) == (422, {"body"})
