"""What only a fuzzer sends: strange charsets, cookies that can't be ours, and nothing of it in the log."""

from __future__ import annotations

import logging

import pytest
from django.test import Client

from bookonce.lib.log_filter import WithoutSecrets
from bookonce.lib.tokens import new_token
from tests.cast import Person, make_link

MULTIPART = b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\nGina\r\n--x--\r\n'


@pytest.mark.parametrize("charset", ["hex", "utf-7", "utf-16", "nosuch"])
@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "application/x-www-form-urlencoded"])
@pytest.mark.parametrize("door", ["ask", "book"])
def test_another_charset_is_refused(alice: Person, charset: str, kind: str, door: str) -> None:
    path = f"/o/{make_link(alice).token}/{door}"
    answer = Client().generic("POST", path, MULTIPART, content_type=f"{kind}; charset={charset}")
    assert 400 <= answer.status_code < 500
    assert answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("cookie", ["abcdefgh\0ijkl", "x" * 5000, "", "ABCDEFGH" * 4, "a" * 31])
@pytest.mark.parametrize("path", ["/app/sign-in/", "/app/", "/nosuch/page"])
def test_a_cookie_that_can_be_no_session_is_none(db: None, cookie: str, path: str) -> None:
    client = Client()
    client.cookies["session"] = cookie
    plain = Client().get(path)
    assert client.get(path).status_code == plain.status_code


def test_no_secret_is_logged_even_in_a_traceback() -> None:
    token, key = new_token(), f"bo_{new_token()}"
    with pytest.raises(ValueError, match="/o/") as caught:
        int(f"https://book.example.com/o/{token} and /m/{token} with {key}")
    raised = (ValueError, caught.value, caught.tb)
    record = logging.LogRecord("x", logging.ERROR, "x", 1, "at /o/%s, Bearer %s", (token, key), raised)
    entry = WithoutSecrets("%(message)s").format(record)
    assert "Traceback" in entry
    assert token not in entry
    assert key not in entry
