"""digitbench finds bugs that are planted in copies of the packages; see planted_bugs.toml."""

from __future__ import annotations

import pytest

import planted_bugs

BUGS = planted_bugs.bugs()


@pytest.mark.slow
@pytest.mark.parametrize("command", sorted({bug.found_by for bug in BUGS.values()}))
def test_nothing_is_found_where_there_is_nothing(command: str) -> None:
    """Otherwise any bug would seem to be found."""
    finding = planted_bugs.run_soon(command, None)
    assert finding.code == 0, finding.output


@pytest.mark.slow
@pytest.mark.parametrize("name", BUGS)
def test_a_planted_bug_is_found(name: str) -> None:
    """By the command that is meant to, in a process of its own."""
    finding = planted_bugs.run_soon(BUGS[name].found_by, BUGS[name])
    assert finding.is_found, finding.output


def test_a_bug_is_planted_in_one_place() -> None:
    """Each in a file of the app or the library; and names tell them apart."""
    assert len(BUGS) >= 30
    assert len({bug.what for bug in BUGS.values()}) == len(BUGS)
    for bug in BUGS.values():
        path = next(planted_bugs.ROOT.glob(f"packages/*/src/{bug.file}"))
        assert path.read_text(encoding="utf-8").count(bug.before) == 1, bug.name
