"""Which ink belongs to which digit: geometry, and the choice between ways to cut."""

from __future__ import annotations

from itertools import combinations, pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitnet.ink import Box
from digitnet.preprocessing.segment import (
    FARTHEST,
    LONGEST_RUN,
    MOST_PIECES,
    NARROWEST,
    OVERLAP_COST,
    WELDED,
    Pieces,
    Run,
    arrange_pieces,
    best_runs,
)

sides = st.integers(0, 100).map(float)
boxes = st.lists(st.tuples(sides, sides, sides, sides), max_size=9)


def ways_to_cut(pieces: Pieces) -> list[list[Run]]:
    """List all ways to cut the order into runs that are allowed."""
    inner = pieces.cuts[1:-1]
    ways = []
    for chosen in product([False, True], repeat=len(inner)):
        ends = [0, *(cut for cut, take in zip(inner, chosen, strict=True) if take), pieces.cuts[-1]]
        way = list(pairwise(ends))
        if all(run in pieces.runs for run in way):
            ways.append(way)
    return ways


@given(drawn=boxes)
def test_every_piece_can_be_part_of_a_digit(drawn: list[Box]) -> None:
    """Pieces are sorted without loss, and each stretch between two cuts may be a digit."""
    pieces = arrange_pieces(drawn)
    assert sorted(pieces.order) == list(range(len(drawn)))
    for stretch in pairwise(pieces.cuts):
        assert stretch in pieces.runs


@given(drawn=boxes.filter(bool), data=st.data())
def test_the_best_cuts_are_the_best_of_all(drawn: list[Box], data: st.DataObject) -> None:
    """Dynamic programming finds what trying all ways finds."""
    pieces = arrange_pieces(drawn)
    score = st.floats(-10, 0)
    scores = {run: data.draw(score) for run in pieces.runs}

    def total(way: list[Run]) -> float:
        return sum(scores[run] - pieces.costs[run[0]] for run in way)

    chosen = best_runs(pieces, scores)
    assert chosen in ways_to_cut(pieces)
    assert total(chosen) == pytest.approx(max(map(total, ways_to_cut(pieces))))


@given(drawn=boxes.filter(bool))
def test_cuts_and_runs_are_what_their_definitions_say(drawn: list[Box]) -> None:
    """A cut goes between all pairs on its two sides, and a run has no gap that is too wide."""
    pieces = arrange_pieces(drawn)
    ends = []
    for index in pieces.order:
        left, _, width, height = drawn[index]
        widening = max(NARROWEST * height - width, 0) / 2
        ends.append((left - widening, left + width + widening))

    def overlap(one: tuple[float, float], other: tuple[float, float]) -> float:
        narrower = min(one[1] - one[0], other[1] - other[0])
        return (min(one[1], other[1]) - max(one[0], other[0])) / max(narrower, 1e-9)

    inner = {}
    for place in range(1, len(ends)):
        most = max(overlap(one, other) for one in ends[:place] for other in ends[place:])
        if most < WELDED:
            inner[place] = OVERLAP_COST * max(most, 0.0)
    assert pieces.cuts == (0, *inner, len(ends))
    assert pieces.costs == {0: 0.0, **inner, len(ends): 0.0}

    farthest = FARTHEST * max(*(box[3] for box in drawn), max(box[2] for box in drawn) / 2)
    runs = []
    for first, last in combinations(range(len(pieces.cuts)), 2):
        start, stop = pieces.cuts[first], pieces.cuts[last]
        gaps = [
            min(end[0] for end in ends[place:stop]) - max(end[1] for end in ends[start:place])
            for place in pieces.cuts[first + 1 : last]
        ]
        if last - first <= LONGEST_RUN and all(gap <= farthest for gap in gaps):
            runs.append((start, stop))
    assert pieces.runs == tuple(runs)


def test_pieces_above_each_other_are_never_cut_apart() -> None:
    """The bar of a five, the slash of a zero and the circles of an eight stay with their digit."""
    body, bar_above, within = (0.0, 20.0, 60.0, 80.0), (5.0, 0.0, 50.0, 2.0), (20.0, 40.0, 5.0, 5.0)
    assert arrange_pieces([body, bar_above, within]).runs == ((0, 3),)


def test_digits_far_apart_are_never_one() -> None:
    """No run spans a gap that is wider than digits keep within themselves."""
    assert arrange_pieces([(0, 0, 50, 100), (200, 0, 50, 100)]).runs == ((0, 1), (1, 2))


def test_reading_order_is_from_left_to_right() -> None:
    """Pieces are ordered by place, not by when they were drawn."""
    assert arrange_pieces([(200, 0, 50, 100), (0, 0, 50, 100)]).order == (1, 0)


@pytest.mark.parametrize("count", [MOST_PIECES, MOST_PIECES + 1, 20_000])
def test_work_is_bounded(count: int) -> None:
    """However many pieces there are, the runs to look at grow no faster than they do."""
    row = [(20.0 * place, 0.0, 5.0, 30.0) for place in range(count)]
    assert len(arrange_pieces(row).runs) <= max(1, LONGEST_RUN * MOST_PIECES)


def test_no_ink_is_no_digit() -> None:
    """Without pieces there is nothing to cut."""
    assert best_runs(arrange_pieces([]), {}) == []
