"""The pen: its events draw strokes on a document, or erase them."""

from __future__ import annotations

import math
from enum import Enum, auto
from functools import lru_cache
from typing import NamedTuple

from digitdraw.model.document import Document
from digitdraw.model.placement import Area, Placement

_MIN_ERASER_RADIUS = 12.0  # canvas pixels


class PenPhase(Enum):
    """What the pen does."""

    DOWN = auto()
    MOVE = auto()
    UP = auto()


class PenEvent(NamedTuple):
    """One event of the pen, whatever device it comes from.

    Attributes:
        phase: down, move or up.
        x: in window pixels; may be outside the window.
        y: in window pixels; may be outside the window.
        device: "mouse" or "touch".
        is_eraser: whether it is the right mouse button, which erases.
        is_lost: whether the pen went up where the window could not see it, last seen at (x, y).
    """

    phase: PenPhase
    x: float
    y: float
    device: str
    is_eraser: bool = False
    is_lost: bool = False


class PenTool:
    """Draws or erases from the moment the pen is put down until it is lifted.

    Args:
        document: the document to draw on.

    Attributes:
        has_eraser: whether every pen erases, not only the right mouse button.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._is_erasing = False
        self._last: tuple[float, float, Area] | None = None  # x, y and area of the last event
        self._erased = (0.0, 0.0)  # where the eraser was last, in window pixels within the canvas
        self.has_eraser = False

    @property
    def is_down(self) -> bool:
        """Whether a stroke is being drawn or erased."""
        return self._is_erasing or self._document.board.pen_at is not None

    def follow(self, pen: PenEvent) -> bool:
        """Draw or erase as the pen moves; it must be on the board when it is put down.

        Returns:
            whether the ink has changed by more than the stroke being drawn getting longer.
        """
        board = self._document.board
        before = board.strokes
        here = (pen.x, pen.y, self._document.area)
        # A button is usually released where the pen was last seen; that adds nothing to the ink.
        if pen.phase is PenPhase.UP and here == self._last and not self._is_erasing:
            return self.lift()
        self._last = here
        # Beyond the canvas, the pen slides along its edge.
        placement, (left, top, right, bottom) = _placed(board.canvas, self._document.area)
        x, y = min(max(pen.x, left), right), min(max(pen.y, top), bottom)
        place = _on_canvas(x, y, placement)
        if pen.phase is PenPhase.DOWN:
            self.lift()  # the previous release may never have been reported
            self._is_erasing = pen.is_eraser or self.has_eraser
            self._erased = (x, y)
            if not self._is_erasing:
                self._document.begin_stroke(*place, pen.device)
        elif place != board.pen_at:
            board.extend(*place, self._document.now)
        if self._is_erasing:
            self._erase(x, y, placement)
        if pen.phase is PenPhase.UP:
            self.lift()
        has_begun = pen.phase is PenPhase.DOWN and not self._is_erasing
        return has_begun or board.strokes is not before

    def lift(self) -> bool:
        """Lift the pen where it is; return whether this finished a stroke."""
        self._is_erasing = False
        return self._document.end_stroke()

    def _erase(self, x: float, y: float, placement: Placement) -> None:
        """Erase on the way from the last position, in steps shorter than the eraser is wide."""
        left, top = self._erased
        self._erased = (x, y)
        radius = max(self._document.board.pen_pixels, _MIN_ERASER_RADIUS)
        length = math.hypot(x - left, y - top) / placement.scale
        steps = max(1, math.ceil(length / radius))
        # Intermediate positions are whole pixels too, so that a replay can repeat them.
        path = [
            (round(left + (x - left) * step / steps), round(top + (y - top) * step / steps))
            for step in range(1, steps)
        ]
        self._document.erase([_on_canvas(*place, placement) for place in (*path, (x, y))], radius)


@lru_cache(maxsize=64)  # called for each pen event
def _placed(canvas: tuple[float, float], area: Area) -> tuple[Placement, tuple[int, int, int, int]]:
    """Return where a canvas is in the window, and its first and last whole pixels there.

    Even at the edge the pen stays on whole pixels, so that a replay can repeat it.

    Returns:
        (placement, (left, top, right, bottom))
    """
    placement = Placement.fit(canvas, area)
    right, bottom = placement.to_window(*canvas)
    left, top = math.ceil(placement.left), math.ceil(placement.top)
    return placement, (left, top, math.floor(right), math.floor(bottom))


def _on_canvas(x: float, y: float, placement: Placement) -> tuple[float, float]:
    """Convert window pixels to canvas pixels."""
    x, y = placement.to_canvas(x, y)
    # Finer than any screen, and short to write down.
    return round(x, 2), round(y, 2)
