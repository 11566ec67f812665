"""Public holidays by country, from the holidays package. Pure."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from importlib import import_module
from typing import Any


def holidays_between(country: str, subdivision: str, first: date, last: date) -> frozenset[date]:
    """The public holidays of a region on first..last; none where the package does not know the region."""
    if not is_region(country, subdivision):
        return frozenset()
    years = range(first.year, last.year + 1)
    return frozenset(
        day for year in years for day in _of_year(country, subdivision, year) if first <= day <= last
    )


def regions() -> dict[str, tuple[str, ...]]:
    """The codes of all countries (ISO 3166-1 alpha-2) with those of their subdivisions."""
    known = _package().list_supported_countries(include_aliases=False)
    return {country: tuple(parts) for country, parts in sorted(known.items()) if len(country) == 2}


def is_region(country: str, subdivision: str) -> bool:
    """Whether there are holidays for this country, and this part of it unless ''."""
    return subdivision in (*_regions().get(country, ()), "") and country in _regions()


@lru_cache(maxsize=1)
def _regions() -> dict[str, tuple[str, ...]]:
    return regions()


@lru_cache(maxsize=1024)
def _of_year(country: str, subdivision: str, year: int) -> tuple[date, ...]:
    found = _package().country_holidays(country, subdiv=subdivision or None, years=year)
    return tuple(sorted(found))


def _package() -> Any:
    """Loaded when first needed: it takes a fifth of a second."""
    return import_module("holidays")
