"""Several names as one."""

from collections.abc import Iterable

from django.utils.text import get_text_list
from django.utils.translation import gettext as _


def in_one_line(names: Iterable[str]) -> str:
    """`Alice`, `Alice and Bob`, `Alice, Bob and Carla`."""
    return get_text_list(list(names), _("and"))
