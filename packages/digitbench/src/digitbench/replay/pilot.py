"""Uses the app like a person, for tests: each verb makes real events and steps a frame for each.

    pilot.draw(drawing)
    pilot.press("ctrl+z")
    assert pilot.answer == "7"

Everything happens under SDL's dummy driver and on the clock of the pilot; an error in the app is
raised from the verb that caused it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pygame

from digitbench.replay import sdl_events
from digitbench.replay.events import Device
from digitbench.replay.screen import open_headless_window
from digitbench.replay.sdl_events import XY, Phase
from digitbench.replay.timeline import on_canvas
from digitdraw.app import App
from digitdraw.model.placement import Placement
from digitdraw.model.reader import Reader
from digitdraw.storage.settings import Settings
from digitdraw.storage.store import Store
from digitdraw.ui.layout import arrange
from digitdraw.ui.text import Writer
from digitnet import Drawing, Prediction, Recognizer

_FRAME = 8  # milliseconds
_MODIFIERS = {
    "ctrl": pygame.KMOD_CTRL,
    "shift": pygame.KMOD_SHIFT,
    "alt": pygame.KMOD_ALT,
    "meta": pygame.KMOD_META,
}


class Pilot:
    """Uses an app that it starts.

    Args:
        recognizer: of the app; None for the shipped model.
        save_dir: where the app saves.
        window: (width, height) in pixels.
        settings: that the app starts with.
        input: what draws and clicks, "mouse" or "touch".
        writer: may be shared between pilots, whose apps then render each text once.
        patience: as `App` takes it.

    Attributes:
        app: the app.
        surface: what the app draws on.
        now: time in milliseconds.
    """

    def __init__(
        self,
        recognizer: Recognizer | None = None,
        *,
        save_dir: Path,
        window: tuple[int, int] = (960, 640),
        settings: Settings | None = None,
        input: Device = "mouse",  # noqa: A002 - named like the option of the bench
        writer: Writer | None = None,
        patience: float | None = None,
    ) -> None:
        self.surface = open_headless_window(window)
        pygame.event.clear()
        reader = Reader(recognizer or Recognizer(threads=1))
        self.app = App(window, reader, Store(save_dir), writer, settings, patience=patience)
        self.now = 0
        self._input = input
        self.step()

    @property
    def prediction(self) -> Prediction | None:
        """What the app reads."""
        return self.app.prediction

    @property
    def answer(self) -> str:
        """The digits that the app reads; "" for none."""
        return self.prediction.text if self.prediction else ""

    def step(self, *events: pygame.event.Event) -> list[pygame.Rect]:
        """Give the app exactly these events in one frame; return the areas that it drew on."""
        self.now += _FRAME
        return self.app.step(events, self.now, self.surface)

    def wait(self, milliseconds: int) -> None:
        """Let time pass, then step a frame."""
        self.now += milliseconds
        self.step()

    def draw(self, ink: Drawing | Sequence[Sequence[XY]]) -> None:
        """Draw with the pen, a frame for each point.

        Args:
            ink: a drawing, which is drawn as large as the board allows; or paths of (x, y) from
                (0, 0), the upper left corner of the board, to (1, 1), its lower right corner.
        """
        for path in self._in_window(ink):
            self.hold(path)
            self._pen("up", path[-1])

    def hold(self, path: Sequence[XY], *, button: int = 1) -> None:
        """Put the pen down and move it along a path in window pixels, without lifting it."""
        self._pen("down", path[0], button)
        for position in path[1:]:
            self._pen("move", position, button)

    def wipe(self, paths: Sequence[Sequence[XY]]) -> None:
        """Draw with the right button of the mouse, which erases."""
        for path in self._in_window(paths):
            self.hold(path, button=3)
            self._pen("up", path[-1], 3)

    def press(self, keys: str) -> None:
        """Press and release a key, named as in pygame, such as "7", "ctrl+z", "escape"."""
        *modifiers, name = keys.lower().split("+") if keys != "+" else ["+"]
        mod = 0
        for modifier in modifiers:
            mod |= _MODIFIERS[modifier]
        key = pygame.key.key_code(name)
        self.step(sdl_events.key_down(key, mod))
        self.step(sdl_events.key_up(key, mod))

    def click(self, control: str | XY) -> None:
        """Click a button by the name of its action, a bar by its digit, or a position."""
        if isinstance(control, str):
            layout = arrange(*self.surface.get_size())
            is_bar = control.isdigit()
            control = (layout.bars[int(control)] if is_bar else layout.buttons[control]).center
        self._pen("down", control)
        self._pen("up", control)

    def point_at(self, position: XY) -> None:
        """Move the mouse, with no button held, to a position in window pixels."""
        self.step(sdl_events.mouse_move(position, (0, 0, 0)))

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
        self.step()

    def screenshot(self, path: Path) -> None:
        """Save what the window shows as a PNG file."""
        pygame.image.save(self.surface, path)

    def pen_event(self, phase: Phase, position: XY, button: int = 1) -> pygame.event.Event:
        """Return the event of the pen going "down", to "move" or "up", in window pixels."""
        if self._input == "touch":
            return sdl_events.finger(phase, position, self.surface.get_size())
        return sdl_events.mouse(phase, position, button)

    def _pen(self, phase: Phase, position: XY, button: int = 1) -> None:
        self.step(self.pen_event(phase, position, button))

    def _in_window(self, ink: Drawing | Sequence[Sequence[XY]]) -> list[list[XY]]:
        area = self.app.board_area
        if isinstance(ink, Drawing):
            ink = on_canvas(ink)
            placement = Placement.fit(ink.canvas or area.size, area)
            return [[placement.to_window(x, y) for x, y, _ in s.points] for s in ink.strokes]
        width, height = area.size
        return [[(area.left + x * width, area.top + y * height) for x, y in path] for path in ink]
