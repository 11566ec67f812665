"""Run every benchmark (bench/*.py); keep its figures as JSON lines in bench/out/ and show them as tables.

A benchmark is a program that prints one JSON object per line for each figure; anything else it prints is
passed on. Names that start with an underscore are parts of others.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "bench" / "out"


def main(names: Sequence[str]) -> int:
    """Run the benchmarks named (default: all); return 0 when each ended well and gave a figure."""
    programs = [
        path
        for path in sorted((ROOT / "bench").glob("*.py"))
        if not path.name.startswith("_") and (not names or path.stem in names)
    ]
    OUT.mkdir(parents=True, exist_ok=True)
    failed = [path.stem for path in programs if not _run(path)]
    print(f"{len(programs)} benchmarks; figures are in {OUT.relative_to(ROOT)}/")
    if failed:
        print(f"failed: {', '.join(failed)}")
    return 1 if failed or not programs else 0


def _run(path: Path) -> bool:
    """Run one benchmark, keep and show its figures; return whether it did its work."""
    print(f"\n===== {path.stem}", flush=True)
    figures: list[dict[str, Any]] = []
    with subprocess.Popen(
        [sys.executable, "-m", f"bench.{path.stem}"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as process:
        for line in process.stdout or ():
            if line.startswith("{"):
                figures.append(json.loads(line))
            else:
                print(line, end="", flush=True)
    (OUT / f"{path.stem}.jsonl").write_text("".join(json.dumps(figure) + "\n" for figure in figures))
    print(table(figures))
    return process.returncode == 0 and bool(figures)


def table(figures: Sequence[dict[str, Any]]) -> str:
    """Return the figures as a text table, one row each, columns in order of first appearance."""
    columns = list(dict.fromkeys(name for figure in figures for name in figure))
    rows = [columns, *([_cell(figure.get(name, "")) for name in columns] for figure in figures)]
    widths = [max(len(row[index]) for row in rows) for index in range(len(columns))]
    padded = ([cell.ljust(width) for cell, width in zip(row, widths, strict=True)] for row in rows)
    return "\n".join("  ".join(row) for row in padded)


def _cell(value: object) -> str:
    """Return a value in as few characters as it needs."""
    return f"{value:.4g}" if isinstance(value, float) else str(value)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
