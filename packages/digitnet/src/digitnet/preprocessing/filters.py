"""Filters over square windows, in float32 with edges repeated.

The cost of a maximum grows with the logarithm of the window's size. SciPy and OpenCV have these
filters too, but either would be the largest dependency on disk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def smooth(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Average each pixel with its neighbours, weighted 1-2-1 in both directions."""
    for axis in (0, 1):
        padded = _pad(values, 1, axis)
        before, here, after = (_shifted(padded, by, values.shape[axis], axis) for by in range(3))
        values = (before + after) * np.float32(0.25) + here * np.float32(0.5)
    return values


def maximum_filter(values: NDArray[np.float32], radius: int) -> NDArray[np.float32]:
    """Return the maximum over a window of 2 * radius + 1 pixels.

    Each step combines two overlapping windows into one of up to twice the length.
    """
    for axis in (0, 1):
        values = _maximum_along(values, radius, axis)
    return values


def minimum_filter(values: NDArray[np.float32], radius: int) -> NDArray[np.float32]:
    """Return the minimum over a window of 2 * radius + 1 pixels."""
    return -maximum_filter(-values, radius)


def closing(values: NDArray[np.float32], radius: int) -> NDArray[np.float32]:
    """Fill what is darker and narrower than the window; edges between light and dark stay in place.

    The closing of mathematical morphology (Serra: "Image Analysis and Mathematical Morphology",
    1982).
    """
    return minimum_filter(maximum_filter(values, radius), radius)


def _maximum_along(values: NDArray[np.float32], radius: int, axis: int) -> NDArray[np.float32]:
    length, window = values.shape[axis], 2 * radius + 1
    result, reach = _pad(values, radius, axis), 1
    while reach < window:
        step = min(reach, window - reach)
        kept = result.shape[axis] - step
        result = np.maximum(_shifted(result, 0, kept, axis), _shifted(result, step, kept, axis))
        reach += step
    return _shifted(result, 0, length, axis)


def _pad(values: NDArray[np.float32], margin: int, axis: int) -> NDArray[np.float32]:
    widths = [(margin, margin) if a == axis else (0, 0) for a in (0, 1)]
    return np.pad(values, widths, mode="edge")


def _shifted(values: NDArray[np.float32], by: int, length: int, axis: int) -> NDArray[np.float32]:
    return values[by : by + length] if axis == 0 else values[:, by : by + length]
