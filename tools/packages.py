"""What the tests need from the operating system: found, installed from Debian's packages, or said clearly."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path

from tools import postgres

CHROMIUM_PLACES = ("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome")


def find_chromium() -> Path | None:
    """Return the browser's program, or None."""
    return next((Path(place) for place in CHROMIUM_PLACES if Path(place).exists()), None)


# What Android and many desktops show; the pictures in the docs are to look the same. Tests need none of them.
FONTS = ("fonts-noto-core", "fonts-noto-cjk")


def install_fonts() -> None:
    """Install fonts for Arabic, Hebrew, Chinese and Japanese where they are missing, as root on Debian."""
    listed = subprocess.run(["fc-list"], capture_output=True, text=True, check=False).stdout
    if "NotoSansHebrew" in listed and "NotoSansCJK" in listed:
        return
    command = ["apt-get", "install", "--yes", "--quiet", "--no-install-recommends", *FONTS]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    if subprocess.run(command, env=environment, check=False, stdin=subprocess.DEVNULL).returncode:
        raise SystemExit(f"The pictures need fonts. As root on Debian: {' '.join(command)}")


# What can be left out with WITHOUT= -> how it is found.
NEEDS: dict[str, Callable[[], Path | None]] = {
    "postgresql": postgres.find_programs,
    "chromium": find_chromium,
}


def left_out() -> frozenset[str]:
    """Return what the variable WITHOUT names. Raises SystemExit for a name we don't know."""
    named = frozenset(name.strip() for name in os.environ.get("WITHOUT", "").split(",") if name.strip())
    if unknown := named - set(NEEDS):
        raise SystemExit(f"WITHOUT={','.join(sorted(unknown))}? Known: {', '.join(NEEDS)}")
    return named


def install_missing(without: Iterable[str] = ()) -> None:
    """Install what is missing and not left out. Raises SystemExit with the remedy when that can't be done."""
    missing = [name for name, find in NEEDS.items() if name not in without and find() is None]
    if not missing:
        return
    remedy = (
        f"The tests need {' and '.join(missing)}.\n"
        f"As root on Debian: apt-get update && apt-get install {' '.join(missing)}\n"
        f"To leave it out knowingly: make test WITHOUT={','.join(missing)}"
    )
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise SystemExit(remedy)
    print(f"Installing {' and '.join(missing)} ...", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "--yes", "--quiet", "--no-install-recommends", *missing]
    for command in (["apt-get", "update", "--quiet"], install):
        if subprocess.run(command, env=environment, check=False, stdin=subprocess.DEVNULL).returncode:
            raise SystemExit(f"{' '.join(command)} failed.\n{remedy}")
    if still := [name for name in missing if NEEDS[name]() is None]:
        raise SystemExit(f"Installed, yet not found: {', '.join(still)}.\n{remedy}")
