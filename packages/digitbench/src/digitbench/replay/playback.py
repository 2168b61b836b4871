"""Takes one app through one recording, frame by frame."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, pairwise
from typing import Any, NamedTuple, TypeAlias

import pygame

from digitbench.replay.events import Device, to_events
from digitbench.replay.screen import Screen
from digitbench.replay.sdl_events import RELEASES
from digitbench.replay.timeline import (
    EXPECT,
    SETTINGS,
    Step,
    describe_steps,
    is_within_stroke,
    steps_by_time,
)
from digitdraw.app import App
from digitdraw.model.placement import Placement
from digitnet import Drawing, Prediction


class Frame(NamedTuple):
    """What was done at one moment of a replay.

    Attributes:
        at: time in milliseconds.
        steps: of the recording, or those that an observer added; none at the start.
        events: that the app was given; none for what no event of a pen or a key does exactly.
        done: what this completed, such as "stroke 2" or "undo"; "" if nothing.
        is_extra: whether it came after the end of the recording.
        screen: what the window shows; None if the app did not draw at this moment.
    """

    at: int
    steps: Sequence[Step] = ()
    events: Sequence[pygame.event.Event] = ()
    done: str = ""
    is_extra: bool = False
    screen: Screen | None = None


Observer: TypeAlias = Callable[[App, Frame], None]
"""Looks at the app at the start of a replay, and after each moment."""

ExtraSteps: TypeAlias = Callable[[App], Iterator[Step]]
"""Looks at the app at the end of a recording, and yields steps to add, one by one."""


class Playback:
    """Plays a recording on an app that has just been started.

    A person who draws looks at the ink, and no check does. So the app is given every event at its
    time, but makes a frame only at the start and when something is complete: a stroke, an undo and
    so on. At the last moment before a stroke is complete the app reads its ink live, without
    drawing it, as if frames took long. The last point and the release then come in one frame, so an
    answer that lags behind the ink is seen.

    Args:
        app: the app.
        drawing: the recording, on a canvas.
        device: what draws.
        screen: what the app draws on.
        every_frame: whether the app makes a frame at every moment.

    Attributes:
        latency_ms: from each release of the pen to the answer drawn, in real milliseconds; the app
            reads the ink within it.
    """

    def __init__(
        self, app: App, drawing: Drawing, device: Device, screen: Screen, *, every_frame: bool
    ) -> None:
        self.latency_ms: list[float] = []
        self._app = app
        self._drawing = drawing
        self._device: Device = device
        self._screen = screen
        self._every_frame = every_frame
        self._strokes = 0  # how many are complete

    def run(self, observe: Observer | None, extra_steps: ExtraSteps | None) -> Prediction | None:
        """Play the recording, then the extra steps; return the answer between the two."""
        app = self._app
        self._make_frame(0)
        if observe:
            observe(app, Frame(0, screen=self._screen))
        now = 0
        moments = steps_by_time(self._drawing)
        for (now, steps), (_, following) in pairwise([*moments, (0, [])]):
            is_passing = is_within_stroke(following) if following else False
            self._take(now, steps, observe, is_passing=is_passing)
        prediction = app.prediction
        for step in extra_steps(app) if extra_steps else ():
            now += 1
            self._take(now, [step], observe, is_extra=True)
        return prediction

    def _take(
        self,
        now: int,
        steps: Sequence[Step],
        observe: Observer | None,
        *,
        is_passing: bool = False,
        is_extra: bool = False,
    ) -> None:
        """Take the steps of one moment; in passing, if the pen then moves on."""
        is_drawn = self._every_frame or not is_within_stroke(steps)
        events = self._events_for(steps)
        if events is None:
            [(name, *values)] = steps
            self._change(now, name, *values)
        elif is_drawn:
            self._make_frame(now, events)
        else:
            self._handle(now, events)
            if not is_passing:
                self._app.update(now)
        if observe is not None:
            done = ", ".join(describe_steps(steps, self._strokes))
            screen = self._screen if is_drawn else None
            observe(self._app, Frame(now, steps, events or (), done, is_extra, screen))
        self._strokes += steps[-1][0] == "up"

    def _events_for(self, steps: Sequence[Step]) -> list[pygame.event.Event] | None:
        """Return the events that make steps happen; None for a step that none does exactly."""
        assert self._drawing.canvas is not None, "the caller gives it one"  # noqa: S101
        name, *values = steps[0]  # steps that are not the pen's have a moment to themselves
        if name in ("resize", "pen", "word"):
            return None
        if name == EXPECT or (name in SETTINGS and getattr(self._app.settings, name) == values[0]):
            return []
        area, size = self._app.board_area, self._screen.surface.get_size()
        placement = Placement.fit(self._drawing.canvas, area)
        events = (to_events(step, self._device, placement, area, size) for step in steps)
        return list(chain.from_iterable(events))

    def _make_frame(self, now: int, events: Sequence[pygame.event.Event] = ()) -> None:
        """Step the app by one frame, and time it if the pen is lifted in it."""
        taken = _through_queue(events)
        started = time.perf_counter()
        drawn = self._app.step(taken, now, self._screen.surface)
        if not RELEASES.isdisjoint([event.type for event in events]):
            self.latency_ms.append((time.perf_counter() - started) * 1000)
        self._screen.end_frame(drawn)

    def _handle(self, now: int, events: Sequence[pygame.event.Event]) -> None:
        """Give events to the app at their time, without a frame."""
        self._app.document.now = now
        for event in _through_queue(events):
            self._app.handle(event)

    def _change(self, now: int, name: str, *values: Any) -> None:
        """Do what no event of a pen or a key does exactly: resize, change the pen, label all."""
        if name == "pen":
            self._app.set_pen(values[0])
        elif name == "word":
            self._app.document.label_all(values[0])
        else:
            self._screen.resize(round(values[0]), round(values[1]))
        pygame.event.clear()  # of what SDL itself reports about a window
        self._make_frame(now)


def _through_queue(events: Sequence[pygame.event.Event]) -> list[pygame.event.Event]:
    """Post events to SDL's queue, and take from it what an app would get."""
    for event in events:
        pygame.event.post(event)
    return pygame.event.get()
