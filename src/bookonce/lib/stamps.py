"""Signed time stamps of forms: when was this page served, to whom."""

from django.core.signing import BadSignature, Signer


def make_stamp(subject: str, now: int) -> str:
    """A stamp for the minute of `now` (seconds); the same all minute, so that replies stay cacheable."""
    return Signer(salt=f"form {subject}").sign(str(now // 60)).replace(":", ".")


def read_stamp(subject: str, stamp: object) -> int | None:
    """The second at which the stamp's minute began; None when missing, forged or for another subject."""
    if not isinstance(stamp, str) or len(stamp) > 120 or "." not in stamp:
        return None
    try:
        return int(Signer(salt=f"form {subject}").unsign(stamp.replace(".", ":", 1))) * 60
    except (BadSignature, ValueError):
        return None
