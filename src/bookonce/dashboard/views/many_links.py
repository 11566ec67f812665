"""Many links at once: a list of people, a look at what was read, and the making."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from bookonce.accounts.models import Member
from bookonce.dashboard.access import acting, id_asked_for, member_required, target_or_404, upload_or_404
from bookonce.dashboard.link_choice import leading
from bookonce.dashboard.many_form import ManyForm
from bookonce.dashboard.show import show
from bookonce.lib import clock
from bookonce.lib.fields import Fields
from bookonce.scheduling.errors import Invalid
from bookonce.scheduling.link_rows import AskedLink, RowFault, RowsInvalid, parse_link_rows
from bookonce.scheduling.link_uploads import keep_upload, make_links_later, read_upload
from bookonce.scheduling.models import LinkBatch, Target
from bookonce.scheduling.recipients_csv import read_recipients

FIRST_ROWS, FIRST_FAULTS, LATEST_BATCHES = 5, 500, 20


@dataclass(frozen=True)
class PreviewRow:
    """One of the first rows, as the preview shows it."""

    place: int
    name: str
    address: str
    more: str


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def many_links(request: HttpRequest, member: Member) -> HttpResponse:
    """Paste or choose a list; it is checked row by row, and nothing is made yet."""
    calendars = [target for target in leading(member.workspace_id) if target.deleted_at is None]
    if request.method != "POST":
        form = ManyForm(calendars, initial={"calendar": id_asked_for(request, "calendar")})
        return _form(request, member, form, calendars)
    form = ManyForm(calendars, request.POST, request.FILES)
    target = target_or_404(member, form.given()["calendar"])
    now = clock.now()
    try:
        name = _name(form)
        file = read_recipients(form.people(request))
        options = parse_link_rows(file.rows(), target, now=now)
    except RowsInvalid as invalid:
        form.refuse({})  # the rows stand above the form; nothing is wrong with its fields
        return _form(request, member, form, calendars, faults=invalid.faults, status=422)
    except Invalid as invalid:
        form.refuse({("file" if key == "links" else key): said for key, said in invalid.errors.items()})
        return _form(request, member, form, calendars, status=422)
    upload = keep_upload(target, file, by=member, name=name, rows=len(options), now=now)
    return redirect("dashboard:many_preview", upload.public_id)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request: HttpRequest, member: Member, public_id: str) -> HttpResponse:
    """The first rows and the counts; pressing the button owes the job that makes the links."""
    upload = upload_or_404(member, public_id)
    if upload.batch is not None:
        return redirect("dashboard:batch", upload.batch.public_id)
    if request.method == "POST":
        batch = make_links_later(upload.pk, by=acting(member), now=clock.now())
        return redirect("dashboard:batch", batch.public_id)
    file = read_upload(upload)
    context = {
        "rail_active": "links",
        "upload": upload,
        "file": file,
        "rows": [_row(row) for row in file.first_rows(FIRST_ROWS)],
        "more": max(0, upload.rows - FIRST_ROWS),
        "kept": file.columns.kept if file.columns else (),
        "left_out": file.columns.left_out if file.columns else (),
    }
    return show(request, member, "many_preview.html", context)


def _form(
    request: HttpRequest,
    member: Member,
    form: ManyForm,
    calendars: Sequence[Target],
    *,
    faults: list[RowFault] | Any = (),
    status: int = 200,
) -> HttpResponse:
    batches = LinkBatch.objects.filter(workspace_id=member.workspace_id).select_related("calendar", "group")
    context = {
        "rail_active": "links",
        "form": form,
        "calendars": calendars,
        "faults": faults[:FIRST_FAULTS],
        "fault_count": len(faults),
        "more_faults": max(0, len(faults) - FIRST_FAULTS),
        "from_file": "file" in request.FILES,
        "batches": batches.order_by("-pk")[:LATEST_BATCHES],
    }
    return show(request, member, "many.html", context, status=status)


def _name(form: ManyForm) -> str:
    fields = Fields(form.given())
    name = fields.text("name", most=120)
    if fields.errors:
        raise Invalid(fields.errors)
    return name


def _row(row: AskedLink) -> PreviewRow:
    recipient = row.raw.get("recipient", {})
    more = [row.raw.get("label"), row.raw.get("external_ref"), row.raw.get("expires_at")]
    return PreviewRow(
        row.place,
        recipient.get("name", ""),
        recipient.get("email") or recipient.get("phone", ""),
        ", ".join(text for text in more if text),
    )
