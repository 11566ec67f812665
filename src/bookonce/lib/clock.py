"""The only module that reads the clock. Everything else is given `now`."""

import time
from datetime import UTC, datetime


def now() -> datetime:
    """The present instant: aware, UTC, to the microsecond."""
    return datetime.now(UTC)


def monotonic() -> float:
    """Seconds on a clock that never goes back; for deadlines, never for dates."""
    return time.monotonic()
