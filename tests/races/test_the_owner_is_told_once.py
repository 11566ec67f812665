"""No slots left: however many workers look at the link at once, its owner is told once."""

from __future__ import annotations

import threading

import pytest
from django.db import connection

from bookonce.scheduling.models import Event, OneTimeLink
from bookonce.scheduling.no_slots import tell_no_slots
from tests.cast import NOW, Person, make_link

pytestmark = pytest.mark.django_db(transaction=True)


def test_eight_workers_tell_once(alice: Person) -> None:
    for _round in range(5):
        issued = make_link(alice, first_day=NOW.date().replace(day=28), last_day=NOW.date().replace(day=29))
        start = threading.Barrier(8)
        said: list[bool] = []

        def tell(barrier: threading.Barrier, said: list[bool], pk: int) -> None:
            barrier.wait()
            said.append(tell_no_slots(pk, now=NOW))
            connection.close()

        threads = [threading.Thread(target=tell, args=(start, said, issued.link.pk)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(said) == [False] * 7 + [True]
        assert Event.objects.filter(kind=Event.Kind.LINK_NO_SLOTS, link=issued.link).count() == 1
        assert OneTimeLink.objects.get(pk=issued.link.pk).no_slots_told_at == NOW
