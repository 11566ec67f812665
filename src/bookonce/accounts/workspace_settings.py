"""Change the settings of a workspace."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from bookonce.accounts.models import Workspace
from bookonce.accounts.slugs import RESERVED, slug_fault
from bookonce.lib.fields import MISSING, Fields

KNOWN = ("name", "slug", "timezone", "week_start", "contact_text", "accent")
COLOUR = re.compile(r"[0-9a-f]{6}")


class SettingsRefused(Exception):
    """Nothing was changed; `errors` maps fields to sentences."""

    def __init__(self, errors: Mapping[str, list[str]]) -> None:
        super().__init__(errors)
        self.errors = errors


def update_workspace(workspace: Workspace, raw: Mapping[str, Any]) -> Workspace:
    """Change what was sent, keep the rest. A new slug moves every scheduling link; other links stay.

    What a new `week_start` means for limits is the domain's (scheduling/week_start.py), which calls this.

    Raises:
        SettingsRefused: by field, among them a slug that is reserved or taken.
    """
    columns = parse_settings(raw)
    if not columns:
        return workspace
    try:
        with transaction.atomic():  # the unique constraint decides; a look beforehand would decide nothing
            Workspace.objects.filter(pk=workspace.pk).update(**columns)
    except IntegrityError:
        raise SettingsRefused({"slug": [_("This address is already taken.")]}) from None
    return Workspace.objects.get(pk=workspace.pk)


def parse_settings(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Check what was sent; returns columns by name.

    Raises:
        SettingsRefused: one sentence per fault, by field.
    """
    fields = Fields(raw)
    fields.only(KNOWN)
    columns: dict[str, Any] = {}
    if "name" in raw:
        columns["name"] = fields.text("name", most=120, required=True)
    if "slug" in raw:
        columns["slug"] = _slug(fields)
    if "timezone" in raw:
        columns["timezone"] = fields.zone("timezone", required=True)
    if "week_start" in raw:
        columns["week_start"] = fields.integer("week_start", least=0, most=6)
        if columns["week_start"] is None and "week_start" not in fields.errors:
            fields.fault("week_start", MISSING)
    if "contact_text" in raw:
        columns["contact_text"] = fields.text("contact_text", most=500, lines=True)
    if "accent" in raw:
        columns["accent"] = _accent(fields)
    if fields.errors:
        raise SettingsRefused(fields.errors)
    return columns


def _slug(fields: Fields) -> str:
    slug = fields.text("slug", most=48, required=True)
    if "slug" in fields.errors:
        return slug
    fault = _("This address is reserved. Choose another one.") if slug in RESERVED else slug_fault(slug)
    if fault:
        fields.fault("slug", fault)
    return slug


def _accent(fields: Fields) -> str:
    """Six hex digits without the #; empty for the product's own colour."""
    colour = fields.text("accent", most=16).removeprefix("#").lower()
    if colour and not COLOUR.fullmatch(colour) and "accent" not in fields.errors:
        fields.fault("accent", _("Enter a colour of six hexadecimal digits, like 0b6e72."))
    return colour
