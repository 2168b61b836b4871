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
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

import pygame

from digitdraw.app import App
from digitdraw.board_view import Placement
from digitdraw.reader import Reader
from digitdraw.store import Store
from digitdraw.text import Writer
from digitnet import Drawing, Prediction, Recognizer, Stroke

Input = Literal["mouse", "touch"]

_KEYS = {
    "clear": (pygame.K_c, 0),
    "save": (pygame.K_s, pygame.KMOD_CTRL),
    "undo": (pygame.K_z, pygame.KMOD_CTRL),
    "redo": (pygame.K_y, pygame.KMOD_CTRL),
}
"""The key that does what a recording's event is named after, and its modifiers."""


@dataclass(frozen=True)
class Replayed:
    """What came of a recording.

    Attributes:
        prediction: the app's, at the end; None if it read nothing.
        latency_ms: from each release of the pen to the answer drawn, in real milliseconds.
        error: the traceback, if the app crashed; else "".
        seconds: the whole replay took, in real time.
    """

    prediction: Prediction | None
    latency_ms: tuple[float, ...]
    error: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class Setup:
    """How recordings are replayed.

    Attributes:
        window: (width, height) in pixels.
        input: "mouse" or "touch" for all recordings; None for what each was recorded with.
        pen: the pen's diameter over the canvas's shorter side, for all recordings; None for what
            each was recorded with.
        save_dir: where the app saves; None for a folder that is deleted afterwards.
    """

    window: tuple[int, int] = (960, 640)
    input: Input | None = None
    pen: float | None = None
    save_dir: Path | None = None


class Replayer:
    """Replays recordings, each through a new app, in one window that nobody sees.

    Args:
        recognizer: shared by all apps.
        window: as in `Setup`, and so are all below.
        input: the same.
        pen: the same.
        save_dir: the same.
    """

    def __init__(
        self,
        recognizer: Recognizer,
        *,
        window: tuple[int, int] = Setup.window,
        input: Input | None = None,  # noqa: A002 - the option's name
        pen: float | None = None,
        save_dir: Path | None = None,
    ) -> None:
        self.surface = open_headless_window(window)
        self._recognizer = recognizer
        self._writer = Writer()
        self._input = input
        self._pen = pen
        if save_dir is None:
            save_dir = Path(tempfile.mkdtemp(prefix="digitbench-"))
            weakref.finalize(self, shutil.rmtree, save_dir, ignore_errors=True)
        self._store = Store(save_dir)

    def replay(self, drawing: Drawing) -> Replayed:
        """Replay one recording; a crash of the app is part of the answer, not raised.

        So is the app's trying to end the process. Nothing of a crashed app is used again.
        """
        latencies: list[float] = []
        began = time.perf_counter()
        try:
            reader = Reader(self._recognizer)
            app = App(self.surface.get_size(), reader, self._store, self._writer)
            app.step([], 0, self.surface)
            for now, events in self._frames(drawing, app):
                for event in events:
                    pygame.event.post(event)
                started = time.perf_counter()
                app.step(pygame.event.get(), now, self.surface)
                if any(event.type in _RELEASES for event in events):
                    latencies.append((time.perf_counter() - started) * 1000)
        except (Exception, SystemExit):
            pygame.event.clear()
            self.surface.set_clip(None)
            self._writer = Writer()
            seconds = time.perf_counter() - began
            return Replayed(None, tuple(latencies), traceback.format_exc(), seconds)
        seconds = time.perf_counter() - began
        return Replayed(app.prediction, tuple(latencies), seconds=seconds)

    def _frames(self, drawing: Drawing, app: App) -> Iterator[tuple[int, list[pygame.event.Event]]]:
        """Group the recording's events by the time at which they happen, in milliseconds."""
        if (pen := self._pen or drawing.pen) is not None:
            app.board.pen = pen
        device = self._input or ("touch" if drawing.device == "touch" else "mouse")
        drawing = on_canvas(drawing)
        assert drawing.canvas is not None, "it has been put on one"  # noqa: S101
        placement = Placement.fit(drawing.canvas, app.board_area)
        moments: dict[int, list[pygame.event.Event]] = {}
        for at, event in _timeline(drawing):
            now = round(at)
            moments.setdefault(now, []).append(self._to_event(event, device, placement))
        yield from sorted(moments.items(), key=lambda moment: moment[0])

    def _to_event(
        self, event: tuple[Any, ...], device: str, placement: Placement
    ) -> pygame.event.Event:
        name, *position = event
        if name in _KEYS:
            key, modifiers = _KEYS[name]
            return pygame.event.Event(pygame.KEYDOWN, key=key, mod=modifiers, unicode="")
        x = position[0] * placement.scale + placement.left
        y = position[1] * placement.scale + placement.top
        if device == "touch":
            width, height = self.surface.get_size()
            attributes = {"touch_id": 1, "finger_id": 1, "x": x / width, "y": y / height}
            return pygame.event.Event(_FINGER[name], dx=0.0, dy=0.0, pressure=1.0, **attributes)
        # A mouse is where a whole pixel is.
        pixel = (round(x), round(y))
        if name == "move":
            return pygame.event.Event(
                pygame.MOUSEMOTION, pos=pixel, rel=(0, 0), buttons=(1, 0, 0), touch=False
            )
        return pygame.event.Event(_MOUSE[name], pos=pixel, button=1, touch=False)


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


def _timeline(drawing: Drawing) -> Iterator[tuple[float, tuple[Any, ...]]]:
    """List what happens, with its time: the pen's way, and the other events in between.

    Strokes keep their order even where a recording's times do not.
    """
    others = sorted((e for e in drawing.events if e[1] in _KEYS), key=lambda event: float(event[0]))
    clock = 0.0
    for stroke in drawing.strokes:
        while others and others[0][0] <= stroke.points[0].t:
            clock = max(clock, float(others[0][0]))
            yield clock, tuple(others.pop(0)[1:])
        for index, point in enumerate(stroke.points):
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
    bounds = drawing.bounds or (0.0, 0.0, 1.0, 1.0)
    left, top = min(bounds[0], 0.0), min(bounds[1], 0.0)
    side = max(bounds[0] + bounds[2] - left, bounds[1] + bounds[3] - top) or 1.0
    strokes = tuple(
        Stroke((x - left, y - top, t) for x, y, t in stroke.points) for stroke in drawing.strokes
    )
    return replace(drawing, strokes=strokes, canvas=(side, side))
