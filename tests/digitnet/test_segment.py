"""Which ink belongs to which digit: geometry, and the choice between ways to cut."""

from __future__ import annotations

from itertools import combinations, pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitnet.ink import Box
from digitnet.preprocessing.lattice import (
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


def cost_of_the_cut(*pair: Box) -> float | None:
    """Give what a cut between two pieces costs, or None where they are never cut apart."""
    return arrange_pieces(pair).costs.get(1)


@pytest.mark.parametrize(
    ("left", "cost"), [(200, 0.0), (100, 0.0), (90, 0.3), (50, 1.5), (16, 2.52), (15, None)]
)
def test_a_cut_costs_what_lies_above_each_other(left: float, cost: float | None) -> None:
    """Three times the share of the narrower piece that overlaps; from 85 % on there is no cut."""
    wide, narrow = (0.0, 0.0, 150.0, 100.0), (50.0 + left, 0.0, 100.0, 80.0)
    assert cost_of_the_cut(wide, narrow) == pytest.approx(cost)


def test_a_thin_piece_takes_a_quarter_of_its_height() -> None:
    """A one has no width, but nothing is written so close beside it; what is wider is as it is."""
    one = (0.0, 0.0, 0.0, 100.0)  # from -12.5 to 12.5
    assert cost_of_the_cut(one, (10.0, 0.0, 0.0, 100.0)) == pytest.approx(3 * 15 / 25)
    assert cost_of_the_cut(one, (10.0, 0.0, 30.0, 100.0)) == pytest.approx(3 * 2.5 / 25)
    assert cost_of_the_cut(one, (26.0, 0.0, 0.0, 100.0)) == 0


@pytest.mark.parametrize(
    ("height", "width", "gap", "is_one_run"),
    [
        (100, 50, 80, True),
        (100, 50, 81, False),
        (50, 100, 40, True),
        (50, 100, 41, False),
        (50, 200, 80, True),
        (50, 200, 81, False),
    ],
)
def test_a_digit_spans_gaps_of_four_fifths_of_its_height(
    height: float, width: float, gap: float, *, is_one_run: bool
) -> None:
    """Or of half its width, where the ink is lower than that: a broken seven lies on its side."""
    low = (0.0, 10.0, width, height / 2)
    tall = (width + gap, 0.0, width, height)
    assert ((0, 2) in arrange_pieces([low, tall]).runs) == is_one_run


def test_a_gap_under_a_long_bar_is_none() -> None:
    """Gaps are measured from all that is left of a cut, not from the piece just before it."""
    bar, under, behind = (0.0, 0.0, 300.0, 10.0), (0.0, 40.0, 50.0, 60.0), (310.0, 0.0, 50.0, 100.0)
    assert arrange_pieces([bar, under, behind]).runs == ((0, 2), (0, 3), (2, 3))


def test_one_gap_too_wide_parts_a_run() -> None:
    """Pieces that are close to each other make no run with one that is far from both."""
    near, next_, far = ((x, 0.0, 50.0, 100.0) for x in (0.0, 60.0, 200.0))
    assert arrange_pieces([near, next_, far]).runs == ((0, 1), (0, 2), (1, 2), (2, 3))


def test_a_digit_spans_at_most_four_stretches() -> None:
    """Of six pieces in a row, any one to four neighbours may be a digit, and no five."""
    row = [(60.0 * place, 0.0, 50.0, 100.0) for place in range(6)]
    neighbours = tuple((a, b) for a in range(6) for b in range(a + 1, 7) if b - a <= 4)
    assert arrange_pieces(row).runs == neighbours


def test_more_pieces_than_can_be_cut_are_one_run() -> None:
    """They keep the order in which they are given, and no cut is possible."""
    row = [(60.0 * place, 0.0, 50.0, 100.0) for place in (2, 1, 0)]
    assert arrange_pieces(row, most=3).order == (2, 1, 0)
    whole = arrange_pieces(row, most=2)
    assert (whole.order, whole.cuts, whole.runs) == ((0, 1, 2), (0, 3), ((0, 3),))
    assert best_runs(whole, {(0, 3): -7.0}) == [(0, 3)]


def test_pieces_in_one_place_keep_their_order() -> None:
    """So that an answer does not depend on how a machine sorts."""
    pieces = arrange_pieces([(10.0, float(top), 5.0, 1.0) for top in range(100)])
    assert pieces.order == tuple(range(100))


@given(drawn=boxes, exponent=st.integers(-20, 20), x=st.integers(-500, 500))
def test_neither_unit_nor_place_is_seen(drawn: list[Box], exponent: int, x: int) -> None:
    """Ink in any unit, anywhere on the canvas, is cut in the same places at the same costs."""
    unit = 2.0**exponent
    moved = [((left + x) * unit, top * unit, w * unit, h * unit) for left, top, w, h in drawn]
    pieces, again = arrange_pieces(drawn), arrange_pieces(moved)
    assert (again.order, again.cuts, again.runs) == (pieces.order, pieces.cuts, pieces.runs)
    assert again.costs == pytest.approx(pieces.costs)


def test_the_pieces_of_a_run_are_told_by_their_numbers() -> None:
    """Rising, wherever they stand: what was drawn first comes first."""
    row = [(60.0 * place, 0.0, 50.0, 100.0) for place in (2, 0, 1)]
    pieces = arrange_pieces(row)
    assert pieces.members((0, 2)) == (1, 2)
    assert pieces.members((1, 3)) == (0, 2)


@pytest.mark.parametrize("count", [MOST_PIECES, MOST_PIECES + 1, 20_000])
def test_work_is_bounded(count: int) -> None:
    """However many pieces there are, the runs to look at grow no faster than they do."""
    row = [(20.0 * place, 0.0, 5.0, 30.0) for place in range(count)]
    assert len(arrange_pieces(row).runs) <= max(1, LONGEST_RUN * MOST_PIECES)


def test_no_ink_is_no_digit() -> None:
    """Without pieces there is nothing to cut."""
    assert arrange_pieces([]) == Pieces((), (), {}, ())
    assert best_runs(arrange_pieces([]), {}) == []
