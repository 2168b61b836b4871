"""Confidence intervals of counted shares."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitbench.run.intervals import wilson_interval

COUNTS = st.integers(1, 100_000).flatmap(
    lambda trials: st.tuples(st.integers(0, trials), st.just(trials))
)


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_intervals_are_those_of_the_literature(
    successes: int, trials: int, low: float, high: float
) -> None:
    """The examples with which R. G. Newcombe compares methods (Statistics in Medicine 17, 1998)."""
    assert wilson_interval(successes, trials) == pytest.approx((low, high), abs=5e-5)


@given(COUNTS)
def test_an_interval_holds_the_share_and_is_its_mirror_image(counts: tuple[int, int]) -> None:
    """Within 0 and 1, and for failures the complement of that for successes."""
    successes, trials = counts
    low, high = wilson_interval(successes, trials)
    assert 0 <= low <= successes / trials <= high <= 1
    assert wilson_interval(trials - successes, trials) == pytest.approx((1 - high, 1 - low))


def test_nothing_is_known_of_no_trials() -> None:
    """No trials are not an error: groups may be empty."""
    assert wilson_interval(0, 0) == (0.0, 1.0)


@pytest.mark.parametrize(("successes", "trials"), [(-1, 3), (4, 3), (0, -1)])
def test_counts_that_cannot_be_are_refused(successes: int, trials: int) -> None:
    """It raises instead of returning a number."""
    with pytest.raises(ValueError, match="is not a share"):
        wilson_interval(successes, trials)
