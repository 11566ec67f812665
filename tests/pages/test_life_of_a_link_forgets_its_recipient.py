"""Days after a link died without a booking it no longer knows whom it was for; all else goes on."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from bookonce.booking_page import opens
from bookonce.jobs.periodic import Ticks
from bookonce.scheduling.models import LinkRequest, OneTimeLink
from tests.cast import NOW, Person
from tests.mailbox import mails, text, to
from tests.pages.by_mail import GINA, addressed, booked, by_program, path_of
from tests.pages.guest_pages import at_now, read, send, stop_clock  # noqa: F401 - a fixture
from tests.pages.owner import signed_in

pytestmark = [pytest.mark.usefixtures("at_now"), pytest.mark.django_db(transaction=True)]
KEPT = timedelta(days=settings.BOOKONCE.recipients_kept_days)
SAM = {
    "recipient_name": "Sam Okafor",
    "recipient_email": "sam@example.org",
    "recipient_phone": "+4930123456",
    "email_lock": "match",
    "metadata": {"city": "Ulm"},
}
BROWSER = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36"}
SECRETS = ("Sam", "sam@", "4930123456", "Ulm")


def opened(person: Person, **options: Any) -> str:
    """A link for Sam, who has opened it."""
    path = path_of(person, label="Fair", contact_text="Call the front desk.", **(SAM | options))
    Client(headers=BROWSER).get(path)
    opens.flush()
    return path


def history(person: Person) -> str:
    """The words of the link's page, which its maker reads."""
    return read(signed_in(person).get(f"/app/links/{OneTimeLink.objects.earliest('pk').public_id}/")).words


@pytest.fixture(params=["expired", "revoked"])
def dead(request: pytest.FixtureRequest, alice: Person, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    """How the link ended, and its path; the days are over, and the periodic jobs have run."""
    ends = NOW + timedelta(hours=1)
    if request.param == "expired":
        path = opened(alice, expires_at=ends)
    else:
        path = opened(alice)
        signed_in(alice).post(f"/app/links/{OneTimeLink.objects.get().public_id}/revoke/")
    over = ends + KEPT
    stop_clock(monkeypatch, over)
    assert "sam@example.org" in history(alice), "not yet"
    Ticks().enqueue_due(now=over)
    mails(now=over)
    return request.param, path


def test_life_of_a_link_retention_its_recipient_is_purged_and_its_counts_stay(
    alice: Person, dead: tuple[str, str]
) -> None:
    page = history(alice)
    assert [secret for secret in SECRETS if secret in page] == []
    for kept in ("Fair", "Opened once", dead[0].title()):
        assert kept in page
    link = OneTimeLink.objects.get()
    assert (link.recipient_name, link.recipient_email, link.recipient_phone, link.metadata) == (
        "",
        "",
        "",
        {},
    )
    assert link.opened == 1


def test_life_of_a_link_retention_its_dead_page_says_what_it_must(dead: tuple[str, str]) -> None:
    end, path = dead
    answer = Client().get(path)
    page = read(answer)
    assert answer.status_code == 410
    assert {"expired": "This link has expired", "revoked": "It was withdrawn by Alice"}[end] in page.words
    assert "Call the front desk." in page.words
    assert [secret for secret in SECRETS if secret in page.html] == []
    assert by_program(path) == (410, f"link_{end}")


def test_life_of_a_link_retention_one_can_still_ask_for_a_new_link(
    alice: Person, dead: tuple[str, str]
) -> None:
    path, over = dead[1], NOW + timedelta(hours=1) + KEPT
    assert f"{path}/ask" in read(Client().get(path)).actions
    asking = {"name": "Gina Guest", "email": GINA, "message": "Is it too late?"}
    assert send(f"{path}/ask", Client(), asking).status_code == 303
    told = text(to("alice@example.com", mails(now=over)))
    assert "Is it too late?" in told
    assert "Fair" in told
    request = LinkRequest.objects.get()
    assert signed_in(alice).post(f"/app/requests/{request.public_id}/answer/").status_code == 302
    child = addressed("o", mails(now=over))
    start = "2027-03-01T10:00:00+01:00"
    booked(child, start, now=over)
    assert OneTimeLink.objects.get(parent__isnull=False).recipient_email == GINA


def test_life_of_a_link_retention_a_booked_link_keeps_whom_it_was_for(
    alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    booked(opened(alice, email_lock="off", expires_at=NOW + timedelta(hours=1)))
    over = NOW + timedelta(hours=1) + KEPT
    stop_clock(monkeypatch, over)
    Ticks().enqueue_due(now=over)
    mails(now=over)
    assert "sam@example.org" in history(alice)
