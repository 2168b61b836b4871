"""Which control is hovered over, held down or focused."""

from __future__ import annotations

from typing import NamedTuple

from digitdraw.model.pen_tool import PenEvent, PenPhase
from digitdraw.ui.layout import Layout

_TIP_DELAY = 500  # milliseconds over a button before its tooltip appears

SLIDER = "pen"
"""The name of the pen width slider; bars are named after their digits, buttons after actions."""


class ControlState(NamedTuple):
    """What the pointer and the keyboard are at.

    Attributes:
        pressed: the control that is held down, or "".
        focused: the button that Enter would press, or "".
        tip: the button whose tooltip is shown, or "".
        hovered: the control under the mouse, or "".
    """

    pressed: str = ""
    focused: str = ""
    tip: str = ""
    hovered: str = ""


IDLE = ControlState()


class Controls:
    """Tracks the pointer over buttons, bars and slider, and the keyboard focus.

    Attributes:
        state: what the pointer and the keyboard are at.
    """

    def __init__(self) -> None:
        self.state = IDLE
        self._hovered_since = 0

    def handle(self, pen: PenEvent, layout: Layout) -> str:
        """Follow the pen.

        Returns:
            the control that this event triggers, or "": a button or bar on release, if the pen is
            known to be still on it; the slider with each event.
        """
        pressed, focused, _, _ = self.state
        control = control_at(layout, pen.x, pen.y)
        if pen.phase is PenPhase.DOWN:
            self.state = ControlState(pressed=control)
            return control if control == SLIDER else ""
        is_up = pen.phase is PenPhase.UP
        self.state = ControlState("" if is_up else pressed, focused)
        if pressed == SLIDER:
            return SLIDER
        return pressed if is_up and not pen.is_lost and control == pressed else ""

    def hover(self, x: float, y: float, layout: Layout, now: int) -> None:
        """Note where the mouse is, with no button held, at `now` milliseconds."""
        hovered = control_at(layout, x, y)
        if hovered != self.state.hovered:
            self.state = self.state._replace(tip="", hovered=hovered)
            self._hovered_since = now

    def update(self, now: int, layout: Layout) -> None:
        """Show the tooltip of a button that has been hovered over for long enough."""
        hovered = self.state.hovered
        if hovered in layout.buttons and now - self._hovered_since >= _TIP_DELAY:
            self.state = self.state._replace(tip=hovered)

    def move_focus(self, steps: int, layout: Layout) -> None:
        """Move the focus by some steps, in the order of the layout's buttons."""
        buttons = list(layout.buttons)
        focused = self.state.focused
        here = buttons.index(focused) if focused else (-1 if steps > 0 else 0)
        focused = buttons[(here + steps) % len(buttons)]
        self.state = ControlState(self.state.pressed, focused, tip=focused)

    def leave(self) -> None:
        """Forget what is held down, the focus and the tooltip."""
        self.state = IDLE


def control_at(layout: Layout, x: float, y: float) -> str:
    """Return the name of the control at a place in the window, or ""."""
    for name, rect in layout.buttons.items():
        if rect.collidepoint(x, y):
            return name
    for digit, row in enumerate(layout.bars):
        if row.collidepoint(x, y):
            return str(digit)
    return SLIDER if layout.pen.collidepoint(x, y) else ""
