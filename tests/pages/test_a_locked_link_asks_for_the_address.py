"""The form of a locked link asks for the e-mail, holds it nowhere, and tells a mismatch beside the field."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from bookonce.scheduling.models import OneTimeLink
from tests.cast import Person, guest, make_link
from tests.pages.guest_pages import at_now, book_page, details, read  # noqa: F401 - a fixture
from tests.pages.owner_pages import said_beside, signed_in, text

pytestmark = [pytest.mark.usefixtures("at_now"), pytest.mark.django_db(transaction=True)]

LOCKED: dict[str, Any] = {
    "recipient_name": "Gina",
    "recipient_email": "gina@secret.example",
    "email_lock": "match",
}


def test_no_page_of_a_locked_link_holds_the_address(alice: Person) -> None:
    path, client = f"/o/{make_link(alice, **LOCKED).token}", Client()
    form = details(path, client)
    assert form.fields["email"] == ""
    assert form.fields["name"] == "Gina"
    refused = book_page(path, client, email="sam@example.org")
    assert refused.status_code == 422
    assert said_beside(text(refused), "id_email").startswith("This link is for another address")
    assert read(refused).fields["email"] == "sam@example.org"
    for page in (client.get(path), refused, client.get(f"{path}/slots?from=2026-11-30&to=2026-12-01")):
        assert "secret.example" not in page.content.decode()
    assert OneTimeLink.objects.get().spent == 0
    assert book_page(path, client, email="GINA@secret.example").status_code == 303


def test_a_program_is_told_by_field(alice: Person) -> None:
    path = f"/o/{make_link(alice, **LOCKED).token}/book"
    for email, said in (("sam@example.org", "another address"), ("", "Fill this in")):
        answer = Client().post(path, json.dumps(guest(email=email)), content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
        assert said in answer.json()["errors"]["email"][0]
        assert "secret.example" not in answer.content.decode()


def test_the_owner_locks_a_link(alice: Person) -> None:
    client, path = signed_in(alice), f"/app/calendars/{alice.calendar.public_id}/share/one-time/"
    refused = client.post(path, {"email_lock": "match"})
    assert refused.status_code == 422
    assert said_beside(text(refused), "share_email_lock") == "This needs the recipient's e-mail address."
    client.post(path, {"email_lock": "match", "recipient_email": "gina@secret.example"})
    link = OneTimeLink.objects.get()
    assert link.email_lock == "match"
    assert "Only this address can book" in text(client.get(f"/app/links/{link.public_id}/"))
