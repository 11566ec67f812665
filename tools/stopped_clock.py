"""The instant at which every picture of the docs is taken: it is no picture's business what day it is."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from playwright.sync_api import BrowserContext

NOW = "2026-12-01T08:40:00+00:00"  # a Tuesday, with all of its month ahead
CONTROLS = Path(__file__).resolve().parent.parent / "tests" / "races" / "controls"


def of_server() -> Mapping[str, str]:
    """The environment of a server, and of what runs beside it, whose clock stands still."""
    path = os.pathsep.join(filter(None, (str(CONTROLS), os.environ.get("PYTHONPATH", ""))))
    return {"PYTHONPATH": path, "BOOKONCE_TEST_NOW": NOW}


def of_browser(context: BrowserContext) -> None:
    """Stop the clock of a guest's browser; its timers run on."""
    context.clock.set_fixed_time(datetime.fromisoformat(NOW))
