"""Connected ink, against a flood fill that is slow and obvious."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from digitnet.preprocessing.components import connected_parts, connected_runs, label_components

if TYPE_CHECKING:
    from numpy.typing import NDArray


@st.composite
def spots(draw: st.DrawFn) -> NDArray[np.bool_]:
    height, width = draw(st.integers(1, 12)), draw(st.integers(1, 12))
    pixels = draw(st.lists(st.booleans(), min_size=height * width, max_size=height * width))
    return np.array(pixels).reshape(height, width)


def flood_fill(ink: NDArray[np.bool_]) -> tuple[NDArray[np.int32], int]:
    labels, count = np.zeros(ink.shape, np.int32), 0
    for seed in zip(*np.nonzero(ink), strict=True):
        if labels[seed]:
            continue
        count += 1
        waiting = [(int(seed[0]), int(seed[1]))]
        while waiting:
            row, column = waiting.pop()
            if labels[row, column] == 0 and ink[row, column]:
                labels[row, column] = count
                rows = range(max(row - 1, 0), min(row + 2, ink.shape[0]))
                columns = range(max(column - 1, 0), min(column + 2, ink.shape[1]))
                waiting += [(r, c) for r in rows for c in columns]
    return labels, count


@given(ink=spots())
def test_labels_are_those_of_a_flood_fill(ink: NDArray[np.bool_]) -> None:
    """Pixels share a label exactly where a path of ink, sideways or diagonal, joins them."""
    labels, count = label_components(ink)
    expected, expected_count = flood_fill(ink)
    assert count == expected_count
    np.testing.assert_array_equal(labels, expected)


@given(ink=spots())
def test_boxes_hold_their_part_and_no_more(ink: NDArray[np.bool_]) -> None:
    """A part's box is as small as its pixels allow."""
    runs = connected_runs(ink)
    for number, (left, top, width, height) in enumerate(runs.boxes(), start=1):
        rows, columns = np.nonzero(runs.labels == number)
        assert (left, top) == (columns.min(), rows.min())
        assert (width, height) == (np.ptp(columns) + 1, np.ptp(rows) + 1)


def test_dust_is_no_part() -> None:
    """Spots of a few pixels beside much ink are left out, also from what is framed."""
    mask = np.zeros((60, 60), np.float32)
    mask[10:50, 10:30] = 1
    mask[5, 55] = 1
    parts = connected_parts(mask)
    assert parts.boxes == [(10, 10, 20, 40)]
    assert parts.only([0]).sum() == 800


def test_a_part_is_given_without_its_neighbours() -> None:
    """What is framed of one part holds nothing of another that reaches into its box."""
    mask = np.zeros((20, 20), np.float32)
    mask[2:18, 2:4] = mask[16:18, 2:18] = 1
    mask[2:12, 10:12] = 0.8
    first, second = connected_parts(mask), connected_parts(np.ascontiguousarray(mask[:, ::-1]))
    assert len(first.boxes) == len(second.boxes) == 2
    corner = first.only([first.boxes.index((2, 2, 16, 16))])
    assert corner.shape == (16, 16)
    assert corner.max() == 1
    assert corner[:10, 6:].sum() == 0
