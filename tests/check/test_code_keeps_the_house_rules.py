"""Rules that a linter has no words for."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.check.source import PACKAGE, imported, modules, place
from tools.sizes import LIMITS, measure

CLOCK = PACKAGE / "lib" / "clock.py"
READS_OF_THE_CLOCK = {
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("time", "time_ns"),
    ("timezone", "now"),
    ("timezone", "localtime"),
    ("timezone", "localdate"),
}
WORKER = PACKAGE / "jobs"
EVERYTHING = {"Exception", "BaseException"}


def reads_of_the_clock(path: Path, tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name | ast.Attribute):
            owner = node.value.id if isinstance(node.value, ast.Name) else node.value.attr
            if (owner, node.attr) in READS_OF_THE_CLOCK:
                yield f"{place(path, node)}: {owner}.{node.attr}"
    for node_, name in imported(path, tree):
        if name in {"time.time", "time.time_ns", "django.utils.timezone.now"}:
            yield f"{place(path, node_)}: {name}"


def test_only_the_clock_module_reads_the_clock() -> None:
    wrong = [
        read
        for path, tree in modules()
        if path != CLOCK and "migrations" not in path.parts
        for read in reads_of_the_clock(path, tree)
    ]
    assert not wrong, "ask bookonce.lib.clock, or take `now` as an argument:\n" + "\n".join(wrong)


def test_only_the_worker_catches_everything() -> None:
    wrong = []
    for path, tree in modules():
        for node in ast.walk(tree):
            if not isinstance(node, ast.ExceptHandler) or path.is_relative_to(WORKER):
                continue
            caught = (
                {part.id for part in ast.walk(node.type) if isinstance(part, ast.Name)}
                if node.type
                else EVERYTHING
            )
            if caught & EVERYTHING:
                wrong.append(place(path, node))
    assert not wrong, "name what you expect:\n" + "\n".join(wrong)


def untranslatable(tree: ast.Module) -> Iterator[ast.expr]:
    """Sentences told to people as they stand in the code."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        told = {"fault": node.args[1:], "Conflict": node.args, "_refuse": node.args}.get(name, [])
        if name in {"Invalid", "SettingsRefused"}:
            lists = [part for part in ast.walk(node) if isinstance(part, ast.List)]
            told = [sentence for one in lists for sentence in one.elts]
        yield from (said for said in told if isinstance(said, ast.Constant | ast.JoinedStr))


def test_every_sentence_can_be_translated() -> None:
    wrong = [place(path, said) for path, tree in modules() for said in untranslatable(tree)]
    assert not wrong, 'wrap it: _("... %(count)s ...") % {"count": count}:\n' + "\n".join(wrong)


def test_nothing_outgrows_its_limit() -> None:
    wrong = [
        f"{size.name}: {size.lines} lines, at most {LIMITS[size.kind]}"
        for size in measure()
        if size.too_large
    ]
    assert not wrong, "find the new noun:\n" + "\n".join(wrong)


def test_files_are_named_for_their_subject() -> None:
    vague = {
        "utils",
        "helpers",
        "helper",
        "manager",
        "managers",
        "handler",
        "handlers",
        "data",
        "info",
        "misc",
        "common",
    }
    wrong = [place(path) for path, _ in modules() if path.stem in vague or path.parent.name in vague]
    assert not wrong, "\n".join(wrong)
