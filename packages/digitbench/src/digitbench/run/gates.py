"""Gates: what a run must achieve."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from digitbench.run.baseline import Baseline
from digitbench.run.selection import NO_DIGIT
from digitbench.run.tally import DIGITS, NUMBERS
from digitnet.errors import DigitnetError

ALL = "all"
"""The group of all recordings."""

TAG = "tag:"
"""What the group of a tag starts with."""


class GateError(DigitnetError):
    """A gate does not exist, or asks for the impossible."""


@dataclass(frozen=True)
class Gates:
    """What a run must achieve; each attribute is named after its option.

    Attributes:
        min_accuracy: the least accuracy, 0 to 1, by group: "all", "0" to "9", "numbers", "none" (no
            digit), or "tag:" and a tag.
        max_p99_ms: the highest 99th percentile from release to answer drawn, in milliseconds.
        baseline: an earlier run; what it read correctly must still be read correctly.
    """

    min_accuracy: Mapping[str, float] = field(default_factory=dict)
    max_p99_ms: float | None = None
    baseline: Baseline | None = None

    def overridden_by(self, other: Gates) -> Gates:
        """Return these gates, replaced by those of `other` where it has them."""
        return Gates(
            min_accuracy={**self.min_accuracy, **other.min_accuracy},
            max_p99_ms=self.max_p99_ms if other.max_p99_ms is None else other.max_p99_ms,
            baseline=other.baseline or self.baseline,
        )


def checked_accuracy(group: str, value: object) -> tuple[str, float]:
    """Return a group and its least accuracy, if both are valid.

    Raises:
        GateError: there is no such group, or the accuracy is not a number from 0 to 1.
    """
    if group != ALL and group not in DIGITS and not (group.startswith(TAG) and group != TAG):
        groups = f"{ALL}, 0 to 9, {NUMBERS}, {NO_DIGIT} or {TAG}NAME"
        raise GateError(f"{group!r} is not a group of recordings; use {groups}")
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1:
        return group, float(value)
    raise GateError(f"{value!r} is not an accuracy of {group}; use a number from 0 to 1")
