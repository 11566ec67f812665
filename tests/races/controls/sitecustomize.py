"""Take a guard out of a running product, to show that the race tests see it missing; or stop its clock.

Python imports this by itself when its folder is on PYTHONPATH; BOOKONCE_TEST_CONTROL names what to take out,
several with a plus between them, BOOKONCE_TEST_NOW the instant that it always is (for pictures).
"""

import importlib.abc
import importlib.util
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib.machinery import ModuleSpec
from types import ModuleType, SimpleNamespace
from typing import Any

CONTROL = os.environ.get("BOOKONCE_TEST_CONTROL", "")
STOPPED_AT = os.environ.get("BOOKONCE_TEST_NOW", "")
PAUSE = 0.03


def naive_claim(module: ModuleType) -> None:
    """Read, check, write: how a single-use link is usually counted."""
    from django.db import connection

    def claim(link: Any, now: object, stamp: object) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT spent, max_bookings FROM scheduling_onetimelink WHERE id = %s", [link.id])
            spent, most = cursor.fetchone()
            if spent >= most:
                raise module.errors.LinkUsed
            time.sleep(PAUSE)
            cursor.execute("UPDATE scheduling_onetimelink SET spent = %s WHERE id = %s", [spent + 1, link.id])
            cursor.execute(
                "INSERT INTO scheduling_linkuse (link_id, number, taken_at) VALUES (%s, %s, 0) RETURNING id",
                [link.id, time.monotonic_ns() % 2_000_000_000],
            )
            return int(cursor.fetchone()[0])

    setattr(module, "_claim_link", claim)


def no_host_lock(module: ModuleType) -> None:
    """Nobody waits for anybody; the list of free times is believed."""
    setattr(module, "lock_hosts", lambda *args, **kwargs: time.sleep(PAUSE))
    setattr(module, "raise_versions", lambda *args, **kwargs: None)


def no_transaction(module: ModuleType) -> None:
    """Every statement on its own: on SQLite the transaction is the lock."""

    @contextmanager
    def nothing(*args: object, **kwargs: object) -> Iterator[None]:
        yield

    if os.environ.get("BOOKONCE_DATABASE_URL"):
        return  # on PostgreSQL a transaction alone prevents none of it

    setattr(module, "_writer", nothing)
    setattr(module, "transaction", SimpleNamespace(atomic=nothing))


def no_idempotency(module: ModuleType) -> None:
    """Keys are not looked at."""
    setattr(module, "claim", lambda *args, **kwargs: None)


def naive_seats(module: ModuleType) -> None:
    """Read how many seats are taken, compare, write how many that makes."""
    from django.db import connection

    def join(offer: Any, place: Any) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, seats_taken FROM scheduling_appointment "
                "WHERE calendar_id = %s AND starts = %s AND status <> 'cancelled'",
                [offer.calendar_id, place.start],
            )
            session, taken = cursor.fetchone() or (None, 0)
            if session is None or taken + place.party > offer.rules.seats:
                return None
            time.sleep(PAUSE)
            cursor.execute(
                "UPDATE scheduling_appointment SET seats_taken = %s WHERE id = %s",
                [taken + place.party, session],
            )
        return module.Reserved(session, place.start, offer.host_ids, "", offer.host_ids)

    setattr(module, "_join_session", join)


def no_limit(module: ModuleType) -> None:
    """Appointments are counted, but their number is not compared with the limit."""
    counting = module._TAKE.partition("  WHERE ")[0]
    setattr(module, "_TAKE", f"{counting} WHERE %s >= 0 AND %s >= 0 AND %s >= 0")


def many_for_each_address(module: ModuleType) -> None:
    """Nobody looks whether the address has an active booking."""
    inserting = module._INSERT_ONLY_BOOKING.partition("WHERE NOT EXISTS")[0]
    setattr(module, "_INSERT_ONLY_BOOKING", f"{inserting} WHERE %s > 0 AND %s > 0 AND %s > 0 RETURNING id")


def naive_count(module: ModuleType) -> None:
    """Read how often it was tried, write one more."""
    from django.db import connection

    def count(bucket: str, begins: int) -> int:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT COALESCE(MAX(count), 0) FROM scheduling_ratecount "
                "WHERE bucket = %s AND window_start = %s",
                [bucket, begins],
            )
            counted = int(cursor.fetchone()[0]) + 1
            time.sleep(PAUSE)
            cursor.execute(
                "INSERT INTO scheduling_ratecount (bucket, window_start, count) VALUES (%s, %s, %s) "
                "ON CONFLICT (bucket, window_start) DO UPDATE SET count = excluded.count",
                [bucket, begins, counted],
            )
        return counted

    setattr(module, "_count", count)


def naive_codes(module: ModuleType) -> None:
    """Tries are read, compared and written; a code that is right stays right."""
    from django.db import connection

    def count_try(codes: Any, owner: Any, now: Any) -> Any:
        table = codes.model._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT id, digest, attempts FROM {table} WHERE {codes.owner} = %s ORDER BY id DESC",
                [owner],
            )
            code_id, digest, attempts = cursor.fetchone()
            if attempts >= module.MOST_TRIES:
                return None
            time.sleep(PAUSE)
            cursor.execute(f"UPDATE {table} SET attempts = %s WHERE id = %s", [attempts + 1, code_id])
        return code_id, digest

    setattr(module, "_count_try", count_try)
    setattr(module, "consume", lambda *args, **kwargs: None)


def proofs_stay_unspent(module: ModuleType) -> None:
    """Nobody keeps which proofs of work have booked."""
    setattr(module, "spend_proof", module.check_proof)


def nothing_is_held(module: ModuleType) -> None:
    """Nobody looks whether all uses of a link are kept for visitors."""
    setattr(module, "is_held", lambda *args, **kwargs: False)


def links_hold_nothing(module: ModuleType) -> None:
    """Picked times of a link are not blocked."""
    setattr(module, "hold", lambda *args, **kwargs: module.Held(frozenset(), ()))


Patch = Callable[[ModuleType], None]
PATCHES: dict[str, dict[str, Patch]] = {
    "naive claim": {"book": naive_claim, "transaction": no_transaction, "host_time": no_host_lock},
    "no host lock": {"host_time": no_host_lock, "transaction": no_transaction},
    "no idempotency": {"idempotency": no_idempotency},
    "naive seats": {"reserve": naive_seats},
    "no limit": {"limit_counts": no_limit},
    "nothing is held": {"link_state": nothing_is_held},
    "links hold nothing": {"link_holds": links_hold_nothing},
    "naive codes": {"mail_codes": naive_codes},
    "proofs stay unspent": {"proofs": proofs_stay_unspent},
    "naive count": {"rate_limits": naive_count},
    "many for each address": {"booking_rows": many_for_each_address},
}


class AfterImport(importlib.abc.MetaPathFinder):
    """Applies the patches to the domain's modules as they are imported."""

    def __init__(self, patches: dict[str, Patch]) -> None:
        self.patches = {f"bookonce.scheduling.{name}": patch for name, patch in patches.items()}

    def find_spec(self, fullname: str, path: object, target: object = None) -> ModuleSpec | None:
        """Find the module as Python would, and patch it when it has run."""
        patch = self.patches.pop(fullname, None)
        spec = importlib.util.find_spec(fullname) if patch else None
        if spec is None or spec.loader is None or patch is None:
            return None
        run = spec.loader.exec_module

        def run_and_patch(module: ModuleType) -> None:
            run(module)
            patch(module)

        setattr(spec.loader, "exec_module", run_and_patch)
        return spec


if CONTROL:
    taken_out = {module: patch for name in CONTROL.split("+") for module, patch in PATCHES[name].items()}
    sys.meta_path.insert(0, AfterImport(taken_out))
if STOPPED_AT:
    from bookonce.lib import clock

    setattr(clock, "now", lambda: datetime.fromisoformat(STOPPED_AT))
