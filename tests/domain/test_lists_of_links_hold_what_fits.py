"""A list read page by page along its indexes holds what a plain look at every link finds, in its order."""

from __future__ import annotations

import random
from datetime import timedelta
from itertools import product
from typing import Any, cast

import pytest
from django.db import connection
from django.db.models import F as _F
from django.test.utils import CaptureQueriesContext

from bookonce.lib.tokens import new_public_id
from bookonce.scheduling import link_list
from bookonce.scheduling.errors import NotFound
from bookonce.scheduling.forget_secrets import forget_secrets
from bookonce.scheduling.issue_links import issue_links
from bookonce.scheduling.link_filter import LinkFilter, Sort, matching_links
from bookonce.scheduling.link_list import LinkList
from bookonce.scheduling.link_options import LinkOptions
from bookonce.scheduling.link_queries import count_links, links_page
from bookonce.scheduling.link_state import DEAD, LinkState
from bookonce.scheduling.models import Calendar, CalendarGroup, LinkBatch, OneTimeLink
from tests.cast import NOW, Person, book_through, make_link

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SINCE = NOW - 3 * DAY
ENDED = (LinkState.EXPIRED, LinkState.REVOKED, LinkState.CALENDAR_DELETED)


@pytest.fixture(autouse=True)
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a few hundred links are many."""
    monkeypatch.setattr(link_list, "STEPS", (5, 20, 20))
    monkeypatch.setattr(link_list, "FEW", 12)


@pytest.fixture
def links(alice: Person, bob: Person, charlie: Person) -> list[OneTimeLink]:
    """Alice's workspace has links of every kind, in batches and alone, among those of another workspace."""
    chance = random.Random(7)
    paused, deleted = (_calendar_like(alice.calendar, name) for name in ("paused", "deleted"))
    group = _group(alice)
    for number in range(6):
        options = [LinkOptions(label=f"batch {number}") for _ in range(12)]
        issue_links(alice.calendar, options, by=alice.actor, now=NOW - (6 - number) * DAY, name=f"b{number}")
        for person in (bob, charlie, alice, bob):
            make_link(person, label=chance.choice(["", "fair"]), now=NOW - (6 - number) * DAY)
    for link in OneTimeLink.objects.filter(workspace=alice.workspace):
        _befall(link, chance, [alice.calendar, alice.calendar, paused, deleted], group)
    Calendar.objects.filter(pk=paused.pk).update(paused_at=NOW)
    Calendar.objects.filter(pk=deleted.pk).update(deleted_at=NOW)
    forget_secrets(now=NOW)
    unfinished = LinkBatch.objects.get(name="b5")
    LinkBatch.objects.filter(pk=unfinished.pk).update(activated_at=None)
    return list(OneTimeLink.objects.filter(workspace=alice.workspace))


def _befall(
    link: OneTimeLink, chance: random.Random, calendars: list[Calendar], group: CalendarGroup
) -> None:
    link.recipient_email = chance.choice(["", "Sam@example.org", "kim@example.org"])
    link.recipient_name = chance.choice(["Sam Okafor", "Kim", ""])
    link.max_bookings = chance.choice([1, 1, 2])
    link.spent = link.last_use = chance.choice([0, 0, 1])
    link.expires_at = chance.choice(
        [None, None, NOW - DAY, NOW - timedelta(minutes=5), NOW + HOUR, NOW + DAY]
    )
    link.not_before = chance.choice([None, None, None, NOW - HOUR, NOW + HOUR])
    link.revoked_at = chance.choice([None, None, None, NOW - HOUR])
    link.last_opened_at = chance.choice([None, None, NOW - HOUR, NOW - 5 * DAY])
    if chance.random() < 0.1:
        link.calendar, link.group = None, group
    elif link.batch_id is None and link.created_by_id:
        link.calendar = chance.choice(calendars)
    link.save()


def _calendar_like(calendar: Calendar, slug: str) -> Calendar:
    twin = Calendar.objects.get(pk=calendar.pk)
    twin.pk = None
    twin.public_id, twin.permanent_id = new_public_id("cal"), new_public_id("x")[:20]
    twin.slug = slug
    twin.save(force_insert=True)
    return twin


def _group(person: Person) -> CalendarGroup:
    return CalendarGroup.objects.create(
        public_id=new_public_id("grp"),
        permanent_id=new_public_id("x")[:20],
        workspace=person.workspace,
        slug="menu",
        name="Menu",
        created_at=NOW,
        paused_at=NOW,
    )


def plainly(person: Person, wanted: LinkFilter) -> list[int]:
    """The list as one statement would give it."""
    links = list(matching_links(person.workspace.pk, wanted, now=NOW))
    far = 2**60
    if wanted.sort is Sort.OPENED:
        links = [link for link in links if link.last_opened_at]
        links.sort(key=lambda link: (-(link.last_opened_at or NOW).timestamp(), -link.pk))
    elif wanted.sort is Sort.EXPIRES:
        living = [link for link in links if cast("Any", link).state not in DEAD and link.expires_at]
        links = sorted(living, key=lambda link: ((link.expires_at or NOW).timestamp(), link.pk))
    else:
        links.sort(key=lambda link: -link.pk if wanted.sort is Sort.NEWEST else link.pk - far)
    return [link.pk for link in links]


def paged(person: Person, wanted: LinkFilter, limit: int) -> list[int]:
    """The list as its pages give it, however little they hold."""
    return [key for keys in LinkList(person.workspace.pk, wanted, now=NOW).pages(limit) for key in keys]


@pytest.mark.parametrize("sort", Sort)
def test_every_filter_in_every_order(
    links: list[OneTimeLink], alice: Person, bob: Person, sort: Sort
) -> None:
    batch = LinkBatch.objects.get(name="b2").public_id
    group = CalendarGroup.objects.get().public_id
    narrowed: list[dict[str, Any]] = [
        {},
        {"calendar": alice.calendar.public_id},
        {"calendar": bob.calendar.public_id, "text": "okafor"},
        {"calendar": group},
        {"calendar": "cal_aaaaaaaaaaaaaaaa"},
        {"label": "fair"},
        {"label": "batch 3", "made_by": "ALICE@example.com"},
        {"recipient": "sam@EXAMPLE.org"},
        {"made_by": "bob@example.com"},
        {"batch": batch},
        {"batch": batch, "unused_since": SINCE},
        {"unused_since": SINCE},
        {"text": "sam"},
        {"text": "nobody at all"},
        {"text": "kim@example.org"},
    ]
    found = 0
    every_state: list[tuple[LinkState, ...]] = [(state,) for state in LinkState]
    for states, more in [
        *product([(), (LinkState.ACTIVE,), ENDED], narrowed),
        *product([*every_state, tuple(LinkState)], narrowed[:2]),
    ]:
        wanted = LinkFilter(states=states, sort=sort, **more)
        expected = plainly(alice, wanted)
        assert paged(alice, wanted, 9) == expected, wanted
        found += len(expected)
    assert found > 40


@pytest.mark.usefixtures("links")
def test_a_page_may_stop_before_it_is_full_and_the_next_goes_on(alice: Person) -> None:
    wanted = LinkFilter(text="batch 0")  # the oldest of all
    first = links_page(alice.workspace.pk, wanted, now=NOW, limit=5)
    assert (first.rows, first.stopped) == ([], True)
    assert first.next
    shown: list[str] = []
    cursor: str | None = first.next
    while cursor:
        page = links_page(alice.workspace.pk, wanted, now=NOW, limit=5, cursor=cursor)
        shown += [row.link.label for row in page.rows]
        cursor = page.next
    assert shown == ["batch 0"] * len(plainly(alice, wanted))
    assert shown
    counted = count_links(alice.workspace.pk, wanted, now=NOW, most=5)
    assert (counted.number, counted.more) == (0, True)


@pytest.mark.usefixtures("links")
def test_an_address_finds_its_links_however_old_they_are(alice: Person) -> None:
    link = OneTimeLink.objects.filter(workspace=alice.workspace, batch__name="b0").first()
    assert link
    OneTimeLink.objects.filter(pk=link.pk).update(recipient_email="rare@example.org")
    page = links_page(alice.workspace.pk, LinkFilter(text="Rare@example.org"), now=NOW, limit=5)
    assert [row.link.pk for row in page.rows] == [link.pk]
    assert page.next is None


def test_a_batch_that_waited_is_found_by_when_it_was_asked_for(alice: Person) -> None:
    waited = issue_links(alice.calendar, [LinkOptions(label="x")] * 3, by=alice.actor, now=NOW - 5 * DAY)
    LinkBatch.objects.update(activated_at=NOW - DAY)
    older = make_link(alice, now=NOW - 4 * DAY).link
    OneTimeLink.objects.filter(batch=waited).update(id=older.pk + 100 + _F("id"))
    make_link(alice, now=NOW)
    wanted = LinkFilter(unused_since=SINCE)
    assert len(plainly(alice, wanted)) == 4
    assert paged(alice, wanted, 2) == plainly(alice, wanted)


@pytest.mark.usefixtures("links")
def test_a_cursor_belongs_to_its_list(alice: Person, charlie: Person) -> None:
    opened = LinkFilter(sort=Sort.OPENED)
    cursor = links_page(alice.workspace.pk, opened, now=NOW, limit=5).next
    assert cursor
    assert "." in cursor
    for workspace, wanted in ((charlie.workspace, opened), (alice.workspace, LinkFilter())):
        with pytest.raises(NotFound):
            links_page(workspace.pk, wanted, now=NOW, cursor=cursor)


def test_statements_do_not_grow_with_the_list(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    asked = {
        LinkFilter(): 4,
        LinkFilter((LinkState.ACTIVE,)): 4,
        LinkFilter((LinkState.USED,)): 4,
        LinkFilter(ENDED): 10,
        LinkFilter(calendar=alice.calendar.public_id): 6,
        LinkFilter(sort=Sort.EXPIRES): 4,
    }

    def statements(wanted: LinkFilter) -> int:
        with CaptureQueriesContext(connection) as found:
            links_page(alice.workspace.pk, wanted, now=NOW)
        return len(found)

    for number in range(3):
        book_through(make_link(alice), f"2026-11-30T{10 + number}:00:00+01:00")
        make_link(alice, expires_at=NOW + HOUR)
    few = {wanted: statements(wanted) for wanted in asked}
    issue_links(alice.calendar, [LinkOptions(expires_at=NOW + DAY)] * 300, by=alice.actor, now=NOW)
    many = {wanted: statements(wanted) for wanted in asked}
    assert {wanted: most for wanted, most in asked.items() if max(few[wanted], many[wanted]) > most} == {}
