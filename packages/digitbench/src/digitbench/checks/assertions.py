"""What must hold of an app at any moment, compared with a reference app."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import numpy as np

from digitbench.reference.app import ReferenceApp
from digitbench.reference.board import StrokePath, StrokePaths, paths_of, same_paths
from digitbench.reference.panel import described
from digitbench.replay.outcome import ViolationError
from digitdraw.app import App
from digitdraw.model.board import Board
from digitdraw.model.reader import is_too_much
from digitdraw.storage.settings import Settings, load_settings, save_settings
from digitnet import Digit, Drawing, Prediction, Recognizer, Stroke

_MOST_KEPT = 64
"""Answers to ink that may come back."""

_TOLERANCE = 0.02  # in probability: of ink that is the same but for rounding


class AnswerChecker:
    """Compares the app's answers with those that the recogniser gives for the same ink.

    Ink that undo and redo bring back, point by point the same, is read once.

    Args:
        recognizer: that of the app.
    """

    def __init__(self, recognizer: Recognizer) -> None:
        @lru_cache(maxsize=_MOST_KEPT)
        def read(
            strokes: tuple[Stroke, ...], canvas: tuple[float, float], pen: float
        ) -> Prediction:
            return recognizer.predict(Drawing(strokes, canvas=canvas, pen=pen))

        self._read = read

    def check(self, app: App) -> None:
        """Compare the answers; the pen must be up.

        Raises:
            ViolationError: they differ.
        """
        drawing = app.board.drawing()
        if not drawing.strokes:
            if app.prediction is not None:
                got = _described(app.prediction)
                raise ViolationError(f"a blank board is read as {got}", "no answer", got)
            if app.truth is not None:
                got = repr(app.truth)
                raise ViolationError(f"a blank board has the label {got}", "no label", got)
            return
        if not is_readable(drawing):
            return  # the app says so
        if app.prediction is None:
            raise ViolationError("the ink on the board has not been read", "an answer", "none")
        board = app.board
        assert_same_answer(self._read(board.strokes, board.canvas, board.pen), app.prediction)


def is_readable(drawing: Drawing) -> bool:
    """Whether there is ink, and no more than the app reads."""
    points = sum(len(stroke.points) for stroke in drawing.strokes)
    return bool(points) and not is_too_much(points, len(drawing.strokes))


def assert_same_answer(expected: Prediction, got: Prediction | None) -> None:
    """Check that two answers are the same, up to rounding.

    Raises:
        ViolationError: they differ.
    """
    digits = got.digits if got else ()
    same_ink = [digit.strokes for digit in expected.digits] == [digit.strokes for digit in digits]
    if not (same_ink and all(map(is_as_sure, expected.digits, digits))):
        should, shown = _described(expected), _described(got)
        message = f"the answer is {shown}, but the ink is read as {should}"
        raise ViolationError(message, should, shown)


def is_as_sure(one: Digit, other: Digit) -> bool:
    """Whether the network says the same of two digits, up to rounding."""
    probabilities = float(np.abs(one.probabilities - other.probabilities).max())
    return max(probabilities, abs(one.likelihood - other.likelihood)) <= _TOLERANCE


def assert_board(board: Board, reference: ReferenceApp) -> None:
    """Check that the board holds the ink that it should.

    Raises:
        ViolationError: it does not; says what it holds.
    """
    right = reference.board
    assert_same_ink(right.strokes, paths_of(board.strokes))
    current = tuple((x, y) for x, y, _ in board.current)
    if not same_paths((right.current,), (current,)):
        expected, got = f"the {len(right.current)} drawn", f"{len(current)} points"
        raise ViolationError.of("the stroke that is being drawn has other points:", expected, got)
    if np.abs(np.subtract(board.canvas, right.canvas)).max() > 0:
        raise ViolationError.of("the canvas is", f"{right.canvas}", f"{board.canvas}")
    if abs(board.pen - right.pen) > 1e-4:
        raise ViolationError.of("the pen is", f"{right.pen}", f"{board.pen}")


def assert_settings(app: App, reference: ReferenceApp) -> None:
    """Check that all switches are where they should be, and that the app knows the label.

    Raises:
        ViolationError: something is not as it should be.
    """
    got = (app.settings.live, app.settings.theme, app.is_fullscreen, app.is_running)
    right = (reference.live, reference.theme, reference.is_fullscreen, reference.is_running)
    if got != right:
        raise ViolationError.of("live, theme, full screen and running are", f"{right}", f"{got}")
    if bool(app.window.pages.current) != bool(reference.page):
        page = type(app.window.pages.current).__name__ if app.window.pages.current else "the board"
        raise ViolationError.of("the window shows", reference.page or "the board", page)
    if reference.label is not None:
        _assert_label(app, reference.label)


def _assert_label(app: App, label: str) -> None:
    """Check that the label that was just given is that of the digit that the panel describes."""
    truth, digits = app.truth, app.prediction.digits if app.prediction else ()
    if len(digits) < 2 or not label:
        if truth != label:
            raise ViolationError.of("the label is", repr(label), repr(truth))
        return
    index = described(app.prediction, app.window.panel.pointed) or 0
    if truth is None or len(truth) != len(digits) or truth[index] != label:
        raise ViolationError.of(f"the label of digit {index + 1} is", repr(label), repr(truth))


def assert_remembered(settings: Settings, file: Path) -> None:
    """Check that settings are the same when they are saved and loaded again.

    Args:
        settings: of an app.
        file: to save them in.

    Raises:
        ViolationError: they are not, or cannot be loaded.
    """
    save_settings(file, settings)
    loaded, notice = load_settings(file, Settings())
    if loaded != settings:
        expected, got = str(settings), notice or str(loaded)
        raise ViolationError.of("the settings that are remembered are", expected, got)


def assert_same_ink(expected: StrokePaths, got: StrokePaths) -> None:
    """Check that the board holds the expected strokes, up to rounding.

    Raises:
        ViolationError: they differ; says how.
    """
    if len(got) != len(expected):
        raise ViolationError.of("the board holds", f"{len(expected)}", f"{len(got)} strokes")
    for number, (right, path) in enumerate(zip(expected, got, strict=True), start=1):
        if not same_paths((right,), (path,)):
            on_board = f"{_listed(path)} on the board"
            raise ViolationError.of(f"stroke {number} is", _listed(right), on_board)


def _listed(path: StrokePath) -> str:
    points = " ".join(f"({x:g}, {y:g})" for x, y in path[:6])
    return points if len(path) <= 6 else f"{points} … of {len(path)} points"


def _described(prediction: Prediction | None) -> str:
    if prediction is None or not prediction.digits:
        return "nothing"
    digits = " ".join(f"{digit.label} ({digit.confidence:.3f})" for digit in prediction.digits)
    return f"{digits} of {sum(len(digit.strokes or ()) for digit in prediction.digits)} strokes"
