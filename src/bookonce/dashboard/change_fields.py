"""How forms ask what guests may change: until when to cancel and to reschedule, in one choice each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from bookonce.scheduling.models import Calendar, OneTimeLink

NOT_AT_ALL = "off"
INHERITED = ("", gettext_lazy("As the calendar has it"))
CUTOFFS: list[tuple[str, Any]] = [
    ("0", gettext_lazy("Until it begins")),
    ("60", gettext_lazy("Until 1 hour before")),
    ("120", gettext_lazy("Until 2 hours before")),
    ("240", gettext_lazy("Until 4 hours before")),
    ("720", gettext_lazy("Until 12 hours before")),
    ("1440", gettext_lazy("Until 1 day before")),
    ("2880", gettext_lazy("Until 2 days before")),
    ("4320", gettext_lazy("Until 3 days before")),
    ("10080", gettext_lazy("Until 1 week before")),
    (NOT_AT_ALL, gettext_lazy("Not at all")),
]
REOPENS = [("yes", gettext_lazy("The link works again")), ("no", gettext_lazy("The link stays used"))]
CHANGES = ("cancel", "reschedule")
FIELD_OF = {f"{change}_cutoff": f"{change}_until" for change in CHANGES} | {
    f"guests_may_{change}": f"{change}_until" for change in CHANGES
}


class CutoffSelect(forms.Select):
    """Offers a cut-off that was set over REST as well, though it is not among the usual ones."""

    def optgroups(self, name: str, value: list[str], attrs: dict[str, Any] | None = None) -> list[Any]:
        """The choices, with the present value."""
        known = {str(key) for key, _words in self.choices}
        unusual = [
            (each, cutoff_words(int(each))) for each in value if each not in known and _is_number(each)
        ]
        self.choices = [*self.choices, *unusual]
        return super().optgroups(name, value, attrs)


def until_field(label: Any, *, inherits: bool) -> forms.ChoiceField:
    """Until when guests may do it; `inherits` adds the calendar's own rule as the first choice."""
    choices = [INHERITED, *CUTOFFS] if inherits else CUTOFFS
    return forms.ChoiceField(label=label, choices=choices, required=not inherits, widget=CutoffSelect)


def given_rules(given: Mapping[str, str]) -> dict[str, Any]:
    """What both choices say, in the words of the domain; nothing of one that was left to the calendar."""
    rules: dict[str, Any] = {}
    for change in CHANGES:
        chosen = given[f"{change}_until"]
        if chosen == NOT_AT_ALL:
            rules[f"guests_may_{change}"] = False
        elif chosen:
            rules |= {f"guests_may_{change}": True, f"{change}_cutoff": chosen}
    return rules


def present_rules(calendar: Calendar) -> dict[str, str]:
    """The choices of a kept calendar."""
    return {
        "cancel_until": str(calendar.cancel_cutoff) if calendar.guests_may_cancel else NOT_AT_ALL,
        "reschedule_until": str(calendar.reschedule_cutoff) if calendar.guests_may_reschedule else NOT_AT_ALL,
    }


def cutoff_words(minutes: int) -> str:
    """`Until 90 minutes before`."""
    usual = dict(CUTOFFS).get(str(minutes))
    words = ngettext("Until %(count)d minute before", "Until %(count)d minutes before", minutes)
    return str(usual) if usual else words % {"count": minutes}


def rules_of_link(link: OneTimeLink) -> list[tuple[str, str]]:
    """What the link itself says of changes by its guest: a name and the words for it."""
    rows = [
        (_("Guest can cancel"), _until(link.guests_may_cancel, link.cancel_cutoff)),
        (_("Guest can reschedule"), _until(link.guests_may_reschedule, link.reschedule_cutoff)),
        (_("Most reschedules"), "" if link.most_reschedules is None else str(link.most_reschedules)),
    ]
    if link.reopens_on_cancel is not None:
        words = dict(REOPENS)["yes" if link.reopens_on_cancel else "no"]
        rows.append((_("When the guest cancels"), str(words)))
    return [(name, words) for name, words in rows if words]


def _until(allowed: bool | None, cutoff: int | None) -> str:  # noqa: FBT001 - a column
    if allowed is False:
        return _("Not at all")
    if cutoff is not None:
        return cutoff_words(cutoff)
    return "" if allowed is None else _("Yes")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 9
