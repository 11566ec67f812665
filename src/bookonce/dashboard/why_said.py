"""What the page on times that are not offered says: a sentence, and ways to what causes it."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Way:
    """A link to the appointment in the way, or to the setting that rules."""

    href: str
    word: str


@dataclass(frozen=True)
class Said:
    """One plain sentence, or a few."""

    text: str
    ways: tuple[Way, ...] = ()

    def and_then(self, further: str) -> Said:
        """With another sentence after it."""
        return replace(self, text=f"{self.text} {further}") if further else self
