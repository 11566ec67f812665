"""Leave for a page of the owner's to show a guest's page in a frame, whatever sites its calendar allows."""

from __future__ import annotations

from bookonce.lib import clock
from bookonce.lib.instants import to_seconds
from bookonce.lib.stamps import make_stamp, read_stamp

LIFE_SECONDS = 3600
_SUBJECT = "embed preview"


def preview_stamp() -> str:
    """The leave, for an hour; it says nothing else."""
    return make_stamp(_SUBJECT, to_seconds(clock.now()))


def is_preview(stamp: str) -> bool:
    """Whether this is such a leave, and still holds."""
    made = read_stamp(_SUBJECT, stamp) if stamp else None
    return made is not None and to_seconds(clock.now()) < made + LIFE_SECONDS
