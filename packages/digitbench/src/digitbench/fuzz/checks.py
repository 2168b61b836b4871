"""What must hold of an app after each step, and of its recording at the end."""

from __future__ import annotations

import numpy as np

from digitbench.fuzz.model import Model
from digitbench.fuzz.sheet import BrokenError, Ink, ink_of, is_same
from digitbench.replay import Replayer
from digitdraw.app import App
from digitdraw.board import Board
from digitnet import Drawing, Prediction, Recognizer

_ABOUT = 0.02  # probabilities of ink that is the same but for rounding


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
                raise BrokenError(f"a blank board is read as {app.prediction.text!r}")
            if app.truth is not None:
                raise BrokenError(f"a blank board has the label {app.truth!r}")
            return
        if app.prediction is None:
            raise BrokenError("the ink on the board has not been read")
        if self._last is None or self._last[0] != drawing:
            self._last = drawing, self._recognizer.predict(drawing)
        check_same_answer(self._last[1], app.prediction)


def check_same_answer(right: Prediction, said: Prediction | None) -> None:
    """See that two answers are the same, but for rounding.

    Raises:
        BrokenError: they differ.
    """
    digits = said.digits if said else ()
    if [digit.strokes for digit in right.digits] != [digit.strokes for digit in digits]:
        raise BrokenError(f"the answer is of {_told(said)}, but the ink is {_told(right)}")
    for one, other in zip(right.digits, digits, strict=True):
        if np.abs(one.probabilities - other.probabilities).max() > _ABOUT:
            raise BrokenError(f"the answer is {_told(said)}, but the ink is read as {_told(right)}")


def check_board(board: Board, model: Model) -> None:
    """See that the board holds the ink that it should.

    Raises:
        BrokenError: it does not; says what it holds.
    """
    sheet = model.sheet
    _check_ink(sheet.strokes, ink_of(board.strokes))
    current = tuple((x, y) for x, y, _ in board.current)
    if not is_same((sheet.current,), (current,)):
        counts = f"{len(current)} points, not the {len(sheet.current)} drawn"
        raise BrokenError(f"the stroke that is being drawn has other points: {counts}")
    if np.abs(np.subtract(board.canvas, sheet.canvas)).max() > 0:
        raise BrokenError(f"the canvas is {board.canvas}, not {sheet.canvas}")
    if abs(board.pen - sheet.pen) > 1e-4:
        raise BrokenError(f"the pen is {board.pen}, not {sheet.pen}")


def check_switches(app: App, model: Model) -> None:
    """See that what can be switched is as it was switched, and that the label told is known.

    Raises:
        BrokenError: it is not.
    """
    said = (app.settings.live, app.settings.theme, app.is_fullscreen, app.is_running)
    right = (model.live, model.theme, model.is_fullscreen, model.is_running)
    if said != right:
        raise BrokenError(f"live, theme, full screen and running are {said}, not {right}")
    if model.told is not None and (
        app.truth is None or model.told not in app.truth or (app.truth and not model.told)
    ):
        raise BrokenError(f"the label is {app.truth!r}, though {model.told!r} was told")


class KeepingReplayer(Replayer):
    """Keeps the app of the last replay, to be looked at.

    Attributes:
        app: it.
    """

    app: App

    def _start(self, drawing: Drawing) -> App:
        self.app = super()._start(drawing)
        return self.app


def check_replay(
    recording: Drawing, ink: Ink, answer: Prediction | None, replayer: KeepingReplayer
) -> None:
    """See that a session's recording is replayed to the same ink and answer.

    Args:
        recording: of the session.
        ink: the strokes at its end, in canvas pixels.
        answer: what they were read as.
        replayer: replays it.

    Raises:
        BrokenError: it is not.
    """
    replayed = replayer.replay(recording)
    if replayed.error:
        raise BrokenError(f"the recording's replay crashed: {replayed.error.splitlines()[-1]}")
    try:
        _check_ink(ink, ink_of(replayer.app.board.strokes))
        check_same_answer(answer or Prediction(()), replayed.prediction)
    except BrokenError as error:
        raise BrokenError(f"replayed from its recording, {error}") from None


def _check_ink(right: Ink, seen: Ink) -> None:
    if len(seen) != len(right):
        raise BrokenError(f"the board holds {len(seen)} strokes, not {len(right)}")
    if not is_same(right, seen):
        wrong = next(n for n in range(len(seen)) if not is_same(right[n : n + 1], seen[n : n + 1]))
        raise BrokenError(
            f"stroke {wrong + 1} is {_path(seen[wrong])} on the board, not {_path(right[wrong])}"
        )


def _path(path: tuple[tuple[float, float], ...]) -> str:
    told = " ".join(f"({x:g}, {y:g})" for x, y in path[:6])
    return told if len(path) <= 6 else f"{told} … of {len(path)} points"


def _told(prediction: Prediction | None) -> str:
    if prediction is None or not prediction.digits:
        return "nothing"
    sure = " ".join(f"{digit.label} ({digit.confidence:.3f})" for digit in prediction.digits)
    return f"{sure} of {sum(len(digit.strokes or ()) for digit in prediction.digits)} strokes"
