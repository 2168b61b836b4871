"""A recording moment by moment: what was done, what was read, and what the window showed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image

from digitbench.replay.playback import Frame
from digitbench.replay.replayer import Replayer
from digitbench.replay.timeline import EXPECT, describe_steps, steps_by_time
from digitbench.report.screens import screenshot
from digitbench.run.suite import Result, judge
from digitbench.text import reading
from digitdraw.app import App
from digitnet import Drawing

_BLANK = "the board is blank"


@dataclass(frozen=True)
class Moment:
    """A moment at which something was done.

    Attributes:
        at: the time from the start, in milliseconds.
        deed: what was done, such as "stroke 1" or "undo".
        reading: what the app read then, in words.
        picture: the app's window then, RGB; None if no picture was taken.
    """

    at: int
    deed: str
    reading: str
    picture: Image.Image | None


@dataclass(frozen=True)
class TimelineReport:
    """All moments of a recording.

    Attributes:
        result: the result of the recording.
        moments: in order; if nothing was done at all, one at the start.
        board: the ink at the end, on the canvas of that time.
    """

    result: Result
    moments: tuple[Moment, ...]
    board: Drawing


def timeline_report(replayer: Replayer, drawing: Drawing, pictures: int = 0) -> TimelineReport:
    """Replay a recording, and observe the app after each stroke and each event.

    Args:
        replayer: replays the recording.
        drawing: the recording.
        pictures: the maximum number of moments to take pictures of, evenly spaced from the first
            to the last, because long sessions have thousands of moments.
    """
    drawing = replayer.as_replayed(drawing)
    count = sum(bool(describe_steps(steps)) for _, steps in steps_by_time(drawing))
    observer = _Observer(replayer, evenly_spaced(count, pictures))
    result = judge(drawing, replayer.replay(drawing, observer))
    board = observer.app.board.drawing() if observer.app else Drawing((), canvas=drawing.canvas)
    if not (observer.moments or result.replayed.error):
        picture = screenshot(replayer.surface) if pictures else None
        observer.moments.append(Moment(0, "start", _BLANK, picture))
    return TimelineReport(result, tuple(observer.moments), board)


def evenly_spaced(count: int, most: int) -> list[int]:
    """Return up to `most` evenly spaced indices below `count`, including the first and the last.

    >>> evenly_spaced(9, 3)
    [0, 4, 8]
    """
    if most >= count:
        return list(range(count))
    if most < 2:
        return [count - 1][:most]
    return [round(index * (count - 1) / (most - 1)) for index in range(most)]


class _Observer:
    """Notes what happens while a recording is replayed.

    Attributes:
        app: the app; None before it was started.
        moments: the moments so far.
    """

    def __init__(self, replayer: Replayer, pictured: Sequence[int]) -> None:
        self.app: App | None = None
        self.moments: list[Moment] = []
        self._replayer = replayer
        self._pictured = frozenset(pictured)
        self._strokes = 0

    def __call__(self, app: App, frame: Frame) -> None:
        self.app = app
        done = describe_steps(frame.steps, self._strokes)
        if not done:
            return
        self._strokes += sum(name == "up" for name, *_ in frame.steps)
        picture = None
        if len(self.moments) in self._pictured:
            picture = screenshot(self._replayer.surface)
        self.moments.append(Moment(frame.at, ", ".join(done), _describe(app, frame), picture))


def _describe(app: App, frame: Frame) -> str:
    """Return what the app read, and whether that was expected."""
    text = reading(app.prediction) if app.board.strokes else _BLANK
    if not frame.steps or frame.steps[0][0] != EXPECT:
        return text
    expected = frame.steps[0][1]
    is_met = expected == (app.prediction.text if app.prediction else "")
    return f"{text}, as expected" if is_met else f"{text}; expected {expected or 'no digit'}"
