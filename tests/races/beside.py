"""The product's own code in a process beside the server, as the command line runs it: a second writer.

One process for each installation, started when it is first needed and kept: its start alone takes a second.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

from tests.live import LiveBookonce

CONTROL = "BOOKONCE_TEST_CONTROL"  # what the server alone runs without (controls/sitecustomize.py)
# Everything a piece of code may name; it gives its answer to `print`, which takes one value here.
_PREAMBLE = """
import json, os, sys, tempfile, traceback
from bookonce.cli.start import start
start()
from datetime import *
from django.db import connection
from bookonce.accounts.models import Member
from bookonce.lib import clock
from bookonce.lib.addresses import one_time_link_url
from bookonce.scheduling.errors import Busy
from bookonce.scheduling.events import Actor
from bookonce.scheduling.issue_link import issue_link
from bookonce.scheduling.link_options import LinkOptions
from bookonce.scheduling.models import *
from bookonce.scheduling.calendars import *
from bookonce.cli import main

def type_in(words):
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = os.fork()
        if child == 0:
            os.dup2(out.fileno(), 1)
            os.dup2(err.fileno(), 2)
            try:
                main(words, prog_name="bookonce")
            except SystemExit as end:
                code = end.code
            except BaseException:
                code = 1
                traceback.print_exc()
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code if isinstance(code, int) else 0 if code is None else 1)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        texts = []
        for file in (out, err):
            file.seek(0)
            texts.append(file.read().decode())
        return [code, *texts]

known = dict(globals())
for line in sys.stdin:
    asked = json.loads(line)
    said = []
    try:
        exec(asked["code"], {**known, "given": asked["given"], "print": said.append})
        reply = {"said": json.loads(said[0])}
    except BaseException:
        reply = {"broke": traceback.format_exc()}
    connection.close()  # an idle one would keep a lock or a snapshot
    print(json.dumps(reply), flush=True)
"""


def in_product(live: LiveBookonce, code: str, **given: Any) -> Any:
    """Run code of the product's beside the server; returns the JSON it prints. Raises AssertionError."""
    if live.beside is None or live.beside.poll() is not None:
        live.beside = _start(live)
    assert live.beside.stdin
    assert live.beside.stdout
    live.beside.stdin.write(json.dumps({"code": code, "given": given}).encode() + b"\n")
    live.beside.stdin.flush()
    reply = live.beside.stdout.readline()
    assert reply, "the process beside the server ended"
    told = json.loads(reply)
    assert "broke" not in told, told["broke"]
    return told["said"]


def typed(live: LiveBookonce, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """`bookonce WORDS` as `live.run`, in a process that forks off one that has loaded it: no second for each.

    Raises AssertionError when it fails.
    """
    code, out, err = in_product(live, "print(json.dumps(type_in(given['words'])))", words=words)
    if check and code:
        raise AssertionError(f"bookonce {' '.join(words)}: {code}\n{out}{err}")
    return subprocess.CompletedProcess(["bookonce", *words], code, out, err)


def _start(live: LiveBookonce) -> subprocess.Popen[bytes]:
    environment = {name: value for name, value in live.env.items() if name != CONTROL}
    return subprocess.Popen(
        [sys.executable, "-c", _PREAMBLE], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
