"""Looks at a page as it stands: axe (WCAG 2.2 AA, best practice), its width, the size of its targets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.strength import FULL

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
OPTIONS = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": RULES}}
# What another scheme can break: these rules alone read colours, and no style sheet of ours hides or sizes
# anything by scheme.
OF_COLOURS = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
}
NARROW = 320
LEAST_TARGET = 24  # CSS pixels, WCAG 2.5.8
# What is operated and is no link within a sentence (the exception of WCAG 2.5.8); labels count with inputs.
_TARGETS = """least => {
  const shown = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const within = (element) => {
    const around = element.closest("label");
    return around && around.contains(element) ? around : element;
  };
  const inSentence = (link) => {
    if (link.tagName !== "A" || getComputedStyle(link).display !== "inline") return false;
    const block = link.closest("p, li, dd, span, label, footer, h1, h2");
    return block && block.textContent.trim().length > link.textContent.trim().length;
  };
  const operated = "a[href], button, input:not([type=hidden], [tabindex='-1']), select, textarea, summary";
  return [...document.querySelectorAll(operated)]
    .filter((element) => shown(element) && !element.closest(".visually-hidden, .skip-link, [inert]"))
    .filter((element) => !element.matches(".skip-link") && !inSentence(element))
    .map((element) => [element, within(element).getBoundingClientRect()])
    .filter(([element, box]) => box.width && (box.width < least || box.height < least))
    .map(([element, box]) => `${element.outerHTML.slice(0, 80)}: ${box.width} x ${box.height}`);
}"""
_RUN = "async ([within, rules]) => (await axe.run(within || document, rules)).violations"
_MOVING = """() => document.getAnimations()
  .filter((one) => one.playState === "running" && one.effect.getComputedTiming().duration > 20)
  .map((one) => `${one.transitionProperty || one.animationName} of ${one.effect.target.className}`)"""


@dataclass
class Inspector:
    """Collects what is wrong, so that one run tells all of it."""

    axe: Axe = field(default_factory=Axe)
    found: list[str] = field(default_factory=list)

    def look(self, page: Page, state: str, *, within: str | None = None, settled: bool = False) -> None:
        """Look at the page as it stands, in both schemes and at its narrowest.

        Every rule in the light one, in the dark one those of colours; in `make proof` every rule in both.

        `within`: at this part alone, such as an open menu that covers what lies below it for a moment.
        `settled`: the caller has waited for what its click brings.
        """
        if not settled:
            page.wait_for_load_state("networkidle")  # a click may still be on its way
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            rules = OPTIONS if FULL or scheme == "light" else OF_COLOURS
            self.check(page, f"{state}, {scheme}", within=within, rules=rules)
        page.emulate_media(color_scheme="light")
        self.fit(page, state)

    def check(
        self, page: Page, state: str, *, within: str | None = None, rules: Mapping[str, Any] = OPTIONS
    ) -> None:
        """No rule of axe is broken."""
        if not page.evaluate("'axe' in window"):
            page.evaluate(self.axe.axe_script)
        for broken in page.evaluate(_RUN, [within, rules]):
            where = "; ".join(str(node["target"]) for node in broken["nodes"])
            why = broken["nodes"][0]["any"] or broken["nodes"][0]["all"] or broken["nodes"][0]["none"]
            self.found.append(f"{state}: {broken['id']}: {where}: {why[0]['message'] if why else ''}")

    def fit(self, page: Page, state: str, width: int = NARROW) -> None:
        """Nothing lies outside the narrowest page."""
        before = page.viewport_size
        page.set_viewport_size({"width": width, "height": 700})
        found = page.evaluate("document.documentElement.scrollWidth")
        if found > width:
            self.found.append(f"{state}: {found} px wide on a page of {width} px")
        if before:
            page.set_viewport_size(before)

    def reach(self, page: Page, state: str) -> None:
        """Everything that is operated is large enough for a finger."""
        self.found += [f"{state}: {small}" for small in page.evaluate(_TARGETS, LEAST_TARGET)]

    def rest(self, page: Page, state: str) -> None:
        """Nothing moves for those who asked for no motion."""
        self.found += [f"{state}: moves: {moving}" for moving in page.evaluate(_MOVING)]
