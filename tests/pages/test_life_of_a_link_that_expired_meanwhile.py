"""A link that expired after it was booked through: what is cancelled later revives it no more."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.test import Client

from tests.cast import MONDAY_TEN, NOW, Person
from tests.mailbox import mails, text, to
from tests.pages.by_mail import GINA, booked, by_program, cancel_as_host, path_of
from tests.pages.guest_pages import at_now, read, send, stop_clock  # noqa: F401 - a fixture

pytestmark = [pytest.mark.usefixtures("at_now"), pytest.mark.django_db(transaction=True)]
ENDS = NOW + timedelta(hours=1)


@pytest.fixture
def path(alice: Person) -> str:
    """A link that ends in an hour and would reopen for its guest until then."""
    return path_of(alice, expires_at=ENDS, reopens_on_cancel=True)


def cancel_at(instant: datetime, who: str, manage: str, host: Person, patch: pytest.MonkeyPatch) -> str:
    """Cancel then, as this one; the mail that the guest gets."""
    stop_clock(patch, instant)
    if who == "host":
        cancel_as_host(host, reopen="on")
    else:
        assert send(f"{manage}/cancel", Client(), {}).status_code == 303
    return text(to(GINA, mails(now=instant)))


@pytest.mark.parametrize("who", ["guest", "host"])
def test_life_of_a_link_cancelled_before_it_expires_it_reopens_until_then(
    alice: Person, path: str, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = cancel_at(ENDS - timedelta(seconds=1), who, booked(path), alice, monkeypatch)
    assert path in told
    assert Client().get(path).status_code == 200
    stop_clock(monkeypatch, ENDS)
    assert by_program(path) == (410, "link_expired")


@pytest.mark.parametrize("who", ["guest", "host"])
def test_life_of_a_link_cancelled_after_it_expired_it_stays_so(
    alice: Person, path: str, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    manage = booked(path)
    told = cancel_at(ENDS, who, manage, alice, monkeypatch)
    assert "/o/" not in told
    assert by_program(path, MONDAY_TEN) == (410, "link_used" if who == "guest" else "link_expired")
    assert "Ask for a new link" in read(Client().get(manage)).words
    assert send(f"{manage}/ask", Client(), {}).status_code == 303
    assert "Alice" in str(to("alice@example.com", mails(now=ENDS))["To"])
