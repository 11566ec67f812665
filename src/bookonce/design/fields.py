"""A form field as the design shows it: what kind of control, and which texts describe it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django import forms
from django.forms import BaseForm, BoundField
from django.utils.safestring import SafeString

# Of labels in all our languages, full width and Arabic; in the summary of errors a colon follows them.
ENDS = ".:?\u3002\uff1a\uff1f\u061f \u00a0\u202f"


@dataclass(frozen=True)
class Problem:
    """One error in the summary: its text, the id of the control it leads to ("" for the whole form)."""

    text: str
    target: str
    label: str


def field_context(bound: BoundField, options: Mapping[str, str]) -> dict[str, object]:
    """Return what `design/field.html` shows; options replace label and help, add prefix, suffix, width."""
    kind = _kind(bound)
    help_text = options.get("help", bound.help_text)
    return {
        "bound": bound,
        "kind": kind,
        "control": _control(bound, kind, has_help=bool(help_text)),
        "label": options.get("label", bound.label),
        "help": help_text,
        "described_by": _described_by(bound, has_help=bool(help_text)),
        "optional": not bound.field.required and kind not in {"check", "switch", "hidden"},
        "prefix": options.get("prefix", ""),
        "suffix": options.get("suffix", ""),
        "width": options.get("width", ""),
    }


def problems(form: BaseForm) -> list[Problem]:
    """Return the errors of a bound form: those of the whole form, then the fields' in their order."""
    if not form.is_bound:
        return []
    whole = [Problem(str(text), "", "") for text in form.non_field_errors()]
    return whole + [
        Problem(str(text), _target(bound), str(bound.label).rstrip(ENDS))
        for bound in form
        for text in bound.errors
    ]


def _kind(bound: BoundField) -> str:
    widget = bound.field.widget
    if widget.attrs.get("role") == "switch":
        return "switch"
    if bound.is_hidden:
        return "hidden"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "group"
    return "select" if isinstance(widget, forms.Select) else "text"


def _control(bound: BoundField, kind: str, *, has_help: bool) -> SafeString:
    described = _described_by(bound, has_help=has_help)
    attributes: dict[str, str | bool] = {}
    if kind in {"text", "select"}:
        css_class = bound.field.widget.attrs.get("class", "")
        attributes["class"] = f"input {css_class}".strip()
    if described and kind != "group":
        attributes["aria-describedby"] = described
    if bound.errors:
        attributes["aria-invalid"] = "true"
    return bound.as_widget(attrs=attributes)


def _described_by(bound: BoundField, *, has_help: bool) -> str:
    help_id = [f"{bound.auto_id}_help"] if has_help else []
    error_id = [f"{bound.auto_id}_error"] if bound.errors else []
    return " ".join(help_id + error_id)


def _target(bound: BoundField) -> str:
    return f"{bound.auto_id}_0" if _kind(bound) == "group" else bound.auto_id
