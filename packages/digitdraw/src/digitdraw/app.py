"""The app: events in, state changed, pixels out.

`App` knows no window, no clock and no queue, so a test or a recording can drive it; `cli.main`
alone owns those.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pygame

from digitdraw.board import Board
from digitdraw.board_view import Placement
from digitdraw.ink_layer import ink_of
from digitdraw.layout import arrange
from digitdraw.panel_view import Panel
from digitdraw.pointer import Action, PenEvent, Pointer
from digitdraw.reader import Reader
from digitdraw.store import Store, StoreError, to_answer
from digitdraw.text import Writer
from digitdraw.view import View
from digitnet import DigitnetError, Prediction
from digitnet.ink import from_zero

_KEYS = {
    (pygame.K_c, False): "clear",
    (pygame.K_DELETE, False): "clear",
    (pygame.K_BACKSPACE, False): "clear",
    (pygame.K_s, False): "save",
    (pygame.K_s, True): "save",
    (pygame.K_u, False): "undo",
    (pygame.K_z, True): "undo",
    (pygame.K_y, True): "redo",
}
"""What a key does, by whether Ctrl (or Cmd) is held."""

_HINT = "C clears, S saves, Ctrl+Z undoes."


class App:
    """The state of a running app.

    Args:
        size: (width, height) of the window in pixels.
        reader: answers for the ink.
        store: takes what is saved.
        writer: may be shared between apps, which then draw each text once.

    Attributes:
        board: the ink.
        prediction: what the ink was read as; None while there is nothing to read, or no model yet.
        is_running: False once the user has closed the window.
    """

    def __init__(
        self, size: tuple[int, int], reader: Reader, store: Store, writer: Writer | None = None
    ) -> None:
        self._reader = reader
        self._store = store
        self._pointer = Pointer()
        self._view = View(writer or Writer())
        self._size = size
        self._layout = arrange(*size)
        self._now = 0
        self._pressed = ""
        self._device = ""
        self._status, self._is_warning = _HINT, False
        self._has_told_error = False
        self._is_read = True
        self._is_dirty = True
        self.board = Board(self._layout.board.size)
        self.prediction: Prediction | None = None
        self.is_running = True

    @property
    def board_area(self) -> pygame.Rect:
        """Where the board stands in the window, in pixels."""
        return self._layout.board.copy()

    def step(
        self, events: Iterable[pygame.event.Event], now: int, surface: pygame.Surface
    ) -> list[pygame.Rect]:
        """Make one frame: take the events that have come, read, and show what has changed.

        Args:
            events: since the last frame, in their order.
            now: the time in milliseconds, by the caller's clock.
            surface: as `draw` takes it.

        Returns:
            the parts of the surface that were drawn on; none if nothing has changed.
        """
        self.update(now)
        for event in events:
            self.handle(event)
        self.update(now)
        needs_drawing = self._is_dirty or surface.get_size() != self._size
        return self.draw(surface) if needs_drawing else []

    def handle(self, event: pygame.event.Event) -> None:
        """Take one event."""
        if event.type == pygame.QUIT:
            self.is_running = False
        elif event.type == pygame.KEYDOWN:
            self._press_key(event)
        elif event.type == pygame.WINDOWEXPOSED:
            self._view.invalidate()
            self._is_dirty = True
        elif pen := self._pointer.translate(event, self._size):
            self._move_pen(pen)

    def update(self, now: int) -> None:
        """Move the clock on to `now`, in milliseconds, and read the ink if it has changed."""
        self._now = now
        if self._reader.error and not self._has_told_error:
            self._has_told_error = True
            self._say(self._reader.error, is_warning=True)
        if not self._is_read and self._reader.is_ready:
            self._read()

    def draw(self, surface: pygame.Surface) -> list[pygame.Rect]:
        """Show the state.

        Args:
            surface: shows what the last call drew on it; of any size, to which the app adapts.

        Returns:
            the parts of the surface that were drawn on.
        """
        if surface.get_size() != self._size:
            self._resize(surface.get_size())
        self._is_dirty = False
        return self._view.draw(surface, self._layout, self.board, self._panel())

    def save(self) -> Path | None:
        """Save the drawing and its answer, and say where; None where that was not possible."""
        if not self._is_read and self._reader.is_ready:
            self._read()
        drawing = self.board.drawing()
        if not drawing.strokes:
            self._say("There is nothing to save: the board is blank.", is_warning=True)
            return None
        drawing = replace(
            from_zero(drawing),
            # What it was read as, until somebody says what it was: "" would say, no digit.
            word=self.prediction.text if self.prediction else "",
            device=self._device,
            source="digitdraw",
            tags=("unlabelled",),
            answer=to_answer(self.prediction, self._reader.model_hash),
        )
        try:
            path = self._store.save(drawing, ink_of(drawing), datetime.now().astimezone())
        except StoreError as error:
            self._say(f"Not saved: {error}", is_warning=True)
            return None
        self._say(f"Saved as {path}")
        return path

    def clear(self) -> None:
        """Take all ink away."""
        self.board.clear()
        self._ink_has_changed()

    def undo(self) -> None:
        """Take the last step back."""
        self.board.undo()
        self._ink_has_changed()

    def redo(self) -> None:
        """Do again what was undone last."""
        self.board.redo()
        self._ink_has_changed()

    def _read(self) -> None:
        self._is_read = True
        self._is_dirty = True
        try:
            self.prediction = self._reader.read(self.board.drawing())
        except DigitnetError as error:
            self.prediction = None
            self._say(str(error), is_warning=True)

    def _press_key(self, event: pygame.event.Event) -> None:
        with_control = bool(event.mod & (pygame.KMOD_CTRL | pygame.KMOD_META))
        if event.key == pygame.K_z and with_control and event.mod & pygame.KMOD_SHIFT:
            self.redo()
        elif name := _KEYS.get((event.key, with_control)):
            self._perform(name)

    def _perform(self, action: str) -> None:
        {"clear": self.clear, "save": self.save, "undo": self.undo, "redo": self.redo}[action]()

    def _move_pen(self, pen: PenEvent) -> None:
        if pen.action is Action.DOWN and self._is_on_board(pen):
            self._begin_stroke(pen)
        elif pen.action is Action.DOWN:
            self._pressed = self._button_at(pen)
            self._is_dirty = self._is_dirty or bool(self._pressed)
        elif self._pressed:
            self._hold_button(pen)
        elif self.board.current:
            self._extend_stroke(pen)

    def _is_on_board(self, pen: PenEvent) -> bool:
        area = self._layout.board
        return area.left <= pen.x <= area.right and area.top <= pen.y <= area.bottom

    def _begin_stroke(self, pen: PenEvent) -> None:
        self._device = pen.device
        self._pressed = ""
        if self.board.current:  # its end was never told
            self.board.end()
            self._ink_has_changed()
        self.board.begin(*self._on_canvas(pen), self._now)
        self._is_dirty = True

    def _extend_stroke(self, pen: PenEvent) -> None:
        point = self._on_canvas(pen)
        # A button is mostly released where the pen was last seen; that adds nothing to the ink.
        if point != self.board.current[-1][:2]:
            self.board.extend(*point, self._now)
            self._is_dirty = True
        if pen.action is Action.UP:
            self.board.end()
            self._ink_has_changed()

    def _on_canvas(self, pen: PenEvent) -> tuple[float, float]:
        """Turn the pen's place into canvas pixels; beyond the canvas, it slides along the edge."""
        x, y = Placement.fit(self.board.canvas, self._layout.board).to_canvas(pen.x, pen.y)
        width, height = self.board.canvas
        # Finer than any screen, and short to write down.
        return round(min(max(x, 0), width), 2), round(min(max(y, 0), height), 2)

    def _button_at(self, pen: PenEvent) -> str:
        for name, rect in self._layout.buttons.items():
            if rect.collidepoint(pen.x, pen.y):
                return name
        return ""

    def _hold_button(self, pen: PenEvent) -> None:
        """A button acts on release, and only if the pen is still on it."""
        if pen.action is Action.UP:
            pressed, self._pressed = self._pressed, ""
            self._is_dirty = True
            if self._button_at(pen) == pressed:
                self._perform(pressed)

    def _ink_has_changed(self) -> None:
        self._is_read = self.board.is_blank
        if self.board.is_blank:
            self.prediction = None
            self.board.resize(self._layout.board.size)
        if not self._reader.error:
            self._say(_HINT if self.board.is_blank else "")
        self._is_dirty = True

    def _say(self, status: str, *, is_warning: bool = False) -> None:
        self._status, self._is_warning = status, is_warning
        self._is_dirty = True

    def _resize(self, size: tuple[int, int]) -> None:
        self._size = size
        self._layout = arrange(*size)
        self.board.resize(self._layout.board.size)

    def _panel(self) -> Panel:
        enabled = {"undo"} if self.board.can_undo else set()
        if not self.board.is_blank:
            enabled |= {"clear", "save"}
        return Panel(
            prediction=self.prediction,
            shown=self._newest_digit(),
            is_waiting=not (self._is_read or self._reader.is_ready or self._reader.error),
            pressed=self._pressed,
            enabled=frozenset(enabled),
            status=self._status,
            is_warning=self._is_warning,
        )

    def _newest_digit(self) -> int:
        """Give the place, in the prediction, of the digit that the last stroke belongs to."""
        digits = self.prediction.digits if self.prediction else ()
        last = [max(digit.strokes or (0,)) for digit in digits]
        return last.index(max(last)) if last else 0
