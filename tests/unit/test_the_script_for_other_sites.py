"""/embed.js: small, cached, the same for everybody, and free of what a browser of 2018 can't read."""

import re

from django.test import Client

from bookonce.design.bundles import asset

LARGEST = 10_000  # bytes, not compressed


def test_it_is_small() -> None:
    assert len(asset("embed.js").body) <= LARGEST


def test_it_needs_nothing_but_itself() -> None:
    text = asset("embed.js").body.decode()
    assert not re.search(r"\bimport\b|\beval\b|innerHTML|<style|\?\.[a-z(\[]|\?\?|\.at\(|replaceAll", text)
    assert '"*"' not in text, "messages go to one origin"
    assert set(re.findall(r"https?://[\w.]+", text)) == set()


def test_it_is_kept_for_an_hour_and_asked_for_again_by_its_version() -> None:
    client = Client()
    answer = client.get("/embed.js")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "X-Robots-Tag" not in answer.headers
    assert not answer.cookies
    again = client.get("/embed.js", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["Cache-Control"] == "public, max-age=3600"
    assert client.get("/embed.js", headers={"If-None-Match": '"another"'}).status_code == 200
    assert client.post("/embed.js").status_code == 405


def test_it_travels_compressed() -> None:
    answer = Client().get("/embed.js", headers={"Accept-Encoding": "gzip"})
    assert answer.headers["Content-Encoding"] == "gzip"
    assert len(answer.content) < LARGEST / 2
