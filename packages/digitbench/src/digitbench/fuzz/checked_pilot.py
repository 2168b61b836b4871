"""A pilot that looks at each frame: what is drawn must lie in the parts that the app names."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pygame
from numpy.typing import NDArray

from digitbench.checks.outcome import BrokenError
from digitbench.reference.board import XY
from digitbench.replay import sdl_events
from digitbench.replay.pilot import Pilot
from digitbench.replay.sdl_events import Phase
from digitdraw.storage.settings import Settings
from digitdraw.ui.text import Writer
from digitnet import Recognizer

_BUTTONS = {"left": sdl_events.LEFT, "middle": sdl_events.MIDDLE, "right": sdl_events.RIGHT}

_MOST_FRAMES = 50  # until all ink is drawn

DEVICES = ("left", "right", "finger 1", "finger 2", "middle")
"""What can press on the window."""


class WatchedPilot(Pilot):
    """Uses the app by mouse and fingers at once, and can let several events come in one frame.

    Args:
        recognizer: of the app.
        save_dir: where the app saves.
        window: (width, height) in pixels.
        settings: how the app starts.
        writer: shared between apps.

    Attributes:
        events: how many the app has taken.
        pace: milliseconds between two frames.
        is_slow: whether events wait for a frame until `catch_up`.
        held: the mouse's buttons that are held down.
    """

    def __init__(
        self,
        recognizer: Recognizer,
        *,
        save_dir: Path,
        window: tuple[int, int],
        settings: Settings,
        writer: Writer,
    ) -> None:
        self.events = 0
        self.pace = 8
        self.is_slow = False
        self.held: frozenset[str] = frozenset()
        self._waiting: list[pygame.event.Event] = []
        super().__init__(
            recognizer, save_dir=save_dir, window=window, settings=settings, writer=writer
        )

    @property
    def is_behind(self) -> bool:
        """Whether there are events that the app has not seen yet."""
        return bool(self._waiting)

    def step(self, *events: pygame.event.Event) -> list[pygame.Rect]:
        """Let the app take these events in one frame, or, where it is slow, in a later one."""
        self._waiting += events
        if self.is_slow:
            return []
        self.now += self.pace
        return self._make_frame()

    def catch_up(self) -> None:
        """Let the app take all events that have come, in one frame."""
        if self._waiting:
            self.now += self.pace
            self._make_frame()

    def use(self, way: Phase, device: str, place: XY) -> XY:
        """Press, move or release a mouse's button or a finger.

        Args:
            way: "down", "move" or "up".
            device: one of `DEVICES`, or "mouse", which moves.
            place: in window pixels.

        Returns:
            the place as the app takes it.
        """
        if device.startswith("finger"):
            width, height = self.surface.get_size()
            # SDL reports a touch a second time, as a mouse event.
            ghost = self._mouse(way, "mouse" if way == "move" else "left", place, is_touch=True)
            touch = sdl_events.finger(way, place, (width, height), int(device[-1]))
            self.step(ghost, touch)
            return touch.x * width, touch.y * height
        if way != "move":
            self.held = self.held | {device} if way == "down" else self.held - {device}
        self.step(self._mouse(way, device, place))
        return place

    def forget(self, button: str) -> None:
        """Release a button of the mouse where the window cannot hear it."""
        self.held -= {button}

    def look_again(self) -> None:
        """Let the window be uncovered, which must not change what it shows.

        Raises:
            BrokenError: it does; tells where.
        """
        self.check_rest()
        before = self._pixels().copy(order="K")
        self._waiting.append(sdl_events.window_event("WINDOWEXPOSED"))
        self._make_frame()
        self.check_rest()
        if len(wrong := np.argwhere(before != self._pixels())):
            (left, top), (right, bottom) = wrong.min(axis=0), wrong.max(axis=0)
            raise BrokenError(
                f"{len(wrong)} pixels from ({left}, {top}) to ({right}, {bottom}) were not as they "
                "are when all is drawn anew"
            )

    def check_rest(self) -> None:
        """See that the window comes to rest where nothing happens; much ink takes some frames.

        Raises:
            BrokenError: it does not.
        """
        for _ in range(_MOST_FRAMES):
            if not (drawn := self.app.step([], self.now, self.surface)):
                return
        raise BrokenError(f"{drawn[0]} is drawn again and again though nothing happens")

    def _make_frame(self) -> list[pygame.Rect]:
        before = self._pixels().copy(order="K")
        events, self._waiting = self._waiting, []
        self.events += len(events)
        drawn = self.app.step(events, self.now, self.surface)
        is_other = before != self._pixels()
        for left, top, width, height in drawn:
            is_other[max(left, 0) : max(left + width, 0), max(top, 0) : max(top + height, 0)] = (
                False
            )
        if is_other.any():
            x, y = np.argwhere(is_other)[0]
            raise BrokenError(f"the pixel ({x}, {y}) was drawn, outside of {drawn or 'nothing'}")
        return drawn

    def _pixels(self) -> NDArray[np.uint32]:
        """Give the surface's own pixels; it cannot be drawn on while somebody holds them."""
        return pygame.surfarray.pixels2d(self.surface)

    def _mouse(
        self, way: Phase, button: str, place: XY, *, is_touch: bool = False
    ) -> pygame.event.Event:
        if way == "move":
            left, middle, right = (int(name in self.held) for name in _BUTTONS)
            return sdl_events.mouse_move(place, (left, middle, right), touch=is_touch)
        press = sdl_events.mouse_down if way == "down" else sdl_events.mouse_up
        return press(place, _BUTTONS[button], touch=is_touch)
