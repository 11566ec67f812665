"""The list of schedules: make, copy, rename, delete; the own ones, and everybody's for owners."""

from __future__ import annotations

from typing import Any

import pytest

from bookonce.dashboard.hours import EN_DASH
from bookonce.scheduling.models import Schedule, WeeklyHours
from bookonce.scheduling.schedules import create_schedule, schedule_rules
from tests.cast import NOW, Person
from tests.pages.owner import statements_of
from tests.pages.owner_pages import said_beside, signed_in, text

pytestmark = pytest.mark.usefixtures("at_now")
LIST = "/app/schedules/"
EVENINGS = {
    "name": "Evenings",
    "timezone": "Europe/Lisbon",
    "on-1": "on",
    "start-1": ["18:00"],
    "end-1": ["00:00"],
}


def evenings(person: Person) -> Schedule:
    weekly = [{"days": [1, 2], "start": "18:00", "end": "24:00"}]
    rules = {"name": "Evenings", "timezone": "Europe/Lisbon", "weekly": weekly}
    return create_schedule(person.member, rules, now=NOW)


def test_the_list_says_when_where_and_what_uses_it(alice: Person, bob: Person) -> None:
    evenings(alice)
    page = text(signed_in(alice).get(LIST)).replace(EN_DASH, "-")
    assert "Mon-Fri 09:00-17:00" in page
    assert "Mon-Tue 18:00-00:00" in page
    assert "Europe/Lisbon" in page
    assert "Alice's meeting" in page
    assert "No calendar uses these hours" in page
    assert page.index("Evenings") < page.index("Bob's meeting"), "one's own come first"


def test_a_schedule_is_made(alice: Person) -> None:
    client = signed_in(alice)
    page = text(client.get(f"{LIST}new/"))
    assert page.count(" checked> <span>") == 5
    assert '<option value="Europe/Berlin" selected>' in page
    page = text(client.post(f"{LIST}new/", EVENINGS | {"change": "add-day-1"}))
    assert page.count('name="start-1"') == 2
    assert Schedule.objects.count() == 1
    answer = client.post(f"{LIST}new/", EVENINGS)
    assert (answer.status_code, answer.headers["Location"]) == (302, LIST)
    made = Schedule.objects.get(name="Evenings")
    assert (made.member, made.timezone) == (alice.member, "Europe/Lisbon")
    assert list(WeeklyHours.objects.filter(schedule=made).values_list("starts", "ends")) == [(1080, 1440)]


@pytest.mark.parametrize(
    ("changes", "place"),
    [({"timezone": "Mars/Base"}, "id_timezone"), ({"name": "x" * 81}, "id_name"), ({"end-1": "x"}, "day_1")],
)
def test_bad_hours_make_no_schedule(alice: Person, changes: dict[str, Any], place: str) -> None:
    answer = signed_in(alice).post(f"{LIST}new/", EVENINGS | changes)
    assert answer.status_code == 422
    assert said_beside(text(answer), place)
    assert Schedule.objects.count() == 1


def test_a_copy_leads_to_its_page(alice: Person) -> None:
    page = text(signed_in(alice).post(f"{LIST}{alice.schedule.public_id}/duplicate/", follow=True))
    copy = Schedule.objects.get(name="Copy of Working hours")
    assert schedule_rules(copy)["weekly"] == schedule_rules(alice.schedule)["weekly"]
    assert 'value="Copy of Working hours"' in page


def test_what_no_calendar_uses_is_deleted_after_asking(alice: Person) -> None:
    unused, client = evenings(alice), signed_in(alice)
    address = f"{LIST}{unused.public_id}/delete/"
    assert "Delete Evenings?" in text(client.get(address))
    assert Schedule.objects.filter(pk=unused.pk).exists()
    assert "Evenings is deleted" in text(client.post(address, follow=True))
    assert not Schedule.objects.filter(pk=unused.pk).exists()
    assert client.post(address).status_code == 404


def test_what_a_calendar_uses_is_kept_and_the_calendar_named(alice: Person) -> None:
    client, address = signed_in(alice), f"{LIST}{alice.schedule.public_id}/delete/"
    page = text(client.get(address))
    assert "These hours are in use" in page
    assert f"/app/calendars/{alice.calendar.public_id}/" in page
    assert "Delete schedule" not in page
    answer = client.post(address)
    assert answer.status_code == 409
    assert "Alice's meeting" in text(answer)
    assert Schedule.objects.filter(pk=alice.schedule.pk).exists()


def test_a_plain_member_changes_only_their_own(alice: Person, bob: Person) -> None:
    client, unused = signed_in(bob), evenings(alice)
    page = text(client.get(LIST))
    assert f'href="{LIST}{unused.public_id}/"' not in page
    assert f'href="{LIST}{bob.schedule.public_id}/"' in page
    for path, sent in (("", EVENINGS), ("delete/", {})):
        address = f"{LIST}{unused.public_id}/{path}"
        assert client.get(address).status_code == 403
        assert client.post(address, sent).status_code == 403
    assert client.post(f"{LIST}new/?host=alice@example.com", EVENINGS).status_code == 403
    client.post(f"{LIST}{unused.public_id}/duplicate/")
    assert Schedule.objects.get(name="Copy of Evenings").member == bob.member
    assert Schedule.objects.filter(member=alice.member).count() == 2


def test_an_owner_changes_everybody_s(alice: Person, bob: Person) -> None:
    client = signed_in(alice)
    address = f"{LIST}{bob.schedule.public_id}/"
    assert "Hours of Bob." in text(client.get(address))
    client.post(address, EVENINGS)
    bob.schedule.refresh_from_db()
    assert bob.schedule.name == "Evenings"
    client.post(f"{LIST}new/?host=bob@example.com", EVENINGS | {"name": "More"})
    assert Schedule.objects.get(name="More").member == bob.member


def test_a_stranger_finds_nothing(alice: Person, charlie: Person) -> None:
    client, unused = signed_in(charlie), evenings(alice)
    assert "Evenings" not in text(client.get(LIST))
    for path in ("", "delete/", "duplicate/"):
        assert client.post(f"{LIST}{unused.public_id}/{path}", EVENINGS).status_code == 404
    assert client.get(f"{LIST}new/?host=alice@example.com").status_code == 404
    assert Schedule.objects.filter(member=alice.member).count() == 2


def test_the_list_takes_a_fixed_number_of_statements(alice: Person, bob: Person) -> None:
    client = signed_in(alice)
    client.get(LIST)
    few = statements_of(client, LIST)
    for _ in range(5):
        evenings(alice)
    assert statements_of(client, LIST) == few
