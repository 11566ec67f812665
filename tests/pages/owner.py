"""A member at the owner's pages."""

from __future__ import annotations

from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import Person


def signed_in(person: Person, **options: Any) -> Client:
    """The member's browser; `enforce_csrf_checks=True` makes it as strict as the real one."""
    client = Client(**options)
    client.force_login(person.user)
    return client


def read(client: Client, path: str, status: int = 200, **query: str) -> str:
    """The page's HTML."""
    answer = client.get(path, query)
    assert answer.status_code == status, answer.content.decode()[:2000]
    return str(answer.content.decode())


def statements_of(client: Client, path: str) -> int:
    """How many statements the page takes, once its session is warm."""
    with CaptureQueriesContext(connection) as captured:
        read(client, path)
    return len(captured)
