"""The project's own files as the house rules see them."""

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGE = ROOT / "src" / "bookonce"


def modules() -> Iterator[tuple[Path, ast.Module]]:
    """Every module of the product with its syntax tree."""
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path, ast.parse(path.read_text(), str(path))


def place(path: Path, node: ast.AST | None = None) -> str:
    """Where something is, as an editor understands it."""
    line = getattr(node, "lineno", None)
    return f"{path.relative_to(ROOT)}:{line}" if line else str(path.relative_to(ROOT))


def imported(path: Path, tree: ast.Module) -> Iterator[tuple[ast.AST, str]]:
    """Every name that a module imports, in full (`from a import b` is `a.b`), also inside functions."""
    package = (
        (path if path.name == "__init__.py" else path.with_suffix("")).relative_to(ROOT / "src").parts[:-1]
    )
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node, alias.name
        elif isinstance(node, ast.ImportFrom):
            base = list(package[: len(package) - node.level + 1]) if node.level else []
            for alias in node.names:
                yield (
                    node,
                    ".".join([*base, *((node.module or "").split(".") if node.module else []), alias.name]),
                )


def tracked_texts() -> Iterator[tuple[Path, str]]:
    """Every text file that git holds or would hold, with its text."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        path = ROOT / name
        if not path.is_file():
            continue
        raw = path.read_bytes()
        if b"\0" not in raw:
            yield path, raw.decode()
