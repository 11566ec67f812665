"""A website of somebody else, at an origin of its own, whose page shows a calendar (site/index.html)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

PAGE = Path(__file__).parent / "site" / "index.html"


@dataclass
class ForeignSite:
    """`page` is what it answers at every address; `policy` its Content-Security-Policy."""

    origin: str = ""
    page: str = ""
    policy: str = ""
    asked: list[str] = field(default_factory=list)

    def show(self, bookonce: str, link: str, *, mode: str = "inline", further: str = "") -> None:
        """Answer the demo page with this link; its policy allows what the docs ask for, and nothing more."""
        page = PAGE.read_text("utf-8").replace("BOOKONCE", bookonce).replace("LINK", link)
        self.page = page.replace("MODE", mode).replace("FURTHER", further)
        self.policy = f"default-src 'none'; img-src data:; script-src {bookonce}; frame-src {bookonce}"


@contextmanager
def foreign_site() -> Iterator[ForeignSite]:
    """One on 127.0.0.1: to a browser another site than that of `localhost`, where Bookonce runs in tests."""
    site = ForeignSite()

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            site.asked.append(self.path)
            body = site.page.encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", site.policy)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    site.origin = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
