"""Everything that a guest can meet, made by the product's own verbs in a process beside the server.

`make` runs there (tests/races/beside.py) with verbs that are told when it is: yesterday's bookings are made
yesterday. It gives the path of each scene; guest_states.py says what is looked at.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bookonce.accounts.models import Member
from bookonce.lib import clock
from bookonce.lib.instants import from_minutes, to_minutes, to_seconds
from bookonce.lib.tokens import new_public_id
from bookonce.scheduling.answer_booking import decline, expire_request
from bookonce.scheduling.book import Booked, book
from bookonce.scheduling.calendar_groups import create_group
from bookonce.scheduling.calendar_hosts import CompleteHost
from bookonce.scheduling.calendars import create_calendar, insert_calendar, set_deleted, set_paused
from bookonce.scheduling.cancel import cancel
from bookonce.scheduling.consent import set_consent_text
from bookonce.scheduling.events import GUEST, Actor
from bookonce.scheduling.hold_time import hold_time
from bookonce.scheduling.issue_link import issue_link
from bookonce.scheduling.link_options import LinkOptions
from bookonce.scheduling.look import set_look
from bookonce.scheduling.models import Booking, Calendar, CalendarGroup, OneTimeLink, Question, Schedule
from bookonce.scheduling.offer import Door, free_starts, get_offer
from bookonce.scheduling.questions import create_question, set_calendar_questions
from bookonce.scheduling.revoke_link import revoke_link
from bookonce.scheduling.schedules import insert_hours, parse_schedule
from tests.cast import make_person
from tests.e2e.guest_pictures import pictures

QUESTIONS: tuple[Mapping[str, Any], ...] = (
    {"label": "Your company", "kind": "short", "help": "As it stands on the invoice."},
    {"label": "What is it about?", "kind": "long"},
    {"label": "How many pieces?", "kind": "number"},
    {"label": "A second e-mail address", "kind": "email"},
    {"label": "Where can we call you?", "kind": "phone"},
    {"label": "Tea or coffee?", "kind": "choice", "choices": ["Tea", "Coffee", "Neither of the two"]},
    {"label": "What would you like to see?", "kind": "several", "choices": ["Press", "Archive", "Garden"]},
    {"label": "I come by bicycle", "kind": "checkbox"},
    {"label": "By which day do you need it?", "kind": "date"},
    {"label": "Your site", "kind": "url"},
)
ANSWERS: Mapping[str, str | list[str]] = {
    "short": "Lindqvist & Töchter",
    "long": "A book of forty pages.\nThread bound, with a cloth spine.",
    "number": "12",
    "email": "studio@lindqvist.example",
    "phone": "+44 20 7946 0000",
    "choice": "Tea",
    "several": ["Press", "Garden"],
    "checkbox": "yes",
    "date": "2027-03-01",
    "url": "https://lindqvist.example/books",
}
GUEST_NAME, GUEST_EMAIL = "Mara Lindqvist", "mara@lindqvist.example"


def make(site: str) -> dict[str, str]:
    """Make every scene; their paths by name. The site of this origin may show one of the calendars."""
    stage = Stage.of_first_run(site)
    return stage.choosing() | stage.dead_ends() | stage.of_others() | stage.bookings()


@dataclass
class Stage:
    """The workspace of the first run, its owner, and the calendar that everybody books."""

    owner: Member
    calendar: Calendar
    now: datetime
    site: str

    @staticmethod
    def of_first_run(site: str) -> Stage:
        calendar = Calendar.objects.order_by("pk")[0]
        Calendar.objects.filter(pk=calendar.pk).update(
            description="We look at your idea together, and see what the studio can make of it.",
            durations=[30, 60],
            location_kind="place",
            location="Lindenweg 12, Berlin",
            contact_text="Call 030 1234567",
        )
        calendar.refresh_from_db()
        return Stage(Member.objects.order_by("pk")[0], calendar, clock.now(), site)

    @property
    def actor(self) -> Actor:
        return Actor("page", self.owner.pk)

    def new(self, name: str, **settings: Any) -> Calendar:
        """A further calendar; what is no setting is a column."""
        columns = {key: settings.pop(key) for key in [*settings] if key.startswith("col_")}
        made = create_calendar(self.owner, {"name": name, "durations": [30]} | settings, now=self.now)
        if columns:
            named = {key.removeprefix("col_"): value for key, value in columns.items()}
            Calendar.objects.filter(pk=made.pk).update(**named)
            made.refresh_from_db()
        return made

    def link(self, target: Calendar | CalendarGroup | None = None, **options: Any) -> str:
        """The token of a new one-time link."""
        issued = issue_link(target or self.calendar, LinkOptions(**options), by=self.actor, now=self.now)
        assert issued.token
        return issued.token

    def free(self, door: Door, *, now: datetime | None = None, after: timedelta = timedelta(days=1)) -> str:
        """The first free start after that."""
        now = now or self.now
        offer, begin = get_offer(door), to_minutes(now + after)
        length = offer.rules.durations[0]
        found = free_starts(offer, duration=length, start=begin, end=begin + 40 * 1440, now=to_seconds(now))
        return from_minutes(min(found)).isoformat()

    def book(self, door: Door, *, now: datetime | None = None, start: str = "", **given: Any) -> Booked:
        raw = {
            "start": start or self.free(door, now=now),
            "name": GUEST_NAME,
            "email": GUEST_EMAIL,
            "timezone": "Europe/London",
        }
        return book(door, raw | given, now=now or self.now)

    def choosing(self) -> dict[str, str]:
        """Pages on which something is chosen, or filled in."""
        path, full = f"/o/{self.link()}", self._full()
        hosts = {"kind": "class", "seats": 6, "shows_seats_left": True}
        yoga = self.new("Morning class", **hosts)
        proven = self.new("Open hour", proof_of_work=True)
        series = self.new("Eight lessons", col_repeats="weekly", col_repeat_count=8)
        busy = self.new("Studio visit", col_look_busy=0)
        taken = self.book(Door.permanent(busy.permanent_id))
        gone = Booking.objects.get(public_id=taken.public_id).appointment.starts.isoformat()
        weekend = self.now.date() + timedelta(days=7 + 5 - self.now.weekday())
        nothing = self.link(first_day=weekend, last_day=weekend + timedelta(days=1))
        later = self.link(first_day=self.now.date() + timedelta(days=70))
        empty = self.now + timedelta(days=35)  # its month ends before the link's first day
        known: dict[str, Any] = {"recipient_name": GUEST_NAME, "recipient_email": GUEST_EMAIL}
        start = self.free(Door.link(path[3:]), after=timedelta(days=15))  # which nothing below takes
        at = f"?start={start.replace('+', '%2B')}"
        return {
            "month": path,
            "week": f"{path}?view=week",
            "later month": f"/o/{later}?month={empty:%Y-%m}",
            "class": f"/c/{yoga.permanent_id}?party=2",
            "series": f"/c/{series.permanent_id}",
            "no times": f"/o/{nothing}",
            "gone": f"/c/{busy.permanent_id}?start={gone.replace('+', '%2B')}",
            "details": f"{path}{at}",
            "known guest": f"/o/{self.link(**known)}{at}",
            "every question": f"{full}{at}",
            "series details": f"/c/{series.permanent_id}{at}",
            **{
                name: f"/o/{self.link(email_lock='code', **known)}{at}"
                for name in ("code", "code to send", "code to mistype", "code to mistype later")
            },
            "kept": f"/c/{self.new('Ten minutes', hold_minutes=10).permanent_id}",
            "group": f"/o/{self.link(self._group(yoga, busy))}",
            "look": self._look(),
            "pictures": self._pictures(),
            "frame": f"/c/{busy.permanent_id}?embed=inline",
            "embedded": f"/c/{self.new('On our own site', embed_origins=[self.site]).permanent_id}",
            "proof": f"/c/{proven.permanent_id}{at}",
            "choose host": self._team(),
        }

    def _full(self) -> str:
        """A calendar that asks everything there is to ask."""
        asks = self.new(
            "Commission", location={"kind": "ask"}, col_further_guests="details", col_most_guests=3
        )
        made = [create_question(self.owner.workspace, dict(one), now=self.now) for one in QUESTIONS]
        set_calendar_questions(asks, [(one, number % 2 == 0) for number, one in enumerate(made)])
        text = "I agree that my answers are kept until the commission is done, and deleted a year later."
        set_consent_text(asks, text, now=self.now)
        return f"/c/{asks.permanent_id}"

    def _group(self, *calendars: Calendar) -> CalendarGroup:
        ids = [each.public_id for each in (self.calendar, *calendars)]
        wanted = {"name": "Meet the studio", "description": "Choose how we meet.", "calendars": ids}
        return create_group(self.owner, wanted, now=self.now)

    def _look(self) -> str:
        dressed = self.new("In our colours")
        colours = {"primary": "#7a3e00", "background": "#fff6e9", "radius": 0, "button_text": "Count me in"}
        set_look(dressed, {"theme": "light"} | colours, by=self.actor, now=self.now)
        return f"/c/{dressed.permanent_id}"

    def _pictures(self) -> str:
        dressed = self.new("Kiln and clay", description="Two hours at the wheel, and tea while it dries.")
        colours = {"primary": "#a2401c", "radius": 12}
        set_look(dressed, colours, pictures=pictures(), by=self.actor, now=self.now)
        return f"/c/{dressed.permanent_id}"

    def _team(self) -> str:
        jonas = make_person("Jonas", self.owner.workspace, role="member")
        mine = Schedule.objects.filter(member=self.owner)[0]
        hosts = [CompleteHost(self.owner, (mine,)), CompleteHost(jonas.member, (jonas.schedule,))]
        columns = {"name": "Whoever you like", "slug": "whoever", "durations": (30,), "interval": 30}
        columns |= {"kind": "round_robin", "guests_choose_host": True, "horizon_days": 60}
        team = insert_calendar(hosts, columns, public_id=new_public_id("cal"), now=self.now)
        return f"/c/{team.permanent_id}"

    def dead_ends(self) -> dict[str, str]:
        """Links that can't be booked, each for its reason."""
        used, revoked = self.link(), self.link()
        self.book(Door.link(used))
        revoke_link(self._row(revoked), by=self.actor, now=self.now)
        expired = self.link(expires_at=self.now + timedelta(seconds=1))
        self._expire(expired)
        holding = self.new("Kept for a while", hold_minutes=60)
        kept = self.link(holding)
        door = Door.link(kept)
        hold_time(door, {"start": self.free(door)}, visitor="", now=self.now)
        paused, deleted = self.new("Summer school"), self.new("Old studio")
        ends = {"paused": f"/o/{self.link(paused)}", "deleted": f"/o/{self.link(deleted)}"}
        set_paused(paused, paused=True, now=self.now)
        set_deleted(deleted, deleted=True, now=self.now)
        return ends | {
            "used": f"/o/{used}",
            "used, in a frame": f"/o/{used}?embed=inline",
            "revoked": f"/o/{revoked}",
            "expired": f"/o/{expired}",
            "held": f"/o/{kept}",
            "not open": f"/o/{self.link(not_before=self.now + timedelta(days=90))}",
            "asked": f"/o/{revoked}?asked=sent",
            "asked before": f"/o/{revoked}?asked=waiting",
        }

    def _row(self, token: str) -> int:
        link = get_offer(Door.link(token)).link
        assert link
        return link.id

    def _expire(self, token: str) -> None:
        OneTimeLink.objects.filter(pk=self._row(token)).update(expires_at=self.now - timedelta(days=1))

    def of_others(self) -> dict[str, str]:
        """What is nobody's."""
        return {"unknown link": "/o/nothing", "unknown page": "/nothing/there"}

    def bookings(self) -> dict[str, str]:
        """The page of a booking in every stage, and the pages that lead from it."""
        upcoming = self._manage(self.book(Door.link(self.link())))
        ended = {
            "cancelled by guest": self._after(lambda booking: cancel(booking, by=GUEST, now=self.now)),
            "cancelled by host": self._after(
                lambda booking: cancel(booking, by=self.actor, now=self.now, reason="I am ill, and sorry.")
            ),
        }
        return (
            {
                "booked": f"{upcoming}?booked=1",
                "upcoming": upcoming,
                "moved": f"{upcoming}?moved=1",
                "cancel": f"{upcoming}/cancel",
                "reschedule": f"{upcoming}/reschedule",
                "move": f"{upcoming}/reschedule?start={self._another()}",
            }
            | ended
            | self._requests()
            | self._former()
            | self._of_many()
        )

    def _manage(self, booked: Booked) -> str:
        assert booked.manage_token
        return f"/m/{booked.manage_token}"

    def _after(self, act: Any, **given: Any) -> str:
        booked = self.book(Door.link(self.link()), **given)
        act(Booking.objects.get(public_id=booked.public_id).pk)
        return self._manage(booked)

    def _another(self) -> str:
        return self.free(Door.permanent(self.calendar.permanent_id), after=timedelta(days=9)).replace(
            "+", "%2B"
        )

    def _requests(self) -> dict[str, str]:
        asking = self.new("On request", needs_approval=True)

        def ask() -> tuple[int, str]:
            booked = self.book(Door.link(self.link(asking)))
            return Booking.objects.get(public_id=booked.public_id).pk, self._manage(booked)

        waiting, declined, overdue, withdrawn = (ask() for _each in range(4))
        decline(declined[0], by=self.actor, now=self.now, reason="")
        Booking.objects.filter(pk=overdue[0]).update(answer_by=self.now - timedelta(minutes=1))
        expire_request(overdue[0], now=self.now)
        cancel(withdrawn[0], by=GUEST, now=self.now)
        return {
            "requested": f"{waiting[1]}?booked=1",
            "request": waiting[1],
            "withdraw": f"{waiting[1]}/cancel",
            "declined": declined[1],
            "request expired": overdue[1],
            "withdrawn": withdrawn[1],
        }

    def _former(self) -> dict[str, str]:
        """Of a calendar that is open round the clock: what has begun, what took place, who did not come."""
        schedule = Schedule.objects.create(
            public_id=new_public_id("sch"),
            workspace=self.owner.workspace,
            member=self.owner,
            name="Round the clock",
            timezone="UTC",
        )
        always = [{"days": list(range(7)), "start": "00:00", "end": "24:00"}]
        insert_hours(schedule, parse_schedule({"timezone": "UTC", "weekly": always}))
        columns = {"name": "Hot line", "slug": "hot-line", "durations": (60,), "interval": 30}
        line = insert_calendar(
            [CompleteHost(self.owner, (schedule,))], columns, public_id=new_public_id("cal"), now=self.now
        )
        half_hour = datetime.fromtimestamp(to_seconds(self.now) // 1800 * 1800, UTC)
        found = {}
        for name, begun in (("begun", 0), ("past", 3), ("no show", 6), ("showed", 9), ("invalid", 12)):
            start = half_hour - timedelta(hours=begun)
            booked = self.book(
                Door.permanent(line.permanent_id), now=start - timedelta(hours=1), start=start.isoformat()
            )
            if name in ("no show", "showed", "invalid"):
                row = Booking.objects.filter(public_id=booked.public_id)
                row.update(status=name.replace(" ", "_"))
            found[name] = self._manage(booked)
        return found

    def _of_many(self) -> dict[str, str]:
        """A place in a class, one of a series."""
        yoga = Calendar.objects.get(name="Morning class")
        series = Calendar.objects.get(name="Eight lessons")
        place = self._manage(self.book(Door.permanent(yoga.permanent_id), party=2))
        lessons = self._manage(self.book(Door.permanent(series.permanent_id)))
        full = Calendar.objects.get(name="Commission")
        answers = {one.key: ANSWERS[one.kind] for one in Question.objects.all()}
        answered = self.book(
            Door.permanent(full.permanent_id),
            location="At yours",
            answers=answers,
            consent=True,
            guests=[{"name": "Hugo", "email": "hugo@lindqvist.example"}],
        )
        return {
            "place in a class": place,
            "one of a series": lessons,
            "cancel series": f"{lessons}/cancel-all",
            "booked in a frame": f"{place}?booked=1&embed=inline",
            "with answers": self._manage(answered),
        }
