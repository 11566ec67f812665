"""A calendar's look: colours, words and switches; what cannot be read is refused in a sentence."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection

from bookonce.scheduling.calendars import update_calendar
from bookonce.scheduling.errors import Invalid, SchedulingError
from bookonce.scheduling.look import find_look, parse_look, reset_look, set_look
from bookonce.scheduling.look_rows import Look, get_look
from bookonce.scheduling.models import CalendarLook
from bookonce.scheduling.offer import Door, get_offer
from tests.cast import NOW, Person, make_link

WHOLE: dict[str, Any] = {
    "primary": "#C2410C",
    "background": "#fff4e0",
    "button_text": "Count me in",
    "radius": 12,
    "theme": "light",
    "hides_name": True,
    "hides_description": True,
    "hides_details": False,
}


def change(person: Person, **raw: Any) -> CalendarLook:
    return set_look(person.calendar, raw, by=person.actor, now=NOW)


def test_a_calendar_without_one_has_the_workspaces(alice: Person) -> None:
    type(alice.workspace).objects.filter(pk=alice.workspace.pk).update(accent="b4530a")
    assert get_look(alice.calendar.pk) == Look("Atelier", "b4530a")


def test_a_look_reaches_every_door(alice: Person) -> None:
    change(alice, **WHOLE)
    issued = make_link(alice)
    assert issued.token
    look = get_offer(Door.link(issued.token)).look
    assert (look.primary, look.background, look.radius) == ("c2410c", "fff4e0", 12)
    assert (look.button_text, look.theme) == ("Count me in", "light")
    assert (look.hides_name, look.hides_description, look.hides_details) == (True, True, False)
    for door in (Door.permanent(alice.calendar.permanent_id), Door.slug("atelier", "alice-30")):
        assert get_offer(door).look == look
    assert get_look(alice.calendar.pk) == look


def test_what_is_not_sent_stays_and_null_is_the_usual(alice: Person) -> None:
    change(alice, **WHOLE)
    look = change(alice, radius=0)
    assert (look.primary, look.radius, look.button_text) == ("c2410c", 0, "Count me in")
    look = change(alice, primary=None, radius=None, theme=None, hides_name=None, background="")
    assert (look.primary, look.radius, look.theme, look.hides_name) == ("", None, "auto", False)
    assert look.button_text == "Count me in"


def test_resetting_takes_all_of_it_away(alice: Person) -> None:
    assert reset_look(alice.calendar, by=alice.actor) is False
    change(alice, **WHOLE)
    assert reset_look(alice.calendar, by=alice.actor) is True
    assert get_look(alice.calendar.pk) == Look("Atelier", "")
    assert find_look(alice.calendar) is None


@pytest.mark.parametrize(
    ("raw", "field", "words"),
    [
        ({"primary": "red"}, "primary", "six hexadecimal digits"),
        ({"background": "#12345"}, "background", "six hexadecimal digits"),
        ({"background": "#777777"}, "background", "lighter or a darker"),
        ({"background": "#101c2e", "theme": "light"}, "background", "the theme is light"),
        ({"background": "#fff4e0", "theme": "dark"}, "background", "the theme is dark"),
        ({"button_text": "x" * 41}, "button_text", "At most 40"),
        ({"button_text": "two\nlines"}, "button_text", "line breaks"),
        ({"radius": 25}, "radius", "from 0 to 24"),
        ({"radius": "wide"}, "radius", "whole number"),
        ({"theme": "sepia"}, "theme", "Choose one of"),
        ({"hides_name": "perhaps"}, "hides_name", "true or false"),
        ({"logo": "x"}, "logo", "not known"),
        ({"primary": 7}, "primary", "must be text"),
        ({"primary": "#0b6e72\x00"}, "primary", "can't be kept"),
    ],
)
def test_what_cannot_be_is_told_beside_its_field(raw: dict[str, Any], field: str, words: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_look(raw, None)
    assert words in refused.value.errors[field][0]
    assert set(refused.value.errors) == {field}


def test_a_theme_that_the_present_background_does_not_bear_is_refused(alice: Person) -> None:
    change(alice, background="101c2e")
    with pytest.raises(Invalid) as refused:
        change(alice, theme="light")
    assert "the theme is light" in refused.value.errors["background"][0]
    change(alice, theme="light", background="")


def test_a_look_changes_with_the_settings_or_not_at_all(alice: Person) -> None:
    def update(raw: dict[str, Any]) -> None:
        update_calendar(alice.calendar, raw, by=alice.actor, now=NOW)

    update({"name": "Atelier visit", "look": {"primary": "#c2410c"}})
    assert get_look(alice.calendar.pk).primary == "c2410c"
    with pytest.raises(Invalid) as refused:
        update({"name": "Other", "look": {"radius": 99}})
    assert set(refused.value.errors) == {"look.radius"}
    alice.calendar.refresh_from_db()
    assert alice.calendar.name == "Atelier visit"
    update({"look": None})
    assert find_look(alice.calendar) is None
    with pytest.raises(Invalid) as refused:
        update({"look": "red"})
    assert set(refused.value.errors) == {"look"}


@pytest.mark.django_db(transaction=True)
def test_two_saves_at_once_leave_one_whole_look(alice: Person) -> None:
    dark = WHOLE | {"background": "#101c2e", "theme": "dark", "button_text": "Dark", "radius": 1}
    light = WHOLE | {"background": "#ffffff", "theme": "light", "button_text": "Light", "radius": 2}
    for _round in range(5):
        reset_look(alice.calendar, by=alice.actor)
        barrier, failed = threading.Barrier(4), []

        def save(raw: dict[str, Any], barrier: threading.Barrier = barrier) -> None:
            try:
                barrier.wait(timeout=10)
                change(alice, **raw)
            except SchedulingError as error:
                failed.append(error)  # noqa: B023 - read after the threads of this round have ended
            finally:
                connection.close()

        threads = [threading.Thread(target=save, args=[raw]) for raw in (dark, light, dark, light)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not failed
        look = CalendarLook.objects.get(calendar=alice.calendar)
        assert (look.background, look.theme, look.button_text, look.radius) in [
            ("101c2e", "dark", "Dark", 1),
            ("ffffff", "light", "Light", 2),
        ]


@pytest.mark.django_db(transaction=True)
def test_changes_of_parts_at_once_never_combine_into_what_cannot_be_read(alice: Person) -> None:
    for _round in range(6):
        reset_look(alice.calendar, by=alice.actor)
        barrier = threading.Barrier(2)

        def save(raw: dict[str, Any], barrier: threading.Barrier = barrier) -> None:
            try:
                barrier.wait(timeout=10)
                change(alice, **raw)
            except Invalid:
                pass  # the one that came second
            finally:
                connection.close()

        threads = [
            threading.Thread(target=save, args=[raw])
            for raw in ({"theme": "light"}, {"background": "101c2e"})
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        look = find_look(alice.calendar)
        assert look
        assert (look.theme, look.background) in [("light", ""), ("auto", "101c2e")]
