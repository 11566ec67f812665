"""Read a password that a person has chosen."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from bookonce.accounts.models import User
from bookonce.lib.fields import Fields

LONGEST = 256


def read_password(fields: Fields, user: User) -> str:
    """The field `password`, checked as the settings ask; its faults are noted in `fields`."""
    password = fields.raw.get("password")
    if not isinstance(password, str) or not password:
        fields.fault("password", _("Choose a password."))
        return ""
    if len(password) > LONGEST:
        fields.fault("password", _("At most 256 characters."))
        return ""
    try:
        validate_password(password, user)
    except ValidationError as error:
        for sentence in error.messages:
            fields.fault("password", sentence)
    return password
