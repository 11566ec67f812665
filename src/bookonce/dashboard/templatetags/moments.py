"""`{% load moments %}`: instants as the reader's language writes them, in the zone that is active."""

from __future__ import annotations

from datetime import datetime

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
def day(at: datetime) -> SafeString:
    """The date alone: 30 Nov 2026."""
    return _time(at, "j M Y")


@register.simple_tag
def clock(at: datetime) -> SafeString:
    """The time alone: 09:00."""
    return _time(at, "H:i")


def _time(at: datetime, pattern: str) -> SafeString:
    return format_html('<time datetime="{}">{}</time>', iso(at), date_format(localtime(at), pattern))
