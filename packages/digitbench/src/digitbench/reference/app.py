"""What the app should be like after each event, in the simplest terms: no pixels, no clock.

The layout of the window is the app's own, `digitdraw.ui.layout`; what its parts do is implemented
here a second time.
"""

from __future__ import annotations

from typing import Protocol

from digitbench.reference.board import ReferenceBoard, StrokePaths
from digitbench.replay.sdl_events import XY, Phase
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

_STEP = 1.15  # factor from one pen to the next


class AppProbe(Protocol):
    """Looks at the real app where several outcomes would be right."""

    def ink(self) -> StrokePaths:
        """Return the finished strokes on the board."""

    def gallery(self, change: str) -> StrokePaths | None:
        """Check what was done to the gallery; return the drawing that it put on the board."""

    def escape(self) -> None:
        """Press the key that closes any page."""


class ReferenceApp:
    """The app as it should be.

    Args:
        window: (width, height) in pixels.
        pen: as in the app's settings, like the next two.
        live: likewise.
        theme: likewise.
        probe: looks at the real app.

    Attributes:
        window: (width, height) in pixels.
        board: the ink.
        page: "help", "gallery" or "picture"; "" for none.
        saves: the ink of each drawing that should have been saved since this was last emptied.
        reports: how many should have been saved since this was last set to 0.
        label: the label given last; "" for no digit, None once the ink has changed.
    """

    def __init__(
        self, window: tuple[int, int], *, pen: float, live: bool, theme: str, probe: AppProbe
    ) -> None:
        self.window = window
        self.layout = arrange(*window)
        self.board = ReferenceBoard(self.layout.board.size, pen)
        self.live, self.theme = live, theme
        self.page = ""
        self.is_running, self.is_fullscreen = True, False
        self.saves: list[StrokePaths] = []
        self.reports = 0
        self.label: str | None = None
        self._probe = probe
        self._pointer = ""  # the button or finger that is down
        self._pointer_at: XY = (0.0, 0.0)
        self._pressed = self._focused = ""
        self._has_eraser = self._is_erasing = False
        self._eraser_at: XY = (0.0, 0.0)  # in window pixels
        self._is_control_held = False

    def point(
        self, phase: Phase, device: str, position: XY, held: frozenset[str] = frozenset()
    ) -> None:
        """Use a pointer.

        Args:
            phase: what it does.
            device: "left", "middle" or "right" button, "mouse" (which moves), or a finger's name.
            position: in window pixels.
            held: the buttons that are held while the mouse moves.
        """
        if device == "mouse":
            if self._pointer not in ("left", "right"):
                return
            if self._pointer not in held:
                self.interrupt()
                return
            device = self._pointer
        if device == "middle" or self._pointer not in (
            ("", device) if phase == "down" else (device,)
        ):
            return
        self._pointer = "" if phase == "up" else device
        self._pointer_at = position
        self._use_pointer(phase, position, is_eraser=device == "right")

    def interrupt(self) -> None:
        """Lift the pointer where it was last seen."""
        if self._pointer:
            is_eraser, self._pointer = self._pointer == "right", ""
            self._use_pointer("up", self._pointer_at, is_eraser=is_eraser, is_lost=True)

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
        """Turn the wheel; ctrl is held if it was at the last key."""
        if self.page == "gallery":
            self._probe.gallery("scroll")
        elif self._is_control_held and steps and not self.page:
            self.set_pen(self.board.pen * _STEP ** (1 if steps > 0 else -1))

    def drop(self, *, is_picture: bool) -> None:
        """Drop a file on the window."""
        self._lift()
        if is_picture:
            self.page = "picture"

    def resize(self, window: tuple[int, int]) -> None:
        """Resize the window."""
        self.window = window
        self.layout = arrange(*window)
        self.board.fit(self.layout.board.size)

    def set_pen(self, pen: float) -> None:
        """Set the pen's diameter over the shorter side of the canvas, clamped to its range."""
        self.label = None
        self.board.pen = round(min(max(pen, THINNEST), THICKEST), 4)

    def _use_pointer(
        self, phase: Phase, position: XY, *, is_eraser: bool, is_lost: bool = False
    ) -> None:
        area = self.layout.board
        x, y = position
        is_inside = area.left <= x <= area.right and area.top <= y <= area.bottom
        if self.page:
            if phase == "down" and not is_eraser:
                self._click_page()
        elif self.board.is_drawing or self._is_erasing or (phase == "down" and is_inside):
            self._pressed = self._focused = ""
            self._draw(phase, position, is_eraser=is_eraser)
        elif not is_eraser:
            self._use_control(phase, position, is_lost=is_lost)
        self.board.fit(area.size)

    def _draw(self, phase: Phase, position: XY, *, is_eraser: bool) -> None:
        board, area = self.board, self.layout.board
        position = board.clamp(position, area)
        at = board.to_canvas(position, area)
        if phase == "down":
            self._end()
            self._is_erasing = is_eraser or self._has_eraser
            self._eraser_at = position
            if not self._is_erasing:
                self.board.begin(at)
        else:
            self.board.extend(at)
        if self._is_erasing:
            self.label = None
            slack = 1.5 / board.scale_in(area) + 1
            # If the window was resized meanwhile, other ink is where the eraser was.
            board.erase(board.to_canvas(self._eraser_at, area), at, slack, self._probe.ink())
            self._eraser_at = position
        if phase == "up":
            self._end()

    def _use_control(self, phase: Phase, position: XY, *, is_lost: bool) -> None:
        here = control_at(self.layout, *position)
        if phase == "down":
            self._pressed, self._focused = here, ""
        pressed = self._pressed
        if phase == "up":
            self._pressed = ""
        if pressed == SLIDER:
            self.set_pen(pen_at(self.layout, position[0]))
        elif pressed and phase == "up" and pressed == here and not is_lost:
            self._perform(pressed)

    def _perform(self, name: str) -> None:
        if name in ("help", "gallery"):
            self._lift()
            self.page = name
            if name == "gallery":
                self._probe.gallery("open")
        elif name in ("undo", "redo", "clear", "delete"):
            self._change_ink(name)
        elif name in ("thinner", "thicker"):
            self.set_pen(self.board.pen * _STEP ** (1 if name == "thicker" else -1))
        elif name in ("next", "previous"):
            buttons = list(self.layout.buttons)
            here = buttons.index(self._focused) if self._focused else -(name == "next")
            self._focused = buttons[(here + (1 if name == "next" else -1)) % len(buttons)]
        elif name == "press":
            self._perform(self._focused)
        elif name == "close":
            self._pressed = self._focused = ""
        elif name.isdigit() or name == "none":
            if self.board.strokes:
                self.label = name if name.isdigit() else ""
        else:
            self._switch(name)
        self.board.fit(self.layout.board.size)

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
        elif name == "save" and self.board.strokes:
            self.saves.append(self.board.strokes)

    def _change_ink(self, name: str) -> None:
        self.label = None
        if name == "undo":
            self.board.undo(self._probe.ink)
        elif name == "redo":
            self.board.redo()
        else:
            self.board.clear()

    def _use_page(self, name: str) -> None:
        if name == "close":
            self.page = ""
        elif self.page == "gallery" and (opened := self._probe.gallery(name)) is not None:
            self._open(opened)

    def _click_page(self) -> None:
        """Click; in the gallery this may select, open or close, so look at the app to find out."""
        opened = self._probe.gallery("click") if self.page == "gallery" else None
        if opened is not None:
            self._open(opened)
        elif self.page == "gallery":
            self._probe.escape()
            self._is_control_held = False
        self.page = ""

    def _open(self, strokes: StrokePaths) -> None:
        self.page, self.label = "", None
        self.board.clear()
        self.board.fit(self.layout.board.size)
        for path in strokes:
            self.board.replace((*self.board.strokes, path))

    def _lift(self) -> None:
        self._pressed = self._focused = ""
        self._end()

    def _end(self) -> None:
        self._is_erasing = False
        if self.board.is_drawing:
            self.label = None
        self.board.end()
