"""Lists of people as spreadsheets, mail programs and hands write them."""

from __future__ import annotations

import pytest

from bookonce.scheduling.errors import Invalid
from bookonce.scheduling.link_rows import RowsInvalid, parse_link_rows
from bookonce.scheduling.links_csv import _line
from bookonce.scheduling.models import Calendar, Schedule
from bookonce.scheduling.recipients_csv import read_recipients
from tests.bad_rows import FIFTY_BAD_ROWS, bad_file
from tests.cast import NOW

# As much of one as the rules of a link need; it is in no database.
CALENDAR = Calendar(durations=(30, 60), schedule=Schedule(timezone="Europe/Berlin"))


def people(content: bytes | str) -> list[tuple[str, str]]:
    options = parse_link_rows(read_recipients(content).rows(), CALENDAR, now=NOW)
    return [(one.recipient_name, one.recipient_email) for one in options]


def faults(content: bytes | str) -> list[tuple[int, str]]:
    with pytest.raises(RowsInvalid) as refused:
        parse_link_rows(read_recipients(content).rows(), CALENDAR, now=NOW)
    return [(fault.place, fault.sentence) for fault in refused.value.faults]


def test_pasted_lines() -> None:
    text = "Sam Okafor <sam@example.org>\nbob@example.org\nkim@example.org, Kim\n\nLee; lee@example.org"
    text = text.replace(";", ",")
    assert people(text) == [
        ("Sam Okafor", "sam@example.org"),
        ("", "bob@example.org"),
        ("Kim", "kim@example.org"),
        ("Lee", "lee@example.org"),
    ]


@pytest.mark.parametrize("sign", [",", ";", "\t"])
@pytest.mark.parametrize(
    ("codec", "named"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("cp1252", "Windows-1252"),
    ],
)
def test_separators_and_encodings_are_found_out(sign: str, codec: str, named: str) -> None:
    text = sign.join(["NAME", "E-Mail"]) + "\r\n" + sign.join(["Jörg", "joerg@example.org"]) + "\r\n"
    file = read_recipients(text.encode(codec))
    assert (file.encoding, file.delimiter) == (named, sign)
    assert people(text.encode(codec)) == [("Jörg", "joerg@example.org")]


def test_first_and_last_names_are_joined_and_lines_within_quotes_kept_together() -> None:
    text = (
        'sep=;\nFirst name;Surname;Mail;Notes\n"Sam\nB.";Okafor;sam@example.org;\nKim;Lee;kim@example.org;x\n'
    )
    file = read_recipients(text)
    assert [row.place for row in file.rows()] == [3, 5]
    assert people(text) == [("Sam B. Okafor", "sam@example.org"), ("Kim Lee", "kim@example.org")]


def test_unknown_columns_are_kept_and_columns_of_our_own_export_left_out() -> None:
    file = read_recipients("Name,Email,City,url,state\nSam,sam@example.org,Ulm,http://x,active\n,,,,\n")
    assert file.columns
    assert file.columns.kept == ("City",)
    assert file.columns.left_out == ("url", "state")
    (only,) = parse_link_rows(file.rows(), CALENDAR, now=NOW)
    assert only.metadata == {"City": "Ulm"}


def test_rules_of_change_have_columns_too() -> None:
    text = "Email,Guests may cancel,Cancel cutoff,Most reschedules\na@example.org,no,120,2\n"
    (only,) = parse_link_rows(read_recipients(text).rows(), CALENDAR, now=NOW)
    assert (only.guests_may_cancel, only.cancel_cutoff, only.most_reschedules) == (False, 120, 2)


def test_what_our_export_escapes_is_read_back() -> None:
    line = _line(["+49 30 123456", "=1+1", "-5", "plain", "@x", "\tx"])
    assert line == "'+49 30 123456,'=1+1,'-5,plain,'@x,'\tx\r\n"
    (row,) = read_recipients("Phone,City\n" + "'+49 30 123456,'-5\n").rows()
    assert row.raw == {"recipient": {"phone": "+49 30 123456"}, "metadata": {"City": "-5"}}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf \n", "empty"),
        (b"PK\x03\x04xl/workbook", "workbook"),
        (b"\x00\x01\x02\x03\x00\x00", "no text file"),
        (b"x" * (20 * 1024**2 + 1), "At most 20 MB"),
        ("Email,E-Mail\na@example.org,b@example.org\n", "Two columns mean the same: email"),
        ("Email," + ",".join(f"c{n}" for n in range(60)) + "\n", "At most 60 columns"),
        ("Name,Email\n", "no rows"),
        ("Email\n" + "a@example.org\n" * 100_001, "At most 100,000 rows"),
    ],
)
def test_files_that_cannot_be_used_say_why(content: bytes | str, said: str) -> None:
    with pytest.raises(Invalid) as refused:
        list(parse_link_rows(read_recipients(content).rows(), CALENDAR, now=NOW))
    assert said in str(refused.value.errors)


@pytest.mark.parametrize(("sign", "bom"), [(",", b""), (";", b"\xef\xbb\xbf")])
def test_fifty_bad_rows_give_one_message_each_and_nothing_else(sign: str, bom: bytes) -> None:
    found = faults(bom + bad_file(sign))
    assert len(FIFTY_BAD_ROWS) == len(found) == 50
    assert [place for place, _ in found] == list(range(3, 53))
    for (_place, sentence), (row, said) in zip(found, FIFTY_BAD_ROWS, strict=True):
        assert said in sentence, (row, sentence)


@pytest.mark.parametrize("header", ["hold slots", "Hold_Slots"])
def test_times_are_not_held_for_a_list(header: str) -> None:
    sentence = "hold slots: Times are held for single links, not for those of a list."
    assert faults(f"Email,{header}\na@example.org,yes\nb@example.org,no\n") == [(2, sentence)]
