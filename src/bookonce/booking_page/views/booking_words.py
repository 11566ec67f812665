"""What the page of a booking says, part by part."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from bookonce.booking_page.bookings import Shown, Stage
from bookonce.booking_page.given import given_with
from bookonce.booking_page.series import booked_series


def words_of(shown: Shown) -> dict[str, Any]:
    """What, when, where and for whom, as every page of a booking says it."""
    return {
        "shown": shown,
        "stage": shown.stage,
        "when": shown.when,
        "host_when": shown.host_when,
        "given": given_with(shown.booking),
        "cause": shown.cause,
        "look": shown.look,
        "mails": settings.BOOKONCE.mail is not None,  # else they stay in the owner's outbox
        "steps": shown.steps,
    }


def changes_of(shown: Shown) -> dict[str, Any]:
    """What its guest may still change."""
    picks_gone = shown.movable and not shown.picks_left
    return {
        "movable": shown.movable and not picks_gone,
        "picks_gone": picks_gone,
        "closed": shown.closed,
    }


def series_of_page(shown: Shown, *, files: bool) -> dict[str, Any]:
    """The appointments of its series; `files`: whether to offer a file of all beside them."""
    series = booked_series(shown)
    upcoming = sum(one.firm for one in series)
    return {
        "series": series,
        "upcoming": upcoming,
        "files": files and upcoming > 1,
        "left": sum(one.cancellable for one in series),
    }


def ways_on(shown: Shown, *, by_guest: bool) -> dict[str, Any]:
    """What its guest can do once it is over, or will not be: never a way that they were not given."""
    if shown.stage in (Stage.UPCOMING, Stage.BEGUN):
        return {}
    return {
        "again": shown.again,
        "public": shown.public_path if by_guest else "",
        "may_ask": shown.may_ask,
    }
