"""Many requests at the same instant against the real server, and what the database holds afterwards."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import psycopg

from tests.live import LiveBookonce
from tests.races.beside import in_product

BERLIN = ZoneInfo("Europe/Berlin")
AT_ONCE = 50
_LINKS = """
calendar = Calendar.objects.select_related("schedule").get(slug=given["calendar"])
options = LinkOptions(max_bookings=given["max_bookings"])
made = []
while len(made) < given["number"]:
    try:
        made.append(issue_link(calendar, options, by=Actor("cli"), now=clock.now()))
    except Busy:
        pass  # the jobs of an earlier storm have the one write lock of SQLite
print(json.dumps([one_time_link_url(issued.token) for issued in made]))
"""
_SLEEP_ON_POSTGRESQL = """CREATE OR REPLACE FUNCTION a_moment() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_sleep(0.03); RETURN NEW; END $$"""
# SQLite can't sleep: it counts to a number that takes as long.
_COUNT_ON_SQLITE = """SELECT COUNT(*) FROM
(WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 200000) SELECT x FROM c)"""
_CALENDAR = """
member = Member.objects.select_related("workspace").get()
print(json.dumps(create_calendar(member, given, now=clock.now()).slug))
"""


@dataclass(frozen=True)
class Post:
    """A booking to send: where, what, and under which key; `act` may keep a time instead."""

    url: str
    body: dict[str, Any]
    key: str = ""
    act: str = "book"


@dataclass(frozen=True)
class Reply:
    """What came back."""

    status: int
    body: dict[str, Any] = field(hash=False)

    @property
    def code(self) -> str:
        """The stable code of a refusal, or the status of a success."""
        return str(self.body.get("code", self.status))


def new_links(
    live: LiveBookonce, number: int, *, calendar: str = "30min", max_bookings: int = 1
) -> list[str]:
    """The addresses of so many new one-time links."""
    made = in_product(live, _LINKS, number=number, calendar=calendar, max_bookings=max_bookings)
    return [str(url) for url in made]


def new_calendar(live: LiveBookonce, **settings: Any) -> str:
    """The slug of a new calendar with the owner as its host."""
    return str(in_product(live, _CALENDAR, **settings))


def slots(number: int, *, weeks_ahead: int = 1, step: int = 30, of: int = 30) -> list[str]:
    """So many starts between 09:00 and 17:00 in Berlin, Monday to Friday, from some Monday on."""
    today = datetime.now(BERLIN).replace(hour=9, minute=0, second=0, microsecond=0)
    day = today + timedelta(days=7 * weeks_ahead - today.weekday())
    found: list[str] = []
    while len(found) < number:
        if day.weekday() < 5:
            starts = range(9 * 60, 17 * 60 - of + 1, step)
            found += [day.replace(hour=at // 60, minute=at % 60).isoformat() for at in starts]
        day += timedelta(days=1)
    return found[:number]


def guest(start: str, number: int = 0, **changes: Any) -> dict[str, Any]:
    """What guest number so and so sends."""
    who = {"name": f"Guest {number}", "email": f"guest{number}@example.org", "timezone": "Europe/Berlin"}
    return {"start": start, **who, **changes}


def all_at_once(posts: Sequence[Post]) -> list[Reply]:
    """Send them in the same instant, one thread and one open connection each; replies in the same order."""
    gate = threading.Barrier(len(posts))
    replies: list[Reply | None] = [None] * len(posts)

    def send(number: int, post: Post) -> None:
        address = urlsplit(post.url)
        connection = HTTPConnection("127.0.0.1", address.port or 80, timeout=60)
        connection.connect()
        headers = {"Content-Type": "application/json", "Host": address.netloc}
        if post.key:
            headers["Idempotency-Key"] = post.key
        gate.wait(30)
        connection.request("POST", f"{address.path}/{post.act}", json.dumps(post.body), headers)
        answer = connection.getresponse()
        replies[number] = Reply(answer.status, json.loads(answer.read()))
        connection.close()

    threads = [threading.Thread(target=send, args=pair) for pair in enumerate(posts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(90)
    return [reply for reply in replies if reply is not None]


def rows(live: LiveBookonce, statement: str) -> list[tuple[Any, ...]]:
    """What the database of this installation holds, past all code of the product."""
    if live.database_url:
        with psycopg.connect(live.database_url, autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []
    with sqlite3.connect(live.data_dir / "bookonce.sqlite3", timeout=30) as file:
        return file.execute(statement).fetchall()


def count(live: LiveBookonce, table: str, where: str = "1 = 1") -> int:
    """How many rows."""
    return int(rows(live, f"SELECT COUNT(*) FROM {table} WHERE {where}")[0][0])


def overlaps(live: LiveBookonce) -> int:
    """Pairs of live blocked times of one host that overlap; must be 0 for ever."""
    return int(
        rows(
            live,
            "SELECT COUNT(*) FROM scheduling_blockedtime a JOIN scheduling_blockedtime b "
            "ON a.host_id = b.host_id AND a.id < b.id AND a.live AND b.live "
            "AND a.starts < b.ends AND b.starts < a.ends",
        )[0][0]
    )


def check_promises(live: LiveBookonce) -> None:
    """Links count as many uses as they have, every use has its booking, nothing overlaps."""
    miscounted = (
        "spent <> (SELECT COUNT(*) FROM scheduling_linkuse u WHERE u.link_id = scheduling_onetimelink.id "
        "AND u.returned_at IS NULL)"
    )
    assert count(live, "scheduling_onetimelink", miscounted) == 0
    unbooked = "NOT EXISTS (SELECT 1 FROM scheduling_booking b WHERE b.link_use_id = scheduling_linkuse.id)"
    assert count(live, "scheduling_linkuse", unbooked) == 0
    assert overlaps(live) == 0


def pause_inserts(live: LiveBookonce, *tables: str) -> None:
    """A sleeping trigger: every insert into these tables takes a moment, so that races can be lost."""
    for table in tables:
        if live.database_url:
            rows(live, _SLEEP_ON_POSTGRESQL)
            each = f"BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION a_moment()"
            rows(live, f"CREATE TRIGGER a_moment {each}")
        else:
            rows(
                live,
                f"CREATE TRIGGER a_moment_{table} BEFORE INSERT ON {table} BEGIN {_COUNT_ON_SQLITE}; END",
            )


def start_of(post: Post) -> datetime:
    """The instant a post asks for."""
    return datetime.fromisoformat(post.body["start"]).astimezone(UTC)
