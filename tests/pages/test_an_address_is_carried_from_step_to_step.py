"""What an address says goes along to every step: links, forms, the way back."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from bookonce.scheduling.models import Calendar
from tests.cast import MONDAY_NINE, Person, make_link
from tests.groups import make_group
from tests.pages.guest_pages import read, send

pytestmark = pytest.mark.usefixtures("at_now")

KEPT = {
    "timezone": ["Asia/Tokyo"],
    "duration": ["30"],
    "view": ["month"],
    "clock": ["12"],
    "lang": ["en"],
    "embed": ["inline"],
    "name": ["Günther & Söhne"],
    "email": ["g@example.com"],
    "colours": ["red", "blue"],
}
QUERY = (
    "timezone=Asia/Tokyo&duration=30&view=month&clock=12&lang=en&embed=inline"
    "&name=G%C3%BCnther+%26+S%C3%B6hne&email=g%40example.com&colours=red&colours=blue"
)
PAGE_ONLY = {"month", "week", "day", "start", "zones"}


def query_of(link: str) -> dict[str, list[str]]:
    return {name: values for name, values in parse_qs(urlsplit(link).query).items() if name not in PAGE_ONLY}


def test_every_link_of_the_month_and_the_details_carries_all_of_it(alice: Person) -> None:
    path = f"/c/{alice.calendar.permanent_id}"
    Calendar.objects.update(durations="30")
    for further in ("", f"&start={MONDAY_NINE.replace('+', '%2B')}"):
        page = read(Client().get(f"{path}?{QUERY}{further}"))
        onward = [link for link in page.links if link.startswith(f"{path}?")]
        assert onward
        for link in onward:
            found = query_of(link)
            assert found | {"clock": ["12"], "view": ["month"]} == KEPT, link


def test_a_kept_time_leads_to_a_page_with_all_of_it(alice: Person) -> None:
    Calendar.objects.update(hold_minutes=10)
    path = f"/c/{alice.calendar.permanent_id}"
    posted = {"start": MONDAY_NINE, "colours": ["red", "blue"]} | {
        name: values[0] for name, values in KEPT.items() if name != "colours"
    }
    found = query_of(send(f"{path}/hold", Client(), posted)["Location"])
    assert found.pop("hold")
    assert found == KEPT


def test_a_group_passes_it_on_to_its_calendars(alice: Person) -> None:
    group = make_group(alice, alice.calendar)
    page = read(Client().get(f"/c/{group.permanent_id}?{QUERY}"))
    [link] = [link for link in page.links if "calendar=" in link]
    expected = {name: values for name, values in KEPT.items() if name != "duration"}
    assert query_of(link) == expected | {"calendar": [alice.calendar.public_id]}
    chosen = read(Client().get(link))
    assert any(query_of(back) == expected for back in chosen.links)


@pytest.mark.parametrize(
    "query",
    [
        "note=" + "x" * 501,
        "&".join(f"n{number}={number}" for number in range(60)),
        "&".join(f"n{number}=" + "x" * 499 for number in range(20)),
        "a%20b=1",
        "key=1&form=2&code=3&start=soon",
        "view=year&clock=13&lang=../../x&embed=" + "y" * 40,
    ],
)
def test_what_is_too_long_or_means_nothing_goes_nowhere(alice: Person, query: str) -> None:
    response = Client().get(f"/c/{alice.calendar.permanent_id}?{query}")
    assert response.status_code == 200
    for link in read(response).links:
        if "?" not in link:
            continue
        assert len(link) < 6000
        found = query_of(link)
        assert found.get("view", ["month"]) in (["month"], ["week"])
        assert found.get("clock", ["12"]) in (["12"], ["24"])
        assert set(found) <= {"duration", "view", "clock", *(f"n{number}" for number in range(40))}


@pytest.mark.django_db
def test_where_forms_go_leads_a_browser_to_the_page(alice: Person) -> None:
    path = f"/o/{make_link(alice).token}"
    for address in (f"{path}/book", f"{path}/hold", f"{path}/code"):
        led = Client().get(address, headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
        assert (led.status_code, led["Location"]) == (303, path)
        told = Client().get(address, headers={"Accept": "*/*"})
        assert (told.status_code, told.json()["code"]) == (405, "method_not_allowed")
