"""The confirmation: what, when on both clocks, where, what was given, what comes next, into a calendar."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from bookonce.booking_page.templatetags.guest_page import clickable
from bookonce.scheduling.models import Booking, BookingAnswer, Calendar, RedirectOrigin
from tests.cast import Person, book_through, make_link, make_person
from tests.kinds import book_into, make_calendar
from tests.pages.guest_pages import Page, at_now, read, stop_clock  # noqa: F401 - a fixture

pytestmark = [pytest.mark.usefixtures("at_now"), pytest.mark.django_db(transaction=True)]
THANKS = "https://example.com/thanks?from=us"


def lines(path: str) -> str:
    """The words of the page, its lines apart."""
    return Page(Client().get(path).content.decode().replace("<br>", " ")).words


def booked(alice: Person, **changes: Any) -> str:
    return f"/m/{book_through(make_link(alice), **changes).manage_token}"


def lead_on(alice: Person) -> None:
    Calendar.objects.update(redirect_url=THANKS)
    RedirectOrigin.objects.create(workspace=alice.workspace, origin="https://example.com")


@pytest.mark.parametrize(
    ("zone", "words"),
    [
        ("Europe/Berlin", ""),
        ("Europe/Vienna", ""),  # the same clock
        ("America/New_York", "Monday, 30 November 2026 03:00 to 03:30 New York time 09:00 to 09:30, Berlin"),
        (
            "Pacific/Kiritimati",
            "Monday, 30 November 2026 22:00 to 22:30 Kiritimati time 09:00 to 09:30, Berlin time",
        ),
        (
            "Pacific/Pago_Pago",
            "Sunday, 29 November 2026 21:00 to 21:30 Pago Pago time Monday, 30 November, ",
        ),
    ],
)
def test_both_clocks_where_they_differ(alice: Person, zone: str, words: str) -> None:
    page = lines(booked(alice, timezone=zone))
    if words:
        assert words in page
    else:
        assert page.count("09:00 to 09:30") == 1


def test_the_clock_of_the_host_who_was_chosen(alice: Person) -> None:
    tokyo = make_person("Ken", alice.workspace, role="member", zone="Asia/Tokyo")
    calendar = make_calendar("round_robin", alice, tokyo)
    at_ten = book_into(calendar, "2026-11-30T10:00:00+09:00")  # Alice is not at work yet
    page = read(Client().get(f"/m/{at_ten.manage_token}"))
    assert "booked with Ken" in page.words
    assert "10:00 to 11:00, Tokyo time" in page.words


def test_the_night_over_which_clocks_change(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    stop_clock(monkeypatch, datetime.fromisoformat("2027-03-20T08:00:00+00:00"))
    calendar = make_calendar("one_on_one", alice, durations=(30,), interval=30)
    before, after = (
        book_into(calendar, start, timezone="America/New_York", name=name)
        for start, name in (("2027-03-22T09:00:00+01:00", "Ann A"), ("2027-03-29T09:00:00+02:00", "Bea B"))
    )
    for booking, there in ((before, "04:00"), (after, "03:00")):
        words = lines(f"/m/{booking.manage_token}")
        assert f"{there} to {there[:3]}30 New York time 09:00 to 09:30, Berlin time" in words


def test_into_a_calendar(alice: Person) -> None:
    Calendar.objects.update(location_kind="phone")
    path = booked(alice, phone="+49 30 1234567")
    page = read(Client().get(f"{path}?booked=1"))
    outside = [link for link in page.links if link.startswith("https://")]
    assert [urlsplit(link).hostname for link in outside] == [
        "calendar.google.com",
        "outlook.live.com",
        "outlook.office.com",
    ]
    for link in outside:
        query = parse_qs(urlsplit(link).query)
        assert query["location"] == ["You will be called at +49 30 1234567"]
        assert "/m/" not in link
    assert parse_qs(urlsplit(outside[0]).query)["dates"] == ["20261130T080000Z/20261130T083000Z"]
    assert {f"{path}/appointment.ics", f"{path}/open.ics"} <= set(page.links)


def test_the_file_is_kept_or_opened(alice: Person) -> None:
    path = booked(alice)
    kept, opened = (Client().get(f"{path}/{name}.ics") for name in ("appointment", "open"))
    assert kept["Content-Disposition"].startswith("attachment;")
    assert opened["Content-Disposition"].startswith("inline;")
    assert opened["Content-Type"].startswith("text/calendar")
    assert kept.content == opened.content
    assert Client().get(f"/m/{'a' * 32}/open.ics").status_code == 404


def test_what_the_guest_gave(alice: Person) -> None:
    path = booked(alice)
    booking = Booking.objects.get()
    rows = [
        ("short", "Your <b>company</b>", "<script>alert(1)</script>"),
        ("several", "Topics", "Tea\nCoffee"),
        ("checkbox", "Newsletter", "yes"),
        ("date", "Since when", "2026-12-01"),
    ]
    for position, (kind, label, value) in enumerate(rows):
        BookingAnswer.objects.create(
            booking=booking, position=position, key=f"q{position}", kind=kind, label=label, value=value
        )
    Booking.objects.update(guests=[{"name": "Bo", "email": "bo@example.org"}, "cy@example.org"])
    page = read(Client().get(path))
    assert "<script>alert" not in page.html
    for words in (
        "<script>alert(1)</script>",
        "Tea, Coffee",
        "Newsletter",
        "Yes",
        "Tuesday, 1 December 2026",
    ):
        assert words in page.words
    assert "Bo (bo@example.org), cy@example.org" in page.words
    Booking.objects.update(guests=[], guest_count=2)
    assert "2 further guests" in read(Client().get(path)).words


def test_what_comes_next(alice: Person) -> None:
    Calendar.objects.update(next_steps="Bring <b>photos</b>.\nSee https://example.com/a?b=1&c=2.")
    path = booked(alice)
    page = read(Client().get(f"{path}?booked=1"))
    assert "What comes next" in page.words
    assert "Bring &lt;b&gt;photos&lt;/b&gt;.<br>See <a href=" in page.html
    assert "https://example.com/a?b=1&c=2" in page.links
    Calendar.objects.update(needs_approval=True)
    Booking.objects.update(status="new", answer_by=datetime.fromisoformat("2026-11-24T08:00:00+00:00"))
    assert "What comes next" not in read(Client().get(path)).words


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a < b & c", "a &lt; b &amp; c"),
        ("javascript:alert(1)", "javascript:alert(1)"),
        ("www.example.com", "www.example.com"),
        ("a@example.com", "a@example.com"),
        (
            'https://a.example/"onmouseover="alert(1)',
            ">https://a.example/</a>&quot;onmouseover=&quot;alert(1)",
        ),
        ("(https://a.example/b).", ">https://a.example/b</a>)."),
        ("https://a.example/<script>", ">https://a.example/</a>&lt;script&gt;"),
        ("https://a.example/\u202egpj.exe", ">https://a.example/</a>\u202egpj.exe"),
    ],
)
def test_only_addresses_can_be_clicked(text: str, shown: str) -> None:
    made = clickable(text)
    assert shown in made
    assert made.count("<a ") == made.count('rel="noopener noreferrer nofollow"') == shown.count("</a>")


def test_led_on_by_a_page_that_says_so(alice: Person) -> None:
    lead_on(alice)
    path = booked(alice)
    booking = Booking.objects.get()
    there = f"https://example.com/thanks?from=us&booking={booking.public_id}"
    page = read(Client().get(f"{path}?booked=1"))
    assert there in page.links
    assert path in page.links
    assert "You are booked with Alice" in page.words
    assert "Continue to example.com" in page.words
    escaped = there.replace("&", "&amp;")
    assert f'<meta http-equiv="refresh" content="0; url={escaped}">' in page.html
    assert 'http-equiv="refresh"' not in read(Client().get(path)).html  # by the link in the mail
    assert "form-action 'self';" in Client().get(f"{path}?booked=1")["Content-Security-Policy"]


@pytest.mark.parametrize(("query", "dest"), [("&embed=inline", "document"), ("", "iframe")])
def test_in_a_frame_only_a_click_leads_on(alice: Person, query: str, dest: str) -> None:
    lead_on(alice)
    path = booked(alice)
    page = read(Client(headers={"Sec-Fetch-Dest": dest}).get(f"{path}?booked=1{query}"))
    assert 'http-equiv="refresh"' not in page.html
    assert 'target="_top"' in page.html
    assert "Continue to example.com" in page.words
    assert "Add to your calendar" in page.words


def test_led_nowhere_once_the_site_is_off_the_list(alice: Person) -> None:
    lead_on(alice)
    path = booked(alice)
    RedirectOrigin.objects.all().delete()
    page = read(Client().get(f"{path}?booked=1"))
    assert "example.com" not in page.html.replace("gina@example.org", "")
    assert "Add to your calendar" in page.words


def test_a_request_is_led_nowhere(alice: Person) -> None:
    lead_on(alice)
    Calendar.objects.update(needs_approval=True)
    page = read(Client().get(f"{booked(alice)}?booked=1"))
    assert "Your request is with Alice" in page.words
    assert 'http-equiv="refresh"' not in page.html
    assert "thanks" not in page.html


def test_programs_are_led_nowhere(alice: Person) -> None:
    lead_on(alice)
    link = make_link(alice)
    body = {
        "start": "2026-11-30T09:00:00+01:00",
        "name": "Gina",
        "email": "gina@example.org",
        "timezone": "Europe/Berlin",
    }
    answer = Client().post(f"/o/{link.token}/book", body, content_type="application/json")
    assert answer.status_code == 201
    assert b"example.com/thanks" not in answer.content
    assert set(answer.json()) == {"id", "start", "end", "status", "manage_url", "calendar"}
