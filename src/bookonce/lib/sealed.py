"""Encryption at rest of what must be shown again: link secrets, manage links, kept mail.

The key lives outside the database (BOOKONCE_SEAL_KEY or the data directory).
"""

from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings


class Unreadable(Exception):
    """The sealed text was made with a key that this installation no longer has."""


def seal(text: str) -> str:
    """Encrypt (Fernet: AES-128-CBC with HMAC-SHA256)."""
    return _box().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Decrypt.

    Raises:
        Unreadable: made with another key.
    """
    try:
        return _box().decrypt(sealed.encode()).decode()
    except InvalidToken as error:
        raise Unreadable from error


def find_unsealed(sealed: str | None) -> str | None:
    """The text that may be shown again; None when it was forgotten, or its key is gone."""
    try:
        return unseal(sealed) if sealed else None
    except Unreadable:
        return None


def _box() -> MultiFernet:
    return _box_of(tuple(settings.BOOKONCE.seal_keys))


@lru_cache
def _box_of(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])
