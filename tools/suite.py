"""Run the whole suite and end with honest counts: `make test`, and with `proof` the long forms.

Each run below is one pytest process: on SQLite, then what concerns the engine again on PostgreSQL.
What races or kills servers runs alone; the rest shares the cores.
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
CHECKS = ("lint", "types", "sizes")
TOGETHER, ALONE = ("-n", "2", "--dist", "loadfile"), ()


@dataclass(frozen=True)
class Run:
    """One pytest process: what it runs, on which engine, and after how many seconds it counts as stuck."""

    name: str
    paths: tuple[str, ...]
    options: tuple[str, ...] = ALONE
    on_postgresql: bool = False
    seconds: int = 600


SUITE = (
    Run("unit and house rules", ("tests/unit", "tests/check")),
    Run("SQLite", ("tests/domain", "tests/pages", "tests/api", "tests/e2e"), TOGETHER, seconds=900),
    Run("SQLite, races and faults", ("tests/races", "tests/faults"), seconds=900),
    Run("PostgreSQL", ("tests/domain", "tests/api"), TOGETHER, on_postgresql=True),
    Run("PostgreSQL, races", ("tests/races",), on_postgresql=True, seconds=900),
)
# The same tests with the full numbers (tests/strength.py).
_IN_A_DATABASE = (
    "tests/domain/test_a_database_offers_what_the_engine_says.py",
    "tests/pages/test_the_explanation_agrees_with_the_list.py",
)
PROOF = (
    Run("proof: slots in SQLite", _IN_A_DATABASE, TOGETHER, seconds=3600),
    Run("proof: slots in PostgreSQL", _IN_A_DATABASE, TOGETHER, on_postgresql=True, seconds=3600),
    Run(
        "proof: slots",
        (
            "tests/unit/test_slots_agree_with_a_minute_by_minute_oracle.py",
            "tests/unit/test_every_kind_agrees_with_a_slow_oracle.py",
        ),
        TOGETHER,
        seconds=3600,
    ),
    Run("proof on SQLite", ("tests/races", "tests/faults"), seconds=4 * 3600),
    Run("proof on PostgreSQL", ("tests/races",), on_postgresql=True, seconds=4 * 3600),
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
    runs = PROOF if list(arguments) == ["proof"] else SUITE
    without = left_out()
    install_missing(without)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # so that the cluster is taken down
    if runs is PROOF:
        os.environ[FULL] = "yes"
    lines: list[str] = []
    failed_checks = [] if runs is PROOF else _failed_checks()
    if runs is SUITE:
        verdict = f"{', '.join(failed_checks)} FAILED" if failed_checks else "passed"
        lines.append(f"{', '.join(CHECKS)}: {verdict}")
    total = Counts()
    with ExitStack() as stack:
        url = "" if "postgresql" in without else stack.enter_context(private_cluster())
        for run in runs:
            if run.on_postgresql and not url:
                lines.append(f"{run.name}: not run")
                continue
            counts, seconds = _run(run, url)
            lines.append(f"{run.name}: {counts} in {seconds:.0f} s")
            total += counts
    _close(lines, without, total)
    return 1 if failed_checks or total.failed or not total.passed else 0


def _failed_checks() -> list[str]:
    """Run the checks that are no tests; return the names of those that failed."""
    return [
        name
        for name in CHECKS
        if subprocess.run(["make", "--no-print-directory", name], cwd=ROOT, check=False).returncode
    ]


def _run(run: Run, url: str) -> tuple[Counts, float]:
    """Carry out one run; return its counts and how long it took in seconds."""
    print(f"\n===== {run.name}: {' '.join(run.paths)}", flush=True)
    environment = {**os.environ, URL_VARIABLE: url if run.on_postgresql else ""}
    with tempfile.TemporaryDirectory(prefix="bookonce-suite-") as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={report}", *run.options, *run.paths]
        began = time.monotonic()
        process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
        try:
            code = process.wait(run.seconds)
        except subprocess.TimeoutExpired:
            code = -1
            print(f"{run.name}: stopped after {run.seconds} s", flush=True)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        return _counts(report, code), time.monotonic() - began


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
