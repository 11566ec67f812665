"""The owner's browser without scripts, for tests of the dashboard."""

from __future__ import annotations

import re
from html import unescape

from django.http import HttpResponse
from django.test import Client

from bookonce.accounts.models import Installation
from bookonce.scheduling.models import Event
from tests.cast import NOW, Person


def set_up_already() -> None:
    """The first run has been done."""
    Installation.objects.create(pk=1, created_at=NOW)


def signed_in(person: Person) -> Client:
    """A browser in which the person has signed in."""
    client = Client(raise_request_exception=True)
    client.force_login(person.user)
    return client


def text(answer: object) -> str:
    """The page's HTML."""
    assert isinstance(answer, HttpResponse)
    return unescape(answer.content.decode())


def said_beside(page: str, field_id: str) -> str:
    """The error that stands beside the field, "" when there is none."""
    found = re.search(rf'id="{re.escape(field_id)}_error">.*?<span>(.*?)</span>', page, re.DOTALL)
    return found[1] if found else ""


def value_of(page: str, name: str) -> str:
    """The value of the first input of this name."""
    found = re.search(rf'<input[^>]*name="{re.escape(name)}"[^>]*>', page)
    assert found, f"no input {name}"
    value = re.search(r'value="([^"]*)"', found[0])
    return value[1] if value else ""


def links_made() -> int:
    """How many links were ever made."""
    return Event.objects.filter(kind=Event.Kind.LINK_CREATED).count()
