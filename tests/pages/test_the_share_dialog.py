import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_django.fixtures import DjangoAssertNumQueries

from bookonce.lib.tokens import digest
from bookonce.scheduling.calendars import set_paused
from bookonce.scheduling.models import Calendar, OneTimeLink
from tests.cast import NOW, Person, book_through, make_link, make_person
from tests.pages.guest_pages import stop_clock
from tests.pages.owner_pages import links_made, said_beside, signed_in, text, value_of

LABELS = ["Scheduling Link", "Permanent Link", "One Time Link", "Embed Code"]


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_clock(monkeypatch, NOW)


def share(person: Person) -> str:
    return f"/app/calendars/{person.calendar.public_id}/share/"


def link_in(page: str) -> OneTimeLink:
    found = re.search(r'value="[^"]*/o/([a-z2-7]{32})"', page)
    assert found, "no one-time link on the page"
    return OneTimeLink.objects.get(token_digest=digest(found[1]))


def test_four_tabs_in_this_order(alice: Person) -> None:
    page = text(signed_in(alice).get(share(alice)))
    named = re.findall(r'<a class="tab[^>]*>([^<]+)</a>', page)
    assert named == LABELS


@pytest.mark.parametrize("tab", ["scheduling", "permanent", "one-time", "embed"])
def test_the_tab_is_in_the_address(alice: Person, tab: str) -> None:
    page = text(signed_in(alice).get(f"{share(alice)}?tab={tab}"))
    shown = [
        name
        for name, attributes in re.findall(r'id="tab-([a-z-]+)"([^>]*)>', page)
        if "hidden" not in attributes
    ]
    assert shown == [tab]


def test_readable_and_permanent_addresses(alice: Person) -> None:
    page = text(signed_in(alice).get(share(alice)))
    assert 'value="http://localhost:8000/atelier/alice-30"' in page
    assert f'value="http://localhost:8000/c/{alice.calendar.permanent_id}"' in page


def test_opening_the_dialog_makes_no_link(alice: Person) -> None:
    client = signed_in(alice)
    for tab in ("", "?tab=one-time", "?tab=permanent"):
        page = text(client.get(share(alice) + tab))
    assert links_made() == 0
    assert "Generate New Link" in page


def test_without_scripts_the_tab_is_a_button_that_makes_a_link(alice: Person) -> None:
    client = signed_in(alice)
    nonce = value_of(text(client.get(share(alice))), "nonce")
    answer = client.post(f"{share(alice)}one-time/", {"nonce": nonce}, follow=True)
    page = text(answer)
    link = link_in(page)
    assert link.calendar == alice.calendar
    assert (link.created_by, link.created_via) == (alice.member, "page")
    assert "Works for one booking, then expires." in page
    assert "1 active link" in page
    assert f"/app/links/?calendar={alice.calendar.public_id}&state=active" in page
    again = client.get(f"{answer.request['PATH_INFO']}?{answer.request['QUERY_STRING']}")
    assert link_in(text(again)) == link, "a reload shows the same link"
    assert links_made() == 1


def test_a_new_link_leaves_the_earlier_ones_active(alice: Person) -> None:
    client = signed_in(alice)
    first = link_in(text(client.post(f"{share(alice)}one-time/", follow=True)))
    page = text(client.post(f"{share(alice)}one-time/", {"shown": first.public_id}, follow=True))
    assert link_in(page) != first
    assert "The earlier link still works." in page
    assert "2 active links" in page


def test_the_same_form_sent_twice_makes_one_link(alice: Person) -> None:
    client, sent = signed_in(alice), {"nonce": "abc", "label": "For Sam"}
    pages = [text(client.post(f"{share(alice)}one-time/", sent, follow=True)) for _twice in range(2)]
    assert link_in(pages[0]) == link_in(pages[1])
    client.post(f"{share(alice)}one-time/", sent | {"label": "For Kim"})
    assert links_made() == 2


def test_the_link_that_lies_ready_is_shown_again(alice: Person) -> None:
    client, issued = signed_in(alice), make_link(alice)
    client.cookies["ready_link"] = issued.link.public_id
    assert link_in(text(client.get(share(alice)))) == issued.link


@pytest.mark.parametrize(
    "facts",
    [
        {"opened": 1},
        {"label": "Sam"},
        {"recipient_email": "sam@example.org"},
        {"revoked_at": NOW},
        {"spent": 1},
        {"expires_at": NOW},
        {"created_via": "api"},
    ],
)
def test_a_link_that_may_be_somebodys_is_not_handed_out_again(alice: Person, facts: dict[str, Any]) -> None:
    client, issued = signed_in(alice), make_link(alice)
    OneTimeLink.objects.filter(pk=issued.link.pk).update(**facts)
    client.cookies["ready_link"] = issued.link.public_id
    assert "/o/" not in text(client.get(share(alice)))


@pytest.mark.parametrize("kept", ["", "\x00", "lnk_aaaaaaaaaaaaaaaa", "x" * 3000])
def test_a_strange_cookie_is_nothing(alice: Person, kept: str) -> None:
    client = signed_in(alice)
    client.cookies["ready_link"] = kept
    assert client.get(share(alice), {"link": kept}).status_code == 200


def test_options_are_kept_on_the_link(alice: Person) -> None:
    sent = {
        "label": "Autumn fair",
        "recipient_name": "Sam",
        "recipient_email": "sam@example.org",
        "expires": "2026-12-01",
        "max_bookings": "3",
    }
    page = text(signed_in(alice).post(f"{share(alice)}one-time/", sent, follow=True))
    link = link_in(page)
    assert (link.label, link.recipient_name, link.recipient_email) == (
        "Autumn fair",
        "Sam",
        "sam@example.org",
    )
    assert link.expires_at == datetime(2026, 12, 1, 23, tzinfo=UTC), "the end of the day in Berlin"
    assert "Works for 3 bookings" in page


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("label", "x" * 121, "At most 120"),
        ("recipient_name", "x" * 121, "At most 120"),
        ("recipient_email", "sam", "e-mail address"),
        ("expires", "2026-11-22", "already passed"),
        ("expires", "tomorrow", "date like"),
        ("expires", "2026-02-31", "date like"),
        ("max_bookings", "0", "from 1 to"),
        ("max_bookings", "many", "whole number"),
    ],
)
def test_a_bad_option_is_named_and_no_link_is_made(alice: Person, name: str, value: str, reason: str) -> None:
    answer = signed_in(alice).post(f"{share(alice)}one-time/", {"label": "Kept", name: value})
    page = text(answer)
    assert answer.status_code == 422
    assert reason in said_beside(page, f"share_{name}")
    assert links_made() == 0


def test_the_address_is_changed_in_place(alice: Person, bob: Person) -> None:
    client = signed_in(alice)
    page = text(client.post(f"{share(alice)}address/", {"slug": "talk"}, follow=True))
    assert "http://localhost:8000/atelier/talk" in page
    for slug, reason in ((bob.calendar.slug, "already taken"), ("No!", "lower-case"), ("", "Fill this in.")):
        answer = client.post(f"{share(alice)}address/", {"slug": slug})
        assert answer.status_code == 422
        assert reason in said_beside(text(answer), "share_slug")
    alice.calendar.refresh_from_db()
    assert alice.calendar.slug == "talk"


def test_by_one_time_link_only_the_other_tabs_are_off(alice: Person) -> None:
    Calendar.objects.filter(pk=alice.calendar.pk).update(one_time_only=True)
    page = text(signed_in(alice).get(share(alice)))
    assert page.count("This is off") == 3
    assert f"/app/calendars/{alice.calendar.public_id}/#id_one_time_only" in page
    assert alice.calendar.permanent_id not in page
    assert "/atelier/alice-30" not in page
    assert re.search(r'id="tab-one-time">', page), "it opens on the tab that is on"


def test_a_paused_calendar_says_so(alice: Person) -> None:
    set_paused(alice.calendar, paused=True, now=NOW)
    make_link(alice)
    page = text(signed_in(alice).get(share(alice)))
    assert "paused" in page
    assert "state=paused" in page


def test_snippets_hold_the_permanent_link_and_nothing_unsafe(alice: Person) -> None:
    Calendar.objects.filter(pk=alice.calendar.pk).update(name='<script>"&')
    answer = signed_in(alice).get(f"{share(alice)}?tab=embed")
    html = answer.content.decode()
    assert "<script>" not in html.partition("</head>")[2]
    assert html.count("&lt;div data-bookonce=") == html.count("&lt;a href=") == 3
    assert html.count("&amp;lt;script&amp;gt;") == 3, "escaped in the snippet, and again in the page"


@pytest.mark.parametrize("way", ["scheduling", "permanent"])
def test_codes_are_drawn(alice: Person, way: str) -> None:
    answer = signed_in(alice).get(f"{share(alice)}qr/{way}.svg")
    assert answer["Content-Type"] == "image/svg+xml"
    assert b"<svg" in answer.content


@pytest.mark.parametrize("way", ["one-time", "embed", "nothing"])
def test_no_code_of_what_is_not_there(alice: Person, way: str) -> None:
    assert signed_in(alice).get(f"{share(alice)}qr/{way}.svg").status_code == 404


def test_statements_do_not_grow_with_links_bookings_and_calendars(
    alice: Person, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(12):
        make_person(f"Extra{number}", alice.workspace, role="member")
        issued = make_link(alice)
        if number < 8:
            minute = timedelta(minutes=30) * number
            book_through(issued, (datetime(2026, 11, 30, 8, tzinfo=UTC) + minute).isoformat())
    client = signed_in(alice)
    client.cookies["ready_link"] = issued.link.public_id
    with django_assert_max_num_queries(8):
        page = text(client.get(share(alice)))
    assert link_in(page) == issued.link
    with django_assert_max_num_queries(14):
        client.post(f"{share(alice)}one-time/", {"nonce": "n"})


def test_bob_shares_alices_calendar(alice: Person, bob: Person) -> None:
    page = text(signed_in(bob).post(f"{share(alice)}one-time/", follow=True))
    assert link_in(page).created_by == bob.member


def test_a_stranger_finds_nothing(alice: Person, charlie: Person) -> None:
    client, issued = signed_in(charlie), make_link(alice)
    assert client.get(share(alice)).status_code == 404
    assert client.get(f"{share(alice)}qr/permanent.svg").status_code == 404
    assert client.post(f"{share(alice)}one-time/").status_code == 404
    assert client.post(f"{share(alice)}address/", {"slug": "mine"}).status_code == 404
    assert "/o/" not in text(client.get(f"{share(charlie)}?link={issued.link.public_id}"))
    assert links_made() == 1
