"""The filters of the list of links: all of them in the address, each with a chip that takes it away."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest

from bookonce.scheduling import link_list
from bookonce.scheduling.issue_links import issue_links
from bookonce.scheduling.link_options import LinkOptions
from bookonce.scheduling.link_state import LinkState
from bookonce.scheduling.models import OneTimeLink
from bookonce.scheduling.opens import Opens, keep_opens
from bookonce.scheduling.revoke_link import revoke_link
from tests.cast import NOW, Person, make_link
from tests.pages.owner import read, signed_in

pytestmark = pytest.mark.usefixtures("at_now")
LINKS = "/app/links/"


def shown(page: str) -> set[str]:
    """The labels of the rows."""
    ids = {link.public_id: link.label for link in OneTimeLink.objects.all()}
    return {label for public_id, label in ids.items() if f'href="{LINKS}{public_id}/"' in page}


def test_by_label_recipient_maker_batch_and_day(alice: Person, bob: Person) -> None:
    make_link(alice, label="fair", recipient_email="sam@example.org")
    make_link(alice, label="fairer")
    make_link(bob, label="old", now=NOW - timedelta(days=9))
    batch = issue_links(alice.calendar, [LinkOptions(label="many")], by=bob.actor, now=NOW, name="Autumn")
    client = signed_in(alice)
    for filters, rows, chip in (
        ({"label": "fair"}, {"fair"}, "Label: fair"),
        ({"recipient": "SAM@example.org"}, {"fair"}, "Recipient: SAM@example.org"),
        ({"made_by": "bob@example.com"}, {"old", "many"}, "Made by Bob"),
        ({"batch": batch.public_id}, {"many"}, "Batch: Autumn"),
        ({"unused_since": "2026-11-20"}, {"old"}, "Unused since 20 Nov 2026"),
        ({"made_by": "bob@example.com", "batch": batch.public_id}, {"many"}, "Made by Bob"),
        ({"calendar": bob.calendar.public_id}, {"old"}, "Calendar: Bob&#x27;s meeting"),
        ({"state": "expired"}, set(), "State: Expired"),
    ):
        page = read(client, LINKS, 200, **filters)
        assert shown(page) == rows, filters
        assert chip in page
        assert "Clear filters" in page
    assert 'href="?label=fair"' in read(client, LINKS, label="fair", made_by="bob@example.com")
    assert "Clear filters" not in read(client, LINKS)


def test_what_can_t_be_read_does_not_narrow_and_shows_no_chip(alice: Person) -> None:
    make_link(alice, label="one")
    client = signed_in(alice)
    for filters in ({"sort": "x"}, {"unused_since": "soon"}, {"unused_since": "0001-01-01"}, {"state": "x"}):
        page = read(client, LINKS, 200, **filters)
        assert shown(page) == {"one"}
        assert 'class="chips"' not in page
    for cursor in ("lnk_" + "a" * 16 + ".1", "lnk_" + "a" * 16 + "." + "9" * 11, "x.1"):
        read(client, LINKS, 404, after=cursor)


@pytest.mark.parametrize("state", LinkState)
def test_every_state_can_be_chosen(alice: Person, state: LinkState) -> None:
    make_link(alice, label="alive")
    revoke_link(make_link(alice, label="gone").link.pk, by=alice.actor, now=NOW)
    page = read(signed_in(alice), LINKS, state=state)
    expected = {LinkState.ACTIVE: {"alive"}, LinkState.REVOKED: {"gone"}}
    assert shown(page) == expected.get(state, set())
    select = page.partition('name="state">')[2].partition("</select>")[0]
    values = re.findall(r'<option value="(\w*)"', select)
    assert values == ["", *LinkState]
    assert re.findall(r'value="(\w+)" selected', select) == [state]


def test_other_filters_keep_the_tab(alice: Person) -> None:
    make_link(alice, label="alive")
    for tab in ("waiting", "ended"):
        page = read(signed_in(alice), LINKS, state=tab)
        assert f'<option value="{tab}" selected>' in page


def test_the_orders(alice: Person) -> None:
    first = make_link(alice, label="first", expires_at=NOW + timedelta(days=2)).link
    second = make_link(alice, label="second", expires_at=NOW + timedelta(days=1)).link
    make_link(alice, label="third")
    keep_opens({first.pk: Opens(1, 0, last=NOW), second.pk: Opens(0, 3, last_by_bots=NOW)})
    client = signed_in(alice)

    def order(sort: str) -> list[str]:
        page = read(client, LINKS, sort=sort)
        labels = {"first", "second", "third"} & shown(page)
        return sorted(labels, key=lambda label: page.index(f">{label}<"))

    assert order("newest") == ["third", "second", "first"]
    assert order("oldest") == ["first", "second", "third"]
    assert order("expires") == ["second", "first"]
    assert order("opened") == ["first"]  # scanners open nothing
    assert "only links that somebody opened are listed" in read(client, LINKS, sort="opened")


def test_pages_of_an_order_follow_one_another(alice: Person) -> None:
    for number in range(53):
        make_link(alice, label=f"no {number}", expires_at=NOW + timedelta(days=1 + number))
    client = signed_in(alice)
    first = read(client, LINKS, sort="expires")
    assert shown(first) == {f"no {number}" for number in range(50)}
    last = OneTimeLink.objects.get(label="no 49")
    after = f"{last.public_id}.{int((NOW + timedelta(days=50)).timestamp())}"
    assert f"after={after}" in first
    assert shown(read(client, LINKS, sort="expires", after=after)) == {"no 50", "no 51", "no 52"}


def test_a_search_that_has_looked_at_enough_says_so_and_goes_on(
    alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link_list, "STEPS", (1,))
    make_link(alice, label="needle")
    for _ in range(60):
        make_link(alice, label="hay")
    client = signed_in(alice)
    page = read(client, LINKS, q="needle")
    assert "Nothing found so far" in page
    assert "Look further" in page
    after = OneTimeLink.objects.order_by("-pk")[51].public_id
    assert f"after={after}" in page
    assert shown(read(client, LINKS, q="needle", after=after)) == {"needle"}


def test_the_csv_holds_what_is_filtered_in_its_order(alice: Person, charlie: Person) -> None:
    make_link(alice, label="fair", recipient_name="=1+1")
    make_link(alice, label="fair", recipient_name="Kim")
    make_link(alice, label="other")
    make_link(charlie, label="fair")
    answer = signed_in(alice).get(f"{LINKS}export.csv", {"label": "fair", "sort": "oldest"})
    rows = list(csv.DictReader(io.StringIO(b"".join(answer).decode("utf-8-sig"))))
    assert [row["name"] for row in rows] == ["'=1+1", "Kim"]


def test_strangers_filters_find_nothing(alice: Person, charlie: Person) -> None:
    make_link(alice, label="fair", recipient_email="sam@example.org")
    batch = issue_links(alice.calendar, [LinkOptions(label="many")], by=alice.actor, now=NOW)
    client = signed_in(charlie)
    for filters in (
        {"label": "fair"},
        {"q": "sam@example.org"},
        {"batch": batch.public_id},
        {"calendar": alice.calendar.public_id},
        {"made_by": "alice@example.com"},
    ):
        page = read(client, LINKS, 200, **filters)
        assert "No link fits" in page
        assert "Alice" not in page
