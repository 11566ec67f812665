"""The page of a calendar's look: saved with its pictures, previewed without being kept, reset."""

from __future__ import annotations

import io
from typing import Any

import PIL.Image
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bookonce.scheduling.look_rows import get_look
from bookonce.scheduling.models import Calendar, CalendarLook, Image
from tests.cast import NOW, Person
from tests.pages.owner_pages import said_beside, set_up_already, signed_in, text, value_of

pytestmark = [pytest.mark.usefixtures("at_now", "set_up"), pytest.mark.django_db(transaction=True)]


@pytest.fixture
def set_up(db: None) -> None:
    set_up_already()


def picture(width: int = 400, height: int = 100) -> SimpleUploadedFile:
    written = io.BytesIO()
    PIL.Image.new("RGB", (width, height), "teal").save(written, "PNG")
    return SimpleUploadedFile("logo.png", written.getvalue(), "image/png")


def form(**changes: Any) -> dict[str, Any]:
    usual = {"primary": "#C2410C", "background": "fff4e0", "theme": "auto", "radius": "12"}
    return usual | {"button_text": "Count me in"} | changes


def address(person: Person, more: str = "") -> str:
    return f"/app/calendars/{person.calendar.public_id}/look/{more}"


def test_a_look_is_saved_with_its_pictures(alice: Person) -> None:
    client = signed_in(alice)
    first = text(client.get(address(alice)))
    assert value_of(first, "primary") == ""
    assert "Remove the logo" not in first
    saved = client.post(address(alice), form(hides_name="on", logo=picture(), cover=picture(1600, 400)))
    assert (saved.status_code, saved["Location"]) == (302, address(alice))
    page = text(client.get(address(alice)))
    assert "Guests see the new look now." in page
    assert (value_of(page, "primary"), value_of(page, "background")) == ("c2410c", "fff4e0")
    assert "Remove the logo" in page
    assert "Remove the cover picture" in page
    look = get_look(alice.calendar.pk)
    assert look.logo
    assert look.cover
    assert (look.hides_name, look.hides_details, look.button_text) == (True, False, "Count me in")
    assert look.logo.path in page


def test_a_picture_stays_until_it_is_removed_or_replaced(alice: Person) -> None:
    client = signed_in(alice)
    client.post(address(alice), form(logo=picture(), cover=picture(1600, 400)))
    client.post(address(alice), form())
    assert Image.objects.count() == 2
    client.post(address(alice), form(drop_logo="on", cover=picture(1600, 300)))
    look = get_look(alice.calendar.pk)
    assert look.logo is None
    assert look.cover
    assert look.cover.height == 300
    assert Image.objects.count() == 1


def test_what_cannot_be_is_told_beside_its_field_and_nothing_is_kept(alice: Person) -> None:
    client = signed_in(alice)
    wrong = {
        "primary": "red",
        "background": "777777",
        "radius": "99",
        "button_text": "x" * 41,
        "theme": "sepia",
    }
    for name, value in wrong.items():
        answer = client.post(address(alice), form(**{name: value}))
        assert answer.status_code == 422
        assert said_beside(text(answer), f"id_{name}") or name == "theme"
    no_picture = SimpleUploadedFile("logo.png", b"<svg><script>alert(1)</script></svg>", "image/png")
    answer = client.post(address(alice), form(logo=no_picture))
    assert answer.status_code == 422
    assert "no picture that can be read" in said_beside(text(answer), "id_logo")
    answer = client.post(address(alice), form(cover=SimpleUploadedFile("big.png", b"\0" * (5 * 2**20 + 1))))
    assert "at most 5 MB" in said_beside(text(answer), "id_cover")
    assert not CalendarLook.objects.exists()
    assert not Image.objects.exists()


def test_an_upload_too_large_to_be_read_is_told(alice: Person) -> None:
    answer = signed_in(alice).post(
        address(alice), form(logo=SimpleUploadedFile("huge.png", b"\0" * (22 * 2**20)))
    )
    assert answer.status_code == 422
    assert "At most 5 MB" in said_beside(text(answer), "id_logo")


def test_the_preview_is_the_guests_page_with_what_is_typed(alice: Person) -> None:
    client = signed_in(alice)
    typed = form(logo=picture(), hides_name="on", seen="dark")
    answer = client.post(address(alice, "preview/"), typed)
    page = text(answer)
    assert answer.status_code == 200
    assert "/assets/look/c2410c-fff4e0-12.css" in page
    assert 'data-theme="dark"' in page
    assert 'class="logo" src="data:image/webp;base64,' in page
    assert '<h1 class="visually-hidden">' in page
    assert '<table class="month"' in page
    assert "Text on buttons: 5.1 : 1, good" in page
    details = text(client.post(address(alice, "preview/"), form(step="form")))
    assert "Count me in</button>" in details
    assert 'data-theme="light"' in details
    assert not CalendarLook.objects.exists()
    assert not Image.objects.exists()


@pytest.mark.parametrize(
    "settings",
    [
        {"kind": "class", "seats": 3, "shows_seats_left": True},
        {"kind": "round_robin", "guests_choose_host": True},
        {"one_time_only": True, "needs_approval": True},
        {"proof_of_work": True, "layout": "week", "hold_minutes": 5},
        {"repeats": "weekly", "repeat_count": 3, "durations": (30, 60)},
        {"paused_at": NOW},
        {"horizon_days": 0},
    ],
)
def test_every_calendar_has_a_preview(alice: Person, settings: dict[str, Any]) -> None:
    Calendar.objects.filter(pk=alice.calendar.pk).update(**settings)
    client = signed_in(alice)
    for step in ("", "form", "\x00"):
        page = text(client.post(address(alice, "preview/"), form(step=step)))
        assert "Alice's meeting" in page
        assert '<div class="guest" inert>' in page
        assert "/assets/look/c2410c-fff4e0-12.css" in page


def test_the_preview_is_inert_and_framed_by_its_own_site_alone(alice: Person) -> None:
    client = signed_in(alice)
    answer = client.get(address(alice, "preview/"))
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"]
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    page = text(answer)
    assert '<div class="guest" inert>' in page
    assert "<script" not in page
    around = client.get(address(alice))
    assert "frame-src 'self'" in around["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in around["Content-Security-Policy"]
    assert around["X-Frame-Options"] == "DENY"
    assert 'sandbox="allow-same-origin"' in text(around)


def test_the_preview_leaves_out_what_cannot_be_and_says_so(alice: Person) -> None:
    client = signed_in(alice)
    page = text(client.post(address(alice, "preview/"), form(background="777777", radius="wide")))
    assert "/assets/look/c2410c--.css" in page
    assert "Choose a lighter or a darker one." in page
    assert "Enter a whole number." in page
    page = text(client.post(address(alice, "preview/"), form(logo=SimpleUploadedFile("a.png", b"x"))))
    assert "no picture that can be read" in page
    assert client.get(address(alice, "preview/"), {"theme": "\x00", "seen": "\x00"}).status_code == 200


def test_of_a_pale_colour_it_is_said_what_was_done(alice: Person) -> None:
    page = text(signed_in(alice).post(address(alice, "preview/"), form(primary="ffd60a", background="")))
    assert "so buttons get an edge" in page
    assert "take a stronger shade" in page


def test_resetting_says_what_is_lost(alice: Person) -> None:
    client = signed_in(alice)
    assert "has the usual look already" in text(client.get(address(alice, "reset/")))
    client.post(address(alice), form(logo=picture()))
    asked = text(client.get(address(alice, "reset/")))
    assert "The logo is deleted." in asked
    assert "The cover picture is deleted." not in asked
    assert CalendarLook.objects.exists()
    assert client.post(address(alice, "reset/"))["Location"] == address(alice)
    assert "The usual look is back." in text(client.get(address(alice)))
    assert not CalendarLook.objects.exists()
    assert not Image.objects.exists()


def test_strangers_find_nothing(alice: Person, charlie: Person) -> None:
    signed_in(alice).post(address(alice), form(logo=picture()))
    for client, status in ((signed_in(charlie), 404), (Client(), 302)):
        for more in ("", "preview/", "reset/"):
            assert client.get(address(alice, more)).status_code == status
            assert client.post(address(alice, more), form(primary="000000")).status_code == status
    assert get_look(alice.calendar.pk).primary == "c2410c"
    assert Image.objects.get().workspace_id == alice.workspace.pk


def test_a_member_of_the_workspace_may_change_it(alice: Person, bob: Person) -> None:
    assert signed_in(bob).post(address(alice), form()).status_code == 302
    assert get_look(alice.calendar.pk).primary == "c2410c"
