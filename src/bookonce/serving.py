"""A server process: alone on its SQLite data, gone with its parent, with the threads that only it may run.

granian is a parent and its workers: kill -9 of the parent would leave a worker serving, and a second
start would bind the same port beside it (docs/decisions/0005).
"""

from __future__ import annotations

import atexit
import ctypes
import fcntl
import logging
import os
import signal
import sys
import threading
import time
from pathlib import Path
from typing import IO

from django.conf import settings

from bookonce.lib import clock

logger = logging.getLogger(__name__)
PR_SET_PDEATHSIG = 1  # prctl(2)
WAIT_FOR_LOCK = 10.0  # seconds: an orphaned worker is killed by the kernel well within
FLUSH_OPENS_EVERY = 10.0  # seconds
_held: list[IO[str]] = []  # locks last as long as the process


def hold(lock: Path, *, wait: float = 0.0) -> bool:
    """Hold the lock file until this process ends, however it ends; False when another process has it."""
    if any(Path(file.name) == lock for file in _held):
        return True
    file = lock.open("a")
    deadline = clock.monotonic() + wait
    while True:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            if clock.monotonic() >= deadline:
                file.close()
                return False
            time.sleep(0.05)
        else:
            _held.append(file)
            return True


def start_worker() -> None:
    """Make this process a worker of `bookonce serve`; called once, when it loads the application."""
    _die_with_parent()
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3") and not hold(
        settings.BOOKONCE.data_dir / "worker.lock", wait=WAIT_FOR_LOCK
    ):
        sys.exit("Another server is using this data directory.")
    stop = threading.Event()
    threads = [threading.Thread(target=_flush_opens, args=(stop,), name="opens", daemon=True)]
    if settings.BOOKONCE.jobs:
        threads.append(threading.Thread(target=_run_jobs, args=(stop,), name="jobs", daemon=True))
    for thread in threads:
        thread.start()
    atexit.register(_stop, stop, threads)


def _die_with_parent() -> None:
    if not sys.platform.startswith("linux"):
        return
    parent = os.getppid()
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    if os.getppid() != parent or parent == 1:  # it died before the signal was asked for
        sys.exit("The server is gone.")


def _flush_opens(stop: threading.Event) -> None:
    from bookonce.booking_page import empty_pages, opens

    while not stop.wait(FLUSH_OPENS_EVERY):
        opens.flush()
        empty_pages.flush()
    opens.flush()
    empty_pages.flush()


def _run_jobs(stop: threading.Event) -> None:
    from bookonce.jobs.worker import work

    work(stop)


def _stop(stop: threading.Event, threads: list[threading.Thread]) -> None:
    stop.set()
    for thread in threads:
        thread.join(timeout=5)
