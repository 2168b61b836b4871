"""The app: events in, state changed, pixels out.

`App` knows no window, no clock and no queue, so a test or a recording can drive it; `cli.main`
alone owns those.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pygame

from digitdraw.commands import Commands
from digitdraw.input.actions import action_of
from digitdraw.input.pointer import Action, PenEvent, Pointer
from digitdraw.model.reader import Reader
from digitdraw.storage.settings import Settings
from digitdraw.storage.store import Store
from digitdraw.ui.controls import SLIDER
from digitdraw.ui.layout import arrange
from digitdraw.ui.panel import Panel
from digitdraw.ui.text import Writer
from digitdraw.ui.toolbar import Tools, pen_at
from digitdraw.ui.window import Scene, View
from digitnet import DigitnetError

_EVERYWHERE = {"help", "theme", "fullscreen", "quit"}  # on pages, too


class App(Commands):
    """A running app, as a window's events and its surface see it.

    Args:
        size: as `Commands` takes it, and so are all but the writer.
        reader: the same.
        store: the same.
        writer: may be shared between apps, which then draw each text once.
        settings: the same.
        notice: the same.
        patience: the same.
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
        super().__init__(size, reader, store, settings, notice, patience)
        self._size = size
        self._pointer = Pointer()
        self._view = View(writer or Writer())
        self._scene: Scene | None = None  # what was shown last
        self._is_longer = False  # the stroke that is being drawn, and nothing else is new
        self._is_control_held = False
        self._has_told_error = False

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
        is_new = self._is_dirty or self._is_longer
        needs_drawing = is_new or surface.get_size() != self._size
        return self.draw(surface) if needs_drawing else []

    def handle(self, event: pygame.event.Event) -> None:
        """Take one event."""
        if pen := self._pointer.translate(event, self._size):
            self._move_pen(pen)
        elif event.type == pygame.QUIT:
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
        elif event.type == pygame.WINDOWLEAVE:
            self._hover(-1, -1)
        elif event.type == pygame.MOUSEMOTION and not (any(event.buttons) or self._pages.current):
            self._hover(*event.pos)

    def update(self, now: int) -> None:
        """Move the clock on to `now`, in milliseconds, and read the ink if it has changed."""
        self._desk.now = now
        self._saver.tell()
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
        if self._scene is None or self._is_dirty or not self._is_longer:
            self._scene = self._new_scene()
        changed = self._view.draw(surface, self._layout, self.board, self._scene)
        self._is_longer = False
        self._is_dirty = not (self._pages.current or self._view.is_complete)
        return changed

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

    def _turn_wheel(self, event: pygame.event.Event) -> None:
        if self._pages.current:
            self._pages.scroll(event.y)
            self._is_dirty = True
        elif self._is_control_held and event.y:
            self._change_pen(1 if event.y > 0 else -1)

    def _move_pen(self, pen: PenEvent) -> None:
        area = self._layout.board
        is_inside = area.left <= pen.x <= area.right and area.top <= pen.y <= area.bottom
        if self._pages.current:
            if pen.action is Action.DOWN and not pen.is_eraser:
                self._pages.click(pen.x, pen.y)
                self._is_dirty = True
        elif self._desk.hand.is_down or (pen.action is Action.DOWN and is_inside):
            is_seen = self._spotlight.leave() | self._controls.leave()
            self._is_longer = True
            self._is_dirty |= is_seen or pen.action is not Action.MOVE
            if self._desk.take_pen_event(pen):
                self._ink_has_changed()
        elif not pen.is_eraser:
            self._use_control(pen)

    def _use_control(self, pen: PenEvent) -> None:
        before = self._controls.look
        name = self._controls.handle(pen, self._layout)
        self._is_dirty |= self._controls.look != before
        if name == SLIDER:
            self.take_pen(pen_at(self._layout, pen.x))
        elif name:
            self._perform(name)

    def _hover(self, x: float, y: float) -> None:
        """Tell of what the mouse points at: a button, or a digit of a number."""
        before = self._controls.look
        self._controls.hover(x, y, self._layout, self._desk.now)
        self._is_dirty |= self._controls.look != before
        self._is_dirty |= self._spotlight.point_at(x, y, self._layout.board)

    def _resize(self, size: tuple[int, int]) -> None:
        self._size = size
        if not self.is_fullscreen:
            self.settings = self.settings.with_size(size)
        self._layout = arrange(*size)
        self._desk.resize(size, self._layout.board)

    def _new_scene(self) -> Scene:
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
