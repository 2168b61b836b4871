"""Whether a session's recording is replayed to the same end."""

from __future__ import annotations

from digitbench.checks.assertions import check_ink, check_same_answer
from digitbench.checks.outcome import BrokenError
from digitbench.reference.board import Ink, ink_of
from digitbench.replay.replayer import Replayer
from digitdraw.app import App
from digitnet import Drawing, Prediction


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
        check_ink(ink, ink_of(replayer.app.board.strokes))
        check_same_answer(answer or Prediction(()), replayed.prediction)
    except BrokenError as error:
        raise BrokenError(f"replayed from its recording, {error}") from None
