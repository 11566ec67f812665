"""Settings come from `BOOKONCE_*` alone; a wrong one ends the start with a sentence that names it."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from bookonce.configuration import Configuration, read_configuration


def read(tmp_path: Path, **values: str) -> Configuration:
    return read_configuration({"BOOKONCE_DATA_DIR": str(tmp_path / "data"), **values})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BOOKONCE_BASE_URL", "book.example.com"),
        ("BOOKONCE_BASE_URL", "https://book.example.com/path"),
        ("BOOKONCE_BASE_URL", "ftp://book.example.com"),
        ("BOOKONCE_DATABASE_URL", "mysql://somewhere/db"),
        ("BOOKONCE_DATABASE_URL", "postgres://host"),
        ("BOOKONCE_EMAIL_URL", "http://mail.example.com"),
        ("BOOKONCE_EMAIL_URL", "smtp://mail.example.com?starttls=maybe"),
        ("BOOKONCE_GRACE_MINUTES", "a while"),
        ("BOOKONCE_GRACE_MINUTES", "-1"),
        ("BOOKONCE_GRACE_MINUTES", "1441"),
        ("BOOKONCE_JOBS", "perhaps"),
        ("BOOKONCE_SEAL_KEY", "short"),
        ("BOOKONCE_SEAL_KEY", ","),
        ("BOOKONCE_SECRET_KEY", " , "),
        ("BOOKONCE_TRUSTED_PROXIES", "proxy.example.com"),
        ("BOOKONCE_TRUSTED_PROXIES", "10.0.0.1/8"),
        ("BOOKONCE_RATE_LIMITS", "100"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_by_name(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=name):
        read(tmp_path, **{name: value})


def test_a_name_that_is_no_setting_is_refused_with_the_nearest_one(tmp_path: Path) -> None:
    with pytest.raises(ImproperlyConfigured, match=r"EMIAL_URL is not a setting.+BOOKONCE_EMAIL_URL"):
        read(tmp_path, BOOKONCE_EMIAL_URL="smtp://localhost")


def test_keys_are_made_at_first_start_for_their_owner_alone_and_kept(tmp_path: Path) -> None:
    first, again = read(tmp_path), read(tmp_path)
    assert (first.secret_keys, first.seal_keys) == (again.secret_keys, again.seal_keys)
    for name in ("secret_key", "seal_key"):
        assert stat.S_IMODE((tmp_path / "data" / name).stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    other = read_configuration({"BOOKONCE_DATA_DIR": str(tmp_path / "other")})
    assert other.secret_keys != first.secret_keys


def test_keys_that_others_can_read_are_refused(tmp_path: Path) -> None:
    read(tmp_path)
    (tmp_path / "data" / "seal_key").chmod(0o644)
    with pytest.raises(ImproperlyConfigured, match="chmod 600"):
        read(tmp_path)


def test_databases_and_mail_servers_are_read_from_addresses(tmp_path: Path) -> None:
    found = read(
        tmp_path,
        BOOKONCE_DATABASE_URL="postgres://olga:se%20cret@db.example.com:5433/book",
        BOOKONCE_EMAIL_URL="smtp://me%40example.com:pw@mail.example.com:587",
    )
    database = {name: found.database[name] for name in ("USER", "PASSWORD", "HOST", "PORT", "NAME")}
    assert list(database.values()) == ["olga", "se cret", "db.example.com", "5433", "book"]
    assert found.mail
    assert (found.mail.host, found.mail.port, found.mail.user, found.mail.starttls) == (
        "mail.example.com",
        587,
        "me@example.com",
        True,
    )


def test_without_an_address_sqlite_lives_in_the_data_directory(tmp_path: Path) -> None:
    found = read(tmp_path)
    assert found.database["NAME"] == tmp_path / "data" / "bookonce.sqlite3"
    assert found.mail is None
    assert found.grace_seconds == 900


def test_links_are_built_from_where_the_server_last_stood_until_an_address_is_set(tmp_path: Path) -> None:
    assert read(tmp_path).base_url == "http://localhost:8000"
    (tmp_path / "data" / "served_at").write_text("http://localhost:8400\n", encoding="ascii")
    assert read(tmp_path).base_url == "http://localhost:8400"
    given = read(tmp_path, BOOKONCE_BASE_URL="https://book.example.com/")
    assert (given.base_url, given.base_url_given) == ("https://book.example.com", True)
    assert "book.example.com" in given.allowed_hosts
