"""A zone that was renamed is known by both names; a guest reads its city once."""

from __future__ import annotations

import pytest

from bookonce.booking_page.zones import zones_now
from bookonce.lib.languages import speaking

NOON = 29_800_000


@pytest.mark.parametrize("language", ["en", "de", "ja", "ar"])
def test_no_city_of_an_area_is_there_twice_with_the_same_time(language: str) -> None:
    with speaking(language):
        for _area, zones in zones_now(NOON, "Europe/Berlin"):
            read = [(zone.city, zone.now) for zone in zones]
            assert len(read) == len(set(read))


@pytest.mark.parametrize("chosen", ["Europe/Kiev", "Europe/Kyiv"])
def test_the_one_that_is_chosen_stays(chosen: str) -> None:
    listed = [zone.name for _area, zones in zones_now(NOON, chosen) for zone in zones]
    assert [name for name in listed if name in ("Europe/Kiev", "Europe/Kyiv")] == [chosen]
    assert len(listed) > 400
