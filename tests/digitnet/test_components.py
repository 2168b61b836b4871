"""Connected components, compared with a slow and obvious flood fill."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from digitnet.ink import union
from digitnet.preprocessing.components import connected_components, connected_runs, label_components
from digitnet.preprocessing.framing import ink_box

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
    """Pixels share a label exactly if a path of ink, straight or diagonal, connects them."""
    labels, count = label_components(ink)
    expected, expected_count = flood_fill(ink)
    assert count == expected_count
    np.testing.assert_array_equal(labels, expected)


@given(ink=spots())
def test_boxes_fit_their_components(ink: NDArray[np.bool_]) -> None:
    """A component's box is as small as possible."""
    runs = connected_runs(ink)
    for number, (left, top, width, height) in enumerate(runs.boxes(), start=1):
        rows, columns = np.nonzero(runs.labels == number)
        assert (left, top) == (columns.min(), rows.min())
        assert (width, height) == (np.ptp(columns) + 1, np.ptp(rows) + 1)


def test_dust_is_dropped() -> None:
    """Spots of a few pixels next to much ink are left out, and not framed either."""
    mask = np.zeros((60, 60), np.float32)
    mask[10:50, 10:30] = 1
    mask[5, 55] = 1
    parts = connected_components(mask)
    assert parts.boxes == [(10, 10, 20, 40)]
    assert parts.mask_of([0]).sum() == 800


def test_a_mask_leaves_out_other_components() -> None:
    """It holds nothing of a component that reaches into the box."""
    mask = np.zeros((20, 20), np.float32)
    mask[2:18, 2:4] = mask[16:18, 2:18] = 1
    mask[2:12, 10:12] = 0.8
    first, second = (
        connected_components(mask),
        connected_components(np.ascontiguousarray(mask[:, ::-1])),
    )
    assert len(first.boxes) == len(second.boxes) == 2
    corner = first.mask_of([first.boxes.index((2, 2, 16, 16))])
    assert corner.shape == (16, 16)
    assert corner.max() == 1
    assert corner[:10, 6:].sum() == 0


def test_dust_is_less_than_a_two_hundredth_of_the_largest() -> None:
    """Next to 400 pixels, one pixel is dust and two are a component."""
    mask = np.zeros((30, 40), np.float32)
    mask[5:25, 5:25] = 1
    mask[2, 30] = mask[10, 35:37] = 1
    assert connected_components(mask).boxes == [(5, 5, 20, 20), (35, 10, 2, 1)]


def test_paper_has_no_components() -> None:
    """Without ink, there are no components."""
    parts = connected_components(np.zeros((7, 9), np.float32))
    assert (list(parts.ids), list(parts.boxes)) == ([], [])
    assert parts.labels.dtype == np.int32
    assert not parts.labels.any()


greys = st.lists(st.sampled_from([0, 0, 0.1, 0.11, 1]), min_size=60, max_size=60)


@given(drawn=greys)
def test_components_cover_the_box_of_the_ink(drawn: list[float]) -> None:
    """Components and framing agree on what is ink, down to the faintest."""
    mask = np.array(drawn, np.float32).reshape(6, 10)
    parts = connected_components(mask)
    assert (union(parts.boxes) if parts.boxes else None) == ink_box(mask)


def test_components_are_selected_by_position() -> None:
    """All their attributes come along."""
    mask = np.zeros((10, 30), np.float32)
    mask[2:8, 2:6] = mask[3:9, 12:16] = mask[1:5, 22:28] = 1
    parts = connected_components(mask)
    assert parts.boxes == [(22, 1, 6, 4), (2, 2, 4, 6), (12, 3, 4, 6)]
    chosen = parts.select([2, 0])
    assert chosen.boxes == [(12, 3, 4, 6), (22, 1, 6, 4)]
    assert chosen.mask_of([0]).tolist() == [[1] * 4] * 6
    both = parts.mask_of([0, 2])
    assert both.shape == (8, 16)
    assert both.sum() == 4 * 6 + 6 * 4


def test_soft_edges_are_kept() -> None:
    """Pixels too faint to be ink are kept inside the component's box."""
    mask = np.zeros((9, 9), np.float32)
    mask[2, 2:7] = mask[2:7, 2] = 1
    mask[3, 3] = 0.05
    parts = connected_components(mask)
    assert parts.mask_of([0])[1, 1] == np.float32(0.05)
    assert parts.mask is mask
