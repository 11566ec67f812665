"""What somebody typed must not turn round the words beside it (Unicode Standard Annex 9)."""

from __future__ import annotations

import unicodedata

from bookonce.lib.languages import current, is_right_to_left

POP_DIRECTION, POP_ISOLATE = "\u202c", "\u2069"
_CLOSER = dict.fromkeys("\u202a\u202b\u202d\u202e", POP_DIRECTION) | dict.fromkeys(
    "\u2066\u2067\u2068", POP_ISOLATE
)

# Of letters that run from right to left, of Arabic digits, and of what sets a direction.
_TURNING = {"R", "AL", "AN", "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}


def may_turn(text: str) -> bool:
    """Whether it could change the order of words beside it that run from left to right."""
    return not text.isascii() and any(unicodedata.bidirectional(letter) in _TURNING for letter in text)


def closed(text: str) -> str:
    """The text with every direction it opens closed again in its line, and without closers of nothing."""
    if not any(mark in text for mark in (*_CLOSER, POP_DIRECTION, POP_ISOLATE)):
        return text
    return "\n".join(map(_closed_line, text.split("\n")))


def _closed_line(line: str) -> str:
    kept, open_ = [], []
    for character in line:
        if closer := _CLOSER.get(character):
            open_.append(closer)
        elif character == POP_ISOLATE:
            if POP_ISOLATE not in open_:
                continue
            while open_.pop() != POP_ISOLATE:  # it ends the embeddings within, too
                pass
        elif character == POP_DIRECTION:
            if not open_ or open_[-1] != POP_DIRECTION:
                continue
            open_.pop()
        kept.append(character)
    return "".join(kept + open_[::-1])


def left_to_right(text: str) -> str:
    """What is read from left to right in every language, such as a phone number, to stand in a sentence.

    On one line where it can: its second half would begin below the end of the first.
    """
    if not is_right_to_left(current()):
        return text
    return "\u2066" + text.replace(" ", "\u00a0") + "\u2069"
