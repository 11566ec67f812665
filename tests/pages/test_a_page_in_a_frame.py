"""Who may show a guest's page in a frame, page by page, and that the frame goes on from page to page."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookonce.lib.instants import from_seconds, to_seconds
from bookonce.lib.previews import LIFE_SECONDS, preview_stamp
from bookonce.scheduling.embed_origins import set_embed_origins
from bookonce.scheduling.models import Calendar, OneTimeLink
from tests.cast import MONDAY_NINE, NOW, Person, book_through, guest, make_link
from tests.groups import make_group
from tests.pages.guest_pages import stop_clock

SITE, OTHER = "https://site.example", "https://other.example"
FRAME = f"embed=inline&embed_origin={quote(SITE, safe='')}"


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_clock(monkeypatch, NOW)


def get(path: str, query: str = FRAME) -> HttpResponse:
    return Client().get(f"{path}?{query}", headers={"Host": "testserver"})  # type: ignore[return-value]


def ancestors(answer: HttpResponse) -> str:
    """What the browser is told: who may show it in a frame; both headers agree."""
    found = re.search(r"frame-ancestors ([^;]+)", answer.headers["Content-Security-Policy"])
    assert found
    assert answer.headers.get("X-Frame-Options") == ("DENY" if found[1] == "'none'" else None)
    return found[1]


def allow(person: Person, *origins: str, **columns: Any) -> None:
    set_embed_origins(person.calendar, origins or [SITE])
    Calendar.objects.filter(pk=person.calendar.pk).update(**columns)


def permanent(person: Person) -> str:
    return f"/c/{person.calendar.permanent_id}"


def test_nobody_frames_a_calendar_that_allows_no_site(alice: Person) -> None:
    assert ancestors(get(permanent(alice))) == "'none'"


def test_the_sites_it_allows_frame_a_calendar(alice: Person) -> None:
    allow(alice, OTHER, SITE, "https://*.shop.example")
    for path in (permanent(alice), "/atelier/alice-30"):
        answer = get(path)
        assert answer.status_code == 200
        assert ancestors(answer) == f"https://*.shop.example {OTHER} {SITE}"


@pytest.mark.parametrize("query", ["", "embed=", "embed=1", "embed=yes", "embed_origin=x"])
def test_nobody_frames_the_page_itself(alice: Person, query: str) -> None:
    allow(alice)
    assert ancestors(get(permanent(alice), query)) == "'none'"
    assert "data-frame" not in get(permanent(alice), query).content.decode()


def test_a_calendar_by_one_time_link_only_has_no_public_frame(alice: Person) -> None:
    allow(alice, one_time_only=True, embeds_one_time_links=True)
    answer = get(permanent(alice))
    assert (answer.status_code, ancestors(answer)) == (404, "'none'")
    answer = get(f"/o/{make_link(alice).token}")
    assert (answer.status_code, ancestors(answer)) == (200, SITE)


def test_one_time_links_are_framed_only_if_allowed(alice: Person) -> None:
    issued = make_link(alice)
    allow(alice)
    assert ancestors(get(f"/o/{issued.token}")) == "'none'"
    allow(alice, embeds_one_time_links=True)
    assert ancestors(get(f"/o/{issued.token}")) == SITE


def test_a_dead_link_says_so_in_the_frame(alice: Person) -> None:
    allow(alice, embeds_one_time_links=True)
    issued = make_link(alice)
    book_through(issued)
    answer = get(f"/o/{issued.token}")
    assert (answer.status_code, ancestors(answer)) == (410, SITE)
    page = answer.content.decode()
    assert "This link has expired" in page
    assert 'data-event="unavailable" data-reason="link_used"' in page
    OneTimeLink.objects.update(revoked_at=NOW)
    assert ancestors(get(f"/o/{issued.token}")) == SITE


@pytest.mark.parametrize(("columns", "status"), [({"paused_at": NOW}, 503), ({"deleted_at": NOW}, 410)])
def test_a_closed_calendar_says_so_in_the_frame(alice: Person, columns: dict[str, Any], status: int) -> None:
    allow(alice, **columns)
    answer = get(permanent(alice))
    assert (answer.status_code, ancestors(answer)) == (status, SITE)


def test_unknown_and_malformed_addresses_are_framed_by_nobody(alice: Person) -> None:
    allow(alice, embeds_one_time_links=True)
    for path in (f"/o/{'a' * 32}", "/o/x%00", "/c/unknown", "/atelier/unknown", f"/m/{'a' * 43}", "/m/%0a"):
        answer = get(path)
        assert (answer.status_code, ancestors(answer)) == (404, "'none'")


def test_a_group_is_framed_where_all_its_calendars_are(alice: Person, bob: Person) -> None:
    group = make_group(alice, alice.calendar, bob.calendar)
    path = f"/c/{group.permanent_id}"
    allow(alice, SITE, OTHER)
    assert ancestors(get(path)) == "'none'"
    allow(bob, SITE)
    chosen = f"{FRAME}&calendar={alice.calendar.public_id}"
    assert ancestors(get(path)) == ancestors(get(path, chosen)) == SITE
    Calendar.objects.filter(pk=bob.calendar.pk).update(deleted_at=NOW)
    assert ancestors(get(path)) == f"{OTHER} {SITE}"


def test_a_group_is_framed_below_a_site_that_one_of_them_allows_whole(alice: Person, bob: Person) -> None:
    path = f"/c/{make_group(alice, alice.calendar, bob.calendar).permanent_id}"
    allow(alice, "https://*.site.example")
    allow(bob, "https://shop.site.example", "https://*.de.site.example", SITE)
    assert ancestors(get(path)) == "https://*.de.site.example https://shop.site.example"


def test_a_booking_is_framed_where_its_calendar_is(alice: Person) -> None:
    allow(alice)
    booked = book_through(make_link(alice))
    pages = [f"/m/{booked.manage_token}{ending}" for ending in ("", "/reschedule", "/cancel")]
    assert {ancestors(get(page)) for page in pages} == {"'none'"}
    allow(alice, embeds_one_time_links=True)
    assert {ancestors(get(page)) for page in pages} == {SITE}
    assert {ancestors(get(page, "")) for page in pages} == {"'none'"}


def post(path: str, **sent: str) -> HttpResponse:
    return Client().post(  # type: ignore[return-value]
        f"{path}?{FRAME}", urlencode(sent), content_type="application/x-www-form-urlencoded"
    )


def test_booking_goes_on_within_the_frame(alice: Person) -> None:
    allow(alice)
    answer = post(f"{permanent(alice)}/book", **guest(MONDAY_NINE), key="once", duration="30")
    assert answer.status_code == 303
    target = answer.headers["Location"]
    assert re.fullmatch(r"/m/[^?]+\?booked=1&" + re.escape(FRAME), target)
    again = post(f"{permanent(alice)}/book", **guest(MONDAY_NINE), key="once", duration="30")
    assert again.headers["Location"] == target, "sent twice, without the cookie"
    page = Client().get(target)
    assert ancestors(page) == SITE  # type: ignore[arg-type]
    text = page.content.decode()
    assert 'data-event="booked"' in text
    assert 'data-start="2026-11-30T08:00:00+00:00"' in text
    event = re.search(r"<data [^>]*>", text)
    assert event
    assert "gina" not in event[0].lower()


def test_a_cancellation_is_told_once(alice: Person) -> None:
    allow(alice)
    sent = post(f"{permanent(alice)}/book", **guest(MONDAY_NINE), key="once", duration="30")
    path = sent.headers["Location"].partition("?")[0]
    done = post(f"{path}/cancel").headers["Location"]
    assert done == f"{path}?cancelled=1&{FRAME}"
    assert 'data-event="cancelled"' in Client().get(done).content.decode()
    again = get(path).content.decode()
    assert "This appointment is cancelled" in again
    assert "data-event" not in again


def test_what_is_wrong_is_told_within_the_frame(alice: Person) -> None:
    allow(alice)
    wrong = post(f"{permanent(alice)}/book", start=MONDAY_NINE, duration="30", key="k")
    assert (wrong.status_code, ancestors(wrong)) == (422, SITE)
    [taken_by_the_answer] = re.findall(r'data-keep="([^"]*)"', wrong.content.decode())
    assert FRAME.replace("&", "&amp;") in taken_by_the_answer  # a reload stays in the frame
    elsewhere = Client().post(
        f"{permanent(alice)}/book?{FRAME}",
        "start=x",
        content_type="application/x-www-form-urlencoded",
        headers={"Sec-Fetch-Site": "cross-site"},
    )
    assert elsewhere.status_code == 403
    assert ancestors(elsewhere) == SITE  # type: ignore[arg-type]


def addresses_in(page: str) -> list[str]:
    tags = re.findall(r"<(?:a|form|button)\s[^>]*>", page)
    inside = [tag for tag in tags if "get=" not in tag and 'method="get"' not in tag]
    found = [re.findall(r'(?:href|action|formaction|data-keep)="(/[^"]*)"', tag) for tag in inside]
    return [each for several in found for each in several]


def test_every_address_of_a_page_stays_in_the_frame(alice: Person) -> None:
    allow(alice)
    booked = book_through(make_link(alice), "2026-11-30T11:00:00+01:00")
    Calendar.objects.update(embeds_one_time_links=True)
    steps = ("", f"start={quote(MONDAY_NINE)}&", "month=2026-12&", "asked=sent&")
    pages = [get(permanent(alice), f"{step}{FRAME}") for step in steps]
    pages += [get(f"/m/{booked.manage_token}{ending}") for ending in ("", "/reschedule", "/cancel")]
    carried = FRAME.replace("&", "&amp;")
    for page in pages:
        text = page.content.decode()
        found = addresses_in(text)
        assert found
        assert [each for each in found if carried not in each] == []
        forms = re.findall(r'<form[^>]*method="get"[^>]*>(<input[^>]*>){2}', text)
        assert len(forms) == len(re.findall(r'<form[^>]*method="get"', text))
        assert "/assets/" not in "".join(found)


def test_the_origin_is_told_only_where_it_is_allowed(alice: Person) -> None:
    allow(alice)
    assert f'data-frame="inline" data-frame-origin="{SITE}"' in get(permanent(alice)).content.decode()
    for wrong in (OTHER, "null", "*", f"{SITE}.evil.example", '"><script>'):
        text = get(permanent(alice), f"embed=popup&embed_origin={quote(wrong)}").content.decode()
        assert 'data-frame="popup" data-frame-origin=""' in text
        assert ".evil." not in text


def test_the_theme_is_the_one_asked_for(alice: Person) -> None:
    allow(alice)
    for theme, shown in (("dark", ' data-theme="dark"'), ("light", ' data-theme="light"'), ("auto", "")):
        page = get(permanent(alice), f"{FRAME}&embed_theme={theme}").content.decode()
        assert re.search(r"<html[^>]*?( data-theme=\"\w+\")? data-frame", page)[1] == (shown or None)  # type: ignore[index]
        assert f"embed_theme={theme}" in page


def test_the_page_outside_a_frame_is_no_heavier(alice: Person) -> None:
    page = get(permanent(alice), "").content.decode()
    assert "frame." not in page
    framed = get(permanent(alice)).content.decode()
    assert "frame." in framed
    assert "brand-name" in page
    assert "brand-name" not in framed


def test_asking_who_may_frame_it_takes_one_statement(alice: Person) -> None:
    allow(alice)
    counts = []
    for query in ("", FRAME):
        with CaptureQueriesContext(connection) as statements:
            get(permanent(alice), query)
        counts.append(len(statements))
    assert counts[1] == counts[0] + 1


def test_its_owner_sees_a_preview_whatever_it_allows(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    stamp = preview_stamp()
    preview = f"embed=inline&embed_preview={stamp}&embed_origin=http://testserver"
    answer = get(permanent(alice), preview)
    assert ancestors(answer) == "'self'"
    assert 'data-frame-origin="http://testserver"' in answer.content.decode()
    assert stamp in answer.content.decode()
    assert ancestors(get(permanent(alice), preview.replace(stamp, f"{stamp}x"))) == "'none'"
    stop_clock(monkeypatch, from_seconds(to_seconds(NOW) + LIFE_SECONDS))
    assert ancestors(get(permanent(alice), preview)) == "'none'"


def test_the_guest_is_led_to_a_page_that_can_be_kept(alice: Person) -> None:
    """In a frame there is no address to keep."""
    allow(alice)
    sent = post(f"{permanent(alice)}/book", **guest(MONDAY_NINE), key="once", duration="30")
    path = sent.headers["Location"].partition("?")[0]
    page = Client().get(sent.headers["Location"]).content.decode()
    assert f'<a href="{path}" target="_blank" rel="noopener">Keep the address of this page' in page
    assert "Keep the address of this page" in Client().get(path).content.decode()
    assert f'<a href="{path}"' not in Client().get(path).content.decode()
