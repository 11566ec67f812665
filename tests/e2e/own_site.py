"""A page of somebody's own site that shows one of our calendars, plain as many are."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.e2e.foreign_site import ForeignSite

_PAGE = """<!doctype html>
<html lang="{language}" dir="{direction}"><meta charset="utf-8"><title>Atelier Petrova</title>
<meta name="viewport" content="width=device-width">
<style>
  :root {{ color-scheme: light dark; }}
  body {{ margin: 0; padding: 1.5rem 1rem; font: 1.125rem/1.5 serif; }}
  main {{ max-width: 68rem; margin: auto; }}
</style>
<main><h1>Atelier Petrova</h1>
<div data-bookonce="{calendar}?lang={language}"><a href="{calendar}">Atelier Petrova</a></div></main>
<script src="{server}/embed.js"></script>
"""


def show(page: Page, site: ForeignSite, calendar: str, *, server: str) -> None:
    """Go to the site, which shows the calendar of this address; it is in the language of the page before."""
    language, direction = page.evaluate("[document.documentElement.lang, document.dir]")
    site.page = _PAGE.format(language=language, direction=direction, calendar=calendar, server=server)
    site.policy = "base-uri 'none'"
    page.goto(site.origin)
    page.frame_locator("iframe").locator(".time").first.wait_for()
    page.wait_for_timeout(600)  # the frame takes its height
