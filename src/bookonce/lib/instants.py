"""Instants kept as integers: seconds in ordinary tables, minutes in the hot ones.

Integers cost a sixth of a datetime to read (docs/decisions/0002) and compare alike in both databases' SQL.
In Python they are always aware datetimes in UTC.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from django.db import models

_Set = TypeVar("_Set")
_Get = TypeVar("_Get")

if TYPE_CHECKING:
    # Generic for the type checker alone: None is in the attribute's type where null=True.
    _IntegerField = models.IntegerField
    _BigIntegerField = models.BigIntegerField
else:

    class _Subscriptable:
        def __class_getitem__(cls, _: Any) -> type:
            return cls

    class _IntegerField(_Subscriptable, models.IntegerField):
        pass

    class _BigIntegerField(_Subscriptable, models.BigIntegerField):
        pass


def to_seconds(instant: datetime) -> int:
    """Whole seconds since the epoch; refuses naive datetimes."""
    if instant.tzinfo is None:
        msg = "A naive datetime is no instant"
        raise ValueError(msg)
    return int(instant.timestamp() // 1)


def to_minutes(instant: datetime) -> int:
    """Whole minutes since the epoch, rounded down."""
    return to_seconds(instant) // 60


def from_seconds(seconds: int) -> datetime:
    """The aware UTC instant of so many seconds since the epoch."""
    return datetime.fromtimestamp(seconds, UTC)


def from_minutes(minutes: int) -> datetime:
    """The aware UTC instant of so many minutes since the epoch."""
    return datetime.fromtimestamp(minutes * 60, UTC)


def iso(instant: datetime) -> str:
    """RFC 3339 in UTC with a Z: 2026-12-01T08:00:00Z."""
    return instant.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


class SecondsField(_BigIntegerField[_Set, _Get]):
    """An instant, kept as whole seconds since the epoch."""

    _pyi_private_set_type: datetime  # type: ignore[assignment] # read by django-stubs
    _pyi_private_get_type: datetime  # type: ignore[assignment] # read by django-stubs

    def from_db_value(self, value: int | None, *_: Any) -> datetime | None:
        """Turn the column into an aware datetime."""
        return None if value is None else from_seconds(value)

    def to_python(self, value: Any) -> datetime | None:
        """Accept what from_db_value returns, and integers."""
        return from_seconds(value) if isinstance(value, int) else value

    def get_prep_value(self, value: Any) -> int | None:
        """Turn an aware datetime into the column."""
        return to_seconds(value) if isinstance(value, datetime) else value


class MinutesField(_IntegerField[_Set, _Get]):
    """An instant, kept as whole minutes since the epoch (31 bits last until the year 6053)."""

    _pyi_private_set_type: datetime  # type: ignore[assignment] # read by django-stubs
    _pyi_private_get_type: datetime  # type: ignore[assignment] # read by django-stubs

    def from_db_value(self, value: int | None, *_: Any) -> datetime | None:
        """Turn the column into an aware datetime."""
        return None if value is None else from_minutes(value)

    def to_python(self, value: Any) -> datetime | None:
        """Accept what from_db_value returns, and integers."""
        return from_minutes(value) if isinstance(value, int) else value

    def get_prep_value(self, value: Any) -> int | None:
        """Turn an aware datetime into the column."""
        return to_minutes(value) if isinstance(value, datetime) else value
