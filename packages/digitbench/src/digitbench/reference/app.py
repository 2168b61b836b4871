"""What the app should be in after each event, by the simplest means: no pixels, no clock.

Where things stand in the window is taken from the app's own `digitdraw.ui.layout`; what they do is
told here anew.
"""

from __future__ import annotations

import math
from typing import Protocol

from digitbench.reference.board import XY, Ink, Sheet
from digitdraw.input.actions import ACTIONS
from digitdraw.model.board import THICKEST, THINNEST
from digitdraw.ui.controls import SLIDER, control_at
from digitdraw.ui.layout import arrange
from digitdraw.ui.toolbar import pen_at

_NOT_BOUND = "x"

KEYS = {
    **{key.pygame_name: name for name, action in ACTIONS.items() for key in action.keys},
    _NOT_BOUND: "",
}
"""The action that each key asks for; "" for a key that is bound to none."""

_STEP = 1.15  # of the pen


class Eyes(Protocol):
    """Looks at the app where more than one thing would be right."""

    def ink(self) -> Ink:
        """Give the finished strokes on the board."""

    def gallery(self, change: str) -> Ink | None:
        """Check what a key did to the gallery; gives the drawing that it put on the board."""

    def escape(self) -> None:
        """Press the key that closes any page."""


class Model:
    """The app as it should be.

    Args:
        window: (width, height) in pixels.
        pen: as in the app's settings, and so are the next two.
        live: the same.
        theme: the same.
        eyes: look at the app.

    Attributes:
        window: (width, height) in pixels.
        sheet: the ink.
        page: "" for none, "help", "gallery" or "picture".
        saves: the ink of each drawing that should have been saved since this was last emptied.
        reports: how many should have been saved since this was last set to 0.
        told: the label that was told last; "" for no digit, None once ink has changed.
    """

    def __init__(
        self, window: tuple[int, int], *, pen: float, live: bool, theme: str, eyes: Eyes
    ) -> None:
        self.window = window
        self.layout = arrange(*window)
        self.sheet = Sheet(self.layout.board.size, pen)
        self.live, self.theme = live, theme
        self.page = ""
        self.is_running, self.is_fullscreen = True, False
        self.saves: list[Ink] = []
        self.reports = 0
        self.told: str | None = None
        self._eyes = eyes
        self._holder = ""
        self._last: XY = (0.0, 0.0)
        self._pressed = self._focused = ""
        self._has_eraser = self._is_wiping = False
        self._wiped: XY = (0.0, 0.0)  # where the eraser was last, in window pixels
        self._is_control_held = False

    @property
    def is_pen_up(self) -> bool:
        """Whether nothing is being drawn."""
        return not self.sheet.is_drawing

    def pen(self, way: str, device: str, place: XY, held: frozenset[str] = frozenset()) -> None:
        """Follow a pointer.

        Args:
            way: "down", "move" or "up".
            device: "left", "middle", "right", "mouse" (which moves), or a finger's name.
            place: in window pixels.
            held: the mouse's buttons that are held while it moves.
        """
        if device == "mouse":
            if self._holder not in ("left", "right"):
                return
            if self._holder not in held:
                self.interrupt()
                return
            device = self._holder
        if device == "middle" or self._holder not in (("", device) if way == "down" else (device,)):
            return
        self._holder = "" if way == "up" else device
        self._last = place
        self._use_pen(way, place, is_eraser=device == "right")

    def interrupt(self) -> None:
        """Lift the pen where it was last seen."""
        if self._holder:
            is_eraser, self._holder = self._holder == "right", ""
            self._use_pen("up", self._last, is_eraser=is_eraser, is_lost=True)

    def key(self, keys: str) -> None:
        """Press and release a key."""
        self._is_control_held = keys.startswith("ctrl")
        name = KEYS.get(keys, "")
        if self.page and not (name and ACTIONS[name].on_pages):
            self._use_page(name)
        elif self.page and name == "help":
            self.page = ""
        elif name:
            self._perform(name)

    def wheel(self, steps: int) -> None:
        """Turn the wheel, with the key for control held if it was."""
        if self._is_control_held and steps and not self.page:
            self.take_pen(self.sheet.pen * _STEP ** (1 if steps > 0 else -1))

    def drop(self, *, is_picture: bool) -> None:
        """Let a file fall on the window."""
        self._lift()
        if is_picture:
            self.page = "picture"

    def resize(self, window: tuple[int, int]) -> None:
        """Take another window."""
        self.window = window
        self.layout = arrange(*window)
        self.sheet.fit(self.layout.board.size)

    def take_pen(self, pen: float) -> None:
        """Draw with a pen of this diameter over the canvas's shorter side, within its bounds."""
        self.told = None
        self.sheet.pen = round(min(max(pen, THINNEST), THICKEST), 4)

    def _use_pen(self, way: str, place: XY, *, is_eraser: bool, is_lost: bool = False) -> None:
        area = self.layout.board
        is_inside = area.left <= place[0] <= area.right and area.top <= place[1] <= area.bottom
        if self.page:
            if way == "down" and not is_eraser:
                self._click_page()
        elif self.sheet.is_drawing or self._is_wiping or (way == "down" and is_inside):
            self._pressed = self._focused = ""
            self._draw(way, place, is_eraser=is_eraser)
        elif not is_eraser:
            self._use_control(way, place, is_lost=is_lost)
        self.sheet.fit(area.size)

    def _draw(self, way: str, place: XY, *, is_eraser: bool) -> None:
        place = self._on_board(place)
        at = self._to_canvas(place)
        if way == "down":
            self._end()
            self._is_wiping = is_eraser or self._has_eraser
            self._wiped = place
            if not self._is_wiping:
                self.sheet.begin(at)
        else:
            self.sheet.extend(at)
        if self._is_wiping:
            self.told = None
            slack = 1.5 / self._scale + 1
            # A window that was resized meanwhile shows other ink where the eraser was.
            self.sheet.wipe(self._to_canvas(self._wiped), at, slack, self._eyes.ink())
            self._wiped = place
        if way == "up":
            self._end()

    def _use_control(self, way: str, place: XY, *, is_lost: bool) -> None:
        here = control_at(self.layout, *place)
        if way == "down":
            self._pressed, self._focused = here, ""
        pressed = self._pressed
        if way == "up":
            self._pressed = ""
        if pressed == SLIDER:
            self.take_pen(pen_at(self.layout, place[0]))
        elif pressed and way == "up" and pressed == here and not is_lost:
            self._perform(pressed)

    def _perform(self, name: str) -> None:
        if name in ("help", "gallery"):
            self._lift()
            self.page = name
            if name == "gallery":
                self._eyes.gallery("open")
        elif name in ("undo", "redo", "clear", "delete"):
            self._change_ink(name)
        elif name in ("thinner", "thicker"):
            self.take_pen(self.sheet.pen * _STEP ** (1 if name == "thicker" else -1))
        elif name in ("next", "previous"):
            buttons = list(self.layout.buttons)
            here = buttons.index(self._focused) if self._focused else -(name == "next")
            self._focused = buttons[(here + (1 if name == "next" else -1)) % len(buttons)]
        elif name == "press":
            self._perform(self._focused)
        elif name == "close":
            self._pressed = self._focused = ""
        elif name.isdigit() or name == "none":
            if self.sheet.strokes:
                self.told = name if name.isdigit() else ""
        else:
            self._switch(name)
        self.sheet.fit(self.layout.board.size)

    def _switch(self, name: str) -> None:
        if name == "erase":
            self._has_eraser = not self._has_eraser
        elif name == "live":
            self.live = not self.live
        elif name == "theme":
            self.theme = "dark" if self.theme == "light" else "light"
        elif name == "fullscreen":
            self.is_fullscreen = not self.is_fullscreen
        elif name == "quit":
            self.is_running = False
        elif name == "report":
            self.reports += 1
        elif name == "save" and self.sheet.strokes:
            self.saves.append(self.sheet.strokes)

    def _change_ink(self, name: str) -> None:
        self.told = None
        if name == "undo":
            self.sheet.undo(self._eyes.ink)
        elif name == "redo":
            self.sheet.redo()
        else:
            self.sheet.clear()

    def _use_page(self, name: str) -> None:
        if name == "close":
            self.page = ""
        elif self.page == "gallery" and (opened := self._eyes.gallery(name)) is not None:
            self._open(opened)

    def _click_page(self) -> None:
        """Click; in the gallery that may choose, open or close, which must be looked at."""
        opened = self._eyes.gallery("click") if self.page == "gallery" else None
        if opened is not None:
            self._open(opened)
        elif self.page == "gallery":
            self._eyes.escape()
            self._is_control_held = False
        self.page = ""

    def _open(self, ink: Ink) -> None:
        self.page, self.told = "", None
        self.sheet.clear()
        self.sheet.fit(self.layout.board.size)
        for path in ink:
            self.sheet.become((*self.sheet.strokes, path))

    def _lift(self) -> None:
        self._pressed = self._focused = ""
        self._end()

    def _end(self) -> None:
        self._is_wiping = False
        if self.sheet.is_drawing:
            self.told = None
        self.sheet.end()

    @property
    def _scale(self) -> float:
        area, canvas = self.layout.board, self.sheet.canvas
        return min(area.width / canvas[0], area.height / canvas[1])

    @property
    def _corner(self) -> XY:
        """The canvas's upper left corner, in window pixels."""
        area, canvas, scale = self.layout.board, self.sheet.canvas, self._scale
        left = area.left + (area.width - canvas[0] * scale) / 2
        return left, area.top + (area.height - canvas[1] * scale) / 2

    def _on_board(self, place: XY) -> XY:
        """Keep window pixels within the canvas: the pen slides along its edge."""
        at = []
        for value, start, side in zip(place, self._corner, self.sheet.canvas, strict=True):
            end = side * self._scale + start
            at.append(min(max(value, math.ceil(start)), math.floor(end)))
        return at[0], at[1]

    def _to_canvas(self, place: XY) -> XY:
        """Turn window pixels into canvas pixels."""
        (x, y), (left, top) = place, self._corner
        return round((x - left) / self._scale, 2), round((y - top) / self._scale, 2)
