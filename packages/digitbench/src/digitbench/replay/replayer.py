"""Replays one recording: real SDL events into the real app, and what it answers.

The bench uses the app the way a user does: events are posted to SDL's queue and taken from it, and
the app is stepped the way its own main loop steps it. Only the screen and the clock are not real:
SDL's dummy driver shows nothing, and time is that of the recording.
"""

from __future__ import annotations

import shutil
import tempfile
import time
import traceback
import weakref
from dataclasses import dataclass, replace
from pathlib import Path

import pygame

from digitbench.replay.events import Device
from digitbench.replay.outcome import CheckOutcome
from digitbench.replay.playback import ExtraSteps, Observer, Playback
from digitbench.replay.screen import Screen, open_headless_window
from digitbench.replay.time_limit import TimedOut, interrupted_after
from digitbench.replay.timeline import on_canvas
from digitdraw.app import App
from digitdraw.model.reader import Reader
from digitdraw.storage.settings import Settings
from digitdraw.storage.store import Store
from digitnet import Drawing, Prediction, Recognizer


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
        live: whether ink is read while it is drawn, in all recordings; None for what each was
            recorded with, which is yes unless it says otherwise.
        every_frame: whether the app makes a frame at every moment, as `Playback` describes.
    """

    window: tuple[int, int] = (960, 640)
    input: Device | None = None
    pen: float | None = None
    save_dir: Path | None = None
    timeout: float | None = None
    live: bool | None = None
    every_frame: bool = False

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
        live: likewise.
        every_frame: likewise.
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
        live: bool | None = None,
        every_frame: bool = False,
    ) -> None:
        open_headless_window(window)
        self._recognizer = recognizer
        self._screen = Screen()
        self._setup = Setup(window, input, pen, save_dir, timeout, live, every_frame)
        if save_dir is None:
            save_dir = Path(tempfile.mkdtemp(prefix="digitbench-"))
            weakref.finalize(self, shutil.rmtree, save_dir, ignore_errors=True)
        self._store = Store(save_dir)

    @property
    def surface(self) -> pygame.Surface:
        """The pixels of the window."""
        return self._screen.surface

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
        playback: Playback | None = None
        prediction, error, is_hung = None, "", False
        began = time.perf_counter()
        try:
            with interrupted_after(self._setup.timeout):
                playback = self._play(drawing)
                prediction = playback.run(observe, extra_steps)
        except (Exception, SystemExit, TimedOut) as crash:
            error, is_hung = traceback.format_exc(), isinstance(crash, TimedOut)
            pygame.event.clear()
            self.surface.set_clip(None)
            self._screen = Screen()
        latency_ms = tuple(playback.latency_ms if playback else ())
        seconds = time.perf_counter() - began
        return Replayed(prediction, latency_ms, error, seconds, killed=is_hung)

    def as_replayed(self, drawing: Drawing) -> Drawing:
        """Return a recording as it is replayed: on a canvas, and without what the setup decides."""
        decided = [name for name in ("pen", "live") if getattr(self._setup, name) is not None]
        events = tuple(event for event in drawing.events if event[1] not in decided)
        return on_canvas(replace(drawing, events=events))

    def _play(self, drawing: Drawing) -> Playback:
        app, device = self._start(drawing), self._setup.device_of(drawing)
        return Playback(app, drawing, device, self._screen, every_frame=self._setup.every_frame)

    def _start(self, drawing: Drawing) -> App:
        """Start a new app, in a window that is as it was at the start."""
        setup, screen = self._setup, self._screen
        screen.resize(*setup.window)
        screen.start_over()
        pygame.event.clear()  # of what SDL itself reports about a window
        settings = Settings(live=Settings.live if setup.live is None else setup.live)
        reader = Reader(self._recognizer)
        app = App(setup.window, reader, self._store, screen.writer, settings)
        if (pen := setup.pen or drawing.pen) is not None:
            app.board.pen = pen
        return app
