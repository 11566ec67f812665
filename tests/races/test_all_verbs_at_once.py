"""Booking, cancelling, moving, revoking and changing all at the same time, over HTTP: no promise breaks.

Nothing is answered by a 5xx but the documented 503, and on PostgreSQL the one lock order leaves no deadlock.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from tests.live import LiveBookonce
from tests.races.actors import Actor, Verb, act_together, deadlocks
from tests.races.beside import in_product
from tests.races.storm import check_promises, count, new_calendar, new_links, rows, slots
from tests.strength import times

THREADS = 12
ACTS = times(24, 1500)  # of each thread
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


class Alone(Actor):
    """Acts on calendars of one host each."""

    def verbs(self) -> Mapping[Verb, int]:
        """All that guests, owner and settings can do to a booking."""
        more = {self.revoke: 1, self.change_link: 2, self.change_settings: 2, self.make_link: 1}
        return {**super().verbs(), **more}

    def revoke(self) -> tuple[int, Any]:
        """One of the links, by its id."""
        return self.send("POST", f"/api/v1/one-time-links/{self.link_id()}/revoke", key=True)

    def change_link(self) -> tuple[int, Any]:
        """More bookings, another label."""
        changes = {"label": str(self.dice.random()), "max_bookings": self.dice.randint(1, 3)}
        return self.send("PATCH", f"/api/v1/one-time-links/{self.link_id()}", changes, key=True)

    def change_settings(self) -> tuple[int, Any]:
        """Other buffers, another host, a pause."""
        changes: dict[str, Any] = self.dice.choice(
            [
                {"buffer_before": self.dice.choice([0, 10])},
                {"host": self.dice.choice(["alice@example.org", "bob@example.org"])},
                {"paused": True},
                {"paused": False},
                {"paused": False},
            ]
        )
        return self.change_calendar(self.dice.choice(self.shared["calendars"]), changes)

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
    seen = act_together([Alone(live, seed, shared) for seed in range(THREADS)], ACTS)
    assert seen["book 201"] > 10, seen
    assert seen["move 303"], seen
    assert seen["cancel_as_host 200"], seen
    check_promises(live)
    for what, statement in _WRONG.items():
        assert rows(live, statement) == [(0,)], what
    assert count(live, "scheduling_onetimelink", "spent > max_bookings") == 0
    assert deadlocks(live) == before
