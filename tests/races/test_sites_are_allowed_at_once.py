"""Several members allow sites at once: one calendar keeps no more than it may, and none twice."""

from __future__ import annotations

import threading
from functools import partial

import pytest
from django.db import connection

from bookonce.scheduling import embed_origins
from bookonce.scheduling.embed_origins import add_embed_origin, set_embed_origins
from bookonce.scheduling.models import Calendar, EmbedOrigin
from bookonce.scheduling.models.look import MOST_ORIGINS
from tests.cast import Person
from tests.races.test_an_invitation_is_accepted_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 6


def add_at_once(calendar: Calendar) -> list[str]:
    """One place is left, and all want it with a site of their own."""
    set_embed_origins(calendar, [f"https://{number}.example" for number in range(MOST_ORIGINS - 1)])
    sites = (f"https://wanted-{number}.example" for number in range(AT_ONCE))
    return at_once([partial(add_embed_origin, calendar, site) for site in sites])


def test_the_last_place_is_taken_by_one(alice: Person) -> None:
    assert add_at_once(alice.calendar) == ["Invalid"] * (AT_ONCE - 1)
    assert EmbedOrigin.objects.count() == MOST_ORIGINS


def test_the_same_site_is_kept_once(alice: Person) -> None:
    assert at_once([partial(add_embed_origin, alice.calendar, "https://one.example")] * AT_ONCE) == []
    assert [each.origin for each in alice.calendar.embed_origins.all()] == ["https://one.example"]


def test_without_the_lock_more_are_kept(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: all have counted before anyone adds. SQLite has one writer, with the lock and without."""
    counted = threading.Barrier(AT_ONCE, timeout=5)
    monkeypatch.setattr(embed_origins, "_lock", lambda _: None)
    if connection.vendor == "sqlite":
        assert add_at_once(alice.calendar) == ["Invalid"] * (AT_ONCE - 1)
        return
    create = EmbedOrigin.objects.create

    def create_later(**columns: object) -> EmbedOrigin:
        counted.wait()
        return create(**columns)

    monkeypatch.setattr(EmbedOrigin.objects, "create", create_later)
    assert add_at_once(alice.calendar) == []
    assert EmbedOrigin.objects.count() == MOST_ORIGINS - 1 + AT_ONCE
