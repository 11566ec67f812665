"""`bookonce link new | list | revoke | import`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from bookonce.cli import link_import, link_new
from bookonce.cli.start import data_dir_option, fail, json_option, migrate, refusals_end_the_command, start

if TYPE_CHECKING:
    from bookonce.scheduling.models import OneTimeLink, Target

MOST_LISTED = 10_000


@click.group("link")
def command() -> None:
    """Make, list and revoke one-time links."""


command.add_command(link_new.command)
command.add_command(link_import.command)


@command.command("list")
@click.option("--state", help="Only links in this state, such as active or used.")
@click.option("--calendar", help="Only links to this calendar or group (its slug or id).")
@click.option("--label", help="Only links with this label, the whole of it.")
@click.option("--recipient", help="Only links for this e-mail address, upper or lower case.")
@click.option("--batch", help="Only links of this batch (its id).")
@click.option(
    "--unused-since",
    help="Only links never booked through, and neither made nor opened since: an instant, or a day.",
)
@click.option("--external-ref", help="Only the link with this reference of yours.")
@data_dir_option
@json_option
@refusals_end_the_command
def list_links(data_dir: Path | None, as_json: bool, **filters: str | None) -> None:  # noqa: FBT001 - click's
    """List one-time links, newest first; filters narrow together."""
    start(data_dir)
    migrate()
    found = [shown(link) for link in _found(filters)]
    if as_json:
        click.echo(json.dumps(found))
        return
    for link in found:
        slug = link["calendar_slug"] or link["group_slug"]
        click.echo(f"{link['id']}  {link['state']:<16}  {slug:<20}  {link['label']}")


def _found(filters: Mapping[str, str | None]) -> list[OneTimeLink]:
    """The newest links of all workspaces that the filters let through; days are those of their workspace."""
    from bookonce.accounts.models import Workspace
    from bookonce.lib import clock
    from bookonce.lib.fields import Fields
    from bookonce.scheduling.errors import Invalid
    from bookonce.scheduling.link_filter import matching_links, parse_link_filter
    from bookonce.scheduling.link_state import LinkState

    raw = {name: value for name, value in filters.items() if value}
    if raw.get("state") not in (None, *LinkState):
        fail(f"there is no state {raw['state']}; the states are {', '.join(LinkState)}.", 2)
    if "calendar" in raw:
        raw["calendar"] = find_target(raw["calendar"]).public_id
    found: list[OneTimeLink] = []
    for workspace in Workspace.objects.order_by("pk"):
        fields = Fields(raw)
        wanted = parse_link_filter(fields, workspace)
        if fields.errors:
            raise Invalid(fields.errors)
        links = matching_links(workspace.pk, wanted, now=clock.now()).select_related("calendar", "group")
        found += links.order_by("-pk")[:MOST_LISTED]
    return sorted(found, key=lambda link: -link.pk)[:MOST_LISTED]


@command.command("revoke")
@click.argument("link", required=False)
@click.option("--batch", help="In place of LINK: every link of this batch (its id) that can still be booked.")
@data_dir_option
@json_option
@refusals_end_the_command
def revoke(link: str | None, batch: str | None, data_dir: Path | None, as_json: bool) -> None:  # noqa: FBT001 - click's
    """Withdraw LINK (its id or its address) while it has uses left, or what is left of a batch."""
    if bool(link) == bool(batch):
        fail("name a link, or a batch with --batch.", 2)
    start(data_dir)
    migrate()
    if batch:
        _revoke_batch(batch, as_json=as_json)
    else:
        _revoke_one(link or "", as_json=as_json)


def _revoke_batch(public_id: str, *, as_json: bool) -> None:
    from bookonce.lib import clock
    from bookonce.scheduling.events import Actor
    from bookonce.scheduling.link_filter import LinkFilter
    from bookonce.scheduling.models import LinkBatch
    from bookonce.scheduling.revoke_links import revoke_matching

    batch = LinkBatch.objects.filter(public_id=public_id).exclude(activated_at=None).first()
    if batch is None:
        fail("there is no such batch.")
    wanted, count, more = LinkFilter(batch=public_id), 0, True
    while more:
        now = clock.now()
        revoked, more = revoke_matching(batch.workspace_id, wanted, by=Actor("cli"), now=now)
        count += revoked
    if as_json:
        click.echo(json.dumps({"revoked": count}))
    elif count:
        click.echo(f"Nobody can book with {'this link' if count == 1 else f'these {count} links'} any more.")
    else:
        click.echo("No link of this batch can be booked; nothing was revoked.")


def _revoke_one(link: str, *, as_json: bool) -> None:
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
            json.dumps(shown(OneTimeLink.objects.select_related("calendar", "group").get(pk=found.pk)))
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


def shown(link: OneTimeLink) -> dict[str, Any]:
    """The link as `--json` prints it."""
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
