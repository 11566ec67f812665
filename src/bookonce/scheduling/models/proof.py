"""Proofs of work that were handed in."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from bookonce.lib.instants import SecondsField


class SpentProof(models.Model):
    """The solution of this challenge has booked once; kept until the challenge would have lapsed anyway."""

    digest = models.CharField(max_length=64, unique=True)
    expires_at = SecondsField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["expires_at"], name="spent_proof_by_age")]
