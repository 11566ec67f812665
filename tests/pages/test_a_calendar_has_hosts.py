"""The hosts of a calendar on its page: rows are added, moved and removed by buttons; no script is needed."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from bookonce.lib.tokens import new_public_id
from bookonce.scheduling.models import Calendar, CalendarHost, Schedule
from bookonce.scheduling.schedules import WORKING_WEEK, insert_hours, parse_schedule
from tests.cast import Person, make_person
from tests.pages.owner_pages import said_beside, signed_in, text
from tests.pages.test_a_calendars_settings import settings


def team(person: Person, *hosts: Person, **changes: str) -> dict[str, Any]:
    """The form with these hosts."""
    rows: dict[str, Any] = {"host": [host.user.email for host in hosts]}
    for number, host in enumerate(hosts):
        rows[f"hours-{number}"] = [host.schedule.public_id]
    return settings(person) | rows | changes


def here(person: Person) -> str:
    return f"/app/calendars/{person.calendar.public_id}/"


def shown(page: str) -> list[str]:
    """The hosts' addresses, in the page's order."""
    return re.findall(r'name="host" value="([^"]*)"', page)


def change(client: Client, person: Person, sent: dict[str, Any], act: str, new: str = "") -> str:
    answer = client.post(here(person), sent | {"change": act, "host-new": new})
    assert answer.status_code == 200
    return text(answer)


def kept(person: Person) -> list[tuple[str, int, int]]:
    hosts = CalendarHost.objects.filter(calendar=person.calendar).select_related("member__user")
    return [(host.member.user.name, host.priority, host.weight) for host in hosts]


@pytest.fixture
def evenings(alice: Person) -> Schedule:
    """Another schedule of Alice's."""
    schedule = Schedule.objects.create(
        public_id=new_public_id("sch"),
        workspace=alice.workspace,
        member=alice.member,
        name="Evenings",
        timezone="Europe/Lisbon",
    )
    insert_hours(schedule, parse_schedule({"timezone": "Europe/Lisbon", "weekly": WORKING_WEEK}))
    return schedule


def test_hosts_are_added_moved_and_removed_before_anything_is_saved(alice: Person, bob: Person) -> None:
    client = signed_in(alice)
    assert shown(text(client.get(here(alice)))) == ["alice@example.com"]
    page = change(client, alice, team(alice, alice), "add-host", "bob@example.com")
    assert shown(page) == ["alice@example.com", "bob@example.com"]
    assert 'id="id_host_new"' not in page, "nobody is left"
    page = change(client, alice, team(alice, alice, bob), "up-host-1")
    assert shown(page) == ["bob@example.com", "alice@example.com"]
    assert shown(change(client, alice, team(alice, alice, bob), "remove-host-0")) == ["bob@example.com"]
    assert shown(change(client, alice, team(alice, alice), "replace-host", "bob@example.com")) == [
        "bob@example.com"
    ]
    assert kept(alice) == [("Alice", 0, 1)]


@pytest.mark.parametrize(
    ("act", "new"),
    [
        ("remove-host-0", ""),
        ("up-host-0", ""),
        ("up-host-7", ""),
        ("remove-host-999", ""),
        ("add-host", "alice@example.com"),
        ("add-host", "charlie@example.com"),
        ("replace-host", "charlie@example.com"),
        ("add-host", "\x00"),
        ("dance", ""),
    ],
)
def test_what_can_t_be_done_changes_nothing(alice: Person, charlie: Person, act: str, new: str) -> None:
    assert shown(change(signed_in(alice), alice, team(alice, alice), act, new)) == ["alice@example.com"]


def test_what_was_typed_stays_when_a_host_joins(alice: Person, bob: Person) -> None:
    sent = team(alice, alice, name="Half typed", kind="round_robin", per_day="3")
    page = change(signed_in(alice), alice, sent, "add-host", "bob@example.com")
    assert 'value="Half typed"' in page
    assert re.search(r'value="round_robin"[^>]*checked', page)
    assert re.search(r'name="per_day" value="3"', page)
    assert "to mend" not in page
    assert Calendar.objects.get(pk=alice.calendar.pk).kind == "one_on_one"


def test_a_round_robin_keeps_its_order_priorities_and_weights(alice: Person, bob: Person) -> None:
    client = signed_in(alice)
    sent = team(alice, bob, alice, kind="round_robin", distribution="equal", keeps_host="on")
    sent |= {"priority-0": "5", "weight-0": "3", "priority-1": "-1", "weight-1": "1"}
    assert client.post(here(alice), sent).status_code == 302
    assert kept(alice) == [("Bob", 5, 3), ("Alice", -1, 1)]
    calendar = Calendar.objects.get(pk=alice.calendar.pk)
    assert (calendar.kind, calendar.distribution, calendar.keeps_host) == ("round_robin", "equal", True)
    assert calendar.schedule_id == bob.schedule.pk, "the first host's"
    page = text(client.get(here(alice)))
    assert re.search(r'name="weight-0" value="3"', page)
    assert client.post(here(alice), team(alice, alice, bob, kind="collective")).status_code == 302
    assert kept(alice) == [("Alice", -1, 1), ("Bob", 5, 3)], "what does not show is kept"


def test_what_belongs_to_another_kind_is_neither_judged_nor_kept(alice: Person) -> None:
    sent = team(alice, alice, seats="many", distribution="odd", look_busy="5")
    sent |= {"priority-0": "x", "weight-0": "0"}
    assert signed_in(alice).post(here(alice), sent).status_code == 302
    calendar = Calendar.objects.get(pk=alice.calendar.pk)
    assert (calendar.seats, calendar.distribution) == (None, "availability")


def test_a_class_has_seats(alice: Person) -> None:
    client = signed_in(alice)
    sent = team(alice, alice, kind="class", seats="12", shows_seats_left="on")
    assert client.post(here(alice), sent).status_code == 302
    calendar = Calendar.objects.get(pk=alice.calendar.pk)
    assert (calendar.kind, calendar.seats, calendar.shows_seats_left) == ("class", 12, True)
    for seats in ("0", "10000", "some"):
        page = text(client.post(here(alice), team(alice, alice, kind="class", seats=seats)))
        assert said_beside(page, "id_seats"), seats
        assert re.search(r'<details[^>]*id="kind_fold" open', page)
    assert client.post(here(alice), team(alice, alice)).status_code == 302
    assert Calendar.objects.get(pk=alice.calendar.pk).seats is None


def test_two_hosts_of_a_one_on_one_are_told_beside_the_hosts(alice: Person, bob: Person) -> None:
    page = text(signed_in(alice).post(here(alice), team(alice, alice, bob)))
    assert "one-on-one calendar has one host" in said_beside(page, "id_hosts")
    assert 'href="#id_hosts"' in page
    assert kept(alice) == [("Alice", 0, 1)]


def test_a_host_keeps_several_schedules(alice: Person, evenings: Schedule) -> None:
    client = signed_in(alice)
    both = [evenings.public_id, alice.schedule.public_id]
    assert client.post(here(alice), team(alice, alice) | {"hours-0": both}).status_code == 302
    host = CalendarHost.objects.get(calendar=alice.calendar)
    assert [each.schedule.public_id for each in host.host_schedules.all()] == both
    page = text(client.post(here(alice), team(alice, alice) | {"hours-0": []}))
    assert "at least one schedule" in said_beside(page, "host_0")


def test_a_host_without_hours_is_told_beside_the_host(alice: Person) -> None:
    dana = make_person("Dana", alice.workspace, role="member")
    dana.calendar.calendar_hosts.all().delete()
    Calendar.objects.filter(pk=dana.calendar.pk).delete()
    Schedule.objects.filter(member=dana.member).delete()
    sent = settings(alice) | {"host": [alice.user.email, dana.user.email], "kind": "collective"}
    sent |= {"hours-0": alice.schedule.public_id}
    page = text(signed_in(alice).post(here(alice), sent))
    assert "no schedule yet" in said_beside(page, "host_1")
    assert 'href="#id_host_1"' in page


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("priority-0", "101", "Priority: Enter a number from -100 to 100."),
        ("weight-0", "0", "Weight: Enter a number from 1 to 100."),
        ("weight-0", "heavy", "Weight: Enter a whole number."),
    ],
)
def test_a_wrong_number_is_told_beside_the_host(alice: Person, name: str, value: str, reason: str) -> None:
    sent = team(alice, alice, kind="round_robin", distribution="equal") | {name: value}
    answer = signed_in(alice).post(here(alice), sent)
    assert answer.status_code == 422
    assert said_beside(text(answer), "host_0") == reason


def test_many_hosts_and_nonsense_end_in_a_page(alice: Person) -> None:
    sent = settings(alice) | {"host": [f"nobody{n}@example.com" for n in range(300)]}
    page = text(signed_in(alice).post(here(alice), sent))
    assert "1 to 200 hosts" in said_beside(page, "id_hosts")
    sent = settings(alice) | {
        "host": ["\x00", "alice@example.com", "alice@example.com"],
        "kind": "collective",
    }
    sent |= {"hours-1": alice.schedule.public_id, "hours-2": alice.schedule.public_id}
    page = text(signed_in(alice).post(here(alice), sent))
    assert said_beside(page, "host_0")
    assert "already listed" in said_beside(page, "host_2")
    assert kept(alice) == [("Alice", 0, 1)]


def test_whoever_is_alone_reads_how_others_come(alice: Person) -> None:
    assert "only one here" in text(signed_in(alice).get(here(alice)))


def test_nobody_of_another_workspace_is_offered(alice: Person, bob: Person, charlie: Person) -> None:
    page = text(signed_in(alice).get(here(alice)))
    assert 'value="bob@example.com"' in page
    assert charlie.user.email not in page


def test_a_new_calendar_is_hosted_by_whoever_makes_it(alice: Person, bob: Person) -> None:
    page = text(signed_in(bob).get("/app/calendars/new/"))
    assert shown(page) == ["bob@example.com"]
