"""What the guest's pages put into sentences: times of day, and texts with addresses that can be clicked."""

from __future__ import annotations

import re
from urllib.parse import urlencode

from django import template
from django.template import Context
from django.template.loader import render_to_string
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from bookonce.booking_page.habits import CLOCK, chosen_clock
from bookonce.booking_page.local_times import LocalTime
from bookonce.design.templatetags.design import form_language
from bookonce.lib.languages import LANGUAGE_ASKED, PARAMETER

register = template.Library()
# What ends a sentence does not end an address.
_ADDRESS = re.compile(r"https?://[^\s<>\"'\\`{}|^\x00-\x20\x7f-\xa0\u2000-\u206f]+(?<![.,;:!?)\]])")


@register.filter
def clock(time: LocalTime) -> SafeString:
    """The time of day as the pages write it everywhere (clock.html), to stand within a sentence."""
    return mark_safe(render_to_string("booking_page/clock.html", {"time": time}).strip())  # noqa: S308


@register.simple_tag(takes_context=True)
def chosen_query(context: Context) -> SafeString:
    """Return `?lang=de&clock=12` of what the guest has chosen on a page, to go on with it; else nothing."""
    request = context.get("request")
    lang, clock = getattr(request, LANGUAGE_ASKED, ""), chosen_clock(request) if request else ""
    chosen = {name: value for name, value in ((PARAMETER, lang), (CLOCK, clock)) if value}
    return conditional_escape(f"?{urlencode(chosen)}" if chosen else "")


@register.simple_tag(takes_context=True)
def form_chosen(context: Context) -> SafeString:
    """Return a posted form's hidden inputs with its page's language and what was chosen, to go on with it."""
    request = context.get("request")
    clock = chosen_clock(request) if request else ""
    hidden = format_html('<input type="hidden" name="{}" value="{}">', CLOCK, clock) if clock else ""
    return format_html("{}{}", form_language(context), hidden)


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
