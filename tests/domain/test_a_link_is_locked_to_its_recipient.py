"""A link locked to its recipient's e-mail address: typed by the guest, compared, never told."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from bookonce.scheduling import errors
from bookonce.scheduling.issue_link import Issued, issue_link
from bookonce.scheduling.link_options import parse_link_options
from bookonce.scheduling.models import Booking, OneTimeLink
from bookonce.scheduling.request_link import answer_request, request_link
from bookonce.scheduling.update_link import update_link
from tests.cast import MONDAY_TEN, NOW, Person, book_through, make_link

GINA = {"name": "Gina", "email": "Gina@Example.org"}


def locked(alice: Person, **raw: Any) -> Issued:
    options = parse_link_options({"recipient": GINA, "email_lock": "match"} | raw, alice.calendar, now=NOW)
    return issue_link(alice.calendar, options, by=alice.actor, now=NOW)


def test_the_recipient_s_address_books_in_upper_and_lower_case(alice: Person) -> None:
    book_through(locked(alice), email="GINA@example.ORG")
    assert Booking.objects.get().email == "GINA@example.org"


@pytest.mark.parametrize("email", ["sam@example.org", "gina@example.com", "gina+1@example.org"])
def test_another_address_is_refused_and_the_right_one_not_told(alice: Person, email: str) -> None:
    issued = locked(alice)
    with pytest.raises(errors.Invalid) as refused:
        book_through(issued, email=email)
    assert set(refused.value.errors) == {"email"}
    assert "example" not in str(refused.value.errors).lower()
    assert OneTimeLink.objects.get().spent == 0
    book_through(issued, email="gina@example.org")


def test_a_known_address_does_not_stand_in_for_a_typed_one(alice: Person) -> None:
    with pytest.raises(errors.Invalid) as refused:
        book_through(locked(alice), email="")
    assert refused.value.errors == {"email": ["Fill this in."]}
    book_through(make_link(alice, recipient_email="gina@example.org"), email="")


def test_a_lock_needs_an_address(alice: Person) -> None:
    with pytest.raises(errors.Invalid) as refused:
        locked(alice, recipient={"name": "Gina"})
    assert set(refused.value.errors) == {"email_lock"}
    with pytest.raises(errors.Invalid):
        locked(alice, email_lock="other")
    open_to_all = make_link(alice).link.pk
    with pytest.raises(IntegrityError), transaction.atomic():
        OneTimeLink.objects.filter(pk=open_to_all).update(email_lock="match")


def test_a_lock_is_put_on_and_taken_off(alice: Person) -> None:
    link = make_link(alice, recipient_email="gina@example.org").link
    update_link(link.pk, {"email_lock": "match"}, now=NOW)
    with pytest.raises(errors.Invalid) as refused:
        update_link(link.pk, {"recipient": {"email": None}}, now=NOW)
    assert set(refused.value.errors) == {"email_lock"}
    update_link(link.pk, {"recipient": None, "email_lock": "off"}, now=NOW)
    link.refresh_from_db()
    assert (link.email_lock, link.recipient_email) == ("off", "")


def test_a_new_link_is_locked_to_the_same_address_whoever_asks(alice: Person) -> None:
    issued = locked(alice)
    book_through(issued, email="gina@example.org")
    request_link(issued.link.pk, {"name": "Sam", "email": "sam@example.org"}, now=NOW)
    answer = answer_request(issued.link.requests.get().pk, by=alice.actor, now=NOW)
    with pytest.raises(errors.Invalid):
        book_through(answer, MONDAY_TEN, email="sam@example.org")
    book_through(answer, MONDAY_TEN, email="gina@example.org")
