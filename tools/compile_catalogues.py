"""Compile the catalogues of guests' texts, django.po -> django.mo, without a system gettext.

Runs as a build hook, so that every installation, also an editable one, and every wheel has them; tests call
it for a fresh clone. A .mo is made again when its .po is newer.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

LOCALE = Path(__file__).resolve().parent.parent / "src" / "bookonce" / "locale"


class CompiledCatalogues(BuildHookInterface[Any]):
    """Hatchling's hook (pyproject.toml)."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's signature
        """Compile, and take the files along, although Git ignores them."""
        compile_catalogues()
        build_data["artifacts"].append("src/bookonce/locale/**/*.mo")


def compile_catalogues(locale: Path = LOCALE) -> list[Path]:
    """Make every .mo that is missing or older than its .po; the files made."""
    made = []
    for source in sorted(locale.glob("*/LC_MESSAGES/django.po")):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime_ns < source.stat().st_mtime_ns:
            _compile(source, compiled)
            made.append(compiled)
    return made


def _compile(source: Path, compiled: Path) -> None:
    with source.open("rb") as text:
        catalogue = read_po(text, locale=source.parts[-3])
    # Renamed into place: who reads it meanwhile finds the old one or the new one, whole.
    descriptor, name = tempfile.mkstemp(dir=compiled.parent, suffix=".tmp")
    with os.fdopen(descriptor, "wb") as file:
        write_mo(file, catalogue)
    Path(name).chmod(0o644)
    Path(name).replace(compiled)
