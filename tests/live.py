"""The real `bookonce serve` as a process of its own, for tests and benchmarks that talk to it over HTTP."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.engine import POSTGRESQL, new_database
from tests.migrated import migrated_database
from tests.strength import times
from tools.postgres import free_port

COMMAND = str(Path(sys.executable).parent / "bookonce")
OWNER = {
    "name": "Alice Owner",
    "email": "alice@example.org",
    "password": "correct horse battery staple",
    "workspace": "alice",
    "timezone": "Europe/Berlin",
}
START_SECONDS = 60
STOP_SECONDS = 20
WORKERS = times(2, 4)  # on PostgreSQL: two race each other as four do, and each takes two seconds to start


@dataclass
class LiveBookonce:
    """One installation: a data directory (and database), and the server that runs on it when started.

    `owner` is what `bookonce setup` printed: workspace, calendar and api_key.
    """

    data_dir: Path
    database_url: str = ""
    workers: int | None = None
    extra_env: Mapping[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    owner: dict[str, Any] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    beside: subprocess.Popen[bytes] | None = None  # tests/races/beside.py

    @property
    def base_url(self) -> str:
        """The address of the server, without a slash at the end."""
        return f"http://localhost:{self.port}"

    @property
    def log(self) -> Path:
        """All that the server printed, over every start."""
        return self.data_dir.with_name(f"{self.data_dir.name}.log")

    @property
    def env(self) -> dict[str, str]:
        """The environment of the server and of every command run beside it."""
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("BOOKONCE_", "DJANGO_"))
        }
        own = {
            "BOOKONCE_DATA_DIR": str(self.data_dir),
            "BOOKONCE_DATABASE_URL": self.database_url,
            "BOOKONCE_BASE_URL": self.base_url,
            "BOOKONCE_RATE_LIMITS": "no",  # a storm comes from one address
        }
        return {**kept, **own, **self.extra_env}

    def run(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run `bookonce ARGUMENTS` on this installation. Raises AssertionError when it fails."""
        done = subprocess.run(
            [COMMAND, *arguments], env=self.env, capture_output=True, text=True, timeout=120, check=False
        )
        if check and done.returncode:
            raise AssertionError(
                f"bookonce {' '.join(arguments)}: {done.returncode}\n{done.stdout}{done.stderr}"
            )
        return done

    def setup(self, **changes: str) -> dict[str, Any]:
        """Make the workspace, its owner and a first calendar; keep and return what the command printed."""
        options = [part for name, value in {**OWNER, **changes}.items() for part in (f"--{name}", value)]
        self.owner = json.loads(self.run("setup", *options, "--json").stdout)
        return self.owner

    def call(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        """One call of the REST API with the key of the first run. Raises HTTPError when it is refused."""
        request = urllib.request.Request(
            f"{self.base_url}/api/v1/{path}",
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"Authorization": f"Bearer {self.owner['api_key']}", "Content-Type": "application/json"},
        )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=30) as answer:
            answered: dict[str, Any] = json.loads(answer.read())
        return answered

    def start(self, *options: str) -> None:
        """Start the server and wait until it is healthy. Raises AssertionError with the end of its log."""
        workers = ("--workers", str(self.workers)) if self.workers else ()
        command = [COMMAND, "serve", "--port", str(self.port), *workers, *options]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command,
                env=self.env,
                stdout=log,
                stderr=log,
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
        end = time.monotonic() + START_SECONDS
        while not self.is_healthy():
            if self.process.poll() is not None or time.monotonic() > end:
                self.kill()
                raise AssertionError(f"the server did not start:\n{self.log.read_text()[-4000:]}")
            time.sleep(0.05)

    def is_healthy(self) -> bool:
        """Tell whether /healthz answers 200 now."""
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(f"http://127.0.0.1:{self.port}/healthz", timeout=5) as answer:
                return bool(answer.status == 200)
        except (OSError, urllib.error.URLError):
            return False

    def stop(self) -> int:
        """Ask the server to end, wait, and return its exit code; what is left of its group is killed."""
        if self.process is None:
            return 0
        self.process.terminate()
        try:
            code = self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            code = -signal.SIGKILL
        self.kill()
        return code

    def kill(self) -> None:
        """Kill -9 the server's whole process group."""
        if self.process is None:
            return
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        self.process = None

    def end(self) -> None:
        """Kill the server, and the process beside it if there is one."""
        self.kill()
        if self.beside is not None:
            self.beside.kill()
            self.beside.communicate()

    def kill_parent(self) -> None:
        """Kill -9 only the process we started; its workers are left to notice. `kill()` ends what is left."""
        if self.process is not None:
            os.kill(self.process.pid, signal.SIGKILL)
            self.process.wait()


NewBookonce = Callable[..., LiveBookonce]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files first that take longest: one of two processes would else wait for the other's last."""
    items.sort(key=lambda item: item.path.parent.name != "e2e")


@pytest.fixture(scope="session")
def set_up_once(
    engine: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[LiveBookonce]:
    """An installation after its first run that is only copied: the migrations alone take seconds."""
    with ExitStack() as stack:
        first = LiveBookonce(tmp_path_factory.mktemp("first") / "data")
        _give_database(first, engine, request, stack)
        first.setup()
        yield first


def _give_database(live: LiveBookonce, engine: str, request: pytest.FixtureRequest, stack: ExitStack) -> None:
    """A migrated database in which nothing has happened yet."""
    if engine == POSTGRESQL:
        url = request.getfixturevalue("postgresql_url")
        live.database_url = stack.enter_context(migrated_database(url))
    else:
        live.data_dir.mkdir(mode=0o700)
        shutil.copy(request.getfixturevalue("migrated_file"), live.data_dir / "bookonce.sqlite3")


@pytest.fixture(scope="module")
def new_bookonce(
    engine: str, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[NewBookonce]:
    """A function that gives a new installation on this run's engine, set up and started.

    Its options: `setup=False` leaves out the first run, `start=False` the server, both together even the
    database's tables; `workers` (WORKERS unless told; SQLite has one); `env` adds to the environment. All are
    killed at the end of the module.
    """
    with ExitStack() as stack:

        def make(
            *,
            setup: bool = True,
            start: bool = True,
            workers: int | None = None,
            env: Mapping[str, str] | None = None,
        ) -> LiveBookonce:
            live = LiveBookonce(tmp_path_factory.mktemp("live") / "data", extra_env=env or {})
            first: LiveBookonce | None = request.getfixturevalue("set_up_once") if setup else None
            live.workers = (workers or WORKERS) if engine == POSTGRESQL else None
            if first is None and start:
                _give_database(live, engine, request, stack)
            elif engine == POSTGRESQL:
                like = first.database_url if first else ""
                url = request.getfixturevalue("postgresql_url")
                live.database_url = stack.enter_context(new_database(url, like=like))
            if first:
                shutil.copytree(first.data_dir, live.data_dir)
                live.owner = dict(first.owner)
            stack.callback(live.end)
            if start:
                live.start()
            return live

        yield make


@pytest.fixture(scope="module")
def live_bookonce(new_bookonce: NewBookonce) -> LiveBookonce:
    """One installation for a whole module, set up and serving."""
    return new_bookonce()
