"""The look of a calendar over REST: shown, changed in part, reset."""

from __future__ import annotations

import io
from typing import Any

import PIL.Image
import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookonce.scheduling.images import make_picture
from bookonce.scheduling.look import set_look
from bookonce.scheduling.models import CalendarLook, Image
from tests.api.caller import Caller, is_problem
from tests.cast import NOW, Person

USUAL: dict[str, Any] = {
    "primary": None,
    "background": None,
    "button_text": "",
    "radius": None,
    "theme": "auto",
    "hides_name": False,
    "hides_description": False,
    "hides_details": False,
    "logo": None,
    "cover": None,
}


def drawn() -> bytes:
    written = io.BytesIO()
    PIL.Image.new("RGB", (400, 100), "teal").save(written, "PNG")
    return written.getvalue()


def test_what_is_sent_is_changed_and_null_is_the_usual(api: Caller, alice: Person) -> None:
    path = f"/calendars/{alice.calendar.public_id}"
    assert api.get(path).json()["look"] is None
    sent = {"primary": "#C2410C", "background": "fff4e0", "radius": 12, "button_text": "Count me in"}
    shown = USUAL | sent | {"primary": "#c2410c", "background": "#fff4e0"}
    assert api.patch(path, {"look": sent}).json()["look"] == shown
    hidden = api.patch(path, {"look": {"hides_details": True, "radius": None, "background": None}})
    assert hidden.json()["look"] == shown | {"hides_details": True, "radius": None, "background": None}
    assert api.patch(path, {"name": "Visit"}).json()["look"]["primary"] == "#c2410c"
    assert api.patch(path, {"look": None}).json()["look"] is None
    assert not CalendarLook.objects.exists()


def test_a_calendar_is_made_with_its_look(api: Caller) -> None:
    made = api.post("/calendars", {"name": "Visit", "duration": 30, "look": {"theme": "dark"}})
    assert made.status_code == 201
    assert made.json()["look"] == USUAL | {"theme": "dark"}
    assert api.post("/calendars", {"name": "Plain", "duration": 30, "look": None}).json()["look"] is None


def test_pictures_are_shown_and_deleted_with_the_look(api: Caller, alice: Person) -> None:
    path = f"/calendars/{alice.calendar.public_id}"
    logo = make_picture(drawn(), "logo")
    set_look(alice.calendar, {}, pictures={"logo": logo}, by=alice.actor, now=NOW)
    url = f"{settings.BOOKONCE.base_url}/assets/image/{logo.digest}.webp"
    assert api.get(path).json()["look"] == USUAL | {"logo": {"url": url, "width": 320, "height": 80}}
    assert is_problem(api.patch(path, {"look": {"logo": None}}), 422, "invalid")
    api.patch(path, {"look": None})
    assert not Image.objects.exists()


@pytest.mark.parametrize(
    ("look", "fault"),
    [
        ("red", "look"),
        ([], "look"),
        ({"primary": "red"}, "look.primary"),
        ({"background": "#777777"}, "look.background"),
        ({"background": "#101c2e", "theme": "light"}, "look.background"),
        ({"radius": 25}, "look.radius"),
        ({"theme": "sepia"}, "look.theme"),
        ({"button_text": "x" * 41}, "look.button_text"),
        ({"hides_name": "perhaps"}, "look.hides_name"),
        ({"font": "Comic Sans"}, "look.font"),
    ],
)
def test_what_cannot_be_is_told_by_field(api: Caller, alice: Person, look: object, fault: str) -> None:
    answer = api.patch(f"/calendars/{alice.calendar.public_id}", {"look": look})
    assert is_problem(answer, 422, "invalid")
    assert set(answer.json()["errors"]) == {fault}
    assert not CalendarLook.objects.exists()


def test_the_list_reads_all_looks_at_once(api: Caller, alice: Person, bob: Person) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert api.get("/calendars").status_code == 200
        assert not any('"body"' in one["sql"] for one in captured)
        return len(captured)

    before = statements()
    for person in (alice, bob):
        logo = make_picture(drawn(), "logo")
        set_look(person.calendar, {"radius": 3}, pictures={"logo": logo}, by=person.actor, now=NOW)
    assert statements() == before
