"""Build .venv from a hashed lock file; quick when nothing changed.

Usage: python3 tools/environment.py runtime|dev

Runs on the machine's own python3, whatever its version, so that an old one gets a sentence instead of a
syntax error: keep this file to what Python 3.6 can read.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
OLDEST = (3, 11)
NEWER_NAMES = ("python3.14", "python3.13", "python3.12", "python3.11")
LOCKS = {"runtime": "requirements.lock", "dev": "requirements-dev.lock"}


def main(kind):
    """Make .venv hold what the lock of `kind` names, and the project itself, editable."""
    find_new_enough_python()
    wanted = fingerprint(kind)
    if is_installed(kind, wanted):
        return
    if not (VENV / "bin" / "python").exists():
        create_venv()
    print("Installing the locked dependencies into .venv ...", flush=True)
    pip("install", "--require-hashes", "-r", LOCKS[kind])
    pip("install", "--no-deps", "--no-build-isolation", "--editable", ".")
    stamp(kind).write_text(wanted)
    if kind == "dev":  # the dev lock holds the whole runtime lock (tests/check proves it)
        stamp("runtime").write_text(fingerprint("runtime"))


def find_new_enough_python():
    """Go on with a newer interpreter of this machine when this one is too old; exit when there is none."""
    if sys.version_info >= OLDEST:
        return
    for name in NEWER_NAMES:
        newer = shutil.which(name)
        if newer:
            os.execv(newer, [newer] + sys.argv)
    sys.exit(
        "Bookonce needs Python 3.11 or newer; python3 here is %d.%d.\n"
        "Install a newer one, or name it: make PYTHON=/path/to/python3.11 ..." % sys.version_info[:2]
    )


def create_venv():
    """Create .venv with pip in it; exit with the remedy when this Python can't."""
    print("Creating .venv with Python %d.%d ..." % sys.version_info[:2], flush=True)
    made = subprocess.run([sys.executable, "-m", "venv", str(VENV)])
    if made.returncode:
        shutil.rmtree(str(VENV), ignore_errors=True)
        sys.exit(
            "Python's venv module is missing or incomplete.\n"
            "On Debian and Ubuntu: apt-get install python3-venv (as root), then run this again."
        )


def fingerprint(kind):
    """Return a digest of everything an installation depends on."""
    parts = [(ROOT / LOCKS[kind]).read_bytes(), (ROOT / "pyproject.toml").read_bytes(), str(ROOT).encode()]
    # The catalogues are compiled when the project is installed (tools/compile_catalogues.py).
    parts += [path.read_bytes() for path in sorted(ROOT.glob("src/bookonce/locale/*/LC_MESSAGES/*.po"))]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def is_installed(kind, wanted):
    """Tell whether .venv already holds `wanted` and still works (its Python may have been removed)."""
    if not stamp(kind).exists() or stamp(kind).read_text() != wanted:
        return False
    return (VENV / "bin" / "python").exists() and (VENV / "bin" / "bookonce").exists()


def stamp(kind):
    """Return the file that remembers what was installed."""
    return VENV / (".installed-" + kind)


def pip(*arguments):
    """Run the environment's pip in the project's root; exit with its code when it fails."""
    command = [str(VENV / "bin" / "python"), "-m", "pip", "--disable-pip-version-check"]
    done = subprocess.run(command + list(arguments) + ["-qq"], cwd=str(ROOT))
    if done.returncode:
        sys.exit("pip could not install the locked dependencies (its message is above).")


if __name__ == "__main__":
    if len(sys.argv) != 2 or sys.argv[1] not in LOCKS:
        sys.exit(__doc__)
    main(sys.argv[1])
