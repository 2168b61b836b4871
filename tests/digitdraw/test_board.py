"""The board: strokes, and the steps that can be undone."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from digitdraw.model.board import Board
from digitnet import Point, Stroke

LINE = [(10, 10), (20, 15), (30, 40)]
DOT = [(5, 6)]


def draw(board: Board, path: list[tuple[int, int]], now: int = 0) -> None:
    board.begin(*path[0], now)
    for index, (x, y) in enumerate(path[1:], start=1):
        board.extend(x, y, now + 8 * index)
    board.end()


def places(board: Board) -> list[list[tuple[float, float]]]:
    return [[(point.x, point.y) for point in stroke.points] for stroke in board.strokes]


def make_board(*paths: list[tuple[int, int]]) -> Board:
    board = Board((600, 600))
    for path in paths:
        draw(board, path)
    return board


def test_a_new_board_is_blank() -> None:
    """It has no ink, and there is nothing to undo or redo."""
    board = Board((600, 600))
    assert board.is_blank
    assert not board.can_undo
    assert not board.can_redo
    assert board.drawing().strokes == ()


def test_points_have_the_times_of_the_clock() -> None:
    """All strokes share one clock, so that redone strokes are still in order."""
    board = Board((600, 600))
    draw(board, LINE, now=5000)
    draw(board, DOT, now=5400)
    assert board.strokes == (
        Stroke([Point(10, 10, 5000), Point(20, 15, 5008), Point(30, 40, 5016)]),
        Stroke([Point(5, 6, 5400)]),
    )


def test_a_stroke_of_one_point_is_a_dot() -> None:
    """Putting the pen down and up in one place leaves ink."""
    assert places(make_board(DOT)) == [DOT]


def test_a_pen_that_is_up_leaves_nothing() -> None:
    """Moving or lifting a pen that is not down changes nothing."""
    board = make_board(LINE)
    board.extend(99, 99, 500)
    board.end()
    assert places(board) == [LINE]


def test_a_stroke_that_has_begun_is_ink_but_not_yet_a_stroke() -> None:
    """While the pen is down, its points are in `current` alone."""
    board = Board((600, 600))
    board.begin(1, 2, 0)
    board.extend(3, 4, 8)
    assert board.current == (Point(1, 2, 0), Point(3, 4, 8))
    assert board.strokes == ()
    assert not board.is_blank


def test_an_unfinished_stroke_is_the_one_that_it_becomes() -> None:
    """The same object until it gets longer, so that what was made of it can be kept."""
    board = Board((600, 600))
    before = board.unfinished
    board.begin(1, 2, 0)
    dot = board.unfinished
    board.extend(3, 4, 8)
    line = board.unfinished
    assert line == Stroke([Point(1, 2, 0), Point(3, 4, 8)])
    assert line != dot
    board.end()
    assert board.strokes[0] is line
    assert before is board.unfinished is None
    board.begin(1, 2, 0)
    board.extend(5, 6, 8)
    assert board.unfinished == Stroke([Point(1, 2, 0), Point(5, 6, 8)])


def test_putting_the_pen_down_again_ends_the_older_stroke() -> None:
    """No point is lost of a stroke whose end was never reported."""
    board = Board((600, 600))
    board.begin(1, 2, 0)
    board.begin(3, 4, 8)
    board.end()
    assert places(board) == [[(1, 2)], [(3, 4)]]


def test_undo_removes_strokes_and_redo_restores_them() -> None:
    """The last stroke goes first and comes back last."""
    board = make_board(LINE, DOT)
    board.undo()
    assert places(board) == [LINE]
    board.undo()
    assert board.is_blank
    board.redo()
    board.redo()
    assert places(board) == [LINE, DOT]


def test_clear_is_one_step_that_can_be_undone() -> None:
    """All strokes go at once and come back at once."""
    board = make_board(LINE, DOT)
    board.clear()
    assert board.is_blank
    board.undo()
    assert places(board) == [LINE, DOT]


def test_clearing_a_blank_board_is_not_a_step() -> None:
    """Undo then undoes the step before."""
    board = make_board(LINE)
    board.clear()
    board.clear()
    board.undo()
    assert places(board) == [LINE]


def test_a_new_stroke_ends_redo() -> None:
    """Redo after a new stroke changes nothing."""
    board = make_board(LINE)
    board.undo()
    draw(board, DOT)
    assert not board.can_redo
    board.redo()
    assert places(board) == [DOT]


def test_undo_while_drawing_drops_that_stroke_only() -> None:
    """The finished strokes stay, and the dropped one cannot be redone."""
    board = make_board(LINE)
    board.begin(1, 1, 50)
    board.undo()
    board.end()
    board.redo()
    assert places(board) == [LINE]


def test_the_drawing_knows_canvas_and_pen() -> None:
    """The drawing can be redrawn elsewhere at the same size and thickness."""
    drawing = Board((600, 400), pen=0.1).drawing()
    assert drawing.canvas == (600.0, 400.0)
    assert drawing.pen_pixels == 40


class BoardAgainstHistory(RuleBasedStateMachine):
    """A board behaves as a list of its past states, and a position in that list."""

    def __init__(self) -> None:
        super().__init__()
        self.board = Board((600, 600))
        self.states: list[list[list[tuple[int, int]]]] = [[]]
        self.place = 0
        self.current: list[tuple[int, int]] = []

    def take_step(self, state: list[list[tuple[int, int]]]) -> None:
        self.states = [*self.states[: self.place + 1], state]
        self.place += 1

    def finish(self) -> None:
        if self.current:
            self.take_step([*self.states[self.place], self.current])
            self.current = []

    @rule(x=st.integers(0, 600), y=st.integers(0, 600))
    def begin(self, x: int, y: int) -> None:
        self.board.begin(x, y, 0)
        self.finish()
        self.current = [(x, y)]

    @rule(x=st.integers(0, 600), y=st.integers(0, 600))
    def extend(self, x: int, y: int) -> None:
        self.board.extend(x, y, 8)
        if self.current:
            self.current = [*self.current, (x, y)]

    @rule()
    def end(self) -> None:
        self.board.end()
        self.finish()

    @rule()
    def clear(self) -> None:
        self.board.clear()
        self.current = []
        if self.states[self.place]:
            self.take_step([])

    @rule()
    def undo(self) -> None:
        self.board.undo()
        if not self.current:
            self.place = max(0, self.place - 1)
        self.current = []

    @rule()
    @precondition(lambda self: not self.current)
    def redo(self) -> None:
        self.board.redo()
        self.place = min(len(self.states) - 1, self.place + 1)

    @rule()
    @precondition(lambda self: bool(self.current))
    def redo_while_drawing(self) -> None:
        self.board.redo()

    @invariant()
    def board_is_as_remembered(self) -> None:
        assert places(self.board) == self.states[self.place]
        assert [(point.x, point.y) for point in self.board.current] == self.current
        assert self.board.is_blank == (not self.states[self.place] and not self.current)
        assert self.board.can_undo == (self.place > 0)
        assert self.board.can_redo == (self.place < len(self.states) - 1)
        assert self.board.drawing().strokes == self.board.strokes


TestBoardAgainstHistory = BoardAgainstHistory.TestCase
