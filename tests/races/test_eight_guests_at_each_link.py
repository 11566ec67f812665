"""Eight guests at the same instant at every one of many links: each link gives exactly one booking.

The links lead to several calendars of several hosts, so that a time is free for each guest: what refuses the
seven others is the link alone. 40 links in `make test`, 10,000 in `make proof`.
"""

from __future__ import annotations

import json
import threading
from collections import Counter
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

from tests.live import NewBookonce
from tests.races.storm import check_promises, count, guest, new_links, rows, slots
from tests.races.team import new_members, new_team_calendar
from tests.strength import times

LINKS = times(24, 10_000)
AT_ONCE = 8
EACH = 400  # links of one calendar, each with eight times of its own, five minutes apart
AGAIN = 20  # a 503 is no outcome: the guest tries again, as it says


class Crowd:
    """Eight guests with a connection each, who all turn to the next link in the same instant."""

    def __init__(self, port: int, links: list[str], starts: list[list[str]]) -> None:
        self.port, self.links, self.starts = port, links, starts
        self.gate = threading.Barrier(AT_ONCE)
        self.codes: list[Counter[str]] = [Counter() for _ in links]
        self.lock = threading.Lock()
        self.broken: list[BaseException] = []

    def come(self) -> None:
        threads = [threading.Thread(target=self.be_guest, args=(number,)) for number in range(AT_ONCE)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert not self.broken, self.broken

    def be_guest(self, number: int) -> None:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            for link, url in enumerate(self.links):
                body = json.dumps(guest(self.starts[link][number], number))
                self.gate.wait(120)
                code = self.book(connection, url, body)
                with self.lock:
                    self.codes[link][code] += 1
        except BaseException as error:  # noqa: BLE001 - told by the test's own thread
            self.broken.append(error)
            self.gate.abort()
        finally:
            connection.close()

    def book(self, connection: HTTPConnection, url: str, body: str) -> str:
        headers = {"Content-Type": "application/json", "Host": f"localhost:{self.port}"}
        for _ in range(AGAIN):
            connection.request("POST", f"{urlsplit(url).path}/book", body, headers)
            answer = connection.getresponse()
            reply: dict[str, Any] = json.loads(answer.read())
            if answer.status != 503:
                return str(answer.status) if answer.status == 201 else f"{answer.status} {reply['code']}"
        return "503"


def test_eight_guests_at_each_link(new_bookonce: NewBookonce) -> None:
    live = new_bookonce(env={"BOOKONCE_RATE_LIMITS": "no", "BOOKONCE_JOBS": "no"})  # mails are no part of it
    hosts = new_members(live, -(-LINKS // EACH))
    links: list[str] = []
    starts: list[list[str]] = []
    while len(links) < LINKS:
        number = min(EACH, LINKS - len(links))
        calendar = new_team_calendar(live, [hosts.pop()], duration=5, interval=5)
        links += new_links(live, number, calendar=calendar.slug)
        free = slots(number * AT_ONCE, step=5, of=5)
        starts += [free[at * AT_ONCE : (at + 1) * AT_ONCE] for at in range(number)]
    crowd = Crowd(live.port, links, starts)
    crowd.come()
    outcomes = Counter(str(sorted(codes.items())) for codes in crowd.codes)
    assert outcomes == {"[('201', 1), ('410 link_used', 7)]": LINKS}
    assert count(live, "scheduling_onetimelink", "spent = 1") == LINKS
    assert count(live, "scheduling_booking") == LINKS
    assert rows(live, "SELECT 1 FROM scheduling_booking GROUP BY link_id HAVING COUNT(*) > 1") == []
    check_promises(live)
