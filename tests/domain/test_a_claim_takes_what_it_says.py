"""A worker claims as many jobs as it asked for, however the database plans the statement."""

from __future__ import annotations

import pytest
from django.db import connection

from bookonce.jobs.models import Job
from bookonce.jobs.queue import claim, enqueue
from tests.cast import NOW

# Each makes PostgreSQL join in another way; a subquery that is run again would lock, and take, further jobs.
PLANS = (
    (),
    ("enable_hashjoin", "enable_mergejoin", "enable_hashagg"),
    ("enable_hashjoin", "enable_mergejoin", "enable_material", "enable_sort", "enable_hashagg"),
    ("enable_nestloop", "enable_hashjoin"),
)


@pytest.mark.parametrize("without", PLANS)
def test_one_is_claimed_when_one_is_asked_for(db: None, without: tuple[str, ...]) -> None:
    for number in range(50):
        enqueue("event.dispatch", {"event": number}, now=NOW)
    with connection.cursor() as cursor:
        for plan in without if connection.vendor == "postgresql" else ():
            cursor.execute(f"SET LOCAL {plan} = off")
    for already in range(8):  # a prepared statement changes its plan after the fifth time
        assert len(claim(now=NOW, limit=1)) == 1
        assert Job.objects.filter(attempts=1).count() == already + 1
    assert len(claim(now=NOW, limit=10)) == 10
