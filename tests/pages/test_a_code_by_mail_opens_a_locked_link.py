"""A link that is locked by a code: who reads the recipient's mail can book, and nobody else."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from bookonce.lib.sealed import find_unsealed
from bookonce.messages.models import OutboxMail
from bookonce.scheduling import mail_codes
from bookonce.scheduling.book import book
from bookonce.scheduling.booking_codes import try_code
from bookonce.scheduling.errors import Conflict, Invalid, LinkUsed, NothingToChoose, RateLimited
from bookonce.scheduling.events import Actor
from bookonce.scheduling.forget_secrets import forget_secrets
from bookonce.scheduling.link_codes import send_code
from bookonce.scheduling.mail_codes import MOST_TRIES
from bookonce.scheduling.models import Booking, Calendar, Event, Hold, LinkCode, OneTimeLink
from bookonce.scheduling.offer import Door
from bookonce.scheduling.request_link import answer_request, request_link
from bookonce.scheduling.revoke_link import revoke_link
from bookonce.scheduling.update_link import update_link
from tests.cast import MONDAY_NINE, MONDAY_TEN, NOW, Person, book_through, guest, make_link
from tests.groups import make_group, make_group_link
from tests.mailbox import html, mails, text, to
from tests.pages.guest_pages import at_now, details, read, send, stop_clock  # noqa: F401 - a fixture
from tests.pages.owner_pages import said_beside, signed_in
from tests.pages.owner_pages import text as page_text

pytestmark = [pytest.mark.usefixtures("at_now"), pytest.mark.django_db(transaction=True)]
ADDRESS = "gina@secret.example"
LOCKED: dict[str, Any] = {"recipient_name": "Gina", "recipient_email": ADDRESS, "email_lock": "code"}
WITHOUT = {"start": MONDAY_NINE, "name": "Gina Guest", "timezone": "Europe/Berlin"}
JSON = "application/json"


@pytest.fixture
def path(alice: Person) -> str:
    """The address of a locked link."""
    return f"/o/{make_link(alice, **LOCKED).token}"


def mailed_code(address: str = ADDRESS, **when: Any) -> str:
    found = to(address, mails(**when))
    [code] = re.findall(r"Your code is (\d{3} \d{3})\.", text(found))
    return str(code)


def book_json(path: str, client: Client | None = None, key: str = "", **changes: Any) -> Any:
    headers = {"Idempotency-Key": key} if key else {}
    return (client or Client()).post(f"{path}/book", WITHOUT | changes, content_type=JSON, headers=headers)


def wrong(code: str) -> str:
    return f"{(int(code.replace(' ', '')) + 1) % 10**6:06}"


def test_by_form_from_button_to_booking(path: str) -> None:
    client = Client()
    form = details(path, client)
    assert not {"email", "code"} & form.fields.keys()
    assert "Send me the code" in form.words
    typed = form.fields | {"name": "Gina Typed", "notes": "about the cat"}
    asked = send(f"{path}/code", client, typed)
    assert asked.status_code == 200
    assert "We have sent a code to the address this link is for." in read(asked).words
    kept = read(asked).fields
    assert kept["name"] == "Gina Typed"
    assert "about the cat" in asked.content.decode()
    code = mailed_code()
    refused = send(f"{path}/book", client, typed | {"code": wrong(code)})
    assert refused.status_code == 422
    assert said_beside(page_text(refused), "id_code") == "This is not the code. Look at the latest mail."
    pages = [client.get(path), client.get(path, {"start": MONDAY_NINE}), asked, refused]
    assert [ADDRESS in page.content.decode() for page in pages] == [False] * 4
    done = send(f"{path}/book", client, typed | {"code": code})
    assert done.status_code == 303
    booking = Booking.objects.get()
    assert (booking.email, booking.name) == (ADDRESS, "Gina Typed")
    assert send(f"{path}/book", client, typed | {"code": code})["Location"] == done["Location"]
    manage = done["Location"].partition("?")[0]
    assert send(f"{manage}/cancel", Client(), {}).status_code == 303  # the manage link is enough


def test_by_json(path: str) -> None:
    refused = book_json(path)
    assert (refused.status_code, refused.json()["errors"]) == (422, {"code": ["Fill this in."]})
    asked = Client().post(f"{path}/code", content_type=JSON)
    assert (asked.status_code, asked.json()) == (202, {"valid_until": "2026-11-23T08:10:00Z"})
    code = mailed_code()
    for value in ("12345", "1234567", "abcdef", "\uff11" * 6, "12 34", 123, None, ["1"], "0" * 100):
        assert set(book_json(path, code=value).json()["errors"]) == {"code"}
    assert LinkCode.objects.get().attempts == 0  # none of these was a try
    assert set(book_json(path, code=wrong(code), email=ADDRESS).json()["errors"]) == {"email"}
    assert set(book_json(path, code=wrong(code)).json()["errors"]) == {"code"}
    first = book_json(path, key="k", code=code)
    assert first.status_code == 201
    again = book_json(path, key="k", code=code)
    assert (again.status_code, again.json()) == (201, first.json())
    assert book_json(path, code=code).json()["code"] == "link_used"


def test_a_link_to_a_group_by_form_and_by_json(alice: Person, bob: Person) -> None:
    group = make_group(alice, alice.calendar, bob.calendar)
    path = f"/o/{make_group_link(alice, group, max_bookings=2, **LOCKED).token}"
    chosen = {"calendar": bob.calendar.public_id}
    form = details(path, Client(), **chosen).fields
    asked = read(send(f"{path}/code", Client(), form))
    assert asked.fields["calendar"] == bob.calendar.public_id
    done = send(f"{path}/book", Client(), asked.fields | {"name": "Gina", "code": mailed_code()})
    assert done.status_code == 303
    mails()  # the confirmation
    later = NOW + timedelta(minutes=2)
    send_code(Door.link(path.removeprefix("/o/")), now=later)
    sent: dict[str, Any] = {"code": mailed_code(now=later), "start": MONDAY_TEN}
    assert set(book_json(path, **sent).json()["errors"]) == {"calendar"}
    assert LinkCode.objects.latest("pk").attempts == 0  # that was no try of the code
    assert book_json(path, **sent, calendar=alice.calendar.public_id).status_code == 201
    assert book_json(path, **sent, calendar=alice.calendar.public_id).json()["code"] == "link_used"


@pytest.mark.parametrize("lock", ["code", "match"])
def test_no_time_is_kept_for_who_has_not_shown_that_the_link_is_for_them(alice: Person, lock: str) -> None:
    Calendar.objects.filter(pk=alice.calendar.pk).update(hold_minutes=10)
    path, client = f"/o/{make_link(alice, **LOCKED | {'email_lock': lock}).token}", Client()
    assert f"{path}/hold" not in client.get(path).content.decode()
    refused = Client().post(f"{path}/hold", {"start": MONDAY_NINE}, content_type=JSON)
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    choice = {"start": MONDAY_NINE, "timezone": "Europe/Berlin"}
    gone_on = send(f"{path}/hold", client, choice)  # opened before the link was locked
    assert gone_on.status_code == 303
    form = read(client.get(gone_on["Location"])).fields
    assert "hold" not in form
    assert not Hold.objects.exists()
    shown: dict[str, Any] = {"email": ADDRESS}
    if lock == "code":
        assert send(f"{path}/code", client, form).status_code == 200
        shown = {"code": mailed_code()}
    assert send(f"{path}/book", client, form | {"name": "Gina"} | shown).status_code == 303


@pytest.mark.parametrize("lock", ["code", "match"])
def test_locking_a_link_ends_what_visitors_keep_through_it(alice: Person, lock: str) -> None:
    Calendar.objects.filter(pk=alice.calendar.pk).update(hold_minutes=10)
    issued = make_link(alice, recipient_email=ADDRESS)
    path, public = f"/o/{issued.token}", f"/c/{alice.calendar.permanent_id}"
    assert Client().post(f"{path}/hold", {"start": MONDAY_NINE}, content_type=JSON).status_code == 201
    assert book_json(public, email="other@example.org").status_code == 409
    update_link(issued.link.pk, {"label": "Kept"}, now=NOW)
    assert Hold.objects.count() == 1
    update_link(issued.link.pk, {"email_lock": lock}, now=NOW)
    assert not Hold.objects.exists()
    assert Client().get(path).status_code == 200
    assert book_json(public, email="other@example.org").status_code == 201


def test_unknown_fields_are_named_as_at_the_other_doors(path: str) -> None:
    told = []
    for door in ("code", "hold"):
        body = {"start": MONDAY_NINE, "adress": "x"} if door == "hold" else {"adress": "x"}
        refused = Client().post(f"{path}/{door}", body, content_type=JSON)
        assert refused.status_code == 422
        told.append(refused.json()["errors"])
    assert told == [{"adress": ["This field is not known here."]}] * 2
    assert not LinkCode.objects.exists()


def test_a_form_opened_before_the_expiry_may_ask_within_the_grace(
    alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    expiry = NOW + timedelta(hours=1)
    path = f"/o/{make_link(alice, expires_at=expiry, **LOCKED).token}"
    client = Client()
    form = details(path, client).fields
    late = expiry + timedelta(seconds=30)
    stop_clock(monkeypatch, late)
    assert send(f"{path}/code", client, form | {"form": "forged"}).status_code == 410
    assert Client().post(f"{path}/code", content_type=JSON).json()["code"] == "link_expired"
    asked = send(f"{path}/code", client, form)
    assert asked.status_code == 200
    sent = read(asked).fields | {"name": "Gina", "code": mailed_code(now=late)}
    assert send(f"{path}/book", client, sent).status_code == 303


def test_the_mail(path: str, alice: Person) -> None:
    send(f"{path}/code", Client(), {"start": MONDAY_NINE})
    found = mails()
    mail = to(ADDRESS, found)
    assert len(found) == 1
    assert mail["Subject"] == "Your code for Alice's meeting with Alice"
    assert not re.search(r"\d{3} \d{3}", mail["Subject"])
    code = re.findall(r"\d{3} \d{3}", text(mail))[0]
    assert code in html(mail)
    for part in (text(mail), html(mail)):
        assert "10 minutes" in part
        assert "/o/" not in part
    kept = LinkCode.objects.get()
    assert kept.sealed_code is None
    assert code.replace(" ", "") not in kept.digest
    event = Event.objects.get(kind="link.code_asked")
    assert event.details == {"code": kept.pk}


def test_a_mail_that_comes_too_late_is_not_sent(path: str) -> None:
    send(f"{path}/code", Client(), {"start": MONDAY_NINE})
    assert find_unsealed(LinkCode.objects.get().sealed_code)
    assert mails(now=NOW + timedelta(minutes=11)) == []
    assert OutboxMail.objects.count() == 0


def test_five_tries_for_a_code(alice: Person) -> None:
    issued = make_link(alice, **LOCKED)
    door = Door.link(issued.token or "")
    send_code(door, now=NOW)
    code = mailed_code()
    for _ in range(MOST_TRIES):
        with pytest.raises(Invalid, match="can't be used") as refused:
            try_code(door, WITHOUT | {"code": wrong(code)}, now=NOW, stamp=None)
        assert "not the code" in refused.value.errors["code"][0]
    with pytest.raises(Invalid) as refused:
        try_code(door, WITHOUT | {"code": code}, now=NOW, stamp=None)
    assert refused.value.errors == {"code": ["This code no longer works. Ask for a new one."]}
    form = read(send(f"/o/{issued.token}/book", Client(), WITHOUT | {"code": code}))
    assert "Send me the code" in form.words
    assert "This code no longer works" in form.words


def test_a_booking_that_fails_gives_no_try_back(alice: Person) -> None:
    first, path = make_link(alice), f"/o/{make_link(alice, **LOCKED).token}"
    book_through(first)
    Client().post(f"{path}/code", content_type=JSON)
    code = mailed_code()
    for tries in (1, 2):
        assert book_json(path, code=code).json()["code"] == "slot_taken"
        assert LinkCode.objects.get().attempts == tries
    assert LinkCode.objects.get().used_at is None
    assert book_json(path, code=code, start=MONDAY_TEN).status_code == 201
    assert LinkCode.objects.get().used_at == NOW


def test_ten_minutes_and_the_latest_alone(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    Client().post(f"{path}/code", content_type=JSON)
    first = mailed_code()
    stop_clock(monkeypatch, NOW + timedelta(minutes=1))
    Client().post(f"{path}/code", content_type=JSON)
    second = mailed_code(now=NOW + timedelta(minutes=1))
    assert "code" in book_json(path, code=first).json()["errors"] or first == second
    stop_clock(monkeypatch, NOW + timedelta(minutes=11))
    assert set(book_json(path, code=second).json()["errors"]) == {"code"}
    form = details(path, Client())
    assert "code" not in form.fields
    assert "Send me the code" in form.words


def test_a_minute_between_two_and_five_an_hour(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def ask(second: int) -> Any:
        stop_clock(monkeypatch, NOW + timedelta(seconds=second))
        return Client().post(f"{path}/code", content_type=JSON)

    assert [ask(0).status_code, ask(59).status_code, ask(60).status_code] == [202, 429, 202]
    soon = ask(75)
    assert (soon.json()["code"], soon["Retry-After"]) == ("rate_limited", "45")
    assert [ask(second).status_code for second in (120, 180, 240)] == [202] * 3
    sixth = ask(300)
    assert (sixth.status_code, sixth["Retry-After"]) == (429, "3300")
    page = send(f"{path}/code", Client(), {"start": MONDAY_NINE})
    assert page.status_code == 200
    assert "Wait a little before you ask for a new one." in read(page).words
    assert LinkCode.objects.count() == 5
    assert ask(3600).status_code == 202


def test_no_code_where_none_is_needed(alice: Person) -> None:
    for options in ({}, LOCKED | {"email_lock": "match"}):
        path = f"/o/{make_link(alice, **options).token}"
        assert Client().post(f"{path}/code", content_type=JSON).json()["code"] == "conflict"
        assert book_json(path, code="123456").json()["errors"]["code"] == ["This is not asked for here."]
    with pytest.raises(Conflict):
        send_code(Door.permanent(alice.calendar.permanent_id), now=NOW)
    refused = Client().post("/atelier/alice-30/code", content_type=JSON)
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    assert LinkCode.objects.count() == 0


def test_no_code_for_a_link_that_is_over(path: str) -> None:
    OneTimeLink.objects.update(revoked_at=NOW)
    assert Client().post(f"{path}/code", content_type=JSON).status_code == 410
    page = send(f"{path}/code", Client(), {"start": MONDAY_NINE})
    assert page.status_code == 410
    assert "no longer works" in read(page).words
    assert LinkCode.objects.count() == 0


def test_other_sites_and_readers_of_the_page_send_none(path: str) -> None:
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}):
        assert Client(headers=headers).post(f"{path}/code", content_type=JSON).status_code == 403
    assert Client().get(f"{path}/code").status_code == 405
    assert Client().post(f"{path}/code", {"email": "me@evil.example"}, content_type=JSON).status_code == 422
    assert LinkCode.objects.count() == 0


def test_nobody_books_without_having_tried_the_code(alice: Person) -> None:
    door = Door.link(make_link(alice, **LOCKED).token or "")
    send_code(door, now=NOW)
    code = mailed_code()
    with pytest.raises(Invalid):  # a door that does not count tries gets nowhere, with the right code too
        book(door, WITHOUT | {"code": code}, now=NOW)


def test_a_code_is_good_for_one_booking(alice: Person) -> None:
    path = f"/o/{make_link(alice, max_bookings=2, **LOCKED).token}"
    Client().post(f"{path}/code", content_type=JSON)
    code = mailed_code()
    assert book_json(path, code=code).status_code == 201
    refused = book_json(path, code=code, start=MONDAY_TEN)
    assert refused.json()["errors"] == {"code": ["This code no longer works. Ask for a new one."]}
    assert OneTimeLink.objects.get().spent == 1


def test_another_recipient_ends_the_codes_of_the_first(alice: Person) -> None:
    issued = make_link(alice, **LOCKED)
    path = f"/o/{issued.token}"
    Client().post(f"{path}/code", content_type=JSON)
    code = mailed_code()
    update_link(issued.link.pk, {"label": "still the same"}, now=NOW)
    assert LinkCode.objects.get().expires_at == NOW + timedelta(minutes=10)
    update_link(issued.link.pk, {"recipient": {"email": "new@secret.example"}}, now=NOW)
    assert set(book_json(path, code=code).json()["errors"]) == {"code"}
    assert Booking.objects.count() == 0


def test_a_new_link_is_locked_as_well(alice: Person) -> None:
    issued = make_link(alice, **LOCKED)
    request_link(issued.link.pk, {"name": "Sam", "email": "sam@example.org"}, now=NOW)
    answer = answer_request(issued.link.requests.get().pk, by=alice.actor, now=NOW)
    assert (answer.link.email_lock, answer.link.recipient_email) == ("code", ADDRESS)
    refused = book_json(f"/o/{answer.token}", email="sam@example.org")
    assert set(refused.json()["errors"]) == {"email", "code"}


def test_codes_are_forgotten(path: str) -> None:
    Client().post(f"{path}/code", content_type=JSON)
    forget_secrets(now=NOW + timedelta(minutes=9))
    assert LinkCode.objects.get().sealed_code
    forget_secrets(now=NOW + timedelta(minutes=10))
    assert LinkCode.objects.get().sealed_code is None
    forget_secrets(now=NOW + timedelta(days=2))
    assert not LinkCode.objects.exists()


def test_codes_for_one_client_are_limited_over_all_links(
    alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_codes, "MOST_IN_AN_HOUR", 100)
    answers = []
    for _ in range(21):
        path = f"/o/{make_link(alice, **LOCKED).token}"
        answers.append(Client().post(f"{path}/code", content_type=JSON).status_code)
    assert answers == [202] * 20 + [429]
    assert send(f"{path}/code", Client(), {"start": MONDAY_NINE}).status_code == 429


def test_wrong_codes_are_limited_for_link_and_client(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    statuses = []
    for minute in range(3):
        stop_clock(monkeypatch, NOW + timedelta(minutes=minute))
        Client().post(f"{path}/code", content_type=JSON)
        code = mailed_code(now=NOW + timedelta(minutes=minute))
        statuses += [book_json(path, code=wrong(code)).status_code for _ in range(MOST_TRIES)]
    assert statuses == [422] * 10 + [429] * 5


def test_the_owner_asks_for_a_code(alice: Person) -> None:
    client, share = signed_in(alice), f"/app/calendars/{alice.calendar.public_id}/share/one-time/"
    assert client.post(share, {"email_lock": "code"}).status_code == 422
    client.post(share, {"email_lock": "code", "recipient_email": ADDRESS})
    link = OneTimeLink.objects.get()
    assert link.email_lock == "code"
    shown = f"/app/links/{link.public_id}/"
    assert "with a code by mail" in page_text(client.get(shown))
    token = find_unsealed(link.sealed_token)
    send(f"/o/{token}/code", Client(), {"start": MONDAY_NINE})
    assert "Code sent to the recipient" in page_text(client.get(shown))


def test_a_link_to_a_group(alice: Person, bob: Person) -> None:
    group = make_group(alice, alice.calendar, bob.calendar)
    path, client = f"/o/{make_group_link(alice, group, **LOCKED).token}", Client()
    assert send(f"{path}/code", client, {"calendar": "left-the-group"}).status_code == 303
    code = mailed_code()
    chosen = {"calendar": bob.calendar.public_id}
    shown = client.get(path, chosen | {"start": MONDAY_NINE})
    form = read(shown).fields | {"name": "Gina", "code": code}
    assert "email" not in form
    assert send(f"{path}/book", client, form).status_code == 303
    assert Booking.objects.get().email == ADDRESS


def test_a_group_without_calendars_sends_no_code(alice: Person) -> None:
    group = make_group(alice, alice.calendar)
    issued = make_group_link(alice, group, **LOCKED)
    path, client = f"/o/{issued.token}", Client()
    group.group_calendars.all().delete()
    with pytest.raises(NothingToChoose):
        send_code(Door.link(issued.token or ""), now=NOW)
    asked = send(f"{path}/code", client, {"start": MONDAY_NINE})
    assert asked.status_code == 503
    assert "No bookings are taken right now." in read(asked).words
    told = client.post(f"{path}/code", {}, content_type=JSON)
    assert (told.status_code, told.json()["code"]) == (503, "calendar_paused")
    assert not LinkCode.objects.exists()


def test_a_code_is_mailed_though_the_group_has_lost_its_calendars_meanwhile(alice: Person) -> None:
    group = make_group(alice, alice.calendar)
    path = f"/o/{make_group_link(alice, group, **LOCKED).token}"
    assert send(f"{path}/code", Client(), {"start": MONDAY_NINE}).status_code == 303
    group.group_calendars.all().delete()
    mail = to(ADDRESS, mails())
    assert re.search(r"Your code is \d{3} \d{3}\.", text(mail))
    assert mail["Reply-To"] is None
    assert "Atelier" in text(mail)


def test_a_new_link_to_such_a_group_is_mailed_too(alice: Person) -> None:
    group = make_group(alice, alice.calendar)
    issued = make_group_link(alice, group, **LOCKED)
    revoke_link(issued.link.pk, by=alice.actor, now=NOW)
    request_link(issued.link.pk, {"name": "Gina", "email": ADDRESS}, now=NOW)
    mails()
    group.group_calendars.all().delete()
    answer_request(issued.link.requests.get().pk, by=Actor("cli"), now=NOW)
    mail = to(ADDRESS, mails())
    assert mail["Reply-To"] is None
    assert "Atelier" in text(mail)


def test_domain_refusals_have_their_names(alice: Person) -> None:
    issued = make_link(alice, **LOCKED)
    door = Door.link(issued.token or "")
    send_code(door, now=NOW)
    with pytest.raises(RateLimited):
        send_code(door, now=NOW)
    code = mailed_code()
    tried = try_code(door, WITHOUT | {"code": code}, now=NOW, stamp=None)
    book(door, WITHOUT | {"code": code}, now=NOW, code_id=tried)
    with pytest.raises(LinkUsed):
        send_code(door, now=NOW + timedelta(minutes=2))
    assert guest()["email"] != ADDRESS
