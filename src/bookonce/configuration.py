"""Read `BOOKONCE_*` into one typed, frozen value; used by settings.py and nobody else."""

from __future__ import annotations

import base64
import difflib
import os
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

SEAL_KEY_FILE = "seal_key"  # in the data directory
DEADLINE_SECONDS = 5  # no database call may last longer (docs/decisions/0003)

SETTINGS = {
    "BOOKONCE_DATA_DIR": "Where the database and the keys live",
    "BOOKONCE_DATABASE_URL": (
        "postgres://user:password@host:port/name; empty means SQLite in the data directory"
    ),
    "BOOKONCE_BASE_URL": "The address people reach this installation by; all links are built from it",
    "BOOKONCE_SECRET_KEY": (
        "Signs sessions and forms; made at first start when unset; several, newest first, by commas"
    ),
    "BOOKONCE_SEAL_KEY": (
        "Encrypts link secrets and kept mail; made at first start when unset; "
        "several, newest first, by commas"
    ),
    "BOOKONCE_EMAIL_URL": (
        "smtp://user:password@host:587 (STARTTLS) or smtps://...:465; empty keeps mail in the outbox page"
    ),
    "BOOKONCE_MAIL_FROM": "The sender of mails",
    "BOOKONCE_ALLOWED_HOSTS": "Further host names to answer to, by commas",
    "BOOKONCE_TRUSTED_PROXIES": (
        "Addresses or networks whose X-Forwarded-For counts, by commas; none by default"
    ),
    "BOOKONCE_RATE_LIMITS": "no: nobody is kept from trying too often, e.g. under a load test",
    "BOOKONCE_GRACE_MINUTES": "How long a form opened before its link expired may still be sent (0 to 1440)",
    "BOOKONCE_RECIPIENTS_KEPT_DAYS": (
        "How long revoked and expired links that nobody booked keep whom they were for (1 to 3650)"
    ),
    "BOOKONCE_JOBS": "no: this server runs no jobs (serve --no-jobs sets it)",
}
INTERNAL = {"BOOKONCE_SERVING"}  # set by `serve` for its own worker processes


@dataclass(frozen=True)
class MailServer:
    """Where mail is handed in."""

    host: str
    port: int
    user: str
    password: str
    tls: bool
    starttls: bool


@dataclass(frozen=True)
class Configuration:
    """What the environment says."""

    data_dir: Path
    database: dict[str, Any]
    base_url: str
    base_url_given: bool
    secret_keys: tuple[str, ...]
    seal_keys: tuple[str, ...]
    seal_key_file: Path | None  # where they were read; None: they come from the environment
    mail: MailServer | None
    mail_from: str
    allowed_hosts: list[str]
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...]
    rate_limits: bool
    grace_seconds: int
    recipients_kept_days: int
    jobs: bool
    serving: bool


def read_configuration(environ: Mapping[str, str]) -> Configuration:
    """The configuration of this process.

    Raises:
        ImproperlyConfigured: a value makes no sense, or a `BOOKONCE_*` name is unknown.
    """
    _refuse_unknown(environ)
    data_dir = _data_dir(environ)
    base_url, given = _base_url(environ, data_dir)
    return Configuration(
        data_dir=data_dir,
        database=_database(environ.get("BOOKONCE_DATABASE_URL", ""), data_dir),
        base_url=base_url,
        base_url_given=given,
        secret_keys=_secret_keys(environ, data_dir),
        seal_keys=_seal_keys(environ, data_dir),
        seal_key_file=None if environ.get("BOOKONCE_SEAL_KEY") else data_dir / SEAL_KEY_FILE,
        mail=_mail_server(environ.get("BOOKONCE_EMAIL_URL", "")),
        mail_from=environ.get("BOOKONCE_MAIL_FROM", "")
        or f"Bookonce <bookonce@{urlsplit(base_url).hostname}>",
        allowed_hosts=_allowed_hosts(environ, base_url),
        trusted_proxies=_networks(environ, "BOOKONCE_TRUSTED_PROXIES"),
        rate_limits=_boolean(environ, "BOOKONCE_RATE_LIMITS", default=True),
        grace_seconds=60 * _integer(environ, "BOOKONCE_GRACE_MINUTES", default=15, least=0, most=1440),
        recipients_kept_days=_integer(
            environ, "BOOKONCE_RECIPIENTS_KEPT_DAYS", default=90, least=1, most=3650
        ),
        jobs=_boolean(environ, "BOOKONCE_JOBS", default=True),
        serving=bool(environ.get("BOOKONCE_SERVING")),
    )


def _refuse_unknown(environ: Mapping[str, str]) -> None:
    known = SETTINGS.keys() | INTERNAL
    for name in environ:
        if name.startswith("BOOKONCE_") and not name.startswith("BOOKONCE_TEST_") and name not in known:
            near = difflib.get_close_matches(name, SETTINGS, n=1)
            hint = f" Did you mean {near[0]}?" if near else ""
            raise _wrong(f"{name} is not a setting.{hint} docs/operations.md lists them all.")


def _data_dir(environ: Mapping[str, str]) -> Path:
    given = environ.get("BOOKONCE_DATA_DIR", "")
    home = Path(environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    path = Path(given).expanduser() if given else home / "bookonce"
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise _wrong(f"BOOKONCE_DATA_DIR: can't make {path} ({error.strerror}).") from error
    return path.resolve()


def _base_url(environ: Mapping[str, str], data_dir: Path) -> tuple[str, bool]:
    given = environ.get("BOOKONCE_BASE_URL", "").rstrip("/")
    if not given:
        # `serve` leaves its address here, so that the command line prints links that open.
        served = data_dir / "served_at"
        return (served.read_text().strip() if served.exists() else "") or "http://localhost:8000", False
    parts = urlsplit(given)
    if (
        parts.scheme not in {"http", "https"}
        or not parts.hostname
        or parts.path
        or parts.query
        or parts.username
    ):
        raise _wrong("BOOKONCE_BASE_URL must look like https://book.example.com, without a path.")
    return given, True


def _database(url: str, data_dir: Path) -> dict[str, Any]:
    if not url:
        return _sqlite(data_dir / "bookonce.sqlite3")
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise _wrong(
            "BOOKONCE_DATABASE_URL must look like postgres://user:password@host:5432/name, "
            "or be empty for SQLite."
        )
    options = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    return {
        "ENGINE": "bookonce.lib.postgres",
        "NAME": unquote(parts.path.strip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop(
            "host", unquote(parts.netloc.rpartition("@")[2].rpartition(":")[0] or parts.hostname or "")
        ),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 300,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"server_side_binding": True, "connect_timeout": DEADLINE_SECONDS, **options},
    }


def _sqlite(path: Path) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": path,
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",  # a transaction that will write locks before it reads
            "timeout": DEADLINE_SECONDS / 2,  # the other half may pass before our own lock (transaction.py)
            # FULL: an acknowledged booking survives a power cut; NORMAL would forget it.
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
        },
    }


def _mail_server(url: str) -> MailServer | None:
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise _wrong(
            "BOOKONCE_EMAIL_URL must look like smtp://user:password@host:587 or smtps://user:password@host:465."
        )
    tls = parts.scheme == "smtps"
    starttls = parse_qs(parts.query).get("starttls", ["yes" if parts.port == 587 else "no"])[-1]
    if starttls not in {"yes", "no"}:
        raise _wrong("BOOKONCE_EMAIL_URL: starttls must be yes or no.")
    return MailServer(
        host=parts.hostname,
        port=parts.port or (465 if tls else 25),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        tls=tls,
        starttls=not tls and starttls == "yes",
    )


def _allowed_hosts(environ: Mapping[str, str], base_url: str) -> list[str]:
    host = urlsplit(base_url).hostname or "localhost"
    further = list(_list(environ, "BOOKONCE_ALLOWED_HOSTS"))
    if host == "localhost" and not further:
        return ["*"]  # not published yet: reachable on a LAN by any name; links never use the Host header
    return [host, "localhost", "127.0.0.1", "[::1]", *further]


def _secret_keys(environ: Mapping[str, str], data_dir: Path) -> tuple[str, ...]:
    keys = _split(_kept_secret(environ, "BOOKONCE_SECRET_KEY", data_dir / "secret_key"))
    if not keys:
        raise _wrong("BOOKONCE_SECRET_KEY must be a long random text (several by commas, the newest first).")
    return keys


def _seal_keys(environ: Mapping[str, str], data_dir: Path) -> tuple[str, ...]:
    return read_seal_keys(
        _kept_secret(environ, "BOOKONCE_SEAL_KEY", data_dir / SEAL_KEY_FILE, make=new_seal_key)
    )


def new_seal_key() -> str:
    """A fresh key: 32 random bytes in URL-safe base64."""
    return base64.urlsafe_b64encode(os.urandom(32)).decode()


def read_seal_keys(text: str) -> tuple[str, ...]:
    """The keys, newest first.

    Raises:
        ImproperlyConfigured: there is none, or one is not what `new_seal_key` makes.
    """
    keys = _split(text)
    for key in keys or ("",):
        try:
            whole = len(base64.urlsafe_b64decode(key)) == 32
        except ValueError:
            whole = False
        if not whole:
            raise _wrong(
                "BOOKONCE_SEAL_KEY must be 32 bytes in URL-safe base64 (several by commas, the newest first)."
            )
    return keys


def _kept_secret(
    environ: Mapping[str, str],
    name: str,
    path: Path,
    make: Any = lambda: secrets.token_urlsafe(48),
) -> str:
    """The secret from the environment, or from the data directory: made at first start with mode 0600."""
    given = environ.get(name, "")
    if given:
        return given
    if not path.exists():
        fresh = path.with_name(f".{path.name}.{os.getpid()}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(make())
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(fresh, path)  # fails when another process was first: then its secret is ours
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise _wrong(f"{path} can be read by others; run: chmod 600 {path}")
    return path.read_text().strip()


def _integer(environ: Mapping[str, str], name: str, *, default: int, least: int, most: int) -> int:
    text = environ.get(name, "")
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
        raise _wrong(f"{name} must be a whole number from {least} to {most}, not {text!r}.")
    return int(text)


def _boolean(environ: Mapping[str, str], name: str, *, default: bool) -> bool:
    text = environ.get(name, "").lower()
    if text not in {"", "yes", "no"}:
        raise _wrong(f"{name} must be yes or no, not {text!r}.")
    return default if not text else text == "yes"


def _list(environ: Mapping[str, str], name: str) -> tuple[str, ...]:
    return _split(environ.get(name, ""))


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _networks(environ: Mapping[str, str], name: str) -> tuple[IPv4Network | IPv6Network, ...]:
    try:
        return tuple(ip_network(part) for part in _list(environ, name))
    except ValueError as error:
        raise _wrong(f"{name} must be addresses or networks, such as 10.0.0.0/8: {error}.") from error


def _wrong(message: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(message)
