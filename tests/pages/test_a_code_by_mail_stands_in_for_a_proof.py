"""Public links that ask for a proof of work: without scripts, a code by mail shows that a person books."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from bookonce.scheduling import rate_limits
from bookonce.scheduling.book import book
from bookonce.scheduling.errors import Invalid
from bookonce.scheduling.forget_secrets import forget_secrets
from bookonce.scheduling.models import Booking, Calendar, GuestCode
from bookonce.scheduling.offer import Door
from bookonce.scheduling.rate_limits import Limit
from tests.cast import MONDAY_NINE, MONDAY_TEN, NOW, Person, guest, make_link
from tests.groups import make_group
from tests.mailbox import html, mails, text, to
from tests.pages.guest_pages import at_now, details, read, send, stop_clock  # noqa: F401 - a fixture
from tests.pages.owner_pages import said_beside
from tests.pages.owner_pages import text as page_text

pytestmark = [pytest.mark.usefixtures("at_now"), pytest.mark.django_db(transaction=True)]
GINA = "gina@example.org"
JSON = "application/json"
TYPED = {"name": "Gina Typed", "email": GINA, "notes": "about the cat"}


@pytest.fixture
def path(alice: Person) -> str:
    """The permanent link of a calendar that asks for a proof."""
    Calendar.objects.update(proof_of_work=True)
    return f"/c/{alice.calendar.permanent_id}"


def mailed_code(address: str = GINA, **when: Any) -> str:
    [code] = re.findall(r"Your code is (\d{3} \d{3})\.", text(to(address, mails(**when))))
    return str(code)


def ask(path: str, email: str = GINA, **more: str) -> Any:
    return Client().post(f"{path}/code", {"email": email} | more, content_type=JSON)


def book_json(path: str, start: str = MONDAY_NINE, **changes: Any) -> Any:
    return Client().post(f"{path}/book", guest(start, **changes), content_type=JSON)


def test_by_form_from_button_to_booking(path: str) -> None:
    client = Client()
    form = details(path, client)
    assert "code" not in form.fields
    assert "Send me a code" in form.words
    asked = send(f"{path}/code", client, form.fields | TYPED)
    assert asked.status_code == 200
    page = read(asked)
    assert f"We have sent a code to {GINA}." in page.words
    assert (page.fields["name"], page.fields["email"], page.fields["code"]) == ("Gina Typed", GINA, "")
    assert "about the cat" in asked.content.decode()
    empty = page_text(send(f"{path}/book", client, page.fields | TYPED))
    assert said_beside(empty, "id_code") == "Enter the six digits from the mail."
    assert "proof of work" not in empty
    code = mailed_code()
    wrong = f"{(int(code.replace(' ', '')) + 1) % 10**6:06}"
    refused = send(f"{path}/book", client, page.fields | TYPED | {"code": wrong})
    assert refused.status_code == 422
    assert said_beside(page_text(refused), "id_code") == "This is not the code. Look at the latest mail."
    sent = page.fields | TYPED | {"code": code}
    done = send(f"{path}/book", client, sent)
    assert done.status_code == 303
    assert send(f"{path}/book", client, sent)["Location"] == done["Location"]  # a double click
    assert (Booking.objects.get().email, Booking.objects.get().name) == (GINA, "Gina Typed")


def test_the_page_loads_the_puzzle_where_it_is_needed_alone(alice: Person, bob: Person, path: str) -> None:
    group = make_group(alice, alice.calendar, bob.calendar)
    menu, chosen = f"/c/{group.permanent_id}", {"calendar": alice.calendar.public_id}
    needed = {
        f'data-challenge="{path}/challenge"': Client().get(path, {"start": MONDAY_NINE}),
        f'data-challenge="{menu}/challenge?calendar={chosen["calendar"]}"': Client().get(
            menu, chosen | {"start": MONDAY_NINE}
        ),
    }
    for words, page in needed.items():
        assert words in page.content.decode()
    link = f"/o/{make_link(alice).token}"
    for page in (Client().get(path), Client().get(link, {"start": MONDAY_NINE}), Client().get(menu)):
        assert page.status_code == 200
        assert "proof" not in page.content.decode()


def test_without_code_or_proof_the_form_says_what_is_missing(path: str) -> None:
    form = details(path, Client()).fields | TYPED
    refused = send(f"{path}/book", Client(), form)
    assert refused.status_code == 422
    assert "A proof of work is needed here" in read(refused).words
    assert "Send me a code" in read(refused).words
    assert not Booking.objects.exists()


def test_without_an_address_none_is_sent(path: str) -> None:
    form = details(path, Client()).fields | TYPED
    for wrong in ("", "nobody"):
        refused = send(f"{path}/code", Client(), form | {"email": wrong})
        assert refused.status_code == 422
        assert said_beside(page_text(refused), "id_email")
        assert read(refused).fields["name"] == "Gina Typed"
    assert not GuestCode.objects.exists()


def test_the_mail_says_what_it_is_for_and_nothing_that_was_typed(path: str) -> None:
    form = details(path, Client()).fields | TYPED | {"name": "Buy at spam.example"}
    send(f"{path}/code", Client(), form)
    mail = to(GINA, mails())
    assert mail["Subject"] == "Your code for Alice's meeting with Alice"
    for part in (text(mail), html(mail)):
        assert "Did you not ask for it?" in part
        assert "spam" not in part
        assert "the cat" not in part


def test_by_json(path: str) -> None:
    asked = ask(path)
    assert (asked.status_code, asked.json()) == (202, {"valid_until": "2026-11-23T08:10:00Z"})
    code = mailed_code()
    assert book_json(path, code=code, email="other@example.org").status_code == 422
    assert set(book_json(path, code="12345").json()["errors"]) == {"code"}
    assert GuestCode.objects.get().attempts == 0
    assert book_json(path, code=code).status_code == 201
    again = book_json(path, MONDAY_TEN, code=code)
    assert again.json()["errors"] == {"code": ["This code no longer works. Ask for a new one."]}
    assert set(ask(path, "nobody").json()["errors"]) == {"email"}
    assert set(ask(path, name="Gina").json()["errors"]) == {"name"}


def test_a_code_counts_for_its_address_door_and_calendar_alone(alice: Person, bob: Person, path: str) -> None:
    Calendar.objects.update(proof_of_work=True)
    ask(path)
    code = mailed_code()
    group = make_group(alice, alice.calendar, bob.calendar)
    menu = f"/c/{group.permanent_id}"
    assert set(ask(menu).json()["errors"]) == {"calendar"}
    for other, more in (
        (f"/c/{bob.calendar.permanent_id}", {}),
        (f"/atelier/{alice.calendar.slug}", {}),
        (menu, {"calendar": alice.calendar.public_id}),
        (path, {"email": "other@example.org"}),
    ):
        assert set(book_json(other, code=code, **more).json()["errors"]) == {"code"}
    assert book_json(path, code=code, email="Gina@Example.org").status_code == 201
    of_bob = {"calendar": bob.calendar.public_id}
    assert ask(menu, **of_bob).status_code == 202
    assert book_json(menu, MONDAY_TEN, code=mailed_code(), **of_bob).status_code == 201


def test_a_booking_that_fails_leaves_the_code(path: str) -> None:
    ask(path)
    code = mailed_code()
    Calendar.objects.update(proof_of_work=False)
    assert book_json(path, email="first@example.org").status_code == 201
    Calendar.objects.update(proof_of_work=True)
    assert book_json(path, code=code).json()["code"] == "slot_taken"
    assert book_json(path, MONDAY_TEN, code=code).status_code == 201


def test_the_domain_takes_no_code_that_was_not_tried(path: str) -> None:
    ask(path)
    door = Door.permanent(path.removeprefix("/c/"))
    with pytest.raises(Invalid):
        book(door, guest(code=mailed_code().replace(" ", "")), now=NOW)
    assert not Booking.objects.exists()


def test_a_one_time_link_of_it_asks_for_nothing(alice: Person, path: str) -> None:
    link = f"/o/{make_link(alice).token}"
    form = details(link, Client())
    assert "code" not in form.words.casefold()
    assert Client().post(f"{link}/code", content_type=JSON).json()["code"] == "conflict"
    assert send(f"{link}/book", Client(), form.fields | TYPED).status_code == 303


def test_nobody_is_flooded_with_mail(
    alice: Person, bob: Person, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Calendar.objects.update(proof_of_work=True)
    assert [ask(path).status_code for _ in range(2)] == [202, 429]  # a minute between two
    form = details(path, Client()).fields | TYPED
    told = read(send(f"{path}/code", Client(), form))
    assert "A code was sent a short while ago." in told.words
    few = {**rate_limits.LIMITS, "mailbox-codes": Limit(4, 3600)}
    monkeypatch.setattr(rate_limits, "LIMITS", few)
    paths = [f"/atelier/{alice.calendar.slug}", f"/c/{bob.calendar.permanent_id}"]
    found = [ask(other, f"Gina+{number}@example.org").status_code for number, other in enumerate(paths)]
    assert found == [202, 429]
    monkeypatch.setattr(rate_limits, "LIMITS", {**few, "calendar-codes": Limit(5, 3600)})
    assert ask(path, "fresh@example.org").status_code == 202
    assert ask(path, "fresher@example.org").status_code == 429
    assert ask(f"/c/{bob.calendar.permanent_id}", "fresher@example.org").status_code == 202


def test_too_many_tries_keep_what_was_typed(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limits, "LIMITS", {**rate_limits.LIMITS, "codes": Limit(1, 3600)})
    form = details(path, Client()).fields | TYPED
    assert send(f"{path}/code", Client(), form).status_code == 200
    refused = send(f"{path}/code", Client(), form)
    assert (refused.status_code, refused["Retry-After"]) == (429, "3600")
    assert "Send the form again in 60 minutes." in read(refused).words
    assert read(refused).fields["name"] == "Gina Typed"
    monkeypatch.setattr(rate_limits, "LIMITS", {**rate_limits.LIMITS, "bookings": Limit(0, 600)})
    refused = send(f"{path}/book", Client(), form)
    assert refused.status_code == 429
    assert "about the cat" in refused.content.decode()
    assert send("/atelier/nothing/book", Client(), form).status_code == 429
    Calendar.objects.update(paused_at=NOW)
    assert "about the cat" not in send(f"{path}/book", Client(), form).content.decode()


def test_codes_are_forgotten(path: str) -> None:
    ask(path)
    assert GuestCode.objects.get().sealed_email
    mailed_code()
    kept = GuestCode.objects.get()
    assert (kept.sealed_email, kept.sealed_code) == (None, None)
    assert GINA not in str(list(GuestCode.objects.values_list()))
    forget_secrets(now=NOW + timedelta(minutes=11))
    assert GuestCode.objects.count() == 1
    forget_secrets(now=NOW + timedelta(days=1, minutes=11))
    assert not GuestCode.objects.exists()
