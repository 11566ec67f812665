"""The OpenAPI 3.1 document: ninja's, with what our handlers read by themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from ninja import NinjaAPI, Schema
from ninja.openapi.schema import REF_TEMPLATE
from ninja.schema import NinjaGenerateJsonSchema

from bookonce.api.v1 import booking_schemas, group_schemas, hours_schemas, question_schemas, schemas
from bookonce.lib.problem import RETRY_AFTER, STATUS
from bookonce.scheduling.idempotency import LONGEST_KEY
from bookonce.scheduling.link_filter import Sort
from bookonce.scheduling.link_state import LinkState
from bookonce.scheduling.models import Appointment
from bookonce.scheduling.propose import COUNTS, USUAL

ROOT = "/api/v1/"
BODIES: tuple[type[Schema], ...] = (
    schemas.OneTimeLinkOptions,
    schemas.OneTimeLinkChanges,
    schemas.OneTimeLinksAsked,
    schemas.OneTimeLinksChosen,
    schemas.LinkBatchToRevoke,
    schemas.CalendarSettings,
    group_schemas.CalendarGroupSettings,
    group_schemas.CalendarGroupChanges,
    schemas.CalendarChanges,
    booking_schemas.CancellationAsked,
    booking_schemas.MarkAsked,
    booking_schemas.NothingAsked,
    question_schemas.QuestionSettings,
    question_schemas.QuestionChanges,
    hours_schemas.ScheduleSettings,
    hours_schemas.ScheduleChanges,
    hours_schemas.TimeOffAsked,
    hours_schemas.TimeOffChanges,
    schemas.Problem,
)
QUERY: dict[str, dict[str, Any]] = {
    "limit": {"schema": {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}},
    "cursor": {
        "schema": {"type": "string"},
        "description": "`next` of the page before, with the same filters",
    },
    "state": {"schema": {"type": "string", "enum": [state.value for state in LinkState]}},
    "calendar": {"schema": {"type": "string"}, "description": "the id of a calendar"},
    "series": {"schema": {"type": "string"}, "description": "the id of a series"},
    "group": {"schema": {"type": "string"}, "description": "the id of a calendar group"},
    "member": {"schema": {"type": "string"}, "description": "the e-mail address of a member"},
    "label": {"schema": {"type": "string", "maxLength": 120}, "description": "the whole label"},
    "recipient": {"schema": {"type": "string"}, "description": "the recipient's e-mail address, in any case"},
    "batch": {"schema": {"type": "string"}, "description": "the id of a batch"},
    "made_by": {"schema": {"type": "string"}, "description": "the e-mail address of a member"},
    "unused_since": {
        "schema": {"type": "string"},
        "description": "never booked through; neither made nor opened by people since this instant, "
        "or the beginning of this day in the workspace's zone",
    },
    "sort": {
        "schema": {"type": "string", "enum": [sort.value for sort in Sort], "default": Sort.NEWEST.value},
        "description": "opened: those that people opened; expires: those that can be booked and expire",
    },
    "external_ref": {"schema": {"type": "string", "maxLength": 120}},
    "from": {"schema": {"type": "string"}, "description": "an instant, or a day in the workspace's zone"},
    "to": {"schema": {"type": "string"}, "description": "an instant, not included, or a day, included"},
    "times": {
        "schema": {"type": "integer", "enum": list(COUNTS), "default": USUAL},
        "description": "how many free times to propose",
    },
    "timezone": {"schema": {"type": "string"}, "description": "a name like Europe/Berlin"},
    "duration": {"schema": {"type": "integer"}, "description": "one of the lengths, in minutes"},
    "status": {"schema": {"type": "string", "enum": [status.value for status in Appointment.Status]}},
}
TITLES = {
    401: "No API key, or one that is unknown or revoked",
    403: "Not allowed, or not yet",
    404: "Unknown, or not of this workspace",
    409: "Does not fit the present state",
    410: "The link or calendar is gone for good",
    422: "Something that was sent can't be used; `errors` says what",
    429: "Too many requests",
    503: "Paused, or no answer in time: the outcome is unknown, retry with the same Idempotency-Key",
}


def describe(
    *,
    body: type[Schema] | None = None,
    body_required: bool = True,
    query: tuple[str, ...] = (),
    retries: bool = False,
    differing: Mapping[str, dict[str, Any]] | None = None,
) -> dict[str, Any]:
    """What a route reads by itself, for its `openapi_extra`; `differing` describes query fields anew."""
    extra: dict[str, Any] = {}
    parameters: list[dict[str, Any]] = [
        {"in": "query", "name": name, "required": False} | (QUERY | dict(differing or {}))[name]
        for name in query
    ]
    if retries:
        schema = {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY}
        words = "Makes a retry safe: the same key and body get the first answer again."
        key = {
            "in": "header",
            "name": "Idempotency-Key",
            "required": False,
            "schema": schema,
            "description": words,
        }
        parameters.append(key)
    if parameters:
        extra["parameters"] = parameters
    if body is not None:
        schema = {"$ref": REF_TEMPLATE.format(model=body.__name__)}
        extra["requestBody"] = {
            "content": {"application/json": {"schema": schema}},
            "required": body_required,
        }
    return extra


def document(api: NinjaAPI) -> dict[str, Any]:
    """The whole document: every routed operation, with the refusals that each may answer."""
    found: dict[str, Any] = dict(api.get_openapi_schema(path_prefix=ROOT))
    components = found["components"]
    for body in BODIES:
        schema = body.model_json_schema(ref_template=REF_TEMPLATE, schema_generator=NinjaGenerateJsonSchema)
        components["schemas"] |= schema.pop("$defs", {})
        components["schemas"][body.__name__] = schema
    components["responses"] = {f"Problem{status}": _refusal(status) for status in TITLES}
    refusals = {str(status): {"$ref": f"#/components/responses/Problem{status}"} for status in TITLES}
    for operations in found["paths"].values():
        for operation in operations.values():
            answers = {str(status): answer for status, answer in operation["responses"].items()}
            operation["responses"] = answers | refusals
    return found | {"servers": [{"url": settings.BOOKONCE.base_url}]}


def _refusal(status: int) -> dict[str, Any]:
    codes = sorted(code for code, its_status in STATUS.items() if its_status == status)
    answer: dict[str, Any] = {
        "description": f"{TITLES[status]}. `code`: {', '.join(codes)}",
        "content": {"application/problem+json": {"schema": {"$ref": REF_TEMPLATE.format(model="Problem")}}},
    }
    if RETRY_AFTER.keys() & set(codes):
        answer["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "description": "seconds"}}
    if status == 401:
        answer["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}}}
    return answer
