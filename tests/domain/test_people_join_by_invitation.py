"""An invitation lets one person join one workspace, once; then they can host."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from bookonce.accounts.invitations import LIFETIME, InvitationState, find_invitation, shown_url, state_of
from bookonce.accounts.models import Invitation, Member, User
from bookonce.lib.tokens import digest
from bookonce.scheduling.calendars import create_calendar
from bookonce.scheduling.errors import Conflict, Invalid, InvitationOver, RoleRefused
from bookonce.scheduling.forget_secrets import forget_secrets
from bookonce.scheduling.invite import invite, revoke_invitation
from bookonce.scheduling.join import join
from bookonce.scheduling.members import remove_member
from bookonce.scheduling.models import Calendar, CalendarHost, Schedule
from tests.cast import NOW, Person
from tests.mailbox import html, mails, text, to
from tests.team import DANA, answers, joined, make_invitation, token_of

pytestmark = pytest.mark.django_db
OVER = NOW + LIFETIME


def errors_of(by: Person, **raw: str) -> dict[str, list[str]]:
    with pytest.raises(Invalid) as refused:
        invite(by.workspace.pk, raw, by=by.actor, now=NOW)
    return {field: list(sentences) for field, sentences in refused.value.errors.items()}


def test_who_joins_is_a_member_with_working_hours_in_their_zone_and_no_calendar(alice: Person) -> None:
    member = joined(alice, email="Dana@Example.ORG")
    assert (member.user.email, member.user.name, member.role) == (DANA, "Dana Doe", "member")
    assert member.user.check_password("nine green bottles")
    schedule = Schedule.objects.get(member=member)
    assert (schedule.name, schedule.timezone) == ("Working hours", "Asia/Tokyo")
    assert list(schedule.weekly_hours.values_list("weekday", "starts", "ends")) == [
        (weekday, 540, 1020) for weekday in range(1, 6)
    ]
    assert not Calendar.objects.filter(calendar_hosts__member=member).exists()


def test_who_joined_can_host(alice: Person) -> None:
    joined(alice)
    calendar = create_calendar(alice.member, {"name": "Talk", "durations": [30], "host": DANA}, now=NOW)
    assert CalendarHost.objects.get(calendar=calendar).member.user.email == DANA
    assert calendar.schedule.timezone == "Asia/Tokyo"


def test_an_invitation_works_once(alice: Person) -> None:
    invitation = make_invitation(alice)
    join(invitation, answers(), user=None, now=NOW)
    with pytest.raises(InvitationOver):
        join(invitation, answers(name="Eve"), user=None, now=NOW)
    kept = Invitation.objects.get()
    assert state_of(kept, now=NOW) is InvitationState.ACCEPTED
    assert kept.sealed_token is None
    assert User.objects.filter(email=DANA).count() == 1


def test_it_ends_after_seven_days_and_its_secret_with_it(alice: Person) -> None:
    invitation = make_invitation(alice)
    assert state_of(invitation, now=OVER - timedelta(seconds=1)) is InvitationState.OPEN
    assert state_of(invitation, now=OVER) is InvitationState.EXPIRED
    with pytest.raises(InvitationOver):
        join(invitation, answers(), user=None, now=OVER)
    assert forget_secrets(now=OVER - timedelta(seconds=1)).invitations == 0
    assert forget_secrets(now=OVER).invitations == 1
    assert shown_url(Invitation.objects.get()) == ""


def test_a_revoked_one_lets_nobody_in(alice: Person) -> None:
    invitation = make_invitation(alice)
    token = token_of(invitation)
    assert revoke_invitation(invitation, by=alice.actor, now=NOW)
    assert not revoke_invitation(invitation, by=alice.actor, now=NOW)
    with pytest.raises(InvitationOver):
        join(invitation, answers(), user=None, now=NOW)
    found = find_invitation(token)
    assert found
    assert state_of(found, now=OVER) is InvitationState.REVOKED
    assert found.sealed_token is None


def test_an_accepted_one_can_not_be_revoked(alice: Person) -> None:
    invitation = make_invitation(alice)
    join(invitation, answers(), user=None, now=NOW)
    with pytest.raises(Conflict, match="remove them"):
        revoke_invitation(invitation, by=alice.actor, now=NOW)


def test_the_token_is_kept_as_digest_and_sealed(alice: Person) -> None:
    invitation = make_invitation(alice)
    token = token_of(invitation)
    row = Invitation.objects.values().get()
    assert token not in str(row)
    assert row["token_digest"] == digest(token)
    assert shown_url(invitation).endswith(f"/app/join/{token}/")


def test_a_person_has_one_open_invitation_at_a_time(alice: Person, charlie: Person) -> None:
    first = make_invitation(alice)
    assert "open invitation" in errors_of(alice, email="DANA@example.org")["email"][0]
    make_invitation(charlie)  # another workspace's is its own business
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.filter(email=DANA).update(workspace=alice.workspace)
    revoke_invitation(first, by=alice.actor, now=NOW)
    again = make_invitation(alice)
    make_invitation(alice, now=OVER)  # the one before has expired
    again.refresh_from_db()
    assert state_of(again, now=OVER) is InvitationState.EXPIRED


@pytest.mark.parametrize(
    ("raw", "field", "told"),
    [
        ({}, "email", "Fill this in"),
        ({"email": "dana"}, "email", "like name@example.com"),
        ({"email": "bob@example.com"}, "email", "already a member"),
        ({"email": DANA, "role": "owner"}, "role", "Choose one of"),
        ({"email": DANA, "workspace": "x"}, "workspace", "not known"),
    ],
)
def test_a_bad_invitation_is_told_by_field(
    alice: Person, bob: Person, raw: dict[str, str], field: str, told: str
) -> None:
    assert told in errors_of(alice, **raw)[field][0]
    assert not Invitation.objects.exists()


def test_only_owners_invite_admins_and_plain_members_invite_nobody(alice: Person, bob: Person) -> None:
    with pytest.raises(RoleRefused):
        make_invitation(bob)
    Member.objects.filter(pk=bob.member.pk).update(role="admin")
    assert "Only an owner" in errors_of(bob, email=DANA, role="admin")["role"][0]
    assert make_invitation(bob).role == "member"
    assert joined(alice, email="eve@example.org", role="admin").role == "admin"


def test_nobody_invites_to_another_workspace(alice: Person, charlie: Person) -> None:
    with pytest.raises(RoleRefused):
        invite(alice.workspace.pk, {"email": DANA}, by=charlie.actor, now=NOW)
    with pytest.raises(RoleRefused):
        revoke_invitation(make_invitation(alice), by=charlie.actor, now=NOW)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("name", "", "Fill this in"),
        ("password", "short", "too short"),
        ("password", "", "Choose a password"),
        ("password", "dana@example.org", "similar"),
        ("timezone", "Mars/Olympus", "not a time zone"),
        ("role", "owner", "not known"),
    ],
)
def test_bad_answers_are_told_by_field_and_use_nothing_up(
    alice: Person, name: str, value: str, told: str
) -> None:
    invitation = make_invitation(alice)
    with pytest.raises(Invalid) as refused:
        join(invitation, answers(**{name: value}), user=None, now=NOW)
    assert told in refused.value.errors[name][0]
    join(invitation, answers(), user=None, now=NOW)


def test_somebody_with_an_account_joins_as_the_same_person(alice: Person, charlie: Person) -> None:
    invitation = make_invitation(alice, "charlie@example.com")
    with pytest.raises(Conflict, match="Sign in"):
        join(invitation, answers(), user=None, now=NOW)
    with pytest.raises(Conflict, match="is for charlie"):
        join(invitation, {"timezone": "UTC"}, user=alice.user, now=NOW)
    member = join(invitation, {"timezone": "Asia/Tokyo"}, user=charlie.user, now=NOW)
    assert member.user == charlie.user
    assert charlie.user.memberships.count() == 2
    assert Schedule.objects.get(member=member).workspace == alice.workspace


def test_who_was_removed_comes_back_with_the_hours_they_had(alice: Person) -> None:
    member = joined(alice, role="admin")
    remove_member(member, by=alice.actor, now=NOW)
    again = join(make_invitation(alice), {}, user=member.user, now=NOW)
    assert (again.pk, again.role, again.removed_at) == (member.pk, "member", None)
    assert Schedule.objects.get(member=member).timezone == "Asia/Tokyo"


def test_the_invited_person_gets_a_mail(alice: Person) -> None:
    invitation = make_invitation(alice, role="admin")
    url = shown_url(invitation)
    [mail] = mails()
    assert to(DANA, [mail])["Subject"] == "Alice invites you to Atelier"
    assert mail["Reply-To"] == "Alice <alice@example.com>"
    assert text(mail).splitlines()[0] == "Alice invites you to join Atelier on Bookonce."
    assert "Your role: Admin" in text(mail)
    assert "Open until: Monday, 30 November 2026, 09:00 (Europe/Berlin, UTC+1)" in text(mail)
    for part in (text(mail), html(mail)):
        assert url in part
        assert "leave it: nothing happens" in part


@pytest.mark.parametrize("end", ["revoked", "joined", "expired"])
def test_no_mail_for_an_invitation_that_is_over(alice: Person, end: str) -> None:
    invitation = make_invitation(alice)
    if end == "revoked":
        revoke_invitation(invitation, by=alice.actor, now=NOW)
    elif end == "joined":
        join(invitation, answers(), user=None, now=NOW)
    assert mails(now=OVER if end == "expired" else NOW) == []
