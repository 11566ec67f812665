"""What a guest may still change, in sentences for their page."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from bookonce.booking_page.local_times import LocalClock
from bookonce.booking_page.wording import moment_words
from bookonce.scheduling.change_rules import Change, ChangeRules, Closed


def rules_in_words(rules: ChangeRules, clock: LocalClock, now: int) -> list[str]:
    """One sentence for each rule that is more than "until it begins"; `now` in minutes since the epoch."""
    cancelling, rescheduling = rules.cancelling(now), rules.rescheduling(now)
    said = [
        _cancelling(cancelling, clock) if cancelling.until != rules.start else "",
        _rescheduling(rules, rescheduling, clock),
    ]
    return [sentence for sentence in said if sentence]


def _cancelling(change: Change, clock: LocalClock) -> str:
    if change.until is None:
        return _("This appointment can't be cancelled online.")
    if change.closed:
        return _("This appointment could be cancelled until %(time)s.") % {"time": _moment(change, clock)}
    return _("This appointment can be cancelled until %(time)s.") % {"time": _moment(change, clock)}


def _rescheduling(rules: ChangeRules, change: Change, clock: LocalClock) -> str:
    if change.until is None:
        return _("It can't be rescheduled online.")
    if change.closed is Closed.CUTOFF:
        return _("It could be rescheduled until %(time)s.") % {"time": _moment(change, clock)}
    if change.closed is Closed.MOST:
        return (
            _("It has been rescheduled as often as allowed.")
            if rules.moves
            else _("It can't be rescheduled online.")
        )
    said = []
    if change.until != rules.start:
        said.append(_("It can be rescheduled until %(time)s.") % {"time": _moment(change, clock)})
    if rules.moves_left is not None:
        words = ngettext(
            "It can be rescheduled once more.",
            "It can be rescheduled %(count)d more times.",
            rules.moves_left,
        )
        said.append(words % {"count": rules.moves_left})
    return " ".join(said)


def _moment(change: Change, clock: LocalClock) -> str:
    if change.until is None:
        raise AssertionError
    return moment_words(clock, change.until)
