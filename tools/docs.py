"""Keep the docs true: write the commands' own help into them, and find links that lead nowhere.

A page that shows a command's help holds it between two comments, and this program fills it in:

    <!-- help: serve -->
    <!-- /help -->
"""

import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WIDTH = 100
HELP = re.compile(r"(<!-- help: ?(?P<command>[\w -]*?) ?-->\n).*?(<!-- /help -->)", re.DOTALL)
LINK = re.compile(r"!?\[[^\]]*\]\((?P<target>[^)\s]+)(?:\s+\"[^\"]*\")?\)")
FENCE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
HEADING = re.compile(r"^#+\s+(.+?)\s*$", re.MULTILINE)


def pages() -> list[Path]:
    """Return every page of documentation."""
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def with_fresh_help(text: str) -> str:
    """Return a page's text with the help of each command it shows as the command prints it today."""

    def fresh(found: re.Match[str]) -> str:
        return f"{found[1]}```\n{help_of(found['command'].split())}\n```\n{found[3]}"

    return HELP.sub(fresh, text)


def help_of(words: list[str]) -> str:
    """Return what `bookonce WORDS --help` prints, WIDTH columns wide."""
    import click

    from bookonce.cli import main as application

    command: click.Command = application
    context = click.Context(command, info_name="bookonce", terminal_width=WIDTH, **command.context_settings)
    for word in words:
        if not isinstance(command, click.Group) or (found := command.get_command(context, word)) is None:
            raise SystemExit(f"the docs show the help of a command that does not exist: {' '.join(words)}")
        command = found
        context = click.Context(command, info_name=word, parent=context, terminal_width=WIDTH)
    return command.get_help(context)


def broken_links() -> Iterator[str]:
    """Yield a sentence for each link between our own pages whose file or heading does not exist."""
    for page in pages():
        for found in LINK.finditer(FENCE.sub("", page.read_text())):
            target, _, anchor = found["target"].partition("#")
            if re.match(r"[a-z]+:", target):
                continue
            file = (page.parent / target).resolve() if target else page
            where = f"{page.relative_to(ROOT)}: {found['target']}"
            if not file.exists():
                yield f"{where}: no such file"
            elif anchor and file.suffix == ".md" and anchor not in anchors(file.read_text()):
                yield f"{where}: no such heading"


def anchors(text: str) -> set[str]:
    """Return the anchors that a page's headings get where Markdown is usually shown."""
    kept = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in HEADING.findall(FENCE.sub("", text)))
    return {heading.replace(" ", "-") for heading in kept}


def main() -> int:
    """Write fresh help into the pages and print broken links; return 1 when there is one."""
    for page in pages():
        text = page.read_text()
        if (fresh := with_fresh_help(text)) != text:
            page.write_text(fresh)
            print(f"{page.relative_to(ROOT)}: help brought up to date")
    broken = list(broken_links())
    print("\n".join(broken) or f"{len(pages())} pages, every link leads somewhere")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
