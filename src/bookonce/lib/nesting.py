"""How deep JSON may be nested."""

from __future__ import annotations

DEEPEST = 32  # levels of nesting: SQLite's JSON ends at 1000, Python's at its stack


def is_too_deep(body: object) -> bool:
    """Whether lists and objects lie in it more than DEEPEST levels deep; needs no stack itself."""
    level: list[object] = [body]
    for _level in range(DEEPEST):
        level = [part for whole in level for part in _parts(whole)]
        if not level:
            return False
    return True


def _parts(whole: object) -> list[object]:
    if isinstance(whole, dict):
        return list(whole.values())
    return whole if isinstance(whole, list) else []
