"""Several members change the text that guests agree to at once: a version for each, one of them present."""

from __future__ import annotations

import threading
from functools import partial
from typing import Any

import pytest
from django.db import connection

from bookonce.scheduling import consent
from bookonce.scheduling.consent import set_consent_text
from bookonce.scheduling.models import ConsentText
from tests.cast import NOW, Person
from tests.races.test_an_invitation_is_accepted_once import at_once

pytestmark = pytest.mark.django_db(transaction=True)
AT_ONCE = 6


def change_at_once(alice: Person) -> list[str]:
    """Each with a text of their own; the names of what was raised."""
    texts = (f"Text number {number}" for number in range(AT_ONCE))
    return at_once([partial(set_consent_text, alice.calendar, text, now=NOW) for text in texts])


def test_each_text_is_a_version_and_one_is_present(alice: Person) -> None:
    assert change_at_once(alice) == []
    versions = ConsentText.objects.order_by("version").values_list("version", flat=True)
    assert list(versions) == [*range(1, AT_ONCE + 1)]
    assert ConsentText.objects.get(retired_at=None).version == AT_ONCE


def test_without_the_lock_the_constraints_refuse(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: all have looked before anyone writes. SQLite has one writer, with the lock and without."""
    monkeypatch.setattr(consent, "_lock", lambda _: None)
    if connection.vendor == "sqlite":
        assert change_at_once(alice) == []
        return
    counted, create = threading.Barrier(AT_ONCE, timeout=5), ConsentText.objects.create

    def create_later(**columns: Any) -> ConsentText:
        counted.wait()
        return create(**columns)

    monkeypatch.setattr(ConsentText.objects, "create", create_later)
    with pytest.raises(AssertionError, match="consent_text_"):  # the names of the constraints
        change_at_once(alice)
    assert ConsentText.objects.count() == 1
