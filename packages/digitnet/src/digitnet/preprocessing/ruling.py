"""Finds the lines of ruled and squared paper, and removes them from under the ink.

A line of the paper runs from one side to the other: nearly straight, thin, and equally dark
throughout. The image is cut into strips across the lines; the median along a strip shows the
paper's lines and hides the writing, because no digit stays level for that long. Peaks of the
strips' profiles are linked from strip to strip, so lines may slant and bend. Along a line, only
what is much darker than the line itself is ink.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Number of strips across the image.
_STRIPS = 40

# Maximum slope of a line.
_MAX_SLOPE = 0.12

# A line appears in at least this share of the strips, and there are at least this many lines.
_COVERAGE = 0.55
_MIN_LINES = 3

# Ink over a line is at least this many times as dark as the line.
_DARKER = 1.5


@dataclass
class _Track:
    """A line followed so far: the strips' indices, and its height in each."""

    strips: list[int] = field(default_factory=list)
    heights: list[float] = field(default_factory=list)

    def expected(self, strip: int) -> float:
        if len(self.strips) < 3:
            return self.heights[-1]
        first = max(0, len(self.strips) - 10)
        rise = self.heights[-1] - self.heights[first]
        slope = rise / (self.strips[-1] - self.strips[first])
        return self.heights[-1] + slope * (strip - self.strips[-1])


def find_ruling(
    contrast: NDArray[np.float32], noise: float
) -> tuple[list[NDArray[np.float64]], list[NDArray[np.float64]]]:
    """Find the lines of ruled or squared paper.

    Args:
        contrast: float32 (height, width), about 0 for paper, higher for lines and ink.
        noise: its standard deviation on empty paper.

    Returns:
        the lines from left to right, each float64 (width,), its height in every column; and the
        lines from top to bottom, each float64 (height,), its column in every row.
    """
    return _lines(contrast, noise), _lines(contrast.T, noise)


def erase_ruling(
    contrast: NDArray[np.float32],
    ruling: tuple[list[NDArray[np.float64]], list[NDArray[np.float64]]],
    noise: float,
) -> None:
    """Remove the lines in place, but not the ink that crosses them."""
    for direction, paths in zip((contrast, contrast.T), ruling, strict=True):
        for path in paths:
            _erase(direction, path, noise)


def _lines(contrast: NDArray[np.float32], noise: float) -> list[NDArray[np.float64]]:
    """Return the lines from left to right, each as its height in every column."""
    width = contrast.shape[1]
    strip = max(8, width // _STRIPS)
    count = width // strip
    profiles = _profiles(contrast, strip, count)
    reach = max(2, round(_MAX_SLOPE * strip))
    tracks: list[_Track] = []
    for index in range(count):
        heights = _peaks(profiles[index], noise)
        taken: set[int] = set()
        alive = [t for t in tracks if index - t.strips[-1] <= count // 4]
        for track in sorted(alive, key=lambda t: -len(t.strips)):
            distance = np.abs(heights - track.expected(index))
            max_distance = reach if len(track.strips) < 3 else max(2.5, reach / 2)
            for peak in np.argsort(distance):
                if distance[peak] > max_distance:
                    break
                if int(peak) not in taken:
                    taken.add(int(peak))
                    track.strips.append(index)
                    track.heights.append(float(heights[peak]))
                    break
        tracks += [_Track([index], [float(h)]) for i, h in enumerate(heights) if i not in taken]
    found = [track for track in tracks if len(track.strips) >= _COVERAGE * count]
    if len(found) < _MIN_LINES:
        return []
    columns = (np.arange(width) - (strip - 1) / 2) / strip
    return [np.polyval(np.polyfit(t.strips, t.heights, 2), columns) for t in found]


def _profiles(contrast: NDArray[np.float32], strip: int, count: int) -> NDArray[np.float32]:
    """Return each strip's contrast by height, smoothed, float32 (count, height)."""
    height = len(contrast)
    sums = np.cumsum(np.pad(contrast, ((3, 2), (0, 0)), mode="edge"), axis=0, dtype=np.float32)
    smoothed = (sums[5:] - sums[:-5]) / np.float32(5)
    blocks = smoothed[:, : strip * count].reshape(height, count, strip)
    profiles: NDArray[np.float32] = np.median(blocks, axis=2).T
    return profiles


def _peaks(profile: NDArray[np.float32], noise: float) -> NDArray[np.float64]:
    """Return the heights at which a strip's profile is above both of its sides, float64 (n,)."""
    far = max(6, len(profile) // 120)
    padded = np.pad(profile, far, mode="edge")
    sides = np.maximum(padded[: -2 * far], padded[2 * far :])
    sharp = profile - sides
    inner = sharp[1:-1]
    is_peak = (inner >= sharp[:-2]) & (inner > sharp[2:]) & (inner > max(0.015, 1.0 * noise))
    return (np.flatnonzero(is_peak) + 1).astype(np.float64)


def _erase(contrast: NDArray[np.float32], path: NDArray[np.float64], noise: float) -> None:
    """Erase one line in place, but not the ink that crosses it."""
    height, width = contrast.shape
    reach = max(3, height // 250)
    columns = np.arange(width)
    rows = np.rint(path).astype(np.intp) + np.arange(-reach, reach + 1)[:, None]
    is_inside = (rows[0] >= 0) & (rows[-1] < height)
    if is_inside.sum() < 20:
        return
    rows, columns = rows[:, is_inside], columns[is_inside]
    band = contrast[rows, columns]
    # A one along a line may cover half of it; and where the line steps, it is in the next row.
    level = np.pad(np.maximum(np.quantile(band[:, ::4], 0.4, axis=1), 0), 1)
    line = np.maximum(np.maximum(level[:-2], level[2:]), level[1:-1])[:, None]
    is_ink = band > _DARKER * line + 3 * noise
    erased = np.where(is_ink, band, np.minimum(band - line, noise))
    # Ink as dark as the line is only visible above and below it.
    around = np.minimum(band[0], band[-1])
    contrast[rows, columns] = np.maximum(erased, np.where(around > 3 * line.max(), around, -1))
