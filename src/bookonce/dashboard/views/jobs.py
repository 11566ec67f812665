"""Work that failed for good: what, why, and run it again."""

from __future__ import annotations

from django.contrib import messages
from django.db.models import BigIntegerField, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from bookonce.accounts.models import Invitation, Member, Workspace
from bookonce.dashboard.roles import admin_required
from bookonce.dashboard.show import show
from bookonce.jobs import queue
from bookonce.jobs.models import Job
from bookonce.lib import clock
from bookonce.scheduling.models.event import Event
from bookonce.scheduling.queries import MOST_COUNTED, count_up_to

SHOWN = 100


@admin_required
@require_safe
def jobs(request: HttpRequest, member: Member) -> HttpResponse:
    """The workspace's dead jobs, latest first, and how many still wait."""
    found = _jobs(member)
    context = {
        "rail_active": "settings",
        "section": "jobs",
        "dead": found.filter(dead_at__isnull=False).order_by("-dead_at", "-pk")[:SHOWN],
        "waiting": count_up_to(found.filter(dead_at=None)),
        "most_counted": MOST_COUNTED,
    }
    return show(request, member, "jobs.html", context)


@admin_required
@require_POST
def run(request: HttpRequest, member: Member, number: int) -> HttpResponse:
    """Bring a dead job back."""
    job = get_object_or_404(_jobs(member), pk=min(number, 2**63 - 1))
    if queue.rerun(job.pk, now=clock.now()):
        messages.success(request, _("It runs again within a minute"))
    else:
        messages.info(request, _("It is already waiting to run"))
    return redirect("dashboard:jobs")


def _jobs(member: Member) -> QuerySet[Job]:
    """Jobs that an event or an invitation of the workspace caused: a job's payload names it.

    The housekeeping belongs to neither; who owns the installation's first workspace sees it.
    """
    event = Cast(KeyTextTransform("event", "payload"), BigIntegerField())
    invitation = Cast(KeyTextTransform("invitation", "payload"), BigIntegerField())
    invited = Invitation.objects.filter(workspace_id=member.workspace_id).values("pk")
    mine = Q(event_id__in=Event.objects.filter(workspace_id=member.workspace_id).values("pk"))
    mine |= Q(invitation_id__in=invited)
    if not Workspace.objects.filter(pk__lt=member.workspace_id).exists():
        mine |= Q(event_id=None, invitation_id=None)
    return Job.objects.annotate(event_id=event, invitation_id=invitation).filter(mine)
