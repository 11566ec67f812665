"""The set-up code: who can read the server's console may do the first run, nobody else.

It lies in the data directory, readable by the server alone. Ten wrong tries make it worthless; the next one
is printed on the console.
"""

from __future__ import annotations

import hmac
import logging
import os
import secrets
from pathlib import Path

from django.conf import settings

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # without look-alikes
MOST_TRIES = 10
logger = logging.getLogger(__name__)


def ensure_code() -> str:
    """The code to type in, `XXXX-XXXX`; made when there is none yet."""
    path = _path()
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text() or _replace()
    with os.fdopen(descriptor, "w") as file:
        file.write(code := _new_code())
    return code


def check(code: str) -> bool:
    """Whether this is the code, typed in any case and with or without its hyphen; counts as a try.

    The try is counted before the code is compared, so that many at once gain nothing.
    """
    if _count_try() > MOST_TRIES:
        _replace()
        return False
    right = hmac.compare_digest(_plain(code).encode(), _plain(ensure_code()).encode())
    if right:
        _tries().unlink(missing_ok=True)
    return right


def forget() -> None:
    """Remove the code: the first run is done."""
    _path().unlink(missing_ok=True)
    _tries().unlink(missing_ok=True)


def _count_try() -> int:
    """Append one byte (atomic between processes) and return how many there are."""
    descriptor = os.open(_tries(), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(descriptor, b".")
        return os.fstat(descriptor).st_size
    finally:
        os.close(descriptor)


def _replace() -> str:
    forget()
    code = ensure_code()
    logger.warning("Too many wrong set-up codes. The set-up code is now %s", code)
    return code


def _new_code() -> str:
    letters = "".join(secrets.choice(LETTERS) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def _plain(code: str) -> str:
    return "".join(letter for letter in code[:64].upper() if letter.isalnum())


def _path() -> Path:
    return Path(settings.BOOKONCE.data_dir) / "setup_code"


def _tries() -> Path:
    return Path(settings.BOOKONCE.data_dir) / "setup_code_tries"
