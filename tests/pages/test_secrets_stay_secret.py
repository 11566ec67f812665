"""A whole journey, then everything it left behind is searched for tokens and for who the guest was."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from bookonce.booking_page.views import door
from bookonce.jobs.models import Job
from bookonce.jobs.worker import run_due
from bookonce.lib import clock
from bookonce.lib.log_filter import WithoutSecrets
from bookonce.lib.tokens import new_token
from bookonce.scheduling.cancel import cancel
from bookonce.scheduling.models import Booking, Event, IdempotencyKey, RateCount
from bookonce.scheduling.request_link import answer_request
from tests.cast import NOW, Person, guest, make_link
from tests.pages.guest_pages import at_now, book_page, send  # noqa: F401 - a fixture

pytestmark = [pytest.mark.usefixtures("at_now"), pytest.mark.django_db(transaction=True)]
NAME, EMAIL, PHONE = "Quirina Xylander", "quirina@xylander.example", "+49 30 5550199"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All that would be written to the log, down to debug."""
    written, root = io.StringIO(), logging.getLogger()
    handler, level = logging.StreamHandler(written), root.level
    handler.setFormatter(WithoutSecrets("%(levelname)s %(name)s %(message)s"))
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)


class Journey:
    """What was made, and every answer that was given on the way."""

    def __init__(self, alice: Person) -> None:
        known: dict[str, Any] = {"recipient_name": NAME, "recipient_email": EMAIL, "recipient_phone": PHONE}
        self.answers: list[Any] = []
        self.tokens: set[str] = set()
        self.first, self.locked = make_link(alice, **known), make_link(alice, email_lock="match", **known)
        self.keep(self.first.token, self.locked.token)
        self.book(f"/o/{self.first.token}")
        self.try_the_lock(f"/o/{self.locked.token}")
        self.manage()
        self.ask_and_answer(alice)
        self.stumble()
        while run_due(NOW + timedelta(days=1)):
            pass

    def keep(self, *tokens: str | None) -> None:
        self.tokens |= {token for token in tokens if token}

    def get(self, path: str, **headers: str) -> Any:
        self.answers.append(answer := Client(headers=headers).get(path))
        return answer

    def book(self, path: str) -> None:
        client = Client()
        self.get(path)
        self.get(f"{path}/slots?from=2026-11-30&to=2026-12-04")
        sent = book_page(path, client, name=NAME, email=EMAIL)
        self.answers += [sent, client.get(sent["Location"]), client.get(path)]
        self.manage_token = sent["Location"].partition("?")[0].rpartition("/")[2]
        self.keep(self.manage_token)
        self.get(path)  # used, for everybody else
        body = guest(name=NAME, email=EMAIL)
        self.answers.append(
            Client().post(
                f"{path}/book", body, content_type="application/json", headers={"Idempotency-Key": "k"}
            )
        )

    def try_the_lock(self, path: str) -> None:
        body = guest("2026-11-30T11:00:00+01:00", name="Somebody Else", email="other@example.org")
        sent: dict[str, Any] = {"content_type": "application/json", "headers": {"Idempotency-Key": "again"}}
        self.answers.append(Client().post(f"{path}/book", body, **sent))
        assert self.answers[-1].status_code == 422
        right = body | {"email": EMAIL}
        self.answers.append(Client().post(f"{path}/book", right, **sent))
        assert self.answers[-1].status_code == 201
        self.keep(self.answers[-1].json()["manage_url"].rpartition("/")[2])

    def manage(self) -> None:
        path = f"/m/{self.manage_token}"
        for page in ("", "/cancel", "/reschedule", "/appointment.ics", "/nothing"):
            self.get(path + page)
        self.answers.append(send(f"{path}/cancel", Client(), {"reason": "ill"}))

    def ask_and_answer(self, alice: Person) -> None:
        path = f"/o/{self.first.token}"
        self.answers.append(send(f"{path}/ask", Client(), {"name": NAME, "email": EMAIL, "message": "again"}))
        request = self.first.link.requests.get()
        issued = answer_request(request.pk, by=alice.actor, now=NOW)
        self.keep(issued.token)
        booking = Booking.objects.get(link=self.locked.link)
        cancel(booking.pk, by=alice.actor, now=NOW)

    def stumble(self) -> None:
        """Unknown tokens, odd requests, and mistakes of ours."""
        unknown = new_token()
        self.keep(unknown)
        path = f"/o/{self.first.token}"
        for missing in (f"/o/{unknown}", f"/o/{unknown}/slots", f"/m/{unknown}", f"{path}/nothing/x"):
            self.get(missing)
        self.answers.append(Client().put(path))
        for kind in ("application/json", "text/plain; charset=utf-16"):
            self.answers.append(Client().post(f"{path}/book", "{", content_type=kind))
        with pytest.MonkeyPatch.context() as patch:

            def fail(*_: object) -> None:
                raise RuntimeError(f"boom at {path} with {self.first.token!r}")

            patch.setattr(door, "refusal", fail)
            self.answers.append(Client(raise_request_exception=False).get(path))
        assert self.answers[-1].status_code == 500


def test_a_journey(alice: Person, log: io.StringIO) -> None:
    journey = Journey(alice)
    assert len(journey.tokens) == 6
    told = log.getvalue()
    assert "boom at /o/…" in told  # so the log was listened to
    check_nothing_in(told, journey.tokens | {NAME, EMAIL, PHONE, "xylander", "other@example.org"})
    check_rows(journey)
    check_headers(journey)
    check_error_pages(journey)


def check_nothing_in(text: str, secrets: set[str]) -> None:
    found = [secret for secret in secrets if secret.lower() in text.lower()]
    assert found == []


def check_rows(journey: Journey) -> None:
    """No token stands in any table; who the guest was in none that only says what happened."""
    for model in apps.get_models():
        kept = repr(list(model._default_manager.values_list()))
        check_nothing_in(kept, journey.tokens)
        if model in {Event, Job, IdempotencyKey, RateCount}:
            check_nothing_in(kept, {NAME, EMAIL, PHONE, "xylander", "other@example.org"})
    assert Event.objects.count() > 4
    assert IdempotencyKey.objects.exists()
    assert RateCount.objects.exists()


def check_headers(journey: Journey) -> None:
    """No page that a guest is given tells another site its address; nor do redirects lead to one."""
    for answer in journey.answers:
        assert answer["Referrer-Policy"] == "no-referrer", answer.request["PATH_INFO"]
        assert answer["Cache-Control"] == "no-store"
        assert answer.headers.get("Location", "/").startswith("/")


def check_error_pages(journey: Journey) -> None:
    """What nobody could book through repeats nothing of the address, and says nothing of the guest."""
    refused = [answer for answer in journey.answers if answer.status_code in {404, 405, 415, 500}]
    assert {answer.status_code for answer in refused} == {404, 405, 415, 500}
    for answer in refused:
        check_nothing_in(answer.content.decode(), journey.tokens | {NAME, EMAIL, PHONE})
    assert clock.now() == NOW
