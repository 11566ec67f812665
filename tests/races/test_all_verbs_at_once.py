"""Booking, cancelling, moving, revoking and changing all at the same time, over HTTP: no promise breaks.

Nothing is answered by a 5xx but the documented 503, and on PostgreSQL the one lock order leaves no deadlock.
"""

from __future__ import annotations

import json
import random
import threading
from collections import Counter
from collections.abc import Callable
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.live import LiveBookonce
from tests.races.storm import check_promises, count, guest, in_product, new_calendar, new_links, rows, slots
from tests.strength import times

THREADS = 12
ACTS = times(60, 1500)  # of each thread
LINKS = 60
_BOB = """
from bookonce.accounts.models import User
alice = Member.objects.select_related("workspace").get()
bob = Member.objects.create(workspace=alice.workspace, role="member", created_at=clock.now(),
    user=User.objects.create(email="bob@example.org", name="Bob"))
print(json.dumps([c.public_id for c in Calendar.objects.order_by("pk")]))
"""
_WRONG = {
    "a live appointment without its blocked time": """SELECT COUNT(*) FROM scheduling_appointment a
        WHERE a.status <> 'cancelled' AND NOT EXISTS (SELECT 1 FROM scheduling_blockedtime t
        WHERE t.appointment_id = a.id AND t.live)""",
    "a booking that disagrees with its appointment": """SELECT COUNT(*) FROM scheduling_booking b
        JOIN scheduling_appointment a ON a.id = b.appointment_id
        WHERE (a.status = 'cancelled') <> (b.status = 'cancelled')""",
    "a use kept by no live booking of a reopened link": """SELECT COUNT(*) FROM scheduling_linkuse u
        JOIN scheduling_booking b ON b.link_use_id = u.id
        WHERE u.returned_at IS NOT NULL AND b.status <> 'cancelled'""",
    "a cancellation told twice": """SELECT COUNT(*) FROM (SELECT 1 FROM scheduling_event
        WHERE kind = 'booking.cancelled' GROUP BY booking_id HAVING COUNT(*) > 1) AS twice""",
    "a revoked link that was reopened": """SELECT COUNT(*) FROM scheduling_event o
        JOIN scheduling_event r ON r.link_id = o.link_id AND r.id < o.id
        WHERE r.kind = 'link.revoked' AND o.kind = 'link.reopened'""",
}


class Actors:
    """One thread's dice and connection; what all threads share are the links and what was booked."""

    def __init__(self, live: LiveBookonce, seed: int, shared: dict[str, list[str]]) -> None:
        self.live, self.shared = live, shared
        self.dice = random.Random(seed)
        self.connection = HTTPConnection("127.0.0.1", live.port, timeout=60)
        self.seen: Counter[str] = Counter()

    def act(self) -> None:
        """One verb, at random."""
        verbs: dict[Callable[[], tuple[int, Any]], int] = {
            self.book: 8,
            self.cancel_as_host: 3,
            self.cancel_as_guest: 2,
            self.move: 4,
            self.revoke: 1,
            self.change_link: 2,
            self.change_calendar: 2,
            self.make_link: 1,
        }
        verb = self.dice.choices(list(verbs), list(verbs.values()))[0]
        status, _ = verb()
        self.seen[f"{verb.__name__} {status}"] += 1

    def book(self) -> tuple[int, Any]:
        """One of the links, one of a few times."""
        body = guest(self.dice.choice(self.shared["times"]), self.dice.randint(1, 5))
        status, reply = self.send("POST", f"{self.dice.choice(self.shared['links'])}/book", body)
        if status == 201:
            self.shared["manage"].append(urlsplit(reply["manage_url"]).path)
        return status, reply

    def cancel_as_host(self) -> tuple[int, Any]:
        """Over REST; the link reopens."""
        status, page = self.send("GET", "/api/v1/appointments?status=confirmed&limit=200", key=True)
        if status != 200 or not page["items"]:
            return status, page
        appointment = self.dice.choice(page["items"])["id"]
        return self.send("POST", f"/api/v1/appointments/{appointment}/cancel", {"reason": "ill"}, key=True)

    def cancel_as_guest(self) -> tuple[int, Any]:
        """By the manage link."""
        return self.form("cancel", reason="ill")

    def move(self) -> tuple[int, Any]:
        """By the manage link."""
        return self.form("reschedule", start=self.dice.choice(self.shared["times"]))

    def revoke(self) -> tuple[int, Any]:
        """One of the links, by its id."""
        return self.send("POST", f"/api/v1/one-time-links/{self.link_id()}/revoke", key=True)

    def change_link(self) -> tuple[int, Any]:
        """More bookings, another label."""
        changes = {"label": str(self.dice.random()), "max_bookings": self.dice.randint(1, 3)}
        return self.send("PATCH", f"/api/v1/one-time-links/{self.link_id()}", changes, key=True)

    def change_calendar(self) -> tuple[int, Any]:
        """Other buffers, another host, a pause."""
        changes = self.dice.choice(
            [
                {"buffer_before": self.dice.choice([0, 10])},
                {"host": self.dice.choice(["alice@example.org", "bob@example.org"])},
                {"paused": True},
                {"paused": False},
                {"paused": False},
            ]
        )
        return self.send(
            "PATCH", f"/api/v1/calendars/{self.dice.choice(self.shared['calendars'])}", changes, key=True
        )

    def make_link(self) -> tuple[int, Any]:
        """One more."""
        body = {"calendar": self.dice.choice(self.shared["calendars"])}
        status, reply = self.send("POST", "/api/v1/one-time-links", body, key=True)
        if status == 201:
            self.shared["links"].append(urlsplit(reply["url"]).path)
        return status, reply

    def link_id(self) -> str:
        """One of the newest links."""
        _, page = self.send("GET", "/api/v1/one-time-links?limit=50", key=True)
        return str(self.dice.choice(page["items"])["id"]) if "items" in page else "none"

    def form(self, name: str, **fields: str) -> tuple[int, Any]:
        """A guest's form."""
        if not self.shared["manage"]:
            return 0, None
        path = f"{self.dice.choice(self.shared['manage'])}/{name}"
        return self.send("POST", path, urlencode(fields), kind="application/x-www-form-urlencoded")

    def send(
        self, method: str, path: str, body: Any = None, *, key: bool = False, kind: str = "application/json"
    ) -> tuple[int, Any]:
        """Status and JSON, if it is any."""
        headers = {"Host": f"localhost:{self.live.port}"} | ({"Content-Type": kind} if body else {})
        if key:
            headers["Authorization"] = f"Bearer {self.live.owner['api_key']}"
        sent = json.dumps(body) if isinstance(body, dict) else body
        self.connection.request(method, path, sent, headers)
        answer = self.connection.getresponse()
        reply = answer.read()
        return answer.status, json.loads(reply) if reply.startswith(b"{") else None


def deadlocks(live: LiveBookonce) -> int:
    """How many PostgreSQL had to break up so far."""
    if not live.database_url:
        return 0
    found = rows(live, "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    return int(found[0][0])


def test_all_verbs_at_once(live_bookonce: LiveBookonce) -> None:
    live = live_bookonce
    slug = new_calendar(live, name="Second", durations=[30], interval=15)
    shared = {
        "links": [urlsplit(url).path for url in new_links(live, LINKS)]
        + [urlsplit(url).path for url in new_links(live, LINKS, calendar=slug, max_bookings=2)],
        "times": slots(25),
        "calendars": in_product(live, _BOB),
        "manage": [],
    }
    before = deadlocks(live)
    actors = [Actors(live, seed, shared) for seed in range(THREADS)]
    broken: list[BaseException] = []

    def run(actor: Actors) -> None:
        try:
            for _ in range(ACTS):
                actor.act()
        except BaseException as error:  # noqa: BLE001 - told by the test's own thread
            broken.append(error)
        finally:
            actor.connection.close()

    threads = [threading.Thread(target=run, args=(actor,)) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(600)
    assert broken == []
    seen = sum((actor.seen for actor in actors), Counter[str]())
    statuses = Counter(int(what.rpartition(" ")[2]) for what in seen.elements())
    assert {status for status in statuses if status >= 500} <= {503}, seen
    assert seen["book 201"] > 10, seen
    assert seen["move 303"], seen
    assert seen["cancel_as_host 200"], seen
    check_promises(live)
    for what, statement in _WRONG.items():
        assert rows(live, statement) == [(0,)], what
    assert count(live, "scheduling_onetimelink", "spent > max_bookings") == 0
    assert deadlocks(live) == before
