"""The workspace's settings and its API keys: owners and admins change them."""

from __future__ import annotations

import re

import pytest

from bookonce.accounts.api_keys import find_api_key, make_api_key
from bookonce.accounts.models import ApiKey, Member, Workspace
from bookonce.accounts.slugs import RESERVED
from tests.cast import NOW, Person, make_workspace
from tests.pages.owner import read, signed_in

pytestmark = pytest.mark.usefixtures("at_now")
SETTINGS, KEYS = "/app/settings/", "/app/settings/keys/"
GOOD = {
    "name": "Atelier Brandt",
    "slug": "brandt",
    "timezone": "Europe/Lisbon",
    "week_start": "0",
    "contact_text": "Call 030 1234567.\nMornings only.",
    "accent": "#B4530A",
}


def test_settings_are_kept_and_shown(alice: Person) -> None:
    client = signed_in(alice)
    answer = client.post(SETTINGS, GOOD, follow=True)
    page = answer.content.decode()
    kept = Workspace.objects.get(pk=alice.workspace.pk)
    assert (kept.name, kept.slug, kept.timezone) == ("Atelier Brandt", "brandt", "Europe/Lisbon")
    assert kept.week_start == 0
    assert (kept.contact_text, kept.accent) == ("Call 030 1234567.\nMornings only.", "b4530a")
    assert "Settings saved" in page
    assert 'value="brandt"' in page
    assert "/assets/accent/b4530a.css" in page


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("name", "", "Fill this in."),
        ("name", "x" * 121, "At most 120 characters"),
        ("name", "a\x00b", "characters that can"),
        ("slug", "", "Fill this in."),
        ("slug", "Not A Slug", "lower-case letters"),
        ("slug", "-brandt", "lower-case letters"),
        ("slug", "x" * 49, "At most 48 characters"),
        ("slug", "elsewhere", "already taken"),
        ("timezone", "", "Fill this in."),
        ("timezone", "Mars/Olympus", "not a time zone"),
        ("week_start", "", "Fill this in."),
        ("week_start", "7", "from 0 to 6"),
        ("week_start", "Monday", "whole number"),
        ("contact_text", "x" * 501, "At most 500 characters"),
        ("accent", "red", "six hexadecimal digits"),
        ("accent", "12345", "six hexadecimal digits"),
    ],
)
def test_bad_input_is_told_beside_its_field(
    alice: Person, charlie: Person, field: str, value: str, told: str
) -> None:
    before = Workspace.objects.filter(pk=alice.workspace.pk).values().get()
    answer = signed_in(alice).post(SETTINGS, GOOD | {field: value})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert told in page.split(f'id="id_{field}_error"')[1].split("</p>")[0]
    assert f'href="#id_{field}"' in page
    assert Workspace.objects.filter(pk=alice.workspace.pk).values().get() == before


@pytest.mark.parametrize("slug", sorted(word for word in RESERVED if re.fullmatch(r"[a-z0-9-]+", word)))
def test_first_parts_of_our_own_addresses_are_reserved(alice: Person, slug: str) -> None:
    answer = signed_in(alice).post(SETTINGS, GOOD | {"slug": slug})
    assert "reserved" in answer.content.decode()


def test_a_missing_field_is_told_too(alice: Person) -> None:
    answer = signed_in(alice).post(SETTINGS, {})
    assert answer.status_code == 422
    assert Workspace.objects.get(pk=alice.workspace.pk).name == "Atelier"


def test_the_same_slug_again_is_no_clash(alice: Person) -> None:
    assert signed_in(alice).post(SETTINGS, GOOD | {"slug": "atelier"}).status_code == 302


def test_a_keys_secret_is_shown_once(alice: Person) -> None:
    client = signed_in(alice)
    page = client.post(KEYS, {"label": "Shop"}).content.decode()
    secret = re.findall(r'value="(bo_[a-z2-7]+)"', page)[0]
    key = find_api_key(secret)
    assert key is not None
    assert (key.label, key.member, key.workspace) == ("Shop", alice.member, alice.workspace)
    later = read(client, KEYS)
    assert secret not in later
    assert "Shop" in later
    assert key.hint in later


@pytest.mark.parametrize(
    ("label", "told"),
    [("", "Fill this in."), ("x" * 81, "At most 80 characters"), ("a\x00", "characters that can")],
)
def test_a_bad_label_makes_no_key(alice: Person, label: str, told: str) -> None:
    answer = signed_in(alice).post(KEYS, {"label": label})
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not ApiKey.objects.exists()


def test_a_revoked_key_opens_nothing(alice: Person) -> None:
    key, secret = make_api_key(alice.member, "Shop", now=NOW)
    client, path = signed_in(alice), f"{KEYS}{key.public_id}/revoke/"
    assert "lose access at once" in read(client, path)
    assert find_api_key(secret) is not None
    page = client.post(path, follow=True).content.decode()
    assert "Shop can no longer sign in" in page
    assert find_api_key(secret) is None
    assert "revoked before" in client.post(path, follow=True).content.decode()


def test_an_admin_may_and_a_member_may_not(alice: Person, bob: Person) -> None:
    client = signed_in(bob)
    for path in (SETTINGS, KEYS, "/app/settings/jobs/"):
        assert "Owners and admins" in read(client, path, 403)
    assert client.post(SETTINGS, GOOD).status_code == 403
    assert client.post(KEYS, {"label": "Shop"}).status_code == 403
    assert Workspace.objects.get(pk=alice.workspace.pk).name == "Atelier"
    assert not ApiKey.objects.exists()
    Member.objects.filter(pk=bob.member.pk).update(role="admin")
    assert client.post(SETTINGS, GOOD).status_code == 302


def test_a_slug_taken_meanwhile_is_refused_by_the_database(alice: Person) -> None:
    make_workspace("brandt")
    answer = signed_in(alice).post(SETTINGS, GOOD)
    assert "already taken" in answer.content.decode()
