"""Calling off, for one guest or all: what they are told, and whether their links live again."""

from __future__ import annotations

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from bookonce.dashboard.shown_form import ShownForm
from bookonce.lib.fields import Fields
from bookonce.scheduling.cancel import LONGEST_REASON, Cancellation


class CancelForm(ShownForm):
    """The words for one guest; `links` says how many one-time links could be reopened."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("The guest reads it in the mail that tells about the cancellation."),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST_REASON}),
    )
    reopen = forms.BooleanField(
        label=gettext_lazy("Reopen the one-time link so that the guest can book again"),
        help_text=gettext_lazy("The mail to the guest carries the link."),
        required=False,
        initial=True,
    )

    def __init__(self, request: HttpRequest, *, links: int, guests: int = 1) -> None:
        super().__init__(request.POST if request.method == "POST" else None)
        if guests > 1:
            self.fields["reason"].help_text = _("The guests read it in the mails that tell about it.")
            self.fields["reopen"].label = _("Reopen their one-time links so that they can book again")
            self.fields["reopen"].help_text = _("Each mail carries the link of its guest.")
        if not links:
            del self.fields["reopen"]

    def read(self) -> Cancellation | None:
        """What was sent; None when it can't be used, which the form then says."""
        fields = Fields(self.given())
        reason = fields.text("reason", most=LONGEST_REASON, lines=True)
        reopen = fields.boolean("reopen", default=False)
        if fields.errors:
            self.refuse(fields.errors)
            return None
        return Cancellation(reason, reopen)
