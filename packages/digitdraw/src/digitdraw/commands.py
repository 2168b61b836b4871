"""All that a user can ask of the app, done: neither events nor pixels come in here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import ParamSpec
from weakref import WeakMethod

from digitdraw.model.board import Board
from digitdraw.model.document import Desk
from digitdraw.model.reader import Reader
from digitdraw.storage.saver import Saver
from digitdraw.storage.settings import Settings
from digitdraw.storage.store import Store
from digitdraw.ui.controls import Controls
from digitdraw.ui.layout import arrange
from digitdraw.ui.pages.navigator import Pages
from digitdraw.ui.panel_state import Spotlight
from digitnet import Drawing, Prediction

_Arguments = ParamSpec("_Arguments")

_HINT = "Draw a digit, or a number. F1 tells all keys."
_PEN_STEP = 1.15  # of one key press or one click of the wheel


def weakly(method: Callable[_Arguments, object]) -> Callable[_Arguments, None]:
    """Give what calls an object's method, but does not keep the object.

    What an object holds, and what holds it, is freed together, and late: only when Python looks
    for such circles. Those of an app hold pictures as large as its window.
    """
    reference = WeakMethod(method)

    def call(*arguments: _Arguments.args, **options: _Arguments.kwargs) -> None:
        if alive := reference():
            alive(*arguments, **options)

    return call


class Commands:
    """The state of a running app, and what changes it.

    Args:
        size: (width, height) of the window in pixels.
        reader: answers for the ink.
        store: takes what is saved.
        settings: how it starts; the size is `size`.
        notice: what went wrong before it started, in one line.
        patience: how long saving may hold up a frame in seconds; None until it is done.

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
        settings: Settings | None = None,
        notice: str = "",
        patience: float | None = None,
    ) -> None:
        self.settings = settings or Settings()
        self.is_fullscreen = False
        self.is_running = True
        self._reader = reader
        say, open_drawing = weakly(self._say), weakly(self._open)
        self._saver = Saver(store, say, patience)
        self._controls = Controls()
        self._layout = arrange(*size)
        self._desk = Desk(reader, size, self._layout.board, self.settings.pen)
        self._spotlight = Spotlight(self._desk.session, reader)
        self._pages = Pages(store, reader, open_drawing, say)
        self._status, self._is_warning = notice or _HINT, bool(notice)
        self._is_dirty = True

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

    def save(self) -> Path | None:
        """Save the drawing and its answer, and say where.

        Returns:
            the picture's path; None where that was not possible, or takes longer than a frame may.
        """
        self._read()
        if not self.board.strokes:
            self._say("There is nothing to save: the board is blank.", is_warning=True)
            return None
        self._desk.note_saved()
        seen = [digit.image for digit in self._desk.session.digits]
        hint = "; press 0 to 9 before, to label it" if self.truth is None else ""
        return self._saver.save(self._desk.drawing_so_far(), seen, hint)

    def report(self) -> Path | None:
        """Save all that was done since the start as a recording; gives its path as `save` does."""
        self._read()
        return self._saver.save_report(self._desk.session_so_far())

    def finish(self) -> list[str]:
        """Wait until all is saved; gives what is not, and why, a line each."""
        return self._saver.finish()

    def recording(self) -> Drawing:
        """Give all that was done since the start as a recording, with the answer as it is now."""
        self._read()
        return self._desk.session_so_far()()

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

    def _perform(self, name: str) -> None:
        """Do what a key, a button or a bar stands for."""
        if name in _ACTIONS:
            if name in ("help", "gallery"):
                self._lift()
            _ACTIONS[name](self)
            self._is_dirty = True

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

    def _change_pen(self, steps: int) -> None:
        self.take_pen(self.board.pen * _PEN_STEP**steps)


_ACTIONS: dict[str, Callable[[Commands], object]] = {
    "undo": lambda app: app.undo(),
    "redo": lambda app: app.redo(),
    "clear": lambda app: app.clear(),
    "delete": lambda app: app.clear(),
    "erase": lambda app: app._toggle_eraser(),
    "thinner": lambda app: app._change_pen(-1),
    "thicker": lambda app: app._change_pen(1),
    "none": lambda app: app.label(""),
    "save": lambda app: app.save(),
    "report": lambda app: app.report(),
    "gallery": lambda app: app._pages.show_gallery(),
    "inside": lambda app: app._toggle_inside(),
    "live": lambda app: app._toggle_live(),
    "theme": lambda app: app._toggle_theme(),
    "fullscreen": lambda app: app._toggle_fullscreen(),
    "help": lambda app: app._pages.show_help(),
    "quit": lambda app: app._quit(),
    "next": lambda app: app._controls.move_focus(1),
    "previous": lambda app: app._controls.move_focus(-1),
    "press": lambda app: app._perform(app._controls.focused),
    "close": lambda app: app._controls.leave(),
    **{str(digit): partial(lambda digit, app: app.label(digit), str(digit)) for digit in range(10)},
}
