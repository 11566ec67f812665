"""dashboard, booking_page, api, cli, messages -> scheduling -> accounts; design, jobs, lib below all."""

from tests.check.source import PACKAGE, imported, modules, place

BELOW = {"lib", "jobs", "design"}
DOMAIN = {"scheduling", "accounts", *BELOW}
SURFACE = {"messages", *DOMAIN}
# A part of the product -> the other parts it may import.
ALLOWED: dict[str, set[str]] = {
    "lib": set(),
    "jobs": {"lib"},
    "design": {"lib"},
    "accounts": {"jobs", "lib"},
    "scheduling": {"accounts", "jobs", "lib"},
    "messages": DOMAIN,
    "booking_page": SURFACE,
    "dashboard": SURFACE,
    "api": SURFACE,
    "cli": {"api", "booking_page", "dashboard", "health", "serving", "wsgi", *SURFACE},
    "serving": {"booking_page", "jobs", "lib"},
    "health": set(),
}
COMPOSING = {"__main__", "settings", "urls", "wsgi"}  # they put the parts together
FOR_ALL = {"configuration"}  # typed settings: imports nothing of ours
OUTSIDE_THE_DOMAIN = (
    "allauth",
    "django.core.mail",
    "django.forms",
    "django.http",
    "django.middleware",
    "django.shortcuts",
    "django.template",
    "django.urls",
    "django.views",
    "http",
    "icalendar",
    "ninja",
    "requests",
    "smtplib",
    "socket",
    "urllib.request",
)
PURE = (
    *("slots.py", "slot_rules.py", "local_days.py", "opening_hours.py", "hours_problems.py"),
    *("bookable_days.py", "start_ranges.py", "offered.py", "class_sessions.py", "start_masks.py"),
    *("look_busy.py", "choose_host.py", "why_not_offered.py", "slot_query.py", "dry_run.py"),
    "proposed_times.py",
)


def test_every_part_of_the_product_is_in_the_table() -> None:
    parts = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert parts <= set(ALLOWED), f"say in ALLOWED what these may import: {parts - set(ALLOWED)}"


def test_parts_import_only_what_is_below_them() -> None:
    wrong = []
    for path, tree in modules():
        part = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
        if part in COMPOSING:
            continue
        for node, name in imported(path, tree):
            names = name.split(".")
            if names[0] != "bookonce" or len(names) < 2 or names[1].startswith("__"):
                continue
            if names[1] != part and names[1] not in ALLOWED.get(part, set()) | FOR_ALL:
                wrong.append(f"{place(path, node)}: {part} may not import {name}")
    assert not wrong, "\n".join(wrong)


def test_the_domain_knows_no_web_no_mail_and_no_network() -> None:
    wrong = [
        f"{place(path, node)}: {name}"
        for path, tree in modules()
        if path.is_relative_to(PACKAGE / "scheduling")
        for node, name in imported(path, tree)
        if any(name == barred or name.startswith(f"{barred}.") for barred in OUTSIDE_THE_DOMAIN)
    ]
    assert not wrong, "\n".join(wrong)


def test_the_slot_engine_is_pure() -> None:
    wrong = [
        f"{place(path, node)}: {name}"
        for path, tree in modules()
        if path.parent == PACKAGE / "scheduling" and path.name in PURE
        for node, name in imported(path, tree)
        if name.split(".")[0] in {"django", "time"} or name.startswith("bookonce.lib.clock")
    ]
    assert not wrong, "\n".join(wrong)
