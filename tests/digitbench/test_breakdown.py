"""The figures of a run: what was read as what, and how long it took."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from digitbench.report.breakdown import confusion, histogram

if TYPE_CHECKING:
    from tests.digitbench.conftest import Judged


def test_what_was_meant_stands_against_what_was_read(judged: Judged) -> None:
    """Digits and ink that is none; numbers and crashes are left out, and counted as such."""
    results = [
        judged("a", "7", "7"),
        judged("b", "7", "1"),
        judged("c", "7", "1"),
        judged("d", "7", "7", accepted=False),
        judged("e", "7", "11"),
        judged("f", "", "3", accepted=False),
        judged("g", "", "3"),
        judged("h", "2026", "2020"),
        judged("i", "4", None, error="Traceback: boom"),
    ]
    counted = confusion(results)
    assert counted.rows == ("7", "none")
    assert counted.columns == (*"0123456789", "none", "several")
    assert dict(counted.counts) == {
        ("7", "7"): 1,
        ("7", "1"): 2,
        ("7", "none"): 1,
        ("7", "several"): 1,
        ("none", "none"): 1,
        ("none", "3"): 1,
    }
    assert counted.left_out == 2
    assert counted.share("7", "1") == pytest.approx(0.4)
    assert counted.share("9", "1") == 0.0


@given(values=st.lists(st.floats(0, 1e6), min_size=1, max_size=300))
@example(values=[0.58])  # over 0.02 it is just less than 29
def test_a_histogram_counts_every_value(values: list[float]) -> None:
    """In few bins of a round width, of which but the last holds any that is beyond."""
    bins = histogram(values)
    assert sum(bins.counts) == len(values)
    assert 1 <= len(bins.counts) <= 31
    exponent = math.floor(math.log10(bins.width) + 1e-9)
    assert round(bins.width / 10**exponent, 6) in (1, 2, 5)
    assert bins.beyond <= len(values) / 100


def test_a_histogram_of_nothing_has_no_bins() -> None:
    """Rather than an error."""
    assert histogram([]).counts == ()


def test_bins_start_at_nought() -> None:
    """Ten values a millisecond apart, each in its own place."""
    bins = histogram([0.5, 1.5, 1.75, 29.5])
    assert (bins.width, bins.beyond) == (1.0, 0)
    assert bins.counts[:3] == (1, 2, 0)
    assert bins.counts[29] == 1
