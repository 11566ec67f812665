"""`bookonce link new`: one link, with any of its options."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from bookonce.cli.start import data_dir_option, json_option, migrate, refusals_end_the_command, start


def _pairs(_context: click.Context, _option: click.Parameter, given: Sequence[str]) -> dict[str, str]:
    """What KEY=VALUE says, by key."""
    found: dict[str, str] = {}
    for pair in given:
        key, sign, value = pair.partition("=")
        if not sign or not key.strip():
            raise click.BadParameter(f"{pair} is not KEY=VALUE.")
        if key.strip() in found:
            raise click.BadParameter(f"{key.strip()} is given twice.")
        found[key.strip()] = value
    return found


@click.command("new")
@click.argument("target", metavar="CALENDAR")
@click.option("--label", help="A note for yourself.")
@click.option("--recipient-name", help="Who it is for; shortens their form.")
@click.option("--recipient-email", help="Their e-mail address.")
@click.option("--recipient-phone", help="Their phone number.")
@click.option(
    "--email-lock",
    type=click.Choice(["off", "match", "code"]),
    help="match: only the recipient's e-mail address can book; code: with a code by mail.",
)
@click.option(
    "--expires",
    help="An instant with offset; a date: the end of that day in the calendar's zone; or a time from now: "
    "'in 3 days', 'in 12 hours', P3D, PT12H.",
)
@click.option("--not-before", help="When it opens: an instant with offset.")
@click.option("--first-day", help="The first day that can be booked, such as 2026-12-01.")
@click.option("--last-day", help="The last day that can be booked.")
@click.option(
    "--length",
    "durations",
    type=int,
    multiple=True,
    help="One of the calendar's lengths, in minutes; may be given several times.",
)
@click.option("--max-bookings", type=int, help="How many bookings it allows; 1 when unset.")
@click.option(
    "--slot", "slots", multiple=True, help="A time picked by hand, with offset; may be given several times."
)
@click.option("--hold-slots", is_flag=True, help="Nobody else can book the picked times meanwhile.")
@click.option("--host", help="The e-mail address of the calendar's host whose time alone is offered.")
@click.option(
    "--location",
    metavar="KIND[:VALUE]",
    help="Where it happens: none, place:ADDRESS, phone, video:LINK or ask.",
)
@click.option("--most-places", type=int, help="Of a class: how many places the guest can book at most.")
@click.option("--cancel/--no-cancel", "guests_may_cancel", default=None, help="Whether the guest can cancel.")
@click.option("--cancel-cutoff", type=int, help="Until how many minutes before the start.")
@click.option(
    "--reschedule/--no-reschedule",
    "guests_may_reschedule",
    default=None,
    help="Whether the guest can reschedule.",
)
@click.option("--reschedule-cutoff", type=int, help="Until how many minutes before the start.")
@click.option("--most-reschedules", type=int, help="How often the guest can reschedule.")
@click.option(
    "--reopen/--no-reopen",
    "reopens_on_cancel",
    default=None,
    help="Whether the link works again, until it expires, when the guest cancels.",
)
@click.option("--contact-text", help="Shown to whoever opens the link when it is dead.")
@click.option(
    "--metadata",
    metavar="KEY=VALUE",
    multiple=True,
    callback=_pairs,
    help="Something of your own that is kept with it; may be given several times.",
)
@click.option("--parent", help="The id of the link that this one replaces.")
@click.option("--external-ref", help="Your own reference; asking again with it gives the same link.")
@data_dir_option
@json_option
@refusals_end_the_command
def command(target: str, data_dir: Path | None, as_json: bool, **options: Any) -> None:  # noqa: FBT001 - click's
    """Make a one-time link to CALENDAR (its slug or id, or that of a calendar group) and print it."""
    start(data_dir)
    migrate()
    from bookonce.cli.link import find_target, shown
    from bookonce.lib import clock
    from bookonce.scheduling.events import Actor
    from bookonce.scheduling.issue_link import issue_link
    from bookonce.scheduling.link_options import parse_link_options

    found = find_target(target)
    now = clock.now()
    checked = parse_link_options(_raw(options), found, now=now)
    issued = issue_link(found, checked, by=Actor("cli"), now=now)
    made = shown(issued.link)
    click.echo(
        json.dumps(made)
        if as_json
        else made["url"] or f"This link is {made['state']}; its address can't be shown again."
    )


def _raw(options: dict[str, Any]) -> dict[str, Any]:
    """The same in the words of `parse_link_options`."""
    raw = dict(options)
    recipient = {name: raw.pop(f"recipient_{name}") for name in ("name", "email", "phone")}
    raw["recipient"] = {name: value for name, value in recipient.items() if value}
    raw["window"] = {"from": raw.pop("first_day"), "to": raw.pop("last_day")}
    raw["expires_at"] = raw.pop("expires")
    for several in ("slots", "durations"):
        raw[several] = list(raw[several])
    if where := raw.pop("location"):
        kind, _, value = where.partition(":")
        raw["location"] = {"kind": kind, "value": value}
    return raw
