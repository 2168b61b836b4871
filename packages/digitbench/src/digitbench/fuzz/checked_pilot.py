"""A pilot that checks each frame: the app draws only on the areas that it reports."""

from __future__ import annotations

import gc
import sys
from pathlib import Path

import numpy as np
import pygame
from numpy.typing import NDArray

from digitbench.replay import sdl_events
from digitbench.replay.outcome import ViolationError
from digitbench.replay.pilot import Pilot
from digitbench.replay.screen import Screen
from digitbench.replay.sdl_events import XY, Phase
from digitdraw.storage.settings import Settings
from digitnet import Recognizer

_BUTTONS = {"left": sdl_events.LEFT, "middle": sdl_events.MIDDLE, "right": sdl_events.RIGHT}
_MOST_FRAMES = 50  # until all ink is drawn
_SAME_FRAMES = 20

DEVICES = ("left", "right", "finger 1", "finger 2", "middle")
"""What can press on the window."""


class CheckedPilot(Pilot):
    """Uses the app by mouse and fingers at once, and can batch several events into one frame.

    Args:
        recognizer: of the app.
        save_dir: where the app saves.
        window: (width, height) in pixels.
        settings: that the app starts with.
        screen: shared between apps.

    Attributes:
        events: how many the app was given.
        pace: milliseconds between two frames.
        is_slow: whether events wait for a frame until `catch_up`.
        screen: what the window shows.
        held: the buttons of the mouse that are held down.
    """

    def __init__(
        self,
        recognizer: Recognizer,
        *,
        save_dir: Path,
        window: tuple[int, int],
        settings: Settings,
        screen: Screen,
    ) -> None:
        self.events = 0
        self.screen = screen
        self.pace = 8
        self.is_slow = False
        self.held: frozenset[str] = frozenset()
        self._waiting: list[pygame.event.Event] = []
        screen.start_over()
        super().__init__(
            recognizer, save_dir=save_dir, window=window, settings=settings, writer=screen.writer
        )

    @property
    def is_behind(self) -> bool:
        """Whether there are events that the app has not been given yet."""
        return bool(self._waiting)

    def step(self, *events: pygame.event.Event) -> list[pygame.Rect]:
        """Give the app these events in one frame or, while it is slow, in a later one."""
        self._waiting += events
        if self.is_slow:
            return []
        self.now += self.pace
        return self._make_frame()

    def catch_up(self) -> None:
        """Give the app all events that are waiting, in one frame."""
        if self._waiting:
            self.now += self.pace
            self._make_frame()

    def use(self, phase: Phase, device: str, position: XY) -> XY:
        """Press, move or release a button of the mouse or a finger.

        Args:
            phase: what the device does.
            device: one of `DEVICES`, or "mouse", which moves.
            position: in window pixels.

        Returns:
            the position that the app is given.
        """
        if device.startswith("finger"):
            width, height = self.surface.get_size()
            # SDL reports a touch a second time, as a mouse event.
            ghost = self._mouse(phase, "mouse" if phase == "move" else "left", position, touch=True)
            touch = sdl_events.finger(phase, position, (width, height), int(device[-1]))
            self.step(ghost, touch)
            return touch.x * width, touch.y * height
        if phase != "move":
            self.held = self.held | {device} if phase == "down" else self.held - {device}
        self.step(self._mouse(phase, device, position))
        return position

    def release_unheard(self, button: str) -> None:
        """Release a button of the mouse without an event to tell the window."""
        self.held -= {button}

    def check_redraw(self) -> None:
        """Uncover the window, which must not change what it shows.

        Raises:
            ViolationError: it does; says where.
        """
        self.check_rest()
        before = self._pixels().copy(order="K")
        self._waiting.append(sdl_events.window_event("WINDOWEXPOSED"))
        self._make_frame()
        self.check_rest()
        if len(wrong := np.argwhere(before != self._pixels())):
            (left, top), (right, bottom) = wrong.min(axis=0), wrong.max(axis=0)
            raise ViolationError(
                f"{len(wrong)} pixels from ({left}, {top}) to ({right}, {bottom}) differ from a "
                "full redraw"
            )

    def check_memory(self) -> None:
        """Draw the same frame many times, which must leave nothing in memory.

        Raises:
            ViolationError: it does.
        """
        left = 0
        for _ in range(2):  # the first time fills caches
            gc.collect()
            before = sys.getallocatedblocks()
            for _ in range(_SAME_FRAMES):
                self._waiting.append(sdl_events.window_event("WINDOWEXPOSED"))
                self._make_frame()
            gc.collect()
            left = sys.getallocatedblocks() - before
        if left >= _SAME_FRAMES:
            raise ViolationError(
                f"{_SAME_FRAMES} frames that show the same left {left} objects in memory"
            )

    def check_rest(self) -> None:
        """Check that the app stops drawing when nothing happens; much ink takes some frames.

        Raises:
            ViolationError: it does not.
        """
        for _ in range(_MOST_FRAMES):
            if not (drawn := self._step([])):
                return
        raise ViolationError(f"{drawn[0]} is drawn over and over though nothing happens")

    def _make_frame(self) -> list[pygame.Rect]:
        before = self._pixels().copy(order="K")
        events, self._waiting = self._waiting, []
        self.events += len(events)
        drawn = self._step(events)
        changed = before != self._pixels()
        for left, top, width, height in drawn:
            changed[max(left, 0) : max(left + width, 0), max(top, 0) : max(top + height, 0)] = False
        if changed.any():
            x, y = np.argwhere(changed)[0]
            raise ViolationError(f"the pixel ({x}, {y}) was drawn, outside of {drawn or 'nothing'}")
        self._notify()
        return drawn

    def _step(self, events: list[pygame.event.Event]) -> list[pygame.Rect]:
        drawn = self.app.step(events, self.now, self.surface)
        self.screen.end_frame(drawn)
        return drawn

    def _pixels(self) -> NDArray[np.uint32]:
        """Return the surface's own pixels; it cannot be drawn on while they are referenced."""
        return pygame.surfarray.pixels2d(self.surface)

    def _mouse(
        self, phase: Phase, button: str, position: XY, *, touch: bool = False
    ) -> pygame.event.Event:
        if phase == "move":
            left, middle, right = (int(name in self.held) for name in _BUTTONS)
            return sdl_events.mouse_move(position, (left, middle, right), touch=touch)
        make = sdl_events.mouse_down if phase == "down" else sdl_events.mouse_up
        return make(position, _BUTTONS[button], touch=touch)
