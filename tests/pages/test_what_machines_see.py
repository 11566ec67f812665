"""What search engines, assistants and previews of links see of each kind of address."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from bookonce.booking_page.for_machines import in_a_script
from bookonce.scheduling.models import Booking, Calendar, EmbedOrigin
from bookonce.scheduling.revoke_link import revoke_link
from tests.cast import MONDAY_TEN, NOW, Person, book_through, make_link
from tests.groups import make_group, make_group_link
from tests.kinds import book_into
from tests.pages.guest_pages import at_now, stop_clock  # noqa: F401 - a fixture

pytestmark = [pytest.mark.usefixtures("at_now"), pytest.mark.django_db(transaction=True)]
SLUG = "/atelier/alice-30"
HERE = "http://localhost:8000"
HOSTILE = [
    "</script><script>alert(1)</script>",
    "<!--<script>",
    "-->]]>",
    "&lt;/script&gt;",
    '"},"x":"',
    "\\u003c/script\\u003e",
    "\u2028\u2029",
    "{{ 7 }}{% debug %}",
]


def structured(response: Any) -> list[dict[str, Any]]:
    found = re.findall(r'<script type="application/ld\+json">(.*?)</script>', response.content.decode())
    return [json.loads(each) for each in found]


def said(response: Any) -> dict[str, str]:
    page = response.content.decode()
    return dict(re.findall(r'<meta (?:property|name)="((?:og|twitter|robots)[^"]*)" content="([^"]*)"', page))


def is_listed(response: Any) -> bool:
    page = response.content.decode()
    kept_out, listed = "X-Robots-Tag" in response, 'rel="canonical"' in page
    assert kept_out != listed
    if 'class="booker' in page:
        assert kept_out == ('name="robots"' in page)
    return listed


def addresses(alice: Person) -> dict[str, str]:
    token = make_link(alice).token
    manage = f"/m/{book_into(alice.calendar).manage_token}"
    group = make_group(alice, alice.calendar)
    return {
        "scheduling": SLUG,
        "details": f"{SLUG}?start={MONDAY_TEN.replace('+', '%2B')}",
        "permanent": f"/c/{alice.calendar.permanent_id}",
        "one-time": f"/o/{token}",
        "one-time details": f"/o/{token}?start={MONDAY_TEN.replace('+', '%2B')}",
        "unknown": f"/o/{'a' * 32}",
        "manage": manage,
        "booked": f"{manage}?booked=1",
        "cancel": f"{manage}/cancel",
        "reschedule": f"{manage}/reschedule",
        "move": f"{manage}/reschedule?start={MONDAY_TEN.replace('+', '%2B')}",
        "menu": f"/atelier/{group.slug}",
        "permanent menu": f"/c/{group.permanent_id}",
        "chosen in a menu": f"/atelier/{group.slug}?calendar={alice.calendar.public_id}",
        "one-time menu": f"/o/{make_group_link(alice, group).token}",
        "in a frame": f"{SLUG}?embed=inline&embed_origin=https://shop.example",
        "slots": f"{SLUG}/slots?from=2026-12-01&to=2026-12-02",
        "sign in": "/app/sign-in/",
    }


@pytest.mark.parametrize("searchable", [False, True])
def test_only_the_scheduling_link_is_listed_and_only_when_asked_to(
    alice: Person, *, searchable: bool
) -> None:
    Calendar.objects.update(searchable=searchable)
    EmbedOrigin.objects.create(calendar=alice.calendar, origin="https://shop.example")
    listed = {name for name, path in addresses(alice).items() if is_listed(Client().get(path))}
    assert listed == ({"scheduling"} if searchable else set())


def test_listed_under_one_address(alice: Person) -> None:
    Calendar.objects.update(searchable=True)
    page = Client().get(f"{SLUG}/?month=2026-12&lang=de", HTTP_HOST="localhost").content.decode()
    assert f'<link rel="canonical" href="{HERE}{SLUG}">' in page


@pytest.mark.parametrize("changes", [{"paused_at": NOW}, {"deleted_at": NOW}, {"one_time_only": True}])
def test_a_closed_calendar_is_not_listed(alice: Person, changes: dict[str, Any]) -> None:
    Calendar.objects.update(searchable=True, **changes)
    response = Client().get(SLUG)
    assert response.status_code != 200
    assert not is_listed(response)
    assert not structured(response)


def test_structured_data_stands_where_anybody_may_book(alice: Person) -> None:
    EmbedOrigin.objects.create(calendar=alice.calendar, origin="https://shop.example")
    with_data = {name for name, path in addresses(alice).items() if structured(Client().get(path))}
    assert with_data == {"scheduling", "permanent", "menu", "permanent menu", "chosen in a menu"}


def test_it_tells_what_the_page_shows_and_its_own_address_alone(alice: Person) -> None:
    Calendar.objects.update(description="Half an hour.", location="Lindenstraße 4", location_kind="place")
    [data] = structured(Client().get(SLUG))
    assert data == {
        "@context": "https://schema.org",
        "@type": "Service",
        "name": "Alice's meeting",
        "description": "Half an hour.",
        "provider": {"@type": "Person", "name": "Alice"},
        "url": f"{HERE}{SLUG}",
        "potentialAction": {
            "@type": "ReserveAction",
            "target": {"@type": "EntryPoint", "urlTemplate": f"{HERE}{SLUG}"},
        },
    }
    permanent = f"/c/{alice.calendar.permanent_id}"
    page = Client().get(permanent)
    assert structured(page)[0]["url"] == f"{HERE}{permanent}"
    assert SLUG not in page.content.decode()


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_breaks_out_of_the_data(alice: Person, name: str) -> None:
    Calendar.objects.update(name=name, description=name)
    alice.user.name = name
    alice.user.save()
    response = Client().get(SLUG)
    [data] = structured(response)
    assert (data["name"], data["description"]) == (name, name)
    assert len(re.findall(r"<script", response.content.decode())) == 2
    assert "<!--" not in response.content.decode()
    assert json.loads(in_a_script({name: name})) == {name: name}


def test_a_preview_says_title_and_owner_on_every_kind_of_link(alice: Person) -> None:
    Calendar.objects.update(description="Secret plans")
    for name, path in addresses(alice).items():
        if name in {"unknown", "slots", "sign in", "menu", "permanent menu", "one-time menu"}:
            continue
        told = said(Client().get(path))
        assert told["og:title"] == "Alice&#x27;s meeting with Alice", name
        assert (told["og:site_name"], told["og:type"]) == ("Bookonce", "website")
        assert set(told) <= {"og:title", "og:site_name", "og:type", "twitter:card", "robots"}, name


@pytest.mark.parametrize("state", ["used", "revoked", "expired"])
def test_the_preview_of_a_dead_link_says_nothing_of_a_booking(
    alice: Person, monkeypatch: pytest.MonkeyPatch, state: str
) -> None:
    issued = make_link(alice, recipient_name="Sam Okafor", expires_at=NOW + timedelta(days=1))
    if state == "used":
        book_through(issued)
    if state == "revoked":
        revoke_link(issued.link.pk, by=alice.actor, now=NOW)
    if state == "expired":
        stop_clock(monkeypatch, NOW + timedelta(days=2))
    response = Client().get(f"/o/{issued.token}")
    assert response.status_code == 410
    head = response.content.decode().partition("</head>")[0]
    title = said(response)["og:title"]
    assert title.startswith("This link")
    assert title == title.strip()
    for secret in ("Gina", "Sam", "Okafor", "30 November", "Alice", issued.token or ""):
        assert secret not in head


def test_programs_are_told_what_to_leave_alone(alice: Person) -> None:
    answer = Client().get("/robots.txt")
    assert answer["Content-Type"].startswith("text/plain")
    everyone = answer.content.decode().partition("\n\n")[0].splitlines()
    assert everyone[0] == "User-agent: *"
    assert everyone[1:] == [f"Disallow: {path}" for path in ("/o/", "/m/", "/c/", "/app/", "/api/")]
    assert Client().post("/robots.txt").status_code == 405


def test_each_page_has_a_title_of_its_own(alice: Person) -> None:
    titles = {}
    for name, path in addresses(alice).items():
        found = re.search(r"<title>(.*?)</title>", Client().get(path).content.decode(), re.DOTALL)
        if found and name not in {
            "permanent",
            "one-time",
            "one-time details",
            "chosen in a menu",
            "in a frame",
        }:
            titles[name] = " ".join(found[1].split())
    menus = {titles.pop(name) for name in ("menu", "permanent menu", "one-time menu")}
    assert len(menus) == 1
    assert len(set(titles.values())) == len(titles)
    assert all("Gina" not in title and "November" not in title for title in titles.values())
    assert Booking.objects.count() == 1
