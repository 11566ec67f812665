"""What is typed into the folds of the share dialog is what the link has; faults stand beside their fields."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

import pytest

from bookonce.scheduling.models import Calendar, OneTimeLink
from tests.cast import Person, make_link
from tests.groups import make_group
from tests.pages.guest_pages import at_now  # noqa: F401 - a fixture
from tests.pages.owner_pages import links_made, said_beside, signed_in, text

pytestmark = [pytest.mark.usefixtures("at_now"), pytest.mark.django_db(transaction=True)]

WHEN = {
    "expires": "2026-12-20",
    "expires_time": "18:30",
    "opens": "2026-12-01",
    "opens_time": "09:00",
    "first_day": "2026-12-07",
    "last_day": "2026-12-18",
}
MORE = {"recipient_phone": "+49 30 123456", "external_ref": "crm-7", "contact_text": "Call Olga.\r\nOr Sam."}


def share(target_id: str) -> str:
    return f"/app/calendars/{target_id}/share/"


def test_all_that_is_typed_is_on_the_link(alice: Person) -> None:
    Calendar.objects.filter(pk=alice.calendar.pk).update(durations=[30, 60, 90])
    sent = {**WHEN, **MORE, "lengths": ["30", "90"]}
    answer = signed_in(alice).post(f"{share(alice.calendar.public_id)}one-time/", sent, follow=True)
    assert answer.status_code == 200
    assert re.search(r"/o/[a-z2-7]{32}", text(answer)), "the link that opens later is there to copy"
    link = OneTimeLink.objects.get()
    assert link.expires_at == datetime(2026, 12, 20, 17, 30, tzinfo=UTC), "Berlin's clock"
    assert link.not_before == datetime(2026, 12, 1, 8, tzinfo=UTC)
    assert (link.first_day, link.last_day) == (date(2026, 12, 7), date(2026, 12, 18))
    assert link.durations == (30, 90)
    assert (link.recipient_phone, link.external_ref) == ("+49 30 123456", "crm-7")
    assert link.contact_text.splitlines() == ["Call Olga.", "Or Sam."]


def test_days_without_a_time_are_whole(alice: Person) -> None:
    sent = {"expires": "2026-12-20", "opens": "2026-12-01"}
    signed_in(alice).post(f"{share(alice.calendar.public_id)}one-time/", sent)
    link = OneTimeLink.objects.get()
    assert link.not_before == datetime(2026, 11, 30, 23, tzinfo=UTC)
    assert link.expires_at == datetime(2026, 12, 20, 23, tzinfo=UTC)


def test_a_group_takes_the_same_without_lengths(alice: Person) -> None:
    group = make_group(alice, alice.calendar)
    client = signed_in(alice)
    page = text(client.get(share(group.public_id)))
    assert 'id="share_first_day"' in page
    assert 'name="lengths"' not in page
    client.post(f"{share(group.public_id)}one-time/", {**WHEN, **MORE})
    link = OneTimeLink.objects.get()
    assert (link.group, link.first_day, link.external_ref) == (group, date(2026, 12, 7), "crm-7")
    assert link.not_before == datetime(2026, 12, 1, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "name", "reason"),
    [
        ({"expires": ""}, "expires", "date like"),
        ({"expires_time": "25:00"}, "expires_time", "time like"),
        ({"expires": "2026-11-22"}, "expires", "already passed"),
        ({"opens": ""}, "opens", "date like"),
        ({"opens": "0001-01-01"}, "opens", "date like"),
        ({"opens_time": "noon"}, "opens_time", "time like"),
        ({"opens": "2026-12-21"}, "opens", "after it has expired"),
        ({"first_day": "x"}, "first_day", "date like"),
        ({"last_day": "2026-12-06"}, "last_day", "before the first"),
        ({"lengths": ["45"]}, "lengths", "30, 60"),
        ({"recipient_phone": "none"}, "recipient_phone", "digits"),
        ({"external_ref": "x" * 121}, "external_ref", "At most 120"),
        ({"contact_text": "x" * 501}, "contact_text", "At most 500"),
    ],
)
def test_a_fault_stands_beside_its_field(
    alice: Person, changes: dict[str, object], name: str, reason: str
) -> None:
    Calendar.objects.filter(pk=alice.calendar.pk).update(durations=[30, 60])
    answer = signed_in(alice).post(f"{share(alice.calendar.public_id)}one-time/", {**WHEN, **changes})
    page = text(answer)
    assert answer.status_code == 422
    assert reason in said_beside(page, f"share_{name}")
    assert links_made() == 0
    fold = page.partition(f'name="{name}"')[0].rpartition('<details class="fold fold-line"')[2]
    assert fold.startswith(" open>"), "the fold of the fault is open"


def test_a_reference_that_a_link_has_makes_no_other(alice: Person) -> None:
    make_link(alice, external_ref="crm-7")
    answer = signed_in(alice).post(f"{share(alice.calendar.public_id)}one-time/", {"external_ref": "crm-7"})
    assert answer.status_code == 422
    assert "before" in said_beside(text(answer), "share_external_ref")
    assert links_made() == 1


def test_a_strangers_calendar_takes_none_of_it(alice: Person, charlie: Person) -> None:
    answer = signed_in(charlie).post(f"{share(alice.calendar.public_id)}one-time/", {**WHEN, **MORE})
    assert answer.status_code == 404
    assert links_made() == 0
