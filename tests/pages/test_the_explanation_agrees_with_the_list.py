"""Random calendars of every kind: what the owner's page calls offered is what guests are offered."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings

from bookonce.lib import clock
from bookonce.lib.instants import to_minutes, to_seconds
from bookonce.scheduling.events import Actor
from bookonce.scheduling.explain import explain, link_view, public_view
from bookonce.scheduling.issue_link import issue_link
from bookonce.scheduling.link_options import LinkOptions
from bookonce.scheduling.local_days import day_date, day_parts, local_day
from bookonce.scheduling.models import Calendar, OneTimeLink
from bookonce.scheduling.offer import free_starts
from bookonce.scheduling.slots import Rule
from tests.domain.rules_in_a_database import Json, Loaded, load, minute, storable
from tests.domain.test_a_database_offers_what_the_engine_says import stand_in, undone
from tests.strength import times
from tests.unit.rule_cases import rule_sets

pytestmark = pytest.mark.django_db

EXAMPLES = times(20, 500)
MOST_DAYS = 4
LONGEST = 1440  # minutes that a guest may ask for


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(case=rule_sets())
def test_the_page_offers_what_the_guest_is_offered(case: dict[str, Any]) -> None:
    case = storable(case)
    now = datetime.fromisoformat(case["now"])
    with undone(), pytest.MonkeyPatch.context() as patch:
        loaded = load(case, "rules")
        stand_in(patch, case, loaded)
        patch.setattr(clock, "now", lambda: now)
        link = None if case.get("public", True) else one_time_link(loaded, now)
        for day in days_of(case, loaded.calendar):
            if case["duration"] <= LONGEST:
                listed = guests_list(loaded.calendar, link, day)
                assert pages_list(loaded.calendar, link, day) == listed
            check_party(case, loaded, link, day, to_seconds(now))


def days_of(case: Json, calendar: Calendar) -> Iterator[date]:
    """The calendar's days in the file's window."""
    zone, window = calendar.schedule.timezone, case["window"]
    first, last = (local_day(zone, minute(window[name])) for name in ("start", "end"))
    for number in range(first, min(last + 1, first + MOST_DAYS)):
        yield day_date(number)


def one_time_link(loaded: Loaded, now: datetime) -> tuple[OneTimeLink, str]:
    issued = issue_link(loaded.calendar, LinkOptions(), by=Actor("page"), now=now)
    assert issued.token
    return issued.link, issued.token


def guests_list(calendar: Calendar, link: tuple[OneTimeLink, str] | None, day: date) -> list[int]:
    """The day's starts as the guest's JSON tells them."""
    path = f"/o/{link[1]}" if link else f"/c/{calendar.permanent_id}"
    answer = Client().get(
        f"{path}/slots",
        {"from": day.isoformat(), "to": day.isoformat(), "timezone": calendar.schedule.timezone},
    )
    assert answer.status_code == 200, answer.content
    slots: dict[str, list[str]] = answer.json()["slots"]
    return [to_minutes(datetime.fromisoformat(start)) for starts in slots.values() for start in starts]


def pages_list(calendar: Calendar, link: tuple[OneTimeLink, str] | None, day: date) -> list[int]:
    """The day's starts as the owner's page calls them offered."""
    client = Client()
    client.force_login(calendar.schedule.member.user)
    asked = {"day": day.isoformat(), "view": link[0].public_id if link else "public"}
    answer = client.get(f"/app/calendars/{calendar.public_id}/why/", asked)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    found = answer.context["explained"]
    rows = [row for part in answer.context["parts"] for row in part.rows]
    shown = sum(row.count for row in rows if row.state == "offered")
    assert shown == len(found.offered)
    assert sum(row.count for row in rows) == len(found.starts) or answer.context["nothing"]
    offered: list[int] = found.offered
    return offered


def check_party(
    case: Json, loaded: Loaded, link: tuple[OneTimeLink, str] | None, day: date, now: int
) -> None:
    """The same for a party of any size, and each other start has a rule."""
    offer = link_view(link[0], loaded.calendar) if link else public_view(loaded.calendar.pk)
    party, duration = case.get("party", 1), case["duration"]
    found = explain(offer, day=day, duration=duration, now=now, party=party)
    parts = day_parts(offer.zone, (day - date(1970, 1, 1)).days)
    if not parts:
        assert not found.starts
        return
    start, end = parts[0].start, parts[-1].end
    listed = free_starts(offer, duration=duration, start=start, end=end, now=now, party=party)
    assert found.offered == [at for at in listed if any(part.start <= at < part.end for part in parts)]
    assert [each.at for each in found.starts] == sorted({each.at for each in found.starts})
    for each in found.starts:
        assert (each.why is None) == bool(each.hosts)
        if each.why is not None and each.why.rule is Rule.BUSY:
            host = next(int(host) for host, rule in each.why.hosts.items() if rule is Rule.BUSY)
            assert found.in_the_way(host, each.at)
