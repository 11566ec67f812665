from typing import Any

import pytest
from pytest_django.fixtures import DjangoAssertNumQueries

from bookonce.scheduling.models import Calendar, RedirectOrigin
from tests.cast import Person, make_link, make_person
from tests.pages.owner_pages import said_beside, signed_in, text, value_of


def settings(person: Person, **changes: str) -> dict[str, Any]:
    return {
        "name": "First conversation",
        "slug": "first",
        "description": "Half an hour to get to know each other.",
        "durations": "30, 60",
        "interval": "15",
        "location_kind": "place",
        "location_value": "Lindenstraße 4, Berlin",
        "kind": "one_on_one",
        "host": person.user.email,
        "hours-0": person.schedule.public_id,
        "notice_number": "2",
        "notice_unit": "days",
        "horizon_number": "60",
        "horizon_count": "days",
        "buffer_before": "5",
        "buffer_after": "10",
        "contact_text": "Write to hello@example.org",
    } | changes


BAD = [
    ("name", "", "Fill this in."),
    ("name", "x" * 121, "At most 120"),
    ("name", "a\x00b", "can't be kept"),
    ("slug", "No Spaces", "lower-case"),
    ("description", "x" * 2001, "At most 2000"),
    ("durations", "", "Fill this in."),
    ("durations", "abc", "whole numbers"),
    ("durations", "0", "from 1 to 1440"),
    ("interval", "0", "from 1 to 1440"),
    ("buffer_before", "-1", "from 0 to 720"),
    ("buffer_after", "1000", "from 0 to 720"),
    ("notice_number", "-3", "at most a year"),
    ("notice_number", "soon", "at most a year"),
    ("notice_number", "9999", "at most a year"),
    ("horizon_number", "never", "whole number"),
    ("horizon_number", "9999", "from 0 to 3650"),
    ("horizon_count", "moons", ""),
    ("window_from", "2026-02-30", "Enter a date"),
    ("window_to", "next year", "Enter a date"),
    ("kind", "party", "Choose one of"),
    ("per_day", "-1", "from 0 to 10000"),
    ("per_week", "many", "whole number"),
    ("per_month", "10001", "from 0 to 10000"),
    ("look_busy", "101", "from 0 to 100"),
    ("location_kind", "moon", "Choose one of"),
    ("location_value", "", "Say where"),
    ("contact_text", "x" * 501, "At most 500"),
]


def test_a_calendar_is_made(alice: Person) -> None:
    client = signed_in(alice)
    assert "Create calendar" in text(client.get("/app/calendars/new/"))
    answer = client.post("/app/calendars/new/", settings(alice, one_time_only="on"))
    calendar = Calendar.objects.get(slug="first")
    assert answer["Location"] == f"/app/calendars/{calendar.public_id}/"
    assert (calendar.durations, calendar.interval, calendar.notice) == ((30, 60), 15, 2880)
    assert (calendar.buffer_before, calendar.buffer_after, calendar.horizon_days) == (5, 10, 60)
    assert (calendar.location_kind, calendar.location) == ("place", "Lindenstraße 4, Berlin")
    assert calendar.one_time_only
    assert "Share" in text(client.get(answer["Location"]))


def test_what_is_left_empty_is_made_up(alice: Person) -> None:
    sent = settings(alice, slug="", interval="", location_kind="none", location_value="", notice_number="")
    assert signed_in(alice).post("/app/calendars/new/", sent).status_code == 302
    calendar = Calendar.objects.get(slug="first-conversation")
    assert (calendar.interval, calendar.notice) == (30, 0)


def test_starts_left_empty_follow_the_shortest_length(alice: Person) -> None:
    sent = settings(alice, interval="", durations="90, 45")
    assert signed_in(alice).post(f"/app/calendars/{alice.calendar.public_id}/", sent).status_code == 302
    alice.calendar.refresh_from_db()
    assert alice.calendar.interval == 45


def test_a_calendar_is_changed_and_shown_as_kept(alice: Person) -> None:
    client, here = signed_in(alice), f"/app/calendars/{alice.calendar.public_id}/"
    assert client.post(here, settings(alice)).status_code == 302
    page = text(client.get(here))
    shown = {
        name: value_of(page, name)
        for name in ("name", "slug", "durations", "notice_number", "horizon_number")
    }
    assert shown == {
        "name": "First conversation",
        "slug": "first",
        "durations": "30, 60",
        "notice_number": "2",
        "horizon_number": "60",
    }
    assert '<option value="days" selected>' in page
    assert '<option value="place" selected>' in page
    client.post(here, settings(alice, one_time_only="on"))
    alice.calendar.refresh_from_db()
    assert alice.calendar.one_time_only
    client.post(here, settings(alice))
    alice.calendar.refresh_from_db()
    assert not alice.calendar.one_time_only


def test_robots_are_kept_away_once_it_is_switched_on(alice: Person) -> None:
    client, here = signed_in(alice), f"/app/calendars/{alice.calendar.public_id}/"
    for sent, kept in (({"proof_of_work": "on"}, True), ({}, False)):
        assert client.post(here, settings(alice, **sent)).status_code == 302
        alice.calendar.refresh_from_db()
        assert alice.calendar.proof_of_work is kept
        asked = client.get(f"/c/{alice.calendar.permanent_id}/challenge")
        assert asked.status_code == (200 if kept else 409)


@pytest.mark.parametrize(("name", "value", "reason"), BAD)
@pytest.mark.parametrize("new", [True, False])
def test_a_bad_field_is_named_and_nothing_is_kept(
    alice: Person, name: str, value: str, reason: str, *, new: bool
) -> None:
    here = "/app/calendars/new/" if new else f"/app/calendars/{alice.calendar.public_id}/"
    before = list(Calendar.objects.values())
    answer = signed_in(alice).post(here, settings(alice, **{name: value}))
    page = text(answer)
    assert answer.status_code == 422
    beside = {"horizon_count": "horizon_number"}.get(name, name)
    where = f"id_{beside}_0" if beside == "kind" else f"id_{beside}"
    assert said_beside(page, f"id_{beside}")
    assert reason in said_beside(page, f"id_{beside}")
    assert f'href="#{where}"' in page
    assert value_of(page, "location_value") == ("" if name == "location_value" else "Lindenstraße 4, Berlin")
    assert list(Calendar.objects.values()) == before


def test_a_unit_nobody_offered_is_refused(alice: Person) -> None:
    answer = signed_in(alice).post("/app/calendars/new/", settings(alice, notice_unit="moons"))
    assert answer.status_code == 422
    assert said_beside(text(answer), "id_notice_number")


def test_an_address_in_use_is_refused(alice: Person, bob: Person) -> None:
    answer = signed_in(alice).post(
        f"/app/calendars/{alice.calendar.public_id}/", settings(alice, slug=bob.calendar.slug)
    )
    assert answer.status_code == 422
    assert "already taken" in said_beside(text(answer), "id_slug")


def test_an_empty_form_is_refused(alice: Person) -> None:
    answer = signed_in(alice).post(f"/app/calendars/{alice.calendar.public_id}/", {})
    assert answer.status_code == 422


@pytest.mark.parametrize(
    ("slug", "free", "word"),
    [
        ("new-one", True, "free"),
        ("bob-30", False, "taken"),
        ("alice-30", True, "now"),
        ("Ü", False, "letters"),
    ],
)
def test_the_address_is_checked_while_typing(
    alice: Person, bob: Person, slug: str, *, free: bool, word: str
) -> None:
    sent = {"slug": slug, "calendar": alice.calendar.public_id}
    answer = signed_in(alice).get("/app/calendars/slug/", sent).json()
    assert answer["free"] is free
    assert word in answer["message"]


def test_the_check_holds_for_a_new_calendar(alice: Person) -> None:
    client = signed_in(alice)
    assert (
        client.get("/app/calendars/slug/", {"slug": "alice-30", "calendar": "\x00"}).json()["free"] is False
    )
    assert client.get("/app/calendars/slug/").json()["free"] is False


def test_a_stranger_finds_nothing(alice: Person, charlie: Person) -> None:
    client, here = signed_in(charlie), f"/app/calendars/{alice.calendar.public_id}/"
    assert client.get(here).status_code == 404
    assert client.post(here, settings(charlie)).status_code == 404
    answer = client.get("/app/calendars/slug/", {"slug": "x", "calendar": alice.calendar.public_id})
    assert answer.status_code == 404
    sent = settings(charlie, **{"hours-0": alice.schedule.public_id})
    answer = client.post(f"/app/calendars/{charlie.calendar.public_id}/", sent)
    assert "no such schedule" in said_beside(text(answer), "host_0")
    answer = client.post(f"/app/calendars/{charlie.calendar.public_id}/", settings(alice))
    assert "no member with this e-mail" in said_beside(text(answer), "host_0")
    alice.calendar.refresh_from_db()
    assert alice.calendar.slug == "alice-30"


def test_links_that_no_longer_fit_are_told(alice: Person) -> None:
    client, here = signed_in(alice), f"/app/calendars/{alice.calendar.public_id}/"
    assert "no longer fit" not in text(client.get(here))
    link = make_link(alice, label="Spring", durations=(30,)).link
    client.post(here, settings(alice, durations="45"))
    page = text(client.get(here))
    assert "1 one-time link no longer fits this calendar" in page
    assert f'/app/links/{link.public_id}/">Spring</a>' in page
    assert "offers 30 minutes, which the calendar no longer does" in page


def test_limits_and_days_are_kept_and_told_in_short(alice: Person) -> None:
    client, here = signed_in(alice), f"/app/calendars/{alice.calendar.public_id}/"
    sent = {"per_day": "3", "per_week": "10", "per_month": "", "look_busy": "20", "one_per_email": "on"}
    sent |= {"window_from": "2026-12-01", "window_to": "2026-12-24"}
    client.post(here, settings(alice, **sent))
    calendar = Calendar.objects.get(pk=alice.calendar.pk)
    assert (calendar.per_day, calendar.per_week, calendar.per_month) == (3, 10, None)
    assert (calendar.look_busy, calendar.one_per_email) == (20, True)
    assert (str(calendar.first_day), str(calendar.last_day)) == ("2026-12-01", "2026-12-24")
    page = text(client.get(here))
    assert "3 a day, 10 a week, 20% look busy, one per e-mail address" in page
    assert "2026-12-01 to 2026-12-24" in page
    client.post(here, settings(alice))
    calendar = Calendar.objects.get(pk=alice.calendar.pk)
    assert (calendar.per_day, calendar.look_busy, calendar.one_per_email) == (None, 0, False)
    assert (calendar.first_day, calendar.last_day) == (None, None)


@pytest.mark.parametrize(
    ("number", "count", "kept"),
    [("5", "days", (5, None)), ("5", "working_days", (None, 5)), ("5", "none", (None, None))],
)
def test_the_horizon_is_one_choice(
    alice: Person, number: str, count: str, kept: tuple[int | None, int | None]
) -> None:
    client, here = signed_in(alice), f"/app/calendars/{alice.calendar.public_id}/"
    for before in ("days", "working_days"):
        client.post(here, settings(alice, horizon_count=before))
        client.post(here, settings(alice, horizon_number=number, horizon_count=count))
        calendar = Calendar.objects.get(pk=alice.calendar.pk)
        assert (calendar.horizon_days, calendar.horizon_working_days) == kept
    assert f'<option value="{count}" selected>' in text(client.get(here))


@pytest.mark.parametrize(
    ("number", "unit", "minutes"),
    [("90", "minutes", 90), ("3", "weeks", 30_240), ("2", "months", 86_400), ("12", "months", 518_400)],
)
def test_notice_has_units_up_to_months(alice: Person, number: str, unit: str, minutes: int) -> None:
    client, here = signed_in(alice), f"/app/calendars/{alice.calendar.public_id}/"
    client.post(here, settings(alice, notice_number=number, notice_unit=unit))
    assert Calendar.objects.get(pk=alice.calendar.pk).notice == minutes
    page = text(client.get(here))
    assert value_of(page, "notice_number") == number
    assert f'<option value="{unit}" selected>' in page
    assert client.post(here, settings(alice, notice_number="13", notice_unit="months")).status_code == 422


def test_the_page_takes_a_fixed_number_of_statements(
    alice: Person, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client, here = signed_in(alice), f"/app/calendars/{alice.calendar.public_id}/"
    people = [make_person(f"P{number}", alice.workspace, role="member") for number in range(8)]
    rows = {f"hours-{number}": person.schedule.public_id for number, person in enumerate(people)}
    sent = settings(alice, kind="collective") | {"host": [person.user.email for person in people]} | rows
    with django_assert_max_num_queries(12):
        client.get(here)  # one host
    assert client.post(here, sent).status_code == 302
    with django_assert_max_num_queries(12):
        client.get(here)  # eight


def test_where_guests_are_led_and_that_its_site_was_taken_off_the_list(alice: Person) -> None:
    client, here = signed_in(alice), f"/app/calendars/{alice.calendar.public_id}/"
    page = {"next_steps": "Bring photos.", "redirect_url": "https://example.com/thanks", "searchable": "on"}
    refused = client.post(here, settings(alice, **page))
    assert refused.status_code == 422
    assert "not among the sites" in said_beside(refused.content.decode(), "id_redirect_url")
    assert '<a href="/app/settings/#id_redirect_origins">' in refused.content.decode()
    RedirectOrigin.objects.create(workspace=alice.workspace, origin="https://example.com")
    assert client.post(here, settings(alice, **page)).status_code == 302
    kept = Calendar.objects.get(pk=alice.calendar.pk)
    assert (kept.next_steps, kept.redirect_url, kept.searchable) == (
        "Bring photos.",
        "https://example.com/thanks",
        True,
    )
    assert "Guests are not led there now" not in text(client.get(here))
    RedirectOrigin.objects.all().delete()
    assert "Guests are not led there now" in text(client.get(here))
    assert client.post(here, settings(alice, **page)).status_code == 302


def test_the_language_of_its_guests_pages_is_chosen_by_its_own_name(alice: Person) -> None:
    client, here = signed_in(alice), f"/app/calendars/{alice.calendar.public_id}/"
    assert '<option value="ja">日本語</option>' in text(client.get(here))
    assert client.post(here, settings(alice, language="ja")).status_code == 302
    alice.calendar.refresh_from_db()
    assert alice.calendar.language == "ja"
    assert '<option value="ja" selected>日本語</option>' in text(client.get(here))
    assert client.post(here, settings(alice, language="tlh")).status_code == 422
    assert client.post(here, settings(alice, language="")).status_code == 302
    alice.calendar.refresh_from_db()
    assert alice.calendar.language == ""


def test_the_layout_and_the_choice_of_a_host(alice: Person) -> None:
    bob = make_person("Bob", alice.workspace, role="member")
    both = {"kind": "round_robin", "distribution": "availability", "hours-1": bob.schedule.public_id}
    client, page = signed_in(alice), f"/app/calendars/{alice.calendar.public_id}/"
    form = settings(alice, layout="week", guests_choose_host="on", **both) | {
        "host": [alice.user.email, bob.user.email]
    }
    assert client.post(page, form).status_code == 302
    calendar = Calendar.objects.get(pk=alice.calendar.pk)
    assert (calendar.layout, calendar.guests_choose_host, calendar.calendar_hosts.count()) == (
        "week",
        True,
        2,
    )
    shown = client.get(page).content.decode()
    assert 'value="week" id="id_layout_1" checked' in shown or 'value="week" checked' in shown
    client.post(page, settings(alice, layout="month", **both) | {"host": [alice.user.email, bob.user.email]})
    calendar.refresh_from_db()
    assert (calendar.layout, calendar.guests_choose_host) == ("month", False)
    refused = client.post(page, settings(alice, layout="year"))
    assert refused.status_code == 422
    assert "Choose one of" in said_beside(text(refused), "id_layout")
