"""Mutation testing names tests and source files that exist."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from mutants import ROOT, SLOW, TARGETS


def functions_of(test: str) -> Iterator[str]:
    """Yield the ids of the test functions in a file."""
    for line in (ROOT / test).read_text(encoding="utf-8").splitlines():
        if line.startswith("def test_"):
            yield f"{test}::{line.removeprefix('def ').partition('(')[0]}"


@pytest.mark.parametrize("name", TARGETS)
def test_targets_name_existing_files(name: str) -> None:
    """Every test file exists, and every pattern matches source files."""
    target = TARGETS[name]
    assert [test for test in target.tests if not (ROOT / test).is_file()] == []
    for pattern in target.mutated:
        assert list(ROOT.glob(f"packages/*/{pattern}"))


def test_slow_tests_exist() -> None:
    """The tests to leave out are in the files of the targets."""
    tests = {test for target in TARGETS.values() for test in target.tests}
    assert set(SLOW) <= {function for test in tests for function in functions_of(test)}
