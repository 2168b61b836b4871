"""The app: events in, state changed, pixels out.

`App` knows no window, no clock and no queue, so a test or a recording can drive it; `cli.main`
alone owns those.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path

import pygame

from digitdraw.actions import action_of
from digitdraw.board import Board
from digitdraw.controls import SLIDER, Controls
from digitdraw.desk import Desk
from digitdraw.ink_layer import ink_of
from digitdraw.layout import arrange
from digitdraw.pages import Pages
from digitdraw.panel_view import Panel
from digitdraw.pointer import Action, PenEvent, Pointer
from digitdraw.reader import Reader
from digitdraw.settings import Settings
from digitdraw.spotlight import Spotlight
from digitdraw.store import Store
from digitdraw.text import Writer
from digitdraw.tools_view import Tools, pen_at
from digitdraw.view import Scene, View
from digitnet import DigitnetError, Drawing, Prediction

_HINT = "Draw a digit, or a number. F1 tells all keys."
_EVERYWHERE = {"help", "theme", "fullscreen", "quit"}  # on pages, too
_PEN_STEP = 1.15  # of one key press or one click of the wheel


class App:
    """The state of a running app.

    Args:
        size: (width, height) of the window in pixels.
        reader: answers for the ink.
        store: takes what is saved.
        writer: may be shared between apps, which then draw each text once.
        settings: how it starts; the size is `size`.
        notice: what went wrong before it started, in one line.

    Attributes:
        settings: as they are now, to be remembered.
        is_fullscreen: whether the user wants the whole screen.
        is_running: False once the user has closed the window.
    """

    def __init__(
        self,
        size: tuple[int, int],
        reader: Reader,
        store: Store,
        writer: Writer | None = None,
        settings: Settings | None = None,
        notice: str = "",
    ) -> None:
        self.settings = settings or Settings()
        self._size = size
        self.is_fullscreen = False
        self.is_running = True
        self._reader = reader
        self._store = store
        self._pointer = Pointer()
        self._controls = Controls()
        self._view = View(writer or Writer())
        self._layout = arrange(*size)
        self._desk = Desk(reader, size, self._layout.board, self.settings.pen)
        self._spotlight = Spotlight(self._desk.session, reader)
        self._pages = Pages(store, reader, self._open, self._say)
        self._is_control_held = False
        self._status, self._is_warning = notice or _HINT, bool(notice)
        self._has_told_error = False
        self._is_dirty = True
        self._actions: dict[str, Callable[[], object]] = {
            "undo": self.undo,
            "redo": self.redo,
            "clear": self.clear,
            "delete": self.clear,
            "erase": self._toggle_eraser,
            "thinner": lambda: self.take_pen(self.board.pen / _PEN_STEP),
            "thicker": lambda: self.take_pen(self.board.pen * _PEN_STEP),
            "none": lambda: self.label(""),
            "save": self.save,
            "report": self.report,
            "gallery": self._pages.show_gallery,
            "inside": self._toggle_inside,
            "live": self._toggle_live,
            "theme": self._toggle_theme,
            "fullscreen": self._toggle_fullscreen,
            "help": self._pages.show_help,
            "quit": self._quit,
            "next": lambda: self._controls.move_focus(1),
            "previous": lambda: self._controls.move_focus(-1),
            "press": lambda: self._perform(self._controls.focused),
            "close": self._controls.leave,
            **{str(digit): partial(self.label, str(digit)) for digit in range(10)},
        }

    @property
    def board(self) -> Board:
        """The ink."""
        return self._desk.board

    @property
    def prediction(self) -> Prediction | None:
        """What the ink was read as; None while there is nothing to read, or no model yet."""
        return self._desk.session.prediction

    @property
    def truth(self) -> str | None:
        """What the user said that the drawing is; "" for no digit, None if nothing."""
        return self._desk.session.truth

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
            self._quit()
        elif event.type in (pygame.KEYDOWN, pygame.KEYUP):
            self._take_key(event)
        elif event.type == pygame.MOUSEWHEEL:
            self._turn_wheel(event)
        elif event.type == pygame.WINDOWEXPOSED:
            self._view.invalidate()
            self._is_dirty = True
        elif event.type == pygame.DROPFILE:
            self._lift()
            self._pages.show_picture(Path(event.file))
            self._is_dirty = True
        elif pen := self._pointer.translate(event, self._size):
            self._move_pen(pen)
        elif event.type == pygame.WINDOWLEAVE:
            self._hover(-1, -1)
        elif event.type == pygame.MOUSEMOTION and not (any(event.buttons) or self._pages.current):
            self._hover(*event.pos)

    def update(self, now: int) -> None:
        """Move the clock on to `now`, in milliseconds, and read the ink if it has changed."""
        self._desk.now = now
        self._is_dirty |= self._controls.update(now)
        if self._reader.error and not self._has_told_error:
            self._has_told_error = True
            self._say(self._reader.error, is_warning=True)
        self._read(live=self.settings.live)

    def draw(self, surface: pygame.Surface) -> list[pygame.Rect]:
        """Show the state.

        Args:
            surface: shows what the last call drew on it; of any size, to which the app adapts.

        Returns:
            the parts of the surface that were drawn on.
        """
        if surface.get_size() != self._size:
            self._resize(surface.get_size())
        changed = self._view.draw(surface, self._layout, self.board, self._scene())
        self._is_dirty = not (self._pages.current or self._view.is_complete)
        return changed

    def save(self) -> Path | None:
        """Save the drawing and its answer, and say where; None where that was not possible."""
        self._read()
        if not self.board.strokes:
            self._say("There is nothing to save: the board is blank.", is_warning=True)
            return None
        seen = [digit.image for digit in self._desk.session.digits]
        try:
            drawing = self._desk.drawing()
            path = self._store.save(drawing, ink_of(drawing), seen, _moment())
        except DigitnetError as error:
            self._say(f"Not saved: {error}", is_warning=True)
            return None
        self._desk.note_saved()
        hint = "; press 0 to 9 before, to label it" if self.truth is None else ""
        self._say(f"Saved as {path}{hint}")
        return path

    def report(self) -> Path | None:
        """Save all that was done since the start as a recording; None where that was impossible."""
        try:
            path = self._store.save_report(self.recording(), _moment())
        except DigitnetError as error:
            self._say(f"Not saved: {error}", is_warning=True)
            return None
        self._say(f"Saved as {path}; 'digitbench run' replays it")
        return path

    def recording(self) -> Drawing:
        """Give all that was done since the start as a recording, with the answer as it is now."""
        self._read()
        return self._desk.recording()

    def clear(self) -> None:
        """Take all ink away."""
        self._desk.clear()
        self._ink_has_changed()

    def undo(self) -> None:
        """Take the last step back."""
        self._desk.undo()
        self._ink_has_changed()

    def redo(self) -> None:
        """Do again what was undone last."""
        self._desk.redo()
        self._ink_has_changed()

    def take_pen(self, pen: float) -> None:
        """Draw with a pen of this diameter over the board's shorter side, within its bounds."""
        self._desk.take_pen(pen)
        self.settings = replace(self.settings, pen=self.board.pen)
        self._is_dirty = True

    def label(self, digit: str) -> None:
        """Take down what the digit shown really is; "" for no digit."""
        self._read()
        if not self.board.strokes:
            self._say("Draw something first, then say what it is.", is_warning=True)
            return
        self._desk.label(digit, self._spotlight.shown)
        self._say(f"S saves it as {self.truth or 'no digit'}.")

    def _read(self, *, live: bool = False) -> None:
        failure = self._desk.session.read(live=live)
        self._is_dirty |= failure is not None
        if failure:
            self._say(failure, is_warning=True)

    def _take_key(self, event: pygame.event.Event) -> None:
        self._is_control_held = bool(event.mod & (pygame.KMOD_CTRL | pygame.KMOD_META))
        name = action_of(event) if event.type == pygame.KEYDOWN else ""
        if not name:
            return
        if self._pages.current and name not in _EVERYWHERE:
            self._pages.press(name)
        elif self._pages.current and name == "help":
            self._pages.close()
        else:
            self._perform(name)
        self._is_dirty = True

    def _perform(self, name: str) -> None:
        """Do what a key, a button or a bar stands for."""
        if name in self._actions:
            if name in ("help", "gallery"):
                self._lift()
            self._actions[name]()
            self._is_dirty = True

    def _turn_wheel(self, event: pygame.event.Event) -> None:
        if self._pages.current:
            self._pages.scroll(event.y)
            self._is_dirty = True
        elif self._is_control_held and event.y:
            self.take_pen(self.board.pen * _PEN_STEP ** (1 if event.y > 0 else -1))

    def _move_pen(self, pen: PenEvent) -> None:
        area = self._layout.board
        is_inside = area.left <= pen.x <= area.right and area.top <= pen.y <= area.bottom
        if self._pages.current:
            if pen.action is Action.DOWN and not pen.is_eraser:
                self._pages.click(pen.x, pen.y)
                self._is_dirty = True
        elif self._desk.hand.is_down or (pen.action is Action.DOWN and is_inside):
            self._spotlight.leave()
            self._controls.leave()
            self._is_dirty = True
            if self._desk.take_pen_event(pen):
                self._ink_has_changed()
        elif not pen.is_eraser:
            self._use_control(pen)

    def _use_control(self, pen: PenEvent) -> None:
        before = self._controls.pressed
        name = self._controls.handle(pen, self._layout)
        self._is_dirty |= self._controls.pressed != before
        if name == SLIDER:
            self.take_pen(pen_at(self._layout, pen.x))
        elif name:
            self._perform(name)

    def _hover(self, x: float, y: float) -> None:
        """Tell of what the mouse points at: a button, or a digit of a number."""
        before = self._controls.tip
        self._controls.hover(x, y, self._layout, self._desk.now)
        self._is_dirty |= self._controls.tip != before
        self._is_dirty |= self._spotlight.point_at(x, y, self._layout.board)

    def _lift(self) -> None:
        """End what is being drawn: something comes in between."""
        self._controls.leave()
        if self._desk.lift():
            self._ink_has_changed()

    def _ink_has_changed(self) -> None:
        self._spotlight.leave()
        if not self._reader.error:
            self._say(_HINT if self.board.is_blank else "")
        self._is_dirty = True

    def _toggle_eraser(self) -> None:
        hand = self._desk.hand
        is_on = hand.has_eraser = not hand.has_eraser
        self._say("Wipe over strokes to take them away; E draws again." if is_on else "")

    def _toggle_inside(self) -> None:
        self._spotlight.is_inside = not self._spotlight.is_inside

    def _toggle_live(self) -> None:
        self.settings = replace(self.settings, live=not self.settings.live)
        self._say(f"Reads {'while you draw' if self.settings.live else 'when the pen is lifted'}.")

    def _toggle_theme(self) -> None:
        theme = "dark" if self.settings.theme == "light" else "light"
        self.settings = replace(self.settings, theme=theme)

    def _toggle_fullscreen(self) -> None:
        self.is_fullscreen = not self.is_fullscreen

    def _quit(self) -> None:
        self.is_running = False

    def _open(self, drawing: Drawing) -> None:
        self._desk.open(drawing)
        self._ink_has_changed()

    def _say(self, status: str, *, is_warning: bool = False) -> None:
        self._status, self._is_warning = status, is_warning
        self._is_dirty = True

    def _resize(self, size: tuple[int, int]) -> None:
        self._size = size
        if not self.is_fullscreen:
            self.settings = self.settings.with_size(size)
        self._layout = arrange(*size)
        self._desk.resize(size, self._layout.board)

    def _scene(self) -> Scene:
        return Scene(
            theme=self.settings.theme,
            panel=self._panel(),
            tools=Tools(
                pressed=self._controls.pressed,
                focused=self._controls.focused,
                enabled=self._enabled(),
                active=self._active(),
                pen=self.board.pen,
                status=self._status,
                is_warning=self._is_warning,
            ),
            tip=self._controls.tip,
            page=self._pages.current,
        )

    def _panel(self) -> Panel:
        try:
            return self._spotlight.panel()
        except DigitnetError as error:
            self._spotlight.is_inside = False
            self._say(str(error), is_warning=True)
            return self._spotlight.panel()

    def _active(self) -> frozenset[str]:
        switches = {"erase": self._desk.hand.has_eraser, "inside": self._spotlight.is_inside}
        return frozenset(name for name, is_on in switches.items() if is_on)

    def _enabled(self) -> frozenset[str]:
        enabled = {"erase", "inside", "gallery", "theme", "help", "report"}
        if self.board.can_undo or self.board.length:
            enabled.add("undo")
        if self.board.can_redo:
            enabled.add("redo")
        if not self.board.is_blank:
            enabled |= {"clear", "save"}
        return frozenset(enabled)


def _moment() -> datetime:
    return datetime.now().astimezone()
