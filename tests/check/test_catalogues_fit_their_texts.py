"""Catalogues say what the pages say: the same placeholders, all plural forms, nothing unsure."""

from __future__ import annotations

import pytest
from babel.messages.catalog import Catalog

from bookonce.lib.languages import ENGLISH, LANGUAGES
from tools.catalogues import extracted, path_of, problems, texts_of, translated_languages, updated
from tools.compile_catalogues import LOCALE, compile_catalogues
from tools.guest_texts import guest_files

GERMAN = """msgid ""
msgstr ""
"Language: de\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

"""
PLACES = 'msgid "%(count)d place"\nmsgid_plural "%(count)d places"\n'


@pytest.fixture(scope="module")
def wanted() -> Catalog:
    return extracted()


def test_there_is_one_for_each_language_but_english() -> None:
    found = {path.parts[-3] for path in LOCALE.glob("*/LC_MESSAGES/django.po")}
    assert found == {code.replace("-", "_") for code in LANGUAGES if code != ENGLISH}
    compile_catalogues()
    assert not compile_catalogues(), "made again although nothing changed"


@pytest.mark.parametrize("language", translated_languages())
def test_what_is_translated_fits(language: str, wanted: Catalog) -> None:
    text = path_of(language).read_text()
    wrong = [one for one in problems(language, wanted, text) if not one.startswith(("missing", "unused"))]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", translated_languages())
def test_nothing_is_missing_and_nothing_is_left_over(language: str, wanted: Catalog) -> None:
    """Run `python -m tools.catalogues` and this language's name, and fill in what it lists."""
    lacking = list(problems(language, wanted, path_of(language).read_text()))
    assert not lacking, "\n".join(lacking)


def test_no_text_is_said_both_alone_and_as_one_of_many() -> None:
    """Both would share one entry, and a language with one form for all numbers could word only one of them.

    Django says a text in English whose translation asks for a number that is not given.
    """
    texts = {text for path in guest_files() for text in texts_of(path)}
    of_many = {(context, text[0]) for context, text in texts if isinstance(text, tuple)}
    assert len(of_many) > 20
    assert not texts & of_many


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ('msgid "Contact %(owner)s."\nmsgstr "Wenden Sie sich an %(owner)s."\n', ""),
        ('msgid "Contact %(owner)s."\nmsgstr "Wenden Sie sich an %(besitzer)s."\n', "other placeholders"),
        ('#, fuzzy\nmsgid "Contact %(owner)s."\nmsgstr "Kontakt: %(owner)s."\n', "fuzzy"),
        ('msgid "Contact %(owner)s."\nmsgstr " Kontakt: %(owner)s."\n', "other white space"),
        ('msgid "Nobody says this"\nmsgstr "Niemand"\n', "unused"),
        ('msgid "Contact %(owner)s."\nmsgstr ""\n', "missing: 'Contact %(owner)s.'"),
        (PLACES + 'msgstr[0] "%(count)d Platz"\nmsgstr[1] "%(count)d Plätze"\n', ""),
        (PLACES + 'msgstr[0] "ein Platz"\nmsgstr[1] "%(count)d Plätze"\n', ""),
        (PLACES + 'msgstr[0] "%(count)d Platz"\nmsgstr[1] ""\n', "a form is empty"),
        (PLACES + 'msgstr[0] "a"\nmsgstr[1] "b"\nmsgstr[2] "c"\n', "can't be read"),
    ],
)
def test_each_fault_is_found(entry: str, fault: str, wanted: Catalog) -> None:
    found = [one for one in problems("de", wanted, GERMAN + entry) if not one.startswith("missing")]
    if fault.startswith("missing"):
        assert fault in list(problems("de", wanted, GERMAN + entry))
    elif fault:
        assert len(found) >= 1
        assert fault in found[0]
    else:
        assert not found


def test_the_tool_keeps_translations_and_drops_what_nobody_says(wanted: Catalog) -> None:
    before = GERMAN + (
        'msgid "Contact %(owner)s."\nmsgstr "Wenden Sie sich an %(owner)s."\n\n'
        'msgid "Nobody says this"\nmsgstr "Niemand"\n'
    )
    after = updated("de", wanted, before)
    assert "Wenden Sie sich an %(owner)s." in after
    assert "Niemand" not in after
    assert updated("de", wanted, after) == after
