"""What tests of pages share."""

from __future__ import annotations

import pytest

from bookonce.lib import clock
from tests.cast import NOW


@pytest.fixture
def at_now(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stands at NOW."""
    monkeypatch.setattr(clock, "now", lambda: NOW)
