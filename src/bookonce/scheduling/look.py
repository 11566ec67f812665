"""Give a calendar its look, change it, and take it away again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from bookonce.lib.colours import parse_colour, theme_of
from bookonce.lib.fields import Fields
from bookonce.scheduling.errors import Invalid
from bookonce.scheduling.events import Actor
from bookonce.scheduling.images import Made, forget_unused, keep_image
from bookonce.scheduling.models import Calendar, CalendarLook
from bookonce.scheduling.models.look import LARGEST_RADIUS
from bookonce.scheduling.transaction import one_transaction

COLOURS = ("primary", "background")
HIDES = ("hides_name", "hides_description", "hides_details")
KNOWN = (*COLOURS, "button_text", "radius", "theme", *HIDES)
PICTURES = ("logo", "cover")
LONGEST_BUTTON = 40
Theme = CalendarLook.Theme
Pictures = Mapping[str, Made | None]  # logo, cover; None: none from now on


def parse_look(raw: Mapping[str, Any], present: CalendarLook | None, *, prefix: str = "") -> dict[str, Any]:
    """Check a new look, or changes of the `present` one: columns by name, only those sent.

    Empty and null mean the usual. The colours of texts follow from the background, so that only one has to
    be refused: that on which no text can be read in the theme.

    Raises:
        Invalid: one sentence per fault, by field, each behind the prefix.
    """
    fields = Fields(raw, prefix=prefix)
    fields.only(KNOWN)
    columns: dict[str, Any] = {name: _colour(fields, name) for name in COLOURS if name in raw}
    if "button_text" in raw:
        columns["button_text"] = fields.text("button_text", most=LONGEST_BUTTON)
    if "radius" in raw:
        columns["radius"] = fields.integer("radius", least=0, most=LARGEST_RADIUS)
    if "theme" in raw:
        columns["theme"] = fields.choice("theme", Theme.values, default=Theme.AUTO.value)
    for name in HIDES:
        if name in raw:
            columns[name] = fields.boolean(name, default=False)
    if not fields.errors:
        _check_background(fields, columns, present)
    if fields.errors:
        raise Invalid(fields.errors)
    return columns


@one_transaction
def set_look(
    calendar: Calendar,
    raw: Mapping[str, Any],
    *,
    pictures: Pictures | None = None,
    by: Actor,  # noqa: ARG001 - every verb is told who acts; no event of calendars is kept yet
    now: datetime,
) -> CalendarLook:
    """Change what was sent of the calendar's look, keep the rest; two at once leave one whole look.

    Pictures that no look shows any more are deleted with it.

    Raises:
        Invalid: by field.
    """
    # Locked first: two changes at once must not combine into a look that nobody checked together.
    Calendar.objects.select_for_update(of=("self",), no_key=True).get(pk=calendar.pk)
    return keep_look(calendar, raw, pictures=pictures or {}, now=now)


@one_transaction
def reset_look(calendar: Calendar, *, by: Actor) -> bool:  # noqa: ARG001 - as above
    """Take the calendar's look away, its pictures too: the workspace's holds again. False without one."""
    Calendar.objects.select_for_update(of=("self",), no_key=True).get(pk=calendar.pk)
    return drop_look(calendar)


def keep_look(
    calendar: Calendar,
    raw: Mapping[str, Any],
    *,
    pictures: Pictures | None = None,
    now: datetime,
    prefix: str = "",
) -> CalendarLook:
    """The same within the caller's transaction, who holds the calendar's row."""
    present = find_look(calendar)
    columns = parse_look(raw, present, prefix=prefix)
    before = _pictures_of(present)
    for name, made in (pictures or {}).items():
        columns[f"{name}_id"] = keep_image(calendar.workspace_id, made, now=now) if made else None
    look, _new = CalendarLook.objects.update_or_create(calendar=calendar, defaults=columns)
    forget_unused(before - _pictures_of(look))
    return look


def drop_look(calendar: Calendar) -> bool:
    """The same as `reset_look` within the caller's transaction, who holds the calendar's row."""
    present = find_look(calendar)
    if present is None:
        return False
    present.delete()
    forget_unused(_pictures_of(present))
    return True


def read_look(fields: Fields, columns: dict[str, Any], present: Calendar | None) -> None:
    """Check the `look` among a calendar's settings; the columns get what was sent, for `change_look`."""
    if "look" not in fields.raw:
        return
    sent = fields.raw["look"]
    if sent is not None and not isinstance(sent, Mapping):
        fields.fault("look", _("This must be an object, or null for the usual look."))
        return
    try:
        parse_look(sent or {}, find_look(present) if present else None, prefix="look.")
    except Invalid as refused:
        fields.errors |= {name: list(sentences) for name, sentences in refused.errors.items()}
    columns["look"] = sent


def change_look(calendar: Calendar, sent: Mapping[str, Any] | None, *, now: datetime) -> None:
    """Change or, with None, reset within the caller's transaction, who holds the calendar's row."""
    if sent is None:
        drop_look(calendar)
    else:
        keep_look(calendar, sent, now=now, prefix="look.")


def find_look(calendar: Calendar) -> CalendarLook | None:
    """The calendar's own look; None where the workspace's holds."""
    return CalendarLook.objects.filter(calendar_id=calendar.pk).first()


def _pictures_of(look: CalendarLook | None) -> set[int]:
    return {image for image in (look.logo_id, look.cover_id) if image} if look else set()


def _colour(fields: Fields, name: str) -> str:
    colour = fields.text(name, most=16).removeprefix("#").lower()
    if not colour or fields.prefix + name in fields.errors:
        return ""
    try:
        parse_colour(colour)
    except ValueError:
        fields.fault(name, _("Enter a colour of six hexadecimal digits, like #0b6e72."))
    return colour


def _check_background(fields: Fields, columns: Mapping[str, Any], present: CalendarLook | None) -> None:
    background = columns.get("background", present.background if present else "")
    theme = columns.get("theme", present.theme if present else Theme.AUTO)
    if not background:
        return
    own = theme_of(background)
    if not own:
        sentence = _("No text is easy to read on this colour. Choose a lighter or a darker one.")
    elif theme == Theme.LIGHT and own == "dark":
        sentence = _(
            "This background is dark and the theme is light. Choose a lighter one, or another theme."
        )
    elif theme == Theme.DARK and own == "light":
        sentence = _("This background is light and the theme is dark. Choose a darker one, or another theme.")
    else:
        return
    fields.fault("background", sentence)
