"""One recording to real SDL events to the real app to what it answered.

The bench enters by the door that users enter by: events are posted to SDL's queue and taken from
it, and the app is stepped as its own main loop steps it. Only the screen and the clock are not
real: SDL's dummy driver shows nothing, and time is the recording's.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
import traceback
import weakref
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, TypeAlias

import pygame

from digitbench.time_limit import TimedOut, interrupted_after
from digitdraw.app import App
from digitdraw.board_view import Placement
from digitdraw.reader import Reader
from digitdraw.settings import Settings
from digitdraw.store import Store
from digitdraw.text import Writer
from digitnet import Drawing, Prediction, Recognizer, Stroke

Input = Literal["mouse", "touch"]

Happening: TypeAlias = tuple[Any, ...]
"""("down", x, y), "move" or "up" of the pen, in canvas pixels; or an event, such as ("undo",)."""

Watch: TypeAlias = Callable[[App, int, Sequence[Happening]], None]
"""Takes the app after a moment of a replay, the time in milliseconds, and what happened at it."""

_KEYS = {
    "clear": (pygame.K_c, 0),
    "save": (pygame.K_s, pygame.KMOD_CTRL),
    "undo": (pygame.K_z, pygame.KMOD_CTRL),
    "redo": (pygame.K_y, pygame.KMOD_CTRL),
}
"""The key that does what a recording's event is named after, and its modifiers."""

_LABELS = {"": pygame.K_n, **{str(digit): pygame.K_0 + digit for digit in range(10)}}

_EVENTS = frozenset({*_KEYS, "label", "erase", "resize", "pen"})
"""What is replayed; the events that `digitdraw.recorder` describes."""


@dataclass(frozen=True)
class Replayed:
    """What came of a recording.

    Attributes:
        prediction: the app's, at the end; None if it read nothing.
        latency_ms: from each release of the pen to the answer drawn, in real milliseconds.
        error: the traceback, if the app crashed; else "".
        seconds: the whole replay took, in real time.
        killed: the app hung, or the process died with it, so it is not to be replayed again.
    """

    prediction: Prediction | None
    latency_ms: tuple[float, ...]
    error: str = ""
    seconds: float = 0.0
    killed: bool = False


@dataclass(frozen=True)
class Setup:
    """How recordings are replayed.

    Attributes:
        window: (width, height) in pixels.
        input: "mouse" or "touch" for all recordings; None for what each was recorded with.
        pen: the pen's diameter over the canvas's shorter side, for all recordings; None for what
            each was recorded with.
        save_dir: where the app saves; None for a folder that is deleted afterwards.
        timeout: how many seconds a recording may take; None for as many as it takes.
    """

    window: tuple[int, int] = (960, 640)
    input: Input | None = None
    pen: float | None = None
    save_dir: Path | None = None
    timeout: float | None = None


class Replayer:
    """Replays recordings, each through a new app, in one window that nobody sees.

    Args:
        recognizer: shared by all apps.
        window: as in `Setup`, and so are all below.
        input: the same.
        pen: the same.
        save_dir: the same.
        timeout: the same; it is kept as far as `interrupted_after` can.
    """

    def __init__(
        self,
        recognizer: Recognizer,
        *,
        window: tuple[int, int] = Setup.window,
        input: Input | None = None,  # noqa: A002 - the option's name
        pen: float | None = None,
        save_dir: Path | None = None,
        timeout: float | None = None,
    ) -> None:
        self.surface = open_headless_window(window)
        self._window = window
        self._recognizer = recognizer
        self._writer = Writer()
        self._input = input
        self._pen = pen
        self._timeout = timeout
        if save_dir is None:
            save_dir = Path(tempfile.mkdtemp(prefix="digitbench-"))
            weakref.finalize(self, shutil.rmtree, save_dir, ignore_errors=True)
        self._store = Store(save_dir)

    def replay(self, drawing: Drawing, watch: Watch | None = None) -> Replayed:
        """Replay one recording; a crash of the app is part of the answer, not raised.

        So is the app's trying to end the process. Nothing of a crashed app is used again.

        Args:
            drawing: the recording.
            watch: is called after each moment at which something happens.
        """
        drawing = on_canvas(drawing)
        latencies: list[float] = []
        began = time.perf_counter()
        try:
            with interrupted_after(self._timeout):
                app = self._use(drawing, latencies, watch)
        except (Exception, SystemExit, TimedOut) as crash:
            pygame.event.clear()
            self.surface.set_clip(None)
            self._writer = Writer()
            seconds = time.perf_counter() - began
            is_hung = isinstance(crash, TimedOut)
            error = traceback.format_exc()
            return Replayed(None, tuple(latencies), error, seconds, killed=is_hung)
        seconds = time.perf_counter() - began
        return Replayed(app.prediction, tuple(latencies), seconds=seconds)

    def _use(self, drawing: Drawing, latencies: list[float], watch: Watch | None) -> App:
        """Do with a new app all that a recording tells; gives the app."""
        assert drawing.canvas is not None, "it has been put on one"  # noqa: S101
        app = self._start(drawing)
        device = self._input or ("touch" if drawing.device == "touch" else "mouse")
        for now, happenings in moments(drawing):
            events: list[pygame.event.Event] = []
            for happening in happenings:
                if happening[0] in ("resize", "pen"):
                    self._step(app, now, events, latencies)
                    events = []
                    self._change(app, now, *happening)
                else:
                    placement = Placement.fit(drawing.canvas, app.board_area)
                    events += self._to_events(happening, device, placement, app.board_area)
            self._step(app, now, events, latencies)
            if watch is not None:
                watch(app, now, happenings)
        return app

    def _start(self, drawing: Drawing) -> App:
        if self.surface.get_size() != self._window:  # the last recording resized it
            self.surface = pygame.display.set_mode(self._window)
        pygame.event.clear()  # of what SDL itself tells of a window
        # What is read while drawing is read again on release; that alone is the answer.
        settings = Settings(live=False)
        reader = Reader(self._recognizer)
        app = App(self._window, reader, self._store, self._writer, settings)
        if (pen := self._pen or drawing.pen) is not None:
            app.board.pen = pen
        app.step([], 0, self.surface)
        return app

    def _step(
        self, app: App, now: int, events: list[pygame.event.Event], latencies: list[float]
    ) -> None:
        """Make one frame of the app, and time it if the pen is lifted in it."""
        for event in events:
            pygame.event.post(event)
        started = time.perf_counter()
        app.step(pygame.event.get(), now, self.surface)
        if any(event.type in _RELEASES for event in events):
            latencies.append((time.perf_counter() - started) * 1000)

    def _change(self, app: App, now: int, name: str, *values: float) -> None:
        """Do what no event of a pen or a key can do exactly: resize the window, take a pen."""
        if name == "pen" and self._pen is None:
            app.take_pen(values[0])
        elif name == "resize":
            size = (round(values[0]), round(values[1]))
            # A new window is black, and an app whose window keeps its size draws only what changes.
            if size != self.surface.get_size():
                self.surface = pygame.display.set_mode(size)
        pygame.event.clear()  # as above
        app.step([], now, self.surface)

    def _to_events(
        self, happening: Happening, device: str, placement: Placement, area: pygame.Rect
    ) -> list[pygame.event.Event]:
        name, *values = happening
        if name in _KEYS or name == "label":
            code, modifiers = _KEYS.get(name) or (_LABELS[values[0]], 0)
            return [pygame.event.Event(pygame.KEYDOWN, key=code, mod=modifiers, unicode="")]
        x, y = _onto(area, *placement.to_window(*values[:2]))
        if device == "touch" and name != "erase":
            width, height = self.surface.get_size()
            finger = {"touch_id": 1, "finger_id": 1, "dx": 0.0, "dy": 0.0, "pressure": 1.0}
            return [pygame.event.Event(_FINGER[name], finger | {"x": x / width, "y": y / height})]
        # A mouse is where a whole pixel is.
        place: dict[str, Any] = {"pos": (round(x), round(y)), "touch": False}
        if name == "move":
            return [pygame.event.Event(pygame.MOUSEMOTION, rel=(0, 0), buttons=(1, 0, 0), **place)]
        if name == "erase":
            return [pygame.event.Event(_MOUSE[way], button=3, **place) for way in ("down", "up")]
        return [pygame.event.Event(_MOUSE[name], button=1, **place)]


_ROUNDING = 0.05  # pixels; recordings hold hundredths, which a larger window makes larger

_MOUSE = {"down": pygame.MOUSEBUTTONDOWN, "up": pygame.MOUSEBUTTONUP}
_FINGER = {"down": pygame.FINGERDOWN, "move": pygame.FINGERMOTION, "up": pygame.FINGERUP}
_RELEASES = frozenset({pygame.MOUSEBUTTONUP, pygame.FINGERUP})


def open_headless_window(size: tuple[int, int]) -> pygame.Surface:
    """Open a window of (width, height) pixels on SDL's dummy driver, whatever screen there is."""
    os.environ["SDL_VIDEODRIVER"] = "dummy"
    # SDL would turn the signals that stop a run into events for the app that is replayed.
    os.environ["SDL_NO_SIGNAL_HANDLERS"] = "1"
    if pygame.display.get_init() and pygame.display.get_driver() != "dummy":
        pygame.display.quit()
    pygame.display.init()
    pygame.font.init()
    return pygame.display.set_mode(size)


def _onto(area: pygame.Rect, x: float, y: float) -> tuple[float, float]:
    """Put a place that is beside the board's edge by no more than rounding onto it."""
    edge_x = min(max(x, area.left), area.right)
    edge_y = min(max(y, area.top), area.bottom)
    is_rounding = max(abs(x - edge_x), abs(y - edge_y)) < _ROUNDING
    return (edge_x, edge_y) if is_rounding else (x, y)


def moments(drawing: Drawing) -> list[tuple[int, list[Happening]]]:
    """Group what happens by the time at which it does, in whole milliseconds."""
    groups: dict[int, list[Happening]] = {}
    for at, happening in _timeline(drawing):
        groups.setdefault(round(at), []).append(happening)
    return sorted(groups.items(), key=lambda moment: moment[0])


def _timeline(drawing: Drawing) -> Iterator[tuple[float, Happening]]:
    """List what happens, with its time: the pen's way, and the other events in between.

    Strokes keep their order even where a recording's times do not.
    """
    known = (event for event in drawing.events if event[1] in _EVENTS)
    others = deque(sorted(known, key=lambda event: float(event[0])))
    clock = 0.0
    for stroke in drawing.strokes:
        for index, point in enumerate(stroke.points):
            while others and others[0][0] <= point.t:
                clock = max(clock, float(others[0][0]))
                yield clock, tuple(others.popleft()[1:])
            clock = max(clock, float(point.t))
            yield clock, ("move" if index else "down", point.x, point.y)
        yield clock, ("up", point.x, point.y)
        # The next thing happens a little later, as no pen is up and down at once.
        clock += 1
    for at, *event in others:
        clock = max(clock, float(at))
        yield clock, tuple(event)


def on_canvas(drawing: Drawing) -> Drawing:
    """Give a drawing that names no canvas one: the smallest square that holds it and 0."""
    if drawing.canvas is not None:
        return drawing
    x, y, width, height = drawing.bounds or (0.0, 0.0, 1.0, 1.0)
    left, top = min(x, 0.0), min(y, 0.0)
    right, bottom = max(x + width, 0.0), max(y + height, 0.0)
    side = max(right - left, bottom - top) or 1.0
    strokes = tuple(
        Stroke((px - left, py - top, t) for px, py, t in stroke.points)
        for stroke in drawing.strokes
    )
    return replace(drawing, strokes=strokes, canvas=(side, side))
