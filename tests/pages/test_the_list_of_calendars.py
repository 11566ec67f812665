import pytest
from pytest_django.fixtures import DjangoAssertNumQueries

from bookonce.scheduling.calendars import create_calendar, set_deleted, set_paused
from bookonce.scheduling.issue_link import issue_link
from bookonce.scheduling.link_options import LinkOptions
from bookonce.scheduling.models import Calendar
from tests.cast import MONDAY_NINE, MONDAY_TEN, NOW, Person, book_through, make_link
from tests.pages.guest_pages import stop_clock
from tests.pages.owner_pages import signed_in, text

PAGE = "/app/calendars/"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_clock(monkeypatch, NOW)


def test_a_calendar_is_shown_with_what_is_coming_up(alice: Person) -> None:
    book_through(make_link(alice), MONDAY_NINE)
    book_through(make_link(alice), MONDAY_TEN)
    page = text(signed_in(alice).get(PAGE))
    assert "Alice's meeting" in page
    assert "30 minutes" in page
    assert "2 upcoming" in page
    for word in ("Share", "Edit", "Open", "Pause", "Delete"):
        assert word in page


def test_states_are_pills(alice: Person) -> None:
    Calendar.objects.filter(pk=alice.calendar.pk).update(one_time_only=True)
    set_paused(alice.calendar, paused=True, now=NOW)
    page = text(signed_in(alice).get(PAGE))
    assert "Paused" in page
    assert "One-time links only" in page
    assert "Resume" in page
    assert f"/atelier/{alice.calendar.slug}" not in page, "the readable address is off"


def test_no_calendars_yet(alice: Person) -> None:
    set_deleted(alice.calendar, deleted=True, now=NOW)
    page = text(signed_in(alice).get(PAGE))
    assert "No calendars yet" in page
    assert "Deleted calendars" in page


def test_others_calendars_are_not_in_it(alice: Person, charlie: Person) -> None:
    page = text(signed_in(alice).get(PAGE))
    assert charlie.calendar.public_id not in page


def test_the_number_of_statements_does_not_grow(
    alice: Person, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(alice)
    for number in range(12):
        calendar = create_calendar(alice.member, {"name": f"C{number}", "durations": "30"}, now=NOW)
        issue_link(calendar, LinkOptions(), by=alice.actor, now=NOW)
    with django_assert_max_num_queries(7):
        client.get(PAGE)


def test_pause_and_resume(alice: Person) -> None:
    client, here = signed_in(alice), f"{PAGE}{alice.calendar.public_id}"
    page = text(client.post(f"{here}/pause/", follow=True))
    assert "takes no bookings until you resume it" in page
    assert "upcoming appointment stays" not in page
    assert f'action="{here}/resume/"' in page
    alice.calendar.refresh_from_db()
    assert alice.calendar.paused_at
    client.post(f"{here}/resume/")
    alice.calendar.refresh_from_db()
    assert alice.calendar.paused_at is None


def test_pausing_tells_that_appointments_stay(alice: Person) -> None:
    book_through(make_link(alice))
    page = text(signed_in(alice).post(f"{PAGE}{alice.calendar.public_id}/pause/", follow=True))
    assert "1 upcoming appointment stays. Its guest can cancel it, but not move it." in page


def test_deleting_tells_in_numbers_and_can_be_undone(alice: Person) -> None:
    book_through(make_link(alice))
    make_link(alice)
    make_link(alice)
    client, here = signed_in(alice), f"{PAGE}{alice.calendar.public_id}"
    page = text(client.get(f"{here}/delete/"))
    assert "2 active links stop working" in page
    assert "1 upcoming appointment stays" in page
    page = text(client.post(f"{here}/delete/", follow=True))
    assert f'action="{here}/restore/"' in page
    assert client.get(f"{here}/").status_code == 404
    page = text(client.post(f"{here}/restore/", follow=True))
    assert "is back, with all its links" in page
    assert client.get(f"{here}/").status_code == 200


@pytest.mark.parametrize("act", ["pause", "resume", "restore"])
def test_a_look_changes_nothing(alice: Person, act: str) -> None:
    assert signed_in(alice).get(f"{PAGE}{alice.calendar.public_id}/{act}/").status_code == 405


@pytest.mark.parametrize("act", ["pause", "resume", "delete", "restore"])
def test_a_stranger_finds_nothing(alice: Person, charlie: Person, act: str) -> None:
    if act == "restore":
        set_deleted(alice.calendar, deleted=True, now=NOW)
    before = Calendar.objects.values().get(pk=alice.calendar.pk)
    assert signed_in(charlie).post(f"{PAGE}{alice.calendar.public_id}/{act}/").status_code == 404
    assert Calendar.objects.values().get(pk=alice.calendar.pk) == before
