"""The page of time off: days away, journeys, public holidays; of oneself, and of others for owners."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest

from bookonce.accounts.models import Member
from bookonce.scheduling.holiday_region import set_holiday_region
from bookonce.scheduling.journeys import add_journey
from bookonce.scheduling.models import HolidayRegion, Journey, TimeOff
from bookonce.scheduling.time_off import add_time_off
from tests.api.caller import call_as, is_problem
from tests.cast import NOW, Person, book_through, make_link
from tests.domain.hours_of_a_host import set_hours
from tests.pages.owner import statements_of
from tests.pages.owner_pages import said_beside, signed_in, text

pytestmark = pytest.mark.usefixtures("at_now")
PAGE = "/app/time-off/"
WEEK = {"off-first_day": "2026-11-30", "off-last_day": "2026-12-02", "off-note": "Lisbon"}
TRIP = {
    "journey-first_day": "2027-01-04",
    "journey-last_day": "2027-01-08",
    "journey-timezone": "Asia/Tokyo",
}


def of(person: Person) -> str:
    return "?" + urlencode({"host": person.user.email})


def test_days_off_are_added_shown_changed_and_removed(alice: Person) -> None:
    client = signed_in(alice)
    answer = client.post(f"{PAGE}add/", WEEK, follow=True)
    page = text(answer)
    assert answer.redirect_chain == [(PAGE, 302)]
    assert "Mon 30 Nov 2026" in page
    assert "Wed 2 Dec 2026" in page
    assert "3 days" in page
    assert "Lisbon" in page
    away = TimeOff.objects.get()
    edit = f"{PAGE}{away.public_id}/"
    assert 'value="2026-12-02"' in text(client.get(edit))
    client.post(edit, WEEK | {"off-last_day": "", "off-note": ""})
    away.refresh_from_db()
    assert (str(away.first_day), str(away.last_day), away.note) == ("2026-11-30", "2026-11-30", "")
    page = text(client.post(f"{edit}remove/", follow=True))
    assert not TimeOff.objects.exists()
    assert "can be booked again" in page


def test_a_removal_can_be_undone(alice: Person) -> None:
    client = signed_in(alice)
    client.post(f"{PAGE}add/", WEEK | {"off-note": "Ä & Ö"})
    page = text(client.post(f"{PAGE}{TimeOff.objects.get().public_id}/remove/", follow=True))
    undo = page.partition(f'action="{PAGE}again/')[2].partition('"')[0]
    client.post(f"{PAGE}again/{undo}")
    away = TimeOff.objects.get()
    assert (str(away.first_day), str(away.last_day), away.note) == ("2026-11-30", "2026-12-02", "Ä & Ö")
    assert client.post(f"{PAGE}again/?from=nonsense").status_code == 302
    assert TimeOff.objects.count() == 1


def test_appointments_on_these_days_are_named_with_links(alice: Person) -> None:
    booked = [book_through(make_link(alice), f"2026-11-30T{hour:02}:00:00+01:00") for hour in range(9, 16)]
    page = text(signed_in(alice).post(f"{PAGE}add/", WEEK, follow=True))
    assert "7 appointments already made on these days stay" in page
    assert page.count('<li><a href="/app/appointments/apt_') == 5
    assert "and 2 more" in page
    assert len(booked) == 7


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"off-first_day": ""}, "id_off-first_day", "Fill this in"),
        ({"off-first_day": "30.11.2026"}, "id_off-first_day", "date like"),
        ({"off-last_day": "2026-11-29"}, "id_off-last_day", "must not lie before"),
        ({"off-note": "x" * 121}, "id_off-note", "At most 120"),
    ],
)
def test_bad_days_are_told_beside_their_field(
    alice: Person, changes: dict[str, str], field: str, reason: str
) -> None:
    client = signed_in(alice)
    answer = client.post(f"{PAGE}add/", WEEK | changes)
    assert answer.status_code == 422
    assert reason in said_beside(text(answer), field)
    assert not TimeOff.objects.exists()
    away = add_time_off({"from": "2026-12-24"}, by=alice.member, now=NOW)
    answer = client.post(f"{PAGE}{away.public_id}/", WEEK | changes)
    assert answer.status_code == 422
    assert reason in said_beside(text(answer), field)
    assert str(TimeOff.objects.get().first_day) == "2026-12-24"


def test_what_is_over_is_folded_away(alice: Person) -> None:
    for first, last in (("2026-11-01", "2026-11-22"), ("2026-11-20", "2026-11-23")):
        add_time_off({"from": first, "to": last}, by=alice.member, now=NOW)
    page = text(signed_in(alice).get(PAGE))
    coming, _fold, past = page.partition("<details")
    assert "Fri 20 Nov 2026" in coming
    assert "Sun 1 Nov 2026" in past


def test_journeys_are_added_changed_removed_and_brought_back(alice: Person) -> None:
    client = signed_in(alice)
    page = text(client.post(f"{PAGE}journeys/add/", TRIP, follow=True))
    assert "Asia/Tokyo" in page
    trip = Journey.objects.get()
    edit = f"{PAGE}journeys/{trip.public_id}/"
    assert '<option value="Asia/Tokyo" selected>' in text(client.get(edit))
    client.post(edit, TRIP | {"journey-timezone": "America/New_York"})
    trip.refresh_from_db()
    assert trip.timezone == "America/New_York"
    page = text(client.post(f"{edit}remove/", follow=True))
    assert not Journey.objects.exists()
    undo = page.partition(f'action="{PAGE}journeys/again/')[2].partition('"')[0]
    client.post(f"{PAGE}journeys/again/{undo}")
    assert Journey.objects.get().timezone == "America/New_York"
    page = text(client.post(f"{PAGE}journeys/again/{undo}", follow=True))
    assert "there is a journey already" in page


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"journey-timezone": "Mars/Base"}, "id_journey-timezone"),
        ({"journey-timezone": ""}, "id_journey-timezone"),
        ({"journey-first_day": ""}, "id_journey-first_day"),
        ({"journey-first_day": "2027-02-01", "journey-last_day": "2027-02-03"}, "id_journey-first_day"),
    ],
)
def test_bad_journeys_are_told_beside_their_field(alice: Person, changes: dict[str, str], field: str) -> None:
    other = {"from": "2027-02-03", "to": "2027-02-09", "timezone": "UTC"}
    add_journey(other, by=alice.member, now=NOW)
    answer = signed_in(alice).post(f"{PAGE}journeys/add/", TRIP | changes)
    assert answer.status_code == 422
    assert said_beside(text(answer), field)
    assert Journey.objects.count() == 1


def test_a_country_then_its_region_and_the_next_holidays(alice: Person) -> None:
    client = signed_in(alice)
    page = text(client.get(PAGE))
    assert '<option value="DE">Germany</option>' in page
    assert 'name="subdivision"' not in page
    page = text(client.post(f"{PAGE}holidays/", {"country": "DE"}, follow=True))
    assert '<option value="BY">Bayern</option>' in page
    assert "Christmas Day" in page
    assert "Epiphany" not in page
    page = text(client.post(f"{PAGE}holidays/", {"country": "DE", "subdivision": "BY"}, follow=True))
    assert "Epiphany" in page
    assert page.count("closed</p>") == 10
    client.post(f"{PAGE}holidays/", {"country": "FR", "subdivision": "BY"})
    region = HolidayRegion.objects.get()
    assert (region.country, region.subdivision) == ("FR", ""), "Bavaria means nothing in France"
    client.post(f"{PAGE}holidays/", {"country": ""})
    assert not HolidayRegion.objects.exists()


def test_a_holiday_with_hours_of_its_own_is_shown_as_open(alice: Person) -> None:
    set_holiday_region(alice.member, {"country": "DE"}, by=alice.member, now=NOW)
    closed_twice = {"date": "2026-12-26", "ranges": []}
    opened = {"date": "2026-12-25", "ranges": [{"start": "10:00", "end": "11:00"}]}
    set_hours(alice, overrides=[opened, closed_twice])
    page = text(signed_in(alice).get(PAGE))
    assert page.count("open: hours are set for this day in") == 1
    assert page.count("closed</p>") == 9


@pytest.mark.parametrize("sent", [{"country": "XX"}, {"country": "DE", "subdivision": "ZZ"}])
def test_unknown_regions_are_refused(alice: Person, sent: dict[str, str]) -> None:
    set_holiday_region(alice.member, {"country": "DE"}, by=alice.member, now=NOW)
    answer = signed_in(alice).post(f"{PAGE}holidays/", sent)
    assert answer.status_code == 422
    assert said_beside(text(answer), "id_country") or said_beside(text(answer), "id_subdivision")
    assert HolidayRegion.objects.get().country == "DE"


def things_of(person: Person) -> list[tuple[str, dict[str, Any]]]:
    """Every change of this person's time off, as paths with what is sent."""
    away = add_time_off({"from": "2026-12-24", "member": person.user.email}, by=person.member, now=NOW)
    trip = add_journey({"from": "2027-02-03", "timezone": "UTC"}, by=person.member, now=NOW)
    return [
        (f"add/{of(person)}", WEEK),
        (f"again/{of(person)}&from=2026-12-01", {}),
        (f"{away.public_id}/", WEEK),
        (f"{away.public_id}/remove/", {}),
        (f"journeys/add/{of(person)}", TRIP),
        (f"journeys/again/{of(person)}&from=2027-03-01&timezone=UTC", {}),
        (
            f"journeys/{trip.public_id}/",
            {name: value.replace("-01-", "-04-") for name, value in TRIP.items()},
        ),
        (f"journeys/{trip.public_id}/remove/", {}),
        (f"holidays/{of(person)}", {"country": "FR"}),
    ]


def facts() -> list[Any]:
    return [
        list(model._default_manager.order_by("pk").values()) for model in (TimeOff, Journey, HolidayRegion)
    ]


def test_an_owner_sees_and_changes_everybody_s(alice: Person, bob: Person) -> None:
    client = signed_in(alice)
    page = text(client.get(PAGE + of(bob)))
    assert '<option value="bob@example.com" selected>Bob</option>' in page
    for path, sent in things_of(bob):
        answer = client.post(PAGE + path, sent)
        assert (answer.status_code, answer.headers["Location"]) == (302, PAGE + of(bob)), path
    assert not TimeOff.objects.exclude(member=bob.member).exists()
    assert TimeOff.objects.count() == 2
    assert Journey.objects.count() == 2
    assert HolidayRegion.objects.get().member == bob.member


def test_a_plain_member_has_only_their_own(alice: Person, bob: Person) -> None:
    changes = things_of(alice)
    client, before = signed_in(bob), facts()
    assert "Whose time off" not in text(client.get(PAGE))
    assert client.get(PAGE + of(alice)).status_code == 403
    for path, sent in changes:
        assert client.post(PAGE + path, sent).status_code == 403, path
    for path in (changes[2][0], changes[6][0]):
        assert client.get(PAGE + path).status_code == 403
    assert facts() == before
    client.post(f"{PAGE}add/", WEEK)
    assert TimeOff.objects.get(note="Lisbon").member == bob.member


def test_who_was_removed_is_gone_from_the_list(alice: Person, bob: Person) -> None:
    Member.objects.filter(pk=bob.member.pk).update(removed_at=NOW)
    client = signed_in(alice)
    assert "bob@example.com" not in text(client.get(PAGE))
    assert client.get(PAGE + of(bob)).status_code == 404
    assert client.post(f"{PAGE}add/{of(bob)}", WEEK).status_code == 404
    assert "Bob" not in text(client.get("/app/schedules/"))
    program = call_as(alice)
    assert len(program.get("/schedules").json()["items"]) == 1
    body = {"from": "2026-12-01", "member": "bob@example.com"}
    assert list(is_problem(program.post("/time-off", body), 422, "invalid")["errors"]) == ["member"]


def test_a_stranger_finds_nothing(alice: Person, charlie: Person) -> None:
    changes = things_of(alice)
    client, before = signed_in(charlie), facts()
    assert client.get(PAGE + of(alice)).status_code == 404
    assert client.get(f"{PAGE}?host=%00").status_code == 404
    assert "alice@example.com" not in text(client.get(PAGE))
    for path, sent in changes:
        assert client.post(PAGE + path, sent).status_code == 404, path
    assert facts() == before


@pytest.mark.parametrize("path", ["add/", "again/?from=2026-12-01", "journeys/add/", "holidays/"])
def test_nothing_changes_by_get(alice: Person, path: str) -> None:
    assert signed_in(alice).get(PAGE + path).status_code == 405


def test_the_page_takes_a_fixed_number_of_statements(alice: Person, bob: Person) -> None:
    set_holiday_region(alice.member, {"country": "DE"}, by=alice.member, now=NOW)
    client = signed_in(alice)
    book_through(make_link(alice), "2026-11-30T09:00:00+01:00")
    add_time_off({"from": "2026-11-30"}, by=alice.member, now=NOW)
    client.get(PAGE)
    few = statements_of(client, PAGE)
    for day in range(1, 4):
        book_through(make_link(alice), f"2026-12-0{day}T09:00:00+01:00")
    for day in range(1, 9):
        add_time_off({"from": f"2026-12-0{day}"}, by=alice.member, now=NOW)
        add_time_off({"from": f"2026-10-0{day}"}, by=alice.member, now=NOW)
        add_journey({"from": f"2027-01-0{day}", "timezone": "UTC"}, by=alice.member, now=NOW)
    assert statements_of(client, PAGE) == few
