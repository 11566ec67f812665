"""Alice's program, at the cast's NOW."""

from __future__ import annotations

from datetime import datetime

import pytest

from bookonce.lib import clock
from tests.api.caller import Caller, call_as
from tests.cast import NOW, Person


@pytest.fixture
def api(alice: Person, standing_clock: datetime) -> Caller:
    """Alice's program."""
    return call_as(alice)


@pytest.fixture
def standing_clock(monkeypatch: pytest.MonkeyPatch) -> datetime:
    """The clock stands still."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
    return NOW
