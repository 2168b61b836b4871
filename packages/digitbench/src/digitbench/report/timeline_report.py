"""A recording told moment by moment: what was done, what was read then, what the window showed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from digitbench.replay.replayer import Frame, Replayer
from digitbench.replay.timeline import EXPECT, describe_steps, steps_by_time
from digitbench.report.screens import screenshot
from digitbench.run.suite import Result, judge
from digitbench.text import reading
from digitdraw.app import App
from digitnet import Drawing


@dataclass(frozen=True)
class Moment:
    """Something was done.

    Attributes:
        at: the time from the start, in milliseconds.
        deed: what was done, such as "stroke 1" or "undo".
        reading: what was read then, in words.
        picture: the app's window then, RGB; None where none was taken.
    """

    at: int
    deed: str
    reading: str
    picture: Image.Image | None


@dataclass(frozen=True)
class Story:
    """All of a recording's moments.

    Attributes:
        result: what came of it.
        moments: in their order; one more, at the start, where nothing is done at all.
        board: the ink at the end, on the canvas that the board had then.
    """

    result: Result
    moments: tuple[Moment, ...]
    board: Drawing


def follow(replayer: Replayer, drawing: Drawing, pictures: int = 0) -> Story:
    """Replay a recording and look at the app after each stroke and each event.

    Args:
        replayer: replays it.
        drawing: the recording.
        pictures: of how many moments at most to take pictures, spread evenly from the first to the
            last; long sessions have thousands of moments.
    """
    drawing = replayer.as_replayed(drawing)
    count = sum(bool(describe_steps(steps)) for _, steps in steps_by_time(drawing))
    witness = _Witness(replayer, evenly(count, pictures))
    result = judge(drawing, replayer.replay(drawing, witness))
    board = witness.app.board.drawing() if witness.app else Drawing((), canvas=drawing.canvas)
    if not (witness.moments or result.replayed.error):
        picture = screenshot(replayer.surface) if pictures else None
        witness.moments.append(Moment(0, "start", _BLANK, picture))
    return Story(result, tuple(witness.moments), board)


def evenly(count: int, most: int) -> list[int]:
    """Choose at most so many of `count` places, the first and the last among them.

    >>> evenly(9, 3)
    [0, 4, 8]
    """
    if most >= count:
        return list(range(count))
    if most < 2:
        return [count - 1][:most]
    return [round(index * (count - 1) / (most - 1)) for index in range(most)]


_BLANK = "the board is blank"


class _Witness:
    """Takes down what happens while a recording is replayed.

    Attributes:
        app: the one that was seen; None before it was started.
        moments: at which something was done.
    """

    def __init__(self, replayer: Replayer, shots: Sequence[int]) -> None:
        self.app: App | None = None
        self.moments: list[Moment] = []
        self._replayer = replayer
        self._shots = frozenset(shots)
        self._strokes = 0

    def __call__(self, app: App, frame: Frame) -> None:
        self.app = app
        done = describe_steps(frame.steps, self._strokes)
        if not done:
            return
        self._strokes += sum(name == "up" for name, *_ in frame.steps)
        picture = None
        if len(self.moments) in self._shots:
            picture = screenshot(self._replayer.surface)
        self.moments.append(Moment(frame.at, ", ".join(done), _read(app, frame), picture))


def _read(app: App, frame: Frame) -> str:
    """Say what was read, and whether that was expected."""
    read = reading(app.prediction) if app.board.strokes else _BLANK
    if not frame.steps or frame.steps[0][0] != EXPECT:
        return read
    wanted = frame.steps[0][1]
    is_met = wanted == (app.prediction.text if app.prediction else "")
    return f"{read}, as expected" if is_met else f"{read}; expected {wanted or 'no digit'}"
