"""How often links are opened: counted in memory, kept by `flush` outside of any request.

A crash may lose some.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from datetime import datetime

from django.http import HttpRequest

from bookonce.scheduling.errors import SchedulingError
from bookonce.scheduling.opens import Opens, keep_opens

# Scanners of mail programs, previews of messengers, crawlers, and programs without a person in front.
BOT = re.compile(
    r"(?<!cu)bot\b|crawl|spider|slurp|preview|facebookexternalhit|whatsapp/|slack-imgproxy|vkshare|"
    r"pinterest/|embedly|iframely|barracuda|proofpoint|mimecast|safelinks|forcepoint|symantec|trendmicro|virustotal|"
    r"googleimageproxy|google-safety|google-pagerenderer|yahoomailproxy|ms-?office|trendiction|scan|"
    r"monitor|uptime|pingdom|headless|phantomjs|lighthouse|"
    r"curl|wget|python|httpx|aiohttp|go-http-client|java/|okhttp|libwww|ruby|node-fetch|axios|postman|httpie",
    re.IGNORECASE,
)
# How browsers begin; messengers and gateways that fetch a preview often give their own name alone.
BROWSER = re.compile(r"(mozilla|opera|ucweb|lynx|w3m|e?links)\b", re.IGNORECASE)
AHEAD = re.compile(r"prefetch|prerender|preview", re.IGNORECASE)
_lock = threading.Lock()
_counts: dict[int, Opens] = {}


def count(link_id: int, request: HttpRequest, *, now: datetime) -> None:
    """Count one opening of the link, by a person or a program; moving about within the page is none."""
    # Browsers send Sec-Fetch-Site over https and to localhost only; each step within the page names a length,
    # or the calendar chosen from a group. So does a time proposed in a message, which is an opening: it alone
    # is written in UTC, with a Z.
    site = request.headers.get("Sec-Fetch-Site")
    within = "duration" in request.GET or "calendar" in request.GET
    step = within and not request.GET.get("start", "").endswith("Z")
    if site == "same-origin" or (site is None and step):
        return
    bot = is_program(request)
    _add(link_id, Opens(0, 1, last_by_bots=now) if bot else Opens(1, 0, last=now, first=now))


def is_program(request: HttpRequest) -> bool:
    """Whether nobody looks at the page: a known scanner or preview, HEAD, or fetched ahead of a click."""
    agent = request.headers.get("User-Agent", "")
    ahead = (request.headers.get(name, "") for name in ("Sec-Purpose", "Purpose", "X-Purpose", "X-Moz"))
    if request.method == "HEAD" or not BROWSER.match(agent):
        return True
    return bool(BOT.search(agent)) or any(map(AHEAD.search, ahead))


def take() -> Mapping[int, Opens]:
    """What was counted since the last time, by the link's row; it is then no longer counted here."""
    with _lock:
        taken = dict(_counts)
        _counts.clear()
    return taken


def flush() -> int:
    """Add what was counted to the links; returns how many links. What can't be kept now is counted on."""
    taken = take()
    if not taken:
        return 0
    try:
        keep_opens(taken)
    except SchedulingError:
        for link_id, opens in taken.items():
            _add(link_id, opens)
        return 0
    return len(taken)


def _add(link_id: int, opens: Opens) -> None:
    with _lock:
        known = _counts.get(link_id)
        if known is None:
            _counts[link_id] = opens
            return
        known.people += opens.people
        known.bots += opens.bots
        known.last = _later(known.last, opens.last)
        known.last_by_bots = _later(known.last_by_bots, opens.last_by_bots)
        known.first = known.first or opens.first


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max((instant for instant in (one, other) if instant), default=None)
