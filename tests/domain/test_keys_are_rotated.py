"""What is kept encrypted moves under a new key, and nothing of it is lost or comes back."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from django.conf import settings

from bookonce.accounts.models import Invitation
from bookonce.configuration import new_seal_key
from bookonce.lib.sealed import current_keys, find_unsealed, is_sealed_with, seal, unseal, write_keys
from bookonce.messages.models import OutboxMail
from bookonce.scheduling import reseal
from bookonce.scheduling.models import Booking, LinkUpload, OneTimeLink
from bookonce.scheduling.reseal import Seals, count_seals, reseal_all, sealed_columns
from tests.cast import NOW, Person, book_through, make_link

OLD, NEW, STRANGE = new_seal_key(), new_seal_key(), new_seal_key()


@pytest.fixture
def keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file of an installation of its own, whose only key is OLD."""
    file = tmp_path / "seal_key"
    write_keys(file, [OLD])
    given = replace(settings.BOOKONCE, seal_keys=(OLD,), seal_key_file=file)
    monkeypatch.setattr(settings, "BOOKONCE", given)
    return file


def fill(alice: Person) -> dict[str, str]:
    """A value in every table that keeps some; by table what must be read from it afterwards."""
    issued = make_link(alice)
    book_through(make_link(alice))
    booking = Booking.objects.get()
    kept = LinkUpload(
        public_id="upl_a",
        calendar=alice.calendar,
        member=alice.member,
        rows=1,
        sealed_rows=seal("email\na@b.c"),
    )
    kept.workspace, kept.created_at = alice.workspace, NOW
    kept.save()
    OutboxMail.objects.create(workspace=alice.workspace, sealed=seal("Subject: x"), created_at=NOW)
    assert issued.token
    manage = unseal(booking.sealed_manage_token or "")
    return {
        "links": issued.token,
        "bookings": manage,
        "uploads": "email\na@b.c",
        "mails": "Subject: x",
    }


def read() -> dict[str, str | None]:
    return {
        "links": find_unsealed(OneTimeLink.objects.order_by("pk")[0].sealed_token),
        "bookings": find_unsealed(Booking.objects.get().sealed_manage_token),
        "uploads": find_unsealed(LinkUpload.objects.get().sealed_rows),
        "mails": find_unsealed(OutboxMail.objects.get().sealed),
    }


def test_every_table_with_something_sealed_is_found() -> None:
    found = {(column.model.__name__, column.name) for column in sealed_columns()}
    assert found >= {
        ("OneTimeLink", "sealed_token"),
        ("Booking", "sealed_manage_token"),
        ("LinkUpload", "sealed_rows"),
        ("OutboxMail", "sealed"),
        (Invitation.__name__, "sealed_token"),
    }


@pytest.mark.django_db(transaction=True)
def test_everything_is_read_before_during_and_after(alice: Person, keys: Path) -> None:
    kept = fill(alice)
    assert count_seals() == Seals(newest=5)
    write_keys(keys, [NEW, OLD])
    assert current_keys() == (NEW, OLD)  # without a restart
    assert (read(), count_seals()) == (kept, Seals(older=5))
    assert reseal_all() == 5
    assert reseal_all() == 0
    assert count_seals() == Seals(newest=5)
    write_keys(keys, [NEW])
    assert read() == kept


@pytest.mark.django_db(transaction=True)
def test_ended_in_the_middle_it_goes_on_with_the_rest(
    alice: Person, keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reseal, "AT_ONCE", 2)
    tokens = [make_link(alice).token for _ in range(7)]
    write_keys(keys, [NEW, OLD])

    class Killed(BaseException):
        pass

    def kill(done: int) -> None:
        if done >= 4:
            raise Killed

    with pytest.raises(Killed):
        reseal_all(kill)
    assert count_seals() == Seals(newest=4, older=3)
    make_link(alice)
    assert reseal_all() == 3
    write_keys(keys, [NEW])
    assert [find_unsealed(link.sealed_token) for link in OneTimeLink.objects.order_by("pk")][:7] == tokens


@pytest.mark.django_db(transaction=True)
def test_a_secret_that_is_forgotten_meanwhile_does_not_come_back(
    alice: Person, keys: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = make_link(alice).link, make_link(alice).link
    write_keys(keys, [NEW, OLD])
    write = reseal._write

    def revoked_first(column: reseal._Column, changed: Sequence[tuple[str, int, str]]) -> int:
        OneTimeLink.objects.filter(pk=first.pk).update(sealed_token=None)
        return write(column, changed)

    monkeypatch.setattr(reseal, "_write", revoked_first)
    assert reseal_all() == 1
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.sealed_token is None
    assert is_sealed_with(NEW, second.sealed_token or "")


@pytest.mark.django_db(transaction=True)
def test_what_has_lost_its_key_is_counted_and_left(alice: Person, keys: Path) -> None:
    lost = make_link(alice).link
    write_keys(keys, [STRANGE])
    make_link(alice)
    assert count_seals() == Seals(newest=1, unreadable=1)
    assert reseal_all() == 0
    assert OneTimeLink.objects.get(pk=lost.pk).sealed_token == lost.sealed_token


def test_the_file_is_replaced_at_once_for_its_owner_alone(keys: Path) -> None:
    os.umask(0o022)
    keys.with_name(f".{keys.name}.{os.getpid()}").write_text(
        "left by a run that was killed", encoding="ascii"
    )
    write_keys(keys, [NEW, OLD])
    assert keys.read_text(encoding="ascii") == f"{NEW},{OLD}"
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600
    assert [path.name for path in keys.parent.iterdir()] == ["seal_key"]


def test_a_key_file_that_is_away_for_a_moment_stops_nothing(keys: Path) -> None:
    sealed = seal("kept")
    keys.unlink()
    assert unseal(sealed) == "kept"


def test_only_the_key_that_sealed_it_is_told_to_have_done_so(keys: Path) -> None:
    sealed = seal("text")
    assert is_sealed_with(OLD, sealed)
    assert not is_sealed_with(NEW, sealed)
    assert not is_sealed_with(OLD, sealed[:-8] + "AAAAAAA=")
    assert not is_sealed_with(OLD, "no seal at all, é")
