"""A guest's program: JSON in, JSON out, at NOW."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from bookonce.lib import clock
from tests.cast import NOW, guest


@pytest.fixture
def at_now(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stands at NOW."""
    stop_clock(monkeypatch, NOW)


def stop_clock(monkeypatch: pytest.MonkeyPatch, instant: datetime) -> None:
    """Let the clock stand still."""
    monkeypatch.setattr(clock, "now", lambda: instant)


def slots(path: str, client: Client | None = None, /, **query: str) -> Any:
    """What GET {path}/slots answers for the week of the cast."""
    asked = {"from": "2026-11-30", "to": "2026-12-04", "timezone": "Europe/Berlin"} | query
    return (client or Client()).get(f"{path}/slots", {name: value for name, value in asked.items() if value})


def post(path: str, body: Any = None, client: Client | None = None, /, **headers: str) -> Any:
    """What POST {path}/book answers; the cast's guest unless told."""
    return (client or Client()).post(
        f"{path}/book", guest() if body is None else body, content_type="application/json", headers=headers
    )
