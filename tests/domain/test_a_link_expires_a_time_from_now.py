"""An expiry said from now, such as `in 3 days`, is an instant from the moment the link is made."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bookonce.lib.instants import iso
from bookonce.scheduling.errors import Invalid
from bookonce.scheduling.issue_link import issue_link
from bookonce.scheduling.link_options import parse_link_options
from bookonce.scheduling.link_rows import parse_link_rows
from bookonce.scheduling.models import OneTimeLink
from bookonce.scheduling.recipients_csv import read_recipients
from bookonce.scheduling.update_link import update_link
from tests.cast import NOW, Person

pytestmark = pytest.mark.django_db(transaction=True)
DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.mark.parametrize(
    ("said", "ahead"),
    [
        ("in 3 days", 3 * DAY),
        (" In  1 Day ", DAY),
        ("in 10 days", 10 * DAY),  # as long as a date is
        ("in 730 days", 730 * DAY),
        ("P3D", 3 * DAY),
        ("P730D", 730 * DAY),
        ("in 12 hours", 12 * HOUR),
        ("in 2 hours", 2 * HOUR),
        ("in 1 hour", HOUR),
        ("PT12H", 12 * HOUR),
        ("pt48h", 48 * HOUR),
    ],
)
def test_days_and_hours_count_from_now(alice: Person, said: str, ahead: timedelta) -> None:
    options = parse_link_options({"expires_at": said}, alice.calendar, now=NOW)
    assert options.expires_at == NOW + ahead


def test_it_is_fixed_when_the_link_is_made(alice: Person) -> None:
    options = parse_link_options({"expires_at": "in 3 days"}, alice.calendar, now=NOW)
    link = issue_link(alice.calendar, options, by=alice.actor, now=NOW).link
    update_link(link.pk, {"label": "Later"}, now=NOW + DAY)
    assert OneTimeLink.objects.get(pk=link.pk).expires_at == NOW + 3 * DAY
    update_link(link.pk, {"expires_at": "in 3 days"}, now=NOW + DAY)
    assert OneTimeLink.objects.get(pk=link.pk).expires_at == NOW + 4 * DAY


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("in 0 days", "Enter 1 to 730 days."),
        ("in 731 days", "Enter 1 to 730 days."),
        ("P999999D", "Enter 1 to 730 days."),
        ("in 17521 hours", "Enter 1 to 17,520 hours."),
        ("PT0H", "Enter 1 to 17,520 hours."),
        ("in three days", "in 3 days"),
        ("in -3 days", "in 3 days"),
        ("in ٣ days", "in 3 days"),
        ("in 3 weeks", "in 3 days"),
        ("P1M", "in 3 days"),
        ("P1DT2H", "in 3 days"),
        ("2026-13-1", "in 3 days"),
        ("2026-13-01", "in 3 days"),
        ("2200-01-01", "in 3 days"),
        ("9999-12-31", "in 3 days"),  # no link without an expiry, in silence
    ],
)
def test_what_is_no_time_from_now_is_told(alice: Person, said: str, sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_link_options({"expires_at": said}, alice.calendar, now=NOW)
    assert list(refused.value.errors) == ["expires_at"]
    (told,) = refused.value.errors["expires_at"]
    assert sentence in told


def test_files_of_recipients_say_it_too(alice: Person) -> None:
    text = "Email,Expires\na@example.org,in 3 days\nb@example.org,PT12H\nc@example.org,2026-12-24\n"
    options = parse_link_rows(read_recipients(text).rows(), alice.calendar, now=NOW)
    told = [iso(one.expires_at) for one in options if one.expires_at]
    assert told == ["2026-11-26T08:00:00Z", "2026-11-23T20:00:00Z", "2026-12-24T23:00:00Z"]
