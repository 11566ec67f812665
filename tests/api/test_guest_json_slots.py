"""GET {link}/slots: what is free, in the guest's zone, at all three addresses."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from bookonce.lib.stamps import read_stamp
from bookonce.scheduling.models import Calendar, OneTimeLink
from bookonce.scheduling.offer import Door
from tests.api.guest_client import at_now, slots, stop_clock  # noqa: F401 - a fixture
from tests.api.statements import statements, writes
from tests.cast import MONDAY_NINE, NOW, Person, book_through, make_link

pytestmark = [pytest.mark.usefixtures("at_now"), pytest.mark.django_db(transaction=True)]


def paths(alice: Person) -> list[str]:
    return [f"/o/{make_link(alice).token}", f"/c/{alice.calendar.permanent_id}", "/atelier/alice-30"]


def test_all_three_addresses_list_the_same_times(alice: Person) -> None:
    for path in paths(alice):
        answer = slots(path)
        assert answer.status_code == 200, path
        body = answer.json()
        assert list(body) == ["timezone", "duration", "form", "slots"]
        assert (body["timezone"], body["duration"]) == ("Europe/Berlin", 30)
        assert list(body["slots"]) == [f"2026-{day}" for day in ("11-30", "12-01", "12-02", "12-03", "12-04")]
        assert body["slots"]["2026-11-30"][:2] == [MONDAY_NINE, "2026-11-30T09:30:00+01:00"]
        assert len(body["slots"]["2026-11-30"]) == 16


def test_a_slash_at_the_end_changes_nothing(alice: Person) -> None:
    path = f"/o/{make_link(alice).token}"
    assert Client().get(f"{path}/slots/?from=2026-11-30&to=2026-11-30").status_code == 200


def test_days_and_offsets_are_the_guests(alice: Person) -> None:
    path = f"/o/{make_link(alice).token}"
    far = slots(path, timezone="Pacific/Auckland").json()["slots"]
    assert far["2026-11-30"][0] == "2026-11-30T21:00:00+13:00"
    assert far["2026-12-01"][0] == "2026-12-01T00:00:00+13:00"
    west = slots(path, timezone="America/St_Johns").json()["slots"]
    assert west["2026-11-30"][0] == "2026-11-30T04:30:00-03:30"


def test_the_offset_follows_the_change_of_the_clocks(alice: Person) -> None:
    found = slots(
        f"/o/{make_link(alice).token}",
        **{"from": "2027-03-12", "to": "2027-03-15", "timezone": "America/New_York"},
    ).json()["slots"]
    assert found["2027-03-12"][0] == "2027-03-12T03:00:00-05:00"
    assert found["2027-03-15"][0] == "2027-03-15T04:00:00-04:00"


def test_a_booked_time_is_gone(alice: Person) -> None:
    book_through(make_link(alice))
    assert MONDAY_NINE not in slots("/atelier/alice-30").json()["slots"]["2026-11-30"]


def test_the_stamp_says_when_and_where_it_was_given(alice: Person) -> None:
    issued = make_link(alice)
    assert issued.token
    form = slots(f"/o/{issued.token}").json()["form"]
    assert read_stamp(Door.link(issued.token).scope, form) == int(NOW.timestamp())
    assert read_stamp(Door.link("other").scope, form) is None


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"from": ""}, "from"),
        ({"to": ""}, "to"),
        ({"from": "1 December"}, "from"),
        ({"to": "2026-02-30"}, "to"),
        ({"from": "0001-01-01", "to": "0001-01-02"}, "from"),
        ({"from": "9999-12-31", "to": "9999-12-31"}, "to"),
        ({"from": "2026-12-01", "to": "2026-11-30"}, "to"),
        ({"from": "2026-12-01", "to": "2027-01-01"}, "to"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"timezone": "../../etc/passwd"}, "timezone"),
        ({"timezone": "\x00"}, "timezone"),
        ({"duration": "45"}, "duration"),
        ({"duration": "long"}, "duration"),
        ({"duration": "-30"}, "duration"),
    ],
)
def test_bad_questions_are_named(alice: Person, query: dict[str, str], field: str) -> None:
    answer = slots("/atelier/alice-30", **query)
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "invalid"
    assert field in answer.json()["errors"]


def test_thirty_one_days_are_allowed(alice: Person) -> None:
    assert slots("/atelier/alice-30", **{"from": "2026-12-01", "to": "2026-12-31"}).status_code == 200


def test_dead_links_say_so_here_too(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    used, revoked, expired = (
        make_link(alice),
        make_link(alice),
        make_link(alice, expires_at=NOW + timedelta(hours=1)),
    )
    later = make_link(alice, not_before=NOW + timedelta(days=1))
    book_through(used)
    OneTimeLink.objects.filter(pk=revoked.link.pk).update(revoked_at=NOW)
    assert (slots(f"/o/{used.token}").status_code, slots(f"/o/{used.token}").json()["code"]) == (
        410,
        "link_used",
    )
    assert slots(f"/o/{revoked.token}").json()["code"] == "link_revoked"
    assert (slots(f"/o/{later.token}").status_code, slots(f"/o/{later.token}").json()["code"]) == (
        403,
        "link_not_open",
    )
    stop_clock(monkeypatch, NOW + timedelta(hours=1))
    assert (slots(f"/o/{expired.token}").status_code, slots(f"/o/{expired.token}").json()["code"]) == (
        410,
        "link_expired",
    )


def test_a_paused_calendar_is_no_fault_in_the_log(alice: Person, caplog: pytest.LogCaptureFixture) -> None:
    path = f"/o/{make_link(alice).token}"
    Calendar.objects.update(paused_at=NOW)
    assert slots(path).status_code == Client().get(path).status_code == 503
    assert not caplog.records


def test_paused_deleted_and_one_time_only_calendars(alice: Person) -> None:
    Calendar.objects.update(paused_at=NOW)
    path = f"/o/{make_link(alice).token}"
    for address in (path, "/atelier/alice-30"):
        answer = slots(address)
        assert (answer.status_code, answer.json()["code"]) == (503, "calendar_paused")
        assert answer["Retry-After"]
    Calendar.objects.update(deleted_at=NOW)
    assert (slots(path).status_code, slots(path).json()["code"]) == (410, "calendar_deleted")
    Calendar.objects.update(deleted_at=None, paused_at=None, one_time_only=True)
    assert slots(path).status_code == 200
    unknown = slots("/atelier/nothing-here")
    for address in ("/atelier/alice-30", f"/c/{alice.calendar.permanent_id}"):
        assert slots(address).status_code == 404
        assert slots(address).content == unknown.content


def test_unknown_and_malformed_tokens_are_answered_alike(alice: Person) -> None:
    answers = [slots(f"/o/{token}") for token in ("a" * 32, "x", "%00", "a%2Fb/c", "é" * 40, "a" * 3000)]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1
    assert len({tuple(sorted(answer.headers.items())) for answer in answers}) == 1
    assert slots("/c/%00").status_code == slots("/%00/%ff").status_code == 404


def test_only_get_and_head(alice: Person) -> None:
    path = f"/o/{make_link(alice).token}"
    assert Client().head(f"{path}/slots?from=2026-12-01&to=2026-12-01").status_code == 200
    for method in ("post", "put", "delete", "patch", "options"):
        refused = getattr(Client(), method)(f"{path}/slots")
        assert (refused.status_code, refused["Allow"]) == (405, "GET, HEAD")
        assert refused.json()["code"] == "method_not_allowed"


def test_at_most_four_statements_whatever_the_number_of_rows(alice: Person, bob: Person) -> None:
    path = f"/o/{make_link(alice).token}"
    with statements() as few:
        slots(path)
    for hour in ("09", "10", "11", "12"):
        book_through(make_link(alice), f"2026-11-30T{hour}:00:00+01:00")
    with statements() as many:
        slots(path)
    assert len(few) == len(many) <= 4
    assert not writes(many)
