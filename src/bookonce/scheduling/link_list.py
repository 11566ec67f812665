"""A list of links as long as it may be, read a page at a time.

No OFFSET, and no statement whose cost grows with the list: a page takes rows from the list's lanes
(link_lanes.py) by their indexes, some at a time, and keeps those that the filter lets through. Where nearly
none fits, it stops after MOST_LOOKED_AT rows and says how far it came; the next page goes on from there.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F, Q, QuerySet

from bookonce.lib.among import Among
from bookonce.lib.instants import from_seconds, to_seconds
from bookonce.scheduling.link_filter import LinkFilter, Sort, exact_conditions, fitting, sharpened
from bookonce.scheduling.link_lanes import Lane, lanes_of
from bookonce.scheduling.models import LinkBatch, OneTimeLink

STEPS = (1000, 4000, 5000)  # rows looked at in turn, after the first few
MOST_LOOKED_AT = sum(STEPS)  # of a lane, for one page: some hundredths of a second
FEW = 2000  # so many are looked at in whole
A_MOMENT = timedelta(minutes=1)  # by then a link is in the table

Position = tuple[int, ...]  # of a row in the list: what it is ordered by, and its key


@dataclass(frozen=True, slots=True)
class Found:
    """Keys of a page's links in order; `next` is where the list goes on, None at its end.

    With `stopped` it goes on, yet the page is not full: enough rows were looked at.
    """

    keys: list[int]
    next: Position | None
    stopped: bool = False


class LinkList:
    """The links of a workspace that the filter lets through, in its order, as of `now`."""

    def __init__(self, workspace_id: int, wanted: LinkFilter, *, now: datetime) -> None:
        self.wanted = sharpened(workspace_id, wanted)
        exact = exact_conditions(workspace_id, self.wanted)
        self._lanes = lanes_of(workspace_id, self.wanted, exact, now)
        # Without the workspace, and asides for conditions: so SQLite finds these by their keys alone.
        known = OneTimeLink.objects.filter(*(each.aside for each in exact))
        self._fitting = fitting(known, self.wanted, now=now)
        self._order = _Order(self.wanted.sort)
        unfinished = LinkBatch.objects.filter(workspace_id=workspace_id, activated_at=None, purged_at=None)
        self._rows = OneTimeLink.objects.filter(~Q(batch__in=unfinished))
        self._workspace_id = workspace_id

    def page(self, limit: int, *, after: Position | None = None) -> Found:
        """At most `limit` links behind the position, by default from the beginning."""
        begin = after or self._beginning()
        found: list[Position] = []
        stop: Position | None = None
        for lane in self._lanes:
            rows, reached = self._walk(lane, begin, limit + 1)
            found += rows
            if reached is not None:
                stop = reached if stop is None else min(stop, reached, key=self._order.key)
        found.sort(key=self._order.key)
        if stop is not None:  # what lies behind it, another lane may still come before
            last = self._order.key(stop)
            found = [row for row in found if self._order.key(row) <= last]
        keys = [row[-1] for row in found[:limit]]
        if len(found) > limit:
            return Found(keys, found[limit - 1])
        return Found(keys, stop, stopped=stop is not None)

    def pages(self, limit: int) -> Iterator[list[int]]:
        """All of the list, however long: the keys of at most `limit` links at a time."""
        found = self.page(limit)
        yield found.keys
        while found.next is not None:
            found = self.page(limit, after=found.next)
            yield found.keys

    def holds(self, position: Position) -> bool:
        """Whether it is one of this list's order."""
        return len(position) == self._order.width

    def _walk(self, lane: Lane, begin: Position | None, most: int) -> tuple[list[Position], Position | None]:
        """The first `most` of the lane's links, and how far it was looked; None: to the end."""
        mine = self._order.sort(self._fitting.filter(lane.mine))
        few = self._find_few(lane)
        if few is not None:
            rows = self._order.positions(mine.filter(self._order.behind(begin), Among(F("pk"), few))[:most])
            return rows, rows[-1] if len(rows) == most else None
        rows, seen = [], begin
        wide = self._order.sort(self._rows.filter(lane.wide))
        for step in (most, *STEPS):
            looked_at = self._order.positions(wide.filter(self._order.behind(seen))[:step])
            if looked_at:
                fitting = mine.filter(Among(F("pk"), [row[-1] for row in looked_at]))
                rows += self._order.positions(fitting[: most - len(rows)])
            if len(rows) == most:
                return rows, rows[-1]
            if len(looked_at) < step:
                return rows, None
            seen = looked_at[-1]
        return rows, seen

    def _find_few(self, lane: Lane) -> list[int] | None:
        """The keys of one of the lane's narrow sets if it is small: sure, whatever a planner would guess."""
        for condition in lane.narrow:
            rows = OneTimeLink.objects.filter(condition).order_by().values_list("pk", flat=True)
            keys = list(rows[: FEW + 1])
            if len(keys) <= FEW:
                return keys
        return None

    def _beginning(self) -> Position | None:
        """Links unused since a day begin far behind the newest: keys grow with the instant of making.

        All but those of a batch, which bear the instant at which it was asked for.
        """
        since = self.wanted.unused_since
        if since is None or self.wanted.sort is not Sort.NEWEST:
            return None
        here = OneTimeLink.objects.filter(workspace_id=self._workspace_id)
        older = here.filter(created_at__lt=since + A_MOMENT).order_by("-created_at", "-pk")
        found = [older.values_list("pk", flat=True).first()]
        batches = LinkBatch.objects.filter(workspace_id=self._workspace_id)
        for key in batches.filter(created_at__lt=since, activated_at__gte=since).values_list("pk", flat=True):
            within = OneTimeLink.objects.filter(batch_id=key).order_by("-pk")
            found.append(within.values_list("pk", flat=True).first())
        latest = max((key for key in found if key), default=None)
        return None if latest is None else (latest + 1,)


class _Order:
    """How rows are sorted, and what lies behind one of them."""

    def __init__(self, sort: Sort) -> None:
        self._column = {Sort.OPENED: "last_opened_at", Sort.EXPIRES: "expires_at"}.get(sort, "")
        self._sign = -1 if sort in (Sort.NEWEST, Sort.OPENED) else 1

    @property
    def width(self) -> int:
        return 2 if self._column else 1

    def sort(self, links: QuerySet[OneTimeLink]) -> QuerySet[OneTimeLink]:
        columns = [self._column, "pk"] if self._column else ["pk"]
        return links.order_by(*(f"-{name}" if self._sign < 0 else name for name in columns))

    def key(self, position: Position) -> Position:
        """Ascending along the list."""
        return tuple(self._sign * number for number in position)

    def positions(self, links: QuerySet[OneTimeLink]) -> list[Position]:
        if not self._column:
            return [(key,) for key in links.values_list("pk", flat=True)]
        return [(to_seconds(at), key) for at, key in links.values_list(self._column, "pk")]

    def behind(self, position: Position | None) -> Q:
        if position is None:
            return Q()
        step = "lt" if self._sign < 0 else "gt"
        if not self._column:
            return Q(**{f"pk__{step}": position[0]})
        at, key = from_seconds(position[0]), position[1]
        further = Q(**{f"{self._column}__{step}": at}) | Q(**{self._column: at, f"pk__{step}": key})
        # The first bound alone lets the index skip what was shown.
        return Q(**{f"{self._column}__{step}e": at}) & further
