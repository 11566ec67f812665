"""Settings > Team: owners and admins see who is in and who is invited; plain members and strangers do not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from bookonce.accounts.invitations import shown_url
from bookonce.accounts.models import Invitation, Member
from bookonce.jobs.models import Job
from bookonce.scheduling.calendars import set_deleted
from tests.cast import NOW, Person, book_through, make_link
from tests.mailbox import mails
from tests.mailbox import text as mail_text
from tests.pages.owner_pages import said_beside, signed_in, text
from tests.team import DANA, joined, make_invitation, token_of

pytestmark = [pytest.mark.usefixtures("at_now"), pytest.mark.django_db]
TEAM = "/app/settings/team/"
CHANGES: dict[str, Callable[[Person], str]] = {
    "revoke": lambda _bob: f"invitations/{Invitation.objects.get().public_id}/revoke/",
    "role": lambda bob: f"{bob.member.pk}/role/",
    "remove": lambda bob: f"{bob.member.pk}/remove/",
}


def everything() -> list[object]:
    return [list(table._default_manager.order_by("pk").values()) for table in (Member, Invitation)]


def make_admin(person: Person) -> None:
    Member.objects.filter(pk=person.member.pk).update(role="admin")


def test_it_lists_members_and_open_invitations_with_their_links(alice: Person, bob: Person) -> None:
    invitation = make_invitation(alice, role="admin")
    page = text(signed_in(alice).get(TEAM))
    for words in ("Alice", "bob@example.com", "Owner", "23 Nov 2026", DANA, shown_url(invitation)):
        assert words in page, words


def test_inviting_shows_the_link_to_copy_and_owes_the_mail(alice: Person) -> None:
    answer = signed_in(alice).post(TEAM, {"email": DANA, "role": "member"}, follow=True)
    page = text(answer)
    assert f"<strong>{DANA}</strong> is invited." in page
    assert "copy the link and send it yourself" in page
    url = shown_url(Invitation.objects.get())
    assert page.count(url) == 1
    [mail] = mails()
    assert url in mail_text(mail)


@pytest.mark.parametrize(
    ("email", "told"),
    [("", "Fill this in"), ("bob@example.com", "already a member"), (DANA, "open invitation")],
)
def test_a_bad_address_is_told_beside_its_field(alice: Person, bob: Person, email: str, told: str) -> None:
    make_invitation(alice)
    answer = signed_in(alice).post(TEAM, {"email": email, "role": "member"})
    assert answer.status_code == 422
    assert told in said_beside(text(answer), "id_email")
    assert Invitation.objects.count() == 1


def test_a_revoked_invitation_leaves_the_list(alice: Person, bob: Person) -> None:
    make_invitation(alice)
    client, path = signed_in(alice), TEAM + CHANGES["revoke"](bob)
    assert "can then no longer join" in text(client.get(path))
    page = text(client.post(path, follow=True))
    assert f"{DANA} can no longer join" in page
    assert "Open invitations" not in page
    assert "revoked before" in text(client.post(path, follow=True))


def test_an_owner_changes_a_role_and_an_admin_does_not(alice: Person, bob: Person) -> None:
    path = TEAM + CHANGES["role"](bob)
    client = signed_in(alice)
    assert "Member: calendars" in text(client.get(path))
    assert "The role of Bob is saved" in text(client.post(path, {"role": "admin"}, follow=True))
    assert Member.objects.get(pk=bob.member.pk).role == "admin"
    assert client.post(path, {"role": "king"}).status_code == 422
    admin = signed_in(bob)
    for answer in (admin.get(path), admin.post(path, {"role": "owner"})):
        assert answer.status_code == 403
        assert "Only an owner can change roles." in text(answer)
    assert "Change role" not in text(admin.get(TEAM))
    assert Member.objects.get(pk=bob.member.pk).role == "admin"


def test_the_last_owner_is_told_to_find_another(alice: Person) -> None:
    answer = signed_in(alice).post(f"{TEAM}{alice.member.pk}/role/", {"role": "member"})
    assert answer.status_code == 409
    assert "Make somebody else an owner first." in text(answer)


def test_removing_names_what_stands_in_the_way(alice: Person, bob: Person) -> None:
    book_through(make_link(bob))
    client, path = signed_in(alice), TEAM + CHANGES["remove"](bob)
    for answer in (client.get(path), client.post(path)):
        assert "Bob's meeting" in text(answer)
        assert "Gina Guest" in text(answer)
        assert "One appointment is still ahead." in text(answer)
    assert answer.status_code == 409
    assert Member.objects.get(pk=bob.member.pk).removed_at is None


def test_removing_says_what_ends_and_then_it_has_ended(alice: Person, bob: Person) -> None:
    set_deleted(bob.calendar, deleted=True, now=NOW)
    client, path = signed_in(alice), TEAM + CHANGES["remove"](bob)
    assert "Their API keys" in text(client.get(path))
    page = text(client.post(path, follow=True))
    assert "Bob is no longer a member" in page
    assert "bob@example.com" not in page
    assert client.get(path).status_code == 404


def test_plain_members_see_no_management(alice: Person, bob: Person) -> None:
    invitation = make_invitation(alice, role="admin")
    client, before = signed_in(bob), everything()
    for path in (TEAM, *(TEAM + change(bob) for change in CHANGES.values())):
        for answer in (client.get(path), client.post(path, {"email": "x@example.org", "role": "owner"})):
            assert answer.status_code == 403
            assert DANA not in text(answer)
            assert token_of(invitation) not in text(answer)
    assert everything() == before


def test_plain_members_do_not_find_the_invitation_in_the_outbox(alice: Person, bob: Person) -> None:
    """It would let them in as the admin who was invited."""
    invitation = make_invitation(alice, role="admin")
    mails()
    number = invitation.workspace.outboxmail_set.get().pk
    for path in ("outbox/", f"outbox/{number}/", f"outbox/{number}/html/"):
        member, owner = signed_in(bob).get(f"/app/{path}"), signed_in(alice).get(f"/app/{path}")
        assert DANA not in text(member)
        assert token_of(invitation) not in text(member)
        assert member.status_code == (200 if path == "outbox/" else 404)
        assert owner.status_code == 200
    assert DANA in text(signed_in(alice).get("/app/outbox/"))


def test_admins_invite_members_and_are_offered_nothing_else(alice: Person, bob: Person) -> None:
    make_admin(bob)
    client = signed_in(bob)
    assert 'name="role"' not in text(client.get(TEAM))
    assert client.post(TEAM, {"email": DANA, "role": "admin"}).status_code == 302
    assert Invitation.objects.get().role == "member"


def test_charlie_finds_nothing_of_alices(alice: Person, bob: Person, charlie: Person) -> None:
    invitation = make_invitation(alice)
    client, before = signed_in(charlie), everything()
    page = text(client.get(TEAM, {"invited": invitation.public_id}))
    for words in (DANA, "Bob", "Alice"):
        assert words not in page
    for change in CHANGES.values():
        assert client.get(TEAM + change(bob)).status_code == 404
        assert client.post(TEAM + change(bob), {"role": "owner"}).status_code == 404
    assert client.post(f"{TEAM}{2**80}/remove/").status_code == 404
    assert everything() == before


@pytest.mark.parametrize("what", CHANGES)
def test_nothing_changes_by_get_or_from_elsewhere(alice: Person, bob: Person, what: str) -> None:
    make_invitation(alice)
    before, path = everything(), TEAM + CHANGES[what](bob)
    assert signed_in(alice).get(path).status_code == 200
    assert Client().get(path).status_code == 302
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice.user)
    assert strict.post(path, {"role": "owner"}).status_code == 403
    assert everything() == before


def test_a_mail_that_failed_for_good_stands_with_the_jobs_of_its_workspace(
    alice: Person, charlie: Person
) -> None:
    make_invitation(charlie)
    Job.objects.update(dead_at=NOW, error="The mail server answered 550")
    assert "550" in text(signed_in(charlie).get("/app/settings/jobs/"))
    assert "550" not in text(signed_in(alice).get("/app/settings/jobs/"))


def test_the_list_takes_the_same_statements_however_long(
    alice: Person, django_assert_max_num_queries: Callable[..., object]
) -> None:
    client = signed_in(alice)
    for number in range(5):
        make_invitation(alice, f"i{number}@example.org")
        joined(alice, email=f"m{number}@example.org")
    with django_assert_max_num_queries(9):  # type: ignore[attr-defined]
        client.get(TEAM)
