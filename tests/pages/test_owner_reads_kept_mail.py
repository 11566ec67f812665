"""The outbox: mail that was kept because no mail server is configured."""

from __future__ import annotations

from dataclasses import replace
from email.message import EmailMessage

import pytest
from django.conf import settings

from bookonce.configuration import MailServer
from bookonce.messages.models import OutboxMail
from bookonce.messages.outbox import keep
from tests.cast import NOW, Person
from tests.pages.owner import read, signed_in, statements_of

pytestmark = pytest.mark.usefixtures("at_now")
OUTBOX = "/app/outbox/"
HTML = '<p>You are <b>booked</b></p><script>alert("x")</script>'


def kept(person: Person, number: int = 1, subject: str = "Booked: Monday") -> OutboxMail:
    """A mail with text, HTML and an invitation."""
    message = EmailMessage()
    message["Message-ID"] = f"<{number}@example.org>"
    message["From"], message["To"], message["Subject"] = (
        "Bookonce <b@example.org>",
        "Gina <g@example.org>",
        subject,
    )
    message.set_content("You are booked.\nhttps://example.org/m/x\n")
    message.add_alternative(HTML, subtype="html")
    message.add_alternative(
        "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", subtype="calendar", params={"method": "REQUEST"}
    )
    keep(message, workspace_id=person.workspace.pk, now=NOW)
    return OutboxMail.objects.get(message_id=message["Message-ID"])


def test_the_page_says_that_mail_is_kept_and_how_to_send_it(alice: Person) -> None:
    page = read(signed_in(alice), OUTBOX)
    assert "No mail server is configured" in page
    assert "BOOKONCE_EMAIL_URL" in page
    assert "No mail here" in page


def test_with_a_mail_server_it_says_that_mail_is_sent(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    server = MailServer(host="mx.example.org", port=587, user="", password="", starttls=True, tls=False)
    monkeypatch.setattr(settings, "BOOKONCE", replace(settings.BOOKONCE, mail=server))
    kept(alice)
    page = read(signed_in(alice), OUTBOX)
    assert "Mail is sent through mx.example.org" in page
    assert "Booked: Monday" in page


def test_mails_stand_newest_first(alice: Person) -> None:
    kept(alice, 1, "The older one")
    kept(alice, 2, "The newer <one>")
    page = read(signed_in(alice), OUTBOX)
    assert page.index("The newer &lt;one&gt;") < page.index("The older one")
    assert "Gina &lt;g@example.org&gt;" in page


def test_one_mail_shows_its_parts_and_its_html_without_scripts(alice: Person) -> None:
    mail = kept(alice)
    client = signed_in(alice)
    answer = client.get(f"{OUTBOX}{mail.pk}/")
    page = answer.content.decode()
    assert "You are booked." in page
    assert "alert(" not in page
    assert 'sandbox="allow-popups' in page
    assert "allow-scripts" not in page
    assert "frame-src 'self'" in answer.headers["Content-Security-Policy"]
    inner = client.get(f"{OUTBOX}{mail.pk}/html/")
    policy = inner.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox allow-popups")
    assert "default-src 'none'" in policy
    assert "script" not in policy
    assert "allow-same-origin" not in policy
    assert inner.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "<b>booked</b>" in inner.content.decode()


def test_the_invitation_can_be_kept(alice: Person) -> None:
    mail = kept(alice)
    answer = signed_in(alice).get(f"{OUTBOX}{mail.pk}/invite.ics")
    assert answer.headers["Content-Type"].startswith("text/calendar")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="invite.ics"'
    assert b"BEGIN:VCALENDAR" in answer.content


def test_a_mail_whose_key_is_gone_says_so(alice: Person) -> None:
    mail = kept(alice)
    OutboxMail.objects.filter(pk=mail.pk).update(sealed="gAAAAA")
    client = signed_in(alice)
    assert "Can&#x27;t be read" in read(client, OUTBOX) or "Can't be read" in read(client, OUTBOX)
    assert "no longer configured" in read(client, f"{OUTBOX}{mail.pk}/")
    read(client, f"{OUTBOX}{mail.pk}/html/", 404)
    read(client, f"{OUTBOX}{mail.pk}/invite.ics", 404)


def test_pages_follow_one_another(alice: Person) -> None:
    first = kept(alice, 0, "The very first")
    for number in range(1, 52):
        kept(alice, number)
    client = signed_in(alice)
    assert "The very first" not in read(client, OUTBOX)
    page = read(client, OUTBOX, before=str(first.pk + 2))
    assert "The very first" in page
    for wrong in ("x", "-1", "9" * 30, "²"):
        read(client, OUTBOX, 404, before=wrong)
    read(client, f"{OUTBOX}{9**40}/", 404)
    assert statements_of(client, OUTBOX) <= 5
