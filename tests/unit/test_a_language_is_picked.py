"""Which of our languages a reader gets."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from bookonce.lib.languages import (
    LANGUAGES,
    accepted_language,
    current,
    find_language,
    is_right_to_left,
    pick,
    speaking,
)


@dataclass
class Asked:
    GET: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)


@pytest.mark.parametrize(
    ("tag", "ours"),
    [
        ("de", "de"),
        ("de-AT", "de"),
        ("DE-ch", "de"),
        ("pt-BR", "pt"),
        ("zh", "zh-Hans"),
        ("zh-CN", "zh-Hans"),
        ("zh-Hans", "zh-Hans"),
        ("zh-hans-SG", "zh-Hans"),
        ("zh-TW", ""),
        ("zh-Hant-HK", ""),
        ("he", "he"),
        ("deu", ""),
        ("sv", ""),
        ("", ""),
        ("../../etc/passwd", ""),
    ],
)
def test_a_tag_names_one_of_ours_or_none(tag: str, ours: str) -> None:
    assert find_language(tag) == ours


@pytest.mark.parametrize(
    ("header", "ours"),
    [
        ("de", "de"),
        ("de-DE,de;q=0.9,en;q=0.8", "de"),
        ("sv-SE,sv;q=0.9,fr;q=0.7,en;q=0.6", "fr"),
        ("en;q=0.3, ja ; q=0.9", "ja"),
        ("zh-TW, zh;q=0.4, en;q=0.5", "en"),
        ("it, es", "it"),  # of equals the first
        ("pl;q=0, en;q=0.1", "en"),
        ("*", ""),
        ("sv", ""),
        ("", ""),
        ("de;q=x, nl", "nl"),
        (",,;;q=, ,tr", "tr"),
        ("sv," * 5000 + "de", ""),  # no browser's
    ],
)
def test_the_browser_says_what_it_likes_best(header: str, ours: str) -> None:
    assert accepted_language(header) == ours


def test_the_address_goes_before_the_browser_and_that_before_the_calendar() -> None:
    german = {"Accept-Language": "de-DE"}
    assert pick(Asked({"lang": "fr"}, german), "ja") == "fr"
    assert pick(Asked({"lang": "tlh"}, german), "ja") == "de"
    assert pick(Asked({}, {"Accept-Language": "sv"}), "ja") == "ja"
    assert pick(Asked(), "") == "en"
    assert pick(Asked(), "tlh") == "en"


def test_a_language_is_spoken_for_a_while() -> None:
    assert current() == "en"
    with speaking("zh-Hans"):
        assert current() == "zh-Hans"
        with speaking("tlh"):
            assert current() == "en"
        assert current() == "zh-Hans"
    assert current() == "en"


def test_thirteen_languages_two_of_them_from_right_to_left() -> None:
    assert len(LANGUAGES) == 13
    assert [code for code in LANGUAGES if is_right_to_left(code)] == ["he", "ar"]
