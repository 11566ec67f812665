"""Encryption at rest of what must be shown again: link secrets, manage links, kept mail.

The keys live outside the database: BOOKONCE_SEAL_KEY, or a file in the data directory. The first of them
seals, all of them unseal. The file is read again as soon as it has changed: a running server takes part when
`bookonce key rotate` puts a new key in front, and never seals with one that has been taken away.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import os
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from bookonce.configuration import read_seal_keys

MAC_BYTES = 32  # at the end of a Fernet token: HMAC-SHA256 under the first half of the key


class Unreadable(Exception):
    """The sealed text was made with a key that this installation no longer has."""


def seal(text: str) -> str:
    """Encrypt (Fernet: AES-128-CBC with HMAC-SHA256) with the newest key."""
    return _box_of(current_keys()).encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Decrypt.

    Raises:
        Unreadable: made with another key.
    """
    try:
        return _box_of(current_keys()).decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise Unreadable from error


def find_unsealed(sealed: str | None) -> str | None:
    """The text that may be shown again; None when it was forgotten, or its key is gone."""
    try:
        return unseal(sealed) if sealed else None
    except Unreadable:
        return None


def resealed(sealed: str) -> str:
    """The same text under the newest key.

    Raises:
        Unreadable: made with another key than ours.
    """
    try:
        return _box_of(current_keys()).rotate(sealed.encode()).decode()
    except InvalidToken as error:
        raise Unreadable from error


def is_sealed_with(key: str, sealed: str) -> bool:
    """Whether this key sealed it: its signature is checked, nothing is decrypted (microseconds each)."""
    try:
        token = base64.urlsafe_b64decode(sealed)
    except (ValueError, binascii.Error):
        return False
    signing = base64.urlsafe_b64decode(key)[:16]  # as the Fernet specification has it
    return hmac.compare_digest(hmac.digest(signing, token[:-MAC_BYTES], "sha256"), token[-MAC_BYTES:])


def current_keys() -> tuple[str, ...]:
    """All keys that are in use now, newest first."""
    given = settings.BOOKONCE
    if given.seal_key_file is None:
        return tuple(given.seal_keys)
    try:
        found = given.seal_key_file.stat()
        return _keys_in(given.seal_key_file, found.st_mtime_ns, found.st_ino)
    except FileNotFoundError:  # e.g. in the middle of a restore; what was read at the start still holds
        return tuple(given.seal_keys)


def write_keys(file: Path, keys: Sequence[str]) -> None:
    """Replace the keys in the file, all at once and for good: a reader sees the old ones or the new ones."""
    fresh = file.with_name(f".{file.name}.{os.getpid()}")
    fresh.unlink(missing_ok=True)  # of a run that was killed
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as written:
        written.write(",".join(keys))
        written.flush()
        os.fsync(written.fileno())
    fresh.replace(file)
    directory = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


@lru_cache(maxsize=4)
def _keys_in(file: Path, changed: int, inode: int) -> tuple[str, ...]:  # noqa: ARG001 - they name the version
    return read_seal_keys(file.read_text())


@lru_cache(maxsize=8)
def _box_of(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])
