"""Days, months and times of day as each language writes them."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from bookonce.lib.date_words import (
    city_name,
    clock_words,
    day_and_year,
    day_words,
    month_words,
    short_day,
    short_weekdays,
    subject_day,
    time_words,
    usual_hours,
    weekday_names,
)
from bookonce.lib.languages import LANGUAGES, speaking
from bookonce.lib.names import in_one_line
from bookonce.lib.time_words import city_time

TUESDAY = date(2026, 12, 1)
DAYS = {
    "en": "Tuesday, 1 December",
    "de": "Dienstag, 1. Dezember",
    "es": "martes, 1 de diciembre",
    "fr": "mardi 1 décembre",
    "it": "martedì 1 dicembre",
    "nl": "dinsdag 1 december",
    "pl": "wtorek, 1 grudnia",
    "pt": "terça-feira, 1 de dezembro",
    "tr": "1 Aralık Salı",  # noqa: RUF001
    "he": "יום שלישי, 1 בדצמבר",
    "ar": "الثلاثاء، 1 ديسمبر",
    "ja": "12月1日火曜日",
    "zh-Hans": "12月1日星期二",
}
MONTHS = {
    "en": "December 2026",
    "de": "Dezember 2026",
    "es": "diciembre de 2026",
    "fr": "décembre 2026",
    "it": "dicembre 2026",
    "nl": "december 2026",
    "pl": "grudzień 2026",  # not the genitive of a day's month
    "pt": "dezembro de 2026",
    "tr": "Aralık 2026",  # noqa: RUF001
    "he": "דצמבר 2026",
    "ar": "ديسمبر 2026",
    "ja": "2026年12月",
    "zh-Hans": "2026年12月",
}


def test_every_language_has_its_own_days_and_months() -> None:
    assert {code: day_words(TUESDAY, code) for code in LANGUAGES} == DAYS
    assert {code: month_words(TUESDAY, code) for code in LANGUAGES} == MONTHS
    for code in LANGUAGES:
        assert "2026" in day_and_year(TUESDAY, code)
        assert "2026" in subject_day(TUESDAY, code)
        assert weekday_names(code)[1] in day_words(TUESDAY, code)
        assert len(set(short_weekdays(code))) == 7


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("en", ("Tuesday, 1 December 2026", "Tue 1 December", "Tue 1 Dec 2026")),
        ("de", ("Dienstag, 1. Dezember 2026", "Di., 1. Dezember", "Di., 1. Dez. 2026")),
        ("ja", ("2026年12月1日火曜日", "12月1日(火)", "2026年12月1日(火)")),
    ],
)
def test_with_the_year_and_shorter(code: str, words: tuple[str, str, str]) -> None:
    assert (day_and_year(TUESDAY, code), short_day(TUESDAY, code), subject_day(TUESDAY, code)) == words


def test_the_spoken_language_is_meant_unless_another_is_named() -> None:
    assert day_words(TUESDAY) == DAYS["en"]
    with speaking("it"):
        assert day_words(TUESDAY) == DAYS["it"]
        assert time_words(datetime(2026, 12, 1, 14, 5)) == "14:05"  # noqa: DTZ001 - a local time
        assert day_words(TUESDAY, "pl") == DAYS["pl"]


@pytest.mark.parametrize(
    ("code", "usual", "twelve", "midnight"),
    [
        ("en", "14:05", "2:05 pm", "12:05 am"),
        ("de", "14:05", "2:05\u00a0PM", "12:05\u00a0AM"),
        ("es", "14:05", "2:05\u00a0p.\u00a0m.", "12:05\u00a0a.\u00a0m."),
        ("ar", "2:05 م", "2:05 م", "12:05 ص"),
        ("ja", "14:05", "午後2:05", "午前0:05"),
        ("zh-Hans", "14:05", "下午2:05", "上午12:05"),
    ],
)
def test_clocks_count_as_is_usual_or_as_was_chosen(code: str, usual: str, twelve: str, midnight: str) -> None:
    assert clock_words(845, code) == usual
    assert clock_words(845, code, "12") == twelve
    assert clock_words(5, code, "12") == midnight
    assert clock_words(845, code, "24") == "14:05"


def test_only_arabic_counts_to_twelve_by_itself() -> None:
    assert [code for code in LANGUAGES if usual_hours(code) == "12"] == ["ar"]


def test_a_month_of_days_is_written_once() -> None:
    from bookonce.lib import date_words

    days = [date(2027, 1, day) for day in range(1, 32)]
    for day in days:
        day_words(day, "nl")
    before = date_words._written.cache_info().misses
    for day in days:
        day_words(day, "nl")
    assert date_words._written.cache_info().misses == before


def test_cities_have_the_readers_names_where_there_are_any() -> None:
    assert [city_name("Asia/Tokyo", code) for code in ("en", "de", "ar", "ja")] == [
        *("Tokyo", "Tokio", "طوكيو", "東京"),
    ]
    assert city_name("America/New_York", "de") == "New York"
    with speaking("fr"):
        assert city_time("Europe/London") == "heure\N{NO-BREAK SPACE}: Londres"
    assert city_time("Europe/London") == "London time"


def test_names_are_listed_as_the_language_lists_them() -> None:
    lists = {}
    for code in ("en", "de", "fr", "ja", "zh-Hans"):
        with speaking(code):
            lists[code] = in_one_line(["A", "B", "C"])
    assert lists == {
        "en": "A, B and C",
        "de": "A, B und C",
        "fr": "A, B et C",
        "ja": "A、B、C",
        "zh-Hans": "A、B和C",
    }
