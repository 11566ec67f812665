"""The text of a file of recipients, whatever wrote it."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

from bookonce.scheduling.errors import Invalid

MOST_BYTES = 20 * 1024 * 1024
UTF8, UTF16, WINDOWS = "UTF-8", "UTF-16", "Windows-1252"
_MULTI_BYTE = re.compile(rb"[\xc2-\xf4][\x80-\xbf]")


def decode_recipients(content: bytes) -> tuple[str, str]:
    """The text and the name of its encoding, told from its bytes.

    In a file that is UTF-8 but for some bytes, these become lone surrogates, for the rows' faults to tell.

    Raises:
        Invalid: too large, a workbook, or no text.
    """
    if len(content) > MOST_BYTES:
        raise _refused(_("At most %(most)s MB.") % {"most": MOST_BYTES // 1024**2})
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise _refused(_("This is a workbook. Save it as CSV (UTF-8) and choose that file."))
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _utf16(content, "utf-16"), UTF16
    if content.startswith(b"\xef\xbb\xbf"):
        return content.decode("utf-8-sig", "surrogateescape"), UTF8
    if content[:2000].count(0) > len(content[:2000]) // 4:  # every other byte of Latin text
        return _utf16(content, "utf-16-le" if content[1:2] == b"\0" else "utf-16-be"), UTF16
    try:
        return content.decode(), UTF8
    except UnicodeDecodeError:
        pass
    if not _MULTI_BYTE.search(content):
        try:
            return content.decode("cp1252"), WINDOWS
        except UnicodeDecodeError:
            pass
    return content.decode("utf-8", "surrogateescape"), UTF8


def _utf16(content: bytes, codec: str) -> str:
    try:
        text = content.decode(codec)
    except UnicodeDecodeError:
        text = "\0"
    if "\0" in text:
        raise _refused(_("This is no text file. Save the list as CSV (UTF-8)."))
    return text


def _refused(sentence: str) -> Invalid:
    return Invalid({"file": [sentence]})
