"""A database that does not answer is a 503 with Retry-After, wherever in the request it is missed."""

from __future__ import annotations

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.db import OperationalError
from django.test import Client

from bookonce.accounts.models import Installation
from tests.cast import NOW, PASSWORD, Person


def test_it_is_said_when_the_session_can_not_be_kept(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    Installation.objects.create(pk=1, created_at=NOW)
    client = Client(raise_request_exception=False)

    def away(*_: object, **__: object) -> None:
        raise OperationalError("away")

    monkeypatch.setattr(SessionStore, "save", away)
    reply = client.post("/app/sign-in/", {"login": alice.user.email, "password": PASSWORD})
    assert reply.status_code == 503
    assert reply.headers["Retry-After"] == "2"
