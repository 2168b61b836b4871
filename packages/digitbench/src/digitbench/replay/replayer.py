"""Replays one recording: real SDL events into the real app, and what it answers.

The bench uses the app the way a user does: events are posted to SDL's queue and taken from it, and
the app is stepped the way its own main loop steps it. Only the screen and the clock are not real:
SDL's dummy driver shows nothing, and time is that of the recording.
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
from typing import Any, TypeAlias

import pygame

from digitbench.replay.events import Device, to_events
from digitbench.replay.outcome import CheckOutcome
from digitbench.replay.sdl_events import RELEASES
from digitbench.replay.time_limit import TimedOut, interrupted_after
from digitbench.replay.timeline import EXPECT, Step, describe_steps, on_canvas, steps_by_time
from digitdraw.app import App
from digitdraw.model.placement import Placement
from digitdraw.model.reader import Reader
from digitdraw.storage.settings import Settings
from digitdraw.storage.store import Store
from digitdraw.ui.text import Writer
from digitnet import Drawing, Prediction, Recognizer


@dataclass(frozen=True)
class Frame:
    """What was done in one frame of a replay.

    Attributes:
        at: time in milliseconds.
        steps: of the recording, or those that an observer added; none at the start.
        events: that the app was given; none for what no event of a pen or a key does exactly.
        done: what this completed, such as "stroke 2" or "undo"; "" if nothing.
        is_extra: whether it came after the end of the recording.
    """

    at: int
    steps: Sequence[Step] = ()
    events: Sequence[pygame.event.Event] = ()
    done: str = ""
    is_extra: bool = False


Observer: TypeAlias = Callable[[App, Frame], None]
"""Looks at the app at the start of a replay, and after each moment."""

ExtraSteps: TypeAlias = Callable[[App], Iterator[Step]]
"""Looks at the app at the end of a recording, and yields steps to add, one by one."""


@dataclass(frozen=True)
class Replayed:
    """What came of a recording.

    Attributes:
        prediction: of the app, at the end; None if it read nothing.
        latency_ms: from each release of the pen to the answer drawn, in real milliseconds.
        error: the traceback if the app crashed, else "".
        seconds: how long the whole replay took, in real time.
        killed: the app hung, or took the process with it, so it must not be replayed again.
        checks: what the checks found.
    """

    prediction: Prediction | None
    latency_ms: tuple[float, ...]
    error: str = ""
    seconds: float = 0.0
    killed: bool = False
    checks: tuple[CheckOutcome, ...] = ()


@dataclass(frozen=True)
class Setup:
    """How recordings are replayed.

    Attributes:
        window: (width, height) in pixels.
        input: "mouse" or "touch" for all recordings; None for what each was recorded with.
        pen: diameter of the pen over the shorter side of the canvas, for all recordings; None for
            what each was recorded with.
        save_dir: where the app saves; None for a temporary folder.
        timeout: seconds that a recording may take; None for no limit.
    """

    window: tuple[int, int] = (960, 640)
    input: Device | None = None
    pen: float | None = None
    save_dir: Path | None = None
    timeout: float | None = None

    def device_of(self, drawing: Drawing) -> Device:
        """Return what a recording is drawn with."""
        return self.input or ("touch" if drawing.device == "touch" else "mouse")


class Replayer:
    """Replays recordings, each through a new app, in one invisible window.

    Args:
        recognizer: shared by all apps.
        window: as in `Setup`, like all that follow.
        input: likewise.
        pen: likewise.
        save_dir: likewise.
        timeout: likewise; enforced as far as `interrupted_after` can.
    """

    def __init__(
        self,
        recognizer: Recognizer,
        *,
        window: tuple[int, int] = Setup.window,
        input: Device | None = None,  # noqa: A002 - the name of the option
        pen: float | None = None,
        save_dir: Path | None = None,
        timeout: float | None = None,
    ) -> None:
        self.surface = open_headless_window(window)
        self._recognizer = recognizer
        self._writer = Writer()
        self._setup = Setup(window, input, pen, save_dir, timeout)
        if save_dir is None:
            save_dir = Path(tempfile.mkdtemp(prefix="digitbench-"))
            weakref.finalize(self, shutil.rmtree, save_dir, ignore_errors=True)
        self._store = Store(save_dir)

    def replay(
        self,
        drawing: Drawing,
        observe: Observer | None = None,
        extra_steps: ExtraSteps | None = None,
    ) -> Replayed:
        """Replay one recording; a crash of the app is part of the result, not raised.

        The same goes for an app that tries to end the process. Nothing of a crashed app is reused.

        Args:
            drawing: the recording.
            observe: called at the start, and after each moment at which something happens.
            extra_steps: yields what to do after the end, also observed; the prediction is that at
                the end of the recording.
        """
        drawing = self.as_replayed(drawing)
        latencies: list[float] = []
        began = time.perf_counter()
        try:
            with interrupted_after(self._setup.timeout):
                prediction = self._use_app(drawing, latencies, observe, extra_steps)
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

    def as_replayed(self, drawing: Drawing) -> Drawing:
        """Return a recording as it is replayed: on a canvas, and without pens if one draws all."""
        if self._setup.pen is not None:
            events = tuple(event for event in drawing.events if event[1] != "pen")
            drawing = replace(drawing, events=events)
        return on_canvas(drawing)

    def _use_app(
        self,
        drawing: Drawing,
        latencies: list[float],
        observe: Observer | None,
        extra_steps: ExtraSteps | None,
    ) -> Prediction | None:
        """Take a new app through a recording and the extra steps; return the recording's answer."""
        app = self._start(drawing)
        strokes = 0

        def take(now: int, steps: Sequence[Step], *, is_extra: bool = False) -> None:
            nonlocal strokes
            events = self._take(app, now, steps, drawing, latencies)
            if observe is not None:
                done = ", ".join(describe_steps(steps, strokes))
                observe(app, Frame(now, steps, events, done, is_extra))
            strokes += sum(name == "up" for name, *_ in steps)

        if observe is not None:
            observe(app, Frame(0))
        now = 0
        for now, steps in steps_by_time(drawing):
            take(now, steps)
        prediction = app.prediction
        for step in extra_steps(app) if extra_steps else ():
            now += 1
            take(now, [step], is_extra=True)
        return prediction

    def _take(
        self,
        app: App,
        now: int,
        steps: Sequence[Step],
        drawing: Drawing,
        latencies: list[float],
    ) -> list[pygame.event.Event]:
        """Take the steps of one moment; return the events that the app was given for them."""
        assert drawing.canvas is not None, "as_replayed gives it one"  # noqa: S101
        events: list[pygame.event.Event] = []
        for name, *values in steps:
            if name in ("resize", "pen", "word"):  # these have a moment to themselves
                self._change(app, now, name, *values)
                return []
            if name != EXPECT:
                placement = Placement.fit(drawing.canvas, app.board_area)
                device = self._setup.device_of(drawing)
                size = self.surface.get_size()
                events += to_events((name, *values), device, placement, app.board_area, size)
        self._step(app, now, events, latencies)
        return events

    def _start(self, drawing: Drawing) -> App:
        window = self._setup.window
        if self.surface.get_size() != window:  # the last recording resized it
            self.surface = pygame.display.set_mode(window)
        pygame.event.clear()  # of what SDL itself reports about a window
        # What is read while drawing is read again on release, and only that is the answer.
        settings = Settings(live=False)
        reader = Reader(self._recognizer)
        app = App(window, reader, self._store, self._writer, settings)
        if (pen := self._setup.pen or drawing.pen) is not None:
            app.board.pen = pen
        app.step([], 0, self.surface)
        return app

    def _step(
        self, app: App, now: int, events: list[pygame.event.Event], latencies: list[float]
    ) -> None:
        """Step the app by one frame, and time it if the pen is lifted in it."""
        for event in events:
            pygame.event.post(event)
        started = time.perf_counter()
        app.step(pygame.event.get(), now, self.surface)
        if not RELEASES.isdisjoint([event.type for event in events]):
            latencies.append((time.perf_counter() - started) * 1000)

    def _change(self, app: App, now: int, name: str, *values: Any) -> None:
        """Do what no event of a pen or a key does exactly: resize, change the pen, label all."""
        if name == "pen":
            app.set_pen(values[0])
        elif name == "word":
            app.document.label_all(values[0])
        else:
            size = (round(values[0]), round(values[1]))
            # A new window is black, and an app whose window keeps its size redraws only changes.
            if size != self.surface.get_size():
                self.surface = pygame.display.set_mode(size)
        pygame.event.clear()  # as above
        app.step([], now, self.surface)


def open_headless_window(size: tuple[int, int]) -> pygame.Surface:
    """Open a window of (width, height) pixels on SDL's dummy driver, even if there is a screen."""
    os.environ["SDL_VIDEODRIVER"] = "dummy"
    # SDL would turn the signals that stop a run into events for the replayed app.
    os.environ["SDL_NO_SIGNAL_HANDLERS"] = "1"
    if pygame.display.get_init() and pygame.display.get_driver() != "dummy":
        pygame.display.quit()
    pygame.display.init()
    pygame.font.init()
    return pygame.display.set_mode(size)
