"""Forms as the pages show them: labels, help and controls are Django's, the rules are the domain's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.forms.utils import ErrorDict


class ShownForm(forms.Form):
    """Validates nothing itself; `required` only tells whether the field is marked as optional."""

    use_required_attribute = False

    def refuse(self, errors: Mapping[str, Sequence[str]]) -> None:
        """Show what the domain found, by field; what belongs to no field of the form stands above it."""
        self._errors = ErrorDict()
        for name, sentences in errors.items():
            key = name if name in self.fields else NON_FIELD_ERRORS
            self._errors.setdefault(key, self.error_class()).extend(str(sentence) for sentence in sentences)

    def given(self) -> dict[str, str]:
        """What was sent, field by field, for the domain to check; an unticked box gives `off`."""
        return {name: self._given(name, field) for name, field in self.fields.items()}

    def _given(self, name: str, field: forms.Field) -> str:
        absent = "off" if isinstance(field.widget, forms.CheckboxInput) else ""
        return str(self.data.get(self.add_prefix(name), absent))
