"""What is said of the colours of a look: how well they can be read, and what was done for that."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from bookonce.design.accent import DEFAULT
from bookonce.design.palette import pairs, seen_roles
from bookonce.scheduling.look_rows import Look

VERY_GOOD = 7.0  # WCAG 2.2, 1.4.6 (AAA)


@dataclass(frozen=True)
class Said:
    """What is wrong, how well what is seen can be read, and what was done to the colours."""

    faults: list[str]
    good: list[str]
    notes: list[str]


def look_said(look: Look, theme: str, faults: list[str]) -> Said:
    """Of the look in this theme, `light` or `dark`."""
    good = [
        _sentence(pair.over, pair.ratio)
        for pair in pairs(look.primary, look.background)
        if pair.theme == theme
    ]
    return Said(faults, good, _notes(look, theme))


def _sentence(over: str, ratio: float) -> str:
    words = {
        "accent-text": _("Text on buttons: %(ratio)s : 1, %(verdict)s"),
        "text": _("Text on the background: %(ratio)s : 1, %(verdict)s"),
        "text-muted": _("Quiet text on the background: %(ratio)s : 1, %(verdict)s"),
        "accent-ink": _("Links and times: %(ratio)s : 1, %(verdict)s"),
    }
    verdict = _("very good") if ratio >= VERY_GOOD else _("good")
    return words[over] % {"ratio": f"{int(ratio * 10) / 10:.1f}", "verdict": verdict}


def _notes(look: Look, theme: str) -> list[str]:
    roles, primary = seen_roles(look.primary, look.background)[theme], look.primary or DEFAULT
    notes = []
    if roles["accent"] != primary:
        notes.append(_("In dark, buttons take a lighter shade of the primary colour, so that they show."))
    if roles["accent-edge"] != roles["accent"]:
        notes.append(_("The primary colour hardly shows on the page, so buttons get an edge."))
    if roles["accent-ink"] != roles["accent"]:
        notes.append(_("Links and times take a stronger shade of the primary colour, to be readable."))
    return notes
