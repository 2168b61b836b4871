"""Confidence intervals of counted shares."""

from __future__ import annotations

import math
from statistics import NormalDist

CONFIDENCE = 0.95
"""The confidence level of all reported intervals."""


def wilson_interval(successes: int, trials: int) -> tuple[float, float]:
    """Return the 95 % confidence interval of a share, (low, high), each 0 to 1.

    Wilson's score interval also holds for shares near 1 and for few trials (E. B. Wilson, Probable
    inference, the law of succession, and statistical inference, Journal of the American Statistical
    Association 22, 1927). It is (0, 1) for no trials. It is implemented here because SciPy, which
    has it, takes 100 MB on disk.

    Raises:
        ValueError: there are fewer than 0 successes, or more than trials.
    """
    if not 0 <= successes <= trials:
        raise ValueError(f"{successes} of {trials} is not a share")
    if not trials:
        return 0.0, 1.0
    z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
    share = successes / trials
    weight = 1 + z**2 / trials
    centre = (share + z**2 / (2 * trials)) / weight
    half = z / weight * math.sqrt(share * (1 - share) / trials + z**2 / (4 * trials**2))
    # Rounding must not exclude a share of exactly 0 or 1.
    low = 0.0 if successes == 0 else max(0.0, centre - half)
    high = 1.0 if successes == trials else min(1.0, centre + half)
    return low, high
