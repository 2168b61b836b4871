"""What must hold of an app at any moment, with a model of it beside."""

from __future__ import annotations

import numpy as np

from digitbench.checks.outcome import BrokenError
from digitbench.reference.app import Model
from digitbench.reference.board import Ink, ink_of, is_same
from digitdraw.app import App
from digitdraw.model.board import Board
from digitdraw.model.reader import is_too_much
from digitnet import Digit, Drawing, Prediction, Recognizer

_ABOUT = 0.02  # in probability: of ink that is the same but for rounding


class AnswerCheck:
    """Holds the app's answers against those that the recogniser gives to the same ink.

    Args:
        recognizer: the app's.
    """

    def __init__(self, recognizer: Recognizer) -> None:
        self._recognizer = recognizer
        self._last: tuple[Drawing, Prediction] | None = None

    def check(self, app: App) -> None:
        """Compare them; the pen must be up.

        Raises:
            BrokenError: they differ.
        """
        drawing = app.board.drawing()
        if not drawing.strokes:
            if app.prediction is not None:
                got = _told(app.prediction)
                raise BrokenError(f"a blank board is read as {got}", "no answer", got)
            if app.truth is not None:
                got = repr(app.truth)
                raise BrokenError(f"a blank board has the label {got}", "no label", got)
            return
        if not is_readable(drawing):
            return  # the app says so
        if app.prediction is None:
            raise BrokenError("the ink on the board has not been read", "an answer", "none")
        if self._last is None or self._last[0] != drawing:
            self._last = drawing, self._recognizer.predict(drawing)
        check_same_answer(self._last[1], app.prediction)


def is_readable(drawing: Drawing) -> bool:
    """Whether there is ink, and no more than the app reads."""
    points = sum(len(stroke.points) for stroke in drawing.strokes)
    return bool(points) and not is_too_much(points, len(drawing.strokes))


def check_same_answer(right: Prediction, said: Prediction | None) -> None:
    """See that two answers are the same, but for rounding.

    Raises:
        BrokenError: they differ.
    """
    digits = said.digits if said else ()
    is_same_ink = [digit.strokes for digit in right.digits] == [digit.strokes for digit in digits]
    if not (is_same_ink and all(map(is_as_sure, right.digits, digits))):
        expected, got = _told(right), _told(said)
        message = f"the answer is {got}, but the ink is read as {expected}"
        raise BrokenError(message, expected, got)


def is_as_sure(one: Digit, other: Digit) -> bool:
    """Whether the network says the same of two digits, but for rounding."""
    probabilities = float(np.abs(one.probabilities - other.probabilities).max())
    return max(probabilities, abs(one.likelihood - other.likelihood)) <= _ABOUT


def check_board(board: Board, model: Model) -> None:
    """See that the board holds the ink that it should.

    Raises:
        BrokenError: it does not; says what it holds.
    """
    sheet = model.sheet
    check_ink(sheet.strokes, ink_of(board.strokes))
    current = tuple((x, y) for x, y, _ in board.current)
    if not is_same((sheet.current,), (current,)):
        expected, got = f"the {len(sheet.current)} drawn", f"{len(current)} points"
        raise BrokenError.of("the stroke that is being drawn has other points:", expected, got)
    if np.abs(np.subtract(board.canvas, sheet.canvas)).max() > 0:
        raise BrokenError.of("the canvas is", f"{sheet.canvas}", f"{board.canvas}")
    if abs(board.pen - sheet.pen) > 1e-4:
        raise BrokenError.of("the pen is", f"{sheet.pen}", f"{board.pen}")


def check_switches(app: App, model: Model) -> None:
    """See that what can be switched is as it was switched, and that the label told is known.

    Raises:
        BrokenError: it is not.
    """
    said = (app.settings.live, app.settings.theme, app.is_fullscreen, app.is_running)
    right = (model.live, model.theme, model.is_fullscreen, model.is_running)
    if said != right:
        raise BrokenError.of("live, theme, full screen and running are", f"{right}", f"{said}")
    if model.told is not None and (
        app.truth is None or model.told not in app.truth or (app.truth and not model.told)
    ):
        expected, got = repr(model.told), repr(app.truth)
        raise BrokenError(f"the label is {got}, though {expected} was told", expected, got)


def check_ink(right: Ink, seen: Ink) -> None:
    """See that two inks are the same, but for rounding.

    Raises:
        BrokenError: they differ; says how.
    """
    if len(seen) != len(right):
        raise BrokenError.of("the board holds", f"{len(right)}", f"{len(seen)} strokes")
    if not is_same(right, seen):
        wrong = next(n for n in range(len(seen)) if not is_same(right[n : n + 1], seen[n : n + 1]))
        got = f"{_path(seen[wrong])} on the board"
        raise BrokenError.of(f"stroke {wrong + 1} is", _path(right[wrong]), got)


def _path(path: tuple[tuple[float, float], ...]) -> str:
    told = " ".join(f"({x:g}, {y:g})" for x, y in path[:6])
    return told if len(path) <= 6 else f"{told} … of {len(path)} points"


def _told(prediction: Prediction | None) -> str:
    if prediction is None or not prediction.digits:
        return "nothing"
    sure = " ".join(f"{digit.label} ({digit.confidence:.3f})" for digit in prediction.digits)
    return f"{sure} of {sum(len(digit.strokes or ()) for digit in prediction.digits)} strokes"
