"""`bookonce key rotate` while a server in another process works, killed in the middle and run again."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import threading
import time
from pathlib import Path

from tests.live import COMMAND, LiveBookonce, NewBookonce
from tests.races.storm import Post, all_at_once, guest, new_links, slots

LINKS = 300


def key_file(live: LiveBookonce) -> Path:
    return live.data_dir / "seal_key"


def shown(live: LiveBookonce) -> list[str | None]:
    """The address of every link, as the running server shows it."""
    urls: list[str | None] = []
    cursor = ""
    while True:
        page = live.call("GET", f"one-time-links?limit=200{cursor}")
        urls += [link["url"] for link in page["items"]]
        if page["next"] is None:
            return urls
        cursor = f"&cursor={page['next']}"


def rotate_and_kill(live: LiveBookonce) -> None:
    """End it without warning as soon as it has begun to encrypt anew."""
    old = key_file(live).read_text(encoding="ascii")
    with subprocess.Popen(
        [COMMAND, "key", "rotate", "--only-server", "--wait", "60"],
        env=live.env,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    ) as process:
        assert process.stderr
        assert b"encrypted anew" in process.stderr.readline()
        process.send_signal(signal.SIGKILL)
        process.wait()
    kept = key_file(live).read_text(encoding="ascii").split(",")
    assert (len(kept), kept[1]) == (2, old)


def test_no_link_is_lost_and_the_server_answers_all_the_time(new_bookonce: NewBookonce, engine: str) -> None:
    live = new_bookonce()
    links = new_links(live, LINKS)
    stop = threading.Event()
    failures: list[str | None] = []
    made: list[str] = []

    def work() -> None:
        while not stop.is_set():
            try:
                made.append(
                    live.call("POST", "one-time-links", {"calendar": live.owner["calendar"]["id"]})["url"]
                )
                missing = [url for url in shown(live) if url is None]
                failures.extend(missing)
            except OSError as error:
                failures.append(str(error))
            time.sleep(0.05)

    worker = threading.Thread(target=work)
    worker.start()
    try:
        rotate_and_kill(live)
        assert re.search(r"values are still encrypted with an old key|Nothing is encrypted", doctor(live))
        done = live.run("key", "rotate", "--only-server", "--wait", "1")
        assert "Going on where an earlier run ended" in done.stdout
        assert "Under an old one: 0." in done.stdout
    finally:
        stop.set()
        worker.join(60)
    assert failures == []
    assert made
    assert len(key_file(live).read_text(encoding="ascii").split(",")) == 1
    assert set(shown(live)) == {*links, *made}
    assert "old key" not in doctor(live)
    start = slots(1)[0]
    [reply] = all_at_once([Post(links[0], guest(start, 1))])
    assert reply.status == 201, reply


def doctor(live: LiveBookonce) -> str:
    done = live.run("doctor", check=False)
    assert "ok     Keys" in done.stdout, done.stdout
    return done.stdout


def test_one_rotation_at_a_time_and_never_with_the_wrong_key(new_bookonce: NewBookonce) -> None:
    live = new_bookonce(start=False)
    live.run("link", "new", live.owner["calendar"]["slug"])
    before = key_file(live).read_text(encoding="ascii")
    strange = live.run("key", "new").stdout.strip()
    live.extra_env = {"BOOKONCE_SEAL_KEY": strange}
    refused = live.run("key", "rotate", check=False)
    assert refused.returncode == 1
    assert "sealed with a key that is not here" in refused.stderr
    live.extra_env = {"BOOKONCE_SEAL_KEY": f"{strange},{before}"}
    done = live.run("key", "rotate")
    assert "Under an old one: 0." in done.stdout
    assert key_file(live).read_text(encoding="ascii") == before  # it was not asked about the file
    live.extra_env = {"BOOKONCE_SEAL_KEY": strange}
    listed = json.loads(live.run("link", "list", "--json").stdout)
    assert "/o/" in json.dumps(listed)
