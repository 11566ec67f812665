"""Every page of a calendar wears its look: colours, theme, pictures, words, and what is hidden."""

from __future__ import annotations

import io
import re
from typing import Any

import PIL.Image
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookonce.accounts.models import Workspace
from bookonce.scheduling.images import make_picture
from bookonce.scheduling.look import reset_look, set_look
from bookonce.scheduling.models import Calendar, Image
from bookonce.scheduling.revoke_link import revoke_link
from tests.cast import MONDAY_NINE, MONDAY_TEN, NOW, Person, book_through, make_link
from tests.groups import make_group
from tests.pages.guest_pages import at_now, book_page  # noqa: F401 - a fixture

pytestmark = [pytest.mark.usefixtures("at_now"), pytest.mark.django_db(transaction=True)]
SHEET = "/assets/look/c2410c-fff4e0-12.css"


def drawn(width: int, height: int) -> bytes:
    written = io.BytesIO()
    PIL.Image.new("RGB", (width, height), "teal").save(written, "PNG")
    return written.getvalue()


def dress(person: Person, **changes: Any) -> None:
    raw = {"primary": "c2410c", "background": "fff4e0", "radius": 12, "theme": "light"} | changes
    pictures = {
        "logo": make_picture(drawn(400, 100), "logo"),
        "cover": make_picture(drawn(800, 250), "cover"),
    }
    set_look(person.calendar, raw, pictures=pictures, by=person.actor, now=NOW)


def html_of(path: str, status: int = 200, **query: str) -> str:
    answer = Client().get(path, query)
    assert answer.status_code == status
    return answer.content.decode()


def test_every_page_of_the_calendar_wears_it(alice: Person) -> None:
    dress(alice)
    issued, used, revoked = make_link(alice), make_link(alice), make_link(alice)
    manage = f"/m/{book_through(used).manage_token}"
    revoke_link(revoked.link.pk, by=alice.actor, now=NOW)
    link = f"/o/{issued.token}"
    pages = {
        link: html_of(link),
        "details": html_of(link, start=MONDAY_NINE.replace("09:00", "11:00"), timezone="Europe/Berlin"),
        "manage": html_of(manage),
        "cancel": html_of(f"{manage}/cancel"),
        "reschedule": html_of(f"{manage}/reschedule"),
        "move": html_of(f"{manage}/reschedule", start=MONDAY_TEN),
        "used": html_of(f"/o/{used.token}", 410),
        "revoked": html_of(f"/o/{revoked.token}", 410),
        "scheduling link": html_of("/atelier/alice-30"),
    }
    for name, page in pages.items():
        assert SHEET in page, name
        assert 'data-theme="light"' in page, name
        assert '<meta name="theme-color" content="#fff4e0">' in page, name
        assert 'class="logo"' in page, name
        assert 'width="160" height="40" alt="Atelier"' in page, name
        assert ('class="cover"' in page) == (name not in {"used", "revoked"}), name
    assert Client().get(SHEET).status_code == 200


def test_pictures_are_served_for_ever_at_an_address_of_their_own(alice: Person) -> None:
    dress(alice)
    for name in ("logo", "cover"):
        found = re.search(rf'<img class="{name}" src="([^"]+)"', html_of("/atelier/alice-30"))
        assert found
        answer = Client().get(found[1])
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
        assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert not answer.cookies
        assert PIL.Image.open(io.BytesIO(answer.content)).format == "WEBP"
        assert Client().get(found[1].replace(".webp", ".png")).status_code == 404
        assert Client().get(found[1].replace(".webp", ".svg")).status_code == 404
        with CaptureQueriesContext(connection) as captured:
            assert Client().head(found[1]).status_code == 200
        assert len(captured) == 1
    assert found
    reset_look(alice.calendar, by=alice.actor)
    assert Client().get(found[1]).status_code == 404
    assert Client().get(f"/assets/image/{'0' * 64}.webp").status_code == 404
    assert not Image.objects.exists()


def test_without_a_look_the_workspaces_colour_holds(alice: Person) -> None:
    plain = html_of("/atelier/alice-30")
    assert "/assets/look/" not in plain
    assert "data-theme" not in plain
    Workspace.objects.update(accent="b4530a")
    assert "/assets/look/b4530a--.css" in html_of("/atelier/alice-30")


def test_the_logo_says_nothing_twice(alice: Person) -> None:
    Workspace.objects.update(name="Alice")  # who hosts, beside it
    dress(alice)
    assert 'height="40" alt=""' in html_of("/atelier/alice-30")


def test_what_is_hidden_is_not_seen_and_the_name_is_still_heard(alice: Person) -> None:
    Calendar.objects.update(description="Bring your plans.", location_kind="phone")
    shown = html_of("/atelier/alice-30")
    for words in ("30 minutes", "By phone", "Bring your plans."):
        assert words in shown
    assert "<h1>Alice&#x27;s meeting</h1>" in shown
    dress(alice, hides_name=True, hides_description=True, hides_details=True)
    hidden = html_of("/atelier/alice-30")
    for words in ("By phone", "Bring your plans.", '<ul class="facts">'):
        assert words not in hidden
    assert '<h1 class="visually-hidden">Alice&#x27;s meeting</h1>' in hidden
    assert "<title>Alice&#x27;s meeting with Alice</title>" in hidden
    details = html_of("/atelier/alice-30", start=MONDAY_NINE, timezone="Europe/Berlin")
    assert "Monday, 30 November 2026" in details
    assert "By phone" not in details


def test_the_button_that_books_has_its_own_words(alice: Person) -> None:
    dress(alice, button_text="Count <me> in")
    details = html_of("/atelier/alice-30", start=MONDAY_NINE, timezone="Europe/Berlin")
    assert "Count &lt;me&gt; in</button>" in details
    assert "Book this time" not in details
    assert book_page("/atelier/alice-30", Client()).status_code == 303


def test_a_group_has_the_workspaces_look_and_its_calendars_their_own(alice: Person, bob: Person) -> None:
    Workspace.objects.update(accent="b4530a")
    dress(alice)
    group = make_group(alice, alice.calendar, bob.calendar)
    menu = html_of(f"/c/{group.permanent_id}")
    assert "/assets/look/b4530a--.css" in menu
    assert 'class="logo"' not in menu
    assert SHEET in html_of(f"/c/{group.permanent_id}", calendar=alice.calendar.public_id)


def test_a_look_costs_the_list_of_times_no_statement(alice: Person) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            query = {"from": "2026-11-30", "to": "2026-12-01"}
            assert Client().get("/atelier/alice-30/slots", query).status_code == 200
        return len(captured)

    statements()
    before = statements()
    dress(alice)
    assert statements() == before <= 4
