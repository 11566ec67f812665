"""Snippets for the owner's own website: plain HTML, no script. Embedding the page itself comes later."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookonce.design.accent import DEFAULT
from bookonce.lib.colours import text_on

BUTTON = (
    "display:inline-block;padding:12px 20px;border-radius:8px;background:#{fill};color:#{ink};"
    "font:600 16px/1.25 system-ui,sans-serif;text-decoration:none"
)
FLOATING = "position:fixed;right:24px;bottom:24px;z-index:1000;box-shadow:0 6px 24px rgba(0,0,0,.22);"


@dataclass(frozen=True, slots=True)
class Snippet:
    """One way to put the calendar on a website; `look` names the class of its preview."""

    look: str
    name: str | Promise
    note: str | Promise
    words: str
    code: str


def snippets(url: str, calendar_name: str, accent: str) -> list[Snippet]:
    """The snippets for a calendar's permanent link in a colour of six hex digits, "" for ours."""
    words = _("Book: %(name)s") % {"name": calendar_name}
    fill = accent or DEFAULT
    button = BUTTON.format(fill=fill, ink=text_on(fill))
    return [
        Snippet(
            "inline",
            gettext_lazy("Inline link"),
            gettext_lazy("A link within your text."),
            words,
            format_html('<a href="{}">{}</a>', url, words),
        ),
        Snippet(
            "button",
            gettext_lazy("Button"),
            gettext_lazy("A button that opens the calendar in a new tab."),
            words,
            _styled(url, words, button),
        ),
        Snippet(
            "floating",
            gettext_lazy("Floating button"),
            gettext_lazy("Stays in the corner of the page while people read."),
            words,
            _styled(url, words, FLOATING + button),
        ),
    ]


def _styled(url: str, words: str, style: str) -> str:
    return format_html('<a href="{}" target="_blank" rel="noopener"\n   style="{}">{}</a>', url, style, words)
