"""Secrets handed to people: one-time links, manage links, API keys."""

import base64
import hashlib
import secrets

TOKEN_BYTES = 20  # 160 bits: more than the 128 of OWASP ASVS 11.5.1
TOKEN_LENGTH = 32  # in base32


def new_token() -> str:
    """160 random bits as 32 characters of lower-case base32 (no look-alike capitals in mails)."""
    return base64.b32encode(secrets.token_bytes(TOKEN_BYTES)).decode().lower()


def digest(token: str) -> str:
    """What the database keeps and looks up: SHA-256, hexadecimal.

    A plain hash is enough for a secret of 160 random bits (OWASP ASVS 6.5.2); it also takes the
    token out of the timing of the look-up. Never fails, whatever the text: a malformed token is
    looked up like an unknown one.
    """
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def new_public_id(prefix: str) -> str:
    """An id for the API: `apt_` and 16 characters (80 random bits). No secret, but tells no count."""
    return f"{prefix}_{base64.b32encode(secrets.token_bytes(10)).decode().lower()}"


def new_opaque_id() -> str:
    """The id of a permanent link: 20 characters (100 bits)."""
    return base64.b32encode(secrets.token_bytes(13)).decode().lower()[:20]
