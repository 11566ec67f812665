"""The page of a one-time link lists the times picked for it, and lets held ones go."""

from __future__ import annotations

import pytest

from bookonce.scheduling.models import BlockedTime, OneTimeLink
from bookonce.scheduling.revoke_link import revoke_link
from bookonce.scheduling.update_link import update_link
from tests.cast import MONDAY_NINE, MONDAY_TEN, NOW, Person, make_link
from tests.pages.guest_pages import at_now  # noqa: F401 - a fixture
from tests.pages.owner_pages import signed_in, text

pytestmark = [pytest.mark.usefixtures("at_now"), pytest.mark.django_db(transaction=True)]


@pytest.fixture
def held(alice: Person) -> OneTimeLink:
    """A link that holds two times."""
    link = make_link(alice).link
    update_link(link.pk, {"slots": [MONDAY_NINE, MONDAY_TEN], "hold_slots": True}, now=NOW)
    return link


def test_held_times_are_listed_and_let_go(alice: Person, held: OneTimeLink) -> None:
    client, path = signed_in(alice), f"/app/links/{held.public_id}/"
    page = text(client.get(path))
    assert "Mon 30 Nov 2026, 09:00" in page
    assert "Mon 30 Nov 2026, 10:00" in page
    assert "Held: nobody else can book them." in page
    done = client.post(f"{path}release/", follow=True)
    assert "Others can book these times again" in text(done)
    assert "Held:" not in text(client.get(path))
    assert not BlockedTime.objects.exists()
    assert len(OneTimeLink.objects.get().slots) == 2


def test_a_dead_link_has_nothing_to_let_go(alice: Person, held: OneTimeLink) -> None:
    revoke_link(held.pk, by=alice.actor, now=NOW)
    client, path = signed_in(alice), f"/app/links/{held.public_id}/"
    assert "Let them go" not in text(client.get(path))
    assert "revoked" in text(client.post(f"{path}release/", follow=True))


def test_strangers_let_nothing_go(charlie: Person, held: OneTimeLink) -> None:
    assert signed_in(charlie).post(f"/app/links/{held.public_id}/release/").status_code == 404
    assert BlockedTime.objects.count() == 2
