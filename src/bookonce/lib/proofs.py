"""Proofs of work: a puzzle that costs one guest a moment, and whoever floods a page all their computers.

The protocol is ALTCHA's, version 1 (https://altcha.org/docs/v1/api/), for which widgets and libraries
exist: find the number that, put behind the salt, has this SHA-256. Nothing is kept of a puzzle: what makes it
ours is its signature, under a key of its own for each subject.
"""

from __future__ import annotations

import base64
import json
import re
from dataclasses import dataclass
from typing import Any

from altcha import v1 as altcha
from django.utils.crypto import salted_hmac

from bookonce.lib.instants import from_seconds

# 100,000 tries on average. A browser makes some 150,000 in a second on a three-year-old phone, five times as
# many on a desk: 0.7 seconds there, 1.3 at worst, while the form is filled in (docs/operations.md).
MOST = 200_000
LIFE = 20 * 60  # seconds
LONGEST_PAYLOAD = 2000
ALGORITHM = altcha.SHA256
_SALT = re.compile(r"[0-9a-f]{24}\?expires=([0-9]{1,12})&", re.ASCII)
_TEXTS = ("algorithm", "challenge", "salt", "signature")


@dataclass(frozen=True, slots=True)
class Proof:
    """A puzzle that was solved: its digest, the same however it is written, and until when it counts."""

    digest: str
    expires_at: int  # seconds


def make_challenge(subject: str, now: int) -> dict[str, object]:
    """A new puzzle for the subject at `now` (seconds), as the protocol's JSON has it."""
    made = altcha.create_challenge(
        altcha.ChallengeOptions(
            algorithm=ALGORITHM, max_number=MOST, hmac_key=_key(subject), expires=from_seconds(now + LIFE)
        )
    )
    return {
        "algorithm": made.algorithm,
        "challenge": made.challenge,
        "salt": made.salt,
        "signature": made.signature,
        "maxnumber": made.max_number,
    }


def find_proof(subject: str, payload: str) -> Proof | None:
    """The solved puzzle in a payload; None when it is no solution, or its puzzle was not for the subject."""
    given = _read(payload)
    if given is None:
        return None
    # Its only form: no two spellings of one solution, and one expiry, which is the signed one.
    salt = _SALT.fullmatch(given["salt"])
    if salt is None or given["algorithm"] != ALGORITHM:
        return None
    solved = altcha.Payload(**given)
    is_ours, _why = altcha.verify_solution(solved, _key(subject), check_expires=False)
    return Proof(given["challenge"], int(salt[1])) if is_ours else None


def _read(payload: str) -> dict[str, Any] | None:
    if len(payload) > LONGEST_PAYLOAD:
        return None
    try:
        found = json.loads(base64.b64decode(payload, validate=True).decode())
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or not all(isinstance(found.get(name), str) for name in _TEXTS):
        return None
    number = found.get("number")
    if type(number) is not int or not 0 <= number <= MOST:
        return None
    given: dict[str, Any] = {name: found[name] for name in _TEXTS} | {"number": number}
    return given


def _key(subject: str) -> bytes:
    return salted_hmac("bookonce.proofs", subject, algorithm="sha256").digest()
