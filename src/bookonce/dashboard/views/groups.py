"""Calendar groups: settings and menu, of a new one or of one that is there; their end and return."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from bookonce.accounts.models import Member
from bookonce.dashboard import group_form
from bookonce.dashboard.access import group_or_404, member_required
from bookonce.dashboard.calendar_numbers import active_links
from bookonce.dashboard.group_form import GroupForm, Kept
from bookonce.dashboard.show import show
from bookonce.design.fields import Problem, problems
from bookonce.lib import addresses, clock
from bookonce.scheduling.calendar_groups import (
    create_group,
    set_group_deleted,
    set_group_paused,
    update_group,
)
from bookonce.scheduling.errors import Invalid
from bookonce.scheduling.link_fit import Misfit, misfits_of_groups
from bookonce.scheduling.models import Calendar, CalendarGroup

RAIL = {"rail_active": "calendars"}


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def new_group(request: HttpRequest, member: Member) -> HttpResponseBase:
    """Make a group; on POST change its menu (`change`), or make it."""
    kept = group_form.calendars_to_choose(member.workspace_id)
    if request.method != "POST":
        return _page(request, member, GroupForm(), [], kept)
    form, rows = GroupForm(request.POST), group_form.sent_rows(request.POST.getlist("calendar"), kept)
    if "change" in request.POST:
        return _changed(request, member, form, rows, kept)
    try:
        group = create_group(member, form.settings(rows, new=True), now=clock.now())
    except Invalid as error:
        form.refuse(error.errors)
        return _page(request, member, form, rows, kept, status=422)
    messages.success(request, _("%(name)s can be booked. Share it.") % {"name": group.name})
    return redirect("dashboard:group", group.public_id)


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def edit_group(request: HttpRequest, member: Member, public_id: str) -> HttpResponseBase:
    """Show a group; on POST change its menu (`change`), or save it. Bookings and links stay."""
    group = group_or_404(member, public_id)
    kept, present = group_form.calendars_to_choose(member.workspace_id), group_form.present_settings(group)
    if request.method != "POST":
        rows = group_form.kept_rows(group)
        return _page(request, member, GroupForm(initial=present), rows, kept, group)
    form = GroupForm(request.POST, initial=present)
    rows = group_form.sent_rows(request.POST.getlist("calendar"), kept)
    if "change" in request.POST:
        return _changed(request, member, form, rows, kept, group)
    try:
        update_group(group, form.settings(rows, new=False), now=clock.now())
    except Invalid as error:
        form.refuse(error.errors)
        return _page(request, member, form, rows, kept, group, status=422)
    messages.success(request, _("Saved."))
    return redirect("dashboard:group", group.public_id)


@require_POST
@member_required
def pause(request: HttpRequest, member: Member, public_id: str) -> HttpResponseBase:
    """Take no bookings through the group for now."""
    group = group_or_404(member, public_id)
    set_group_paused(group, paused=True, now=clock.now())
    said = _("%(name)s takes no bookings until you resume it.") % {"name": group.name}
    return _back(request, said, undo=reverse("dashboard:group_resume", args=[public_id]))


@require_POST
@member_required
def resume(request: HttpRequest, member: Member, public_id: str) -> HttpResponseBase:
    """Take bookings through the group again."""
    group = group_or_404(member, public_id)
    set_group_paused(group, paused=False, now=clock.now())
    return _back(request, _("%(name)s takes bookings again.") % {"name": group.name})


@require_http_methods(["GET", "HEAD", "POST"])
@member_required
def delete(request: HttpRequest, member: Member, public_id: str) -> HttpResponseBase:
    """Say in numbers what a deletion touches; on POST, delete. It can be restored with all its links."""
    group = group_or_404(member, public_id)
    now = clock.now()
    if request.method == "POST":
        set_group_deleted(group, deleted=True, now=now)
        said = _("%(name)s is deleted.") % {"name": group.name}
        return _back(request, said, undo=reverse("dashboard:group_restore", args=[public_id]))
    links = active_links(now).filter(group=group).count()
    return show(request, member, "group_delete.html", RAIL | {"group": group, "links": links})


@require_POST
@member_required
def restore(request: HttpRequest, member: Member, public_id: str) -> HttpResponseBase:
    """Bring a deleted group back, with all its links."""
    group = group_or_404(member, public_id, deleted=True)
    set_group_deleted(group, deleted=False, now=clock.now())
    return _back(request, _("%(name)s is back, with all its links.") % {"name": group.name})


def _changed(
    request: HttpRequest,
    member: Member,
    form: GroupForm,
    rows: list[Calendar],
    kept: Kept,
    group: CalendarGroup | None = None,
) -> HttpResponse:
    """The form as it was sent, with its menu changed; nothing is saved and nothing judged yet."""
    form.refuse({})
    chosen = request.POST.get("calendar-new", "")
    rows = group_form.changed_rows(request.POST.get("change", ""), rows, kept, chosen)
    return _page(request, member, form, rows, kept, group)


def _page(
    request: HttpRequest,
    member: Member,
    form: GroupForm,
    rows: list[Calendar],
    kept: Kept,
    group: CalendarGroup | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    of_menu = [Problem(sentence, "id_calendars", _("Calendars")) for sentence in form.calendar_faults]
    context = {
        "form": form,
        "problems": [*problems(form), *of_menu],
        "group": group,
        "misfits": _misfits(group) if group else [],
        "rows": rows,
        "others": [calendar for calendar in kept.values() if calendar not in rows],
        "slug_prefix": addresses.scheduling_link_url(member.workspace.slug, "").partition("://")[2],
    }
    return show(request, member, "group.html", RAIL | context, status=status)


def _misfits(group: CalendarGroup) -> list[Misfit]:
    return misfits_of_groups(CalendarGroup.objects.filter(pk=group.pk), now=clock.now())


def _back(request: HttpRequest, said: str, *, undo: str = "") -> HttpResponseBase:
    messages.success(request, said, extra_tags=f"undo:{undo}" if undo else "")
    return redirect("dashboard:calendars")
