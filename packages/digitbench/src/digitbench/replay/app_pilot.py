"""Uses any pygame app like a person, for tests: each verb makes real events and steps frames.

    pilot = AppPilot(lambda: Game((640, 480)))
    pilot.press("space")
    pilot.click((320, 240))
    pilot.run(1000)
    assert pilot.app.score == 1

Everything happens under SDL's dummy driver and on the clock of the pilot; an error in the app is
raised from the verb that caused it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Generic, Protocol, TypeVar

import pygame

from digitbench.replay import sdl_events
from digitbench.replay.events import Device
from digitbench.replay.golden_images import GoldenImages
from digitbench.replay.names import PilotError, hide_mistakes, parse_keys
from digitbench.replay.screen import open_headless_window
from digitbench.replay.sdl_events import XY, Phase

__tracebackhide__ = hide_mistakes

FRAME = 8
"""Milliseconds from one frame to the next."""


class PygameApp(Protocol):
    """What a pilot can use: an app that leaves the window, the clock and the queue to its caller.

    The app takes positions, buttons and keys from the events, since `pygame.mouse.get_pos` and
    `pygame.key.get_pressed` know nothing of a pilot's. What it posts to SDL's queue it is given in
    the next frame. What the methods return does not matter.
    """

    def handle(self, event: pygame.event.Event, /) -> object:
        """Handle one event."""

    def update(self, now: int, /) -> object:
        """Advance to a time in milliseconds, which never goes back."""

    def draw(self, surface: pygame.Surface, /) -> object:
        """Draw the current state; the surface shows what was drawn on it last, in its size."""


A = TypeVar("A", bound=PygameApp)


class AppPilot(Generic[A]):
    """Uses an app that it starts.

    Args:
        start: makes the app; a window is open by then.
        window: (width, height) in pixels.
        input: what draws and clicks, "mouse" or "touch".
        images: golden images, as the pytest fixture `golden_images` provides them.

    Attributes:
        app: the app.
        surface: what the app draws on.
        now: time in milliseconds.
        observers: called after each frame.
    """

    app: A

    def __init__(
        self,
        start: Callable[[], A],
        *,
        window: tuple[int, int] = (960, 640),
        input: Device = "mouse",  # noqa: A002 - named like the option of the bench
        images: GoldenImages | None = None,
    ) -> None:
        self.surface = open_headless_window(window)
        pygame.event.clear()
        self.observers: list[Callable[[], object]] = []
        self.now = 0
        self._input = input
        self._images = images
        self.app = start()
        self.step()

    def step(self, *events: pygame.event.Event) -> object:
        """Give the app exactly these events in one frame; return what its `draw` returns."""
        self.now += FRAME
        for event in (*pygame.event.get(), *events):
            self.app.handle(event)
        self.app.update(self.now)
        drawn = self.app.draw(self.surface)
        self._notify()
        return drawn

    def wait(self, milliseconds: int) -> None:
        """Let time pass, then step one frame."""
        self.now += milliseconds
        self.step()

    def run(self, milliseconds: int) -> None:
        """Step frames without events until this much time has passed."""
        end = self.now + milliseconds
        while self.now < end:
            self.step()

    def drag(self, path: Sequence[XY], *, button: int = sdl_events.LEFT) -> None:
        """Press, move along a path in window pixels, and release: a frame for each.

        Raises:
            PilotError: the path has no points, or starts outside of the window; it may leave it.
        """
        self.hold(path, button=button)
        self._pen("up", path[-1], button)

    def hold(self, path: Sequence[XY], *, button: int = sdl_events.LEFT) -> None:
        """Press and move as in `drag`, without releasing."""
        if not path:
            raise PilotError("the path has no points; give it at least one (x, y)")
        self._check_inside(path[0])
        self._pen("down", path[0], button)
        for position in path[1:]:
            self._pen("move", position, button)

    def click(self, position: XY) -> None:
        """Click a position in window pixels.

        Raises:
            PilotError: it is outside of the window.
        """
        self.drag([position])

    def point_at(self, position: XY) -> None:
        """Move the mouse, with no button held, to a position in window pixels.

        Raises:
            PilotError: it is outside of the window.
        """
        self._check_inside(position)
        self.step(sdl_events.mouse_move(position, (0, 0, 0)))

    def press(self, keys: str) -> None:
        """Press and release a key, named as in pygame, such as "7", "ctrl+z", "escape".

        Raises:
            PilotError: no key has this name; says which name is nearest.
        """
        key, modifiers, typed = parse_keys(keys)
        self.step(sdl_events.key_down(key, modifiers, typed))
        self.step(sdl_events.key_up(key, modifiers))

    def turn_wheel(self, steps: int) -> None:
        """Turn the wheel of the mouse; a positive number of steps is away from the user."""
        self.step(sdl_events.wheel(steps))

    def drop(self, path: Path) -> None:
        """Drop a file on the window."""
        self.step(sdl_events.drop(path))

    def resize(self, width: int, height: int) -> None:
        """Resize the window, in pixels."""
        self.surface = pygame.display.set_mode((width, height))
        pygame.event.clear()
        self.step(*sdl_events.resized((width, height)))

    def screenshot(self, path: Path) -> None:
        """Save what the window shows as a PNG file."""
        pygame.image.save(self.surface, path)

    def expect_image(self, name: str, *, tolerance: int = 8, share: float = 0.0) -> None:
        """Compare what the window shows with a golden image; see `GoldenImages.expect`.

        Raises:
            ViolationError: they differ.
            PilotError: the pilot has no golden images.
        """
        __tracebackhide__ = True  # pytest shows the test's own line
        if self._images is None:
            raise PilotError(
                "this pilot has no golden images; pass it images=golden_images, a pytest fixture"
            )
        self._images.expect(name, self.surface, tolerance=tolerance, share=share)

    def pen_event(
        self, phase: Phase, position: XY, button: int = sdl_events.LEFT
    ) -> pygame.event.Event:
        """Return the event of the pen going "down", to "move" or "up", in window pixels.

        Only a mouse has other buttons than the left one, so they are the mouse's in any case.
        """
        if self._input == "touch" and button == sdl_events.LEFT:
            return sdl_events.finger(phase, position, self.surface.get_size())
        return sdl_events.mouse(phase, position, button)

    def _pen(self, phase: Phase, position: XY, button: int) -> None:
        self.step(self.pen_event(phase, position, button))

    def _notify(self) -> None:
        for observer in self.observers:
            observer()

    def _check_inside(self, position: XY) -> None:
        width, height = self.surface.get_size()
        x, y = position
        if not (0 <= x < width and 0 <= y < height):
            raise PilotError(
                f"({x:g}, {y:g}) is outside of the window, which has {width}x{height} pixels"
            )
