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
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

import pygame

from digitbench.checks.outcome import EXPECT, Checked
from digitbench.replay.events import Input, to_events
from digitbench.replay.sdl_events import RELEASES
from digitbench.replay.time_limit import TimedOut, interrupted_after
from digitbench.replay.timeline import Happening, moments, on_canvas
from digitdraw.app import App
from digitdraw.model.placement import Placement
from digitdraw.model.reader import Reader
from digitdraw.storage.settings import Settings
from digitdraw.storage.store import Store
from digitdraw.ui.text import Writer
from digitnet import Drawing, Prediction, Recognizer


@dataclass(frozen=True)
class Frame:
    """What was done at a moment of a replay.

    Attributes:
        at: the time in milliseconds.
        happenings: what the recording tells; nothing at the start.
        events: that the app took for it; none where no event of a pen or a key can do it exactly.
    """

    at: int
    happenings: Sequence[Happening] = ()
    events: Sequence[pygame.event.Event] = ()


Watch: TypeAlias = Callable[[App, Frame], None]
"""Takes the app as it is at the start of a replay, and after each moment."""

Encore: TypeAlias = Callable[[App], Iterator[Happening]]
"""Takes the app at the end of a recording, and gives what is done to it then, one by one."""


@dataclass(frozen=True)
class Replayed:
    """What came of a recording.

    Attributes:
        prediction: the app's, at the end; None if it read nothing.
        latency_ms: from each release of the pen to the answer drawn, in real milliseconds.
        error: the traceback, if the app crashed; else "".
        seconds: the whole replay took, in real time.
        killed: the app hung, or the process died with it, so it is not to be replayed again.
        checks: what was checked besides.
    """

    prediction: Prediction | None
    latency_ms: tuple[float, ...]
    error: str = ""
    seconds: float = 0.0
    killed: bool = False
    checks: tuple[Checked, ...] = ()


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

    def replay(
        self, drawing: Drawing, watch: Watch | None = None, encore: Encore | None = None
    ) -> Replayed:
        """Replay one recording; a crash of the app is part of the answer, not raised.

        So is the app's trying to end the process. Nothing of a crashed app is used again.

        Args:
            drawing: the recording.
            watch: is called at the start, and after each moment at which something happens.
            encore: gives what is done after the end, at which `watch` is called, too; the answer
                is that of the end.
        """
        drawing = self.as_replayed(drawing)
        latencies: list[float] = []
        began = time.perf_counter()
        try:
            with interrupted_after(self._timeout):
                prediction = self._use(drawing, latencies, watch, encore)
        except (Exception, SystemExit, TimedOut) as crash:
            pygame.event.clear()
            self.surface.set_clip(None)
            self._writer = Writer()
            seconds = time.perf_counter() - began
            is_hung = isinstance(crash, TimedOut)
            error = traceback.format_exc()
            return Replayed(None, tuple(latencies), error, seconds, killed=is_hung)
        seconds = time.perf_counter() - began
        return Replayed(prediction, tuple(latencies), seconds=seconds)

    def device_of(self, drawing: Drawing) -> Input:
        """Say what a recording is drawn with."""
        return self._input or ("touch" if drawing.device == "touch" else "mouse")

    def as_replayed(self, drawing: Drawing) -> Drawing:
        """Give a recording as it is replayed: on a canvas, and with no pens if one draws all."""
        if self._pen is not None:
            events = tuple(event for event in drawing.events if event[1] != "pen")
            drawing = replace(drawing, events=events)
        return on_canvas(drawing)

    def _use(
        self,
        drawing: Drawing,
        latencies: list[float],
        watch: Watch | None,
        encore: Encore | None,
    ) -> Prediction | None:
        """Do with a new app all that a recording tells, and more; gives the recording's answer."""
        app = self._start(drawing)
        if watch is not None:
            watch(app, Frame(0))

        def do(now: int, happenings: Sequence[Happening]) -> None:
            events = self._do(app, now, happenings, drawing, latencies)
            if watch is not None:
                watch(app, Frame(now, happenings, events))

        now = 0
        for now, happenings in moments(drawing):
            do(now, happenings)
        prediction = app.prediction
        for happening in encore(app) if encore else ():
            now += 1
            do(now, [happening])
        return prediction

    def _do(
        self,
        app: App,
        now: int,
        happenings: Sequence[Happening],
        drawing: Drawing,
        latencies: list[float],
    ) -> list[pygame.event.Event]:
        """Do what happens at a moment; gives the events that the app took for it."""
        assert drawing.canvas is not None, "it has been put on one"  # noqa: S101
        events: list[pygame.event.Event] = []
        for name, *values in happenings:
            if name in ("resize", "pen"):  # a moment of its own
                self._change(app, now, name, *values)
                return []
            if name != EXPECT:
                placement = Placement.fit(drawing.canvas, app.board_area)
                device = self.device_of(drawing)
                size = self.surface.get_size()
                events += to_events((name, *values), device, placement, app.board_area, size)
        self._step(app, now, events, latencies)
        return events

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
        if not RELEASES.isdisjoint([event.type for event in events]):
            latencies.append((time.perf_counter() - started) * 1000)

    def _change(self, app: App, now: int, name: str, *values: float) -> None:
        """Do what no event of a pen or a key can do exactly: resize the window, take a pen."""
        if name == "pen":
            app.set_pen(values[0])
        else:
            size = (round(values[0]), round(values[1]))
            # A new window is black, and an app whose window keeps its size draws only what changes.
            if size != self.surface.get_size():
                self.surface = pygame.display.set_mode(size)
        pygame.event.clear()  # as above
        app.step([], now, self.surface)


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
