"""How sure a share is that was counted."""

from __future__ import annotations

import math
from statistics import NormalDist

CONFIDENCE = 0.95
"""How sure all intervals are that are reported."""


def wilson_interval(successes: int, trials: int) -> tuple[float, float]:
    """Give the interval in which the true share lies with 95 % confidence, 0 to 1.

    It is right for shares near 1 and for few trials too (E. B. Wilson, Probable inference, the law
    of succession, and statistical inference, Journal of the American Statistical Association 22,
    1927). Of no trials nothing is known: 0 to 1.

    Raises:
        ValueError: there are fewer than 0, or more successes than trials.
    """
    if not 0 <= successes <= trials:
        raise ValueError(f"{successes} of {trials} is no share")
    if not trials:
        return 0.0, 1.0
    z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
    share = successes / trials
    weight = 1 + z**2 / trials
    centre = (share + z**2 / (2 * trials)) / weight
    half = z / weight * math.sqrt(share * (1 - share) / trials + z**2 / (4 * trials**2))
    # Rounding must not exclude a share of exactly none or all.
    low = 0.0 if successes == 0 else max(0.0, centre - half)
    high = 1.0 if successes == trials else min(1.0, centre + half)
    return low, high
