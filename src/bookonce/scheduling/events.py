"""Record what happened, with the one job that tells everyone who listens."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from bookonce.jobs.queue import enqueue
from bookonce.lib.instants import to_seconds

_RECORD = """INSERT INTO scheduling_event
  (workspace_id, kind, at, actor, member_id, link_id, booking_id, request_id, details)
  VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s) RETURNING id"""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a guest, or a member through a door (page, api, cli)."""

    via: str
    member_id: int | None = None


GUEST = Actor("guest")
SYSTEM = Actor("system")


def record(
    kind: str,
    *,
    workspace_id: int,
    actor: Actor,
    now: datetime,
    link_id: int | None = None,
    booking_id: int | None = None,
    request_id: int | None = None,
    details: Mapping[str, Any] | None = None,
) -> int:
    """Append an event (ids only) and its dispatch job; inside the causing transaction (two statements)."""
    with connection.cursor() as cursor:
        cursor.execute(
            _RECORD,
            [
                workspace_id,
                kind,
                to_seconds(now),
                actor.via,
                actor.member_id,
                link_id,
                booking_id,
                request_id,
                json.dumps(dict(details or {})),
            ],
        )
        event_id = int(cursor.fetchone()[0])
    enqueue("event.dispatch", {"event": event_id}, now=now, key=f"event:{event_id}")
    return event_id
