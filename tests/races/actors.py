"""Threads that act on one server at the same time: each throws its own dice and keeps its own connection."""

from __future__ import annotations

import json
import random
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from http.client import HTTPConnection, RemoteDisconnected
from typing import Any
from urllib.parse import urlencode, urlsplit

from tests.live import LiveBookonce
from tests.races.storm import guest, rows

Verb = Callable[[], tuple[int, Any]]
LONGEST = 1200  # seconds


class Actor:
    """One thread; all threads share the addresses to book through, the times, and what was booked."""

    def __init__(self, live: LiveBookonce, seed: int, shared: dict[str, list[str]]) -> None:
        self.live, self.shared = live, shared
        self.dice = random.Random(seed)
        self.connection = HTTPConnection("127.0.0.1", live.port, timeout=60)
        self.seen: Counter[str] = Counter()

    def verbs(self) -> Mapping[Verb, int]:
        """What it does, and how often in proportion."""
        return {self.book: 8, self.cancel_as_host: 3, self.cancel_as_guest: 2, self.move: 4}

    def act(self) -> None:
        """One verb, at random."""
        verbs = self.verbs()
        verb = self.dice.choices(list(verbs), list(verbs.values()))[0]
        status, _ = verb()
        self.seen[f"{verb.__name__} {status}"] += 1

    def book(self) -> tuple[int, Any]:
        """Through one of the links, one of a few times."""
        body = guest(self.dice.choice(self.shared["times"]), self.dice.randint(1, 5))
        return self.book_through(self.dice.choice(self.shared["links"]), body)

    def book_through(self, link: str, body: dict[str, Any]) -> tuple[int, Any]:
        """The manage page joins what all threads share."""
        status, reply = self.send("POST", f"{link}/book", body)
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

    def change_calendar(self, calendar: str, changes: dict[str, Any]) -> tuple[int, Any]:
        """Over REST."""
        return self.send("PATCH", f"/api/v1/calendars/{calendar}", changes, key=True)

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
        try:
            self.connection.request(method, path, sent, headers)
        except BrokenPipeError:
            pass  # refused by its headers, before the body was sent: the answer is there to be read
        try:
            answer = self.connection.getresponse()
        except RemoteDisconnected:
            # Closed behind an earlier answer that was given before its form was read: the next act connects
            # anew, which a server that has gone would refuse.
            self.connection.close()
            return 0, None
        reply = answer.read()
        return answer.status, json.loads(reply) if reply.startswith(b"{") else None


def act_together(actors: Sequence[Actor], acts: int) -> Counter[str]:
    """So many acts of each at the same time; returns what was done with which status.

    Raises AssertionError when a thread broke, or anything was answered by a 5xx but the documented 503.
    """
    broken: list[BaseException] = []

    def run(actor: Actor) -> None:
        try:
            for _ in range(acts):
                actor.act()
        except BaseException as error:  # noqa: BLE001 - told by the test's own thread
            broken.append(error)
        finally:
            actor.connection.close()

    threads = [threading.Thread(target=run, args=(actor,)) for actor in actors]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(LONGEST)
    assert not broken, [repr(error) for error in broken]
    seen = sum((actor.seen for actor in actors), Counter[str]())
    statuses = {int(what.rpartition(" ")[2]) for what in seen}
    assert {status for status in statuses if status >= 500} <= {503}, seen
    return seen


def deadlocks(live: LiveBookonce) -> int:
    """How many PostgreSQL had to break up so far."""
    if not live.database_url:
        return 0
    found = rows(live, "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
    return int(found[0][0])
