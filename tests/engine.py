"""Which database engine this run is on, and databases for whoever needs one of their own."""

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from tools.postgres import URL_VARIABLE, private_cluster

SQLITE, POSTGRESQL = "sqlite", "postgresql"


@pytest.fixture(scope="session")
def engine() -> str:
    """`sqlite` or `postgresql`: what this run is on."""
    return POSTGRESQL if os.environ.get(URL_VARIABLE) else SQLITE


@pytest.fixture(scope="session")
def postgresql_url() -> Iterator[str]:
    """The URL of a PostgreSQL server whatever this run is on; for tests marked `postgresql`."""
    if url := os.environ.get(URL_VARIABLE):
        yield url
    else:
        with private_cluster() as url:
            yield url


@contextmanager
def new_database(server_url: str, *, like: str = "", name: str = "") -> Iterator[str]:
    """Yield the URL of a new database on the server; drop it afterwards, whoever is connected.

    It is empty, or a copy of the one whose URL is `like`, to which nobody may be connected. A `name` that is
    taken already is taken over.
    """
    name = name or f"live_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())
        template = f" TEMPLATE {like.rsplit('/', 1)[1]}" if like else ""
        connection.execute(f"CREATE DATABASE {name}{template}".encode())
    try:
        yield f"{server_url.rsplit('/', 1)[0]}/{name}"
    finally:
        with psycopg.connect(server_url, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)".encode())
