"""Run the whole suite and end with honest counts: `make test`, and with `proof` the long forms.

Each run below is one pytest process: on SQLite, then what concerns the engine again on PostgreSQL. Runs that
use one core are carried out two at a time, the others by two processes; the proofs one by one.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from tools.packages import install_missing, left_out
from tools.postgres import URL_VARIABLE, private_cluster

ROOT = Path(__file__).resolve().parent.parent
FULL = "BOOKONCE_TEST_FULL"
CHECK_NAMES = ("lint", "types", "sizes")
OUTPUT, REPORT = "output", "report.xml"
# File by file in the order in which they stand: sorted by the number of tests, as xdist would, the longest
# files (a browser's, of few tests) came last, and one core waited for the other.
TOGETHER, ALONE = ("-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"), ()


@dataclass(frozen=True)
class Run:
    """One pytest process: what it runs, on which engine, and after how many seconds it counts as stuck."""

    name: str
    paths: tuple[str, ...]
    options: tuple[str, ...] = ALONE
    on_postgresql: bool = False
    seconds: int = 600


Group = tuple[Run, ...]  # side by side
CHECKS = Run(", ".join(CHECK_NAMES), ())  # no tests; beside the first group of the suite
SUITE: tuple[Group, ...] = (
    (Run("unit and house rules", ("tests/check", "tests/unit"), TOGETHER),),
    (Run("SQLite", ("tests/e2e", "tests/pages", "tests/domain", "tests/api"), TOGETHER, seconds=900),),
    (Run("PostgreSQL", ("tests/domain", "tests/api"), TOGETHER, on_postgresql=True),),
    (
        Run("SQLite, races and faults", ("tests/races", "tests/faults"), seconds=900),
        Run("PostgreSQL, races", ("tests/races",), on_postgresql=True, seconds=900),
    ),
)
# The same tests with the full numbers (tests/strength.py).
_IN_A_DATABASE = (
    "tests/domain/test_links_live_as_the_table_says.py",
    "tests/domain/test_a_database_offers_what_the_engine_says.py",
    "tests/pages/test_the_explanation_agrees_with_the_list.py",
)
PROOF: tuple[Group, ...] = (
    (Run("proof: slots and links in SQLite", _IN_A_DATABASE, TOGETHER, seconds=3600),),
    (
        Run(
            "proof: slots and links in PostgreSQL", _IN_A_DATABASE, TOGETHER, on_postgresql=True, seconds=3600
        ),
    ),
    (
        Run(
            "proof: slots",
            (
                "tests/unit/test_slots_agree_with_a_minute_by_minute_oracle.py",
                "tests/unit/test_every_kind_agrees_with_a_slow_oracle.py",
            ),
            TOGETHER,
            seconds=3600,
        ),
    ),
    (
        Run(
            "proof: what people type and see",
            (
                "tests/pages/test_hostile_strings_stay_text.py",
                "tests/e2e/test_guests_pages_pass_axe.py",
                "tests/e2e/test_pages_are_accessible.py",
                "tests/e2e/test_hosts_of_a_calendar.py",
            ),
            seconds=3600,
        ),
    ),
    (Run("proof on SQLite", ("tests/races", "tests/faults"), seconds=4 * 3600),),
    (Run("proof on PostgreSQL", ("tests/races",), on_postgresql=True, seconds=4 * 3600),),
)


@dataclass(frozen=True)
class Counts:
    """How the tests of a run ended; a run that broke before it could count has `failed` = 1."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        """Return the sum, field by field."""
        return Counts(self.passed + other.passed, self.failed + other.failed, self.skipped + other.skipped)

    def __str__(self) -> str:
        """Say it as pytest does."""
        skipped = f", {self.skipped} skipped" if self.skipped else ""
        return f"{self.passed} passed, {self.failed} failed{skipped}"


def main(arguments: Sequence[str]) -> int:
    """Run the suite (or the proofs); return 0 only when every check and every test passed."""
    if list(arguments) == ["checks"]:
        return _checks()
    groups = PROOF if list(arguments) == ["proof"] else SUITE
    without = left_out()
    install_missing(without)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # so that the cluster is taken down
    if groups is PROOF:
        os.environ[FULL] = "yes"
    lines: list[str] = []
    total = Counts()
    beside = [] if groups is PROOF else [CHECKS]
    with ExitStack() as stack:
        if sys.dont_write_bytecode:
            _keep_bytecode(
                Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bookonce-bytecode-")))
            )
        url = "" if "postgresql" in without else stack.enter_context(private_cluster())
        for group in groups:
            runs = [run for run in group if url or not run.on_postgresql]
            lines += [f"{run.name}: not run" for run in group if run not in runs]
            for run, counts, seconds in _side_by_side([*beside, *runs], url):
                lines.append(f"{run.name}: {counts} in {seconds:.0f} s")
                total += counts
            beside = []
    _close(lines, without, total)
    return 1 if total.failed or not total.passed else 0


def _keep_bytecode(folder: Path) -> None:
    """Keep compiled modules in a folder of this run where the caller wants none beside the sources.

    Hundreds of servers and commands are started, and each would compile the whole product first.
    """
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    os.environ["PYTHONPYCACHEPREFIX"] = str(folder)


def _checks() -> int:
    """Run the checks that are no tests; say which failed."""
    failed = [
        name
        for name in CHECK_NAMES
        if subprocess.run(["make", "--no-print-directory", name], cwd=ROOT, check=False).returncode
    ]
    print(f"{', '.join(failed)} FAILED" if failed else f"{', '.join(CHECK_NAMES)}: passed", flush=True)
    return 1 if failed else 0


def _side_by_side(runs: Sequence[Run], url: str) -> list[tuple[Run, Counts, float]]:
    """Carry these runs out at the same time; each one's counts and how long it took in seconds."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bookonce-suite-")))
        started = [
            _start(run, folder / str(number), url, alone=len(runs) == 1) for number, run in enumerate(runs)
        ]
        for each in started:
            stack.callback(each.kill)
        return [(each.run, *each.finish()) for each in started]


def _start(run: Run, folder: Path, url: str, *, alone: bool) -> "Started":
    """Begin a run; what it prints is kept until it is over, unless it is alone."""
    print(f"\n===== {run.name}: {' '.join(run.paths)}", flush=True)
    folder.mkdir()
    environment = {**os.environ, URL_VARIABLE: url if run.on_postgresql else ""}
    report = f"--junitxml={folder / REPORT}"
    command = (
        ["tools.suite", "checks"] if run is CHECKS else ["pytest", "-q", report, *run.options, *run.paths]
    )
    with (folder / OUTPUT).open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env=environment,
            start_new_session=True,
            stdout=None if alone else output,
            stderr=None if alone else subprocess.STDOUT,
        )
    return Started(run, process, folder, time.monotonic())


@dataclass(frozen=True)
class Started:
    """A run that is under way, and the folder in which it leaves what it found."""

    run: Run
    process: "subprocess.Popen[bytes]"
    folder: Path
    began: float

    def finish(self) -> tuple[Counts, float]:
        """Wait for the end, show what was printed; return the counts and how long it took in seconds."""
        try:
            code = self.process.wait(max(0, self.began + self.run.seconds - time.monotonic()))
        except subprocess.TimeoutExpired:
            code = -1
            self.kill()
        seconds = time.monotonic() - self.began
        print(f"\n===== {self.run.name}, after {seconds:.0f} s", flush=True)
        sys.stdout.write((self.folder / OUTPUT).read_text(errors="replace"))
        if code == -1:
            print(f"{self.run.name}: stopped after {self.run.seconds} s", flush=True)
        if self.run is CHECKS:
            return Counts(failed=1 if code else 0), seconds
        return _counts(self.folder / REPORT, code), seconds

    def kill(self) -> None:
        """End it with all that it has started, if it is still under way."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def _counts(report: Path, code: int) -> Counts:
    """Read pytest's report; a bad exit without a counted failure is a failure too (5 = no test found)."""
    counts = Counts()
    if report.exists():
        for suite in ET.parse(report).getroot().iter("testsuite"):  # noqa: S314 (our own file)
            number = {name: int(suite.get(name, 0)) for name in ("tests", "failures", "errors", "skipped")}
            failed = number["failures"] + number["errors"]
            counts += Counts(number["tests"] - failed - number["skipped"], failed, number["skipped"])
    if code and not counts.failed:
        counts += Counts(failed=1)
    return counts


def _close(lines: Sequence[str], without: frozenset[str], total: Counts) -> None:
    """Print the last lines: every run, what was left out, and the sum alone on its line."""
    print("\n===== summary")
    for line in lines:
        print(f"  {line}")
    if without:
        print(f"  LEFT OUT by WITHOUT={','.join(sorted(without))}: this is not the whole suite")
    print(total, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
