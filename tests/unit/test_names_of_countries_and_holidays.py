"""Countries, their parts and their holidays by readable names; public ones alone."""

from __future__ import annotations

from datetime import date

import pytest

from bookonce.scheduling.public_holidays import (
    LONGEST_CODE,
    countries,
    holidays_between,
    is_region,
    named_holidays,
    regions,
    subdivisions,
)

YEAR = (date(2026, 1, 1), date(2026, 12, 31))


def test_countries_are_named_and_in_order() -> None:
    named = dict(countries())
    assert set(named) == set(regions())
    assert [named[code] for code in ("DE", "GB", "AG", "AX", "US")] == [
        "Germany",
        "United Kingdom",
        "Antigua and Barbuda",
        "Åland Islands",
        "United States",
    ]
    names = [name for _code, name in countries()]
    assert names[:3] == ["Afghanistan", "Åland Islands", "Albania"]
    assert all(name and name[0].isupper() for name in names)


def test_parts_of_a_country_are_named_where_the_package_has_names() -> None:
    assert dict(subdivisions("DE"))["BY"] == "Bayern"
    assert dict(subdivisions("FR"))["971"] == "Guadeloupe"
    assert dict(subdivisions("US"))["CA"] == "California"
    assert subdivisions("JP") == ()
    assert subdivisions("XX") == ()
    assert all(len(code) <= LONGEST_CODE for code, _name in subdivisions("NZ"))


@pytest.mark.parametrize(("country", "part"), [("XX", ""), ("DE", "ZZ"), ("", ""), ("de", ""), ("DE", "by")])
def test_unknown_regions_have_no_holidays(country: str, part: str) -> None:
    assert not is_region(country, part)
    assert holidays_between(country, part, *YEAR) == frozenset()


def test_half_days_and_bank_holidays_are_no_public_holidays() -> None:
    swiss = holidays_between("CH", "", *YEAR)
    assert date(2026, 8, 1) in swiss
    assert date(2026, 12, 24) not in swiss
    assert date(2026, 12, 24) not in holidays_between("IT", "", *YEAR)


def test_a_window_may_span_years_and_end_where_nobody_knows() -> None:
    found = named_holidays("DE", "", date(2026, 12, 25), date(2027, 1, 2), language="en")
    assert [(str(named.day), named.name) for named in found] == [
        ("2026-12-25", "Christmas Day"),
        ("2026-12-26", "Second Day of Christmas"),
        ("2027-01-01", "New Year's Day"),
    ]
    assert named_holidays("DE", "", date(2199, 1, 1), date(2199, 12, 31)) == []
    assert named_holidays("DE", "", date(1, 1, 1), date(2, 1, 1)) == []


def test_names_come_in_the_reader_s_language_or_the_country_s_own() -> None:
    day = date(2026, 12, 25)
    names = {
        language: named_holidays("DE", "", day, day, language=language)[0].name
        for language in ("en", "en-gb", "uk", "de", "xx")
    }
    assert names["en"] == names["en-gb"] == "Christmas Day"
    assert names["de"] == names["xx"] == "Erster Weihnachtstag"
    assert names["uk"] not in {"Christmas Day", "Erster Weihnachtstag"}
