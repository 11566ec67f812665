"""A code by mail under a storm: one booking for a code, and no try more than it allows."""

from __future__ import annotations

import os
from collections import Counter
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from tests.live import LiveBookonce, NewBookonce
from tests.races.beside import in_product
from tests.races.storm import Post, Reply, all_at_once, count, guest, rows, slots

AT_ONCE = 8
TRIES = 5
CONTROLS = str(Path(__file__).parent / "controls")
_CODE = """
from bookonce.lib.sealed import unseal
print(json.dumps(unseal(LinkCode.objects.latest("pk").sealed_code)))
"""


def locked_link(live: LiveBookonce) -> tuple[str, str]:
    """A link for eight bookings, and the code that was asked for."""
    wanted = {
        "calendar": live.owner["calendar"]["id"],
        "recipient": {"email": "gina@example.org"},
        "email_lock": "code",
        "max_bookings": AT_ONCE,
    }
    url = str(live.call("POST", "one-time-links", wanted)["url"])
    with closing(HTTPConnection("127.0.0.1", live.port, timeout=20)) as connection:
        connection.request("POST", f"{urlsplit(url).path}/code", headers={"Content-Type": "application/json"})
        assert connection.getresponse().status == 202
    return url, str(in_product(live, _CODE))


def tell(url: str, codes: list[str]) -> list[Reply]:
    """What comes of these codes, each for a time of its own, sent in the same instant."""
    posts = []
    for number, (start, code) in enumerate(zip(slots(len(codes)), codes, strict=True)):
        body = guest(start, number, code=code)
        del body["email"]
        posts.append(Post(url, body))
    return all_at_once(posts)


def without_mail(new_bookonce: NewBookonce, **env: str) -> LiveBookonce:
    """A server that sends no mail: the codes stay readable."""
    return new_bookonce(env={"BOOKONCE_JOBS": "no", **env})


def test_eight_at_once_with_one_code(new_bookonce: NewBookonce) -> None:
    live = without_mail(new_bookonce)
    for number in range(1, 6):
        url, code = locked_link(live)
        found = Counter(reply.status for reply in tell(url, [code] * AT_ONCE))
        assert found[201] <= 1
        assert found == {201: 1, 422: AT_ONCE - 1}
        assert count(live, "scheduling_booking") == number
        assert rows(live, "SELECT spent FROM scheduling_onetimelink ORDER BY id DESC LIMIT 1") == [(1,)]
        in_product(live, 'print(json.dumps(Appointment.objects.update(status="cancelled", cancelled_at=1)))')
        in_product(live, "print(json.dumps(BlockedTime.objects.update(live=False)))")


def test_wrong_codes_at_once(new_bookonce: NewBookonce) -> None:
    live = without_mail(new_bookonce)
    url, code = locked_link(live)
    others = [f"{(int(code) + number) % 10**6:06}" for number in range(1, 25)]
    said = Counter(str(reply.body["errors"]["code"][0]) for reply in tell(url, others))
    assert said == {
        "This is not the code. Look at the latest mail.": TRIES,
        "This code no longer works. Ask for a new one.": len(others) - TRIES,
    }
    assert [reply.status for reply in tell(url, [code])] == [422]
    assert count(live, "scheduling_booking") == 0


def test_without_its_guards_a_code_gives_more(new_bookonce: NewBookonce) -> None:
    path = os.pathsep.join(filter(None, [CONTROLS, os.environ.get("PYTHONPATH")]))
    live = without_mail(new_bookonce, PYTHONPATH=path, BOOKONCE_TEST_CONTROL="naive codes")
    url, code = locked_link(live)
    assert Counter(reply.status for reply in tell(url, [code] * AT_ONCE))[201] > TRIES
