"""POST {link}/hold keeps a time for a program's guest; `hold` travels with what follows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from bookonce.scheduling.hold_time import MOST_HOLDS
from bookonce.scheduling.models import Calendar, Hold
from tests.api.guest_client import at_now, post, slots, stop_clock  # noqa: F401 - a fixture
from tests.cast import MONDAY_NINE, MONDAY_TEN, NOW, Person, guest, make_link

pytestmark = [pytest.mark.usefixtures("at_now"), pytest.mark.django_db(transaction=True)]
HALF = "2026-11-30T09:30:00+01:00"


@pytest.fixture
def path(alice: Person) -> str:
    """The permanent link of a calendar that keeps times for ten minutes."""
    Calendar.objects.filter(pk=alice.calendar.pk).update(hold_minutes=10)
    return f"/c/{alice.calendar.permanent_id}"


def hold(path: str, start: str = MONDAY_NINE, *, client: str = "192.0.2.1", **more: Any) -> Any:
    body = {"start": start} | more
    return Client(REMOTE_ADDR=client).post(f"{path}/hold", body, content_type="application/json")


def test_a_time_is_kept_and_told_until_when(path: str) -> None:
    answer = hold(path)
    assert answer.status_code == 201
    kept = answer.json()
    assert len(kept.pop("hold")) == 32
    assert kept == {
        "start": "2026-11-30T08:00:00Z",
        "end": "2026-11-30T08:30:00Z",
        "expires_at": "2026-11-23T08:10:00Z",
    }
    assert "Set-Cookie" not in answer.headers


def test_only_its_visitor_is_offered_it_and_can_book_it(path: str) -> None:
    kept = hold(path).json()["hold"]
    assert MONDAY_NINE not in slots(path).json()["slots"]["2026-11-30"]
    assert MONDAY_NINE in slots(path, hold=kept).json()["slots"]["2026-11-30"]
    refused = post(path)
    assert (refused.status_code, refused.json()["code"]) == (409, "slot_taken")
    assert post(path, guest(hold=kept)).status_code == 201
    assert not Hold.objects.exists()


def test_looking_keeps_nothing(path: str) -> None:
    for method in ("get", "head"):
        for address in (f"{path}/hold", path, f"{path}/slots?from=2026-11-30&to=2026-11-30"):
            getattr(Client(), method)(address, {"start": MONDAY_NINE} if address == path else None)
    assert not Hold.objects.exists()


def test_a_link_is_held_and_says_when_to_try_again(alice: Person, path: str) -> None:
    issued = make_link(alice)
    link = f"/o/{issued.token}"
    kept = hold(link).json()["hold"]
    for answer in (slots(link), post(link), hold(link, MONDAY_TEN)):
        assert (answer.status_code, answer.json()["code"]) == (409, "link_held")
        assert answer.headers["Retry-After"] == "60"
    assert slots(link, hold=kept).status_code == 200
    assert post(link, guest(MONDAY_TEN, hold=kept)).status_code == 201
    assert post(link).json()["code"] == "link_used"


def test_another_time_replaces_the_first(path: str) -> None:
    first = hold(path).json()["hold"]
    assert hold(path, HALF, hold=first).status_code == 201
    assert MONDAY_NINE in slots(path).json()["slots"]["2026-11-30"]
    assert HALF not in slots(path).json()["slots"]["2026-11-30"]


def test_one_client_keeps_a_few_times(path: str) -> None:
    assert [hold(path, start).status_code for start in (MONDAY_NINE, HALF)] == [201] * MOST_HOLDS
    refused = hold(path, MONDAY_TEN)
    assert (refused.status_code, refused.json()["code"]) == (429, "rate_limited")
    assert refused.headers["Retry-After"]
    assert hold(path, MONDAY_TEN, client="192.0.2.2").status_code == 201
    assert Hold.objects.exclude(visitor="").count() == 3
    assert not Hold.objects.filter(visitor__contains="192.").exists()


def test_it_lapses(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = hold(path).json()["hold"]
    stop_clock(monkeypatch, NOW + timedelta(minutes=10))
    assert post(path).status_code == 201
    late = post(path, guest(hold=kept, email="late@example.org"))
    assert (late.status_code, late.json()["code"]) == (409, "slot_taken")


def test_the_same_key_may_be_sent_with_a_newer_hold(path: str) -> None:
    body = guest(hold=hold(path).json()["hold"])
    first = post(path, body, None, **{"Idempotency-Key": "one"})
    again = post(path, body | {"hold": "gone"}, None, **{"Idempotency-Key": "one"})
    assert first.json()["id"] == again.json()["id"]


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        ({}, {"start"}),
        ({"start": "soon"}, {"start"}),
        ({"start": MONDAY_NINE, "duration": 45}, {"duration"}),
        ({"start": MONDAY_NINE, "party": 2}, {"party"}),
        ({"start": MONDAY_NINE, "hold": ["a"]}, {"hold"}),
        ({"start": MONDAY_NINE, "minutes": 5}, {"minutes"}),
    ],
)
def test_bad_bodies_are_told_by_field(path: str, body: dict[str, Any], fields: set[str]) -> None:
    answer = Client().post(f"{path}/hold", body, content_type="application/json")
    assert answer.status_code == 422
    assert set(answer.json()["errors"]) == fields
    assert not Hold.objects.exists()


def test_other_bodies_sites_and_addresses(alice: Person, path: str) -> None:
    assert Client().post(f"{path}/hold", "[]", content_type="application/json").status_code == 422
    assert Client().post(f"{path}/hold", "x", content_type="text/plain").status_code == 422
    foreign = {"Sec-Fetch-Site": "cross-site"}
    answer = Client().post(
        f"{path}/hold", {"start": MONDAY_NINE}, content_type="application/json", headers=foreign
    )
    assert answer.status_code == 403
    assert hold("/o/unknown").status_code == 404
    assert hold(path, MONDAY_NINE, calendar="other").status_code == 201  # chosen from nothing: ignored
    Calendar.objects.update(hold_minutes=0)
    assert hold(path, MONDAY_TEN).json()["code"] == "conflict"
    Calendar.objects.update(one_time_only=True)
    assert hold(path, MONDAY_TEN).status_code == 404


def test_who_asked_before_the_expiry_keeps_and_books_within_the_grace(
    alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    Calendar.objects.filter(pk=alice.calendar.pk).update(hold_minutes=10)
    path = f"/o/{make_link(alice, expires_at=NOW + timedelta(minutes=2)).token}"
    form = slots(path).json()["form"]
    stop_clock(monkeypatch, NOW + timedelta(minutes=5))
    assert hold(path).json()["code"] == "link_expired"
    assert not Hold.objects.exists()
    kept = hold(path, form=form)
    assert kept.status_code == 201
    assert post(path, guest(form=form, hold=kept.json()["hold"])).status_code == 201


def test_after_the_grace_nothing_is_kept(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    Calendar.objects.filter(pk=alice.calendar.pk).update(hold_minutes=10)
    path = f"/o/{make_link(alice, expires_at=NOW + timedelta(minutes=2)).token}"
    form = slots(path).json()["form"]
    stop_clock(monkeypatch, NOW + timedelta(minutes=17))
    assert hold(path, form=form).json()["code"] == "link_expired"
    assert not Hold.objects.exists()
