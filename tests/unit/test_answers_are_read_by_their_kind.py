"""What a guest may answer to each kind of question, and what is said of the rest."""

from __future__ import annotations

from typing import Any

import pytest

from bookonce.booking_page.choice import CHOSEN, OF_ONE_PAGE
from bookonce.booking_page.frames import FRAME_NAMES
from bookonce.booking_page.typed import FIELDS, KEPT
from bookonce.lib.fields import Fields
from bookonce.scheduling.answers import Asked, parse_answers, parse_prefill
from bookonce.scheduling.question_settings import RESERVED, key_from

TEAS = ("Green", "Black", "Mint, fresh")


def read(kind: str, value: Any, *, required: bool = False) -> tuple[str | None, list[str]]:
    """The value that is kept, and what is wrong."""
    asked = Asked("tea", kind, "Which tea?", required=required, choices=TEAS)
    fields = Fields({"answers": {"tea": value}})
    kept = {answer.key: answer for answer in parse_answers(fields, [asked])}
    assert all(answer.label == "Which tea?" and answer.kind == kind for answer in kept.values())
    assert set(fields.errors) <= {"answers.tea"}
    return (kept["tea"].value if "tea" in kept else None), fields.errors.get("answers.tea", [])


@pytest.mark.parametrize(
    ("kind", "given", "kept"),
    [
        ("short", "  Earl Grey ", "Earl Grey"),
        ("long", "One\r\ntwo", "One\ntwo"),
        ("number", "1.50", "1.5"),
        ("number", "1,5", "1.5"),
        ("number", "-0", "0"),
        ("number", "100", "100"),
        ("number", 7, "7"),
        ("number", 2.5, "2.5"),
        ("number", "١٢", "12"),
        ("email", "Sam@Example.ORG", "Sam@example.org"),
        ("phone", "+49 30 1234", "+49 30 1234"),
        ("choice", "Mint, fresh", "Mint, fresh"),
        ("several", ["Mint, fresh", "Green", "Green"], "Green\nMint, fresh"),
        ("several", "Black", "Black"),
        ("checkbox", True, "yes"),
        ("checkbox", "on", "yes"),
        ("checkbox", False, "no"),
        ("checkbox", None, "no"),
        ("date", "2026-12-01", "2026-12-01"),
        ("url", "https://example.com/a?b=c", "https://example.com/a?b=c"),
        ("short", "", None),
        ("number", "", None),
        ("several", [], None),
        ("date", "", None),
    ],
)
def test_what_is_kept(kind: str, given: Any, kept: str | None) -> None:
    assert read(kind, given) == (kept, [])


@pytest.mark.parametrize(
    ("kind", "given", "words"),
    [
        ("short", "x" * 301, "At most 300"),
        ("short", "a\nb", "line breaks"),
        ("short", ["a"], "text"),
        ("long", "x" * 5001, "At most 5000"),
        ("number", "many", "number"),
        ("number", "1e9", "number"),
        ("number", float("inf"), "number"),
        ("number", True, "text"),
        ("number", "1" * 16, "number"),
        ("email", "sam", "e-mail"),
        ("phone", "call me", "phone"),
        ("choice", "Coffee", "Choose"),
        ("choice", ["Green"], "Choose"),
        ("choice", {"a": 1}, "Choose"),
        ("several", ["Green", "Coffee"], "Choose"),
        ("several", [["Green"]], "Choose"),
        ("several", 3, "Choose"),
        ("checkbox", "perhaps", "true or false"),
        ("date", "01.12.2026", "2026-12-01"),
        ("date", "2026-02-30", "2026-12-01"),
        ("url", "example.com", "https://"),
        ("url", "javascript:alert(1)", "https://"),
        ("url", "https://", "https://"),
        ("url", "https://exa mple.com", "https://"),
        ("url", 'https://example.com/"onclick="', "https://"),
    ],
)
def test_what_is_refused(kind: str, given: Any, words: str) -> None:
    kept, faults = read(kind, given)
    assert kept in (None, "no")
    assert len(faults) == 1
    assert words in faults[0]


@pytest.mark.parametrize(
    "kind", ["short", "long", "number", "email", "phone", "choice", "several", "checkbox", "date", "url"]
)
def test_a_required_answer_is_asked_for_once(kind: str) -> None:
    for nothing in (None, ""):
        faults = read(kind, nothing, required=True)[1]
        assert faults == (["Tick this to go on."] if kind == "checkbox" else ["Fill this in."])


def test_what_nobody_asked_for_is_kept_as_a_text_after_the_answers() -> None:
    fields = Fields({"answers": {"source": "Radio", "notes": "By train", "size": "M"}})
    kept = parse_answers(fields, [Asked("size", "short", "Your size")])
    assert [(one.key, one.kind, one.label, one.value) for one in kept] == [
        ("size", "short", "Your size", "M"),
        ("source", "long", "source", "Radio"),
        ("notes", "long", "Notes", "By train"),
    ]


def test_several_answers_to_a_question_asked_no_more_are_lines() -> None:
    fields = Fields({"answers": {"teas": ["Green", "Mint"], "one": ["Black"]}})
    assert [one.value for one in parse_answers(fields, [])] == ["Green\nMint", "Black"]
    assert not fields.errors


@pytest.mark.parametrize(
    "given",
    [
        *(
            {"a": 1},
            {"a": ["b", 1]},
            {"a": ["b", ["c"]]},
            {"a\nb": "c"},
            {"a\rb": "c"},
            {"a\x85b": "c"},
            {"k" * 81: "c"},
        ),
        {str(n): "c" for n in range(51)},
    ],
)
def test_odd_texts_that_nobody_asked_for_are_refused(given: dict[str, Any]) -> None:
    fields = Fields({"answers": given})
    assert parse_answers(fields, []) == ()
    assert list(fields.errors) == ["answers"]


def test_an_address_prefills_what_fits() -> None:
    asked = [
        Asked("tea", "choice", "Tea?", required=True, choices=TEAS),
        Asked("teas", "several", "Teas?", choices=TEAS),
        Asked("size", "number", "Size?"),
        Asked("news", "checkbox", "News?", required=True),
    ]
    fits = {"tea": "Green", "teas": ["Black", "Green"], "size": "1,5", "news": "1"}
    assert parse_prefill(fits, asked) == {
        "tea": "Green",
        "teas": ["Green", "Black"],
        "size": "1.5",
        "news": "yes",
    }
    assert parse_prefill({"tea": "Coffee", "teas": ["Coffee"], "size": "L", "news": "0"}, asked) == {}


def test_a_key_means_nothing_else_in_an_address() -> None:
    assert {*CHOSEN, *OF_ONE_PAGE, *FRAME_NAMES, *FIELDS, *KEPT} <= RESERVED
    assert key_from("Times") == "question-times"
