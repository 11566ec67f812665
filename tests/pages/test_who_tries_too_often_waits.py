"""Limits on what may be tried: what counts, who is counted, and what they are told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookonce.lib import clock
from bookonce.lib.tokens import new_token
from bookonce.scheduling import rate_limits
from bookonce.scheduling.errors import Busy, RateLimited
from bookonce.scheduling.models import Calendar, Hold, LinkRequest, RateCount
from bookonce.scheduling.rate_limits import LIMITS, Limit
from tests.cast import MONDAY_NINE, NOW, Person, book_through, guest, make_link
from tests.pages.guest_pages import at_now, read, send, stop_clock  # noqa: F401 - a fixture

pytestmark = pytest.mark.usefixtures("at_now", "db")
MOST = {name: limit.most for name, limit in LIMITS.items()}
ME, OTHER = "203.0.113.7", "203.0.113.8"


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three of everything, else tests take long."""
    three = {name: Limit(3, limit.seconds) for name, limit in LIMITS.items()}
    monkeypatch.setattr(rate_limits, "LIMITS", three)


def miss(peer: str = ME, path: str = "", **headers: str) -> Any:
    return Client(headers=headers).get(path or f"/o/{new_token()}", REMOTE_ADDR=peer)


def statuses(times: int, peer: str = ME) -> list[int]:
    return [miss(peer).status_code for _ in range(times)]


@pytest.mark.usefixtures("few")
def test_misses_are_counted_and_hits_are_not(alice: Person) -> None:
    path = f"/o/{make_link(alice).token}"
    for _ in range(5):
        assert Client().get(path, REMOTE_ADDR=ME).status_code == 200
    assert RateCount.objects.count() == 0
    assert statuses(5) == [404, 404, 404, 429, 429]
    assert statuses(1, OTHER) == [404]


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("path", ["/o/x", "/o/x/slots", "/m/x", "/c/x", "/m/x/cancel"])
def test_every_kind_of_secret_address_counts(alice: Person, path: str) -> None:
    assert [miss(path=path).status_code for _ in range(4)] == [404, 404, 404, 429]
    assert miss().status_code == 429


@pytest.mark.usefixtures("few")
def test_readable_addresses_do_not(alice: Person) -> None:
    assert {miss(path="/atelier/nothing").status_code for _ in range(6)} == {404}


@pytest.mark.usefixtures("few")
def test_the_network_of_an_ipv6_address_is_one_client(alice: Person) -> None:
    found = [miss(f"2001:db8:1:2::{number}").status_code for number in range(1, 6)]
    assert found == [404, 404, 404, 429, 429]
    assert miss("2001:db8:1:3::1").status_code == 404


@pytest.mark.usefixtures("few")
def test_forwarded_addresses_count_when_the_proxy_is_trusted(
    alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    trusting = replace(settings.BOOKONCE, trusted_proxies=(ip_network("10.0.0.1"),))
    monkeypatch.setattr(settings, "BOOKONCE", trusting)
    spoofed = [f"198.51.100.{number}, {ME}" for number in range(5)]
    found = [miss("10.0.0.1", **{"X-Forwarded-For": header}).status_code for header in spoofed]
    assert found == [404, 404, 404, 429, 429]
    assert miss("10.0.0.1", **{"X-Forwarded-For": OTHER}).status_code == 404


@pytest.mark.usefixtures("few")
def test_it_ends_with_the_window(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    assert statuses(4)[-1] == 429
    stop_clock(monkeypatch, NOW + timedelta(seconds=59))
    assert statuses(1) == [429]
    stop_clock(monkeypatch, NOW + timedelta(seconds=60))
    assert statuses(4) == [404, 404, 404, 429]


@pytest.mark.usefixtures("few")
def test_who_is_over_costs_the_database_nothing(alice: Person) -> None:
    statuses(4)
    with CaptureQueriesContext(connection) as asked:
        assert statuses(10) == [429] * 10
        assert Client().get(f"/o/{make_link.__name__}", REMOTE_ADDR=ME).status_code == 429
    assert len(asked) == 0


@pytest.mark.usefixtures("few")
def test_another_worker_counts_on(alice: Person) -> None:
    assert statuses(3) == [404] * 3
    rate_limits.forget_all()  # what another process knows
    assert statuses(1) == [429]


@pytest.mark.usefixtures("few")
def test_pages_and_programs_are_told_when_to_try_again(
    alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_clock(monkeypatch, NOW + timedelta(seconds=18))
    page = [miss() for _ in range(4)][-1]
    assert "Try again in 1 minute." in read(page).words
    program = miss(path="/o/x/slots")
    assert program["Content-Type"] == "application/problem+json"
    assert (program.json()["code"], program.json()["status"]) == ("rate_limited", 429)
    for answer in (page, program):
        assert answer.status_code == 429
        assert answer["Retry-After"] == "42"
        assert answer["RateLimit-Policy"] == '"misses";q=3;w=60'
        assert answer["RateLimit"] == '"misses";r=0;t=42'


@pytest.mark.usefixtures("few")
def test_wrong_addresses_at_a_locked_link(alice: Person) -> None:
    locked: dict[str, Any] = {"recipient_email": "gina@example.org", "email_lock": "match"}
    path, second = (f"/o/{make_link(alice, **locked).token}/book" for _ in range(2))

    def book(address: str, path: str = path, peer: str = ME) -> int:
        sent: dict[str, Any] = {"data": guest(email=address), "content_type": "application/json"}
        return Client().post(path, REMOTE_ADDR=peer, **sent).status_code

    assert [book(f"{number}@example.org") for number in range(3)] == [422] * 3
    assert book("3@example.org") == 429
    assert book("gina@example.org") == 429  # the right one too: nobody learns which it is by trying on
    assert book("4@example.org", peer=OTHER) == 422
    assert book("4@example.org", second) == 422
    assert book("gina@example.org", peer=OTHER) == 201


@pytest.mark.usefixtures("few")
def test_a_slip_of_the_pen_is_no_wrong_address(alice: Person) -> None:
    path = f"/o/{make_link(alice, recipient_email='gina@example.org', email_lock='match').token}/book"
    for _ in range(6):
        sent: dict[str, Any] = {"data": guest(email="gina@", name=""), "content_type": "application/json"}
        assert Client().post(path, **sent).status_code == 422


@pytest.mark.usefixtures("few")
def test_bookings_by_public_links(alice: Person) -> None:
    def book(path: str) -> int:
        body = guest(start="2026-11-30T03:00:00+01:00")  # nobody works then
        return Client().post(path, body, content_type="application/json").status_code

    public = "/atelier/alice-30/book", f"/c/{alice.calendar.permanent_id}/book"
    assert [book(public[number % 2]) for number in range(5)] == [409, 409, 409, 429, 429]
    assert book(f"/o/{make_link(alice).token}/book") == 409  # a one-time link limits itself


@pytest.fixture
def keeping(alice: Person) -> str:
    """The address of a one-time link with many uses; its calendar keeps times."""
    Calendar.objects.filter(pk=alice.calendar.pk).update(hold_minutes=10)
    return f"/o/{make_link(alice, max_bookings=9).token}"


def hold(path: str, peer: str, at: str = "03:00") -> Any:
    body = {"start": f"2026-11-30T{at}:00+01:00"}  # at three nobody works
    return Client(REMOTE_ADDR=peer).post(f"{path}/hold", body, content_type="application/json")


@pytest.mark.usefixtures("few")
@pytest.mark.django_db(transaction=True)
def test_times_to_be_kept_for_a_client(alice: Person, keeping: str) -> None:
    public = f"/c/{alice.calendar.permanent_id}"
    assert [hold(public, ME).status_code for _ in range(4)] == [409, 409, 409, 429]
    refused = hold(keeping, ME)  # by whichever link
    assert (refused.status_code, refused.json()["code"]) == (429, "rate_limited")
    assert refused["RateLimit-Policy"] == '"holds";q=3;w=600'
    assert hold(public, OTHER, "09:00").status_code == 201
    assert Client().post(f"{public}/book", guest(), REMOTE_ADDR=ME).status_code != 429


@pytest.mark.usefixtures("few")
@pytest.mark.django_db(transaction=True)
def test_times_to_be_kept_through_a_one_time_link(alice: Person, keeping: str) -> None:
    peers = [f"198.51.100.{number}" for number in range(4)]
    found = [hold(keeping, peer, f"{9 + at:02}:00") for at, peer in enumerate(peers)]
    assert [answer.status_code for answer in found] == [201, 201, 201, 429]
    assert found[-1]["RateLimit-Policy"] == '"link-holds";q=3;w=3600'
    public = f"/c/{alice.calendar.permanent_id}"
    assert [hold(public, f"198.51.100.{number}").status_code for number in range(10, 15)] == [409] * 5


@pytest.mark.usefixtures("few")
@pytest.mark.django_db(transaction=True)
def test_a_guest_goes_on_where_no_more_times_are_kept(keeping: str) -> None:
    for number in range(3):
        hold(keeping, f"198.51.100.{number}")
    client = Client(REMOTE_ADDR=ME)
    chosen = {"start": MONDAY_NINE, "timezone": "Europe/Berlin"}
    answer = send(f"{keeping}/hold", client, chosen)
    assert answer.status_code == 303
    form = read(client.get(answer["Location"])).fields
    assert not Hold.objects.exists()
    done = send(f"{keeping}/book", client, form | {"name": "Gina", "email": "gina@example.org"})
    assert done.status_code == 303


@pytest.mark.usefixtures("few")
def test_requests_for_a_new_link(alice: Person) -> None:
    issued = make_link(alice)
    booked = book_through(issued)
    form = "application/x-www-form-urlencoded"
    asked = [
        Client().post(f"/o/{issued.token}/ask", f"name=G&email=g{number}%40example.org", content_type=form)
        for number in range(4)
    ]
    assert [answer.status_code for answer in asked] == [303, 303, 303, 429]
    assert Client().post(f"/m/{booked.manage_token}/ask").status_code in {409, 429}
    assert LinkRequest.objects.count() == 3


def test_counts_hold_no_address_and_are_purged(alice: Person) -> None:
    statuses(2)
    row = RateCount.objects.get()
    assert (len(row.bucket), row.count, row.window_start) == (64, 2, NOW)
    assert rate_limits.purge_counts(now=NOW + timedelta(minutes=1)) == 0
    assert rate_limits.purge_counts(now=NOW + timedelta(hours=3)) == 1


def test_a_busy_database_lets_a_try_pass(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_: object) -> int:
        raise Busy

    monkeypatch.setattr(rate_limits, "_count", busy)
    assert statuses(2) == [404, 404]


def test_they_can_be_switched_off(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "BOOKONCE", replace(settings.BOOKONCE, rate_limits=False))
    assert set(statuses(MOST["misses"] + 5)) == {404}
    assert RateCount.objects.count() == 0


def test_a_worker_keeps_few_in_mind(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limits, "MOST_KNOWN", 5)
    monkeypatch.setattr(rate_limits, "LIMITS", {"misses": Limit(0, 60)})
    for number in range(20):
        at = clock.now() + timedelta(seconds=number)
        with pytest.raises(RateLimited):
            rate_limits.count("misses", str(number), now=at)
        assert len(rate_limits._over) <= 5


def test_nobody_in_particular_is_not_limited() -> None:
    for _ in range(MOST["misses"] + 1):
        rate_limits.count("misses", None, now=NOW)
