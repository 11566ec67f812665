"""Private PostgreSQL clusters for tests and benchmarks: own directory, port and socket, gone afterwards.

python -m tools.postgres start DIR        start a cluster in DIR (made when missing), print its URL
python -m tools.postgres stop DIR         stop it; DIR stays
python -m tools.postgres run -- COMMAND   run COMMAND with BOOKONCE_TEST_DATABASE_URL set to a new cluster

PostgreSQL refuses to run as root: then the operating system's user `postgres` runs it.
Data is not synced to disk: such a cluster is for what may be lost.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

OLDEST = 15
SYSTEM_USER = "postgres"
ROLE = DATABASE = "bookonce"
URL_VARIABLE = "BOOKONCE_TEST_DATABASE_URL"
CONFIGURATION = """
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = '{directory}'
max_connections = 200
shared_buffers = 128MB
fsync = off
full_page_writes = off
timezone = 'UTC'
log_line_prefix = '%m [%p] '
log_lock_waits = on
"""


@contextmanager
def private_cluster() -> Iterator[str]:
    """Yield the URL of a database in a cluster of its own; stop and delete the cluster afterwards."""
    directory = Path(tempfile.mkdtemp(prefix="bookonce-postgresql-"))
    try:
        yield start(directory)
    finally:
        stop(directory)
        shutil.rmtree(directory, ignore_errors=True)


def start(directory: Path) -> str:
    """Make and start a cluster in `directory`, return its URL. Raises SystemExit when there is no server."""
    programs = find_programs()
    if programs is None:
        raise SystemExit(f"No PostgreSQL {OLDEST} or newer here. On Debian: apt-get install postgresql")
    directory.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        shutil.chown(directory, SYSTEM_USER, SYSTEM_USER)
    cluster = directory / "cluster"
    is_new = not cluster.exists()
    if is_new:
        _run(programs / "initdb", "--pgdata", cluster, "--username", ROLE, "--auth", "trust",
             "--encoding", "UTF8", "--no-locale", "--no-sync")  # fmt: skip
    port = free_port()
    with (cluster / "postgresql.conf").open("a") as configuration:
        configuration.write(CONFIGURATION.format(port=port, directory=directory))
    _run(programs / "pg_ctl", "start", "--pgdata", cluster, "--log", directory / "log", "--wait")
    url = f"postgresql://{ROLE}@127.0.0.1:{port}/{DATABASE}"
    address = ("--host", "127.0.0.1", "--port", str(port), "--username", ROLE)
    if is_new:
        _run(programs / "createdb", *address, DATABASE)
    return url


def stop(directory: Path) -> None:
    """Stop the cluster in `directory` at once, if one runs there."""
    programs = find_programs()
    if programs and (directory / "cluster" / "postmaster.pid").exists():
        _run(programs / "pg_ctl", "stop", "--pgdata", directory / "cluster", "--mode", "immediate")


def find_programs() -> Path | None:
    """Return the folder with the newest server's programs (Debian keeps one per version), or None."""
    versions = [
        (int(folder.parent.name), folder)
        for folder in Path("/usr/lib/postgresql").glob("*/bin")
        if folder.parent.name.isdigit() and (folder / "initdb").exists()
    ]
    if versions and max(versions)[0] >= OLDEST:
        return max(versions)[1]
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


def free_port() -> int:
    """Return a TCP port of 127.0.0.1 that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _run(*command: str | Path) -> None:
    """Run a server program quietly, as SYSTEM_USER when we are root; raise with its words when it fails."""
    as_user: dict[str, Any] = {}
    if os.geteuid() == 0:
        as_user = {"user": SYSTEM_USER, "group": SYSTEM_USER, "extra_groups": []}
    # A file, not a pipe: the server inherits it and would keep a pipe open for as long as it runs.
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(
            [str(part) for part in command], stdout=output, stderr=output, stdin=subprocess.DEVNULL,
            cwd="/", check=False, **as_user,
        )  # fmt: skip
        if done.returncode:
            output.seek(0)
            raise RuntimeError(f"{command[0]} failed:\n{output.read()}")


def main(arguments: Sequence[str]) -> int:
    """Carry out one of the commands in this module's docstring; return an exit code."""
    match list(arguments):
        case ["start", directory]:
            print(start(Path(directory).resolve()))
        case ["stop", directory]:
            stop(Path(directory).resolve())
        case ["run", "--", *command] if command:
            with private_cluster() as url:
                return subprocess.run(command, check=False, env={**os.environ, URL_VARIABLE: url}).returncode
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
