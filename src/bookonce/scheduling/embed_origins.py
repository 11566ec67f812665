"""On which websites a calendar's page may be shown in a frame; without any, on none."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from bookonce.lib.fields import Fields
from bookonce.lib.origins import LONGEST, NoOrigin, parse_origin
from bookonce.scheduling.errors import Invalid
from bookonce.scheduling.models import Calendar, EmbedOrigin
from bookonce.scheduling.models.look import MOST_ORIGINS
from bookonce.scheduling.transaction import one_transaction

NAME = "embed_origins"


def read_embed_origins(fields: Fields) -> list[str] | None:
    """The different origins of `embed_origins` in order; None when it was not sent."""
    if NAME not in fields.raw:
        return None
    listed = [] if fields.raw[NAME] is None else fields.raw[NAME]
    if not isinstance(listed, list) or len(listed) > MOST_ORIGINS:
        fields.fault(NAME, _("Give a list of at most %(most)s sites.") % {"most": MOST_ORIGINS})
        return None
    origins = []
    for position, each in enumerate(listed):
        inner = Fields({"origin": each})
        text = inner.text("origin", most=LONGEST, required=True)
        try:
            origins.append(parse_origin(text, wildcard=True) if text else "")
        except NoOrigin as refused:
            inner.fault("origin", str(refused))
        for sentence in inner.errors.get("origin", ()):
            fields.fault(f"{NAME}.{position}", sentence)
    return sorted(set(origins))


def keep_embed_origins(calendar: Calendar, origins: Iterable[str]) -> None:
    """Allow these and no others, within the caller's transaction, in which the calendar is locked."""
    present = EmbedOrigin.objects.filter(calendar=calendar)
    present.exclude(origin__in=list(origins)).delete()
    kept = set(present.values_list("origin", flat=True))
    fresh = [EmbedOrigin(calendar=calendar, origin=each) for each in origins if each not in kept]
    EmbedOrigin.objects.bulk_create(fresh)


@one_transaction
def set_embed_origins(calendar: Calendar, origins: Sequence[object]) -> list[str]:
    """Allow exactly these sites; returns them as they are kept.

    Raises:
        Invalid: by field `embed_origins.<position>`, or `embed_origins` when there are too many.
    """
    fields = Fields({NAME: list(origins)})
    parsed = read_embed_origins(fields)
    if fields.errors or parsed is None:
        raise Invalid(fields.errors)
    _lock(calendar)
    keep_embed_origins(calendar, parsed)
    return parsed


@one_transaction
def add_embed_origin(calendar: Calendar, origin: str) -> str:
    """Allow one more site; returns it as it is kept, also when it was allowed before.

    Raises:
        Invalid: by field `origin`.
    """
    fields = Fields({"origin": origin})
    text = fields.text("origin", most=LONGEST, required=True)
    try:
        parsed = parse_origin(text, wildcard=True) if text else ""
    except NoOrigin as refused:
        raise Invalid({"origin": [str(refused)]}) from refused
    if fields.errors:
        raise Invalid(fields.errors)
    _lock(calendar)
    if not EmbedOrigin.objects.filter(calendar=calendar, origin=parsed).exists():
        if EmbedOrigin.objects.filter(calendar=calendar).count() >= MOST_ORIGINS:
            raise Invalid({"origin": [_("At most %(most)s sites are kept.") % {"most": MOST_ORIGINS}]})
        EmbedOrigin.objects.create(calendar=calendar, origin=parsed)
    return parsed


@one_transaction
def remove_embed_origin(calendar: Calendar, origin: str) -> bool:
    """Allow this site no longer; False when it was not allowed."""
    try:
        kept = parse_origin(origin, wildcard=True)
    except NoOrigin:
        return False
    return EmbedOrigin.objects.filter(calendar=calendar, origin=kept).delete()[0] > 0


def _lock(calendar: Calendar) -> None:
    """Two who add at once are counted one after the other."""
    Calendar.objects.select_for_update(of=("self",)).filter(pk=calendar.pk).first()
