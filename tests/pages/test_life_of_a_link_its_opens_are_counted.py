"""How often a link was opened: counted beside the requests, which write nothing, and told in its history."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookonce.scheduling.models import OneTimeLink
from bookonce.serving import _flush_opens
from tests.cast import Person
from tests.mailbox import mails
from tests.pages.by_mail import addressed, booked, cancel_as_host, path_of
from tests.pages.guest_pages import MONDAY, at_now, read  # noqa: F401 - a fixture
from tests.pages.owner import signed_in

pytestmark = [pytest.mark.usefixtures("at_now"), pytest.mark.django_db(transaction=True)]
PERSON = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36"}
SCANNER = {"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Safelinks Scan (Microsoft Defender for Office 365)"}


@contextmanager
def writing_nothing() -> Iterator[None]:
    """Only statements that read, and as many rows in each table as before."""
    before = rows()
    with CaptureQueriesContext(connection) as captured:
        yield
    said = [query["sql"] for query in captured]
    assert said
    assert [sql for sql in said if not sql.startswith(("SELECT", "WITH"))] == []
    assert rows() == before


def rows() -> dict[str, int]:
    return {model.__name__: model._default_manager.count() for model in apps.get_models()}


def flush() -> None:
    """What the server's thread for it does once more before it ends."""
    stop = threading.Event()
    stop.set()
    _flush_opens(stop)


def counted() -> tuple[int, int]:
    link = OneTimeLink.objects.get()
    return link.opened, link.opened_by_bots


def open_often(path: str) -> None:
    """Two people open it and look at its times; a scanner, a preview's HEAD and a prefetch come too."""
    for _ in range(2):
        Client(headers=PERSON).get(path)
    Client(headers=PERSON).get(f"{path}/slots?from={MONDAY}&to={MONDAY}")
    Client(headers=SCANNER).get(path)
    Client(headers=PERSON).head(path)
    Client(headers=PERSON | {"Sec-Purpose": "prefetch"}).get(path)


def test_life_of_a_link_opens_counted_outside_the_request(alice: Person) -> None:
    booked(path_of(alice))
    cancel_as_host(alice, reopen="on")
    path = addressed("o", mails())
    flush()
    before = counted()
    with writing_nothing():
        open_often(path)
    assert counted() == before, "nothing is kept yet"
    flush()
    assert counted() == (before[0] + 2, before[1] + 3)
    flush()
    assert counted() == (before[0] + 2, before[1] + 3), "once"


def test_life_of_a_link_opens_counted_scanners_apart_in_its_history(alice: Person) -> None:
    path = path_of(alice)
    open_often(path)
    page = f"/app/links/{OneTimeLink.objects.get().public_id}/"
    assert "scanners" not in read(signed_in(alice).get(page)).words
    flush()
    words = read(signed_in(alice).get(page)).words
    assert "Opened 2 times, first on" in words
    assert "Opened 3 times by scanners and previews" in words


def test_life_of_a_link_opens_counted_after_it_died(alice: Person) -> None:
    path = path_of(alice)
    booked(path)
    flush()
    before = counted()
    with writing_nothing():
        assert Client(headers=PERSON).get(path).status_code == 410
        assert Client(headers=SCANNER).head(path).status_code == 410
    flush()
    assert counted() == (before[0] + 1, before[1] + 1)
