"""The first view of a booking page, and what a tap there takes, on a slow phone and a slow line, in Chromium.

Laboratory figures: processor slowed down four times, 1.6 Mbit/s down and 0.75 up, 150 ms of latency to each
answer, nothing in the cache; the median of `ROUNDS` views, each in a browser context of its own. `here` is a
guest in the owner's time zone, `far` one whose times are fetched a second time. LCP is the largest contentful
paint and CLS the layout shift (web-vitals definitions); an interaction is the longest of choosing a day and
choosing a time, from the tap to the next paint (Event Timing). `of limit` above 1 is too much.
`BOOKONCE_BENCH_ROUNDS` takes another number of rounds.
"""

from __future__ import annotations

import json
import os
import statistics
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser import FLAGS
from tests.e2e import walk
from tests.e2e.wire import Wire
from tests.live import LiveBookonce
from tools.packages import find_chromium

ROUNDS = int(os.environ.get("BOOKONCE_BENCH_ROUNDS", "10"))
ZONES = {"here": "Europe/Berlin", "far": "America/New_York"}
VIEWS = ("month", "week")
LIMITS = {"LCP": 1200.0, "CLS": 0.02, "interaction": 100.0, "bytes": 60_000, "script": 25_000, "requests": 8}
SLOWER = 4
LINE = {
    "offline": False,
    "latency": 150,
    "downloadThroughput": 1.6e6 / 8,
    "uploadThroughput": 0.75e6 / 8,
}
# Event Timing tells durations in steps of 8 ms, from 16 on: what is not told was shorter.
_OBSERVE = """
window.seen = { LCP: 0, CLS: 0, interaction: 16 };
const observe = (type, more, note) => {
  const observer = new PerformanceObserver((list) => list.getEntries().forEach(note));
  observer.observe({ type, buffered: true, ...more });
};
observe("largest-contentful-paint", {}, (entry) => { seen.LCP = entry.startTime; });
observe("layout-shift", {}, (entry) => { if (!entry.hadRecentInput) seen.CLS += entry.value; });
observe("event", { durationThreshold: 16 }, (entry) => {
  if (entry.interactionId) seen.interaction = Math.max(seen.interaction, entry.duration);
});
"""


def main() -> None:
    """Print one JSON line for each figure."""
    with tempfile.TemporaryDirectory(prefix="bookonce-bench-") as folder, sync_playwright() as playwright:
        live = LiveBookonce(Path(folder) / "data")
        live.setup()
        live.start()
        browser = playwright.chromium.launch(executable_path=str(find_chromium()), args=list(FLAGS))
        try:
            link = live.call("POST", "one-time-links", {"calendar": live.owner["calendar"]["id"]})
            _measure(browser, link["url"], "here", "month")  # the first view after a start is not counted
            for view in VIEWS:
                for guest in ZONES:
                    _show(
                        f"{view}, {guest}",
                        [_measure(browser, link["url"], guest, view) for _ in range(ROUNDS)],
                    )
        finally:
            browser.close()
            live.kill()


def _measure(browser: Browser, url: str, guest: str, view: str) -> dict[str, float]:
    page = walk.new_phone(browser, zone=ZONES[guest])
    page.add_init_script(_OBSERVE)
    wire = Wire(page)
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", LINE)
    page.goto(f"{url}?view={view}", wait_until="networkidle")
    found = {"bytes": wire.total, "script": wire.script, "requests": len(wire.answers)}
    _tap(page)
    seen: dict[str, Any] = page.evaluate("window.seen")
    page.context.close()
    return {**seen, **found}


def _tap(page: Page) -> None:
    """Choose another day where days are chosen, then a time."""
    day = page.locator("a.day").nth(1)
    if day.count():
        day.tap()
        page.locator("a.day[aria-current=true]").nth(0).wait_for()
        page.wait_for_load_state("networkidle")
    page.locator(".time label").first.tap()
    page.wait_for_timeout(300)  # the entry is told after the paint


def _show(what: str, rounds: list[dict[str, float]]) -> None:
    for name, limit in LIMITS.items():
        values = [one[name] for one in rounds]
        median = statistics.median(values)
        figure = {
            "page": what,
            "what": name,
            "median": round(median, 4),
            "worst": round(max(values), 4),
            "limit": limit,
            "of limit": round(median / limit, 2),
            "rounds": len(rounds),
        }
        print(json.dumps(figure), flush=True)


if __name__ == "__main__":
    main()
