"""Times of day on guests' pages."""

from __future__ import annotations

from django import template

from bookonce.booking_page.habits import clock_in_words
from bookonce.booking_page.local_times import LocalTime

register = template.Library()


@register.filter
def on_the_clock(time: LocalTime) -> str:
    """`14:05` or `2:05 pm`, as the page's reader counts."""
    return clock_in_words(time.clock)
