"""What is pointed at, held down and focused beside the board."""

from __future__ import annotations

from digitdraw.input.pointer import Action, PenEvent
from digitdraw.ui.layout import BUTTONS, Layout

_TIP_DELAY = 500  # milliseconds over a button until its tooltip comes

SLIDER = "pen"
"""The name of the pen's slider among the controls; the bars' names are the digits."""


class Controls:
    """Follows the pointer over buttons, bars and slider, and the focus of the keyboard.

    Attributes:
        pressed: the control that is held down, or "".
        focused: the button that Enter would press, or "".
        tip: the button whose tooltip is shown, or "".
    """

    def __init__(self) -> None:
        self.pressed = ""
        self.focused = ""
        self.tip = ""
        self._hovered = ""
        self._hovered_since = 0

    @property
    def look(self) -> tuple[str, str, str]:
        """All of it that can be seen: two equal ones look the same."""
        return self.pressed, self.focused, self.tip

    def handle(self, pen: PenEvent, layout: Layout) -> str:
        """Follow the pen.

        Returns:
            the control that this event makes act: a button or bar acts on release, and only if the
            pen is seen to be still on it; the slider follows the pen. "" for none.
        """
        self.tip = self._hovered = ""
        if pen.action is Action.DOWN:
            self.pressed = control_at(layout, pen.x, pen.y)
            self.focused = ""
            return self.pressed if self.pressed == SLIDER else ""
        pressed = self.pressed
        if pen.action is Action.UP:
            self.pressed = ""
        if pressed == SLIDER:
            return SLIDER
        is_released = pen.action is Action.UP and not pen.is_lost
        is_on_it = control_at(layout, pen.x, pen.y) == pressed
        return pressed if is_released and is_on_it else ""

    def hover(self, x: float, y: float, layout: Layout, now: int) -> None:
        """Note where the mouse is while no button of it is held, at `now` milliseconds."""
        hovered = control_at(layout, x, y)
        if hovered != self._hovered:
            self.tip = ""
            self._hovered, self._hovered_since = hovered, now

    def update(self, now: int) -> bool:
        """Let the tooltip come when its time has come; gives whether it has."""
        is_due = self._hovered in BUTTONS and now - self._hovered_since >= _TIP_DELAY
        if not is_due or self.tip == self._hovered:
            return False
        self.tip = self._hovered
        return True

    def move_focus(self, steps: int) -> None:
        """Go on to another button, by steps in the order of `BUTTONS`."""
        here = BUTTONS.index(self.focused) if self.focused else (-1 if steps > 0 else 0)
        self.focused = BUTTONS[(here + steps) % len(BUTTONS)]
        self.tip, self._hovered = self.focused, ""

    def leave(self) -> bool:
        """Forget what is held, focus and tooltip; gives whether that can be seen."""
        is_seen = any(self.look)
        self.pressed = self.focused = self.tip = self._hovered = ""
        return is_seen


def control_at(layout: Layout, x: float, y: float) -> str:
    """Give the name of the control at a place in the window, "" for none."""
    for name, rect in layout.buttons.items():
        if rect.collidepoint(x, y):
            return name
    for digit, row in enumerate(layout.bars):
        if row.collidepoint(x, y):
            return str(digit)
    return SLIDER if layout.pen.collidepoint(x, y) else ""
