"""The perspective of a flat page in front of a camera that is not held straight."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from digitnet.ink import Box

if TYPE_CHECKING:
    from numpy.typing import NDArray


class Perspective:
    """Rotates a page about its centre, and shifts its corners as a tilted camera would.

    Args:
        size: The size of page and photo, (width, height) in pixels.
        turn: Largest rotation to either side, in degrees.
        askew: Largest shift of each corner, over the sides.
        rng: Source of all randomness.
    """

    def __init__(
        self, size: tuple[int, int], turn: float, askew: float, rng: np.random.Generator
    ) -> None:
        self._size = size
        corners, middle = _corners(size), np.array(size) / 2
        angle = np.radians(rng.uniform(-turn, turn))
        turned = np.array([(np.cos(angle), -np.sin(angle)), (np.sin(angle), np.cos(angle))])
        moved = (corners - middle) @ turned.T + middle
        self._moved = moved + rng.uniform(-1, 1, (4, 2)) * askew * np.array(size, np.float64)

    @property
    def coefficients(self) -> list[float]:
        """The coefficients from photo to page, for Pillow's transform."""
        matrix = _homography(self._moved, _corners(self._size))
        return [float(value) for value in matrix.ravel()[:8]]

    def box(self, box: Box) -> Box:
        """Return the bounding box in the photo of a box on the page."""
        left, top, width, height = box
        corners = _corners((1, 1)) * (width, height) + (left, top)
        points = np.column_stack([corners, np.ones(4)])
        points = points @ _homography(_corners(self._size), self._moved).T
        points = points[:, :2] / points[:, 2:]
        (x0, y0), (x1, y1) = points.min(axis=0), points.max(axis=0)
        return float(x0), float(y0), float(x1 - x0), float(y1 - y0)


def _corners(size: tuple[int, int]) -> NDArray[np.float64]:
    return np.array([(0, 0), (size[0], 0), (size[0], size[1]), (0, size[1])], np.float64)


def _homography(start: NDArray[np.float64], end: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the 3x3 matrix that maps four points to four others."""
    rows, values = [], []
    for (x, y), (u, v) in zip(start, end, strict=True):
        rows += [(x, y, 1, 0, 0, 0, -u * x, -u * y), (0, 0, 0, x, y, 1, -v * x, -v * y)]
        values += [u, v]
    solution = np.linalg.solve(np.array(rows, np.float64), np.array(values, np.float64))
    matrix: NDArray[np.float64] = np.append(solution, 1.0).reshape(3, 3)
    return matrix
