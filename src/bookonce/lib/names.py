"""Several names as one."""

from collections.abc import Iterable

from babel.lists import format_list

from bookonce.lib.date_words import locale
from bookonce.lib.languages import current


def in_one_line(names: Iterable[str]) -> str:
    """`Alice`, `Alice and Bob`, `Alice, Bob and Carla`, in the language that is spoken."""
    return format_list(list(names), locale=locale(current()))
