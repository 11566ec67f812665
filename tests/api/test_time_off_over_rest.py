"""Time off over REST: added, listed, shown with appointments, changed in part, removed."""

from __future__ import annotations

from typing import Any

from bookonce.scheduling.models import Appointment, TimeOff
from tests.api.caller import Caller, call_as, is_problem
from tests.api.statements import statements
from tests.cast import MONDAY_NINE, Person, book_through, make_link
from tests.domain.hours_of_a_host import offered

WEEK: dict[str, Any] = {"from": "2026-11-30", "to": "2026-12-04", "note": "Lisbon"}


def test_it_is_added_and_names_the_appointments_that_stay(api: Caller, alice: Person) -> None:
    book_through(make_link(alice), MONDAY_NINE)
    response = api.post("/time-off", WEEK)
    assert response.status_code == 201
    made = response.json()
    assert made == {
        "id": TimeOff.objects.get().public_id,
        "member": {"name": "Alice", "email": "alice@example.com"},
        **WEEK,
        "appointments": [Appointment.objects.get().public_id],
    }
    assert offered(alice, "2026-12-01") == []
    assert api.get(f"/time-off/{made['id']}").json() == made
    listed = api.get("/time-off").json()["items"]
    assert listed == [{name: value for name, value in made.items() if name != "appointments"}]


def test_only_what_is_sent_is_changed(api: Caller, alice: Person) -> None:
    made = api.post("/time-off", WEEK).json()
    path = f"/time-off/{made['id']}"
    assert api.patch(path, {"from": "2026-12-03"}).json() == made | {"from": "2026-12-03"}
    assert offered(alice, "2026-12-01")
    assert list(is_problem(api.patch(path, {"from": "2026-12-05"}), 422, "invalid")["errors"]) == ["to"]
    assert api.patch(path, {"note": None}).json()["note"] == ""


def test_it_is_removed(api: Caller, alice: Person) -> None:
    path = f"/time-off/{api.post('/time-off', WEEK).json()['id']}"
    assert api.send("DELETE", path).status_code == 204
    is_problem(api.send("DELETE", path), 404, "not_found")
    assert offered(alice, "2026-12-01")


def test_a_retry_adds_no_second_one(api: Caller) -> None:
    first = api.post("/time-off", WEEK, Idempotency_Key="a")
    second = api.post("/time-off", WEEK, Idempotency_Key="a")
    assert first.json() == second.json()
    assert TimeOff.objects.count() == 1


def test_owners_see_everybody_s_and_members_their_own(api: Caller, bob: Person) -> None:
    of_alice = api.post("/time-off", WEEK).json()["id"]
    of_bob = api.post("/time-off", WEEK | {"member": "bob@example.com"}).json()["id"]
    assert [item["id"] for item in api.get("/time-off").json()["items"]] == [of_alice, of_bob]
    assert [item["id"] for item in api.get("/time-off?member=bob@example.com").json()["items"]] == [of_bob]
    program = call_as(bob)
    assert [item["id"] for item in program.get("/time-off").json()["items"]] == [of_bob]
    assert program.get("/time-off?member=alice@example.com").json()["items"] == []
    for method, body in (("GET", None), ("PATCH", {"note": "x"}), ("DELETE", None)):
        is_problem(program.send(method, f"/time-off/{of_alice}", body), 404, "not_found")
    is_problem(program.post("/time-off", WEEK | {"member": "alice@example.com"}), 403, "forbidden")
    assert program.patch(f"/time-off/{of_bob}", {"note": "x"}).json()["note"] == "x"


def test_a_page_takes_a_fixed_number_of_statements(api: Caller, bob: Person) -> None:
    for member in ("alice", "bob") * 3:
        api.post("/time-off", WEEK | {"member": f"{member}@example.com"})
    with statements() as found:
        page = api.get("/time-off?limit=4").json()
    assert len(found) == 2  # key, time off
    assert len(page["items"]) == 4
    assert len(api.get(f"/time-off?limit=4&cursor={page['next']}").json()["items"]) == 2
