"""The tab Embed of a calendar: which sites may show it, and the snippet that does."""

from __future__ import annotations

import re
from html import unescape

import pytest

from bookonce.scheduling.embed_origins import set_embed_origins
from bookonce.scheduling.models import Calendar, EmbedOrigin
from tests.cast import NOW, Person
from tests.pages.guest_pages import stop_clock
from tests.pages.owner_pages import signed_in, text


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_clock(monkeypatch, NOW)


def tab(person: Person) -> str:
    return f"/app/calendars/{person.calendar.public_id}/embed/"


def sites(person: Person) -> list[str]:
    return list(EmbedOrigin.objects.filter(calendar=person.calendar).values_list("origin", flat=True))


def snippet_at(person: Person, query: str = "") -> str:
    """As it is copied."""
    page = signed_in(person).get(tab(person) + query).content.decode()
    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", page, re.DOTALL)
    assert found
    return unescape(found[1])


def test_the_open_calendar_leads_to_the_tab(alice: Person) -> None:
    page = text(signed_in(alice).get(f"/app/calendars/{alice.calendar.public_id}/"))
    assert f'href="{tab(alice)}"' in page
    assert "No site yet" in text(signed_in(alice).get(tab(alice)))


def test_sites_are_added_and_removed(alice: Person) -> None:
    client = signed_in(alice)
    page = text(client.post(tab(alice), {"add": "1", "origin": " https://Olga.example/ "}, follow=True))
    assert "https://olga.example can show this calendar." in page
    assert sites(alice) == ["https://olga.example"]
    page = text(client.post(tab(alice), {"remove": "https://olga.example"}, follow=True))
    assert "Removed." in page
    assert sites(alice) == []
    assert client.post(tab(alice), {"remove": "\x00"}).status_code == 302


def test_what_is_no_site_is_told_beside_the_field(alice: Person) -> None:
    answer = signed_in(alice).post(tab(alice), {"add": "1", "origin": "https://olga.example/contact"})
    assert answer.status_code == 422
    page = text(answer)
    assert "Leave out what follows the name of the site" in page
    assert 'value="https://olga.example/contact"' in page
    assert sites(alice) == []


def test_one_time_links_are_switched(alice: Person) -> None:
    client = signed_in(alice)
    for sent, kept in (({"embeds_one_time_links": "on"}, True), ({}, False)):
        client.post(tab(alice), sent)
        assert Calendar.objects.get(pk=alice.calendar.pk).embeds_one_time_links is kept


def test_the_snippet_is_the_one_asked_for(alice: Person) -> None:
    link = f"http://localhost:8000/c/{alice.calendar.permanent_id}"
    assert snippet_at(alice) == (
        f'<div data-bookonce="{link}" data-mode="inline">\n'
        f'  <a href="{link}">Book: Alice&#x27;s meeting</a>\n'
        "</div>\n"
        '<script src="http://localhost:8000/embed.js" async></script>'
    )
    asked = snippet_at(alice, "?mode=popup&theme=dark&text=Talk+to+%3Cme%3E")
    assert 'data-mode="popup" data-theme="dark"' in asked
    assert ">Talk to &lt;me&gt;</a>" in asked
    strange = snippet_at(alice, "?mode=x&theme=%22&text=")
    assert 'data-mode="inline">' in strange


def test_the_preview_is_the_page_itself(alice: Person) -> None:
    client = signed_in(alice)
    page = text(client.get(f"{tab(alice)}?mode=inline"))
    shown = re.search(r'<div data-bookonce="([^"]+)"[^>]*data-preview="([^"]+)"', page)
    assert shown
    assert '<script src="/embed.js" async>' in page
    framed = client.get(f"{shown[1]}?embed=inline&embed_preview={shown[2]}")
    assert "frame-ancestors 'self'" in framed.headers["Content-Security-Policy"]
    assert "frame-src 'self'" in client.get(tab(alice)).headers["Content-Security-Policy"]


def test_a_calendar_by_one_time_link_only_has_no_preview(alice: Person) -> None:
    Calendar.objects.update(one_time_only=True)
    page = text(signed_in(alice).get(tab(alice)))
    assert "data-preview" not in page
    assert alice.calendar.permanent_id not in page
    assert "http://localhost:8000/o/…" in snippet_at(alice)


def test_the_share_dialog_says_which_sites_show_it(alice: Person) -> None:
    client, dialog = signed_in(alice), f"/app/calendars/{alice.calendar.public_id}/share/?tab=embed"
    page = text(client.get(dialog))
    assert "No site may show this calendar yet" in page
    assert f'href="{tab(alice)}"' in page
    set_embed_origins(alice.calendar, ["https://olga.example"])
    page = text(client.get(dialog))
    assert "Shown on https://olga.example." in page
    modes = re.findall(r'data-mode="(\w+)"', unescape(page))
    assert modes == ["inline", "popup", "floating"]
    assert f'<iframe class="embed-frame" src="/c/{alice.calendar.permanent_id}?embed=inline' in page


def test_strangers_see_and_change_nothing(alice: Person, charlie: Person) -> None:
    client = signed_in(charlie)
    assert client.get(tab(alice)).status_code == 404
    for sent in ({"add": "1", "origin": "https://charlie.example"}, {"embeds_one_time_links": "on"}):
        assert client.post(tab(alice), sent).status_code == 404
    assert sites(alice) == []
    assert not Calendar.objects.get(pk=alice.calendar.pk).embeds_one_time_links
