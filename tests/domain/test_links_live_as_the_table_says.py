"""Everything that can happen to one-time links, in any order, against a small model: nothing else happens.

After each act: no link has more live bookings than it allows, `spent` is the number of uses not returned,
the state is the model's, its token finds it, it can be shown while it can be booked, and no time of the host
is taken twice or blocked for nothing.
"""

from __future__ import annotations

from django.db import connection
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    invariant,
    run_state_machine_as_test,
)

from bookonce.lib.instants import to_minutes, to_seconds
from bookonce.scheduling.issue_link import shown_token
from bookonce.scheduling.link_state import DEAD, EXISTS, state_expression
from bookonce.scheduling.models import Booking as BookingRow
from bookonce.scheduling.models import OneTimeLink
from bookonce.scheduling.offer import Door, get_offer
from tests.domain.life_of_bookings import LifeWithBookings
from tests.domain.life_of_links import seen
from tests.strength import FULL, times

RUNS, STEPS = times(16, 600), 40
WRONG = {
    "links with more live bookings than they allow, or a miscount": """SELECT COUNT(*)
        FROM scheduling_onetimelink l WHERE l.spent > l.max_bookings OR l.spent <>
          (SELECT COUNT(*) FROM scheduling_linkuse u WHERE u.link_id = l.id AND u.returned_at IS NULL)
        OR l.max_bookings < (SELECT COUNT(*) FROM scheduling_booking b WHERE b.link_id = l.id
          AND b.status <> 'cancelled')""",
    "live bookings whose use was returned": """SELECT COUNT(*) FROM scheduling_booking b
        JOIN scheduling_linkuse u ON u.id = b.link_use_id
        WHERE b.status <> 'cancelled' AND u.returned_at IS NOT NULL""",
    "hosts in two places": """SELECT COUNT(*) FROM scheduling_blockedtime a JOIN scheduling_blockedtime b
        ON a.host_id = b.host_id AND a.id < b.id AND a.live AND b.live
        AND a.starts < b.ends AND b.starts < a.ends""",
    "time blocked otherwise than by its appointment": """SELECT COUNT(*) FROM scheduling_appointment a
        LEFT JOIN scheduling_blockedtime t ON t.appointment_id = a.id
        WHERE t.id IS NULL OR t.live <> (a.status <> 'cancelled')
        OR t.starts <> a.starts - a.buffer_before OR t.ends <> a.ends + a.buffer_after""",
}
# What must have come up in the runs, or they would show little; the rest in those of the long form.
OFTEN = ["booked when active: active", "cancelled", "moved", "revoked"]
_REFUSING = ("revoked", "used", "expired", "calendar_deleted", "paused", "not_open")
RARELY = [
    *(f"booked when {state}: {state}" for state in _REFUSING),
    *(
        "booked when expired: active",
        "reopened",
        "revoked with live bookings",
        "answered",
    ),
    *("confirmed when new", "declined when new", "expired by its job", "expired by whoever came by"),
    *("new link after no_show", "new link after cancelled"),
]


class WatchedLife(LifeWithBookings):
    """What holds after each act."""

    @invariant()
    def all_holds(self) -> None:
        self.overdue_requests_may_have_been_ended()
        self.each_link_is_found_in_its_state()
        self.a_link_can_be_shown_until_it_is_over()
        self.bookings_are_where_they_should_be()
        self.nothing_is_wrong_in_the_tables()

    def overdue_requests_may_have_been_ended(self) -> None:
        """By whoever took time of their host; what else became of them the other invariants see."""
        for booking in self.world.bookings:
            if (
                booking.overdue(self.world.now)
                and not BookingRow.objects.filter(pk=booking.row, status="new").exists()
            ):
                seen["expired by whoever came by"] += 1
                self.world.cancelled(booking)

    def each_link_is_found_in_its_state(self) -> None:
        now = to_seconds(self.now)
        shown = dict(
            OneTimeLink.objects.filter(EXISTS)
            .annotate(state=state_expression(now))
            .values_list("pk", "state")
        )
        assert shown == {link.row: link.state(self.world.now) for link in self.world.links}
        for link in self.world.links:
            offer = get_offer(Door.link(link.token))
            assert offer.link
            assert (offer.link.id, offer.link.spent) == (link.row, link.spent)

    def a_link_can_be_shown_until_it_is_over(self) -> None:
        for row in OneTimeLink.objects.all():
            [link] = [each for each in self.world.links if each.row == row.pk]
            if not link.is_over(self.world.now) or link.state(self.world.now) not in DEAD:
                assert shown_token(row) == link.token

    def bookings_are_where_they_should_be(self) -> None:
        there = BookingRow.objects.values_list("pk", "appointment__starts", "status", "appointment__status")
        found = {row: (to_minutes(starts), *statuses) for row, starts, *statuses in there}
        of_appointment = {"no_show": "confirmed"}
        assert found == {
            each.row: (each.start, each.status, of_appointment.get(each.status, each.status))
            for each in self.world.bookings
        }

    def nothing_is_wrong_in_the_tables(self) -> None:
        with connection.cursor() as cursor:
            for what, statement in WRONG.items():
                cursor.execute(statement)
                assert cursor.fetchone() == (0,), what


def test_whatever_happens_links_live_as_the_table_says(db: None) -> None:
    seen.clear()
    run_state_machine_as_test(
        WatchedLife,
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )
    for what in OFTEN + RARELY * FULL:
        assert seen[what], f"{what}: {dict(seen)}"
