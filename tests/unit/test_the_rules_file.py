"""`bookonce slots`: rules in, starts out; no database, no settings."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from bookonce.cli import main

HALF_PAST = {"start": "2026-12-01T08:00:00Z", "end": "2026-12-01T08:30:00Z"}
GOOD: dict[str, Any] = {
    "now": "2026-11-30T12:00:00Z",
    "window": {"start": "2026-12-01T00:00:00Z", "end": "2026-12-02T00:00:00Z"},
    "guest_timezone": "Europe/Berlin",
    "kind": "round_robin",
    "hosts": [
        {
            "id": name,
            "timezone": "Europe/Berlin",
            "weekly": [{"days": [1, 2], "start": "09:00", "end": "10:00"}],
            "busy": busy,
        }
        for name, busy in (
            ("ann", []),
            ("bob", [{"start": "2026-12-01T08:00:00Z", "end": "2026-12-01T08:30:00Z"}]),
        )
    ],
    "duration": 30,
    "interval": 15,
}
ANSWER = {
    "slots": ["2026-12-01T08:00:00Z", "2026-12-01T08:15:00Z", "2026-12-01T08:30:00Z"],
    "hosts_by_slot": {
        "2026-12-01T08:00:00Z": ["ann"],
        "2026-12-01T08:15:00Z": ["ann"],
        "2026-12-01T08:30:00Z": ["ann", "bob"],
    },
}


def run(source: str, *options: str, given: str | None = None) -> Result:
    return CliRunner().invoke(main, ["slots", "--file", source, *options], input=given)


def test_a_file_is_answered(tmp_path: Path) -> None:
    file = tmp_path / "rules.json"
    file.write_text(json.dumps(GOOD))
    found = run(str(file))
    assert (found.exit_code, json.loads(found.stdout)) == (0, ANSWER)


def test_standard_input_is_answered_with_reasons() -> None:
    found = json.loads(run("-", "--explain", given=json.dumps(GOOD)).stdout)
    assert found == ANSWER | {
        "explain": {"2026-12-01T08:45:00Z": {"rule": "hours", "hosts": {"ann": "hours", "bob": "hours"}}}
    }


def test_a_list_gives_a_list_with_errors_in_their_place() -> None:
    found = run("-", given=json.dumps([GOOD, GOOD | {"duration": "long"}, 7]))
    first, second, third = json.loads(found.stdout)
    assert (found.exit_code, first) == (0, ANSWER)
    assert second["error"]["errors"] == {"duration": ["Enter a whole number."]}
    assert second["error"]["code"] == "invalid"
    assert "error" in third


def test_a_single_bad_rule_set_ends_the_command() -> None:
    found = run("-", given=json.dumps(GOOD | {"kind": "everyone"}))
    assert found.exit_code == 1
    assert "kind: Choose one of:" in found.stderr
    assert json.loads(found.stdout)["error"]["errors"].keys() == {"kind"}


def test_what_is_no_json_is_told() -> None:
    for given in ("", "{", "nonsense", "[" * 100_000, '{"now": ' + "9" * 5000 + "}"):
        found = run("-", given=given)
        assert found.exit_code == 1
        assert "not JSON" in found.stderr
    assert run("missing.json").exit_code == 2


def test_it_needs_neither_database_nor_settings(tmp_path: Path) -> None:
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("BOOKONCE", "DJANGO"))
    }
    environment |= {"BOOKONCE_DATA_DIR": str(tmp_path / "none"), "BOOKONCE_DATABASE_URL": "nonsense://"}
    found = subprocess.run(
        [sys.executable, "-m", "bookonce", "slots", "--file", "-"],
        input=json.dumps(GOOD),
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(found.stdout) == ANSWER
    assert list(tmp_path.iterdir()) == []
