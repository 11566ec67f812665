"""What one page brings over the wire, as Chromium's own network log counts it (CDP Network)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Page


@dataclass
class Fetched:
    """One answer: its kind (Document, Script ...) and the bytes that came, headers included."""

    url: str
    kind: str = ""
    bytes: int = 0
    from_cache: bool = False
    is_over: bool = False


@dataclass
class Wire:
    """Listens to a page that has opened nothing yet."""

    page: Page
    _fetched: dict[str, Fetched] = field(default_factory=dict)

    def __post_init__(self) -> None:
        log = self.page.context.new_cdp_session(self.page)
        log.send("Network.enable")
        log.on("Network.requestWillBeSent", self._asked)
        log.on("Network.requestServedFromCache", self._cached)
        log.on("Network.responseReceived", self._answered)
        log.on("Network.loadingFinished", self._finished)
        log.on("Network.loadingFailed", self._failed)

    def _asked(self, told: dict[str, Any]) -> None:
        self._fetched[told["requestId"]] = Fetched(told["request"]["url"])

    def _cached(self, told: dict[str, Any]) -> None:
        self._fetched[told["requestId"]].from_cache = True

    def _answered(self, told: dict[str, Any]) -> None:
        answer = self._fetched[told["requestId"]]
        answer.kind = told["type"]
        answer.from_cache |= told["response"].get("fromDiskCache", False)

    def _finished(self, told: dict[str, Any]) -> None:
        one = self._fetched[told["requestId"]]
        one.bytes, one.is_over = int(told["encodedDataLength"]), True

    def _failed(self, told: dict[str, Any]) -> None:
        self._fetched[told["requestId"]].is_over = True

    def settle(self) -> None:
        """Wait until all that was asked is answered; the icon is asked of the cache when addresses change."""
        for _ in range(500):
            if all(one.is_over for one in self._fetched.values()):
                return
            self.page.wait_for_timeout(20)
        raise TimeoutError(f"no answer: {[one.url for one in self._fetched.values() if not one.is_over]}")

    @property
    def answers(self) -> list[Fetched]:
        """What was asked of a server, in order."""
        return [
            one
            for one in self._fetched.values()
            if not one.from_cache and not one.url.startswith(("data:", "blob:"))
        ]

    @property
    def total(self) -> int:
        """Bytes of all answers."""
        return sum(one.bytes for one in self.answers)

    @property
    def script(self) -> int:
        """Bytes of the scripts."""
        return sum(one.bytes for one in self.answers if one.kind == "Script")

    @property
    def origins(self) -> set[str]:
        """Hosts and ports that were asked."""
        return {urlsplit(one.url).netloc for one in self.answers}
