"""`bookonce ...` as a person or a script types it, on this run's engine."""

from __future__ import annotations

import json
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bad_rows import FIFTY_BAD_ROWS, bad_file
from tests.live import COMMAND, OWNER, LiveBookonce, NewBookonce
from tests.races.beside import in_product, typed
from tests.races.storm import rows


@pytest.fixture(scope="module")
def live(new_bookonce: NewBookonce) -> Iterator[LiveBookonce]:
    installation = new_bookonce(start=False)
    yield installation
    installation.kill()


def test_setup_prints_what_a_script_needs(live: LiveBookonce) -> None:
    assert live.owner.keys() == {"workspace", "calendar", "api_key"}
    assert live.owner["calendar"].keys() == {"id", "slug"}
    assert (live.owner["workspace"], live.owner["calendar"]["slug"]) == ("alice", "30min")


def test_a_second_setup_fails_and_changes_nothing(live: LiveBookonce) -> None:
    options = [part for name, value in OWNER.items() for part in (f"--{name}", value)]
    again = live.run("setup", *options, "--json", check=False)
    assert again.returncode != 0
    assert "already set up" in again.stderr
    assert again.stdout == ""
    assert rows(live, "SELECT COUNT(*) FROM accounts_apikey") == [(1,)]


def test_bad_input_to_setup_is_named_and_changes_nothing(new_bookonce: NewBookonce) -> None:
    empty = new_bookonce(setup=False, start=False)
    wrong = {**OWNER, "email": "nobody", "password": "short", "timezone": "Mars/Base"}
    options = [part for name, value in wrong.items() for part in (f"--{name}", value)]
    refused = empty.run("setup", *options, check=False)
    assert refused.returncode == 1
    for field in ("email", "password", "timezone"):
        assert f"{field}:" in refused.stderr
    assert empty.setup()["calendar"]["slug"] == "30min"


def test_links_are_made_listed_and_revoked(live: LiveBookonce) -> None:
    made = json.loads(
        live.run("link", "new", "30min", "--label", "Sam", "--external-ref", "7", "--json").stdout
    )
    assert made["url"].startswith(f"{live.base_url}/o/")
    assert made["state"] == "active"
    same = json.loads(typed(live, "link", "new", "30min", "--external-ref", "7", "--json").stdout)
    assert (same["id"], same["url"]) == (made["id"], made["url"])
    plain = typed(live, "link", "new", live.owner["calendar"]["id"]).stdout.strip()
    assert plain.startswith(f"{live.base_url}/o/")
    listed = json.loads(typed(live, "link", "list", "--state", "active", "--json").stdout)
    assert made["id"] in [link["id"] for link in listed]
    revoked = json.loads(typed(live, "link", "revoke", made["id"], "--json").stdout)
    assert (revoked["state"], revoked["url"]) == ("revoked", None)
    assert "before" in typed(live, "link", "revoke", made["id"]).stdout
    typed(live, "link", "revoke", plain)
    assert typed(live, "link", "list", "--state", "active", "--json").stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["link", "new", "nowhere"], "there is no calendar or group nowhere"),
        (["link", "new", "30min", "--expires", "tomorrow"], "expires_at:"),
        (["link", "new", "30min", "--expires", "2020-01-01"], "already passed"),
        (["link", "new", "30min", "--recipient-email", "nobody"], "recipient.email:"),
        (["link", "new", "30min", "--max-bookings", "0"], "max_bookings:"),
        (["link", "list", "--state", "broken"], "there is no state broken"),
        (["link", "new", "30min", "--expires", "in 800 days"], "1 to 730 days"),
        (["link", "new", "30min", "--last-day", "soon"], "window.to:"),
        (["link", "new", "30min", "--length", "7"], "durations:"),
        (["link", "new", "30min", "--metadata", "city"], "city is not KEY=VALUE"),
        (["link", "new", "30min", "--metadata", "a=1", "--metadata", "a=2"], "a is given twice"),
        (["link", "new", "30min", "--parent", "lnk_nothing"], "parent:"),
        (["link", "list", "--unused-since", "soon"], "unused_since:"),
        (["link", "revoke", "lnk_nothing"], "there is no such link"),
        (["link", "revoke", "--batch", "bat_nothing"], "there is no such batch"),
        (["link", "revoke"], "name a link, or a batch"),
        (["link", "revoke", "lnk_nothing", "--batch", "bat_nothing"], "name a link, or a batch"),
        (["password", "nobody@example.org"], "no member"),
    ],
)
def test_what_can_not_be_done_is_said_with_an_exit_code(
    live: LiveBookonce, words: list[str], sentence: str
) -> None:
    refused = typed(live, *words, check=False)
    assert refused.returncode != 0
    assert sentence in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_locked_out_owner_gets_a_new_password(live: LiveBookonce) -> None:
    before = rows(live, "SELECT password FROM accounts_user")
    command = [COMMAND, "password", OWNER["email"]]

    def say(password: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, env=live.env, input=password, capture_output=True, text=True, timeout=60, check=False
        )

    assert say("short\n").returncode == 1
    assert rows(live, "SELECT password FROM accounts_user") == before
    assert say("a better long password\n").returncode == 0
    assert rows(live, "SELECT password FROM accounts_user") != before


def test_the_doctor_finds_what_was_planted(live: LiveBookonce) -> None:
    typed(live, "link", "new", "30min")
    assert live.run("doctor").stdout.count("FAULT") == 0
    rows(
        live,
        "UPDATE scheduling_onetimelink SET spent = 1 WHERE id = (SELECT MIN(id) FROM scheduling_onetimelink)",
    )
    sick = live.run("doctor", check=False)
    assert sick.returncode == 1
    assert "links count other uses than they have" in sick.stdout
    rows(live, "UPDATE scheduling_onetimelink SET spent = 0")


def test_the_doctor_says_when_there_is_nothing_to_look_at(new_bookonce: NewBookonce) -> None:
    empty = new_bookonce(setup=False, start=False)
    empty.database_url = "postgresql://bookonce@127.0.0.1:1/nothing" if empty.database_url else ""
    sick = empty.run("doctor", check=False)
    assert sick.returncode == 1
    assert "This can't be checked" in sick.stdout
    assert sick.stderr == ""


def test_the_doctor_warns_of_an_address_that_guests_can_not_reach(live: LiveBookonce) -> None:
    local = {name: value for name, value in live.env.items() if name != "BOOKONCE_BASE_URL"}
    said = subprocess.run(
        [COMMAND, "doctor"], env=local, capture_output=True, text=True, timeout=60, check=False
    )
    assert "warn   Settings" in said.stdout
    assert "BOOKONCE_BASE_URL is not set" in said.stdout
    assert (said.returncode, "FAULT" in said.stdout) == (0, False)


def test_a_server_without_its_guards_refuses_to_start_until_they_are_back(live: LiveBookonce) -> None:
    if live.database_url:
        rows(live, "ALTER TABLE scheduling_blockedtime DROP CONSTRAINT blocked_time_no_overlap")
    else:
        rows(live, "DROP TRIGGER blocked_time_no_overlap_update")
    refused = live.run("serve", "--port", str(live.port), check=False)
    assert refused.returncode == 1
    assert "blocked_time_no_overlap" in refused.stderr
    assert live.run("doctor", "--repair").returncode == 0


def test_sqlite_serves_with_one_process_and_one_server(live: LiveBookonce) -> None:
    if live.database_url:
        return  # any number of both
    many = live.run("serve", "--workers", "2", check=False)
    assert (many.returncode, "PostgreSQL" in many.stderr) == (2, True)
    live.start()
    second = live.run("serve", "--port", str(live.port + 1), check=False)
    assert second.returncode == 1
    assert "another server is already running" in second.stderr
    assert live.run("worker", check=False).returncode == 2
    live.stop()


def test_a_port_that_is_taken_is_said(live: LiveBookonce) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        refused = live.run("serve", "--port", str(taken.getsockname()[1]), check=False)
    assert refused.returncode == 1
    assert "can't listen" in refused.stderr


def test_a_database_that_is_away_is_said(live: LiveBookonce) -> None:
    away = LiveBookonce(live.data_dir, database_url="postgres://nobody@127.0.0.1:1/nothing")
    refused = away.run("link", "list", check=False)
    assert refused.returncode == 1
    assert "can't use the database" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_links_are_imported_from_a_file_all_or_none(live: LiveBookonce, tmp_path: Path) -> None:
    people, out = tmp_path / "people.csv", tmp_path / "links.csv"
    people.write_text("Name;E-Mail;Ref\nSam;sam@example.org;s1\nKim;nobody;k1\n", encoding="utf-8")
    words = ("link", "import", str(people), "--calendar", "30min")
    refused = typed(live, *words, check=False)
    assert refused.returncode == 1
    assert "line 3: email:" in refused.stderr
    assert "Nothing was made" in refused.stderr
    assert rows(live, "SELECT COUNT(*) FROM scheduling_linkbatch") == [(0,)]
    people.write_text("Name;E-Mail;Ref\nSam;sam@example.org;s1\nKim;kim@example.org;k1\n", encoding="utf-8")
    made = json.loads(typed(live, *words, "--name", "Fair", "--json", "--out", str(out)).stdout)
    assert (made["name"], made["made"], made["known"]) == ("Fair", 2, 0)
    lines = out.read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].startswith("name,email,phone,url,state")
    assert [f"{live.base_url}/o/" in line for line in lines] == [False, True, True]
    again = typed(live, *words)
    assert "0 links made, 2 known before." in again.stderr
    assert again.stdout.encode().decode("utf-8-sig").splitlines()[1] == lines[1]
    people.write_bytes(b"PK\x03\x04")
    assert "This is a workbook" in typed(live, *words, check=False).stderr


def test_a_link_takes_every_option(live: LiveBookonce) -> None:
    first = json.loads(typed(live, "link", "new", "30min", "--json").stdout)
    words = (
        "--first-day",
        "2030-01-01",
        "--last-day",
        "2030-02-01",
        "--length",
        "30",
        "--parent",
        first["id"],
    )
    own = ("--contact-text", "Call Alice.", "--metadata", "city=Ulm", "--metadata", "sum=1+1=2")
    made = json.loads(typed(live, "link", "new", "30min", *words, *own, "--expires", "P3D", "--json").stdout)
    ((first_day, last_day, durations, text, kept, parent, ahead),) = rows(
        live,
        "SELECT link.first_day, link.last_day, link.durations, link.contact_text, link.metadata,"
        " parent.public_id, link.expires_at - link.created_at FROM scheduling_onetimelink AS link"
        " JOIN scheduling_onetimelink AS parent ON parent.id = link.parent_id"
        f" WHERE link.public_id = '{made['id']}'",
    )
    assert (str(first_day), str(last_day), durations) == ("2030-01-01", "2030-02-01", "30")
    kept = kept if isinstance(kept, dict) else json.loads(kept)
    assert (text, kept, parent) == ("Call Alice.", {"city": "Ulm", "sum": "1+1=2"}, first["id"])
    assert abs(ahead - 3 * 86400) <= 1  # seconds


def test_links_are_found_by_what_is_known_of_them_and_a_batch_is_revoked(
    live: LiveBookonce, tmp_path: Path
) -> None:
    def listed(*filters: str) -> list[str]:
        return [link["id"] for link in json.loads(typed(live, "link", "list", *filters, "--json").stdout)]

    words = ("--label", "Found", "--recipient-email", "Ned@example.org", "--external-ref", "n1")
    one = json.loads(typed(live, "link", "new", "30min", *words, "--json").stdout)["id"]
    people = tmp_path / "people.csv"
    people.write_text("email,label\nned@example.org,Fair\nkim@example.org,Fair\n")
    batch = json.loads(typed(live, "link", "import", str(people), "--calendar", "30min", "--json").stdout)[
        "batch"
    ]
    many = listed("--batch", batch)
    assert len(many) == 2
    assert listed("--label", "Found") == listed("--external-ref", "n1") == [one]
    assert listed("--label", "Fair") == many
    assert set(listed("--recipient", "NED@example.org")) == {one, many[1]}
    assert listed("--recipient", "ned@example.org", "--label", "Fair") == [many[1]]
    assert listed("--label", "Fair", "--unused-since", "2020-01-01") == []
    assert listed("--label", "Fair", "--unused-since", "2199-01-01") == many
    assert listed("--batch", "bat_nothing") == []
    assert json.loads(typed(live, "link", "revoke", "--batch", batch, "--json").stdout) == {"revoked": 2}
    assert listed("--batch", batch, "--state", "revoked") == many
    assert "nothing was revoked" in typed(live, "link", "revoke", "--batch", batch).stdout
    assert listed("--label", "Found", "--state", "active") == [one]
    typed(live, "link", "revoke", one)


def test_links_lead_to_groups_too(live: LiveBookonce, tmp_path: Path) -> None:
    group = group_of(live, "Meet us")
    made = json.loads(typed(live, "link", "new", "meet-us", "--label", "Sam", "--json").stdout)
    assert (made["calendar"], made["group"], made["group_slug"]) == (None, group, "meet-us")
    by_id = json.loads(typed(live, "link", "new", group, "--json").stdout)
    listed = json.loads(typed(live, "link", "list", "--calendar", "meet-us", "--json").stdout)
    assert [link["id"] for link in listed] == [by_id["id"], made["id"]]
    assert "meet-us" in typed(live, "link", "list", "--state", "active").stdout
    refused = typed(live, "link", "new", "meet-us", "--host", OWNER["email"], check=False)
    assert "host:" in refused.stderr
    people = tmp_path / "people.csv"
    people.write_text("email\nsam@example.org\nkim@example.org\n")
    imported = typed(live, "link", "import", str(people), "--calendar", "meet-us", "--json")
    assert json.loads(imported.stdout)["made"] == 2
    for link in json.loads(typed(live, "link", "list", "--calendar", "meet-us", "--json").stdout):
        typed(live, "link", "revoke", link["id"])


def group_of(live: LiveBookonce, name: str) -> str:
    """The id of a new group with the first calendar."""
    made = in_product(
        live,
        """
from bookonce.scheduling.calendar_groups import create_group
member = Member.objects.select_related("workspace").get()
print(json.dumps(create_group(member, given, now=clock.now()).public_id))
""",
        name=name,
        calendars=[live.owner["calendar"]["id"]],
    )
    return str(made)


def test_fifty_bad_rows_are_told_one_by_one_and_nothing_is_made(live: LiveBookonce, tmp_path: Path) -> None:
    people, before = tmp_path / "bad.csv", rows(live, "SELECT COUNT(*) FROM scheduling_onetimelink")
    people.write_bytes(bad_file(";"))
    refused = typed(live, "link", "import", str(people), "--calendar", "30min", check=False)
    assert refused.returncode == 1
    told = [line for line in refused.stderr.splitlines() if "line " in line]
    assert len(told) == 50
    for number, (line, (_, said)) in enumerate(zip(told, FIFTY_BAD_ROWS, strict=True), start=3):
        assert f"line {number}: " in line
        assert said in line
    assert rows(live, "SELECT COUNT(*) FROM scheduling_onetimelink") == before
