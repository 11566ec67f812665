"""What `bookonce doctor` looks at: a title and a function that returns sentences about faults."""

from __future__ import annotations

import stat
from collections.abc import Callable

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from bookonce.jobs.models import Job
from bookonce.lib import clock
from bookonce.lib.sealed import current_keys
from bookonce.scheduling import guards
from bookonce.scheduling.clear_holds import count_stale
from bookonce.scheduling.reseal import count_seals
from bookonce.scheduling.waiting_requests import count_long_overdue

# What must never be, as statements that count it (tests/domain/test_the_doctor_finds_what_is_wrong.py).
NEVER = {
    "pairs of appointments or holds overlap": """SELECT COUNT(*) FROM scheduling_blockedtime a
  JOIN scheduling_blockedtime b ON a.host_id = b.host_id AND a.id < b.id AND a.live AND b.live
  AND a.starts < b.ends AND b.starts < a.ends""",
    "links count other uses than they have": """SELECT COUNT(*) FROM scheduling_onetimelink l
  WHERE l.spent <> (SELECT COUNT(*) FROM scheduling_linkuse u
  WHERE u.link_id = l.id AND u.returned_at IS NULL)""",
    "uses of links have no booking": """SELECT COUNT(*) FROM scheduling_linkuse u
  WHERE NOT EXISTS (SELECT 1 FROM scheduling_booking b WHERE b.link_use_id = u.id)""",
    "bookings have the use of another link": """SELECT COUNT(*) FROM scheduling_booking b
  JOIN scheduling_linkuse u ON u.id = b.link_use_id WHERE u.link_id <> b.link_id""",
    "bookings are live though the use of their link was returned": """SELECT COUNT(*)
  FROM scheduling_booking b JOIN scheduling_linkuse u ON u.id = b.link_use_id
  WHERE u.returned_at IS NOT NULL AND b.status IN ('new', 'confirmed')""",
    "confirmed bookings block time only until a request would have expired": """SELECT COUNT(*)
  FROM scheduling_booking b WHERE b.status = 'confirmed' AND EXISTS (SELECT 1 FROM scheduling_blockedtime t
  WHERE t.appointment_id = b.appointment_id AND t.expires_at IS NOT NULL)""",
    "appointments have no booking": """SELECT COUNT(*) FROM scheduling_appointment a
  WHERE NOT EXISTS (SELECT 1 FROM scheduling_booking b WHERE b.appointment_id = a.id)""",
    "appointments block no time of a host, or another than their own": """SELECT COUNT(*)
  FROM scheduling_appointment a WHERE NOT EXISTS (SELECT 1 FROM scheduling_blockedtime t
  WHERE t.appointment_id = a.id AND t.starts = a.starts - a.buffer_before
  AND t.ends = a.ends + a.buffer_after AND t.live = (a.status <> 'cancelled'))""",
    "bookings are live though their appointment is cancelled": """SELECT COUNT(*) FROM scheduling_booking b
  JOIN scheduling_appointment a ON a.id = b.appointment_id
  WHERE a.status = 'cancelled' AND b.status IN ('new', 'confirmed')""",
    "sessions of a class count other seats than are booked": """SELECT COUNT(*) FROM scheduling_appointment a
  WHERE a.seats_taken IS NOT NULL AND a.seats_taken <> (SELECT COALESCE(SUM(b.party), 0)
  FROM scheduling_booking b WHERE b.appointment_id = a.id AND b.status <> 'cancelled')""",
    "links hold times that can't be booked through them": """SELECT COUNT(*) FROM scheduling_hold h
  JOIN scheduling_onetimelink l ON l.id = h.link_id WHERE h.token_digest IS NULL
  AND (l.revoked_at IS NOT NULL OR l.spent >= l.max_bookings OR NOT l.holds_slots)""",
    "rows belong to another workspace than what they stand for": """SELECT COUNT(*) FROM scheduling_booking b
  JOIN scheduling_appointment a ON a.id = b.appointment_id
  JOIN scheduling_calendar c ON c.id = a.calendar_id
  JOIN scheduling_contact p ON p.id = b.contact_id
  LEFT JOIN scheduling_onetimelink l ON l.id = b.link_id
  WHERE a.workspace_id <> b.workspace_id OR c.workspace_id <> b.workspace_id
  OR p.workspace_id <> b.workspace_id OR l.workspace_id <> b.workspace_id""",
    "calendars or groups have another address than is kept for them": """SELECT COUNT(*)
  FROM (SELECT id AS calendar_id, NULL AS group_id, workspace_id, slug FROM scheduling_calendar UNION ALL
    SELECT NULL, id, workspace_id, slug FROM scheduling_calendargroup) AS named
  WHERE NOT EXISTS (SELECT 1 FROM scheduling_slug s WHERE s.workspace_id = named.workspace_id
    AND s.slug = named.slug AND (s.calendar_id = named.calendar_id OR s.group_id = named.group_id))""",
}


def advice() -> list[str]:
    """Sentences about settings that are right for trying it out and wrong for guests."""
    given = settings.BOOKONCE
    said = []
    if not given.base_url_given:
        said.append("BOOKONCE_BASE_URL is not set: links work on this machine only.")
    elif given.base_url.startswith("http://") and "localhost" not in given.base_url:
        said.append("BOOKONCE_BASE_URL is not https: links and sign-in can be read on the way.")
    if stat.S_IMODE(given.data_dir.stat().st_mode) & 0o007:
        said.append(
            f"{given.data_dir} can be read by everyone on this machine; run: chmod o-rwx {given.data_dir}"
        )
    return said + _old_keys()


def _old_keys() -> list[str]:
    if len(current_keys()) == 1:
        return []
    if older := count_seals().older:
        return [f"{older} values are still encrypted with an old key: run `bookonce key rotate`."]
    return ["Nothing is encrypted with an old key any more: take it out of BOOKONCE_SEAL_KEY."]


def _migrations() -> list[str]:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{len(plan)} migrations wait; `bookonce serve` applies them."] if plan else []


def _durability() -> list[str]:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SHOW synchronous_commit")
            value = cursor.fetchone()[0]
            return (
                []
                if value in {"on", "remote_apply"}
                else [f"synchronous_commit is {value}: acknowledged bookings can be lost."]
            )
        cursor.execute("PRAGMA journal_mode")
        journal = cursor.fetchone()[0]
        cursor.execute("PRAGMA synchronous")
        full = cursor.fetchone()[0]
        cursor.execute("PRAGMA integrity_check")
        whole = cursor.fetchone()[0]
    faults = (
        []
        if (journal, full) == ("wal", 2)
        else [f"SQLite runs with journal {journal} and synchronous {full}, not wal and 2."]
    )
    return faults if whole == "ok" else [*faults, f"SQLite's integrity check says: {whole}"]


def _promises() -> list[str]:
    faults = []
    with connection.cursor() as cursor:
        for sentence, statement in NEVER.items():
            cursor.execute(statement)
            number = cursor.fetchone()[0]
            if number:
                faults.append(f"{number} {sentence}")
    return faults


def _holds() -> list[str]:
    stale = count_stale(now=clock.now())
    return [f"{stale} holds lapsed hours ago and were not cleared: is a worker running?"] if stale else []


def _requests() -> list[str]:
    overdue = count_long_overdue(now=clock.now())
    return (
        [f"{overdue} requests have been overdue for an hour or more: is a worker running?"] if overdue else []
    )


def _jobs() -> list[str]:
    dead = Job.objects.filter(dead_at__isnull=False).count()
    return [f"{dead} jobs are dead: see Settings > Jobs."] if dead else []


def _seals() -> list[str]:
    found = count_seals()
    if not found.unreadable:
        return []
    return [
        f"{found.unreadable} values were sealed with a key that BOOKONCE_SEAL_KEY lacks: they can't be shown."
    ]


CHECKS: dict[str, Callable[[], list[str]]] = {
    "Migrations": _migrations,
    "Guards against double booking": guards.faults,
    "Durability": _durability,
    "One link, one booking; no overlap": _promises,
    "Holds": _holds,
    "Requests": _requests,
    "Jobs": _jobs,
    "Keys": _seals,
}
