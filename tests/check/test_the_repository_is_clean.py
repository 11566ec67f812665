"""What may not get into the repository: machines, addresses of registries, unlocked packages."""

import re
import tomllib

from tests.check.source import ROOT, tracked_texts

LOCKS = ("requirements.lock", "requirements-dev.lock")
PIN = re.compile(r"^([a-z0-9.-]+)==(\S+)", re.MULTILINE)
# The brackets keep this file from holding what it looks for.
HOMES = "work|root|home|Users"
MACHINE_PATH = re.compile(rf"(?<![\w.:/~*-])/(?:{HOMES})/[\w.-]+")
REGISTRY = re.compile(r"pypi\.(?:python\.)?or[g]|pythonhosted\.or[g]|npmjs\.or[g]|npmjs\.co[m]|deb\.debia[n]")


def pins(lock: str) -> dict[str, str]:
    return dict(PIN.findall((ROOT / lock).read_text()))


def test_locks_hold_hashes_and_no_addresses() -> None:
    for lock in LOCKS:
        text = (ROOT / lock).read_text()
        assert "//" not in text, lock
        assert not re.search(r"^\s*(-|#)(?!-hash)", text.replace("--hash", "#-hash"), re.MULTILINE), (
            f"{lock}: an option"
        )
        for entry in re.split(r"\n(?=[a-z])", text.strip()):
            assert "--hash=sha256:" in entry, f"{lock}: no hash for {entry.splitlines()[0]}"


def test_the_dev_lock_holds_the_whole_runtime_lock() -> None:
    runtime, dev = pins(LOCKS[0]), pins(LOCKS[1])
    assert runtime
    assert runtime.items() <= dev.items(), "run `make lock`"


def test_the_locks_answer_to_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    runtime, dev = pins(LOCKS[0]), pins(LOCKS[1])
    groups = project["dependency-groups"]
    wanted = {name_of(line): runtime for line in (*project["project"]["dependencies"], *groups["build"])}
    wanted |= {name_of(line): dev for line in groups["dev"] if isinstance(line, str)}
    missing = [name for name, locked in wanted.items() if name not in locked]
    assert not missing, f"run `make lock`: {', '.join(missing)}"


def name_of(requirement: str) -> str:
    return re.split(r"[\[<>=!~; ]", requirement, maxsplit=1)[0].lower().replace("_", "-")


def test_no_path_of_a_machine_and_no_registry() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}: {found[0]}"
        for path, text in tracked_texts()
        for pattern in (MACHINE_PATH, REGISTRY)
        for found in pattern.finditer(text)
    ]
    assert not wrong, "\n".join(wrong)


def test_the_changelog_has_a_place_for_what_is_next() -> None:
    assert re.search(r"^## Unreleased$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)


def test_ci_runs_the_whole_suite_and_nothing_else() -> None:
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o111, "not executable"
    commands = [line for line in script.read_text().splitlines() if "make" in line]
    assert commands == ["exec make test"]
