"""A test that can't run fails: skips count as failures unless WITHOUT= names what they need."""

from collections.abc import Generator

import pytest

from tools.packages import left_out

LEFT_OUT = "left out by WITHOUT="


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what WITHOUT leaves out: tests that use the browser, and tests marked `postgresql`."""
    without = left_out()
    for item in items:
        if "playwright" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.chromium)
        for need in without:
            if item.get_closest_marker(need):
                item.add_marker(pytest.mark.skip(reason=f"{LEFT_OUT}{need}"))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn the skip of a test into its failure."""
    report = yield
    _fail_if_skipped(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Turn the skip of a whole module into its failure."""
    report = yield
    _fail_if_skipped(report)
    return report


def _fail_if_skipped(report: pytest.TestReport | pytest.CollectReport) -> None:
    if report.outcome != "skipped" or hasattr(report, "wasxfail"):
        return
    if LEFT_OUT in str(report.longrepr):
        return
    report.outcome = "failed"
    report.longrepr = f"{report.nodeid} was skipped, and a test that can't run fails: {report.longrepr}"
