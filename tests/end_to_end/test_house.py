"""House rules: files are short, and none names a place on somebody's machine or a package index."""

from __future__ import annotations

import re
import shutil
import statistics
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

LONGEST_SOURCE, LONGEST_TEST = 300, 350
TO_BE_SPLIT = {
    "tests/digitbench/test_checks.py",
    "tests/digitbench/test_inkml.py",
    "tests/digitbench/test_replay.py",
    "tests/digitdraw/test_controls.py",
}

PRIVATE_PATH = re.compile(r"/(?:work|root|home|Users)/\w|\.\./shared")
PACKAGE_INDEX = re.compile(r"\b(?:pypi|pythonhosted|download\.pytorch)\.(?:org|io)\b")  # as a host


@pytest.fixture(scope="module")
def tracked() -> list[str]:
    """The names of the repository's text files; skips the test outside a clone."""
    if not shutil.which("git") or not (ROOT / ".git").exists():
        pytest.skip("needs git and a clone, to know which files are tracked")
    command = ["git", "grep", "--cached", "-lIz", ""]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    return [name for name in done.stdout.split("\0") if name and (ROOT / name).is_file()]


@pytest.fixture(scope="module")
def lengths(tracked: list[str]) -> dict[str, int]:
    """The number of lines of each Python file."""
    return {name: len(lines(name)) for name in tracked if name.endswith(".py")}


def lines(name: str) -> list[str]:
    return (ROOT / name).read_text(encoding="utf-8").splitlines()


def test_files_are_short(lengths: dict[str, int]) -> None:
    """A file that needs more lines serves two purposes."""
    too_long = {
        name: count
        for name, count in lengths.items()
        if count > (LONGEST_TEST if name.startswith("tests/") else LONGEST_SOURCE)
    }
    assert not too_long.keys() - TO_BE_SPLIT, too_long


def test_files_are_not_crumbs(lengths: dict[str, int]) -> None:
    """The typical source file has a page or two; those that only mark a package don't count."""
    counts = [n for name, n in lengths.items() if name.startswith("packages/") and n > 1]
    assert 80 <= statistics.median(counts) <= 160


@pytest.mark.parametrize(
    ("pattern", "allowed"),
    [
        pytest.param(PRIVATE_PATH, ".ci/run", id="path on a machine"),
        pytest.param(PACKAGE_INDEX, "uv.lock", id="package index"),
    ],
)
def test_nothing_private_is_named(
    pattern: re.Pattern[str], allowed: str, tracked: list[str]
) -> None:
    """Only .ci/run knows where the data may be, and only uv.lock where packages come from."""
    others = [name for name in tracked if name not in {allowed, "tests/end_to_end/test_house.py"}]
    found = [
        f"{name}:{number}: {line.strip()}"
        for name in others
        for number, line in enumerate(lines(name), 1)
        if pattern.search(line)
    ]
    assert not found, "\n".join(found)
    assert any(pattern.search(line) for line in lines(allowed))
