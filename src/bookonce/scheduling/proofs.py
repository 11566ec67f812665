"""Proofs of work at public addresses: each is for one door and calendar, and good for one booking."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection
from django.utils.translation import gettext as _

from bookonce.lib import proofs
from bookonce.lib.instants import to_seconds
from bookonce.lib.proofs import Proof
from bookonce.scheduling.booking_request import BookingRequest
from bookonce.scheduling.errors import Conflict, Invalid
from bookonce.scheduling.models import SpentProof
from bookonce.scheduling.offer import Door, Offer, get_open_offer

KEPT = timedelta(hours=1)  # past the expiry: a request may have been on its way for a while

_SPEND = """INSERT INTO scheduling_spentproof (digest, expires_at) VALUES (%s, %s)
  ON CONFLICT (digest) DO NOTHING"""


def challenge(door: Door, *, now: datetime) -> dict[str, object]:
    """A new puzzle for a booking at this door, which keeps nothing of it.

    Raises:
        NotFound, CalendarPaused, CalendarDeleted, Link..., Invalid: nothing can be booked there now.
        Conflict: the door asks for no proof.
    """
    offer = get_open_offer(door, to_seconds(now))
    if not offer.asks_proof:
        raise Conflict(_("No proof of work is needed here."))
    return proofs.make_challenge(_subject(door, offer), to_seconds(now))


def check_proof(door: Door, offer: Offer, request: BookingRequest, *, now: datetime) -> Proof | None:
    """The proof that came with the request; None where none is asked for, or a code stands in for it.

    Raises:
        Invalid: it proves nothing here.
    """
    if not offer.asks_proof or request.code:
        return None
    proof = proofs.find_proof(_subject(door, offer), request.altcha)
    if proof is None:
        raise _refused(_("This proof of work was not made for a booking here. Send the form once more."))
    if proof.expires_at <= to_seconds(now):
        raise _refused(_("This proof of work is too old. Send the form once more."))
    return proof


def spend_proof(door: Door, offer: Offer, request: BookingRequest, *, now: datetime) -> None:
    """Use up the proof in the booking's transaction; of many bookings with one proof, one gets it.

    It comes after the locks of the hosts: whoever brings the same proof waits there, and not here.

    Raises:
        Invalid: it proves nothing here, or has booked before.
    """
    proof = check_proof(door, offer, request, now=now)
    if proof is None:
        return
    with connection.cursor() as cursor:
        cursor.execute(_SPEND, [proof.digest, proof.expires_at])
        if cursor.rowcount != 1:
            raise _refused(_("This proof of work has booked before. Send the form once more."))


def purge_proofs(*, now: datetime) -> None:
    """Delete those that would no longer count anyway; within the caller's transaction."""
    SpentProof.objects.filter(expires_at__lt=now - KEPT).delete()


def _subject(door: Door, offer: Offer) -> str:
    return f"{door.scope} {offer.calendar_key}"


def _refused(sentence: str) -> Invalid:
    return Invalid({"altcha": [sentence]})
