"""Print the ten largest functions, modules and templates; fail when one is over its limit.

The cure for what has grown too large is a new noun with a file of its own, not a second part.
"""

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIMITS = {"function": 60, "module": 500, "template": 120}
FOLDERS = ("src", "tests", "tools", "bench", "proof")
SHOWN = 10


@dataclass(frozen=True, order=True)
class Size:
    """How many lines something has; `kind` is a key of LIMITS, `name` says where it is."""

    lines: int
    kind: str
    name: str

    @property
    def too_large(self) -> bool:
        """Tell whether it is over the limit of its kind."""
        return self.lines > LIMITS[self.kind]


def measure() -> Iterator[Size]:
    """Yield the size of every function, module and template of the project, migrations excepted."""
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*")):
            if path.suffix == ".py" and "migrations" not in path.parts:
                yield from _measure_module(path)
            elif path.suffix in {".html", ".txt"} and "templates" in path.parts:
                yield Size(len(path.read_text().splitlines()), "template", str(path.relative_to(ROOT)))


def _measure_module(path: Path) -> Iterator[Size]:
    """Yield the size of a module and of each function in it, decorators not counted."""
    source, name = path.read_text(), str(path.relative_to(ROOT))
    yield Size(len(source.splitlines()), "module", name)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            yield Size(lines, "function", f"{name}:{node.lineno} {node.name}")


def main() -> int:
    """Print the largest of each kind; return 1 when something is over its limit."""
    sizes = sorted(measure(), reverse=True)
    for kind, limit in LIMITS.items():
        print(f"largest {kind}s (limit {limit} lines):")
        for size in [size for size in sizes if size.kind == kind][:SHOWN]:
            print(f"  {size.lines:4} {size.name}{'   TOO LARGE' if size.too_large else ''}")
    return 1 if any(size.too_large for size in sizes) else 0


if __name__ == "__main__":
    sys.exit(main())
