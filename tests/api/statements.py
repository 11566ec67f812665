"""Count the statements of a request, without the frame of its transaction."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.test.utils import CaptureQueriesContext

FRAME = re.compile(r"^(BEGIN|COMMIT|SAVEPOINT|RELEASE|SET LOCAL)", re.IGNORECASE)
WRITE = re.compile(r"^\s*(WITH\b.*\b)?(INSERT|UPDATE|DELETE)\b", re.IGNORECASE | re.DOTALL)


@contextmanager
def statements() -> Iterator[list[str]]:
    """Yield a list that holds the statements once the block has ended."""
    found: list[str] = []
    with CaptureQueriesContext(connection) as captured:
        yield found
    found += [query["sql"] for query in captured.captured_queries if not FRAME.match(query["sql"])]


def writes(found: list[str]) -> list[str]:
    """Those that change rows."""
    return [sql for sql in found if WRITE.match(sql)]
