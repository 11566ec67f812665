"""A calendar group between its page and the domain's rules: its settings, and the rows of its menu."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from bookonce.dashboard.listed_rows import change_list
from bookonce.dashboard.shown_form import ShownForm
from bookonce.scheduling.calendar_groups import calendars_of
from bookonce.scheduling.group_settings import MOST_CALENDARS
from bookonce.scheduling.models import Calendar, CalendarGroup

PLAIN = ("name", "slug", "description", "one_time_only", "contact_text")

Kept = Mapping[str, Calendar]  # the workspace's calendars by public id


class GroupForm(ShownForm):
    """What a group is called, where it is, and who may book."""

    name = forms.CharField(
        label=_("Name"), widget=forms.TextInput(attrs={"autocomplete": "off", "maxlength": "120"})
    )
    description = forms.CharField(
        label=_("Description"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    slug = forms.CharField(
        label=_("Last part of the address"),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    one_time_only = forms.BooleanField(
        label=_("Bookable by one-time link only"),
        help_text=_(
            "Turns off the group's scheduling link, permanent link and embed code. Its calendars keep"
            " their own."
        ),
        widget=forms.CheckboxInput(attrs={"role": "switch"}),
        required=False,
    )
    contact_text = forms.CharField(
        label=_("Words for links that have expired"),
        help_text=_("Shown to whoever opens a spent link: how to reach you for a new one."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    @property
    def calendar_faults(self) -> list[str]:
        """What is wrong with the menu."""
        return getattr(self, "_calendar_faults", [])

    def settings(self, rows: Iterable[Calendar], *, new: bool) -> dict[str, Any]:
        """What was sent, in the words of `parse_group`."""
        given: dict[str, Any] = dict(self.given())
        if new and not given["slug"]:
            del given["slug"]
        return given | {"calendars": [calendar.public_id for calendar in rows]}

    def refuse(self, errors: Mapping[str, Sequence[str]]) -> None:
        """Show what the domain found beside the field it came from; the menu's faults beside the menu."""
        self._calendar_faults = [str(sentence) for sentence in errors.get("calendars", ())]
        super().refuse({name: sentences for name, sentences in errors.items() if name != "calendars"})


def present_settings(group: CalendarGroup) -> dict[str, object]:
    """The group's settings as its form shows them."""
    return {name: getattr(group, name) for name in PLAIN}


def calendars_to_choose(workspace_id: int) -> Kept:
    """The workspace's calendars by public id, by name (one statement)."""
    calendars = Calendar.objects.filter(workspace_id=workspace_id, deleted_at=None).order_by("name", "pk")
    return {calendar.public_id: calendar for calendar in calendars}


def kept_rows(group: CalendarGroup) -> list[Calendar]:
    """The group's calendars in the order of its menu."""
    return calendars_of(group)


def sent_rows(sent: Sequence[str], kept: Kept) -> list[Calendar]:
    """The rows as they were sent; one that is gone meanwhile is left out."""
    wanted = dict.fromkeys(sent[: MOST_CALENDARS + 1])
    return [kept[public_id] for public_id in wanted if public_id in kept]


def changed_rows(change: str, rows: Sequence[Calendar], kept: Kept, chosen: str) -> list[Calendar]:
    """The rows after `add-calendar`, `up-calendar-1`, `down-calendar-0` or `remove-calendar-2`.

    `chosen` is added; what can't be done leaves them as they were.
    """
    new = kept.get(chosen)
    return change_list(change, "calendar", rows, None if new in rows else new)
