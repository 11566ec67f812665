from typing import Any

import pytest

from bookonce.scheduling.calendars import create_calendar, update_calendar
from bookonce.scheduling.embed_origins import add_embed_origin, remove_embed_origin, set_embed_origins
from bookonce.scheduling.errors import Invalid
from bookonce.scheduling.models import Calendar
from tests.cast import NOW, Person


def allowed(calendar: Calendar) -> list[str]:
    return [each.origin for each in calendar.embed_origins.all()]


def test_sites_are_kept_once_and_in_one_way(alice: Person) -> None:
    given = ["https://b.example/", "HTTPS://A.example:443", "https://a.example"]
    assert set_embed_origins(alice.calendar, given) == ["https://a.example", "https://b.example"]
    assert allowed(alice.calendar) == ["https://a.example", "https://b.example"]
    set_embed_origins(alice.calendar, ["https://b.example", "https://c.example"])
    assert allowed(alice.calendar) == ["https://b.example", "https://c.example"]
    set_embed_origins(alice.calendar, [])
    assert allowed(alice.calendar) == []


def test_a_site_is_added_and_removed(alice: Person) -> None:
    for _twice in range(2):
        assert add_embed_origin(alice.calendar, "https://Example.com/") == "https://example.com"
    assert allowed(alice.calendar) == ["https://example.com"]
    assert remove_embed_origin(alice.calendar, "https://example.com")
    assert not remove_embed_origin(alice.calendar, "https://example.com")
    assert allowed(alice.calendar) == []


def test_each_bad_site_is_named_and_nothing_changes(alice: Person) -> None:
    add_embed_origin(alice.calendar, "https://kept.example")
    with pytest.raises(Invalid) as refused:
        set_embed_origins(alice.calendar, ["https://fine.example", "https://x.example/path", 7, ""])
    assert set(refused.value.errors) == {"embed_origins.1", "embed_origins.2", "embed_origins.3"}
    for typed in ("", "example.com", "https://x.example/path", "\x00"):
        with pytest.raises(Invalid):
            add_embed_origin(alice.calendar, typed)
    assert allowed(alice.calendar) == ["https://kept.example"]


def test_at_most_twenty_sites_are_kept(alice: Person) -> None:
    twenty = [f"https://{number}.example" for number in range(20)]
    set_embed_origins(alice.calendar, twenty)
    add_embed_origin(alice.calendar, twenty[0])
    with pytest.raises(Invalid) as one_more:
        add_embed_origin(alice.calendar, "https://more.example")
    assert one_more.value.errors == {"origin": ["At most 20 sites are kept."]}
    with pytest.raises(Invalid) as too_many:
        set_embed_origins(alice.calendar, [*twenty, "https://more.example"])
    assert too_many.value.errors == {"embed_origins": ["Give a list of at most 20 sites."]}
    assert len(allowed(alice.calendar)) == 20


@pytest.mark.parametrize("sent", ["https://example.com", {"a": 1}, [["https://example.com"]], 3, True])
def test_what_is_no_list_of_sites_is_refused(alice: Person, sent: Any) -> None:
    with pytest.raises(Invalid):
        update_calendar(alice.calendar, {"embed_origins": sent}, by=alice.actor, now=NOW)


def test_a_new_calendar_has_its_sites_and_a_change_leaves_them(alice: Person) -> None:
    settings = {"name": "Intro", "durations": [30], "embed_origins": ["https://example.com"]}
    calendar = create_calendar(alice.member, settings, now=NOW)
    assert allowed(calendar) == ["https://example.com"]
    update_calendar(calendar, {"name": "Hello"}, by=alice.actor, now=NOW)
    assert allowed(calendar) == ["https://example.com"]
    update_calendar(calendar, {"embed_origins": None}, by=alice.actor, now=NOW)
    assert allowed(calendar) == []
