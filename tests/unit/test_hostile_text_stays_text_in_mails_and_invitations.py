"""Whatever people write, a mail has one recipient and fixed headers, an invitation one event."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import SMTP
from email.utils import getaddresses
from typing import Any, cast

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bookonce.messages import ics
from bookonce.messages.ics import Invitation, Method, Party
from bookonce.messages.letter import Letter, Unsendable, render

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
HEADERS = [
    "From",
    "To",
    "Reply-To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "MIME-Version",
    "Content-Type",
]
PROPERTIES = {*"UID DTSTAMP SEQUENCE DTSTART DTEND STATUS TRANSP ORGANIZER".split()}  # noqa: SIM905
PROPERTIES |= {"ATTENDEE", "SUMMARY", "DESCRIPTION", "LOCATION", "CONFERENCE"}
HOSTILE = [
    "Gina\r\nBcc: victim@example.net",
    "Gina\nATTENDEE:mailto:victim@example.net",
    "\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:2",
    "a\u2028BEGIN:VEVENT\u2029b\x85c\x0bd\x0ce\x1cf",
    "Guest, Gina <victim@example.net>, other@example.net",
    '"; Bcc: victim@example.net "',
    "Gina\\nBEGIN:VEVENT \\, \\; \\\\ \\r",
    "\u202egpj.exe\u2066 evil \u200f",
    "ä" * 1200,
    "x" * 1200,
    "=?utf-8?q?=0D=0ABcc=3A_victim=40example=2Enet?=",
    "</title><script>alert(1)</script>{{ 7|add:7 }}{% include 'x' %}",
    "\\",
    "=?utf-8?q?=0D=0ABcc:_x?= ==??utf-8?q?=0A?=",
    "^n^'^^ \t tab",
    "🎉👩‍👩‍👧 zero\x00byte",
    "",
]
# The library of both sides takes a typed backslash-N for a line break; nothing worse comes of it.
ANY = st.text(st.characters(exclude_categories=["Cs"]), max_size=300).filter(lambda text: "\\N" not in text)
TEXT = ANY | st.sampled_from(HOSTILE)


def invitation(text: str) -> Invitation:
    return Invitation(
        uid="bkg_abc@localhost",
        sequence=3,
        start=NOW,
        end=NOW + timedelta(minutes=30),
        summary=text,
        organizer=Party(text, "alice@example.com"),
        attendees=[Party(text, "gina@example.org"), Party("", "hugo@example.net")],
        description=text,
        location=text,
        video_url=text,
    )


def letter(text: str) -> Letter:
    words = dict.fromkeys(("what", "host", "guest", "by", "when", "short", "name", "workspace"), text)
    return Letter(
        to=Party(text, "gina@example.org"),
        reply_to=Party(text, "alice@example.com"),
        words={
            **words,
            "rows": [(text, ics.plain(text))],
            "button_text": "Open",
            "button_url": "http://localhost/m/x",
        },
        calendar=(Method.REQUEST, ics.render(invitation(text), Method.REQUEST, now=NOW)),
        workspace_id=1,
    )


def check_invitation(raw: bytes, text: str) -> None:
    lines = raw.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert b"\r" not in raw.replace(b"\r\n", b"")
    assert b"\n" not in raw.replace(b"\r\n", b"")
    # Readers that split lines as Python's splitlines does see the same lines.
    assert raw.decode().replace("\t", "").splitlines() == raw.decode().replace("\t", "").split("\r\n")[:-1]
    calendar = icalendar.Calendar.from_ical(raw)
    [event] = cast("list[Any]", calendar.walk("VEVENT"))
    assert not event.errors
    assert str(event["ORGANIZER"]) == "mailto:alice@example.com"
    assert [str(a) for a in event["ATTENDEE"]] == [
        "mailto:alice@example.com",
        "mailto:gina@example.org",
        "mailto:hugo@example.net",
    ]
    assert str(event.get("DESCRIPTION", "")) == ics.plain(text)
    assert set(event) <= PROPERTIES


def check_mail(text: str, name: str = "booking_confirmed") -> None:
    raw = render(name, letter(text), message_id="<abc@localhost>", now=NOW).as_bytes()
    assert all(len(line) <= 998 for line in raw.split(b"\r\n"))
    raw.decode("ascii")
    message = message_from_bytes(raw, policy=SMTP)
    assert message.keys() == HEADERS
    assert [address for _, address in getaddresses([str(message["To"])])] == ["gina@example.org"]
    assert [a.addr_spec for a in message["To"].addresses] == ["gina@example.org"]
    assert [a.addr_spec for a in message["Reply-To"].addresses] == ["alice@example.com"]
    assert not message.defects
    assert len([p for p in message.walk() if p.get_content_type() == "text/calendar"]) == 1
    assert "<script" not in str(message.get_body(("html",)).get_content())  # type: ignore[union-attr]


@pytest.mark.parametrize("text", HOSTILE)
def test_known_attacks_on_mail(text: str) -> None:
    for name in (
        "booking_confirmed",
        "booking_received",
        "booking_cancelled",
        "link_requested",
        "link_answered",
    ):
        check_mail(text, name)


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("method", [Method.REQUEST, Method.CANCEL])
def test_known_attacks_on_invitations(text: str, method: Method) -> None:
    check_invitation(ics.render(invitation(text), method, now=NOW), text)


@settings(max_examples=150, deadline=None)
@given(TEXT)
def test_any_text_in_invitations(text: str) -> None:
    check_invitation(ics.render(invitation(text), Method.REQUEST, now=NOW), text)


@settings(max_examples=60, deadline=None)
@given(TEXT)
def test_any_text_in_mail(text: str) -> None:
    check_mail(text)


@pytest.mark.parametrize(
    "address",
    [
        "gina",
        "gina@",
        "@example.org",
        "gina@example.org\r\nBcc: x@example.net",
        "a b@example.org",
        "a@b@example.org",
        "",
    ],
)
def test_an_address_that_is_none_is_refused(address: str) -> None:
    bad = Letter(to=Party("Gina", address), words=letter("x").words, workspace_id=1)
    with pytest.raises(Unsendable):
        render("booking_confirmed", bad, message_id="<abc@localhost>", now=NOW)


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("gina+tag@example.org", "gina+tag@example.org"),
        ("o'brien@example.org", "o'brien@example.org"),
        ("gina@bücher.example", "gina@xn--bcher-kva.example"),
    ],
)
def test_unusual_addresses_are_written_right(address: str, written: str) -> None:
    fine = Letter(to=Party("Gina", address), words=letter("x").words, workspace_id=1)
    message = render("booking_confirmed", fine, message_id="<abc@localhost>", now=NOW)
    assert message["To"].addresses[0].addr_spec == written


def test_plain_text_is_not_escaped() -> None:
    message = render("booking_confirmed", letter("O'Brien & <Sons>"), message_id="<abc@localhost>", now=NOW)
    assert "O'Brien & <Sons>" in message.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert "O&#x27;Brien &amp; &lt;Sons&gt;" in message.get_body(("html",)).get_content()  # type: ignore[union-attr]


def test_a_video_address_is_a_conference_and_other_text_is_not() -> None:
    assert b"CONFERENCE" in ics.render(invitation("https://meet.example.org/x"), Method.REQUEST, now=NOW)
    for text in ("javascript:alert(1)", "http://a b", "https://x\r\nATTENDEE:y", "http://[", "meet me there"):
        assert b"CONFERENCE" not in ics.render(invitation(text), Method.REQUEST, now=NOW)
