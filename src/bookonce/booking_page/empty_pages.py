"""Links whose page had no free time for a guest: noted in memory, handed on by `flush` outside any request.

A crash may lose some; the next guest who finds nothing is noted again.
"""

from __future__ import annotations

import threading

from django.http import HttpRequest

from bookonce.booking_page.opens import is_program
from bookonce.lib import clock
from bookonce.scheduling.errors import SchedulingError
from bookonce.scheduling.no_slots import look_later

_lock = threading.Lock()
_noted: set[int] = set()


def note(link_id: int, request: HttpRequest) -> None:
    """Note that a person found no free time behind this link; what programs find is told to nobody."""
    if not is_program(request):
        with _lock:
            _noted.add(link_id)


def take() -> set[int]:
    """The links noted since the last time, by their rows; they are then no longer noted here."""
    with _lock:
        taken = set(_noted)
        _noted.clear()
    return taken


def flush() -> int:
    """Have the noted links looked at; returns how many. When that can't be kept now they stay noted."""
    taken = take()
    if not taken:
        return 0
    try:
        look_later(taken, now=clock.now())
    except SchedulingError:
        with _lock:
            _noted.update(taken)
        return 0
    return len(taken)
