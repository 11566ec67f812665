"""A proof of work at public addresses: who brings one books, once; a one-time link asks for none."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from altcha import v1 as altcha
from django.test import Client

from bookonce.lib import proofs
from bookonce.scheduling import rate_limits
from bookonce.scheduling.forget_secrets import forget_secrets
from bookonce.scheduling.models import Booking, Calendar, SpentProof
from bookonce.scheduling.rate_limits import Limit
from tests.api.guest_client import at_now, post, slots, stop_clock  # noqa: F401 - a fixture
from tests.api.statements import statements
from tests.cast import MONDAY_NINE, MONDAY_TEN, NOW, Person, guest, make_link
from tests.groups import make_group

pytestmark = [pytest.mark.usefixtures("at_now", "easy"), pytest.mark.django_db]


@pytest.fixture
def easy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Puzzles that take no time."""
    monkeypatch.setattr(proofs, "MOST", 50)


@pytest.fixture
def path(alice: Person) -> str:
    """The permanent link of a calendar that asks for a proof."""
    Calendar.objects.update(proof_of_work=True)
    return f"/c/{alice.calendar.permanent_id}"


def puzzle(path: str, **query: str) -> dict[str, Any]:
    answer = Client().get(f"{path}/challenge", query)
    assert answer.status_code == 200, answer.content
    given: dict[str, Any] = answer.json()
    return given


def solve(given: dict[str, Any], **changes: Any) -> str:
    """What ALTCHA's own library makes of it."""
    found = altcha.solve_challenge(given["challenge"], given["salt"], given["algorithm"], given["maxnumber"])
    assert found is not None
    solved = {name: given[name] for name in ("algorithm", "challenge", "salt", "signature")}
    return written(solved | {"number": found.number, "took": 3} | changes)


def written(solved: Any) -> str:
    return base64.b64encode(json.dumps(solved).encode()).decode()


def faults(answer: Any) -> Any:
    assert answer.status_code == 422, answer.content
    return answer.json()["errors"]


def test_from_the_list_of_times_to_a_booking(path: str) -> None:
    assert slots(path).json()["proof"] == "altcha"
    assert set(faults(post(path))) == {"altcha"}
    given = puzzle(path)
    assert set(given) == {"algorithm", "challenge", "salt", "signature", "maxnumber"}
    assert (given["algorithm"], given["maxnumber"]) == ("SHA-256", 50)
    assert post(path, guest(altcha=solve(given))).status_code == 201


def test_the_puzzle_can_be_asked_for_by_head(path: str) -> None:
    answer = Client().head(f"{path}/challenge")
    assert (answer.status_code, answer.content) == (200, b"")


def test_the_scheduling_link_asks_too(alice: Person, path: str) -> None:
    readable = f"/atelier/{alice.calendar.slug}"
    assert set(faults(post(readable))) == {"altcha"}
    assert post(readable, guest(altcha=solve(puzzle(readable)))).status_code == 201


def test_a_one_time_link_asks_for_nothing(alice: Person, path: str) -> None:
    link = f"/o/{make_link(alice).token}"
    assert "proof" not in slots(link).json()
    refused = Client().get(f"{link}/challenge")
    assert (refused.status_code, refused.json()["code"]) == (409, "conflict")
    assert set(faults(post(link, guest(altcha=solve(puzzle(path)))))) == {"altcha"}
    assert post(link).status_code == 201


def test_a_calendar_without_it_asks_for_nothing(alice: Person) -> None:
    path = f"/c/{alice.calendar.permanent_id}"
    assert "proof" not in slots(path).json()
    assert Client().get(f"{path}/challenge").status_code == 409
    assert post(path).status_code == 201


def test_each_solution_books_once(path: str) -> None:
    solution = solve(puzzle(path))
    assert post(path, guest(altcha=solution)).status_code == 201
    again = guest(MONDAY_TEN, altcha=solution)
    assert faults(post(path, again)) == {
        "altcha": ["This proof of work has booked before. Send the form once more."]
    }
    other_spelling = written(json.loads(base64.b64decode(solution)) | {"took": 4})
    assert set(faults(post(path, again | {"altcha": other_spelling}))) == {"altcha"}
    assert Booking.objects.count() == SpentProof.objects.count() == 1


def test_a_booking_that_fails_leaves_it_unspent(path: str) -> None:
    assert post(path, guest(altcha=solve(puzzle(path)))).status_code == 201
    solution = solve(puzzle(path))
    assert post(path, guest(altcha=solution)).json()["code"] == "slot_taken"
    assert set(faults(post(path, guest(MONDAY_TEN, altcha=solution, email="nobody")))) == {"email"}
    assert post(path, guest(MONDAY_TEN, altcha=solution)).status_code == 201


def test_a_retry_gets_the_first_answer(path: str) -> None:
    body, key = guest(altcha=solve(puzzle(path))), {"Idempotency-Key": "one"}
    first = post(path, body, **key)
    assert first.status_code == 201
    assert post(path, body, **key).json() == first.json()
    assert post(path, body | {"altcha": solve(puzzle(path))}, **key).json() == first.json()
    assert post(path, guest(), **key).json() == first.json()


def test_it_counts_for_its_door_and_calendar_alone(alice: Person, bob: Person, path: str) -> None:
    Calendar.objects.update(proof_of_work=True)
    group = make_group(alice, alice.calendar, bob.calendar)
    menu, of_bob = f"/c/{group.permanent_id}", f"/c/{bob.calendar.permanent_id}"
    assert set(faults(Client().get(f"{menu}/challenge"))) == {"calendar"}
    mine, his = ({"calendar": one.calendar.public_id} for one in (alice, bob))
    for solution in (
        solve(puzzle(of_bob)),
        solve(puzzle(menu, **mine)),
        solve(puzzle(f"/atelier/{alice.calendar.slug}")),
    ):
        assert set(faults(post(path, guest(altcha=solution)))) == {"altcha"}
    assert set(faults(post(menu, guest(altcha=solve(puzzle(menu, **mine)), **his)))) == {"altcha"}
    assert post(menu, guest(altcha=solve(puzzle(menu, **his)), **his)).status_code == 201


def test_it_lapses(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    solution = solve(puzzle(path))
    stop_clock(monkeypatch, NOW + timedelta(seconds=proofs.LIFE))
    assert faults(post(path, guest(altcha=solution))) == {
        "altcha": ["This proof of work is too old. Send the form once more."]
    }
    stop_clock(monkeypatch, NOW + timedelta(seconds=proofs.LIFE - 1))
    assert post(path, guest(altcha=solution)).status_code == 201


def test_what_was_tampered_with_proves_nothing(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limits, "LIMITS", {**rate_limits.LIMITS, "bookings": Limit(100, 600)})
    given = puzzle(path)
    solved = json.loads(base64.b64decode(solve(given)))
    salt = given["salt"]
    begun, _mark, expiry = salt.partition("expires=")
    later = f"{begun}expires={int(expiry[:-1]) + 9999}&"
    own = altcha.create_challenge(altcha.ChallengeOptions(hmac_key="mine", number=1, salt=salt))
    bad: list[Any] = [
        *("", "x", "e30=", "AAAA", "é", "[]", "W10=", written([]), written("no"), written(None)),
        *(written({}), written(solved | {"number": solved["number"] + 1}), written(solved | {"number": -1})),
        *(written(solved | {"number": str(solved["number"])}), written(solved | {"number": True})),
        *(written(solved | {"number": 10**30}), written(solved | {"number": None})),
        *(written(solved | {"salt": later}), written(solved | {"salt": f"{salt}expires=1999999999&"})),
        *(
            written(solved | {"salt": salt[:-1]}),
            written(solved | {"salt": 5}),
            written(solved | {"salt": ""}),
        ),
        *(written(solved | {"algorithm": "SHA-1"}), written(solved | {"algorithm": ["SHA-256"]})),
        *(written(solved | {"signature": "0" * 64}), written(solved | {"signature": {}})),
        written(solved | {"challenge": solved["challenge"].upper()}),
        written({**own.to_dict(), "number": 1}),
        # The digits of the number moved into the salt.
        written(solved | {"salt": f"{salt}{str(solved['number'])[:1]}", "number": 0}),
        *(5, True, ["x"], {"a": 1}, "x" * 5000, "A" * 1996, base64.b64encode(b"[" * 1400).decode()),
    ]
    for payload in bad:
        assert set(faults(post(path, guest(altcha=payload)))) == {"altcha"}, payload
    assert not SpentProof.objects.exists()
    assert post(path, guest(altcha=written(solved))).status_code == 201


def test_puzzles_are_limited(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limits, "LIMITS", {**rate_limits.LIMITS, "challenges": Limit(2, 600)})
    assert [Client().get(f"{path}/challenge").status_code for _ in range(3)] == [200, 200, 429]


@pytest.mark.parametrize("state", ["paused_at", "deleted_at", "one_time_only"])
def test_no_puzzle_where_nothing_can_be_booked(alice: Person, path: str, state: str) -> None:
    Calendar.objects.update(**{state: NOW if state.endswith("_at") else True})
    answer, listed = Client().get(f"{path}/challenge"), slots(path)
    assert (answer.status_code, answer.json()["code"]) == (listed.status_code, listed.json()["code"])
    assert answer.status_code != 200


def test_spent_proofs_are_forgotten(path: str) -> None:
    assert post(path, guest(altcha=solve(puzzle(path)))).status_code == 201
    forget_secrets(now=NOW + timedelta(hours=1))
    assert SpentProof.objects.count() == 1
    forget_secrets(now=NOW + timedelta(hours=1, seconds=proofs.LIFE + 1))
    assert not SpentProof.objects.exists()


def test_statements(path: str) -> None:
    body = guest(MONDAY_NINE, altcha=solve(puzzle(path)))
    with statements() as found:
        assert post(path, body, **{"Idempotency-Key": "k"}).status_code == 201
    counted = [sql for sql in found if "ratecount" in sql]
    assert len(found) - len(counted) <= 15, found
