"""Public holidays by country, from the holidays package. Pure.

Public ones alone: half days, bank holidays and those of one faith are other categories of the package. It
knows the years up to 2100; further on there are none.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from importlib import import_module
from typing import Any, NamedTuple

LONGEST_CODE = 12  # of a subdivision; the few longer ones are cities, which are left out
_SMALL = {"and", "of", "the"}
_NAMES = {"AX": "Åland Islands", "HK": "Hong Kong", "CI": "Côte d'Ivoire", "RE": "Réunion", "CW": "Curaçao"}


class NamedDay(NamedTuple):
    """A holiday and what it is called."""

    day: date
    name: str


def holidays_between(country: str, subdivision: str, first: date, last: date) -> frozenset[date]:
    """The public holidays of a region on first..last; none where the package does not know the region."""
    return frozenset(found.day for found in named_holidays(country, subdivision, first, last))


def named_holidays(
    country: str, subdivision: str, first: date, last: date, *, language: str = ""
) -> list[NamedDay]:
    """The same in order, by name: in this language where the package has it, else in the country's own."""
    if not is_region(country, subdivision):
        return []
    known = _language(country, language) if language else ""
    years = range(first.year, last.year + 1)
    found = (named for year in years for named in _of_year(country, subdivision, year, known))
    return [named for named in found if first <= named.day <= last]


def regions() -> dict[str, tuple[str, ...]]:
    """The codes of all countries (ISO 3166-1 alpha-2) with those of their subdivisions."""
    known = _package().list_supported_countries(include_aliases=False)
    return {
        country: tuple(part for part in parts if len(part) <= LONGEST_CODE)
        for country, parts in sorted(known.items())
        if len(country) == 2
    }


def is_region(country: str, subdivision: str) -> bool:
    """Whether there are holidays for this country, and this part of it unless ''."""
    return subdivision in (*_regions().get(country, ()), "") and country in _regions()


@lru_cache(maxsize=1)
def countries() -> tuple[tuple[str, str], ...]:
    """Code and English name of every country, by name."""
    modules = {codes[1]: module for module, codes in _registry().COUNTRIES.items()}
    named = [(code, _country_name(code, modules.get(code, code))) for code in _regions()]
    return tuple(sorted(named, key=lambda pair: pair[1].replace("Å", "A")))


@lru_cache(maxsize=256)
def subdivisions(country: str) -> tuple[tuple[str, str], ...]:
    """Code and name of the parts of a country that have holidays of their own, by name."""
    if not is_region(country, ""):
        return ()
    aliases = type(_package().country_holidays(country)).get_subdivision_aliases()
    named = [(code, _longest(code, aliases.get(code, ()))) for code in _regions()[country]]
    return tuple(sorted(named, key=lambda pair: pair[1]))


def _longest(code: str, aliases: Any) -> str:
    """The first alias that is a name: some are other codes."""
    return next((str(alias) for alias in aliases if len(alias) > 3 and not alias.isupper()), code)


def _country_name(code: str, module: str) -> str:
    words = [word if word in _SMALL else word.capitalize() for word in module.split("_")]
    return _NAMES.get(code, " ".join(words))


@lru_cache(maxsize=1)
def _regions() -> dict[str, tuple[str, ...]]:
    return regions()


@lru_cache(maxsize=512)
def _language(country: str, wanted: str) -> str:
    holidays = type(_package().country_holidays(country))
    short = wanted.split("-", maxsplit=1)[0]
    known = sorted(holidays.supported_languages or ())
    fits = [each for each in known if each.split("_")[0] == short]
    return short if short in fits else (fits[0] if fits else holidays.default_language or "")


@lru_cache(maxsize=1024)
def _of_year(country: str, subdivision: str, year: int, language: str) -> tuple[NamedDay, ...]:
    found = _package().country_holidays(
        country, subdiv=subdivision or None, years=year, language=language or None
    )
    return tuple(NamedDay(day, name) for day, name in sorted(found.items()))


def _package() -> Any:
    """Loaded when first needed: it takes a fifth of a second."""
    return import_module("holidays")


def _registry() -> Any:
    return import_module("holidays.registry")
