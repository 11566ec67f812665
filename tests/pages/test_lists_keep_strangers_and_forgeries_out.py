"""Charlie sees nothing of Alice's, nothing changes by GET, and no form is taken from elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage

import pytest
from django.test import Client

from bookonce.accounts.api_keys import make_api_key
from bookonce.accounts.models import ApiKey
from bookonce.messages.models import OutboxMail
from bookonce.messages.outbox import keep
from bookonce.scheduling.models import Appointment, Booking, LinkRequest, OneTimeLink
from bookonce.scheduling.request_link import request_link
from tests.cast import NOW, Person, book_through, make_link
from tests.pages.owner import signed_in

pytestmark = pytest.mark.usefixtures("at_now")
LISTS = ("links/", "appointments/", "outbox/", "settings/", "settings/keys/", "settings/jobs/")
CHANGES: dict[str, Callable[[], str]] = {
    "revoke a link": lambda: f"links/{OneTimeLink.objects.latest('pk').public_id}/revoke/",
    "answer a request": lambda: f"requests/{LinkRequest.objects.get().public_id}/answer/",
    "dismiss a request": lambda: f"requests/{LinkRequest.objects.get().public_id}/dismiss/",
    "restore a request": lambda: f"requests/{LinkRequest.objects.get().public_id}/restore/",
    "cancel an appointment": lambda: f"appointments/{Appointment.objects.get().public_id}/cancel/",
    "cancel a booking": lambda: f"bookings/{Booking.objects.get().public_id}/cancel/",
    "revoke a key": lambda: f"settings/keys/{ApiKey.objects.get().public_id}/revoke/",
}
READS: dict[str, Callable[[], str]] = {
    "a link": lambda: f"links/{OneTimeLink.objects.latest('pk').public_id}/",
    "a request": lambda: f"requests/{LinkRequest.objects.get().public_id}/",
    "an appointment": lambda: f"appointments/{Appointment.objects.get().public_id}/",
    "a mail": lambda: f"outbox/{OutboxMail.objects.get().pk}/",
    "a mail's HTML": lambda: f"outbox/{OutboxMail.objects.get().pk}/html/",
    "a mail's invitation": lambda: f"outbox/{OutboxMail.objects.get().pk}/invite.ics",
}


@pytest.fixture(autouse=True)
def alices_things(alice: Person) -> None:
    """One of everything: a used link, an active one, an appointment, a request, a mail, a key."""
    used = make_link(alice, label="Secret plan")
    book_through(used, name="Secret Guest")
    make_link(alice, label="Secret plan")
    request_link(used.link.pk, {"name": "Secret Asker", "email": "s@example.org"}, now=NOW)
    message = EmailMessage()
    message["Message-ID"], message["Subject"], message["To"] = "<1@x>", "Secret mail", "s@example.org"
    message.set_content("Secret")
    message.add_alternative("<p>Secret</p>", subtype="html")
    message.add_alternative("BEGIN:VCALENDAR", subtype="calendar")
    keep(message, workspace_id=alice.workspace.pk, now=NOW)
    make_api_key(alice.member, "Secret key", now=NOW)


def everything() -> list[object]:
    """All that a change could change."""
    tables = (OneTimeLink, LinkRequest, Appointment, ApiKey, OutboxMail)
    return [list(table._default_manager.order_by("pk").values()) for table in tables]


@pytest.mark.parametrize("page", LISTS)
def test_charlies_lists_hold_nothing_of_alices(charlie: Person, page: str) -> None:
    answer = signed_in(charlie).get(f"/app/{page}")
    assert answer.status_code == 200
    assert "Secret" not in answer.content.decode()


@pytest.mark.parametrize("what", [*READS, *CHANGES])
def test_charlie_finds_nothing_behind_alices_ids(charlie: Person, what: str) -> None:
    client, path, before = signed_in(charlie), (READS | CHANGES)[what](), everything()
    expected = {404, 405} if what in CHANGES else {404}
    assert client.get(f"/app/{path}").status_code in expected
    if what in CHANGES:
        assert client.post(f"/app/{path}").status_code == 404
    assert everything() == before


def test_alice_herself_finds_them_all(alice: Person) -> None:
    for path in READS.values():
        assert signed_in(alice).get(f"/app/{path()}").status_code == 200


def test_charlies_cursors_and_notes_can_not_name_alices_rows(charlie: Person) -> None:
    client = signed_in(charlie)
    link, appointment = OneTimeLink.objects.latest("pk"), Appointment.objects.get()
    assert client.get("/app/links/", {"after": link.public_id}).status_code == 404
    assert client.get("/app/appointments/", {"after": appointment.public_id}).status_code == 404
    LinkRequest.objects.update(dismissed_at=NOW)
    noted = client.get("/app/links/", {"dismissed": LinkRequest.objects.get().public_id})
    assert "Secret" not in noted.content.decode()


@pytest.mark.parametrize("page", LISTS)
def test_whoever_is_not_signed_in_is_sent_to_sign_in(page: str) -> None:
    answer = Client().get(f"/app/{page}")
    assert answer.status_code == 302
    assert "Secret" not in answer.content.decode()


@pytest.mark.parametrize("what", CHANGES)
def test_nothing_changes_by_get(alice: Person, what: str) -> None:
    before = everything()
    for method in ("get", "head"):
        assert getattr(signed_in(alice), method)(f"/app/{CHANGES[what]()}").status_code in {200, 405}
    assert everything() == before


@pytest.mark.parametrize("what", [*CHANGES, "settings", "keys"])
def test_a_form_from_elsewhere_is_refused(alice: Person, what: str) -> None:
    before = everything()
    path = CHANGES[what]() if what in CHANGES else {"settings": "settings/", "keys": "settings/keys/"}[what]
    client = signed_in(alice, enforce_csrf_checks=True)
    answer = client.post(f"/app/{path}", {"label": "x", "name": "x", "slug": "x", "timezone": "UTC"})
    assert answer.status_code == 403
    assert everything() == before
