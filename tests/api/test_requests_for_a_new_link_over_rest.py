"""Requests for a new link over REST: listed, shown, answered once, dismissed."""

from __future__ import annotations

import pytest

from bookonce.scheduling.models import Calendar, LinkRequest, OneTimeLink
from bookonce.scheduling.request_link import request_link
from tests.api.caller import Caller, is_problem
from tests.cast import NOW, Person, book_through, make_link


@pytest.fixture
def asked(api: Caller, alice: Person) -> LinkRequest:
    """Hanna asks for a new link in place of a used one."""
    used = make_link(alice, label="Intake")
    book_through(used)
    request_link(used.link.pk, {"name": "Hanna", "email": "h@example.org", "message": "Ill."}, now=NOW)
    return LinkRequest.objects.select_related("link").get()


def test_a_request_is_listed_and_shown(api: Caller, asked: LinkRequest) -> None:
    [item] = api.get("/link-requests").json()["items"]
    assert item == api.get(f"/link-requests/{asked.public_id}").json()
    assert item == {
        "id": asked.public_id,
        "state": "open",
        "link": asked.link.public_id,
        "name": "Hanna",
        "email": "h@example.org",
        "message": "Ill.",
        "answer": None,
        "created_at": "2026-11-23T08:00:00Z",
        "answered_at": None,
        "dismissed_at": None,
    }
    assert list(is_problem(api.get("/link-requests?state=x"), 422, "invalid")["errors"]) == ["state"]


def test_the_list_goes_on_page_by_page(api: Caller, asked: LinkRequest) -> None:
    request_link(asked.link_id, {"name": "Sam", "email": "sam@example.org"}, now=NOW)
    first = api.get("/link-requests?limit=1").json()
    second = api.get(f"/link-requests?limit=1&cursor={first['next']}").json()
    assert [page["items"][0]["name"] for page in (first, second)] == ["Sam", "Hanna"]
    assert second["next"] is None
    other = api.get(f"/link-requests?state=answered&cursor={first['next']}")
    assert list(is_problem(other, 422, "invalid")["errors"]) == ["cursor"]


def test_one_answer_makes_one_link(api: Caller, asked: LinkRequest) -> None:
    path = f"/link-requests/{asked.public_id}"
    replies = [api.post(f"{path}/answer", Idempotency_Key="once") for _ in range(2)]
    assert [reply.status_code for reply in replies] == [201, 201]
    link = replies[0].json()
    assert replies[1].json() == link
    assert replies[1].headers["Idempotent-Replayed"] == "true"
    assert (link["parent"], link["label"], link["state"]) == (asked.link.public_id, "Intake", "active")
    assert OneTimeLink.objects.count() == 2
    is_problem(api.post(f"{path}/answer"), 409, "conflict")
    assert api.get("/link-requests").json()["items"] == []
    [item] = api.get("/link-requests?state=answered").json()["items"]
    assert (item["state"], item["answer"]) == ("answered", link["id"])
    assert api.post(f"{path}/dismiss").json() == item


def test_a_request_is_dismissed(api: Caller, asked: LinkRequest) -> None:
    path = f"/link-requests/{asked.public_id}"
    replies = [api.post(f"{path}/dismiss", Idempotency_Key="once") for _ in range(2)]
    assert [reply.json()["state"] for reply in replies] == ["dismissed", "dismissed"]
    assert replies[1].headers["Idempotent-Replayed"] == "true"
    assert api.get("/link-requests").json()["items"] == []
    assert len(api.get("/link-requests?state=dismissed").json()["items"]) == 1
    is_problem(api.post(f"{path}/answer"), 409, "conflict")
    assert OneTimeLink.objects.count() == 1


def test_no_link_to_a_deleted_calendar_is_sent(api: Caller, asked: LinkRequest) -> None:
    Calendar.objects.update(deleted_at=NOW)
    is_problem(api.post(f"/link-requests/{asked.public_id}/answer"), 410, "calendar_deleted")
    assert api.get(f"/link-requests/{asked.public_id}").json()["state"] == "open"
