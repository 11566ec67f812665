"""`{% load moments %}`: instants as the reader's language writes them, in the zone that is active."""

from __future__ import annotations

from datetime import datetime, timedelta

from django import template
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from bookonce.lib.instants import iso

register = template.Library()


@register.simple_tag
def moment(at: datetime) -> SafeString:
    """Weekday, date and time: Mon 30 Nov 2026, 09:00."""
    return _time(at, "D j M Y, H:i")


@register.simple_tag
def last_moment(at: datetime) -> SafeString:
    """The end of something: midnight is named by the day that ends then, Sun 29 Nov 2026."""
    local = localtime(at)
    if (local.hour, local.minute, local.second) != (0, 0, 0):
        return moment(at)
    return _time(at, "D j M Y", named=local - timedelta(days=1))


@register.simple_tag
def day(at: datetime) -> SafeString:
    """The date alone: 30 Nov 2026."""
    return _time(at, "j M Y")


@register.simple_tag
def clock(at: datetime) -> SafeString:
    """The time alone: 09:00."""
    return _time(at, "H:i")


def _time(at: datetime, pattern: str, *, named: datetime | None = None) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', iso(at), date_format(named or localtime(at), pattern))
