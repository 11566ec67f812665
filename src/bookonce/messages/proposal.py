"""A link as a message that its owner sends themselves: as text, and as HTML for a mail program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from bookonce.lib.addresses import at_time
from bookonce.lib.date_words import day_words, time_words
from bookonce.lib.instants import from_minutes, from_seconds, to_seconds
from bookonce.lib.languages import speaking
from bookonce.lib.time_words import city_time, duration_words, utc_offset
from bookonce.lib.zones import get_zone
from bookonce.messages.letter import one_line
from bookonce.messages.when import moment
from bookonce.scheduling.offer import Door, LinkOffer, Menu, Offer, Offered, get_offered
from bookonce.scheduling.propose import Wish, parse_group_wish, parse_wish, propose_times


@dataclass(frozen=True, slots=True)
class ProposedTime:
    """A time and the address that opens the page at it."""

    start: datetime  # UTC
    words: str
    url: str


@dataclass(frozen=True, slots=True)
class Message:
    """What can be copied. `html` holds no styles: it takes those of the mail it is put into.

    `preview` is the same with links that open in a new tab.
    """

    subject: str
    text: str
    html: SafeString
    preview: SafeString
    times: tuple[ProposedTime, ...]
    offer: Offered
    wish: Wish


def message_for(door: Door, url: str, raw: Mapping[str, Any], *, now: datetime) -> Message:
    """The message that hands out the address `url` of this door, as `parse_wish` reads the wish.

    The link to a group goes alone: which calendar's times would suit is for the recipient to choose.

    Raises:
        Invalid: by field of the wish. NotFound: nothing stands behind the door.
    """
    offer = get_offered(door)
    if isinstance(offer, Menu):
        return _write(offer, offer.name, url, [], parse_group_wish(raw, offer.zone))
    wish = parse_wish(raw, offer)
    return write_message(offer, url, propose_times(offer, wish, now=to_seconds(now)), wish)


def write_message(offer: Offer, url: str, starts: Sequence[int], wish: Wish) -> Message:
    """The message that hands out `url`, with these starts (minutes since the epoch) on the wish's clock."""
    return _write(offer, offer.calendar_name, url, starts, wish)


def _write(offer: Offered, what: str, url: str, starts: Sequence[int], wish: Wish) -> Message:
    """The message in the calendar's language: guests read it."""
    with speaking(offer.language):
        return _written(offer, what, url, starts, wish)


def _written(offer: Offered, what: str, url: str, starts: Sequence[int], wish: Wish) -> Message:
    times = _times(url, starts, wish)
    words = {
        "name": offer.link.recipient_name if offer.link else "",
        "what": what,
        "length": duration_words(wish.duration) if wish.duration else "",
        "zone": _zone_words(starts, wish.timezone),
        "times": times,
        "url": url,
        "one_time": offer.link is not None,
        "bookings": offer.link.max_bookings if offer.link else 0,
        "expires": _last_moment(offer.link, wish.timezone) if offer.link else "",
    }
    subject = one_line(render_to_string("messages/proposal-subject.txt", words | {"owner": offer.owner}))
    return Message(
        subject=subject,
        text=render_to_string("messages/proposal-text.txt", words).strip() + "\n",
        html=_html(words),
        preview=_html(words | {"preview": True}),
        times=times,
        offer=offer,
        wish=wish,
    )


def _html(words: dict[str, object]) -> SafeString:
    return SafeString(render_to_string("messages/proposal-html.html", words).strip())


def _times(url: str, starts: Sequence[int], wish: Wish) -> tuple[ProposedTime, ...]:
    zone = get_zone(wish.timezone)
    locals_ = [from_minutes(start).astimezone(zone) for start in starts]
    across = len({local.utcoffset() for local in locals_}) > 1  # the clock changes between them
    return tuple(
        ProposedTime(
            start=from_minutes(start),
            words=_day_and_time(local) + (f" ({utc_offset(local)})" if across else ""),
            url=at_time(url, from_minutes(start), duration=wish.duration, timezone=wish.timezone),
        )
        for start, local in zip(starts, locals_, strict=True)
    )


def _day_and_time(local: datetime) -> str:
    return _("%(day)s, %(time)s") % {"day": day_words(local), "time": time_words(local)}


def _zone_words(starts: Sequence[int], timezone: str) -> str:
    """`Berlin time (UTC+1)`; without the offset where the clock changes between the times."""
    offsets = {utc_offset(from_minutes(start).astimezone(get_zone(timezone))) for start in starts}
    words = city_time(timezone)
    return f"{words} ({offsets.pop()})" if len(offsets) == 1 and words != timezone else words


def _last_moment(link: LinkOffer, timezone: str) -> str:
    """The last minute in which the link works; "" when it does not expire."""
    if link.expires_at is None:
        return ""
    return moment(from_seconds(link.expires_at) - timedelta(minutes=1), timezone)
