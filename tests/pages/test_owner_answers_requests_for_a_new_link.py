"""One click sends a new link; dismissing can be undone."""

from __future__ import annotations

import pytest

from bookonce.lib.addresses import one_time_link_url
from bookonce.scheduling.calendar_groups import set_group_deleted
from bookonce.scheduling.calendars import set_deleted
from bookonce.scheduling.issue_link import shown_token
from bookonce.scheduling.models import LinkRequest, OneTimeLink
from bookonce.scheduling.models.event import Event
from bookonce.scheduling.request_link import request_link
from tests.cast import NOW, Person, book_through, make_link
from tests.groups import make_group, make_group_link
from tests.pages.owner import read, signed_in

pytestmark = pytest.mark.usefixtures("at_now")
LINKS = "/app/links/"


@pytest.fixture
def asked(alice: Person) -> LinkRequest:
    """Hanna asks for a new link in place of a used one."""
    used = make_link(alice, label="Autumn fair")
    book_through(used)
    request_link(used.link.pk, {"name": "Hanna", "email": "h@example.org", "message": "I was ill."}, now=NOW)
    return LinkRequest.objects.get()


def test_the_list_shows_who_asks_and_the_rail_counts(alice: Person, asked: LinkRequest) -> None:
    page = read(signed_in(alice), LINKS)
    for told in ("One person asks for a new link", "Hanna", "h@example.org", "I was ill.", "Autumn fair"):
        assert told in page
    row = page[page.index('id="requests"') :]
    assert f'<p class="list-title"><a href="/app/requests/{asked.public_id}/">Hanna</a></p>' in row
    assert '<span class="badge">1</span>' in page


def test_one_click_sends_a_new_link_that_can_be_copied(alice: Person, asked: LinkRequest) -> None:
    answer = signed_in(alice).post(f"/app/requests/{asked.public_id}/answer/", follow=True)
    page = answer.content.decode()
    asked.refresh_from_db()
    assert asked.answer is not None
    assert asked.answer.parent_id == asked.link_id
    token = shown_token(asked.answer)
    assert token
    assert one_time_link_url(token) in page
    assert "Hanna gets a new link by mail" in page
    assert token not in str(answer.redirect_chain)  # secrets stand in no address of ours
    assert Event.objects.filter(kind=Event.Kind.LINK_REQUEST_ANSWERED, request=asked).count() == 1


def test_a_second_click_sends_no_second_link(alice: Person, asked: LinkRequest) -> None:
    client = signed_in(alice)
    client.post(f"/app/requests/{asked.public_id}/answer/")
    assert client.post(f"/app/requests/{asked.public_id}/answer/").status_code == 409
    assert asked.link.children.count() == 1


def test_a_dismissal_can_be_undone(alice: Person, asked: LinkRequest) -> None:
    client = signed_in(alice)
    page = client.post(f"/app/requests/{asked.public_id}/dismiss/", follow=True).content.decode()
    assert f"/app/requests/{asked.public_id}/restore/" in page
    assert "One person asks" not in page
    page = client.post(f"/app/requests/{asked.public_id}/restore/", follow=True).content.decode()
    assert "One person asks" in page


def test_no_undo_beside_a_newer_request_of_the_same_person(alice: Person, asked: LinkRequest) -> None:
    client = signed_in(alice)
    client.post(f"/app/requests/{asked.public_id}/dismiss/")
    assert request_link(asked.link_id, {"name": "Hanna", "email": "h@example.org"}, now=NOW)
    answer = client.post(f"/app/requests/{asked.public_id}/restore/", follow=True)
    assert "has asked again" in answer.content.decode()
    assert LinkRequest.objects.filter(dismissed_at=None).count() == 1


def test_no_link_to_a_deleted_calendar_is_sent(alice: Person, asked: LinkRequest) -> None:
    set_deleted(alice.calendar, deleted=True, now=NOW)
    answer = signed_in(alice).post(f"/app/requests/{asked.public_id}/answer/")
    assert answer.status_code == 410
    asked.refresh_from_db()
    assert asked.answered_at is None
    assert asked.link.children.count() == 0


def test_a_request_has_a_page_with_one_click_to_answer(alice: Person, asked: LinkRequest) -> None:
    client, path = signed_in(alice), f"/app/requests/{asked.public_id}/"
    page = read(client, path)
    for told in (
        "Hanna asks for a new link",
        "h@example.org",
        "I was ill.",
        "Autumn fair",
        "Send a new link",
    ):
        assert told in page
    assert page.count("button-primary") == 1
    client.post(f"{path}answer/")
    page = read(client, path)
    asked.refresh_from_db()
    assert asked.answer is not None
    assert "Answered with a new link on" in page
    assert f"/app/links/{asked.answer.public_id}/" in page
    assert "Send a new link" not in page
    assert "Dismiss" not in page


def test_while_the_calendar_is_deleted_the_page_says_what_to_do(alice: Person, asked: LinkRequest) -> None:
    client, path = signed_in(alice), f"/app/requests/{asked.public_id}/"
    set_deleted(alice.calendar, deleted=True, now=NOW)
    page, rows = read(client, path), read(client, LINKS)
    assert "This calendar is deleted, so a new link could not be booked." in page
    assert "Restore it, and Hanna can get one here." in page
    assert 'href="/app/calendars/#deleted-calendars"' in page
    assert 'id="deleted-calendars"' in read(client, "/app/calendars/")
    assert "See what to do" in rows
    for html in (page, rows):
        assert f"{path}answer/" not in html
        assert f"{path}dismiss/" in html
    set_deleted(alice.calendar, deleted=False, now=NOW)
    assert f"{path}answer/" in read(client, path)


def test_while_the_group_is_deleted_too(alice: Person) -> None:
    group = make_group(alice, alice.calendar)
    issued = make_group_link(alice, group)
    request_link(issued.link.pk, {"name": "Hanna", "email": "h@example.org"}, now=NOW)
    set_group_deleted(group, deleted=True, now=NOW)
    page = read(signed_in(alice), f"/app/requests/{LinkRequest.objects.get().public_id}/")
    assert "This calendar group is deleted" in page
    assert 'href="/app/calendars/#deleted-groups"' in page
    assert 'id="deleted-groups"' in read(signed_in(alice), "/app/calendars/")


@pytest.mark.parametrize(
    ("recipient", "told"),
    [
        ("H@example.org", "It is locked: only h@example.org can book with it."),
        ("gina@example.org", "It stays locked: only gina@example.org can book with it."),
        ("", "The new one is locked to h@example.org"),  # forgotten
    ],
)
def test_the_page_says_who_can_book_with_the_new_link(alice: Person, recipient: str, told: str) -> None:
    link = make_link(alice, recipient_email=recipient or "x@example.org", email_lock="code").link
    request_link(link.pk, {"name": "Hanna", "email": "h@example.org"}, now=NOW)
    OneTimeLink.objects.filter(pk=link.pk).update(recipient_email=recipient, revoked_at=NOW)
    assert told in read(signed_in(alice), f"/app/requests/{LinkRequest.objects.get().public_id}/")


def test_without_a_lock_it_says_nothing_of_one(alice: Person, asked: LinkRequest) -> None:
    assert "locked" not in read(signed_in(alice), f"/app/requests/{asked.public_id}/")


def test_the_page_of_a_dismissed_request_says_so_and_brings_it_back(
    alice: Person, asked: LinkRequest
) -> None:
    client, path = signed_in(alice), f"/app/requests/{asked.public_id}/"
    client.post(f"{path}dismiss/")
    page = read(client, path)
    assert "Dismissed on" in page
    assert "Send a new link" not in page
    client.post(f"{path}restore/")
    assert "Send a new link" in read(client, path)
    assert client.post(path).status_code == 405
