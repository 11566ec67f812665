"""Copy as message: the link as ready text, or with a few free times, each opening the page at that time."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from django.test import Client

from bookonce.messages.proposal import Message, message_for
from bookonce.scheduling.calendars import set_paused
from bookonce.scheduling.issue_link import issue_link
from bookonce.scheduling.link_options import parse_link_options
from bookonce.scheduling.models import Booking, Calendar, Event, OneTimeLink
from bookonce.scheduling.offer import Door, free_starts, get_offer
from bookonce.scheduling.revoke_link import revoke_link
from tests.cast import NOW, Person, book_through, make_link
from tests.groups import make_group, make_group_link
from tests.pages.guest_pages import book_page, read, stop_clock
from tests.pages.owner_pages import said_beside, signed_in, text, value_of


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_clock(monkeypatch, NOW)


def of_link(link: OneTimeLink) -> str:
    return f"/app/links/{link.public_id}/message/"


def of_calendar(person: Person, way: str) -> str:
    return f"/app/calendars/{person.calendar.public_id}/share/message/{way}/"


def message_of(issued_door: Door, **wish: object) -> Message:
    return message_for(issued_door, "https://book.example/o/token", wish, now=NOW)


def proposed(page: str) -> list[str]:
    """The addresses behind the times in the preview."""
    preview = page.partition('class="message-preview"')[2].partition("</div>")[0]
    return [link for link in re.findall(r'<li><a href="([^"]*)"', preview) if "start=" in link]


def test_four_times_each_opening_the_page(alice: Person) -> None:
    issued = make_link(alice, recipient_name="Sam Okafor", recipient_email="sam@example.org")
    page = text(signed_in(alice).get(of_link(issued.link)))
    assert "Hello Sam Okafor," in page
    assert "Berlin time (UTC+1)" in page
    times = proposed(page)
    assert len(times) == 4
    for time in times:
        parts = urlsplit(time)
        assert parts.path == f"/o/{issued.token}"
        step = read(Client().get(f"{parts.path}?{parts.query}"))
        assert "Your details" in step.words
        assert step.fields["timezone"] == "Europe/Berlin"


def test_all_of_them_are_one_link(alice: Person) -> None:
    issued = make_link(alice)
    first, second, *_ = proposed(text(signed_in(alice).get(of_link(issued.link))))
    parts = urlsplit(first)
    start = parse_qs(parts.query)["start"][0]
    assert book_page(parts.path, Client(), start).status_code == 303
    late = urlsplit(second)
    assert Client().get(f"{late.path}?{late.query}").status_code == 410


def test_only_times_that_the_page_offers(alice: Person) -> None:
    issued = make_link(alice, first_day=NOW.date() + timedelta(days=9))
    book_through(make_link(alice), "2026-12-02T10:00:00+01:00")
    for wish in ({"times": 6}, {"times": 3, "timezone": "Asia/Tokyo"}, {"times": 5, "timezone": "UTC"}):
        message = message_of(Door("link", issued.link.token_digest), **wish)
        starts = [int(time.start.timestamp()) // 60 for time in message.times]
        offered = free_starts(
            get_offer(Door("link", issued.link.token_digest)),
            duration=30,
            start=starts[0],
            end=starts[-1] + 1,
            now=int(NOW.timestamp()),
        )
        assert len(starts) == wish["times"]
        assert set(starts) <= set(offered)


def test_over_the_change_of_the_clock_each_time_says_its_offset(alice: Person) -> None:
    issued = make_link(alice, first_day=NOW.date().replace(year=2027, month=3, day=26))
    message = message_of(Door("link", issued.link.token_digest))
    assert [time.words for time in message.times][:2] == [
        "Friday, 26 March, 10:00 (UTC+1)",
        "Monday, 29 March, 14:00 (UTC+2)",
    ]
    assert "Berlin time\n" in message.text


def test_number_zone_and_length_are_chosen(alice: Person) -> None:
    Calendar.objects.update(durations=(30, 60))
    issued = make_link(alice)
    asked = {"times": "6", "timezone": "America/New_York", "duration": "60"}
    page = text(signed_in(alice).get(of_link(issued.link), asked))
    assert len(proposed(page)) == 6
    assert "New York time (UTC-5)" in page
    assert all("duration=60&timezone=America/New_York" in time for time in proposed(page))
    for name, value in asked.items():
        chosen = re.search(rf'<select name="{name}".*?<option value="([^"]*)" selected', page, re.DOTALL)
        assert chosen
        assert chosen[1] == value


@pytest.mark.parametrize(
    ("query", "field", "sentence"),
    [
        ("times=2", "times", "Enter 0, or a number from 3 to 6."),
        ("times=x", "times", "whole number"),
        ("timezone=Mars/Crater", "timezone", "not a time zone"),
        ("duration=7", "duration", "can't be chosen"),
    ],
)
def test_what_makes_no_sense_is_told(alice: Person, query: str, field: str, sentence: str) -> None:
    answer = signed_in(alice).get(f"{of_link(make_link(alice).link)}?{query}")
    assert answer.status_code == 422
    assert sentence in said_beside(text(answer), f"message_{field}")
    assert "Choose a time that suits you" in text(answer), "the link alone is there all the same"


def test_no_time_is_free(alice: Person) -> None:
    issued = make_link(alice, first_day=NOW.date().replace(day=28), last_day=NOW.date().replace(day=29))
    page = text(signed_in(alice).get(of_link(issued.link)))
    assert "No time is free in the coming 400 days" in page
    assert proposed(page) == []
    one = make_link(alice, first_day=NOW.date().replace(day=30), last_day=NOW.date().replace(day=30))
    Calendar.objects.update(durations=(300,))
    page = text(signed_in(alice).get(of_link(one.link)))
    assert len(proposed(page)) == 1
    assert "No more times are free." in page


def test_picked_times_are_the_ones_proposed(alice: Person) -> None:
    picked = [f"2026-11-30T{hour}:00:00+01:00" for hour in ("09", "10", "11")]
    for held, sentence in ((False, "nothing is kept free"), (True, "is kept for this link")):
        slots = [f"2026-12-0{4 if held else 1}{start[10:]}" for start in picked]
        raw = {"slots": slots, "hold_slots": held}
        issued = issue_link(
            alice.calendar, parse_link_options(raw, alice.calendar, now=NOW), by=alice.actor, now=NOW
        )
        page = text(signed_in(alice).get(of_link(issued.link), {"times": "3"}))
        starts = [
            datetime.fromisoformat(parse_qs(urlsplit(time).query)["start"][0]) for time in proposed(page)
        ]
        assert starts == [datetime.fromisoformat(start) for start in slots]
        assert sentence in page


def test_a_group_has_the_link_alone(alice: Person, bob: Person) -> None:
    group = make_group(alice, alice.calendar, bob.calendar)
    issued = make_group_link(alice, group)
    addresses = [of_link(issued.link)]
    addresses += [
        f"/app/calendars/{group.public_id}/share/message/{way}/" for way in ("scheduling", "permanent")
    ]
    for address in addresses:
        page = text(signed_in(alice).get(address))
        assert proposed(page) == []
        assert "Choose a time that suits you" in page
        assert group.name in page


def test_reading_it_writes_nothing(alice: Person) -> None:
    issued, client = make_link(alice), signed_in(alice)
    before = (Event.objects.count(), OneTimeLink.objects.values().get())
    client.get(of_link(issued.link))
    client.get(of_calendar(alice, "scheduling"))
    assert (Event.objects.count(), OneTimeLink.objects.values().get()) == before


def test_the_other_links_have_messages_too(alice: Person) -> None:
    for way, address in (
        ("scheduling", "/atelier/alice-30"),
        ("permanent", f"/c/{alice.calendar.permanent_id}"),
    ):
        page = text(signed_in(alice).get(of_calendar(alice, way)))
        assert len(proposed(page)) == 4
        assert all(urlsplit(time).path == address for time in proposed(page))
        assert "then expires" not in page
    assert signed_in(alice).get(of_calendar(alice, "embed")).status_code == 404
    Calendar.objects.update(one_time_only=True)
    assert signed_in(alice).get(of_calendar(alice, "scheduling")).status_code == 404


def test_a_link_that_is_dead_has_none(alice: Person) -> None:
    used, revoked = make_link(alice), make_link(alice)
    book_through(used)
    revoke_link(revoked.link.pk, by=alice.actor, now=NOW)
    for issued in (used, revoked):
        answer = signed_in(alice).get(of_link(issued.link))
        assert answer.status_code == 409
        assert "can no longer be booked" in text(answer)
        assert "not for you to change" not in text(answer)
        assert "message/" not in text(signed_in(alice).get(f"/app/links/{issued.link.public_id}/"))
    waiting = make_link(alice)
    set_paused(alice.calendar, paused=True, now=NOW)
    assert signed_in(alice).get(of_link(waiting.link)).status_code == 200


def test_for_a_mail_program(alice: Person) -> None:
    issued = make_link(alice, recipient_email="sam+1@example.org", recipient_name="Sam & Co")
    page = text(signed_in(alice).get(of_link(issued.link)))
    found = re.search(r'href="(mailto:[^"]*)"', page)
    assert found
    address, _, query = found[1].removeprefix("mailto:").partition("?")
    assert unquote(address) == "sam+1@example.org"
    assert "+" not in query, "mail programs take it for a plus"
    headers = parse_qs(query)
    assert headers["subject"] == ["Alice's meeting with Alice"]
    assert headers["body"][0].startswith("Hello Sam & Co,\r\n\r\nWhich")


def test_hostile_names_stay_text(alice: Person) -> None:
    Calendar.objects.update(name="<script>alert(1)</script>")
    issued = make_link(alice, recipient_name='"><img src=x>')
    answer = signed_in(alice).get(of_link(issued.link))
    html = answer.content.decode()
    assert "<img src=x>" not in html
    assert "<script>alert" not in html


def test_the_share_dialog_and_the_lists_lead_there(alice: Person) -> None:
    issued, client = make_link(alice), signed_in(alice)
    share = f"/app/calendars/{alice.calendar.public_id}/share/"
    page = text(client.get(f"{share}?tab=one-time&link={issued.link.public_id}"))
    for address in (of_calendar(alice, "scheduling"), of_calendar(alice, "permanent"), of_link(issued.link)):
        assert f'href="{address}?shared=1" data-in-dialog' in page
    sheet = text(client.get(f"{of_link(issued.link)}?shared=1"))
    assert f'href="{share}?tab=one-time&link={issued.link.public_id}" data-in-dialog' in sheet
    assert value_of(sheet, "shared") == "1", "changing the number keeps the way back"
    for address in ("/app/links/", f"/app/links/{issued.link.public_id}/"):
        assert f'href="{of_link(issued.link)}"' in text(client.get(address))


def test_bob_may_and_charlie_finds_nothing(alice: Person, bob: Person, charlie: Person) -> None:
    issued = make_link(alice)
    assert signed_in(bob).get(of_link(issued.link)).status_code == 200
    for address in (of_link(issued.link), of_calendar(alice, "scheduling"), of_calendar(alice, "permanent")):
        assert signed_in(charlie).get(address).status_code == 404
    assert Client().get(of_link(issued.link)).status_code == 302
    assert Booking.objects.count() == 0
