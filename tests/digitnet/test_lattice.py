"""Deciding which ink belongs to which digit: geometry, and the choice between ways to cut."""

from __future__ import annotations

from itertools import combinations, pairwise, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitnet.ink import Box
from digitnet.preprocessing.lattice import (
    INSEPARABLE_OVERLAP,
    JOIN_COST,
    MAX_GAP,
    MAX_PIECES,
    MAX_SPAN,
    MIN_ASPECT,
    OVERLAP_COST,
    TOUCH_COST,
    Candidate,
    Lattice,
    best_path,
    build_lattice,
)

sides = st.integers(0, 100).map(float)
boxes = st.lists(st.tuples(sides, sides, sides, sides), max_size=9)


def ways_to_cut(lattice: Lattice) -> list[list[Candidate]]:
    """Return all ways to cut the order into candidates."""
    inner = lattice.cuts[1:-1]
    ways = []
    for chosen in product([False, True], repeat=len(inner)):
        ends = [
            0,
            *(cut for cut, take in zip(inner, chosen, strict=True) if take),
            lattice.cuts[-1],
        ]
        way = list(pairwise(ends))
        if all(candidate in lattice.candidates for candidate in way):
            ways.append(way)
    return ways


@given(drawn=boxes)
def test_every_piece_can_be_part_of_a_digit(drawn: list[Box]) -> None:
    """Sorting loses no piece, and each segment between neighbouring cuts is a candidate."""
    lattice = build_lattice(drawn)
    assert sorted(lattice.order) == list(range(len(drawn)))
    for segment in pairwise(lattice.cuts):
        assert segment in lattice.candidates


@given(drawn=boxes.filter(bool), data=st.data())
def test_the_best_path_is_the_best_of_all(drawn: list[Box], data: st.DataObject) -> None:
    """Dynamic programming finds the same as trying all ways."""
    lattice = build_lattice(drawn)
    score = st.floats(-10, 0)
    scores = {candidate: data.draw(score) for candidate in lattice.candidates}

    def total(way: list[Candidate]) -> float:
        return sum(scores[candidate] - lattice.costs[candidate[0]] for candidate in way)

    chosen = best_path(lattice, scores)
    assert chosen in ways_to_cut(lattice)
    assert total(chosen) == pytest.approx(max(map(total, ways_to_cut(lattice))))


@given(drawn=boxes.filter(bool))
def test_cuts_and_candidates_match_their_definitions(drawn: list[Box]) -> None:
    """A cut separates all pairs on its two sides, and a candidate has no gap that is too wide."""
    lattice = build_lattice(drawn)
    ends = []
    for index in lattice.order:
        left, _, width, height = drawn[index]
        widening = max(MIN_ASPECT * height - width, 0) / 2
        ends.append((left - widening, left + width + widening))

    def overlap(one: tuple[float, float], other: tuple[float, float]) -> float:
        narrower = min(one[1] - one[0], other[1] - other[0])
        return (min(one[1], other[1]) - max(one[0], other[0])) / max(narrower, 1e-9)

    inner = {}
    for place in range(1, len(ends)):
        most = max(overlap(one, other) for one in ends[:place] for other in ends[place:])
        if most < INSEPARABLE_OVERLAP:
            inner[place] = OVERLAP_COST * max(most, 0.0)
    assert lattice.cuts == (0, *inner, len(ends))
    assert lattice.costs == {0: 0.0, **inner, len(ends): 0.0}

    max_gap = MAX_GAP * max(*(box[3] for box in drawn), max(box[2] for box in drawn) / 2)
    candidates = []
    for first, last in combinations(range(len(lattice.cuts)), 2):
        start, stop = lattice.cuts[first], lattice.cuts[last]
        gaps = [
            min(end[0] for end in ends[place:stop]) - max(end[1] for end in ends[start:place])
            for place in lattice.cuts[first + 1 : last]
        ]
        if last - first <= MAX_SPAN and all(gap <= max_gap for gap in gaps):
            candidates.append((start, stop))
    assert lattice.candidates == tuple(candidates)


def test_pieces_above_each_other_are_never_cut_apart() -> None:
    """The bar of a five, the slash of a zero and the circles of an eight stay with their digit."""
    body, bar_above, within = (0.0, 20.0, 60.0, 80.0), (5.0, 0.0, 50.0, 2.0), (20.0, 40.0, 5.0, 5.0)
    assert build_lattice([body, bar_above, within]).candidates == ((0, 3),)


def test_digits_far_apart_are_never_one() -> None:
    """No candidate spans a gap wider than any within a digit."""
    assert build_lattice([(0, 0, 50, 100), (200, 0, 50, 100)]).candidates == ((0, 1), (1, 2))


def test_reading_order_is_from_left_to_right() -> None:
    """Pieces are ordered by position, not by when they were drawn."""
    assert build_lattice([(200, 0, 50, 100), (0, 0, 50, 100)]).order == (1, 0)


def cost_of_the_cut(*pair: Box) -> float | None:
    """Return the cost of a cut between two pieces, or None if they are never cut apart."""
    return build_lattice(pair).costs.get(1)


@pytest.mark.parametrize(
    ("left", "cost"), [(200, 0.0), (100, 0.0), (90, 0.3), (50, 1.5), (16, 2.52), (15, None)]
)
def test_a_cut_costs_more_the_more_pieces_overlap(left: float, cost: float | None) -> None:
    """Three times the overlapping share of the narrower piece; from 85% on, no cut is possible."""
    wide, narrow = (0.0, 0.0, 150.0, 100.0), (50.0 + left, 0.0, 100.0, 80.0)
    assert cost_of_the_cut(wide, narrow) == pytest.approx(cost)


def test_a_thin_piece_takes_a_quarter_of_its_height() -> None:
    """A one has no width, but nothing is written that close to it; wider pieces keep theirs."""
    one = (0.0, 0.0, 0.0, 100.0)  # from -12.5 to 12.5
    assert cost_of_the_cut(one, (10.0, 0.0, 0.0, 100.0)) == pytest.approx(3 * 15 / 25)
    assert cost_of_the_cut(one, (10.0, 0.0, 30.0, 100.0)) == pytest.approx(3 * 2.5 / 25)
    assert cost_of_the_cut(one, (26.0, 0.0, 0.0, 100.0)) == 0


@pytest.mark.parametrize(
    ("height", "width", "gap", "is_candidate"),
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
    height: float, width: float, gap: float, *, is_candidate: bool
) -> None:
    """Or of half its width, if the ink is lower than that: a broken seven lying on its side."""
    low = (0.0, 10.0, width, height / 2)
    tall = (width + gap, 0.0, width, height)
    assert ((0, 2) in build_lattice([low, tall]).candidates) == is_candidate


def test_a_gap_under_a_long_bar_does_not_count() -> None:
    """Gaps are measured from everything left of a cut, not just from the piece before it."""
    bar, under, behind = (0.0, 0.0, 300.0, 10.0), (0.0, 40.0, 50.0, 60.0), (310.0, 0.0, 50.0, 100.0)
    assert build_lattice([bar, under, behind]).candidates == ((0, 2), (0, 3), (2, 3))


def test_one_gap_too_wide_is_enough() -> None:
    """Two pieces close to each other are not a candidate with one that is far from both."""
    near, next_, far = ((x, 0.0, 50.0, 100.0) for x in (0.0, 60.0, 200.0))
    assert build_lattice([near, next_, far]).candidates == ((0, 1), (0, 2), (1, 2), (2, 3))


def test_a_digit_spans_at_most_four_segments() -> None:
    """Of six pieces in a row, any one to four neighbours may be a digit, but not five."""
    row = [(60.0 * place, 0.0, 50.0, 100.0) for place in range(6)]
    neighbours = tuple((a, b) for a in range(6) for b in range(a + 1, 7) if b - a <= 4)
    assert build_lattice(row).candidates == neighbours


def parts(*pieces: Box) -> tuple[float, float]:
    """Return how far two pieces of ink fall apart: their wide gaps, and how many they are."""
    return build_lattice(pieces, owners=[0, 1]).parts[0, 2]


@pytest.mark.parametrize(
    ("gap", "gaps", "pieces"),
    [(50, 1, 2.2), (15, 1, 2.2), (10.5, 0.5, 2.2), (6, 0, 2.2), (-10, 0, 1.6), (-20, 0, 1)],
)
def test_ink_falls_apart_at_gaps(gap: float, gaps: float, pieces: float) -> None:
    """Pieces above each other by 40% of the narrower one are one; gaps count from 6% to 15%."""
    found = parts((0.0, 0.0, 50.0, 100.0), (50.0 + gap, 0.0, 50.0, 80.0))
    assert found == pytest.approx((gaps, pieces))


def test_a_gap_in_an_image_is_no_evidence() -> None:
    """Its ink may be faint there."""
    pair = [(0.0, 0.0, 50.0, 100.0), (70.0, 0.0, 50.0, 100.0)]
    assert build_lattice(pair).parts[0, 2] == (0, 2.2)


def test_parts_of_a_stroke_are_one_piece_but_can_be_cut() -> None:
    """At a cost; and all of a stroke is a candidate, however many parts it has."""
    row = [(10.0 * index, 0.0, 10.0, 20.0) for index in range(MAX_SPAN + 2)]
    lattice = build_lattice(row, owners=[0] * len(row))
    assert lattice.parts[0, len(row)] == (0, 1)
    assert [lattice.costs[cut] for cut in lattice.cuts[1:-1]] == [JOIN_COST] * (len(row) - 1)
    mixed = build_lattice(row[:3], owners=[0, 1, 0])
    assert mixed.costs == {0: 0, 1: JOIN_COST, 2: JOIN_COST, 3: 0}


def test_a_dot_within_a_stroke_is_never_cut_off() -> None:
    """Though it has no size; where it stands beside the stroke, it is."""
    ring, dot = (0.0, 0.0, 100.0, 100.0), (60.0, 50.0, 0.0, 0.0)
    assert build_lattice([ring, dot], owners=[0, 1]).candidates == ((0, 2),)
    beside = build_lattice([ring, (110.0, 50.0, 0.0, 0.0)], owners=[0, 1])
    assert beside.cuts == (0, 1, 2)


@pytest.mark.parametrize(
    ("bar", "gaps"),
    [
        ((62.0, 45.0, 30.0, 5.0), 1.0),  # a dash after the digit
        ((62.0, 0.0, 30.0, 5.0), 0.0),  # the bar of a five
        ((62.0, 95.0, 30.0, 5.0), 0.0),  # the foot of a two
        ((40.0, 45.0, 50.0, 5.0), 0.0),  # the bar of a four
    ],
)
def test_a_dash_is_no_part_of_the_digit_that_it_touches(bar: Box, gaps: float) -> None:
    """A bar beside a digit, at half its height, parts the two however narrow the gap is."""
    lattice = build_lattice([(0.0, 0.0, 60.0, 100.0), bar], owners=[0, 1])
    assert lattice.parts[0, 2].gaps == pytest.approx(gaps)


def test_strokes_that_touch_are_rarely_cut_apart() -> None:
    """A cut between them costs almost as much as a sign; other cuts cost what they did."""
    strokes = [(0.0, 0.0, 60.0, 100.0), (65.0, 0.0, 60.0, 100.0), (130.0, 0.0, 60.0, 100.0)]
    plain, held = (build_lattice(strokes, owners=[0, 1, 2], touching=t) for t in ([], [(1, 0)]))
    assert held.costs == {**plain.costs, 1: TOUCH_COST}


def test_too_many_pieces_stay_together() -> None:
    """They keep their order, and no cut is possible."""
    row = [(60.0 * place, 0.0, 50.0, 100.0) for place in (2, 1, 0)]
    assert build_lattice(row, max_pieces=3).order == (2, 1, 0)
    whole = build_lattice(row, max_pieces=2)
    assert (whole.order, whole.cuts, whole.candidates) == ((0, 1, 2), (0, 3), ((0, 3),))
    assert best_path(whole, {(0, 3): -7.0}) == [(0, 3)]


def test_pieces_in_one_place_keep_their_order() -> None:
    """The result does not depend on how a machine sorts."""
    lattice = build_lattice([(10.0, float(top), 5.0, 1.0) for top in range(100)])
    assert lattice.order == tuple(range(100))


@given(drawn=boxes, exponent=st.integers(-20, 20), x=st.integers(-500, 500))
def test_unit_and_position_do_not_matter(drawn: list[Box], exponent: int, x: int) -> None:
    """Ink in any unit, anywhere on the canvas, is cut in the same places at the same costs."""
    unit = 2.0**exponent
    moved = [((left + x) * unit, top * unit, w * unit, h * unit) for left, top, w, h in drawn]
    lattice, again = build_lattice(drawn), build_lattice(moved)
    assert (again.order, again.cuts, again.candidates) == (
        lattice.order,
        lattice.cuts,
        lattice.candidates,
    )
    assert again.costs == pytest.approx(lattice.costs)


def test_members_are_ascending() -> None:
    """Indices are in drawing order, wherever the pieces are."""
    row = [(60.0 * place, 0.0, 50.0, 100.0) for place in (2, 0, 1)]
    lattice = build_lattice(row)
    assert lattice.members((0, 2)) == (1, 2)
    assert lattice.members((1, 3)) == (0, 2)


@pytest.mark.parametrize("count", [MAX_PIECES, MAX_PIECES + 1, 20_000])
def test_work_is_bounded(count: int) -> None:
    """The number of candidates does not grow with the number of pieces beyond a limit."""
    row = [(20.0 * place, 0.0, 5.0, 30.0) for place in range(count)]
    assert len(build_lattice(row).candidates) <= max(1, MAX_SPAN * MAX_PIECES)


def test_no_ink_is_no_digit() -> None:
    """Without pieces there is nothing to cut."""
    assert build_lattice([]) == Lattice((), (), {}, (), {})
    assert best_path(build_lattice([]), {}) == []
