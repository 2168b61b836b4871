"""A recording moment by moment: what was done, what was read, and what the window showed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from typing import TypeAlias

from PIL import Image

from digitbench.replay.playback import Frame
from digitbench.replay.replayer import Replayer, Setup
from digitbench.replay.timeline import EXPECT, Step, describe_steps, steps_by_time
from digitbench.report.ink_so_far import InkSoFar
from digitbench.report.screens import screenshot
from digitbench.run.suite import Result, judge
from digitbench.text import reading
from digitdraw.app import App
from digitnet import Drawing, Prediction, Recognizer

_BLANK = "the board is blank"
_UNREAD = "not read yet"
_CRASHED = "the app crashed"
_MOST_BETWEEN = 10  # pictures while a stroke is drawn, for each deed


@dataclass(frozen=True)
class Moment:
    """A moment of a recording.

    Attributes:
        at: the time from the start, in milliseconds.
        deed: what was done, such as "stroke 1" or "undo"; "" between two deeds.
        reading: what the app read then, in words.
        picture: the app's window then, RGB; None if no picture was taken.
        steps: all that was done since the moment before.
        prediction: what the app read then.
        ink: how much of each recorded stroke was on the board, as `InkSoFar` says; empty without a
            picture.
        is_met: whether the app read what the recording expects then; None if it expects nothing.
        is_crash: whether the app crashed here; the picture then shows what it drew last.
    """

    at: int
    deed: str
    reading: str
    picture: Image.Image | None
    steps: tuple[Step, ...] = ()
    prediction: Prediction | None = None
    ink: tuple[int, ...] = ()
    is_met: bool | None = None
    is_crash: bool = False


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


Camera: TypeAlias = Callable[[Drawing, int, Collection[int]], TimelineReport]
"""Replays a recording, and takes pictures as `timeline_report` does, also in between: of a drawing,
at most how many, and the times in milliseconds at which there must be one."""


def timeline_report(
    replayer: Replayer,
    drawing: Drawing,
    pictures: int = 0,
    wanted: Collection[int] = (),
    *,
    in_between: bool = False,
) -> TimelineReport:
    """Replay a recording, and observe the app after each stroke and each event.

    Args:
        replayer: replays the recording.
        drawing: the recording.
        pictures: the maximum number of moments to take pictures of, evenly spaced from the first
            to the last, because long sessions have thousands of moments. A crash is one more.
        wanted: times in milliseconds whose moments get a picture in any case.
        in_between: whether pictures that are left are taken while strokes are being drawn, each of
            them a moment of its own.
    """
    drawing = replayer.as_replayed(drawing)
    steps = steps_by_time(drawing)
    shots = _choose_shots(steps, pictures, wanted, in_between=in_between)
    observer = _Observer(replayer, drawing, shots)
    replayer.surface.fill("black")  # for an app that draws nothing
    result = judge(drawing, replayer.replay(drawing, observer))
    if result.replayed.error:
        observer.note_crash(steps, has_picture=pictures > 0)
    elif not observer.moments:
        picture = screenshot(replayer.surface) if pictures else None
        observer.moments.append(Moment(0, "start", _BLANK, picture))
    board = observer.app.board.drawing() if observer.app else Drawing((), canvas=drawing.canvas)
    return TimelineReport(result, tuple(observer.moments), board)


def open_camera(recognizer: Recognizer, setup: Setup) -> Camera:
    """Return a camera that replays like `setup`, but saves nothing and sets no time limit.

    The app makes a frame at every moment, because a picture may be taken of any.
    """

    @cache
    def replayer() -> Replayer:
        filmed = replace(setup, save_dir=None, timeout=None, every_frame=True)
        return Replayer(recognizer, **asdict(filmed))

    return lambda drawing, pictures, wanted: timeline_report(
        replayer(), drawing, pictures, wanted, in_between=True
    )


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


def _choose_shots(
    steps: Sequence[tuple[int, Sequence[Step]]],
    pictures: int,
    wanted: Collection[int],
    *,
    in_between: bool,
) -> frozenset[int]:
    """Return the indices of the groups of steps after which pictures are taken."""
    deeds = [index for index, (_, group) in enumerate(steps) if describe_steps(group)]
    shots = {deeds[place] for place in evenly_spaced(len(deeds), pictures)}
    shots |= {index for index in deeds if steps[index][0] in wanted}
    if in_between and pictures > len(deeds):
        others = sorted(set(range(len(steps))) - set(deeds))
        most = min(pictures - len(deeds), _MOST_BETWEEN * max(1, len(deeds)))
        shots |= {others[place] for place in evenly_spaced(len(others), most)}
    return frozenset(shots)


class _Observer:
    """Notes what happens while a recording is replayed.

    Args:
        replayer: that replays it.
        drawing: the recording, as it is replayed.
        shots: the indices of the groups of steps after which pictures are taken.

    Attributes:
        app: the app; None before it was started.
        moments: the moments so far.
    """

    def __init__(self, replayer: Replayer, drawing: Drawing, shots: Collection[int]) -> None:
        self.app: App | None = None
        self.moments: list[Moment] = []
        self._replayer = replayer
        self._shots = shots
        self._ink = InkSoFar(drawing)
        self._count = 0  # of the groups of steps that were replayed
        self._strokes = 0
        self._steps: list[Step] = []  # since the last moment

    def __call__(self, app: App, frame: Frame) -> None:
        self.app = app
        if not frame.steps:
            return
        self._ink.follow(app.board, frame.steps)
        deeds = describe_steps(frame.steps, self._strokes)
        has_picture = self._count in self._shots
        self._count += 1
        self._strokes += sum(name == "up" for name, *_ in frame.steps)
        self._steps += frame.steps
        if not deeds and not has_picture:
            return
        is_met = _is_met(app, frame)
        moment = Moment(
            at=frame.at,
            deed=", ".join(deeds),
            reading=_describe(app, frame, is_met=is_met),
            picture=screenshot(self._replayer.surface) if has_picture else None,
            steps=tuple(self._steps),
            prediction=app.prediction,
            ink=self._ink.state(app.board) if has_picture else (),
            is_met=is_met,
        )
        self._steps = []
        self.moments.append(moment)

    def note_crash(self, steps: Sequence[tuple[int, Sequence[Step]]], *, has_picture: bool) -> None:
        """Add the moment at which the app crashed: what was to be done, and what it drew last."""
        at, group = steps[self._count] if self._count < len(steps) else (0, [])
        moment = Moment(
            at=at,
            deed=", ".join(describe_steps(group, self._strokes)),
            reading=_CRASHED,
            picture=screenshot(self._replayer.surface) if has_picture else None,
            steps=(*self._steps, *group),
            prediction=self.app.prediction if self.app else None,
            ink=self._ink.state(self.app.board) if self.app else (),
            is_crash=True,
        )
        self.moments.append(moment)


def _is_met(app: App, frame: Frame) -> bool | None:
    if frame.steps[0][0] != EXPECT:
        return None
    answer = app.prediction.text if app.prediction else ""
    return bool(frame.steps[0][1] == answer)


def _describe(app: App, frame: Frame, *, is_met: bool | None) -> str:
    """Return what the app read, and whether that was expected."""
    if app.board.is_blank:
        text = _BLANK
    elif app.prediction is None and app.board.pen_at:
        text = _UNREAD
    else:
        text = reading(app.prediction)
    if is_met is None:
        return text
    return (
        f"{text}, as expected" if is_met else f"{text}; expected {frame.steps[0][1] or 'no digit'}"
    )
