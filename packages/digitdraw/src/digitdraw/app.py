"""The app: events in, state changed, pixels out.

It has neither a clock nor an event queue, so a test or a recording can drive it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pygame

from digitdraw.input.actions import ACTIONS, find_action
from digitdraw.input.pointer import Pointer
from digitdraw.model.board import Board
from digitdraw.model.document import Document
from digitdraw.model.pen_tool import PenEvent, PenPhase, PenTool
from digitdraw.model.placement import Area
from digitdraw.model.reader import Reader
from digitdraw.storage.saver import Saver
from digitdraw.storage.settings import Settings
from digitdraw.storage.store import Store
from digitdraw.ui.controls import SLIDER
from digitdraw.ui.layout import arrange
from digitdraw.ui.text import Writer
from digitdraw.ui.toolbar import pen_at
from digitdraw.ui.window import Window
from digitnet import Drawing, Prediction

_HINT = "Draw a digit or a number. F1 shows all keys."


class App:
    """A running app, as a window's events and its surface see it.

    Args:
        size: (width, height) of the window in pixels.
        reader: reads the ink.
        store: saves drawings.
        writer: may be shared between apps, which then render each text once.
        settings: the settings to start with, except for the size.
        notice: a failure to report at the start, in one line.
        patience: for how many seconds saving may hold up a frame; None until it is done.

    Attributes:
        settings: the current settings, to be remembered.
        is_fullscreen: whether the user wants full screen.
        is_running: False once the user has closed the window.
        document: the ink, what it was read as, and the recording of the session.
        pen_tool: draws on the document.
        window: the user interface around it.
    """

    def __init__(
        self,
        size: tuple[int, int],
        reader: Reader,
        store: Store,
        writer: Writer | None = None,
        settings: Settings | None = None,
        notice: str = "",
        patience: float | None = None,
    ) -> None:
        self.settings = settings or Settings()
        self.is_fullscreen = False
        self.is_running = True
        # Nothing below refers to the app, so that its images, which are as large as the window, are
        # freed with it and do not wait for Python's garbage collector.
        area = Area(*arrange(*size).board)
        self.document = Document(reader, size, area, self.settings.pen, self.settings.recorded())
        self.pen_tool: PenTool = PenTool(self.document)
        self.window: Window = Window(size, self.document, reader, store, writer or Writer())
        self.window.status.say(notice or _HINT, is_warning=bool(notice))
        self._reader = reader
        self._saver = Saver(store, self.window.status.say, patience)
        self._pointer = Pointer()
        self._is_control_held = False
        self._has_reported_error = False

    @property
    def board(self) -> Board:
        """The ink."""
        return self.document.board

    @property
    def board_area(self) -> pygame.Rect:
        """The part of the window that shows the board, in pixels."""
        return self.window.layout.board.copy()

    @property
    def prediction(self) -> Prediction | None:
        """What the ink was read as; None if there is nothing to read or no model yet."""
        return self.document.reading.prediction

    @property
    def truth(self) -> str | None:
        """The user's label; "" for "not a digit", None if there is none."""
        return self.document.reading.truth

    def step(
        self, events: Iterable[pygame.event.Event], now: int, surface: pygame.Surface
    ) -> list[pygame.Rect]:
        """Run one frame: handle events, read the ink, and draw what has changed.

        Args:
            events: the events since the last frame, in order.
            now: the time in milliseconds, on the caller's clock.
            surface: passed to `draw`.

        Returns:
            the parts of the surface that were drawn on; empty if nothing has changed.
        """
        self.update(now)
        for event in events:
            self.handle(event)
        self.update(now)
        is_resized = surface.get_size() != self.window.size
        return self.draw(surface) if is_resized or self.window.needs_drawing else []

    def handle(self, event: pygame.event.Event) -> None:
        """Handle one event."""
        if pen := self._pointer.translate(event, self.window.size):
            self._move_pen(pen)
        elif event.type == pygame.QUIT:
            self.is_running = False
        elif event.type in (pygame.KEYDOWN, pygame.KEYUP):
            self._handle_key(event)
        elif event.type == pygame.MOUSEWHEEL:
            self._turn_wheel(event)
        elif event.type == pygame.DROPFILE:
            self.lift_pen()
            self.window.pages.show_picture(Path(event.file))
            self.window.is_stale = True
        else:
            self.window.handle(event)

    def update(self, now: int) -> None:
        """Advance the clock to `now`, in milliseconds, and read the ink if it has changed."""
        self.document.now = now
        if self._saver.pending:
            self._saver.report_finished()
        self.window.update(now)
        if self._reader.error and not self._has_reported_error:
            self._has_reported_error = True
            self.window.status.say(self._reader.error, is_warning=True)
        self._read(live=self.settings.live)

    def draw(self, surface: pygame.Surface) -> list[pygame.Rect]:
        """Draw the current state.

        Args:
            surface: shows what the last call drew on it; the app adapts to its size.

        Returns:
            the parts of the surface that were drawn on.
        """
        if (size := surface.get_size()) != self.window.size:
            self._resize(size)
        return self.window.draw(
            surface,
            self.settings.theme,
            is_enabled=lambda name: ACTIONS[name].enabled(self),
            is_active=lambda name: ACTIONS[name].active(self),
        )

    def perform(self, name: str) -> None:
        """Perform the action of this name, if there is one."""
        if action := ACTIONS.get(name):
            action.handler(self)
            self.window.is_stale = True

    def edit(self, name: str, change: Callable[[Board], None]) -> None:
        """Change the ink, and record the change as an event of this name if it had any effect."""
        self.document.edit(name, change)
        self._ink_has_changed()

    def undo(self) -> None:
        """Undo the last step."""
        self.edit("undo", Board.undo)

    def redo(self) -> None:
        """Redo the step that was undone last."""
        self.edit("redo", Board.redo)

    def clear(self) -> None:
        """Remove all ink."""
        self.edit("clear", Board.clear)

    def lift_pen(self) -> None:
        """End the stroke that is being drawn, because something else comes first."""
        self.window.controls.leave()
        if self.pen_tool.lift():
            self._ink_has_changed()

    def set_pen(self, pen: float) -> None:
        """Set the pen's diameter over the board's shorter side, within its bounds."""
        self.document.set_pen(pen)
        self.settings = replace(self.settings, pen=self.board.pen)
        self.window.is_stale = True

    def choose(self, settings: Settings) -> None:
        """Change settings; recordings hold some of them."""
        for name, value in settings.recorded(self.settings).items():
            self.document.note_setting(name, value)
        self.settings = settings

    def label(self, digit: str) -> None:
        """Label the selected digit; "" for "not a digit"."""
        self._read()
        if not self.board.strokes:
            self.window.status.say("Draw something first, then label it.", is_warning=True)
            return
        self.document.label(digit, self.window.panel.selected)
        self.window.status.say(f"S saves it as {self.truth or 'not a digit'}.")

    def save(self) -> Path | None:
        """Save the drawing and its answer, and say where.

        Returns:
            the path of the picture; None if saving failed or has not finished yet.
        """
        self._read()
        if not self.board.strokes:
            self.window.status.say("There is nothing to save: the board is blank.", is_warning=True)
            return None
        self.document.note_saved()
        images = [digit.image for digit in self.document.reading.digits]
        hint = "; press 0 to 9 before saving to label it" if self.truth is None else ""
        return self._saver.save(self.document.snapshot(), images, hint)

    def report(self) -> Path | None:
        """Save the whole session as a recording; returns what `save` does."""
        self._read()
        return self._saver.save_report(self.document.session_snapshot())

    def recording(self) -> Drawing:
        """Return the whole session as a recording, with the current answer."""
        self._read()
        return self.document.session_snapshot().drawing()

    def finish(self) -> list[str]:
        """Wait until everything is saved; return what could not be saved and why, a line each."""
        return self._saver.finish()

    def _handle_key(self, event: pygame.event.Event) -> None:
        self._is_control_held = bool(event.mod & (pygame.KMOD_CTRL | pygame.KMOD_META))
        action = find_action(event) if event.type == pygame.KEYDOWN else None
        if action and self.window.pages.current and not action.on_pages:
            self._open(self.window.pages.press(action.name))
        elif action:
            self.perform(action.name)

    def _turn_wheel(self, event: pygame.event.Event) -> None:
        if self.window.pages.current:
            self.window.pages.scroll(event.y)
            self.window.is_stale = True
        elif self._is_control_held and event.y:
            self.perform("thicker" if event.y > 0 else "thinner")

    def _move_pen(self, pen: PenEvent) -> None:
        window, is_down = self.window, pen.phase is PenPhase.DOWN
        if window.pages.current:
            if is_down and not pen.is_eraser:
                self._open(window.pages.click(pen.x, pen.y))
        elif self.pen_tool.is_down or (is_down and window.is_on_board(pen.x, pen.y)):
            window.leave()
            window.has_longer_stroke = True
            window.is_stale |= pen.phase is not PenPhase.MOVE
            if self.pen_tool.follow(pen):
                self._ink_has_changed()
        elif not pen.is_eraser and (name := window.use_control(pen)) == SLIDER:
            self.set_pen(pen_at(window.layout, pen.x))
        elif not pen.is_eraser:
            self.perform(name)

    def _open(self, drawing: Drawing | None) -> None:
        """Put a drawing that was chosen on a page, if any, on the board."""
        self.window.is_stale = True
        if drawing:
            self.document.open(drawing)
            self._ink_has_changed()

    def _resize(self, size: tuple[int, int]) -> None:
        if not self.is_fullscreen:
            self.settings = self.settings.with_size(size)
        self.window.resize(size)
        self.document.resize(size, Area(*self.window.layout.board))

    def _read(self, *, live: bool = False) -> None:
        error = self.document.reading.update(live=live)
        self.window.is_stale |= error is not None
        if error:
            self.window.status.say(error, is_warning=True)

    def _ink_has_changed(self) -> None:
        self.window.panel.pointed = None
        if not self._reader.error:
            self.window.status.say(_HINT if self.board.is_blank else "")
        self.window.is_stale = True
