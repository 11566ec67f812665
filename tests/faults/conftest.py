"""A PostgreSQL cluster of a test's own, to do bad things to, and a server on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live import LiveBookonce
from tests.migrated import migrated_database
from tools.postgres import private_cluster


@pytest.fixture(scope="session")
def cluster() -> Iterator[str]:
    """A cluster of these tests' own: others must not freeze with it."""
    with private_cluster() as url:
        yield url


@pytest.fixture
def live(cluster: str, tmp_path: Path) -> Iterator[LiveBookonce]:
    """A server on that cluster."""
    with migrated_database(cluster) as url:
        installation = LiveBookonce(tmp_path / "data", database_url=url, workers=2)
        installation.setup()
        installation.start()
        yield installation
        installation.end()
