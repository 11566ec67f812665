"""Whose public holidays a host keeps."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from bookonce.accounts.models import Member
from bookonce.lib.fields import Fields
from bookonce.scheduling import host_time
from bookonce.scheduling.errors import Invalid
from bookonce.scheduling.host_access import check_may_change
from bookonce.scheduling.models import HolidayRegion
from bookonce.scheduling.public_holidays import LONGEST_CODE, NamedDay, is_region, named_holidays
from bookonce.scheduling.transaction import one_transaction


def parse_region(raw: Mapping[str, Any]) -> tuple[str, str]:
    """Check `{"country", "subdivision"}`: codes of public_holidays.py; no country means no holidays.

    Raises:
        Invalid: one sentence per fault, by field.
    """
    fields = Fields(raw)
    fields.only(("country", "subdivision"))
    country, part = fields.text("country", most=2), fields.text("subdivision", most=LONGEST_CODE)
    if not fields.errors and country and not is_region(country, ""):
        fields.fault("country", _("The holidays of this country are not known here."))
    elif not fields.errors and part and not is_region(country, part):
        fields.fault("subdivision", _("This is no part of the country whose holidays are known here."))
    if fields.errors:
        raise Invalid(fields.errors)
    return country, part


@one_transaction
def set_holiday_region(host: Member, raw: Mapping[str, Any], *, by: Member, now: datetime) -> None:
    """Keep the host's calendars closed on the public holidays of a region, or of none.

    Raises:
        Invalid: by field. NotAllowed: it is someone else's.
    """
    check_may_change(by, host)
    country, part = parse_region(raw)
    host_time.lock_hosts([host.pk], now=now)
    if country:
        HolidayRegion.objects.update_or_create(
            member=host, defaults={"country": country, "subdivision": part}
        )
    else:
        HolidayRegion.objects.filter(member=host).delete()
    host_time.raise_versions([host.pk])


def next_holidays(region: HolidayRegion, *, today: date, most: int, language: str = "") -> list[NamedDay]:
    """The next holidays of the region, today's too, within about two years."""
    until = date(today.year + 2, 1, 31)
    return named_holidays(region.country, region.subdivision, today, until, language=language)[:most]
