"""How much of a test to run: bounded in `make test`, in full in `make proof`."""

from __future__ import annotations

import os

FULL = bool(os.environ.get("BOOKONCE_TEST_FULL"))


def times(bounded: int, full: int) -> int:
    """How often."""
    return full if FULL else bounded
