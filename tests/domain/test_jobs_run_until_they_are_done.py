"""Work that is owed gets done: retried with growing waits, given up visibly, never lost."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from bookonce.jobs import kinds, worker
from bookonce.jobs.models import Job, Tick
from bookonce.jobs.periodic import Ticks
from bookonce.jobs.queue import LEASE, MOST_ATTEMPTS, JobFailed, claim, enqueue, finish, rerun, wait_before
from bookonce.jobs.worker import run_due, take_back, work
from tests.cast import NOW

done: list[dict[str, Any]] = []
fails: list[Exception] = []


def note(payload: dict[str, Any], now: datetime) -> None:
    """A kind of job of this test's own: fails with what is laid out, else is done."""
    if fails:
        raise fails.pop(0)
    done.append(payload)


@pytest.fixture(autouse=True)
def _noting(monkeypatch: pytest.MonkeyPatch, db: None) -> Iterator[None]:
    done.clear()
    fails.clear()
    monkeypatch.setitem(kinds.HANDLERS, "note", f"{__name__}.note")
    # pytest's import mode gives this module no importable name.
    monkeypatch.setattr(kinds, "import_string", lambda path: {f"{__name__}.note": note}[path])
    yield
    fails.clear()


def owe(number: int = 1, **options: Any) -> None:
    enqueue("note", {"number": number}, now=options.pop("now", NOW), **options)


def test_a_job_is_run_once_and_its_row_is_gone() -> None:
    owe(1)
    owe(2)
    assert run_due(NOW) == 2
    assert run_due(NOW) == 0
    assert [payload["number"] for payload in done] == [1, 2]
    assert not Job.objects.exists()


def test_a_job_with_a_key_is_owed_once() -> None:
    owe(1, key="same")
    owe(2, key="same")
    run_due(NOW)
    assert done == [{"number": 1}]


def test_a_delayed_job_waits() -> None:
    owe(delay=timedelta(minutes=5))
    assert run_due(NOW + timedelta(minutes=4)) == 0
    assert run_due(NOW + timedelta(minutes=5)) == 1


def test_a_failed_job_is_tried_again_later() -> None:
    owe()
    fails.append(JobFailed("mail server down"))
    run_due(NOW)
    job = Job.objects.get()
    assert (job.error, job.dead_at, job.attempts) == ("mail server down", None, 1)
    assert run_due(NOW + timedelta(seconds=1)) == 0
    assert run_due(NOW + timedelta(seconds=30)) == 1
    assert len(done) == 1


def test_a_permanent_failure_is_dead_at_once_and_can_be_rerun() -> None:
    owe()
    fails.append(JobFailed("no such mailbox", permanent=True))
    run_due(NOW)
    job = Job.objects.get()
    assert job.dead_at == NOW
    assert run_due(NOW + timedelta(days=30)) == 0
    assert rerun(job.pk, now=NOW)
    assert run_due(NOW) == 1
    assert len(done) == 1


def test_any_error_puts_the_job_back_and_the_others_go_on() -> None:
    owe(1)
    owe(2)
    fails.append(ZeroDivisionError("see https://localhost/o/abcdefgh"))
    assert run_due(NOW) == 2
    assert done == [{"number": 2}]
    assert Job.objects.get().error == "ZeroDivisionError: see https://localhost/o/…"


def test_a_kind_that_is_not_known_is_kept() -> None:
    enqueue("of.the.future", {}, now=NOW)
    run_due(NOW)
    assert "KeyError" in Job.objects.get().error


def test_waits_grow_and_end_on_the_list_of_the_dead() -> None:
    owe()
    now, waits = NOW, []
    for _ in range(MOST_ATTEMPTS):
        fails.append(JobFailed("still down"))
        assert run_due(now) == 1
        job = Job.objects.get()
        if job.dead_at:
            break
        assert job.run_at
        waits.append((job.run_at - now).total_seconds())
        now = job.run_at + timedelta(seconds=1)
    assert len(waits) == MOST_ATTEMPTS - 1
    assert waits[:8] == sorted(waits[:8])
    assert sum(waits) > 24 * 3600
    assert Job.objects.get().dead_at == now


def test_waits_are_jittered() -> None:
    assert len({wait_before(3) for _ in range(20)}) > 1


def test_a_job_whose_worker_died_runs_again_after_its_lease() -> None:
    owe()
    assert len(claim(now=NOW)) == 1  # and the worker is killed
    assert run_due(NOW + timedelta(seconds=LEASE - 1)) == 0
    assert run_due(NOW + timedelta(seconds=LEASE)) == 1
    assert len(done) == 1


def test_a_job_that_kills_its_worker_each_time_ends_dead() -> None:
    owe()
    now = NOW
    for _ in range(MOST_ATTEMPTS):
        assert len(claim(now=now)) == 1
        now += timedelta(seconds=LEASE)
    assert run_due(now) == 1
    assert done == []
    assert Job.objects.get().dead_at == now


def test_the_only_worker_takes_back_what_the_former_one_held() -> None:
    owe(1)
    owe(2, delay=timedelta(hours=1))
    claim(now=NOW)
    assert take_back(now=NOW) == 1
    run_due(NOW)
    assert done == [{"number": 1}]


def test_a_worker_that_lost_its_lease_leaves_the_job_to_the_next() -> None:
    owe()
    [slow] = claim(now=NOW)
    [quick] = claim(now=NOW + timedelta(seconds=LEASE))
    finish(slow)
    assert Job.objects.filter(pk=quick.id).exists()
    finish(quick)
    assert not Job.objects.exists()


def test_a_periodic_job_is_owed_once_per_tick_by_all_workers_together() -> None:
    one, other = Ticks({"note": 3600}), Ticks({"note": 3600})
    for ticks in (one, other, one):
        ticks.enqueue_due(now=NOW)
        run_due(NOW)
    assert len(done) == 1
    later = NOW + timedelta(hours=1)
    for ticks in (other, one, Ticks({"note": 3600})):
        ticks.enqueue_due(now=later)
        run_due(later)
    assert len(done) == 2
    assert Tick.objects.count() == 1


def test_a_clock_set_back_repeats_no_tick() -> None:
    Ticks({"note": 3600}).enqueue_due(now=NOW)
    Ticks({"note": 3600}).enqueue_due(now=NOW - timedelta(hours=2))
    assert Job.objects.count() == 1


def test_every_periodic_kind_has_work_to_do() -> None:
    assert set(kinds.PERIODIC) <= set(kinds.HANDLERS)


@pytest.mark.django_db(transaction=True)
def test_the_loop_works_until_it_is_told_to_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "IDLE_SECONDS", 0.01)
    monkeypatch.setattr(worker, "Ticks", lambda: Ticks({}))
    owe(1)
    with _working():
        _wait_for(lambda: len(done) == 1)
        owe(2)
        _wait_for(lambda: len(done) == 2)


@pytest.mark.django_db(transaction=True)
def test_the_loop_waits_for_a_database_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import OperationalError

    away = [OperationalError("no connection"), OperationalError("still none")]
    real = worker.run_due

    def run_due_when_there(now: datetime) -> int:
        if away:
            raise away.pop(0)
        return real(now)

    monkeypatch.setattr(worker, "run_due", run_due_when_there)
    monkeypatch.setattr(worker, "AWAY_SECONDS", 0.01)
    monkeypatch.setattr(worker, "Ticks", lambda: Ticks({}))
    owe()
    with _working():
        _wait_for(lambda: len(done) == 1)
    assert not away


class _working:  # noqa: N801 - reads as a phrase
    """A worker's loop in a thread of its own."""

    def __init__(self) -> None:
        self.stop = threading.Event()
        self.thread = threading.Thread(target=work, args=(self.stop, lambda: NOW))

    def __enter__(self) -> None:
        self.thread.start()

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self.thread.join(10)
        assert not self.thread.is_alive()


def _wait_for(happened: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(1000):
        if happened():
            return
        pause.wait(0.01)
    raise AssertionError("it did not happen within 10 s")
