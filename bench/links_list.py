"""The list of one-time links with 1,000 and with 1,000,000 of them, and a wrong token, on both engines.

Links are put in by SQL, as the product would leave them: of 100 links 55 are used, 25 expired, 5 revoked, and
half were opened. `page 5,000` begins behind 250,000 links. `ratio` is to the first page among 1,000 links.
On SQLite `ms` is processor time, on PostgreSQL the time by the clock.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.engine import new_database
from tests.live import LiveBookonce
from tools.postgres import private_cluster

FEW, MANY = 1_000, 1_000_000

# Runs in a process of its own, with the settings of the installation that is measured.
_WORK = """
import json, sys
from bookonce.cli.start import start
start()
from bench._links_of_sql import insert_links, measure
given = json.loads(sys.argv[1])
if given["insert"]:
    insert_links(*given["insert"])
print(json.dumps(measure()))
"""


def main() -> None:
    """Print one JSON line for each figure."""
    with tempfile.TemporaryDirectory(prefix="bookonce-bench-") as folder:
        _measure("SQLite", LiveBookonce(Path(folder) / "data"))
    with (
        private_cluster() as server,
        new_database(server) as url,
        tempfile.TemporaryDirectory(prefix="bookonce-bench-") as folder,
    ):
        _measure("PostgreSQL", LiveBookonce(Path(folder) / "data", database_url=url))


def _measure(engine: str, live: LiveBookonce) -> None:
    live.setup()
    few = _run(live, (0, FEW))
    many = _run(live, (FEW, MANY))
    for what, (seconds, statements, rows) in many.items():
        base = few[what.replace("page 5,000", "page 1")][0]
        figure = {
            "what": what,
            "engine": engine,
            "ms": round(seconds * 1000, 1),
            "ratio": round(seconds / base, 1),
            "statements": statements,
            "rows": rows,
        }
        print(json.dumps(figure), flush=True)


def _run(live: LiveBookonce, insert: tuple[int, int]) -> dict[str, tuple[float, int, int]]:
    command = [sys.executable, "-c", _WORK, json.dumps({"insert": insert})]
    env = live.env | {"PYTHONPATH": os.pathsep.join([".", os.environ.get("PYTHONPATH", "")])}
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    found: dict[str, tuple[float, int, int]] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    main()
