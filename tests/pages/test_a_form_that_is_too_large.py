"""A form that is too large is answered by a page that says what to do."""

from __future__ import annotations

import logging

import pytest
from django.conf import settings
from django.test import Client

from bookonce.scheduling.models import Booking
from tests.cast import Person, guest, make_link
from tests.pages.guest_pages import at_now, read, send  # noqa: F401 - a fixture

pytestmark = [pytest.mark.usefixtures("at_now"), pytest.mark.django_db]
TOO_MUCH = "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)


def test_a_guest_reads_what_to_do(alice: Person, caplog: pytest.LogCaptureFixture) -> None:
    path = f"/o/{make_link(alice).token}"
    for address in (f"{path}/book", f"{path}/hold", "/app/sign-in", "/nothing/here/book"):
        refused = send(address, Client(), guest(notes=TOO_MUCH))
        assert refused.status_code == 413
        page = read(refused)
        assert "This is too long to be sent" in page.words
        assert "make your texts shorter" in page.words
    assert not Booking.objects.exists()
    assert not [record for record in caplog.records if record.levelno >= logging.ERROR or record.exc_info]


def test_too_many_fields_are_too_much(alice: Person) -> None:
    path = f"/o/{make_link(alice).token}"
    fields = {f"answers.{number}": "x" for number in range(settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)}
    assert send(f"{path}/book", Client(), guest(**fields)).status_code == 413


def test_it_is_said_in_the_guests_language(alice: Person) -> None:
    refused = Client().post(
        f"/o/{make_link(alice).token}/book",
        f"name={TOO_MUCH}",
        content_type="application/x-www-form-urlencoded",
        headers={"Accept-Language": "de"},
    )
    assert "Das ist zu lang zum Senden" in read(refused).words
