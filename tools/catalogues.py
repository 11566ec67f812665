"""Bring the catalogues of guests' texts up to date: `python -m tools.catalogues` (docs/translating.md).

Reads every file of tools/guest_texts.py, writes locale/<language>/LC_MESSAGES/django.po for each language,
keeps the translations there are, drops what no page says any more, and tells what is missing or wrong. With
names of languages (`python -m tools.catalogues de`) it does so for these alone, and lists their problems.
"""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.plurals import get_plural
from babel.messages.pofile import PoFileError, read_po, write_po
from django.utils.translation.template import templatize

from bookonce.lib.languages import ENGLISH, LANGUAGES
from tools.compile_catalogues import LOCALE, compile_catalogues
from tools.guest_texts import PACKAGE, guest_files

KEYWORDS: Mapping[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%[sd%]")
HEADER = """msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: nplurals={number}; plural={rule};\\n"

"""


def main() -> int:
    """Write the catalogues; 1 when something is missing or wrong."""
    wanted, faults = extracted(), 0
    print(f"{sum(bool(message.id) for message in wanted)} texts")
    for language in sys.argv[1:] or translated_languages():
        path = path_of(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        text = updated(language, wanted, path.read_text() if path.exists() else "")
        if not path.exists() or path.read_text() != text:
            path.write_text(text)
        found = list(problems(language, wanted, text))
        faults += len(found)
        print(f"{language}: {len(found)} missing or wrong" if found else f"{language}: complete")
        if sys.argv[1:]:
            print("".join(f"  {problem}\n" for problem in found), end="")
    compile_catalogues()
    return min(faults, 1)


def translated_languages() -> list[str]:
    """All but English, which is written in the sources."""
    return [language for language in LANGUAGES if language != ENGLISH]


def path_of(language: str) -> Path:
    """Where its catalogue is."""
    return LOCALE / language.replace("-", "_") / "LC_MESSAGES" / "django.po"


def extracted() -> Catalog:
    """Every text that guests read, with the files in which it stands."""
    catalogue = Catalog()
    for path in guest_files():
        for context, message in texts_of(path):
            catalogue.add(
                message,
                locations=[(path.relative_to(PACKAGE).as_posix(), 0)],
                context=context,
            )
    return catalogue


def texts_of(path: Path) -> Iterator[tuple[str | None, str | tuple[str, ...]]]:
    """Each text of a file with its context; one for several numbers as a tuple."""
    source = path.read_text()
    if path.suffix != ".py":
        source = templatize(source, origin=path.name)
    found = extract("python", io.BytesIO(source.encode()), keywords=KEYWORDS, options={"encoding": "utf-8"})
    for _line, message, _comments, context in found:
        yield context, message


def updated(language: str, wanted: Catalog, text: str) -> str:
    """The catalogue with the wanted texts alone, and their translations as far as `text` has them."""
    known = _read(language, text)
    fresh = Catalog(locale=_locale(language))
    for message in wanted:
        if not message.id:
            continue
        present = known.get(message.id, message.context)
        kept = (
            present.string if present is not None and present.pluralizable == message.pluralizable else None
        )
        fresh.add(message.id, kept, locations=message.locations, flags=message.flags, context=message.context)
    file = io.BytesIO()
    write_po(file, fresh, width=0, omit_header=True, sort_by_file=True, include_lineno=False)
    number, rule = get_plural(_locale(language))[:2]
    return (
        HEADER.format(language=language, number=number, rule=rule) + file.getvalue().decode().strip() + "\n"
    )


def problems(language: str, wanted: Catalog, text: str) -> Iterator[str]:
    """What a reader of this language would miss or stumble over, one line each."""
    number = get_plural(_locale(language))[0]
    try:
        known = _read(language, text)
    except PoFileError as error:
        yield f"can't be read: {error}"
        return
    if f"nplurals={number}; plural={get_plural(_locale(language))[1]};" not in text:
        yield "the header's plural rule is not the language's"
    for message in wanted:
        present = known.get(message.id, message.context) if message.id else None
        if message.id and (present is None or not _strings(present)):
            yield f"missing: {message.id!r}"
    for message in known:
        if not message.id:
            continue
        if wanted.get(message.id, message.context) is None:
            yield f"unused: {message.id!r}"
        elif _strings(message):
            yield from (f"{fault}: {message.id!r}" for fault in _faults(message, number))


def _faults(message: Message, number: int) -> Iterator[str]:
    ids, strings = _ids(message), _strings(message)
    if message.fuzzy:
        yield "fuzzy"
    if message.pluralizable and len(strings) != number:
        yield f"{len(strings)} of {number} plural forms"  # what is too many can't be read at all
    if any(not string for string in strings):
        yield "a form is empty"
    for place, string in enumerate(strings):
        wanted = set(PLACEHOLDER.findall(ids[-1]))
        allowed = {frozenset(wanted)}
        if message.pluralizable:  # `one place` and `two places` need no number
            allowed |= {
                frozenset(set(PLACEHOLDER.findall(ids[0]))),
                frozenset(wanted - {"count", "n", "places"}),
            }
        if frozenset(PLACEHOLDER.findall(string)) not in allowed:
            yield f"other placeholders in form {place}: {string!r}"
        if _margins(string) != _margins(ids[0]):
            yield f"other white space around form {place}: {string!r}"


def _margins(text: str) -> tuple[str, str]:
    bare = text.strip()
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :] if bare else ""


def _ids(message: Message) -> tuple[str, ...]:
    return tuple(message.id) if isinstance(message.id, list | tuple) else (str(message.id),)


def _strings(message: Message) -> tuple[str, ...]:
    """Its translations; none when nothing is translated yet."""
    found = (
        tuple(message.string) if isinstance(message.string, list | tuple) else (str(message.string or ""),)
    )
    return found if any(found) else ()


def _read(language: str, text: str) -> Catalog:
    return read_po(io.BytesIO(text.encode()), locale=_locale(language), abort_invalid=True)


def _locale(language: str) -> str:
    return language.replace("-", "_")


if __name__ == "__main__":
    sys.exit(main())
