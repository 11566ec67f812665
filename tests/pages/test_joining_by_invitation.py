"""The invited person opens the link, says who they are, and is in; every other way ends kindly."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client

from bookonce.accounts.invitations import LIFETIME
from bookonce.accounts.models import Invitation, Member, User
from bookonce.lib import clock
from bookonce.lib.log_filter import without_secrets
from bookonce.scheduling.calendars import set_deleted
from bookonce.scheduling.invite import revoke_invitation
from bookonce.scheduling.members import remove_member
from bookonce.scheduling.models import Schedule
from tests.cast import NOW, PASSWORD, Person
from tests.pages.owner_pages import said_beside, set_up_already, signed_in, text
from tests.team import DANA, answers, joined, make_invitation, path_of, token_of

pytestmark = [pytest.mark.usefixtures("at_now"), pytest.mark.django_db]


def test_who_was_invited_joins_and_lands_signed_in_at_their_hours(client: Client, alice: Person) -> None:
    path = path_of(make_invitation(alice))
    page = text(client.get(path))
    assert "Join Atelier" in page
    assert "Alice invited you" in page
    assert DANA in page
    answer = client.post(path, answers(), follow=True)
    schedule = Schedule.objects.get(member__user__email=DANA)
    assert answer.request["PATH_INFO"] == f"/app/schedules/{schedule.public_id}/"
    assert "Welcome to Atelier" in text(answer)
    assert "Alice's meeting" in text(client.get("/app/calendars/"))


def test_the_form_says_beside_its_fields_what_is_wrong(client: Client, alice: Person) -> None:
    path = path_of(make_invitation(alice))
    answer = client.post(path, {"name": "", "password": "short", "timezone": "Mars/Olympus"})
    page = text(answer)
    assert answer.status_code == 422
    assert "Fill this in" in said_beside(page, "id_name")
    assert "too short" in said_beside(page, "id_password")
    assert "not a time zone" in said_beside(page, "id_timezone")
    assert not User.objects.filter(email=DANA).exists()


def test_looking_uses_nothing_up(client: Client, alice: Person) -> None:
    path = path_of(make_invitation(alice))
    for _look in range(3):
        assert client.get(path).status_code == 200
        assert client.head(path).status_code == 200
    assert client.post(path, answers()).status_code == 302


@pytest.mark.parametrize("token", ["a" * 32, "x", "%00", "é", "a" * 5000])
def test_there_is_no_sign_up_without_an_invitation(client: Client, alice: Person, token: str) -> None:
    make_invitation(alice)
    for answer in (
        client.get(f"/app/join/{token}/"),
        client.post(f"/app/join/{token}/", answers()),
    ):
        assert answer.status_code == 404
        assert DANA not in text(answer)
    assert not User.objects.filter(email=DANA).exists()


def test_a_used_invitation_says_so(client: Client, alice: Person) -> None:
    path = path_of(make_invitation(alice))
    client.post(path, answers())
    for answer in (Client().get(path), Client().post(path, answers(name="Eve"))):
        assert answer.status_code == 410
        assert "This invitation has been used" in text(answer)
        assert 'href="/app/"' in text(answer)
    assert client.get(path)["Location"] == "/app/", "who joined by it is led in"
    assert User.objects.filter(email=DANA).count() == 1


def test_an_expired_one_and_a_withdrawn_one_say_whom_to_ask(
    client: Client, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    withdrawn, expired = make_invitation(alice, "e@example.org"), make_invitation(alice)
    paths = [path_of(withdrawn), path_of(expired)]
    revoke_invitation(withdrawn, by=alice.actor, now=NOW)
    monkeypatch.setattr(clock, "now", lambda: NOW + LIFETIME + timedelta(days=1))
    for path, words in zip(paths, ("has been withdrawn", "has expired"), strict=True):
        for answer in (client.get(path), client.post(path, answers())):
            assert answer.status_code == 410
            assert words in text(answer)
            assert "Ask Alice for a new one." in text(answer)
            assert "alice@example.com" not in text(answer)


def test_with_an_account_one_signs_in_first(client: Client, alice: Person, charlie: Person) -> None:
    cache.clear()
    set_up_already()
    path = path_of(make_invitation(alice, "charlie@example.com"))
    page = text(client.get(path))
    assert "sign in as charlie@example.com" in page
    assert 'name="password"' not in page
    assert client.post(path, answers()).status_code == 302
    there = client.get(path + "?sign-in")["Location"]
    assert there == f"/app/sign-in/?next={path}"
    answer = client.post(there, {"login": "charlie@example.com", "password": PASSWORD})
    assert answer["Location"] == path
    page = text(client.get(path))
    assert 'name="timezone"' in page
    assert 'name="password"' not in page
    assert "Welcome to Atelier" in text(client.post(path, {"timezone": "Asia/Tokyo"}, follow=True))


def test_a_member_of_two_workspaces_goes_from_one_to_the_other(alice: Person, charlie: Person) -> None:
    set_up_already()
    client = signed_in(charlie)
    client.post(path_of(make_invitation(alice, "charlie@example.com")), {"timezone": "UTC"})
    assert "Alice's meeting" in text(client.get("/app/calendars/")), "the session is where they joined"
    account = text(client.get("/app/settings/password/"))
    assert f"/app/workspaces/{charlie.workspace.pk}/open/" in account
    answer = client.post(f"/app/workspaces/{charlie.workspace.pk}/open/", follow=True)
    assert "Charlie's meeting" in text(answer)
    assert "Alice's meeting" not in text(answer)
    fresh = text(signed_in(charlie).get("/app/calendars/"))
    assert "Charlie's meeting" in fresh, "a new session begins in the first workspace"
    member = Member.objects.get(workspace=alice.workspace, user=charlie.user)
    client.post(f"/app/workspaces/{alice.workspace.pk}/open/")
    remove_member(member, by=alice.actor, now=NOW)
    page = text(client.get("/app/calendars/"))
    assert "Charlie's meeting" in page
    assert client.post(f"/app/workspaces/{alice.workspace.pk}/open/").status_code == 404


def test_nobody_opens_a_workspace_they_are_no_member_of(alice: Person, charlie: Person) -> None:
    client = signed_in(charlie)
    for number in (alice.workspace.pk, 2**80):
        assert client.post(f"/app/workspaces/{number}/open/").status_code == 404
    assert client.get(f"/app/workspaces/{charlie.workspace.pk}/open/").status_code == 405


def test_signed_in_as_somebody_else_one_signs_out_first(alice: Person, charlie: Person) -> None:
    client, path = signed_in(charlie), path_of(make_invitation(alice))
    for answer in (client.get(path), client.post(path, answers())):
        assert answer.status_code == 403
        assert "It was sent to dana@example.org; you are signed in as charlie@example.com" in text(answer)
    assert client.post("/app/sign-out/", {"next": path})["Location"] == path
    assert 'name="password"' in text(client.get(path))


def test_a_removed_members_session_and_sign_in_lead_nowhere(alice: Person, bob: Person) -> None:
    client = signed_in(bob)
    assert client.get("/app/calendars/").status_code == 200
    set_deleted(bob.calendar, deleted=True, now=NOW)
    remove_member(bob.member, by=alice.actor, now=NOW)
    for browser in (client, signed_in(bob)):
        for path in ("calendars/", "settings/", "outbox/"):
            answer = browser.get(f"/app/{path}")
            assert answer.status_code == 403
            assert "no longer a member" in text(answer)
            assert "Alice" not in text(answer)


def test_a_removed_member_comes_back_by_invitation(alice: Person) -> None:
    member = joined(alice)
    remove_member(member, by=alice.actor, now=NOW)
    client, path = Client(), path_of(make_invitation(alice))
    assert "sign in as dana@example.org" in text(client.get(path))
    client.force_login(member.user)
    assert 'name="timezone"' not in text(client.get(path)), "their hours are as they left them"
    assert "Welcome to Atelier" in text(client.post(path, follow=True))


def test_a_form_from_elsewhere_is_refused(alice: Person) -> None:
    path = path_of(make_invitation(alice))
    assert Client(enforce_csrf_checks=True).post(path, answers()).status_code == 403
    assert Invitation.objects.get().accepted_at is None


def test_tokens_stay_out_of_the_log(alice: Person) -> None:
    invitation = make_invitation(alice)
    token, path = token_of(invitation), path_of(invitation)
    encoded = path.replace("/", "%2F")
    for line in (
        f'"GET {path} HTTP/1.1" 200',
        f"Not Found: {path[:-1]}",
        f"/app/sign-in/?next={path}",
        f"/app/sign-in/?next={encoded}&x=1",
        f"http://localhost:8000{path}?sign-in",
    ):
        assert token not in without_secrets(line), line
