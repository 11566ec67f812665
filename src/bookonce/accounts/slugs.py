"""Readable parts of addresses."""

import re

from django.utils.text import slugify
from django.utils.translation import gettext as _

# First parts of our own addresses (shared with urls.py, tested): no workspace may take one.
RESERVED = frozenset(
    [
        "api",
        "app",
        "assets",
        "c",
        "o",
        "m",
        "embed",
        "embed.js",
        "healthz",
        "metrics",
        "favicon.ico",
        "robots.txt",
        "static",
        "media",
        "admin",
        "accounts",
        "sign-in",
        "setup",
        "manifest.webmanifest",
        ".well-known",
        "docs",
        "help",
        "about",
        "g",
    ]
)
SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,46}[a-z0-9])?")


def slug_fault(slug: str) -> str | None:
    """What is wrong with the slug, as a sentence; None when it will do."""
    if not SLUG.fullmatch(slug):
        return _(
            "Use lower-case letters, digits and hyphens, at most 48, not starting or ending with a hyphen."
        )
    return None


def slug_from(name: str, fallback: str) -> str:
    """A slug that reads like the name."""
    slug = slugify(name)[:48].strip("-")
    return slug if SLUG.fullmatch(slug) else fallback
