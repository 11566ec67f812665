"""Many links at once by SQL, and what reading them costs; runs with the settings of an installation."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

from django.db import connection
from django.test.utils import CaptureQueriesContext

from bookonce.cli.start import without_deadline
from bookonce.lib import clock
from bookonce.lib.instants import to_seconds
from bookonce.lib.tokens import new_token
from bookonce.scheduling.errors import NotFound
from bookonce.scheduling.events import Actor
from bookonce.scheduling.issue_link import issue_link
from bookonce.scheduling.link_filter import LinkFilter, Sort
from bookonce.scheduling.link_options import LinkOptions
from bookonce.scheduling.link_queries import count_links, links_page
from bookonce.scheduling.link_state import LinkState
from bookonce.scheduling.models import Calendar, OneTimeLink
from bookonce.scheduling.offer import Door, get_offer

AT_ONCE = 100_000
TIMES = 9
DEEP = 250_000  # rows before page 5,000
ENDED = (LinkState.EXPIRED, LinkState.REVOKED, LinkState.CALENDAR_DELETED)


def insert_links(first: int, last: int) -> None:
    """Copies of one link, numbered from `first` + 1 to `last`, the later the newer."""
    calendar = Calendar.objects.select_related("schedule").get()
    now = clock.now()
    link = OneTimeLink.objects.order_by("pk").first()
    if link is None:
        link = issue_link(calendar, LinkOptions(), by=Actor("cli"), now=now).link
    connection.ensure_connection()
    without_deadline(connection)
    columns = [field.column for field in OneTimeLink._meta.concrete_fields]
    changed = _columns(to_seconds(now), link.pk)
    chosen = ", ".join(changed.get(column, f"t.{column}") for column in columns)
    for begin in range(first, last, AT_ONCE):
        numbers = _numbers(begin + 1, min(last, begin + AT_ONCE))
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO scheduling_onetimelink ({', '.join(columns)}) "
                f"SELECT {chosen} FROM scheduling_onetimelink t, {numbers} WHERE t.id = {link.pk}"
            )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE scheduling_onetimelink")


def measure() -> dict[str, tuple[float, int, int]]:
    """Seconds, statements and rows of each read, the best of some."""
    workspace, now = Calendar.objects.get().workspace_id, clock.now()
    links = OneTimeLink.objects.order_by("-pk")
    deep = links[min(DEEP, links.count() // 4)]
    calendar = Calendar.objects.get().public_id
    found = {}
    asked = {
        "all": LinkFilter(),
        "active": LinkFilter((LinkState.ACTIVE,)),
        "used": LinkFilter((LinkState.USED,)),
        "ended": LinkFilter(ENDED),
        "calendar, active": LinkFilter((LinkState.ACTIVE,), calendar=calendar),
        "label": LinkFilter(label="Autumn fair"),
        "words that most have": LinkFilter(text="person"),
        "words that none has": LinkFilter(text="nobody"),
        "unused for 90 days": LinkFilter(unused_since=now - timedelta(days=90)),
    }
    for name, wanted in asked.items():
        deeper = () if wanted.unused_since else (("page 5,000", deep.public_id),)
        for page, cursor in (("page 1", ""), *deeper):
            found[f"{name}, {page}"] = _cost(
                lambda: len(links_page(workspace, wanted, now=now, cursor=cursor).rows)  # noqa: B023 - called at once
            )
    for sort in (Sort.OPENED, Sort.EXPIRES):
        by = LinkFilter(sort=sort)
        found[f"{sort} first, page 1"] = _cost(lambda: len(links_page(workspace, by, now=now).rows))  # noqa: B023
    address = LinkFilter(recipient="person7@example.org")
    found["recipient"] = _cost(lambda: len(links_page(workspace, address, now=now).rows))
    found["count to 1,000"] = _cost(lambda: count_links(workspace, LinkFilter(), now=now).number)
    found["a wrong token"] = _cost(_look_up)
    return found


def _look_up() -> int:
    try:
        get_offer(Door.link(new_token()))
    except NotFound:
        return 0
    return 1


def _cost(act: Callable[[], int]) -> tuple[float, int, int]:
    with CaptureQueriesContext(connection) as statements:
        rows = act()
    # SQLite works within this process: its processor time is the whole of it, whatever else is running.
    timer = time.process_time if connection.vendor == "sqlite" else time.perf_counter
    best = float("inf")
    for _ in range(TIMES):
        began = timer()
        act()
        best = min(best, timer() - began)
    return best, len(statements), rows


def _numbers(first: int, last: int) -> str:
    if connection.vendor == "postgresql":
        return f"(SELECT generate_series({first}, {last}) AS n) s"
    return (
        f"(WITH RECURSIVE s(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM s WHERE n < {last}) "
        "SELECT n FROM s) s"
    )


def _columns(now: int, key: int) -> dict[str, str]:
    """What differs from the link that is copied, as SQL of its number n."""
    digest = "md5('a' || n) || md5('b' || n)" if connection.vendor == "postgresql" else "printf('%064x', n)"
    since_made = "(1000000 - n) * 20"  # seconds
    return {
        "id": f"{key} + n",
        "public_id": f"'lnk_' || substr({digest}, 49, 16)",
        "token_digest": digest,
        "sealed_token": "CASE WHEN n % 20 < 17 THEN NULL ELSE t.sealed_token END",
        "label": "CASE n % 10 WHEN 0 THEN 'Autumn fair' WHEN 1 THEN 'Newsletter ' || (n / 5000) ELSE '' END",
        "recipient_name": "'Person ' || n",
        "recipient_email": "'person' || n || '@example.org'",
        "spent": "CASE WHEN n % 20 < 11 THEN 1 ELSE 0 END",
        "last_use": "CASE WHEN n % 20 < 11 THEN 1 ELSE 0 END",
        "revoked_at": f"CASE WHEN n % 20 = 11 THEN {now} - 1000 ELSE NULL END",
        "expires_at": f"CASE WHEN n % 20 BETWEEN 12 AND 16 THEN {now} - 200000 "
        f"WHEN n % 20 = 18 THEN {now} + 100000 + n ELSE NULL END",
        "created_at": f"{now} - 100 - {since_made}",
        "opened": "(n + 1) % 2",
        "first_opened_at": f"CASE WHEN n % 2 = 0 THEN {now} - 90 - {since_made} ELSE NULL END",
        "last_opened_at": f"CASE WHEN n % 2 = 0 THEN {now} - 80 - {since_made} ELSE NULL END",
    }
