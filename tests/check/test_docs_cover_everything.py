"""Every setting and every command is documented; what the docs quote is what the program says."""

import re
from collections.abc import Iterator

import click

from bookonce.configuration import INTERNAL
from tests.check.source import PACKAGE, ROOT
from tools.docs import broken_links, pages, with_fresh_help


def docs() -> str:
    return "\n".join(page.read_text() for page in sorted((ROOT / "docs").rglob("*.md")))


def commands(
    command: click.Command, words: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Every command that can be typed, with its words."""
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None, name
            yield from commands(inner, (*words, name))
    else:
        yield words, command


def application() -> click.Command:
    from bookonce import cli

    found = getattr(cli, "main", None)
    assert isinstance(found, click.Command), "bookonce.cli:main must be the click command of the product"
    return found


def test_every_setting_is_documented() -> None:
    source = "\n".join(path.read_text() for path in PACKAGE.rglob("*.py"))
    named = set(re.findall(r"\bBOOKONCE_[A-Z][A-Z_]*[A-Z]\b", source)) - INTERNAL
    page = ROOT / "docs" / "operations.md"
    assert page.exists(), "docs/operations.md documents the settings"
    missing = sorted(name for name in named if name not in page.read_text())
    assert not missing, f"docs/operations.md says nothing about {', '.join(missing)}"


def test_every_command_and_option_is_documented() -> None:
    text, missing = docs(), []
    for words, command in commands(application()):
        name = " ".join(("bookonce", *words))
        if name not in text:
            missing.append(name)
        for parameter in command.params:
            if isinstance(parameter, click.Option) and not parameter.hidden:
                longest = max(parameter.opts, key=len)
                if not re.search(rf"{re.escape(longest)}(?![\w-])", text):
                    missing.append(f"{name} {longest}")
    assert not missing, "the docs say nothing about:\n" + "\n".join(missing)


def test_help_in_the_docs_is_what_the_commands_print() -> None:
    old = [
        str(page.relative_to(ROOT)) for page in pages() if with_fresh_help(text := page.read_text()) != text
    ]
    assert not old, f"run `make docs`: {', '.join(old)}"


def test_links_between_pages_lead_somewhere() -> None:
    broken = list(broken_links())
    assert not broken, "\n".join(broken)
