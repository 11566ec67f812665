"""`bookonce link new | list | revoke | import`."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bookonce.cli import link_import
from bookonce.cli.start import data_dir_option, fail, migrate, refusals_end_the_command, start

if TYPE_CHECKING:
    from bookonce.scheduling.models import OneTimeLink, Target

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
MOST_LISTED = 10_000


@click.group("link")
def command() -> None:
    """Make, list and revoke one-time links."""


command.add_command(link_import.command)


@command.command("new")
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
    "--expires", help="An instant with offset, or a date: the end of that day in the calendar's zone."
)
@click.option("--not-before", help="When it opens: an instant with offset.")
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
@click.option("--external-ref", help="Your own reference; asking again with it gives the same link.")
@data_dir_option
@json_option
@refusals_end_the_command
def new(target: str, data_dir: Path | None, as_json: bool, **options: Any) -> None:  # noqa: FBT001 - click's
    """Make a one-time link to CALENDAR (its slug or id, or that of a calendar group) and print it."""
    start(data_dir)
    migrate()
    from bookonce.lib import clock
    from bookonce.scheduling.events import Actor
    from bookonce.scheduling.issue_link import issue_link
    from bookonce.scheduling.link_options import parse_link_options

    found = find_target(target)
    recipient = {name: options.pop(f"recipient_{name}") for name in ("name", "email", "phone")}
    raw = {
        **options,
        "expires_at": options.pop("expires"),
        "slots": list(options.pop("slots")),
        "recipient": {k: v for k, v in recipient.items() if v},
    }
    raw.pop("expires", None)
    if where := raw.pop("location"):
        kind, _, value = where.partition(":")
        raw["location"] = {"kind": kind, "value": value}
    now = clock.now()
    checked = parse_link_options(raw, found, now=now)
    issued = issue_link(found, checked, by=Actor("cli"), now=now)
    shown = _shown(issued.link)
    click.echo(
        json.dumps(shown)
        if as_json
        else shown["url"] or f"This link is {shown['state']}; its address can't be shown again."
    )


@command.command("list")
@click.option("--state", help="Only links in this state, such as active or used.")
@click.option("--calendar", help="Only links to this calendar or group (its slug or id).")
@data_dir_option
@json_option
@refusals_end_the_command
def list_links(state: str | None, calendar: str | None, data_dir: Path | None, as_json: bool) -> None:  # noqa: FBT001 - click's
    """List one-time links, newest first."""
    start(data_dir)
    migrate()
    from bookonce.lib import clock
    from bookonce.lib.instants import to_seconds
    from bookonce.scheduling.link_state import EXISTS, LinkState, state_expression
    from bookonce.scheduling.models import OneTimeLink
    from bookonce.scheduling.targets import leads_to

    links = (
        OneTimeLink.objects.filter(EXISTS)
        .select_related("calendar", "group")
        .annotate(state=state_expression(to_seconds(clock.now())))
    )
    if state:
        if state not in list(LinkState):
            fail(f"there is no state {state}; the states are {', '.join(LinkState)}.", 2)
        links = links.filter(state=state)
    if calendar:
        links = links.filter(**leads_to(find_target(calendar)))
    shown = [_shown(link) for link in links.order_by("-pk")[:MOST_LISTED]]
    if as_json:
        click.echo(json.dumps(shown))
        return
    for link in shown:
        slug = link["calendar_slug"] or link["group_slug"]
        click.echo(f"{link['id']}  {link['state']:<16}  {slug:<20}  {link['label']}")


@command.command("revoke")
@click.argument("link")
@data_dir_option
@json_option
@refusals_end_the_command
def revoke(link: str, data_dir: Path | None, as_json: bool) -> None:  # noqa: FBT001 - click's
    """Withdraw LINK (its id or its address) while it has uses left."""
    start(data_dir)
    migrate()
    from bookonce.lib import clock
    from bookonce.lib.tokens import digest
    from bookonce.scheduling.events import Actor
    from bookonce.scheduling.link_state import EXISTS
    from bookonce.scheduling.models import OneTimeLink
    from bookonce.scheduling.revoke_link import revoke_link

    address = re.search(r"/o/([^/?#]+)", link)
    wanted = {"token_digest": digest(address[1])} if address else {"public_id": link}
    found = OneTimeLink.objects.filter(EXISTS, **wanted).first()
    if found is None:
        fail("there is no such link.")
    changed = revoke_link(found.pk, by=Actor("cli"), now=clock.now())
    if as_json:
        click.echo(
            json.dumps(_shown(OneTimeLink.objects.select_related("calendar", "group").get(pk=found.pk)))
        )
    else:
        click.echo("Nobody can book with this link any more." if changed else "This link was revoked before.")


def find_target(named: str) -> Target:
    """The calendar or group of this slug or id; ends the command when there is none, or several."""
    from django.db.models import Q

    from bookonce.scheduling.models import Calendar, CalendarGroup

    calendars = Calendar.objects.select_related("schedule", "workspace").filter(deleted_at=None)
    groups = CalendarGroup.objects.select_related("workspace").filter(deleted_at=None)
    workspace, _, slug = named.rpartition("/")
    named_so = (
        Q(public_id=named)
        | Q(permanent_id=named)
        | (Q(slug=slug, workspace__slug=workspace) if workspace else Q(slug=named))
    )
    found: list[Target] = [*calendars.filter(named_so)[:2], *groups.filter(named_so)[:2]]
    if not found:
        known = [*calendars.values_list("slug", flat=True)[:10], *groups.values_list("slug", flat=True)[:10]]
        fail(f"there is no calendar or group {named}. There are: {', '.join(known)}.")
    if len(found) > 1:
        fail(f"several workspaces have a calendar or group {named}: write WORKSPACE/{named}.")
    return found[0]


def _shown(link: OneTimeLink) -> dict[str, Any]:
    from bookonce.lib import clock
    from bookonce.lib.instants import iso, to_seconds
    from bookonce.scheduling.issue_link import shown_url
    from bookonce.scheduling.link_state import LinkState, state_expression
    from bookonce.scheduling.models import OneTimeLink

    state = getattr(link, "state", None)
    if state is None:
        stated = OneTimeLink.objects.annotate(state=state_expression(to_seconds(clock.now())))
        state = stated.values_list("state", flat=True).get(pk=link.pk)
    return {
        "id": link.public_id,
        "url": shown_url(link, LinkState(state)),
        "state": str(state),
        "label": link.label,
        "calendar": link.calendar.public_id if link.calendar else None,
        "calendar_slug": link.calendar.slug if link.calendar else None,
        "group": link.group.public_id if link.group else None,
        "group_slug": link.group.slug if link.group else None,
        "expires_at": iso(link.expires_at) if link.expires_at else None,
        "external_ref": link.external_ref,
        "created_at": iso(link.created_at),
    }
