"""The owner's pages of calendar groups: made, ordered, shared, paused, deleted and restored."""

from __future__ import annotations

import re
from datetime import date

import pytest
from pytest_django.fixtures import DjangoAssertNumQueries

from bookonce.scheduling.calendar_groups import calendars_of, set_group_deleted
from bookonce.scheduling.calendars import update_calendar
from bookonce.scheduling.models import CalendarGroup, LinkBatch, OneTimeLink
from tests.cast import NOW, Person
from tests.groups import make_group, make_group_link
from tests.pages.guest_pages import stop_clock
from tests.pages.owner_pages import said_beside, signed_in, text, value_of

LIST, NEW = "/app/calendars/", "/app/groups/new/"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_clock(monkeypatch, NOW)


@pytest.fixture
def group(alice: Person, bob: Person) -> CalendarGroup:
    return make_group(alice, alice.calendar, bob.calendar)


def rows(page: str) -> list[str]:
    return re.findall(r'name="calendar" value="(cal_\w+)"', page)


def test_a_group_is_made_without_scripts(alice: Person, bob: Person) -> None:
    client = signed_in(alice)
    assert NEW in text(client.get(LIST))
    form = {"name": "Meet us", "description": "Pick a person.", "slug": ""}
    add = {"change": "add-calendar", "calendar-new": bob.calendar.public_id}
    page = text(client.post(NEW, form | add))
    assert rows(page) == [bob.calendar.public_id]
    assert value_of(page, "name") == "Meet us", "what was typed stays"
    chosen = [bob.calendar.public_id, alice.calendar.public_id]
    moved = text(client.post(NEW, form | {"calendar": chosen, "change": "up-calendar-1"}))
    assert rows(moved) == chosen[::-1]
    assert (
        rows(text(client.post(NEW, form | {"calendar": chosen, "change": "down-calendar-0"}))) == chosen[::-1]
    )
    assert (
        rows(text(client.post(NEW, form | {"calendar": chosen, "change": "remove-calendar-0"}))) == chosen[1:]
    )
    assert not CalendarGroup.objects.exists()
    answer = client.post(NEW, form | {"calendar": chosen[::-1]}, follow=True)
    made = CalendarGroup.objects.get()
    assert answer.request["PATH_INFO"] == f"/app/groups/{made.public_id}/"
    assert "Meet us can be booked. Share it." in text(answer)
    assert (made.slug, made.description) == ("meet-us", "Pick a person.")
    assert calendars_of(made) == [alice.calendar, bob.calendar]


def test_what_is_wrong_stands_beside_its_field(alice: Person, group: CalendarGroup) -> None:
    path = f"/app/groups/{group.public_id}/"
    client = signed_in(alice)
    sent = {"name": "", "slug": alice.calendar.slug, "calendar": [alice.calendar.public_id]}
    answer = client.post(path, sent)
    assert answer.status_code == 422
    assert said_beside(text(answer), "id_name") == "Fill this in."
    taken = client.post(path, sent | {"name": "Meet us"})
    assert said_beside(text(taken), "id_slug") == "This address is already taken."
    assert rows(text(taken)) == [alice.calendar.public_id], "the menu stays as it was sent"
    group.refresh_from_db()
    assert (group.name, group.slug) == ("Meet us", "meet-us")


def test_saving_changes_the_menu(alice: Person, bob: Person, group: CalendarGroup) -> None:
    path = f"/app/groups/{group.public_id}/"
    page = text(signed_in(alice).get(path))
    assert rows(page) == [alice.calendar.public_id, bob.calendar.public_id]
    sent = {"name": "Us", "slug": "us", "calendar": [bob.calendar.public_id], "one_time_only": "on"}
    assert "Saved." in text(signed_in(alice).post(path, sent, follow=True))
    group.refresh_from_db()
    assert (group.name, group.slug, group.one_time_only) == ("Us", "us", True)
    assert calendars_of(group) == [bob.calendar]


def test_the_list_has_the_groups_in_a_section_of_their_own(alice: Person, group: CalendarGroup) -> None:
    page = text(signed_in(alice).get(LIST))
    section = page[page.index('id="groups"') :]
    assert "Meet us" in section
    assert "2 calendars" in section
    for word in ("Share", "Edit", "Open", "Pause", "Delete"):
        assert word in section


def test_pausing_and_resuming(alice: Person, group: CalendarGroup) -> None:
    client, path = signed_in(alice), f"/app/groups/{group.public_id}"
    assert "takes no bookings until you resume it" in text(client.post(f"{path}/pause/", follow=True))
    group.refresh_from_db()
    assert group.paused_at == NOW
    client.post(f"{path}/resume/")
    group.refresh_from_db()
    assert group.paused_at is None


def test_deleting_names_what_is_lost_and_can_be_undone(alice: Person, group: CalendarGroup) -> None:
    make_group_link(alice, group)
    client, path = signed_in(alice), f"/app/groups/{group.public_id}"
    asked = text(client.get(f"{path}/delete/"))
    assert "1 active link stops working." in asked
    page = text(client.post(f"{path}/delete/", follow=True))
    assert "Deleted groups" in page
    assert "1 link revives when you restore it" in page
    assert client.get(f"{path}/").status_code == 404
    assert "is back, with all its links" in text(client.post(f"{path}/restore/", follow=True))
    assert CalendarGroup.objects.get().deleted_at is None


def test_the_address_is_checked_while_it_is_typed(alice: Person, group: CalendarGroup) -> None:
    client = signed_in(alice)

    def check(**query: str) -> bool:
        return bool(client.get("/app/calendars/slug/", query).json()["free"])

    assert not check(slug="meet-us")
    assert not check(slug="meet-us", calendar=alice.calendar.public_id)
    assert check(slug="meet-us", calendar=group.public_id)
    assert not check(slug=alice.calendar.slug, calendar=group.public_id)
    assert check(slug="free", calendar=group.public_id)


def test_the_share_dialog_has_its_four_tabs_for_a_group(
    alice: Person, group: CalendarGroup, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client, path = signed_in(alice), f"/app/calendars/{group.public_id}/share/"
    with django_assert_max_num_queries(8):
        page = text(client.get(path))
    assert 'value="http://localhost:8000/atelier/meet-us"' in page
    assert f'value="http://localhost:8000/c/{group.permanent_id}"' in page
    assert "Book: Meet us" in page
    assert 'name="host"' not in page
    assert 'name="location_kind"' not in page
    sent = {"nonce": "x", "label": "Sam", "recipient_email": "sam@example.org", "expires": "2026-12-24"}
    shown = text(client.post(f"{path}one-time/", sent, follow=True))
    link = OneTimeLink.objects.get()
    assert (link.group, link.calendar, link.label) == (group, None, "Sam")
    assert "/o/" in shown
    assert "spent for the whole group" in shown
    assert "1 active link" in shown
    code = client.get(f"{path}qr/one-time.svg?link={link.public_id}")
    assert code["Content-Type"] == "image/svg+xml"
    listed = text(client.get(f"/app/links/?calendar={group.public_id}&state=active"))
    assert link.public_id in listed
    assert "Meet us" in listed


def test_its_address_is_changed_in_the_dialog(alice: Person, group: CalendarGroup) -> None:
    client, path = signed_in(alice), f"/app/calendars/{group.public_id}/share/address/"
    taken = client.post(path, {"slug": alice.calendar.slug})
    assert said_beside(text(taken), "share_slug") == "This address is already taken."
    assert "Saved" in text(client.post(path, {"slug": "us"}, follow=True))
    group.refresh_from_db()
    assert group.slug == "us"


def test_a_group_for_one_time_links_alone_has_its_other_ways_off(alice: Person) -> None:
    group = make_group(alice, alice.calendar, one_time_only=True)
    page = text(signed_in(alice).get(f"/app/calendars/{group.public_id}/share/"))
    assert page.count("the group can be booked by one-time link only") == 3
    assert group.permanent_id not in page


def test_a_link_to_a_group_on_its_own_page_and_as_a_message(alice: Person, group: CalendarGroup) -> None:
    link = make_group_link(alice, group, label="Sam").link
    client = signed_in(alice)
    page = text(client.get(f"/app/links/{link.public_id}/"))
    assert "Calendar group" in page
    assert "Meet us" in page
    message = text(client.get(f"/app/links/{link.public_id}/message/"))
    assert "Meet us" in message
    assert "/o/" in message
    assert "Proposed times" not in message
    assert "No times are proposed for a group" in message
    public = text(client.get(f"/app/calendars/{group.public_id}/share/message/permanent/"))
    assert group.permanent_id in public


def test_a_link_that_fits_none_of_its_calendars_is_told(
    alice: Person, bob: Person, group: CalendarGroup
) -> None:
    make_group_link(alice, group, label="December", last_day=date(2026, 12, 24))
    pages = [
        f"/app/groups/{group.public_id}/",
        *(f"/app/calendars/{p.calendar.public_id}/" for p in (alice, bob)),
    ]
    for person in (alice, bob):
        assert all("no longer fits" not in text(signed_in(alice).get(page)) for page in pages)
        update_calendar(person.calendar, {"window": {"from": "2027-01-01"}}, by=person.actor, now=NOW)
    for page in pages:
        shown = text(signed_in(alice).get(page))
        assert "has no day in common with any calendar of Meet us, so nothing can be booked." in shown
    assert "1 one-time link no longer fits this group" in text(signed_in(alice).get(pages[0]))


def test_many_links_to_a_group(alice: Person, group: CalendarGroup) -> None:
    client = signed_in(alice)
    assert "Meet us" in text(client.get("/app/links/many/"))
    sent = {"calendar": group.public_id, "name": "Fair", "pasted": "sam@example.org\nkim@example.org"}
    answer = client.post("/app/links/many/", sent, follow=True)
    assert "2 people on the list" in text(answer)
    assert "Meet us" in text(answer)
    client.post(answer.request["PATH_INFO"])
    assert LinkBatch.objects.get().group == group


PATHS = ("", "pause/", "resume/", "delete/", "restore/")
SHARED = ("", "one-time/", "address/", "qr/permanent.svg", "message/permanent/")


def test_charlie_sees_none_of_it(alice: Person, charlie: Person, group: CalendarGroup) -> None:
    client = signed_in(charlie)
    for path in (
        *(f"/app/groups/{group.public_id}/{path}" for path in PATHS),
        *(f"/app/calendars/{group.public_id}/share/{path}" for path in SHARED),
    ):
        assert client.get(path).status_code in (404, 405), path
        assert client.post(path, {"name": "x", "slug": "x"}).status_code in (404, 405), path
    set_group_deleted(group, deleted=True, now=NOW)
    assert client.post(f"/app/groups/{group.public_id}/restore/").status_code == 404
    assert "Meet us" not in text(client.get(LIST))
    own = text(client.get(NEW))
    assert alice.calendar.public_id not in own
    client.post(NEW, {"name": "Mine", "calendar": [alice.calendar.public_id]})
    assert calendars_of(CalendarGroup.objects.get(name="Mine")) == []
