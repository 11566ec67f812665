"""A migrated database to copy: the migrations take seconds, and every process and installation needs them.

Made once for the migrations that are there, in pytest's own cache (`.pytest_cache`) or on the PostgreSQL
server of the run; a machine that has neither, as in CI, runs them all.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

import psycopg
import pytest
from django.db import connection

import bookonce
from tests.engine import POSTGRESQL, new_database

PRODUCT = Path(bookonce.__file__).parent
OF_OTHERS = ("django", "django-allauth")
MIGRATE = "from bookonce.cli.start import migrate, start; start(); migrate()"


@pytest.fixture(scope="session")
def migrated_file(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite database in which nothing has happened yet."""
    cache = getattr(request.config, "cache", None)  # none with `-p no:cacheprovider`
    folder = cache.mkdir("bookonce-migrated") if cache else tmp_path_factory.mktemp("migrated")
    made = folder / f"{_version()}.sqlite3"
    with _alone(folder):
        if not made.exists():
            shutil.rmtree(folder / "making", ignore_errors=True)
            _migrate(folder / "making")
            for old in folder.glob("*.sqlite3"):
                old.unlink()
            (folder / "making" / "bookonce.sqlite3").rename(made)
    return made


@contextmanager
def migrated_database(server_url: str) -> Iterator[str]:
    """Yield the URL of a new database on the PostgreSQL server; drop it afterwards, whoever is connected."""
    with new_database(server_url, like=_template(server_url)) as url:
        yield url


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """Whether Django finds its test database in place; it then runs the migrations that are new since."""
    return True


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, engine: str, request: pytest.FixtureRequest
) -> Iterator[None]:
    """Put a copy where Django's test database is to be, and take it away at the end."""
    name = connection.creation._get_test_db_name()  # type: ignore[attr-defined]
    if engine == POSTGRESQL:
        url = request.getfixturevalue("postgresql_url")
        with new_database(url, like=_template(url), name=name):
            yield
    else:
        shutil.copy(request.getfixturevalue("migrated_file"), name)
        yield


def _version() -> str:
    """Another one for other migrations or guards."""
    digest = hashlib.sha256()
    for pattern in ("*/migrations/*.py", "scheduling/guards*.py", "settings.py"):
        for source in sorted(PRODUCT.glob(pattern)):
            digest.update(source.read_bytes())
    digest.update(" ".join(version(package) for package in OF_OTHERS).encode())
    return digest.hexdigest()[:16]


def _template(server_url: str) -> str:
    """The URL of a migrated database on this server, to which nobody is connected."""
    name = f"migrated_{_version()}"
    with psycopg.connect(server_url, autocommit=True) as server:
        server.execute("SELECT pg_advisory_lock(7268016)")  # until this connection ends
        if not server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            with new_database(server_url) as url, tempfile.TemporaryDirectory() as folder:
                _migrate(Path(folder), url)
                server.execute(f"CREATE DATABASE {name} TEMPLATE {url.rsplit('/', 1)[1]}".encode())
    return f"{server_url.rsplit('/', 1)[0]}/{name}"


def _migrate(data_dir: Path, database_url: str = "") -> None:
    """All migrations, as the product's commands run them."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("BOOKONCE_", "DJANGO_"))
    }
    own = {"BOOKONCE_DATA_DIR": str(data_dir), "BOOKONCE_DATABASE_URL": database_url}
    subprocess.run([sys.executable, "-c", MIGRATE], env={**kept, **own}, check=True, timeout=300)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process of this machine at a time."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
