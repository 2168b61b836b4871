"""Checks that the recording of a session is replayed to the same end."""

from __future__ import annotations

from digitbench.checks.assertions import assert_same_answer, assert_same_ink
from digitbench.reference.board import StrokePaths, paths_of
from digitbench.replay.outcome import ViolationError
from digitbench.replay.replayer import Replayer
from digitdraw.app import App
from digitnet import Drawing, Prediction


class KeepingReplayer(Replayer):
    """Keeps the app of the last replay for inspection.

    Attributes:
        app: that app.
    """

    app: App

    def _start(self, drawing: Drawing) -> App:
        self.app = super()._start(drawing)
        return self.app


def check_replay(
    recording: Drawing, ink: StrokePaths, answer: Prediction | None, replayer: KeepingReplayer
) -> None:
    """Check that the recording of a session is replayed to the same ink and answer.

    Args:
        recording: of the session.
        ink: the strokes at its end, in canvas pixels.
        answer: what they were read as.
        replayer: replays the recording.

    Raises:
        ViolationError: it is not.
    """
    replayed = replayer.replay(recording)
    if replayed.error:
        raise ViolationError(f"the recording's replay crashed: {replayed.error.splitlines()[-1]}")
    try:
        assert_same_ink(ink, paths_of(replayer.app.board.strokes))
        assert_same_answer(answer or Prediction(()), replayed.prediction)
    except ViolationError as error:
        raise ViolationError(f"replayed from its recording, {error}") from None
