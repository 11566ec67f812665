"""Select links in the list, or all that match, and revoke them: asked with numbers first, scripts or not."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from bookonce.scheduling.issue_links import issue_links
from bookonce.scheduling.link_options import LinkOptions
from bookonce.scheduling.models import Booking, OneTimeLink
from bookonce.scheduling.opens import Opens, keep_opens
from bookonce.scheduling.revoke_batch import revoke_batch
from bookonce.scheduling.revoke_link import revoke_link
from tests.cast import NOW, Person, book_through, make_link
from tests.pages.owner import read, signed_in

pytestmark = pytest.mark.usefixtures("at_now")
LINKS, REVOKE = "/app/links/", "/app/links/revoke/"


def left() -> set[str]:
    """The labels of the links that were not revoked."""
    return set(OneTimeLink.objects.filter(revoked_at=None).values_list("label", flat=True))


def test_chosen_links_are_revoked_after_the_numbers_were_told(alice: Person) -> None:
    links = {label: make_link(alice, label=label) for label in ("one", "two", "used", "before", "kept")}
    book_through(links["used"])
    revoke_link(links["before"].link.pk, by=alice.actor, now=NOW)
    ids = [links[label].link.public_id for label in ("one", "two", "used", "before")]
    client = signed_in(alice)
    page = read(client, LINKS, state="active")
    assert f'name="link" value="{ids[0]}"' in page
    asked = client.get(REVOKE, {"link": ids, "state": "active"}).content.decode()
    for told in ("Revoke 2 links?", "2 people can then no longer book", "1 was used", "1 was revoked before"):
        assert told in asked
    assert left() == {"one", "two", "used", "kept"}
    answer = client.post(REVOKE, {"link": ids, "state": "active"}, follow=True)
    assert answer.redirect_chain == [("/app/links/?state=active", 302)]
    said = answer.content.decode()
    assert "2 links revoked, 1 was already used, 1 was revoked before" in said
    assert left() == {"used", "kept"}
    assert Booking.objects.get().status == Booking.Status.CONFIRMED


def test_all_that_match_are_revoked(alice: Person, charlie: Person) -> None:
    for number in range(3):
        make_link(alice, label="fair")
        make_link(alice, label=f"kept {number}")
    make_link(charlie, label="fair")
    client = signed_in(alice)
    page = read(client, LINKS, label="fair")
    assert f'href="{REVOKE}?all=1&amp;label=fair"' in page
    assert "Revoke all that match" not in read(client, LINKS)
    assert "Revoke all that match" not in read(client, LINKS, state="used", label="fair")
    assert "Revoke 3 links?" in read(client, REVOKE, all="1", label="fair")
    answer = client.post(REVOKE, {"all": "1", "label": "fair"}, follow=True)
    assert "3 links revoked" in answer.content.decode()
    assert OneTimeLink.objects.filter(label="fair", revoked_at=None).get().workspace == charlie.workspace
    assert "no link left that could be revoked" in read(client, REVOKE, all="1", label="fair")
    assert "no link left that could be revoked" in read(client, REVOKE, all="1", state="used")


def test_nothing_chosen_leads_back(alice: Person) -> None:
    make_link(alice, label="one")
    client = signed_in(alice)
    answer = client.get(REVOKE, {"label": "one"}, follow=True)
    assert answer.redirect_chain == [("/app/links/?label=one", 302)]
    assert "Choose the links to revoke first" in answer.content.decode()


def test_a_stranger_revokes_nothing(alice: Person, charlie: Person) -> None:
    link = make_link(alice, label="hers").link
    client = signed_in(charlie)
    assert "hers" not in read(client, REVOKE, link=link.public_id)
    assert client.post(REVOKE, {"link": link.public_id}).status_code == 422
    client.post(REVOKE, {"all": "1", "label": "hers"})
    for odd in ("x", "\0", "lnk_", link.public_id.upper()):
        assert client.get(REVOKE, {"link": odd}).status_code == 422
        assert client.post(REVOKE, {"link": odd}).status_code == 422
    assert left() == {"hers"}


def test_a_forged_form_revokes_nothing(alice: Person) -> None:
    link = make_link(alice, label="hers").link
    client = signed_in(alice)
    client.handler.enforce_csrf_checks = True
    assert client.post(REVOKE, {"link": link.public_id}).status_code == 403
    assert left() == {"hers"}


def history_of(client_page: str) -> list[str]:
    """What the lines of the history say, latest first."""
    facts = client_page[client_page.index('<ul class="facts">') :]
    return [line.strip() for line in re.findall(r"</svg><span>(.*?)<span", facts, re.DOTALL)]


def test_the_history_of_a_link_of_a_batch(alice: Person) -> None:
    """It has no event of its own: what happened to it is in its row."""
    hour = timedelta(hours=1)
    batch = issue_links(alice.calendar, [LinkOptions(label="x")] * 2, by=alice.actor, now=NOW - 9 * hour)
    link = OneTimeLink.objects.filter(batch=batch).first()
    assert link
    keep_opens({link.pk: Opens(1, 0, first=NOW - 7 * hour, last=NOW - 7 * hour)})
    keep_opens({link.pk: Opens(2, 4, first=NOW - 5 * hour, last=NOW - 4 * hour, last_by_bots=NOW - 3 * hour)})
    revoke_batch(batch, by=alice.actor, now=NOW)
    page = read(signed_in(alice), f"{LINKS}{link.public_id}/")
    assert history_of(page) == [
        "Link revoked, together with others",
        "Opened 4 times by scanners and previews",
        "Opened 3 times, first on Mon 23 Nov 2026, 02:00",
        "Link made, in a batch",
    ]


def test_the_history_of_a_link_of_its_own_tells_nothing_twice(alice: Person) -> None:
    link = make_link(alice, label="x", now=NOW - timedelta(hours=1)).link
    keep_opens({link.pk: Opens(1, 1, last=NOW, last_by_bots=NOW)})
    revoke_link(link.pk, by=alice.actor, now=NOW + timedelta(hours=1))
    page = read(signed_in(alice), f"{LINKS}{link.public_id}/")
    assert history_of(page) == [
        "Link revoked",
        "Opened once",
        "Opened once by a scanner or preview",
        "Link made",
    ]
