"""Links > Many at once: a list, a look at it, the making, and what became of the batch."""

from __future__ import annotations

import html
from collections.abc import Iterable
from typing import Any, cast

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from bookonce.jobs.worker import run_due
from bookonce.scheduling.calendars import set_deleted
from bookonce.scheduling.issue_link import shown_token
from bookonce.scheduling.issue_links import issue_links
from bookonce.scheduling.link_options import LinkOptions
from bookonce.scheduling.models import LinkBatch, LinkUpload, OneTimeLink
from tests.bad_rows import FIFTY_BAD_ROWS, bad_file
from tests.cast import NOW, Person, make_link
from tests.pages.owner import read, signed_in, statements_of

pytestmark = pytest.mark.usefixtures("at_now")
MANY = "/app/links/many/"
LIST = "Name,Email,City\nSam Okafor,sam@example.org,Ulm\nKim Lee,kim@example.org,=x\n"
GOOD = LIST.replace("=x", "Bonn")


def send(client: Client, person: Person, **fields: Any) -> Any:
    return client.post(MANY, {"calendar": person.calendar.public_id, **fields})


def a_file(text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("people.csv", text.encode("utf-8-sig"), content_type="text/csv")


def text_of(answer: Any) -> str:
    return b"".join(cast("Iterable[bytes]", answer.streaming_content)).decode()


def batch_of(person: Person, count: int = 3, **options: Any) -> LinkBatch:
    rows = [
        LinkOptions(recipient_name=f"Person {n}", recipient_email=f"p{n}@example.org") for n in range(count)
    ]
    return issue_links(person.calendar, rows, by=person.actor, now=NOW, name="Fair", **options)


@pytest.mark.parametrize("way", ["pasted", "file"])
def test_from_the_list_to_the_links(alice: Person, way: str) -> None:
    client = signed_in(alice)
    assert MANY in read(client, "/app/links/")
    answer = send(client, alice, name="Fair", **{way: GOOD if way == "pasted" else a_file(GOOD)})
    assert answer.status_code == 302
    page = read(client, answer["Location"])
    for told in ("2 people on the list", "Sam Okafor", "kim@example.org", "City", "Make 2 links"):
        assert told in page
    assert not OneTimeLink.objects.exists()
    made = client.post(answer["Location"])
    assert client.post(answer["Location"])["Location"] == made["Location"]
    waiting = client.get(made["Location"])
    assert waiting.headers["Refresh"] == "2"
    assert "0 of 2" in waiting.content.decode()
    run_due(NOW)
    done = client.get(made["Location"])
    assert "Refresh" not in done.headers
    page = done.content.decode()
    for told in ("Fair", "Sam Okafor", "Active", "Download CSV", "by Alice"):
        assert told in page
    assert not LinkUpload.objects.exists()
    token = shown_token(OneTimeLink.objects.order_by("pk")[0])
    file = client.get(f"{made['Location']}links.csv")
    lines = text_of(file).splitlines()
    assert lines[0].startswith("\ufeffname,email,phone,url,state")
    assert lines[0].endswith(",City")
    assert f"/o/{token}" in lines[1]
    assert "no-store" in file.headers["Cache-Control"]


def test_faults_are_told_by_line_and_nothing_is_lost_or_made(alice: Person) -> None:
    answer = send(signed_in(alice), alice, pasted=LIST)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "1 row can&#x27;t be used. Nothing was made." in page or "1 row can't be used" in page
    assert "Line 3" in page
    assert "formula" in page
    assert "Sam Okafor,sam@example.org" in page
    assert "This field is required" not in page
    assert not LinkUpload.objects.exists()
    assert "choose it again" in send(signed_in(alice), alice, file=a_file(LIST)).content.decode()


@pytest.mark.parametrize(("sign", "bom"), [(",", b""), (";", b"\xef\xbb\xbf")])
def test_fifty_bad_rows_are_told_one_by_one_and_nothing_is_made(alice: Person, sign: str, bom: bytes) -> None:
    file = SimpleUploadedFile("people.csv", bom + bad_file(sign), content_type="text/csv")
    answer = send(signed_in(alice), alice, file=file)
    assert answer.status_code == 422
    page = html.unescape(answer.content.decode())
    for line, (_, said) in enumerate(FIFTY_BAD_ROWS, start=3):
        assert page.count(f"Line {line}<") == 1, line
        assert said in page
    assert "50 rows can't be used. Nothing was made." in page
    assert not OneTimeLink.objects.exists()
    assert not LinkUpload.objects.exists()


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "Paste a list, or choose a file"),
        ({"pasted": GOOD, "name": "x" * 121}, "At most 120 characters"),
        ({"pasted": "Email,Mail\na,b"}, "Two columns mean the same"),
        ({"file": SimpleUploadedFile("x.xlsx", b"PK\x03\x04")}, "This is a workbook"),
        ({"pasted": "Name,Email\n"}, "There are no rows"),
    ],
)
def test_what_cannot_be_read_is_said_beside_the_field(
    alice: Person, fields: dict[str, Any], said: str
) -> None:
    answer = send(signed_in(alice), alice, **fields)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not LinkUpload.objects.exists()


def test_a_failed_batch_says_why(alice: Person) -> None:
    client = signed_in(alice)
    preview = send(client, alice, pasted="sam@example.org")["Location"]
    made = client.post(preview)["Location"]
    set_deleted(alice.calendar, deleted=True, now=NOW)
    run_due(NOW)
    page = read(client, made)
    assert "No link was made." in page
    assert "The calendar was deleted meanwhile." in page
    assert "Failed" in read(client, MANY)


def test_what_is_left_is_revoked_after_its_number_was_named(alice: Person, bob: Person) -> None:
    batch, other = batch_of(alice), make_link(alice).link
    client, path = signed_in(bob), f"/app/links/batches/{batch.public_id}/"
    assert "Revoke 3 links?" in read(client, f"{path}revoke/")
    since = read(client, path, unused_since="2026-11-24")
    assert "3 links were neither opened nor booked since then." in since
    assert "0 links were" in read(client, path, unused_since="2026-11-23")
    assert "no link left" in read(client, f"{path}revoke/", unused_since="2026-11-23")
    for odd in ("0001-01-01", "9999-12-31", "x", "2026-02-30"):
        read(client, path, unused_since=odd)
    assert client.post(f"{path}revoke/").status_code == 302
    assert OneTimeLink.objects.filter(revoked_at=None).get() == other
    assert "no link left" in read(client, f"{path}revoke/")
    assert client.post(f"{path}revoke/").status_code == 302


def test_the_filtered_list_is_exported(alice: Person, bob: Person) -> None:
    batch = batch_of(alice)
    make_link(alice, recipient_name="=SUM(1)", label="+x", metadata={"a": 1})
    client = signed_in(bob)
    everything = text_of(client.get("/app/links/export.csv")).splitlines()
    assert len(everything) == 5
    assert everything[1].startswith("'=SUM(1),")
    assert ",'+x," in everything[1]
    some = text_of(client.get("/app/links/export.csv", {"batch": batch.public_id, "state": "active"}))
    assert len(some.splitlines()) == 4
    assert f"batch={batch.public_id}" in read(client, "/app/links/", batch=batch.public_id)


def test_strangers_find_nothing(alice: Person, bob: Person, charlie: Person) -> None:
    batch = batch_of(alice)
    preview = send(signed_in(alice), alice, pasted="sam@example.org")["Location"]
    path = f"/app/links/batches/{batch.public_id}/"
    stranger = signed_in(charlie)
    for address in (path, f"{path}revoke/", f"{path}links.csv", preview):
        assert stranger.get(address).status_code == 404
    for address in (f"{path}revoke/", preview):
        assert stranger.post(address).status_code == 404
    assert signed_in(bob).get(preview).status_code == 404  # a list is its uploader's alone
    assert send(stranger, alice, pasted="sam@example.org").status_code == 404
    assert text_of(stranger.get("/app/links/export.csv")).count("\n") == 1
    assert "Fair" not in read(stranger, MANY)
    assert Client().get(f"{path}links.csv").status_code == 302
    assert OneTimeLink.objects.filter(revoked_at=None).count() == 3


def test_the_page_of_a_batch_takes_as_many_statements_for_fifty_links(alice: Person) -> None:
    client = signed_in(alice)
    few, many = (f"/app/links/batches/{batch_of(alice, count).public_id}/" for count in (2, 50))
    read(client, few)
    assert statements_of(client, few) == statements_of(client, many)
