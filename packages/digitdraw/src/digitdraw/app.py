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
from digitdraw.board_view import Placement, box_around
from digitdraw.controls import SLIDER, Controls
from digitdraw.desk import Desk
from digitdraw.gallery import Gallery
from digitdraw.gallery_page import GalleryPage
from digitdraw.help_page import HelpPage
from digitdraw.ink_layer import ink_of
from digitdraw.layout import arrange
from digitdraw.page import Page
from digitdraw.panel_view import Panel
from digitdraw.picture_page import PicturePage
from digitdraw.pointer import Action, PenEvent, Pointer
from digitdraw.reader import Inside, Reader
from digitdraw.settings import Settings
from digitdraw.store import Store, StoreError
from digitdraw.text import Writer
from digitdraw.tools_view import Tools, pen_at
from digitdraw.view import Scene, View
from digitnet import DigitnetError, Drawing, Prediction

_HINT = "Draw a digit, or a number. F1 tells all keys."
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
        self._is_inside = False
        self._inside: Inside | None = None
        self._pointed: int | None = None
        self._page: Page | None = None
        self._is_control_held = False
        self._status, self._is_warning = notice or _HINT, bool(notice)
        self._has_told_error = False
        self._is_dirty = True
        self._actions: dict[str, Callable[[], object]] = {
            "undo": self.undo,
            "redo": self.redo,
            "clear": self.clear,
            "erase": self._toggle_eraser,
            "thinner": lambda: self.take_pen(self.board.pen / _PEN_STEP),
            "thicker": lambda: self.take_pen(self.board.pen * _PEN_STEP),
            "none": lambda: self.label(""),
            "save": self.save,
            "report": self.report,
            "gallery": self._show_gallery,
            "inside": self._toggle_inside,
            "live": self._toggle_live,
            "theme": self._toggle_theme,
            "fullscreen": self._toggle_fullscreen,
            "help": lambda: self._show(HelpPage()),
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
            self._read_picture(Path(event.file))
        elif pen := self._pointer.translate(event, self._size):
            self._move_pen(pen)
        elif event.type == pygame.MOUSEMOTION and not any(event.buttons):
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
        self._is_dirty = False
        return self._view.draw(surface, self._layout, self.board, self._scene())

    def save(self) -> Path | None:
        """Save the drawing and its answer, and say where; None where that was not possible."""
        self._read()
        if not self.board.strokes:
            self._say("There is nothing to save: the board is blank.", is_warning=True)
            return None
        drawing = self._desk.drawing()
        digits = self.prediction.digits if self.prediction else ()
        seen = [digit.image for digit in digits]
        try:
            path = self._store.save(drawing, ink_of(drawing), seen, _moment())
        except StoreError as error:
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
        except StoreError as error:
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
        if not self.board.strokes:
            self._say("Draw something first, then say what it is.", is_warning=True)
            return
        self._desk.label(digit, self._shown())
        self._say(f"S saves it as {self.truth or 'no digit'}.")

    def _read(self, *, live: bool = False) -> None:
        failure = self._desk.session.read(live=live)
        self._is_dirty |= failure is not None
        if failure:
            self._say(failure, is_warning=True)

    def _take_key(self, event: pygame.event.Event) -> None:
        self._is_control_held = bool(event.mod & (pygame.KMOD_CTRL | pygame.KMOD_META))
        name = action_of(event) if event.type == pygame.KEYDOWN else ""
        if name and self._page:
            self._page.press(name)
            self._turn_page(leave=name in {"help", "quit", "fullscreen", "theme"})
        if name and not self._page:
            self._perform(name)

    def _perform(self, name: str) -> None:
        """Do what a key, a button or a bar stands for."""
        if name in self._actions:
            self._actions[name]()
            self._is_dirty = True

    def _turn_wheel(self, event: pygame.event.Event) -> None:
        if self._page:
            self._page.scroll(event.y)
            self._is_dirty = True
        elif self._is_control_held and event.y:
            self.take_pen(self.board.pen * _PEN_STEP ** (1 if event.y > 0 else -1))

    def _move_pen(self, pen: PenEvent) -> None:
        area = self._layout.board
        is_inside = area.left <= pen.x <= area.right and area.top <= pen.y <= area.bottom
        if self._page:
            if pen.action is Action.DOWN:
                self._page.click(pen.x, pen.y)
                self._turn_page()
        elif self._desk.hand.is_down or (pen.action is Action.DOWN and is_inside):
            self._pointed = None
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
        before = (self._controls.tip, self._pointed)
        self._controls.hover(x, y, self._layout, self._desk.now)
        placement = Placement.fit(self.board.canvas, self._layout.board)
        digits = self.prediction.digits if self.prediction else ()
        boxes = [box_around(digit, self.board, placement) for digit in digits]
        pointed = [index for index, box in enumerate(boxes) if box.collidepoint(x, y)]
        self._pointed = pointed[0] if pointed else None
        self._is_dirty |= (self._controls.tip, self._pointed) != before

    def _ink_has_changed(self) -> None:
        self._pointed = None
        if not self._reader.error:
            self._say(_HINT if self.board.is_blank else "")
        self._is_dirty = True

    def _toggle_eraser(self) -> None:
        hand = self._desk.hand
        is_on = hand.has_eraser = not hand.has_eraser
        self._say("Wipe over strokes to take them away; E draws again." if is_on else "")

    def _toggle_inside(self) -> None:
        self._is_inside = not self._is_inside

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

    def _show(self, page: Page) -> None:
        if self._desk.lift():
            self._ink_has_changed()
        self._page = page
        self._controls.leave()
        self._is_dirty = True

    def _turn_page(self, *, leave: bool = False) -> None:
        """Go back to the board if the page has been closed, or something else was asked for."""
        if self._page and (leave or not self._page.is_open):
            self._page = None
        self._is_dirty = True

    def _show_gallery(self) -> None:
        try:
            self._show(GalleryPage(Gallery(self._store.folder), self._open, self._say))
        except DigitnetError as error:
            self._say(str(error), is_warning=True)

    def _open(self, drawing: Drawing) -> None:
        self._desk.open(drawing)
        self._ink_has_changed()

    def _read_picture(self, path: Path) -> None:
        try:
            page = PicturePage(path, self._reader)
        except DigitnetError as error:
            self._say(str(error), is_warning=True)
        else:
            self._show(page)

    def _say(self, status: str, *, is_warning: bool = False) -> None:
        self._status, self._is_warning = status, is_warning
        self._is_dirty = True

    def _resize(self, size: tuple[int, int]) -> None:
        self._size = size
        if not self.is_fullscreen:
            self.settings = self.settings.with_size(size)
        self._layout = arrange(*size)
        self._desk.resize(size, self._layout.board)

    def _shown(self) -> int:
        """Give the place, in the prediction, of the digit that the panel tells of."""
        return self._desk.session.newest_digit() if self._pointed is None else self._pointed

    def _scene(self) -> Scene:
        shown = self._shown()
        truth = self.truth
        return Scene(
            theme=self.settings.theme,
            panel=Panel(
                prediction=self.prediction,
                shown=shown,
                is_waiting=self._desk.session.is_waiting,
                truth=truth[shown] if truth and shown < len(truth) else truth,
                is_inside=self._is_inside,
                inside=self._look_inside(shown),
            ),
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
            page=self._page,
        )

    def _look_inside(self, shown: int) -> Inside | None:
        """Give the inside of the network for the digit shown; made once for each answer."""
        digits = self.prediction.digits if self.prediction else ()
        if not (self._is_inside and digits):
            self._inside = None
        elif self._inside is None or self._inside.digit is not digits[shown]:
            try:
                self._inside = self._reader.look_inside(digits[shown])
            except DigitnetError as error:
                self._is_inside, self._inside = False, None
                self._say(str(error), is_warning=True)
        return self._inside

    def _active(self) -> frozenset[str]:
        switches = {"erase": self._desk.hand.has_eraser, "inside": self._is_inside}
        return frozenset(name for name, is_on in switches.items() if is_on)

    def _enabled(self) -> frozenset[str]:
        enabled = {"erase", "inside", "gallery", "theme", "help"}
        if self.board.can_undo or self.board.current:
            enabled.add("undo")
        if self.board.can_redo:
            enabled.add("redo")
        if not self.board.is_blank:
            enabled |= {"clear", "save", "report"}
        return frozenset(enabled)


def _moment() -> datetime:
    return datetime.now().astimezone()
