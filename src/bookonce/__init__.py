"""Bookonce: appointment scheduling you host yourself, built around the one-time link."""

__version__ = "0.1.0"
