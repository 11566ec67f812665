"""From an address to the door it opens, for one request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from bookonce.booking_page.frames import in_frame
from bookonce.booking_page.languages import settle
from bookonce.booking_page.limits import counting_misses
from bookonce.lib import clock
from bookonce.lib.instants import to_seconds
from bookonce.scheduling.embedding import origins_at
from bookonce.scheduling.offer import Door, Offered, get_offered


@dataclass(frozen=True)
class Visit:
    """A request at one of the three addresses of a calendar or group; `path` is the address itself."""

    request: HttpRequest
    door: Door
    path: str
    now: datetime

    @property
    def seconds(self) -> int:
        """`now` in seconds since the epoch."""
        return to_seconds(self.now)

    @property
    def hold(self) -> str:
        """The token of the time that its visitor keeps, as it was sent; "" without one."""
        return str(self.request.POST.get("hold") or self.request.GET.get("hold") or "")


def read_offered(visit: Visit, door: Door | None = None, *, questions: bool = False) -> Offered:
    """What stands behind the address (see `get_offered`); the page is in its language from here on.

    Unless the guest chose another one, or the browser asks for one of ours.
    """
    offered = get_offered(door or visit.door, questions=questions)
    settle(visit.request, offered.language)
    return offered


VisitView = Callable[[Visit], HttpResponse]


def at_door(view: VisitView) -> Callable[..., HttpResponse]:
    """The view for addresses of every kind; guests' posts need no CSRF token, the link is the capability."""

    @in_frame(lambda **parts: origins_at(_door(parts)))
    def with_visit(request: HttpRequest, **parts: str) -> HttpResponse:
        door = _door(parts).choosing(request.GET.get("calendar")).holding(request.GET.get("hold"))
        return view(Visit(request, door, _path(parts), clock.now()))

    guarded = counting_misses(with_visit)

    @csrf_exempt
    @wraps(view)
    def answer(request: HttpRequest, **parts: str) -> HttpResponse:
        # Readable addresses are no secrets that somebody might guess.
        return with_visit(request, **parts) if "workspace" in parts else guarded(request, **parts)

    return answer


def _door(parts: dict[str, str]) -> Door:
    if "token" in parts:
        return Door.link(parts["token"])
    # PostgreSQL takes no NUL; what is not plain ASCII names nothing anyway.
    plain = {name: value if value.isascii() and value.isprintable() else "" for name, value in parts.items()}
    if "permanent_id" in plain:
        return Door.permanent(plain["permanent_id"])
    return Door.slug(plain["workspace"], plain["calendar"])


def _path(parts: dict[str, str]) -> str:
    if "token" in parts:
        return f"/o/{parts['token']}"
    if "permanent_id" in parts:
        return f"/c/{parts['permanent_id']}"
    return f"/{parts['workspace']}/{parts['calendar']}"
