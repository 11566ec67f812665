"""Playwright drives the system's Chromium: no test tool downloads a browser of its own."""

from typing import Any

import pytest

from tools.packages import find_chromium

# What Playwright leaves out, as a second flag replaces its own, and the lists below the address field: two
# pages more for each page that is opened.
_WITHOUT = (
    "AvoidUnnecessaryBeforeUnloadCheckSync",
    "DestroyProfileOnBrowserClose",
    "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable",
    "LensOverlay",
    "MediaRouter",
    "PaintHolding",
    "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect",
    "TcpPortRandomizationWin",
    "OptimizationHints",
    "NetworkTimeServiceQuerying",
    "AimEnabled",
    "PreconnectToSearch",
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
)
FLAGS = (
    "--headless",
    "--no-sandbox",  # the tests may run as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    # Without these Chromium calls home at every start.
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join(_WITHOUT)}",
)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """How pytest-playwright starts the browser. A missing browser fails the test, saying how to get it."""
    chromium = find_chromium()
    if chromium is None:
        pytest.fail("No Chromium here. On Debian: apt-get install chromium")
    return {"executable_path": str(chromium), "args": list(FLAGS), "headless": True}
