"""A new link may name the link that it replaces, of the same workspace; it keeps to it."""

from __future__ import annotations

import pytest

from bookonce.scheduling.errors import Invalid
from bookonce.scheduling.issue_link import issue_link
from bookonce.scheduling.issue_links import issue_links
from bookonce.scheduling.link_options import parse_link_options
from bookonce.scheduling.link_rows import parse_link_rows
from bookonce.scheduling.models import OneTimeLink
from bookonce.scheduling.recipients_csv import read_recipients
from bookonce.scheduling.request_link import answer_request, request_link
from bookonce.scheduling.revoke_link import revoke_link
from bookonce.scheduling.update_link import update_link
from tests.cast import NOW, Person, make_link

pytestmark = pytest.mark.django_db(transaction=True)


def replacing(person: Person, parent: str) -> OneTimeLink:
    options = parse_link_options({"parent": parent}, person.calendar, now=NOW)
    return issue_link(person.calendar, options, by=person.actor, now=NOW).link


def test_the_link_it_replaces_is_kept(alice: Person) -> None:
    first = make_link(alice).link
    assert OneTimeLink.objects.get(pk=replacing(alice, first.public_id).pk).parent_id == first.pk
    assert OneTimeLink.objects.get(pk=first.pk).parent_id is None


def test_rows_of_a_file_name_theirs(alice: Person) -> None:
    first = make_link(alice).link
    text = f"Email,Parent\na@example.org,{first.public_id}\nb@example.org,\n"
    options = parse_link_rows(read_recipients(text).rows(), alice.calendar, now=NOW)
    batch = issue_links(alice.calendar, options, by=alice.actor, now=NOW)
    made = OneTimeLink.objects.filter(batch=batch).order_by("pk")
    assert list(made.values_list("recipient_email", "parent_id")) == [
        ("a@example.org", first.pk),
        ("b@example.org", None),
    ]


@pytest.mark.parametrize("other", ["stranger", "lnk_nothing", 7, "x" * 30])
def test_only_links_of_the_workspace_can_be_named(alice: Person, charlie: Person, other: object) -> None:
    named = make_link(charlie).link.public_id if other == "stranger" else other
    with pytest.raises(Invalid) as refused:
        parse_link_options({"parent": named}, alice.calendar, now=NOW)
    assert list(refused.value.errors) == ["parent"]


def test_it_can_t_be_changed_later(alice: Person) -> None:
    first, second = make_link(alice).link, make_link(alice).link
    with pytest.raises(Invalid) as refused:
        update_link(second.pk, {"parent": first.public_id}, now=NOW)
    assert list(refused.value.errors) == ["parent"]
    assert OneTimeLink.objects.get(pk=second.pk).parent_id is None


def test_who_asks_for_a_new_link_gets_one_in_place_of_this_one(alice: Person) -> None:
    first = make_link(alice).link
    second = replacing(alice, first.public_id)
    revoke_link(second.pk, by=alice.actor, now=NOW)
    request_link(second.pk, {"name": "Gina", "email": "gina@example.org"}, now=NOW)
    answer = answer_request(second.requests.get().pk, by=alice.actor, now=NOW)
    assert OneTimeLink.objects.get(pk=answer.link.pk).parent_id == second.pk
