"""Snippets for the owner's own website: a plain link, which /embed.js turns into the calendar's page."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookonce.design.accent import DEFAULT
from bookonce.lib.colours import text_on

INLINE, POPUP, FLOATING = "inline", "popup", "floating"
NAMES: dict[str, tuple[str | Promise, str | Promise]] = {
    INLINE: (gettext_lazy("Inline"), gettext_lazy("The calendar stands in your page.")),
    POPUP: (gettext_lazy("Pop-up"), gettext_lazy("A button opens the calendar above your page.")),
    FLOATING: (
        gettext_lazy("Floating button"),
        gettext_lazy("Stays in the corner while people read, and opens the calendar above your page."),
    ),
}
THEMES = ("light", "dark", "auto")
_BUTTON = (
    "display:inline-block;padding:12px 20px;border-radius:8px;background:#{fill};color:#{ink};"
    "font:600 16px/1.25 system-ui,sans-serif;text-decoration:none"
)
_SNIPPET = """<div data-bookonce="{}" data-mode="{}"{}>
  <a href="{}"{}>{}</a>
</div>
<script src="{}/embed.js" async></script>"""


@dataclass(frozen=True, slots=True)
class Snippet:
    """One way to put the calendar on a website."""

    mode: str
    name: str | Promise
    note: str | Promise
    words: str
    code: SafeString


def snippets(url: str, calendar_name: str, accent: str) -> list[Snippet]:
    """The snippets for a calendar's permanent link in a colour of six hex digits, "" for ours."""
    return [snippet(url, calendar_name, accent, mode=mode) for mode in NAMES]


def snippet(
    url: str, calendar_name: str, accent: str, *, mode: str, theme: str = "", words: str = ""
) -> Snippet:
    """The one for this mode; a `theme` and `words` that are empty leave it to the calendar."""
    words = words or _("Book: %(name)s") % {"name": calendar_name}
    fill = accent or DEFAULT
    style = _BUTTON.format(fill=fill, ink=text_on(fill))
    code = format_html(
        _SNIPPET,
        url,
        mode,
        format_html(' data-theme="{}"', theme) if theme else mark_safe(""),
        url,
        mark_safe("") if mode == INLINE else format_html(' style="{}"', style),
        words,
        settings.BOOKONCE.base_url,
    )
    return Snippet(mode, *NAMES[mode], words, code)
