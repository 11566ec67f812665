"""Tests don't limit each other: what a worker keeps in mind is forgotten before each."""

import pytest

from bookonce.scheduling import rate_limits


@pytest.fixture(autouse=True)
def unlimited_so_far() -> None:
    """Nobody is over a limit yet."""
    rate_limits.forget_all()
