"""However many accept at once, there is one member; and a workspace keeps an owner."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from functools import partial

import pytest
from django.db import connection

from bookonce.accounts.models import Invitation, Member, User
from bookonce.scheduling.errors import SchedulingError
from bookonce.scheduling.invite import invite
from bookonce.scheduling.join import join
from bookonce.scheduling.members import change_role
from bookonce.scheduling.models import Schedule
from tests.cast import NOW, Person
from tests.team import DANA, answers, make_invitation

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_invitation_makes_one_member(alice: Person) -> None:
    invitation = make_invitation(alice)
    refused = at_once([lambda: join(invitation, answers(), user=None, now=NOW)] * 4)
    assert refused == ["InvitationOver"] * 3
    member = Member.objects.get(user=User.objects.get(email=DANA))
    assert Schedule.objects.filter(member=member).count() == 1


def test_two_workspaces_make_one_account(alice: Person, charlie: Person) -> None:
    acts = [
        partial(join, make_invitation(person), answers(), user=None, now=NOW) for person in (alice, charlie)
    ]
    assert at_once(acts) == ["Conflict"]
    assert User.objects.filter(email=DANA).count() == 1
    assert Invitation.objects.filter(accepted_at=None).count() == 1, "the other waits for them to sign in"


def test_a_person_is_invited_once(alice: Person) -> None:
    act = partial(invite, alice.workspace.pk, {"email": DANA}, by=alice.actor, now=NOW)
    assert at_once([act] * 4) == ["Invalid"] * 3
    assert Invitation.objects.count() == 1


def test_two_owners_who_demote_each_other_leave_one(alice: Person, bob: Person) -> None:
    Member.objects.filter(pk=bob.member.pk).update(role="owner")
    acts = [
        partial(change_role, bob.member, "member", by=alice.actor, now=NOW),
        partial(change_role, alice.member, "member", by=bob.actor, now=NOW),
    ]
    assert at_once(acts) == ["RoleRefused"]
    assert Member.objects.filter(role="owner").count() == 1


def at_once(acts: Sequence[Callable[[], object]]) -> list[str]:
    """Do them in the same instant; the names of the refusals."""
    gate, refused, faults = threading.Barrier(len(acts)), list[str](), list[BaseException]()

    def run(act: Callable[[], object]) -> None:
        try:
            gate.wait(30)
            act()
        except SchedulingError as error:
            refused.append(type(error).__name__)
        except BaseException as error:  # noqa: BLE001 - told by the main thread
            faults.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not faults
    return sorted(refused)
