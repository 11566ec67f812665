"""Opening a link, by whatever program and however often, uses nothing and holds nothing."""

from __future__ import annotations

import html
import json
import re
import time
import urllib.error
import urllib.request
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e import walk
from tests.live import LiveBookonce
from tests.races.storm import count, rows, slots
from tests.strength import times

OPENED = {  # all that an opening may ever change
    *("opened", "first_opened_at", "last_opened_at"),
    *("opened_by_bots", "last_opened_by_bots_at"),
}
RUNS_SCRIPTS = times(10, 30)  # seconds
PROGRAMS = [  # scanners of mail, previews of messengers, crawlers, tools: as they call themselves
    "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
    "Slack-ImgProxy (+https://api.slack.com/robots)",
    "WhatsApp/2.24.6.77 A",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "Twitterbot/1.0",
    "TelegramBot (like TwitterBot)",
    "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
    "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "Mozilla/5.0 (Windows NT 6.1) AppleWebKit/534.0 (KHTML, like Gecko) BingPreview/1.0b",
    "Mozilla/5.0 (Macintosh) AppleWebKit/605.1 (KHTML, like Gecko) Version/17.4 (Applebot/0.1)",
    "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com",
    "Mozilla/5.0 (Windows NT 10.0) Safelinks Scan (Microsoft Defender for Office 365)",
    "Proofpoint URL Defense",
    "Barracuda Sentinel (EE)",
    "Mimecast Targeted Threat Protection",
    "Mozilla/5.0 (compatible; YandexBot/3.0; +http://yandex.com/bots)",
    "DuckDuckBot/1.1; (+http://duckduckgo.com/duckduckbot.html)",
    "Mozilla/5.0 (Windows NT 6.3) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/120.0 Safari/537.36",
    "curl/8.5.0",
    "Wget/1.21.4",
    "python-requests/2.32.3",
    "Go-http-client/2.0",
    # iMessage, which lends the names of others; Teams; Signal, which calls itself WhatsApp; Mastodon; Reddit
    "Mozilla/5.0 (Macintosh) Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Teams SkypeUriPreview Preview/0.5",
    "WhatsApp/2",
    "http.rb/5.1.1 (Mastodon/4.2.8; +https://example.social/) Bot",
    "Mozilla/5.0 (Windows NT 6.1) AppleWebKit/537.36 (KHTML, like Gecko) redditbot/1.0",
    "Iframely/1.3.1 (+https://iframely.com/docs/about)",
    "Mozilla/5.0 (compatible; Embedly/0.2; +http://support.embed.ly/)",
    "Pinterest/0.2 (+https://www.pinterest.com/bot.html)",
    "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html",
    "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)",
    "Mozilla/4.0 (compatible; ms-office; MSOffice 16)",
    "Viber/20",
    "Signal-Android/6.40",
]
# Scanners that open a link as somebody's browser would: they are counted as people, and use as little.
DISGUISED = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0.0.0 Safari/537.36 Edg/120.0",
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0.0.0 Safari/537.36",
]
AHEAD = [{"Sec-Purpose": "prefetch"}, {"Sec-Purpose": "prefetch;prerender"}, {"Purpose": "prefetch"}]
METHODS = ["HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE"]


@pytest.fixture
def url(live_bookonce: LiveBookonce) -> str:
    made = live_bookonce.run("link", "new", live_bookonce.owner["calendar"]["slug"], "--json")
    end = time.monotonic() + 20
    while count(live_bookonce, "jobs_job") and time.monotonic() < end:
        time.sleep(0.1)  # what the making of the link set off
    return str(json.loads(made.stdout)["url"])


def ask(
    url: str, *, method: str = "GET", body: bytes | None = None, headers: dict[str, str] | None = None
) -> tuple[int, str]:
    """One request by itself, without cookies; the status and the text of the answer."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    sent = {"User-Agent": walk.AGENT} | (headers or {})
    request = urllib.request.Request(url, method=method, data=body, headers=sent)
    try:
        with opener.open(request, timeout=20) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.code, refused.read().decode()


def everything(live: LiveBookonce) -> dict[str, Any]:
    """All rows of all tables, but for how often a link was opened and when jobs last ran."""
    tables = [name for (name,) in rows(live, "SELECT name FROM sqlite_master WHERE type = 'table'")]
    found: dict[str, Any] = {}
    for table in sorted(set(tables) - {"jobs_tick"}):
        columns = [column[1] for column in rows(live, f"PRAGMA table_info({table})")]
        kept = ", ".join(f'"{column}"' for column in columns if column not in OPENED)
        found[table] = sorted(rows(live, f"SELECT {kept} FROM {table}"), key=repr)
    # How many jobs there have ever been: some run by the clock.
    found["sqlite_sequence"] = [row for row in found["sqlite_sequence"] if row[0] != "jobs_job"]
    return found


def opens(live: LiveBookonce, *, until: int) -> tuple[int, int]:
    """How often people and programs opened links, once so many openings have been kept."""
    end = time.monotonic() + 25  # they are kept every ten seconds
    while True:
        people, bots = rows(live, "SELECT SUM(opened), SUM(opened_by_bots) FROM scheduling_onetimelink")[0]
        if people + bots >= until or time.monotonic() > end:
            return int(people), int(bots)
        time.sleep(0.25)


def book(live: LiveBookonce, url: str) -> None:
    """The link is as good as new: it books, once."""
    before = count(live, "scheduling_booking")
    for status in (201, 410):
        sent = {"start": slots(8 + before)[-1], "name": "Sam", "email": "sam@example.org", "timezone": "UTC"}
        body, headers = json.dumps(sent).encode(), {"Content-Type": "application/json"}
        got, text = ask(f"{url}/book", method="POST", body=body, headers=headers)
        assert got == status, text
    assert count(live, "scheduling_booking") == before + 1


def follow(url: str, agent: str) -> int:
    """Open every address that the page names within itself, as a crawler would; returns how many."""
    status, page = ask(url, headers={"User-Agent": agent})
    assert status == 200
    path = re.escape(url.partition("://")[2].partition("/")[2])
    found = {html.unescape(address) for address in re.findall(rf'href="(/{path}[^"#]*)', page)}
    start = re.search(r'name="start" value="([^"]+)"', page)
    assert start, "times are in the first page"
    found.add(f"/{url.split('/', 3)[3]}?duration=30&start={start[1].replace('+', '%2B')}")
    for address in found:
        assert ask("/".join(url.split("/")[:3]) + address, headers={"User-Agent": agent})[0] == 200
    return len(found)


def test_no_program_uses_a_link(live_bookonce: LiveBookonce, url: str) -> None:
    people, bots = opens(live_bookonce, until=0)
    before = everything(live_bookonce)
    for agent in PROGRAMS:
        assert ask(url, headers={"User-Agent": agent})[0] == 200, agent
    for headers in AHEAD:
        assert ask(url, headers=headers)[0] == 200
    for method in METHODS:
        assert ask(url, method=method)[0] < 500
    day = slots(1)[0][:10]
    for _ in range(5):
        assert ask(f"{url}/slots?from={day}&to={day}&timezone=Asia%2FTokyo")[0] == 200
    for address in (f"{url}/book", f"{url}/book/", f"{url}/ask"):
        for method in ("GET", "HEAD"):
            assert ask(address, method=method)[0] < 500
    follow(url, PROGRAMS[8])
    for _ in range(3):
        assert ask(url)[0] == 200, "a person, without scripts"
    for agent in DISGUISED:
        assert ask(url, headers={"User-Agent": agent})[0] == 200, agent
    seem_people = 3 + len(DISGUISED)
    counted = len(PROGRAMS) + len(AHEAD) + 1 + 1 + seem_people  # HEAD, and the crawler's first page
    now_people, now_bots = opens(live_bookonce, until=people + bots + counted)
    assert (now_people - people, now_bots - bots) == (seem_people, counted - seem_people)
    assert count(live_bookonce, "scheduling_blockedtime", "expires_at IS NOT NULL") == 0
    assert everything(live_bookonce) == before
    book(live_bookonce, url)


def test_no_browser_that_only_runs_scripts_uses_a_link(
    browser: Browser, live_bookonce: LiveBookonce, url: str
) -> None:
    people, bots = opens(live_bookonce, until=0)
    before = everything(live_bookonce)
    context = browser.new_context(timezone_id="America/New_York")
    page = context.new_page()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.method))
    page.goto(url)
    expect(page.locator("#zone")).to_contain_text("New York")
    page.mouse.move(200, 200)
    page.mouse.wheel(0, 800)
    end = time.monotonic() + RUNS_SCRIPTS
    assert opens(live_bookonce, until=people + bots + 1) == (people, bots + 1)
    page.wait_for_timeout(max(0, end - time.monotonic()) * 1000)
    context.close()
    assert set(sent) == {"GET"}
    assert opens(live_bookonce, until=0) == (people, bots + 1)
    assert everything(live_bookonce) == before
    book(live_bookonce, url)
