"""A proof of work, or a code in its place, under a storm at a public link: each gives one booking."""

from __future__ import annotations

import base64
import json
import os
import urllib.request
from collections import Counter
from pathlib import Path

import pytest
from altcha import v1 as altcha

from tests.live import LiveBookonce, NewBookonce
from tests.races.beside import in_product
from tests.races.storm import Post, all_at_once, count, guest, slots

AT_ONCE = 8
CONTROLS = str(Path(__file__).parent / "controls")
GINA = "gina@example.org"
_CODE = """
from bookonce.lib.sealed import unseal
print(json.dumps(unseal(GuestCode.objects.latest("pk").sealed_code)))
"""


@pytest.fixture(scope="module")
def live(new_bookonce: NewBookonce) -> LiveBookonce:
    """A server that sends no mail: the codes stay readable."""
    return new_bookonce(env={"BOOKONCE_JOBS": "no"})


def open_link(live: LiveBookonce) -> str:
    """The scheduling link of a new calendar that asks for a proof."""
    made = live.call("POST", "calendars", {"name": "Open to all", "durations": [30], "proof_of_work": True})
    return str(made["scheduling_link"])


def proof(link: str) -> str:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"{link}/challenge", timeout=20) as answer:
        puzzle = json.loads(answer.read())
    most = puzzle.pop("maxnumber")
    found = altcha.solve_challenge(puzzle["challenge"], puzzle["salt"], puzzle["algorithm"], most)
    assert found
    return base64.b64encode(json.dumps({**puzzle, "number": found.number}).encode()).decode()


def statuses(link: str, *, week: int, **brought: str) -> Counter[int]:
    """What comes of bookings of different times with the same proof or code, sent in the same instant."""
    starts = slots(AT_ONCE, weeks_ahead=week)
    posts = [Post(link, guest(start) | {"email": GINA} | brought) for start in starts]
    return Counter(reply.status for reply in all_at_once(posts))


def test_eight_at_once_with_one_proof(live: LiveBookonce) -> None:
    link = open_link(live)
    for week in (1, 2, 3):
        assert statuses(link, week=week, altcha=proof(link)) == {201: 1, 422: AT_ONCE - 1}
        assert count(live, "scheduling_spentproof") == count(live, "scheduling_booking") == week


def test_eight_at_once_with_one_code(live: LiveBookonce) -> None:
    link, before = open_link(live), count(live, "scheduling_booking")
    asked = all_at_once([Post(link, {"email": GINA}, act="code")] * AT_ONCE)
    assert Counter(reply.status for reply in asked) == {202: 1, 429: AT_ONCE - 1}
    assert count(live, "scheduling_guestcode") == 1
    code = str(in_product(live, _CODE))
    assert statuses(link, week=5, code=code) == {201: 1, 422: AT_ONCE - 1}
    assert count(live, "scheduling_booking") == before + 1


def test_without_its_guard_a_proof_gives_more(new_bookonce: NewBookonce) -> None:
    path = os.pathsep.join(filter(None, [CONTROLS, os.environ.get("PYTHONPATH")]))
    live = new_bookonce(env={"PYTHONPATH": path, "BOOKONCE_TEST_CONTROL": "proofs stay unspent"})
    link = open_link(live)
    assert statuses(link, week=1, altcha=proof(link))[201] > 1
