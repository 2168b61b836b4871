"""Figures: what is measured, under one name everywhere, with a value for each repeat."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """What a figure means.

    Attributes:
        name: its name in the table, in JSON and in this package.
        unit: the unit of its values.
        meaning: in one line; "" for a _p99, which shares the meaning of the _p50 before it.
    """

    name: str
    unit: str
    meaning: str = ""

    @property
    def family(self) -> str:
        """The name without its percentile."""
        return self.name.removesuffix("_p50").removesuffix("_p99")


def _percentiles(family: str, meaning: str) -> tuple[Kind, Kind]:
    return Kind(f"{family}_p50", "ms", meaning), Kind(f"{family}_p99", "ms")


KINDS = (
    Kind("import_digitnet", "ms", "'import digitnet.recognizer' in a fresh process"),
    Kind("first_frame", "ms", "from the start of digitdraw's process to its first frame"),
    Kind("ready", "ms", "from the start of digitdraw's process until its model is loaded"),
    *_percentiles("answer", "from the release of the pen until the app has drawn the answer"),
    *_percentiles("framing", "part of it: finding the digits in the ink and framing them"),
    *_percentiles("raster", "part of it: drawing the 28x28 pictures"),
    *_percentiles("network", "part of it: the network, on one thread as in the app"),
    *_percentiles("view", "part of it: drawing the window"),
    *_percentiles("live_frame", "a frame at 1280x800 while a long stroke is drawn and read live"),
    Kind("recordings", "/s", "recordings replayed through the app, in one process"),
    *_percentiles("predict", "Recognizer.predict of one drawing, on one thread"),
    Kind("classify", "/s", "pictures that Recognizer.classify reads, on all cores"),
    Kind("memory_rest", "MB", "resident memory of digitdraw at rest, with its model loaded"),
    Kind("memory_session", "MB", "resident memory after 1,000 digits, kept for undo and recording"),
    Kind("memory_session_peak", "MB", "its maximum until then"),
    Kind("memory_session_growth", "kB", "its growth per digit in the second half"),
)
"""All figures, in the order of the table. 1 MB is 1,000,000 bytes."""


@dataclass(frozen=True)
class Figure:
    """A measured figure.

    Attributes:
        kind: what it means.
        values: one value for each repeat, in order; at least one.
    """

    kind: Kind
    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The median of the values."""
        return statistics.median(self.values)

    @property
    def q1(self) -> float:
        """The lower quartile of the values."""
        return _quartiles(self.values)[0]

    @property
    def q3(self) -> float:
        """The upper quartile of the values."""
        return _quartiles(self.values)[2]


def _quartiles(values: Sequence[float]) -> list[float]:
    if len(values) == 1:
        return list(values) * 3
    return statistics.quantiles(values, n=4, method="inclusive")


def p50_and_p99(family: str, values: Sequence[float]) -> dict[str, float]:
    """Return the two figures of a family: the median, and the 99th percentile by rank."""
    rank = math.ceil(0.99 * len(values))
    return {
        f"{family}_p50": statistics.median(values),
        f"{family}_p99": sorted(values)[rank - 1],
    }
