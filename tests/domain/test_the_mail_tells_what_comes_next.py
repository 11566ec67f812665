"""Who is led elsewhere after booking reads in their mail what comes next; nobody else does."""

from __future__ import annotations

import pytest

from bookonce.scheduling.answer_booking import confirm
from bookonce.scheduling.models import Booking, Calendar
from tests.cast import NOW, Person, book_through, make_link
from tests.mailbox import html, mails, text, to

pytestmark = pytest.mark.django_db
STEPS = "Bring <b>photos</b>.\nhttps://example.com/way"


@pytest.mark.parametrize("series", [False, True])
def test_in_the_confirmation_of_the_guest_alone(alice: Person, *, series: bool) -> None:
    repeats = {"repeats": "weekly", "repeat_count": 3} if series else {}
    Calendar.objects.update(next_steps=STEPS, **repeats)
    book_through(make_link(alice), guests=["bo@example.org"])
    found = mails()
    guest = to("gina@example.org", found)
    assert "What comes next: Bring <b>photos</b>." in text(guest)
    assert "https://example.com/way" in text(guest)
    assert "Bring &lt;b&gt;photos&lt;/b&gt;.<br>" in html(guest)
    for other in ("bo@example.org", "alice@example.com"):
        assert "photos" not in text(to(other, found))


def test_of_a_request_only_once_it_is_confirmed(alice: Person) -> None:
    Calendar.objects.update(next_steps=STEPS, needs_approval=True)
    book_through(make_link(alice))
    assert "photos" not in text(to("gina@example.org", mails()))
    confirm(Booking.objects.get().pk, by=alice.actor, now=NOW)
    assert "photos" in text(to("gina@example.org", mails()))
