"""100,000 one-time links from a CSV by the command line, while guests go on booking over HTTP; on SQLite."""

from __future__ import annotations

import json
import resource
import subprocess
import tempfile
import time
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

from tests.live import COMMAND, LiveBookonce
from tests.races.storm import guest, new_links, slots

ROWS, BOOKINGS, PAUSE = 100_000, 200, 0.2


def main() -> None:
    """Print one JSON line: seconds, memory, and how long bookings took meanwhile."""
    with tempfile.TemporaryDirectory(prefix="bookonce-bench-") as folder:
        live = LiveBookonce(Path(folder) / "data", extra_env={"BOOKONCE_JOBS": "no"})
        live.setup()
        live.start()
        try:
            _measure(live, Path(folder))
        finally:
            live.stop()


def _measure(live: LiveBookonce, folder: Path) -> None:
    people, out = folder / "people.csv", folder / "links.csv"
    people.write_text(
        "Name,Email,Ref,City\n"
        + "".join(f"Person {n},person{n}@example.org,lead-{n},Ulm\n" for n in range(ROWS)),
        encoding="utf-8",
    )
    work = list(zip(new_links(live, BOOKINGS), slots(BOOKINGS), strict=True))
    command = [COMMAND, "link", "import", str(people), "--calendar", "30min", "--out", str(out)]
    began = time.monotonic()
    with subprocess.Popen(command, env=live.env, stderr=subprocess.DEVNULL) as process:
        waits = []
        while process.poll() is None and work:
            waits.append(_book(*work.pop(0)))
            time.sleep(PAUSE)
        process.wait()
    seconds = time.monotonic() - began
    with out.open(encoding="utf-8") as file:
        made = sum(1 for _line in file) - 1
    if process.returncode or made != ROWS:
        raise SystemExit(f"{made} links of {ROWS}; exit code {process.returncode}")
    waits.sort()
    figure = {
        "what": "links from a CSV",
        "links": made,
        "seconds": round(seconds, 1),
        "memory MB": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
        "bookings meanwhile": len(waits),
        "median ms": round(waits[len(waits) // 2] * 1000),
        "slowest ms": round(waits[-1] * 1000),
    }
    print(json.dumps(figure), flush=True)


def _book(url: str, start: str) -> float:
    connection = HTTPConnection("127.0.0.1", urlsplit(url).port or 80, timeout=30)
    began = time.monotonic()
    connection.request(
        "POST", f"{urlsplit(url).path}/book", json.dumps(guest(start)), {"Content-Type": "application/json"}
    )
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if answer.status != 201:
        raise SystemExit(f"a booking was answered with {answer.status}")
    return time.monotonic() - began


if __name__ == "__main__":
    main()
