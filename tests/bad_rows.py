"""A list of people: one good row and fifty bad ones, and what is said of each."""

from __future__ import annotations

HEADER = "Name,Email,Phone,Label,Expires,Ref,Length,City\n"
GOOD = "A,ok@example.org,,,2099-12-24,same,30,Jörg\n"
BAD_ROWS = [
    (",,,,,,,Ulm", "Give a name"),
    (f"{'x' * 121},a1@example.org,,,,,,", "At most 120"),
    ("A,not-an-address,,,,,,", "e-mail address like"),
    ("A,a2@example,,,,,,", "e-mail address like"),
    ("A,@example.org,,,,,,", "e-mail address like"),
    (f"A,{'x' * 250}@example.org,,,,,,", "At most 254"),
    ("A,a3@example.org,call me,,,,,", "phone number"),
    (f"A,a4@example.org,,{'x' * 121},,,,", "At most 120"),
    ("A,a5@example.org,,,01/12/2026,,,", "date like 2026-12-01"),
    ("A,a6@example.org,,,2026-02-30,,,", "date like 2026-12-01"),
    ("A,a7@example.org,,,2020-01-01,,,", "already passed"),
    ("A,a8@example.org,,,soon,,,", "date like 2026-12-01"),
    ("A,a9@example.org,,,,same,,", "the same reference"),
    ("A,b1@example.org,,,,same,,", "the same reference"),
    (f"A,b2@example.org,,,,{'r' * 121},,", "At most 120"),
    ("A,b3@example.org,,,,,45,", "offers 30"),
    ("A,b4@example.org,,,,,long,", "whole numbers"),
    ('"=HYPERLINK(""http://x"")",b5@example.org,,,,,,', "formula"),
    ("A,b6@example.org,,=1+1,,,,", "formula"),
    ("A,b7@example.org,,+SUM(A1),,,,", "formula"),
    ("A,b8@example.org,,@SUM(A1),,,,", "formula"),
    ("A,b9@example.org,,-cmd|' /C calc'!A0,,,,", "formula"),
    ("A,c1@example.org,,,,,,=cmd", "formula"),
    ("A,c2@example.org,,,,,,Ulm,more", "9 values for 8 columns"),
    ("J\udcf6rg,c3@example.org,,,,,,", "characters are lost"),
    ("J\ufffdrg,c4@example.org,,,,,,", "characters are lost"),
    ("A\x00,c5@example.org,,,,,,", "characters that can't be kept"),
    ("A\x07,c6@example.org,,,,,,", "characters that can't be kept"),
    (f"A,c7@example.org,,,,,,{'x' * 5000}", "bytes of JSON"),
    ('A,"c8"x@example.org,,,,,,', "quotation mark"),
]
FIFTY_BAD_ROWS = [
    *BAD_ROWS,
    *((f"A,n{n}@@example.org,,,,,,", "e-mail address like") for n in range(50 - len(BAD_ROWS))),
]


def bad_file(sign: str = ",") -> bytes:
    """All of them, in lines 3 to 52; some bytes are no UTF-8."""
    text = HEADER + GOOD + "".join(f"{row}\n" for row, _ in FIFTY_BAD_ROWS)
    return text.replace(",", sign).encode("utf-8", "surrogateescape")
