"""No slots left: the page says so and offers the request, and the link's owner is told once, by mail."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bookonce.booking_page import empty_pages, opens
from bookonce.jobs.models import Job
from bookonce.scheduling.calendars import set_paused
from bookonce.scheduling.models import Calendar, Event, LinkRequest, OneTimeLink
from bookonce.scheduling.no_slots import tell_no_slots
from bookonce.scheduling.revoke_link import revoke_link
from tests.cast import NOW, Person, book_through, make_link
from tests.groups import make_group, make_group_link
from tests.mailbox import html, mails, text, to
from tests.pages.guest_pages import at_now, read, send, stop_clock  # noqa: F401 - a fixture
from tests.pages.owner_pages import signed_in
from tests.pages.owner_pages import text as page_text

pytestmark = [pytest.mark.usefixtures("at_now"), pytest.mark.django_db(transaction=True)]
PERSON = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/140.0 Safari/537.36"}
DAY = date(2026, 11, 30)
AT_NINE = "2026-11-30T09:00:00+01:00"


@pytest.fixture(autouse=True)
def nothing_noted() -> None:
    empty_pages.take()


def narrow(person: Person, **options: Any) -> Any:
    """A link for one day, on which one appointment fits; that day is taken by another link's booking."""
    Calendar.objects.filter(pk=person.calendar.pk).update(durations=(300,), interval=300)
    issued = make_link(person, first_day=DAY, last_day=DAY, **options)
    book_through(make_link(person), AT_NINE, duration=300)
    mails()
    return issued


def open_it(issued: Any, **headers: str) -> Any:
    return Client(headers=PERSON | headers).get(f"/o/{issued.token}")


def told() -> list[Any]:
    """Hand on what was noted, and do what is owed."""
    empty_pages.flush()
    return mails()


def test_the_page_says_so_and_offers_the_request(alice: Person) -> None:
    issued = narrow(alice)
    answer = open_it(issued)
    assert answer.status_code == 200
    page = read(answer)
    assert "No free times left" in page.words
    assert "This link has no free times left. Ask Alice for a new one" in page.words
    assert "Ask for a new link" in page.words
    assert 'class="month"' not in page.html, "an empty month helps nobody"
    sent = {"name": "Gina", "email": "gina@example.org", "message": "Any Friday"}
    assert send(f"/o/{issued.token}/ask", Client(), sent).status_code == 303
    assert LinkRequest.objects.get().message == "Any Friday"


def test_opening_writes_nothing(alice: Person) -> None:
    issued = narrow(alice)
    with CaptureQueriesContext(connection) as captured:
        open_it(issued)
    assert not [query for query in captured if not query["sql"].startswith("SELECT")]
    assert not Job.objects.exists()
    assert OneTimeLink.objects.get(pk=issued.link.pk).no_slots_told_at is None


def test_the_owner_is_told_once(alice: Person) -> None:
    issued = narrow(alice, recipient_name="Sam <Okafor>", label="Spring")
    open_it(issued)
    mail = to("alice@example.com", told())
    assert mail["Subject"] == "Alice's meeting: no free time left for Sam <Okafor>"
    assert "The link for Sam <Okafor> has no free time left." in text(mail)
    assert "Spring, for Sam <Okafor>" in text(mail)
    assert f"/app/links/{issued.link.public_id}/" in text(mail)
    assert "Sam &lt;Okafor&gt;" in html(mail)
    assert str(issued.token) not in mail.as_string()
    assert OneTimeLink.objects.get(pk=issued.link.pk).no_slots_told_at == NOW
    for _again in range(3):
        open_it(issued)
    assert told() == []
    assert Event.objects.filter(kind=Event.Kind.LINK_NO_SLOTS).count() == 1
    history = page_text(signed_in(alice).get(f"/app/links/{issued.link.public_id}/"))
    assert "A guest found no free time" in history


def test_each_link_has_a_mail_of_its_own(alice: Person, bob: Person) -> None:
    first = narrow(alice)
    second = make_link(alice, first_day=DAY, last_day=DAY)
    OneTimeLink.objects.filter(pk=second.link.pk).update(created_by=bob.member)
    open_it(first)
    open_it(second)
    assert {mail["To"].addresses[0].addr_spec for mail in told()} == {"alice@example.com", "bob@example.com"}


def test_programs_are_no_guests(alice: Person) -> None:
    issued = narrow(alice)
    for agent in ("Slackbot-LinkExpanding 1.0", "curl/8.0", ""):
        open_it(issued, **{"User-Agent": agent})
    Client(headers=PERSON).head(f"/o/{issued.token}")
    assert empty_pages.take() == set()


def test_a_month_without_times_is_not_the_end(alice: Person) -> None:
    issued = make_link(alice, first_day=date(2027, 2, 1))
    page = read(open_it(issued))
    assert "No free times left" not in page.words
    Client(headers=PERSON).get(f"/o/{issued.token}?month=2026-12")
    open_it(make_link(alice))
    last = make_link(alice, last_day=date(2026, 11, 27))
    later = read(Client(headers=PERSON).get(f"/o/{last.token}?month=2026-12"))
    assert "There are no free times in December 2026 or later." in later.words
    assert empty_pages.take() == set()


def test_another_length_is_still_free(alice: Person) -> None:
    issued = narrow(alice)
    Calendar.objects.update(durations=(300, 60), interval=60)
    page = read(Client(headers=PERSON).get(f"/o/{issued.token}?duration=300"))
    assert "Ask for a new link" in page.words
    assert 'class="month"' in page.html
    assert "No free times left" not in page.words
    assert told() == []
    assert OneTimeLink.objects.get(pk=issued.link.pk).no_slots_told_at is None


def test_times_that_came_free_before_the_look_or_the_mail(alice: Person) -> None:
    issued = narrow(alice)
    open_it(issued)
    OneTimeLink.objects.filter(pk=issued.link.pk).update(last_day=DAY + timedelta(days=1))
    assert told() == [], "nothing to tell"
    OneTimeLink.objects.filter(pk=issued.link.pk).update(last_day=DAY)
    assert tell_no_slots(issued.link.pk, now=NOW)
    OneTimeLink.objects.filter(pk=issued.link.pk).update(last_day=DAY + timedelta(days=1))
    assert mails() == [], "the mail would be untrue"


@pytest.mark.parametrize("booked", [False, True])
def test_a_time_that_somebody_keeps_for_minutes_is_not_the_end_yet(
    alice: Person, monkeypatch: pytest.MonkeyPatch, *, booked: bool
) -> None:
    Calendar.objects.update(durations=(300,), interval=300, hold_minutes=10)
    issued, theirs = make_link(alice, first_day=DAY, last_day=DAY), make_link(alice)
    asked = {"start": AT_NINE, "duration": 300}
    kept = Client().post(f"/o/{theirs.token}/hold", asked, content_type="application/json").json()
    open_it(issued)
    assert told() == [], "it may be free again in minutes"
    if booked:
        book_through(theirs, AT_NINE, duration=300, hold=kept["hold"])
        mails()
    lapsed = NOW + timedelta(minutes=10)
    stop_clock(monkeypatch, lapsed)
    subjects = [str(mail["Subject"]) for mail in mails(now=lapsed)]
    assert subjects == (["Alice's meeting: no free time left"] if booked else [])
    assert not Job.objects.exists()
    assert (AT_NINE in open_it(issued).content.decode()) is not booked


def test_dead_and_paused_links_have_their_own_pages(alice: Person) -> None:
    issued = narrow(alice)
    open_it(issued)
    revoke_link(issued.link.pk, by=alice.actor, now=NOW)
    assert told() == []
    other = make_link(alice, first_day=DAY, last_day=DAY)
    set_paused(alice.calendar, paused=True, now=NOW)
    assert open_it(other).status_code == 503
    assert empty_pages.take() == set()
    assert not tell_no_slots(other.link.pk, now=NOW)


def test_a_group_has_times_while_one_of_its_calendars_has(alice: Person, bob: Person) -> None:
    issued = make_group_link(alice, make_group(alice, alice.calendar, bob.calendar))
    Calendar.objects.filter(pk=alice.calendar.pk).update(first_day=DAY, last_day=DAY, horizon_days=None)
    Calendar.objects.filter(pk=alice.calendar.pk).update(durations=(600,))
    chosen = f"/o/{issued.token}?calendar={alice.calendar.public_id}"
    assert "No free times left" in read(Client(headers=PERSON).get(chosen)).words
    assert told() == [], "Bob is free"
    Calendar.objects.filter(pk=bob.calendar.pk).update(durations=(600,))
    Client(headers=PERSON).get(chosen)
    assert [mail["To"].addresses[0].addr_spec for mail in told()] == ["alice@example.com"]


def test_a_menu_with_nothing_on_it_is_told(alice: Person) -> None:
    issued = make_group_link(alice, make_group(alice, alice.calendar))
    set_paused(alice.calendar, paused=True, now=NOW)
    assert "Ask for a new link" in read(open_it(issued)).words
    assert len(told()) == 1


def test_permanent_links_tell_nobody(alice: Person) -> None:
    narrow(alice)
    Calendar.objects.update(first_day=DAY, last_day=DAY, horizon_days=None)
    page = read(Client(headers=PERSON).get(f"/c/{alice.calendar.permanent_id}"))
    assert "Contact Alice to find one." in page.words
    assert "Ask for a new link" not in page.words
    assert empty_pages.take() == set()


def test_a_database_that_is_away_loses_nothing(alice: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    from bookonce.scheduling import errors

    def away(*_args: Any, **_kwargs: Any) -> None:
        raise errors.Busy

    issued = narrow(alice)
    open_it(issued)
    monkeypatch.setattr(empty_pages, "look_later", away)
    assert empty_pages.flush() == 0
    assert empty_pages.take() == {issued.link.pk}
    assert opens.take()[issued.link.pk].people == 1
