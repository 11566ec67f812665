"""What the guest's pages put into sentences: times of day, and texts with addresses that can be clicked."""

from __future__ import annotations

import re

from django import template
from django.template.loader import render_to_string
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from bookonce.booking_page.local_times import LocalTime

register = template.Library()
# What ends a sentence does not end an address.
_ADDRESS = re.compile(r"https?://[^\s<>\"'\\`{}|^\x00-\x20\x7f-\xa0\u2000-\u206f]+(?<![.,;:!?)\]])")


@register.filter
def clock(time: LocalTime) -> SafeString:
    """The time of day as the pages write it everywhere (clock.html), to stand within a sentence."""
    return mark_safe(render_to_string("booking_page/clock.html", {"time": time}).strip())  # noqa: S308


@register.filter
def clickable(text: str) -> SafeString:
    """Plain text with its line breaks, in which http(s) addresses lead there; nothing else is markup."""
    shown, end = "", 0
    for found in _ADDRESS.finditer(text):
        shown += conditional_escape(text[end : found.start()]) + _link(found[0])
        end = found.end()
    shown += conditional_escape(text[end:])
    return mark_safe(shown.replace("\n", "<br>"))  # noqa: S308 - every part of it is escaped


def _link(address: str) -> SafeString:
    return format_html(
        '<a href="{}" rel="noopener noreferrer nofollow" target="_blank">{}</a>', address, address
    )
