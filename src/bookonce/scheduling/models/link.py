"""The one-time link, its uses, and requests for a new one."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from bookonce.accounts.models import Member, Workspace
from bookonce.lib.instants import SecondsField
from bookonce.scheduling.models.calendar import Calendar, DurationsField, StartsField
from bookonce.scheduling.models.group import ONE_TARGET, CalendarGroup, Target, the_one

MOST_BOOKINGS = 9999
MOST_SLOTS = 50  # picked by hand for one link

# Four kinds of which every link is one, told by its columns alone, so that an index can hold each.
# The encrypted token is kept while the link may come alive again (forget_secrets.py): without it a link that
# is neither revoked nor used has expired.
REVOKED = Q(revoked_at__isnull=False)
USED = Q(revoked_at__isnull=True, spent__gte=F("max_bookings"))
_OPEN = Q(revoked_at__isnull=True, spent__lt=F("max_bookings"))
ALIVE = _OPEN & Q(sealed_token__isnull=False)
EXPIRED = _OPEN & Q(sealed_token__isnull=True)


class OneTimeLink(models.Model):
    """A unique link to a calendar, or a group of them, that expires when it has been booked through.

    Its state is derived from facts (link_state.py), never stored.
    Null or empty = inherited from the calendar.
    """

    class EmailLock(models.TextChoices):
        """Whether only the recipient's address can book."""

        OFF = "off"
        MATCH = "match"  # the guest types it, and it has to be the same
        CODE = "code"  # a code that was mailed to it has to be given

    public_id = models.CharField(max_length=24, unique=True)
    # No index of their own for the columns that others refer by: lists need them within indexes of the Meta.
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="links", db_index=False)
    calendar = models.ForeignKey(
        Calendar, on_delete=models.PROTECT, null=True, blank=True, related_name="links", db_index=False
    )
    group = models.ForeignKey(
        CalendarGroup, on_delete=models.PROTECT, null=True, blank=True, related_name="links", db_index=False
    )  # instead of a calendar: the guest chooses one of its
    token_digest = models.CharField(max_length=64, unique=True)
    sealed_token = models.TextField(null=True, blank=True)  # encrypted; null once the link is final
    label = models.CharField(max_length=120, blank=True)
    recipient_name = models.CharField(max_length=120, blank=True)
    recipient_email = models.CharField(max_length=254, blank=True)
    recipient_phone = models.CharField(max_length=32, blank=True)
    email_lock = models.CharField(max_length=8, choices=EmailLock.choices, default=EmailLock.OFF)
    expires_at = SecondsField(null=True, blank=True)
    not_before = SecondsField(null=True, blank=True)
    max_bookings = models.PositiveSmallIntegerField(default=1)
    spent = models.PositiveSmallIntegerField(default=0)  # uses taken and not returned
    last_use = models.PositiveIntegerField(default=0)  # the number of the latest use; only grows
    first_day = models.DateField(null=True, blank=True)  # date window, days of the calendar's zone
    last_day = models.DateField(null=True, blank=True)
    durations = DurationsField(max_length=64, blank=True, default=())
    slots = StartsField(blank=True, default=())  # picked by hand: of the free starts only these
    holds_slots = models.BooleanField(default=False)  # they are kept for the link (Hold)
    host = models.ForeignKey(
        Member,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="links_to_meet",
        db_index=False,
    )  # of one-on-one and round robin: only their time is offered, and they host
    location_kind = models.CharField(max_length=8, choices=Calendar.Location.choices, blank=True)
    location = models.CharField(max_length=300, blank=True)
    most_places = models.PositiveSmallIntegerField(null=True, blank=True)  # of a class: in one booking
    guests_may_cancel = models.BooleanField(null=True, blank=True)
    cancel_cutoff = models.PositiveIntegerField(null=True, blank=True)  # minutes before the start
    guests_may_reschedule = models.BooleanField(null=True, blank=True)
    reschedule_cutoff = models.PositiveIntegerField(null=True, blank=True)
    most_reschedules = models.PositiveSmallIntegerField(null=True, blank=True)
    reopens_on_cancel = models.BooleanField(null=True, blank=True)
    contact_text = models.TextField(blank=True, max_length=500)
    metadata = models.JSONField(default=dict, blank=True)  # the maker's own; never queried
    external_ref = models.CharField(max_length=120, null=True, blank=True)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", db_index=False
    )
    batch = models.ForeignKey(
        "scheduling.LinkBatch",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="links",
        db_index=False,
    )
    created_at = SecondsField()
    created_by = models.ForeignKey(
        Member,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="links_made",
        db_index=False,
    )
    created_via = models.CharField(max_length=8)  # page, api, cli, request
    revoked_at = SecondsField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        Member,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="links_revoked",
        db_index=False,
    )
    opened = models.PositiveIntegerField(default=0)  # by people
    first_opened_at = SecondsField(null=True, blank=True)
    last_opened_at = SecondsField(null=True, blank=True)
    opened_by_bots = models.PositiveIntegerField(default=0)  # known scanners, previews and crawlers
    last_opened_by_bots_at = SecondsField(null=True, blank=True)
    no_slots_told_at = SecondsField(null=True, blank=True)  # when its owner was told that nothing is free

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["workspace", "-id"], name="link_by_workspace"),
            models.Index(fields=["workspace", "created_at", "id"], name="link_by_day"),
            models.Index(fields=["calendar", "-id"], name="link_by_calendar"),
            models.Index(fields=["group", "-id"], name="link_by_group"),
            models.Index(
                fields=["created_by", "-id"], name="link_by_maker", condition=Q(created_by__isnull=False)
            ),
            models.Index(fields=["batch", "-id"], name="link_by_batch", condition=Q(batch__isnull=False)),
            models.Index(fields=["host"], name="link_by_host", condition=Q(host__isnull=False)),
            models.Index(fields=["parent"], name="link_by_parent", condition=Q(parent__isnull=False)),
            models.Index(
                fields=["revoked_by"], name="link_by_revoker", condition=Q(revoked_by__isnull=False)
            ),
            models.Index(fields=["workspace", "label", "-id"], name="link_by_label"),
            models.Index(F("workspace"), Lower("recipient_email"), F("id"), name="link_by_recipient"),
            # A link is in one of the next four: what a list of one state walks through (link_lanes.py).
            models.Index(fields=["workspace", "-id"], name="link_alive", condition=ALIVE),
            models.Index(fields=["workspace", "-id"], name="link_used", condition=USED),
            models.Index(fields=["workspace", "-id"], name="link_revoked", condition=REVOKED),
            models.Index(fields=["workspace", "-id"], name="link_expired", condition=EXPIRED),
            models.Index(
                fields=["workspace", "expires_at", "id"],
                name="link_by_expiry",
                condition=ALIVE & Q(expires_at__isnull=False),
            ),
            models.Index(
                fields=["workspace", "not_before"],
                name="link_by_opening",
                condition=ALIVE & Q(not_before__isnull=False),
            ),
            models.Index(
                fields=["workspace", "-last_opened_at", "-id"],
                name="link_by_last_open",
                condition=Q(last_opened_at__isnull=False),
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=ONE_TARGET, name="link_to_one_target"),
            models.CheckConstraint(
                condition=Q(spent__gte=0, spent__lte=F("max_bookings")), name="link_spent_within_max"
            ),
            models.CheckConstraint(
                condition=Q(email_lock="off")
                | (
                    Q(email_lock__in=["match", "code"])
                    # What is dead for good forgets the address, and keeps the lock for its successor.
                    & (~Q(recipient_email="") | Q(revoked_at__isnull=False) | Q(expires_at__isnull=False))
                ),
                name="link_lock_has_address",
            ),
            models.CheckConstraint(
                condition=Q(max_bookings__range=(1, MOST_BOOKINGS)), name="link_max_bookings"
            ),
            models.CheckConstraint(
                condition=Q(holds_slots=False) | ~Q(slots=""), name="link_holds_what_it_has"
            ),
            models.UniqueConstraint(fields=["workspace", "external_ref"], name="link_external_ref_unique"),
        ]

    def __str__(self) -> str:
        return self.label or self.public_id

    @property
    def target(self) -> Target:
        """The calendar or group it leads to."""
        return the_one(self.calendar, self.group)


class LinkUse(models.Model):
    """One booking's claim on a link; numbers only grow, a returned use keeps its row."""

    link = models.ForeignKey(OneTimeLink, on_delete=models.PROTECT, related_name="uses")
    number = models.PositiveIntegerField()
    taken_at = SecondsField()
    returned_at = SecondsField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["link", "number"], name="link_use_number_unique")
        ]


REQUEST_OPEN = Q(answered_at=None, dismissed_at=None)


class LinkRequest(models.Model):
    """A visitor of a dead link asked its owner for a new one."""

    public_id = models.CharField(max_length=24, unique=True)
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="link_requests")
    link = models.ForeignKey(OneTimeLink, on_delete=models.CASCADE, related_name="requests")
    name = models.CharField(max_length=120)
    email = models.CharField(max_length=254)  # lower case
    message = models.TextField(blank=True, max_length=500)
    language = models.CharField(max_length=8, blank=True, db_default="")  # of the page it was asked on
    created_at = SecondsField()
    answered_at = SecondsField(null=True, blank=True)
    answer = models.ForeignKey(
        OneTimeLink, on_delete=models.PROTECT, null=True, blank=True, related_name="answers"
    )
    dismissed_at = SecondsField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["link", "email"],
                condition=REQUEST_OPEN,
                name="link_request_open_once",
            )
        ]


class LinkCode(models.Model):
    """A code mailed to the recipient of a locked link; good for one booking, a few tries and minutes."""

    link = models.ForeignKey(OneTimeLink, on_delete=models.CASCADE, related_name="codes")
    digest = models.CharField(max_length=64)
    sealed_code = models.TextField(null=True, blank=True)  # encrypted until it has been sent
    created_at = SecondsField()
    expires_at = SecondsField()
    attempts = models.PositiveSmallIntegerField(default=0)
    used_at = SecondsField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["link", "-id"], name="link_code_by_link")]
