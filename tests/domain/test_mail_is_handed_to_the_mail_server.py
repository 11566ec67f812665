"""Mail goes to the configured server, is tried again while that is down, and given up when refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email import message_from_bytes
from email.policy import SMTP
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from bookonce.configuration import MailServer
from bookonce.jobs.models import Job
from bookonce.jobs.worker import run_due
from bookonce.messages.models import OutboxMail
from tests.cast import NOW, Person, book_through, make_link
from tools.postgres import free_port

pytestmark = pytest.mark.django_db


@dataclass
class Peer:
    """A mail server's behaviour: what it answers to recipients and messages, and what it took."""

    recipient: str = "250 OK"
    data: str = "250 OK"
    taken: list[Any] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 - aiosmtpd calls it so
        self, _server: Any, _session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if self.recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.recipient.replace("{address}", address)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.data.startswith("250"):
            self.taken.append(envelope)
        return self.data


@pytest.fixture
def port(settings: Any) -> int:
    """Where a mail server is configured; nobody listens yet."""
    number = free_port()
    settings.BOOKONCE = replace(
        settings.BOOKONCE, mail=MailServer("127.0.0.1", number, "", "", tls=False, starttls=False)
    )
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", number
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    return number


@pytest.fixture
def peer(port: int) -> Iterator[Peer]:
    handler = Peer()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    yield handler
    controller.stop()


def run_all() -> None:
    while run_due(NOW):
        pass


def test_each_mail_is_handed_in_once_to_one_recipient(alice: Person, peer: Peer) -> None:
    book_through(make_link(alice))
    run_all()
    assert sorted(envelope.rcpt_tos[0] for envelope in peer.taken) == [
        "alice@example.com",
        "gina@example.org",
    ]
    assert not Job.objects.exists()
    assert not OutboxMail.objects.exists()
    for envelope in peer.taken:
        assert len(envelope.rcpt_tos) == 1
        assert envelope.mail_from == "bookonce@localhost"
        message: Any = message_from_bytes(envelope.content, policy=SMTP)
        assert [a.addr_spec for a in message["To"].addresses] == envelope.rcpt_tos
        assert message.get_body(("plain",)).get_content().startswith(("You are booked", "Gina Guest booked"))


def test_a_server_that_is_down_is_tried_again(alice: Person, port: int) -> None:
    book_through(make_link(alice))
    run_all()
    jobs = list(Job.objects.all())
    assert [(job.kind, job.attempts, job.dead_at) for job in jobs] == [("mail.send", 1, None)] * 2
    assert "can't be reached" in jobs[0].error
    handler = Peer()
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        while run_due(NOW + timedelta(minutes=1)):
            pass
    finally:
        controller.stop()
    assert len(handler.taken) == 2
    assert not Job.objects.exists()


def test_a_refused_recipient_is_given_up_and_not_named_in_the_job(alice: Person, peer: Peer) -> None:
    peer.recipient = "550 5.1.1 <{address}>: no such user"
    book_through(make_link(alice))
    run_all()
    for job in Job.objects.all():
        assert job.dead_at == NOW
        assert "550" in job.error
        assert "no such user" in job.error
        assert "@" not in job.error
    assert Job.objects.count() == 2


def test_a_recipient_put_off_is_tried_again(alice: Person, peer: Peer) -> None:
    peer.recipient = "451 4.7.1 greylisted"
    book_through(make_link(alice))
    run_all()
    assert set(Job.objects.values_list("dead_at", flat=True)) == {None}
    assert Job.objects.count() == 2


@pytest.mark.parametrize(("answer", "dead"), [("554 5.7.1 rejected", True), ("452 4.3.1 full", False)])
def test_a_refused_message_is_given_up_or_tried_again(
    alice: Person, peer: Peer, answer: str, *, dead: bool
) -> None:
    peer.data = answer
    book_through(make_link(alice))
    run_all()
    assert [bool(job.dead_at) for job in Job.objects.all()] == [dead, dead]


def test_the_same_mail_keeps_its_message_id(alice: Person, peer: Peer) -> None:
    peer.data = "452 4.3.1 full"
    book_through(make_link(alice))
    run_all()
    peer.data = "250 OK"
    for wait in (1, 2):
        Job.objects.update(run_at=NOW)
        while run_due(NOW + timedelta(minutes=wait)):
            pass
    found = {str(message_from_bytes(e.content, policy=SMTP)["Message-ID"]) for e in peer.taken}
    assert len(found) == len(peer.taken) == 2
    assert all(name.endswith("@localhost>") for name in found)
