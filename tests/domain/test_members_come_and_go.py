"""Owners say who may do what; who leaves loses every way in, and leaves nobody waiting."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from bookonce.accounts.api_keys import find_api_key, make_api_key
from bookonce.accounts.models import ApiKey, Invitation, Member
from bookonce.jobs.kinds import get_handler
from bookonce.jobs.models import Job
from bookonce.jobs.queue import claim, finish
from bookonce.scheduling.calendars import create_calendar, set_deleted, set_paused
from bookonce.scheduling.errors import Conflict, Invalid, RoleRefused
from bookonce.scheduling.events import Actor
from bookonce.scheduling.members import change_role, find_ties, remove_member
from bookonce.scheduling.request_link import request_link
from tests.cast import NOW, Person, book_through, make_link
from tests.mailbox import mails
from tests.team import joined, make_invitation

pytestmark = pytest.mark.django_db
AFTERWARDS = NOW + timedelta(days=8)  # the appointment of book_through is over


def role_of(member: Member) -> str:
    return Member.objects.get(pk=member.pk).role


def as_role(person: Person, role: str) -> Person:
    Member.objects.filter(pk=person.member.pk).update(role=role)
    return person


def free(person: Person) -> Person:
    """Without the calendar that the cast comes with."""
    set_deleted(person.calendar, deleted=True, now=NOW)
    return person


def test_an_owner_changes_roles(alice: Person, bob: Person) -> None:
    for role in ("admin", "owner", "member"):
        assert change_role(bob.member, role, by=alice.actor, now=NOW)
        assert not change_role(bob.member, role, by=alice.actor, now=NOW)
        assert role_of(bob.member) == role


@pytest.mark.parametrize("role", ["admin", "member"])
def test_nobody_else_does(alice: Person, bob: Person, charlie: Person, role: str) -> None:
    as_role(bob, role)
    for actor in (bob.actor, charlie.actor, Actor("page")):
        with pytest.raises(RoleRefused):
            change_role(bob.member, "owner", by=actor, now=NOW)
    assert role_of(bob.member) == role


def test_the_last_owner_stays_owner(alice: Person, bob: Person) -> None:
    with pytest.raises(Conflict, match="Alice is the only owner"):
        change_role(alice.member, "admin", by=alice.actor, now=NOW)
    as_role(bob, "owner")
    assert change_role(alice.member, "admin", by=alice.actor, now=NOW)
    with pytest.raises(Conflict, match="Bob is the only owner"):
        change_role(bob.member, "member", by=bob.actor, now=NOW)


def test_an_unknown_role_is_refused(alice: Person, bob: Person) -> None:
    with pytest.raises(Invalid):
        change_role(bob.member, "king", by=alice.actor, now=NOW)


def test_who_loses_a_role_loses_the_invitations_it_allowed(alice: Person, bob: Person) -> None:
    as_role(bob, "owner")
    make_invitation(bob, "a@example.org", role="admin")
    make_invitation(bob, "m@example.org")
    make_invitation(alice, "x@example.org", role="admin")
    change_role(bob.member, "admin", by=alice.actor, now=NOW)
    still = Invitation.objects.filter(revoked_at=None)
    assert set(still.values_list("email", flat=True)) == {"m@example.org", "x@example.org"}
    change_role(bob.member, "member", by=alice.actor, now=NOW)
    assert set(still.values_list("email", flat=True)) == {"x@example.org"}


def test_a_removed_member_has_no_way_in_left(alice: Person) -> None:
    member = joined(alice, role="admin")
    key, secret = make_api_key(member, "Shop", now=NOW)
    make_invitation(Person(member.user, member, member.workspace, alice.schedule, alice.calendar), "e@x.org")
    assert find_api_key(secret)
    assert remove_member(member, by=alice.actor, now=NOW)
    assert not remove_member(member, by=alice.actor, now=NOW)
    assert find_api_key(secret) is None
    ApiKey.objects.filter(pk=key.pk).update(revoked_at=None)
    assert find_api_key(secret) is None, "the membership counts, not only the key"
    assert not Invitation.objects.filter(accepted_at=None, revoked_at=None).exists()


def test_a_removed_member_can_not_be_given_a_calendar(alice: Person) -> None:
    member = joined(alice)
    remove_member(member, by=alice.actor, now=NOW)
    raw = {"name": "Talk", "durations": [30], "host": member.user.email}
    with pytest.raises(Invalid) as refused:
        create_calendar(alice.member, raw, now=NOW)
    assert "no member" in refused.value.errors["host"][0]


def test_a_deleted_calendar_waits_for_its_host(alice: Person, bob: Person) -> None:
    free(bob)
    assert remove_member(bob.member, by=alice.actor, now=NOW)
    with pytest.raises(Conflict, match="Bob hosted this calendar"):
        set_deleted(bob.calendar, deleted=False, now=NOW)
    Member.objects.filter(pk=bob.member.pk).update(removed_at=None)
    assert set_deleted(bob.calendar, deleted=False, now=NOW)


def test_who_hosts_a_live_calendar_stays(alice: Person, bob: Person) -> None:
    set_paused(bob.calendar, paused=True, now=NOW)  # paused is not gone
    with pytest.raises(Conflict, match="Bob hosts Bob's meeting"):
        remove_member(bob.member, by=alice.actor, now=NOW)
    free(bob)
    assert remove_member(bob.member, by=alice.actor, now=NOW)


def test_who_has_an_appointment_ahead_stays(alice: Person, bob: Person) -> None:
    book_through(make_link(bob))
    free(bob)
    with pytest.raises(Conflict, match=r"1 upcoming appointment: Gina Guest \(Bob's meeting\)"):
        remove_member(bob.member, by=alice.actor, now=NOW)
    assert find_ties(bob.member, now=NOW).booking_count == 1
    assert remove_member(bob.member, by=alice.actor, now=AFTERWARDS)


def test_owners_oneself_and_admins_are_not_removed_by_everyone(alice: Person, bob: Person) -> None:
    dana = joined(alice, role="admin")
    as_role(free(bob), "admin")
    with pytest.raises(Conflict, match="owner can't be removed"):
        remove_member(alice.member, by=bob.actor, now=NOW)
    with pytest.raises(RoleRefused, match="Only an owner can remove admins"):
        remove_member(dana, by=bob.actor, now=NOW)
    with pytest.raises(Conflict, match="yourself"):
        remove_member(bob.member, by=bob.actor, now=NOW)
    change_role(dana, "member", by=alice.actor, now=NOW)
    assert remove_member(dana, by=bob.actor, now=NOW)
    assert remove_member(bob.member, by=alice.actor, now=NOW)


def test_strangers_and_removed_members_remove_nobody(alice: Person, bob: Person, charlie: Person) -> None:
    dana = joined(alice, role="admin")
    remove_member(dana, by=alice.actor, now=NOW)
    for actor in (charlie.actor, bob.actor, Actor("page", dana.pk)):
        with pytest.raises(RoleRefused):
            remove_member(free(bob).member, by=actor, now=NOW)
    with pytest.raises(Conflict, match="no longer a member"):
        change_role(dana, "owner", by=alice.actor, now=NOW)


def test_the_database_itself_keeps_owners(alice: Person) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Member.objects.filter(pk=alice.member.pk).update(removed_at=NOW)


def test_what_concerned_a_removed_member_reaches_who_is_left(alice: Person, bob: Person) -> None:
    """A link that Bob made to Alice's calendar goes on to work; its news are no longer his."""
    theirs = Person(bob.user, bob.member, bob.workspace, bob.schedule, alice.calendar)
    issued, own = make_link(theirs), make_link(bob)
    remove_member(free(bob).member, by=alice.actor, now=NOW)
    mails()
    book_through(issued)
    assert {str(mail["To"]) for mail in mails()} == {
        "Gina Guest <gina@example.org>",
        "Alice <alice@example.com>",
    }
    for link in (issued.link, own.link):  # the second has no host left: the owner hears of it
        request_link(link.pk, {"name": "Sam", "email": f"s{link.pk}@example.org"}, now=NOW)
        assert {str(mail["To"]) for mail in mails()} == {"Alice <alice@example.com>"}


def test_a_mail_owed_before_they_left_is_not_sent(alice: Person, bob: Person) -> None:
    book_through(make_link(Person(bob.user, bob.member, bob.workspace, bob.schedule, alice.calendar)))
    for job in claim(now=NOW):
        get_handler(job.kind)(job.payload, NOW)
        finish(job)
    assert Job.objects.count() == 3, "guest, host, and who made the link"
    remove_member(free(bob).member, by=alice.actor, now=NOW)
    assert "Bob <bob@example.com>" not in {str(mail["To"]) for mail in mails()}
