"""Whatever a guest types stays text: refused and shown again, or kept and shown as typed, everywhere."""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import icalendar
import pytest
from django.test import Client

from bookonce.lib.bidi import closed
from bookonce.scheduling import rate_limits
from bookonce.scheduling.models import Booking, LinkRequest, OneTimeLink, RateCount
from bookonce.scheduling.questions import create_question, set_calendar_questions
from bookonce.scheduling.request_link import answer_request
from bookonce.scheduling.revoke_link import revoke_link
from tests.api.caller import call_as
from tests.cast import MONDAY_NINE, NOW, Person, book_through, make_link, make_person, make_workspace
from tests.hostile import HOSTILE, LONE_SURROGATES
from tests.mailbox import html, mails, part, text
from tests.pages.guest_pages import details, send
from tests.pages.owner import read, signed_in
from tests.pages.skeleton import Skeleton, squeezed
from tests.strength import times

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_now")]
ASKED = ("short", "long", "number", "email", "phone", "choice", "several", "checkbox", "date", "url")
ANSWERS = tuple(f"answers.the-{kind}" for kind in ASKED)
FIELDS = ("name", "email", "phone", "location", "notes", "guest_name", "guest_email", *ANSWERS)
QUERY = (
    *FIELDS,
    "guests",
    *(f"the-{kind}" for kind in ASKED),
    "timezone",
    "duration",
    "month",
    "day",
    "party",
    "host",
    "hold",
    "calendar",
    "view",
    "clock",
)
FURTHER = ("lang", "embed", "consent", "code", "key", "form", "asked", "another", "q_anything")
PLAIN = "zzz"
# Where a page takes long, every so many-th of them; all in `make proof`.
SOME, MORE = HOSTILE[:: times(7, 1)], HOSTILE[:: times(6, 1)]
FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
RECIPIENTS = {"g@example.org", "alice@example.com", "hugo@example.org"}
HEADERS = {
    *("From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version"),
    *("Content-Type", "Content-Language"),
}


@pytest.fixture
def studio() -> Person:
    """Five minutes each, where the guest says where, whom they bring along, and whatever can be asked."""
    columns: dict[str, Any] = {"durations": (5,), "interval": 5, "location_kind": "ask", "notice": 0}
    more: dict[str, Any] = {"further_guests": "details", "most_guests": 3}
    person = make_person("Alice", make_workspace("atelier"), **columns, **more)
    asked = []
    for kind in ASKED:
        raw: dict[str, Any] = {"label": f"The {kind}", "kind": kind}
        raw |= {"choices": ["Tea", "Coffee"]} if kind in ("choice", "several") else {}
        asked.append((create_question(person.workspace, raw, now=NOW), False))
    set_calendar_questions(person.calendar, asked)
    return person


@dataclass
class Watch:
    """Collects what went wrong, so that one run tells all of it."""

    known: set[tuple[str, str]] = field(default_factory=lambda: {("bdi", "")})
    faults: list[str] = field(default_factory=list)

    def learn(self, *pages: str) -> None:
        """These are made of what such pages may be made of."""
        for page in pages:
            self.known |= Skeleton(page).pairs

    def look(self, page: str, where: str, typed: str, *, shown: str | None = None) -> Skeleton:
        """The page is made of nothing else, and shows this text."""
        skeleton = Skeleton(page)
        self.faults += [f"{where}: {typed!r:.60}: {odd:.80}" for odd in skeleton.unknown_to(self.known)]
        wanted = "" if shown is None else squeezed(shown).strip()
        if wanted not in skeleton.words and squeezed(closed(shown or "")).strip() not in skeleton.words:
            self.faults.append(f"{where}: {typed!r:.60} is not shown as typed")
        return skeleton

    def check(self, so: bool, where: str, typed: str) -> None:  # noqa: FBT001 - what is claimed
        """Note it if it is not so."""
        if not so:
            self.faults.append(f"{where}: {typed!r:.60}")


@pytest.fixture
def watch() -> Iterator[Watch]:
    watch = Watch()
    yield watch
    assert not watch.faults, "\n".join(watch.faults[:60])


def kept(typed: str) -> str:
    """How a text is kept: as typed, in normal form C, without white space around it."""
    return unicodedata.normalize("NFC", typed.replace("\r\n", "\n")).strip()


def starts() -> Iterator[str]:
    """One start after the other."""
    monday = datetime.fromisoformat(MONDAY_NINE)
    for day in range(5):
        for step in range(96):
            yield (monday + timedelta(days=day, minutes=5 * step)).isoformat()


def path_of(person: Person) -> str:
    return f"/o/{make_link(person, max_bookings=1000).token}"


def form_of(person: Person, path: str) -> dict[str, str]:
    return details(path, Client(), timezone="Europe/Berlin").fields | {
        "name": "Gina",
        "email": "g@example.org",
    }


def test_refused_and_shown_again(studio: Person, watch: Watch) -> None:
    path, client = path_of(studio), Client()
    form = form_of(studio, path)
    for plain_text in (PLAIN, "\x01"):
        benign: dict[str, str] = {**form, **dict.fromkeys(FIELDS, plain_text)}
        watch.learn(send(f"{path}/book", client, benign).content.decode())
    watch.learn(client.get(path, {"start": MONDAY_NINE}).content.decode())
    for typed in HOSTILE:
        fields = FIELDS if len(typed) < 1_000 else ("name", "email", "notes")  # a body is at most 256 KiB
        answer = send(f"{path}/book", client, {**form, **dict.fromkeys(fields, typed)})
        assert answer.status_code == 422, typed
        page = watch.look(answer.content.decode(), "refused", typed)
        for name in {"name", "location", "notes"} & set(fields):
            again = page.values.get(name, "")
            watch.check(_lines(again) == _lines(typed), f"{name} shown again", typed)
    assert not Booking.objects.exists()


def _lines(text: str) -> str:
    """Browsers make one kind of line break of all, and drop the first of a text area."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")


def test_in_the_address(studio: Person, watch: Watch) -> None:
    """Prefilled, and where no text belongs; the answer is a page, whatever stands in the query."""
    path, client = path_of(studio), Client()
    for query in ({}, {"start": MONDAY_NINE}, dict.fromkeys(QUERY, PLAIN), {"start": PLAIN}):
        watch.learn(client.get(path, query).content.decode())
    given = {"start": MONDAY_NINE} | dict.fromkeys(FIELDS, PLAIN)
    for guests in (PLAIN, "hugo@example.org"):
        watch.learn(client.get(path, given | {"guests": guests}).content.decode())
    prefilled = [{"start": MONDAY_NINE} | dict.fromkeys((*FIELDS, *FURTHER), text[:2000]) for text in HOSTILE]
    odd = [dict.fromkeys((*QUERY, *FURTHER, "start"), text[:200]) for text in SOME]
    for query in prefilled + odd:
        answer = client.get(path, query)
        assert answer.status_code in {200, 404}, query
        watch.look(answer.content.decode(), "query", query["name"])


def test_programs_get_a_plain_answer(studio: Person) -> None:
    path, client, free = path_of(studio), Client(), starts()
    for typed in HOSTILE:
        body = {"start": next(free), "name": typed, "email": "g@example.org", "location": "here"}
        for raw in (body, body | {"answers": {typed: typed}}, dict.fromkeys((*FIELDS, "host", typed), typed)):
            answer = client.post(f"{path}/book", json.dumps(raw), content_type="application/json")
            assert answer.status_code in {201, 409, 422}, (typed, answer.content)
            assert json.loads(answer.content)
    for typed in LONE_SURROGATES:
        raw_text = f'{{"start": "{MONDAY_NINE}", "name": {typed}, "email": "g@example.org"}}'
        answer = client.post(f"{path}/book", raw_text, content_type="application/json")
        assert answer.status_code == 422


def test_kept_and_seen_everywhere(studio: Person, watch: Watch) -> None:
    booked = book_all(studio, watch)
    assert len(booked) == len(MORE)
    see_guests_pages(booked, watch)
    see_owners_pages(studio, watch)
    see_rest(studio, set(booked.values()))
    found = mails()
    assert len(found) >= 2 * len(booked)
    for mail in found:
        see_mail(mail, watch)


def book_all(person: Person, watch: Watch) -> dict[str, str]:
    """Book with each text as name, place and notes, or as what of it is taken; manage path -> name."""
    path, client, free = path_of(person), Client(), starts()
    form = form_of(person, path)
    del form["key"]
    booked = {}
    for typed in MORE:
        form["start"] = next(free)
        tries = (
            {"name": typed, "notes": typed, "location": typed, ANSWERS[0]: typed, "guest_name": typed},
            {"notes": typed, ANSWERS[1]: typed},
            {"notes": typed[:5000]},
        )
        for given in tries:
            sent = {**form, "name": "Gina", "location": "here", "guest_email": "hugo@example.org"} | given
            answer = send(f"{path}/book", client, sent)
            name = given.get("name", "Gina")
            if answer.status_code == 303:
                booked[answer["Location"].partition("?")[0]] = kept(name)
                break
            watch.check(answer.status_code in {413, 422}, f"answered {answer.status_code}", typed)
        else:  # what is no text at all: control characters
            answer = send(f"{path}/book", client, {**form, "name": "Gina", "location": "here"})
            booked[answer["Location"].partition("?")[0]] = "Gina"
    return booked


def see_guests_pages(booked: Mapping[str, str], watch: Watch) -> None:
    client = Client()
    first = next(iter(booked))
    watch.learn(*(client.get(first + page).content.decode() for page in ("", "/cancel", "/reschedule")))
    watch.learn(client.get(f"{first}?booked=1").content.decode())
    for number, (manage, name) in enumerate(booked.items()):
        answer = client.get(f"{manage}?booked=1")
        assert answer.status_code == 200
        watch.look(answer.content.decode(), "manage", name, shown=name)
        file = client.get(f"{manage}/appointment.ics")
        see_calendar(file.content, watch, name)
        if number % times(5, 1) == 0:
            watch.look(client.get(f"{manage}/cancel").content.decode(), "cancel", name, shown=name)
            watch.look(client.get(f"{manage}/reschedule").content.decode(), "reschedule", name)


def see_owners_pages(person: Person, watch: Watch) -> None:
    client = signed_in(person)
    rows = list(Booking.objects.select_related("appointment"))
    plain_one = next(row for row in rows if row.name == "Gina")
    appointment = f"/app/appointments/{plain_one.appointment.public_id}/"
    watch.learn(
        *(read(client, page) for page in ("/app/appointments/", appointment, f"{appointment}cancel/"))
    )
    shown = "".join(read(client, "/app/appointments/", page=str(number)) for number in (1, times(1, 2)))
    watch.look(shown, "appointments", "list")
    for row in rows[:: times(3, 1)]:
        page = read(client, f"/app/appointments/{row.appointment.public_id}/")
        skeleton = watch.look(page, "appointment", row.name, shown=row.name)
        for answer in row.answers.all():
            words = squeezed(answer.words).strip()
            watch.check(words in skeleton.words or closed(words) in skeleton.words, "answer", answer.value)


def see_rest(person: Person, booked: set[str]) -> None:
    caller = call_as(person)
    cursor: str | None = ""
    names: set[str] = set()
    while cursor is not None:
        answer = caller.get(f"/appointments?limit=200{cursor}")
        assert answer.status_code == 200
        body = answer.json()
        names |= {booking["guest"]["name"] for item in body["items"] for booking in item["bookings"]}
        cursor = f"&cursor={body['next']}" if body["next"] else None
    assert names == booked


def see_mail(mail: EmailMessage, watch: Watch) -> None:
    to = str(mail["To"])
    watch.check(set(mail.keys()) <= HEADERS and len(mail.keys()) == len(set(mail.keys())), "headers", to)
    watch.check(len(mail["To"].addresses) == 1, "recipients", to)
    watch.check(mail["To"].addresses[0].addr_spec in RECIPIENTS, "to", to)
    watch.check(not mail.defects and "\n" not in str(mail["Subject"]), "subject", str(mail["Subject"]))
    page = Skeleton(html(mail))
    odd = {"script", "img", "iframe", "form", "input", "svg", "object", "embed", "base", "link", "button"}
    watch.check(not {tag for tag, _ in page.pairs} & odd, "mail", html(mail))
    watch.check(not [name for _, name in page.pairs if name.startswith("on")], "mail", to)
    watch.check("__x" not in "".join(page.addresses), "mail's links", to)
    assert text(mail)
    see_calendar(part(mail, "text/calendar").get_payload(decode=True), watch, to)


def see_calendar(raw: bytes, watch: Watch, typed: str) -> None:
    calendar = icalendar.Calendar.from_ical(raw)
    events = calendar.walk("VEVENT")
    watch.check(len(events) == 1 and not events[0].errors, "events", typed)
    watch.check(len(calendar.walk()) == 2, "components", typed)
    attendees = events[0].get("ATTENDEE", [])
    named = attendees if isinstance(attendees, list) else [attendees]
    known = {f"mailto:{address}" for address in RECIPIENTS}
    watch.check({str(one) for one in named} <= known, "attendees", typed)
    watch.check(all(len(line) <= 75 for line in raw.split(b"\r\n")), "folding", typed)


def test_why_it_was_moved_and_cancelled(studio: Person, watch: Watch) -> None:
    """In the history that guest and owner read, and in the mails of both."""
    issued, owner, told = make_link(studio, max_bookings=1000), signed_in(studio), 0
    for number, typed in enumerate((f"{PLAIN}\n{PLAIN}", *SOME)):
        forget_tries()
        booking = book_through(
            issued, f"2026-11-30T09:{number % 6}0:00+01:00", location="here", email="g@example.org"
        )
        manage = f"/m/{booking.manage_token}"
        appointment = Booking.objects.get(public_id=booking.public_id).appointment.public_id
        for page, change in (("reschedule", {"start": "2026-12-01T09:00:00+01:00"}), ("cancel", {})):
            refused = send(f"{manage}/{page}", Client(), change | {"reason": "\x01"})
            answer = send(f"{manage}/{page}", Client(), change | {"reason": typed})
            shown = Client().get(manage).content.decode() + read(owner, f"/app/appointments/{appointment}/")
            if not number:
                watch.learn(refused.content.decode(), shown)
            elif answer.status_code == 422:
                watch.look(answer.content.decode(), f"refused: {page}", typed)
                send(f"{manage}/{page}", Client(), change)
            else:
                told += answer.status_code == 303
                watch.look(shown, page, typed, shown=kept(typed))
            for mail in mails():
                see_mail(mail, watch)
    assert told > len(SOME)


def test_a_request_for_a_new_link(studio: Person, watch: Watch) -> None:
    """A stranger's name becomes the recipient of the new link: in lists, the mail, and the CSV."""
    issued = make_link(studio)
    revoke_link(issued.link.pk, by=studio.actor, now=NOW)
    path, asked = f"/o/{issued.token}/ask", {}
    for benign in (PLAIN, "\x01"):
        watch.learn(
            send(path, Client(), dict.fromkeys(("email", "name", "message"), benign)).content.decode()
        )
    for number, typed in enumerate(SOME):
        answer = send(path, Client(), {"email": typed, "name": typed, "message": typed})
        if answer.status_code == 429:
            forget_tries()
            answer = send(path, Client(), {"email": typed, "name": typed, "message": typed})
        assert answer.status_code in {410, 422}, typed
        watch.look(answer.content.decode(), "request refused", typed)
        sent = {"email": f"a{number}@example.org", "name": typed, "message": typed}
        if send(path, Client(), sent).status_code == 303:
            asked[f"a{number}@example.org"] = kept(typed)
    assert len(asked) > len(SOME) / 2
    see_requests(studio, asked, watch)


def forget_tries() -> None:
    """What was counted against this client."""
    RateCount.objects.all().delete()
    rate_limits.forget_all()


def see_requests(person: Person, asked: Mapping[str, str], watch: Watch) -> None:
    client = signed_in(person)
    requests = {request.email: request for request in LinkRequest.objects.all()}
    assert {email: request.name for email, request in requests.items()} == asked
    first = next(iter(requests.values()))
    watch.learn(read(client, "/app/links/"), read(client, f"/app/requests/{first.public_id}/"))
    watch.look(read(client, "/app/links/"), "requests", "list")
    for request in requests.values():
        page = read(client, f"/app/requests/{request.public_id}/")
        watch.look(page, "request", request.name, shown=request.name)
    for request in list(requests.values()):
        answer_request(request.pk, by=person.actor, now=NOW)
    see_csv(client, set(asked.values()), watch)
    links = OneTimeLink.objects.exclude(recipient_name="")
    watch.learn(read(client, f"/app/links/{links[0].public_id}/"))
    for link in links:
        page = read(client, f"/app/links/{link.public_id}/")
        watch.look(page, "link", link.recipient_name, shown=link.recipient_name)
    for mail in mails():
        watch.check(set(mail.keys()) <= HEADERS and len(mail["To"].addresses) == 1, "mail", str(mail["To"]))
        watch.check("<script" not in html(mail).lower(), "mail", str(mail["To"]))


def see_csv(client: Client, names: set[str], watch: Watch) -> None:
    """One row a link, as many cells as columns, and none that a spreadsheet would run."""
    raw = b"".join(client.get("/app/links/export.csv").streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    head, *rows = list(csv.reader(io.StringIO(raw, newline="")))
    assert len(rows) == OneTimeLink.objects.count()
    for row in rows:
        watch.check(len(row) == len(head), "columns", str(row))
        for cell in row:
            watch.check(
                not cell.startswith(FORMULAS),
                "csv",
                cell,
            )
    found = {row[0] for row in rows if row[0]}
    assert {name.removeprefix("'") for name in found} == {name.removeprefix("'") for name in names}
