"""Workspaces, the people in them, who is invited, and API keys."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models

from bookonce.lib.instants import SecondsField


class UserManager(BaseUserManager["User"]):
    """Finds people by e-mail, whatever the case."""

    def get_by_natural_key(self, username: str | None) -> User:
        """The person with this address."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person who signs in, by e-mail."""

    email = models.EmailField(unique=True)  # lower case
    name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    def __str__(self) -> str:
        return self.email


class Installation(models.Model):
    """One row, made by the first run: its key is what makes a second first run fail."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    created_at = SecondsField()

    class Meta:
        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(id=1), name="installation_is_one")]


class Workspace(models.Model):
    """One tenant: nothing crosses it."""

    slug = models.SlugField(max_length=48)
    name = models.CharField(max_length=120)
    timezone = models.CharField(max_length=64)
    contact_text = models.TextField(blank=True, max_length=500)  # shown on the pages of dead links
    accent = models.CharField(max_length=6, blank=True)  # rrggbb
    week_start = models.PositiveSmallIntegerField(default=1)  # weekday, 0 = Sunday
    created_at = SecondsField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["slug"], name="workspace_slug_unique"),
            models.CheckConstraint(condition=models.Q(week_start__range=(0, 6)), name="workspace_week_start"),
        ]

    def __str__(self) -> str:
        return self.name


class Member(models.Model):
    """A person in a workspace; a host when assigned to a calendar."""

    class Role(models.TextChoices):
        """What a member may do."""

        OWNER = "owner"
        ADMIN = "admin"
        MEMBER = "member"

    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="members")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=8, choices=Role.choices)
    created_at = SecondsField()
    removed_at = SecondsField(null=True, blank=True)  # the row stays: what they did is told by it

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "user"], name="member_once_in_workspace"),
            models.CheckConstraint(
                condition=models.Q(role__in=["owner", "admin", "member"]), name="member_role_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(role="owner", removed_at__isnull=False), name="member_owner_stays"
            ),
        ]

    def __str__(self) -> str:
        return self.user.name


class Invitation(models.Model):
    """Lets the person with this address join the workspace, once.

    It is over when accepted or revoked, or when its time is up (accounts/invitations.py).
    """

    class Role(models.TextChoices):
        """What somebody may be invited as; only members become owners."""

        ADMIN = "admin"
        MEMBER = "member"

    public_id = models.CharField(max_length=24, unique=True)
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT, related_name="invitations")
    email = models.EmailField()  # lower case
    role = models.CharField(max_length=8, choices=Role.choices)
    token_digest = models.CharField(max_length=64, unique=True)
    sealed_token = models.TextField(null=True, blank=True)  # forgotten when it is over
    created_at = SecondsField()
    created_by = models.ForeignKey(Member, on_delete=models.PROTECT, related_name="invitations")
    expires_at = SecondsField()
    accepted_at = SecondsField(null=True, blank=True)
    revoked_at = SecondsField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["workspace", "email"],
                condition=models.Q(accepted_at=None, revoked_at=None),
                name="invitation_open_once",
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=["admin", "member"]), name="invitation_role_known"
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at=None) | models.Q(revoked_at=None), name="invitation_one_end"
            ),
        ]

    def __str__(self) -> str:
        return self.email


class ApiKey(models.Model):
    """Lets a program act for a member in one workspace; only the digest is kept."""

    public_id = models.CharField(max_length=24, unique=True)
    workspace = models.ForeignKey(Workspace, on_delete=models.PROTECT)
    member = models.ForeignKey(Member, on_delete=models.PROTECT)
    label = models.CharField(max_length=80)
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=8)  # its last characters, to tell keys apart
    created_at = SecondsField()
    revoked_at = SecondsField(null=True, blank=True)

    def __str__(self) -> str:
        return self.label
