"""Finding the lines of ruled paper, and only these, and removing them.

Pages are smoothed before the search, like photos.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from digitnet.preprocessing.filters import smooth
from digitnet.preprocessing.ruling import erase_ruling, find_ruling

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Contrast = NDArray[np.float32]

HEIGHT, WIDTH = 300, 400
NOISE = 0.004
INK = np.float32(0.8)


def paper(shape: tuple[int, int] = (HEIGHT, WIDTH)) -> Contrast:
    """Return the contrast of blank paper, which is noise."""
    return np.random.default_rng(0).normal(0, NOISE, shape).astype(np.float32)


def rule(
    contrast: Contrast,
    heights: NDArray[np.float64],
    *,
    grey: float = 0.2,
    thick: int = 3,
    share: float = 1,
) -> None:
    """Draw a line in place, over a share of the width from the left, at a height per column."""
    columns = np.arange(round(share * contrast.shape[1]))
    top = np.rint(heights[columns] - (thick - 1) / 2).astype(int)
    for row in range(thick):
        contrast[top + row, columns] += np.float32(grey)


def straight(height: float, slope: float = 0.0, width: int = WIDTH) -> NDArray[np.float64]:
    heights: NDArray[np.float64] = height + slope * np.arange(width, dtype=np.float64)
    return heights


def bent(height: float) -> NDArray[np.float64]:
    """Return a line that sags by 4 pixels in the middle, as on a page that does not lie flat."""
    from_middle = np.arange(WIDTH, dtype=np.float64) - WIDTH / 2
    heights: NDArray[np.float64] = height + 4 - 1e-4 * np.square(from_middle)
    return heights


def assert_found(found: list[NDArray[np.float64]], lines: list[NDArray[np.float64]]) -> None:
    """Check that exactly these lines are found, to within a pixel."""
    assert len(found) == len(lines)
    for path, line in zip(sorted(found, key=np.mean), lines, strict=True):
        assert path.shape == line.shape
        assert np.abs(path - line).max() <= 1


@pytest.mark.parametrize("slope", [-0.1, -0.03, 0.0, 0.05, 0.1])
@pytest.mark.parametrize("grey", [0.05, 0.2, 0.6])
def test_lines_can_slant(slope: float, grey: float) -> None:
    """By a tenth, faint or strong; transposed, they are lines in the other direction."""
    lines = [straight(height, slope) for height in (60, 100, 140, 180, 220)]
    contrast = paper()
    for line in lines:
        rule(contrast, line, grey=grey)
    level, upright = find_ruling(smooth(contrast), NOISE)
    assert_found(level, lines)
    assert upright == []
    level, upright = find_ruling(smooth(contrast).T, NOISE)
    assert level == []
    assert_found(upright, lines)


def test_lines_can_bend() -> None:
    """Like on a page of a book."""
    lines = [bent(height) for height in (60, 120, 180, 240)]
    contrast = paper()
    for line in lines:
        rule(contrast, line)
    assert_found(find_ruling(smooth(contrast), NOISE)[0], lines)


def test_squared_paper_has_lines_in_both_directions() -> None:
    """Each direction is found despite the other."""
    level = [straight(height, 0.02) for height in range(30, 280, 30)]
    upright = [straight(height, -0.02, HEIGHT) for height in range(30, 380, 30)]
    contrast = paper()
    for line in level:
        rule(contrast, line)
    for line in upright:
        rule(contrast.T, line)
    found = find_ruling(smooth(contrast), NOISE)
    assert_found(found[0], level)
    assert_found(found[1], upright)


@pytest.mark.parametrize(("count", "found"), [(1, 0), (2, 0), (3, 3), (4, 4)])
def test_fewer_than_three_lines_are_not_ruling(count: int, found: int) -> None:
    """Two lines may be drawn: the bar of a seven, and an underline."""
    contrast = paper()
    for place in range(count):
        rule(contrast, straight(60 + 50.0 * place))
    assert len(find_ruling(smooth(contrast), NOISE)[0]) == found


@pytest.mark.parametrize(("share", "found"), [(0.5, 0), (0.6, 4), (0.9, 4)])
def test_a_line_is_visible_over_most_of_its_length(share: float, found: int) -> None:
    """55% of it; ink may hide the rest."""
    contrast = paper()
    for height in (60, 110, 160, 210):
        rule(contrast, straight(height), share=share)
    assert len(find_ruling(smooth(contrast), NOISE)[0]) == found


@pytest.mark.parametrize("hidden", [(0, 60), (160, 240), (340, 400)])
def test_ink_over_the_lines_does_not_hide_them(hidden: tuple[int, int]) -> None:
    """A block of ink over all lines, at the start, in the middle or at the end."""
    lines = [straight(height, 0.05) for height in (60, 110, 160, 210)]
    contrast = paper()
    for line in lines:
        rule(contrast, line)
    contrast[20:260, slice(*hidden)] = 0.7
    assert_found(find_ruling(smooth(contrast), NOISE)[0], lines)


def test_only_thin_level_lines_are_ruling() -> None:
    """Not thick bars, steep lines, lines as faint as noise, or noise itself."""
    broad, steep, faint = paper(), paper(), paper()
    for height in (60, 120, 180, 240):
        rule(broad, straight(height), thick=30)
        rule(steep, straight(0.5 * height, 0.4))
        rule(faint, straight(height), grey=NOISE)
    for contrast in (broad, steep, faint, paper()):
        assert find_ruling(smooth(contrast), NOISE)[0] == []


def test_lines_are_removed_and_ink_across_them_stays() -> None:
    """Nothing above the noise is left of the lines, and nothing of the stroke is missing."""
    lines = [straight(height, 0.03) for height in (60, 110, 160, 210)]
    contrast = paper()
    for line in lines:
        rule(contrast, line)
    contrast[40:260, 200:206] = INK
    before = contrast.copy()
    erase_ruling(contrast, (lines, []), NOISE)
    np.testing.assert_array_equal(contrast[40:260, 200:206], INK)
    others = np.ones(WIDTH, np.bool_)
    others[190:216] = False
    assert contrast[:, others].max() <= 5 * NOISE
    # Nothing changes far from all lines.
    np.testing.assert_array_equal(contrast[:50], before[:50])
    np.testing.assert_array_equal(contrast[80:100], before[80:100])


def test_ink_along_a_line_is_recognized_by_its_darkness() -> None:
    """A bar along a line is ink if all of it is much darker than the line."""
    contrast = paper()
    rule(contrast, straight(100))
    contrast[98:103, 150:250] = INK
    erase_ruling(contrast, ([straight(100)], []), NOISE)
    np.testing.assert_array_equal(contrast[98:103, 150:250], INK)
    assert contrast[:, :140].max() <= 5 * NOISE


def test_vertical_lines_are_removed_like_horizontal_ones() -> None:
    """An image and its lines give the same result when transposed."""
    lines = [straight(height) for height in (60, 110, 160)]
    contrast = paper()
    for line in lines:
        rule(contrast, line)
    turned = contrast.T.copy()
    erase_ruling(contrast, (lines, []), NOISE)
    erase_ruling(turned, ([], lines), NOISE)
    np.testing.assert_array_equal(turned, contrast.T)


@pytest.mark.parametrize("height", [-50, -1, 1, HEIGHT - 2, HEIGHT, HEIGHT + 50])
def test_a_line_can_leave_the_image(height: float) -> None:
    """Nothing is removed outside, and ink at the edge stays."""
    contrast = paper()
    contrast[[0, -1], 100:110] = INK
    erase_ruling(contrast, ([straight(height)], []), NOISE)
    np.testing.assert_array_equal(contrast[[0, -1], 100:110], INK)


def test_a_line_that_leaves_the_image_is_removed_inside_it() -> None:
    """On a page at an angle, lines end at the photo's bottom edge."""
    contrast = paper()
    line = straight(280, 0.08)
    inside = line < HEIGHT - 5
    contrast[np.rint(line[inside]).astype(int), np.flatnonzero(inside)] += 0.3
    erase_ruling(contrast, ([line], []), NOISE)
    assert contrast[:, : inside.sum() - 10].max() <= 5 * NOISE
