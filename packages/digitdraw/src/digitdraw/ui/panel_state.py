"""Which digit of the answer the panel describes, and whether it shows the network's inside."""

from __future__ import annotations

from pygame import Rect

from digitdraw.model.document import Document
from digitdraw.model.placement import Placement
from digitdraw.model.reader import Inside, Reader
from digitdraw.ui.board_view import box_around
from digitdraw.ui.panel import Panel


class PanelState:
    """Selects the digit that the mouse points at, or else the one that was drawn last.

    Args:
        document: what was drawn and read.
        reader: looks inside the network.

    Attributes:
        pointed: the index of the digit that the mouse points at, or None.
        is_inside: whether the network's inside is shown instead of the bars.
    """

    def __init__(self, document: Document, reader: Reader) -> None:
        self._document = document
        self._reader = reader
        self._inside: Inside | None = None
        self.pointed: int | None = None
        self.is_inside: bool = False

    @property
    def selected(self) -> int:
        """The index, in the prediction, of the digit that is described."""
        reading = self._document.reading
        if self.pointed is None or self.pointed >= len(reading.digits):
            return reading.newest_digit()
        return self.pointed

    def point_at(self, x: float, y: float, area: Rect) -> None:
        """Point at window pixels, given the part of the window that shows the board."""
        board, digits = self._document.board, self._document.reading.digits
        placement = Placement.fit(board.canvas, area)
        boxes = [box_around(digit, board, placement) for digit in digits]
        hit = [index for index, box in enumerate(boxes) if box.collidepoint(x, y)]
        self.pointed = hit[0] if hit else None

    def panel(self) -> Panel:
        """Return everything that the panel shows.

        Raises:
            ModelError: the inside is to be shown, but the model was exported without its stages.
        """
        reading, selected = self._document.reading, self.selected
        truth = reading.truth
        return Panel(
            prediction=reading.prediction,
            shown=selected,
            is_waiting=reading.is_waiting,
            truth=truth[selected] if truth and selected < len(truth) else truth,
            word=truth or "",
            is_inside=self.is_inside,
            inside=self._look_inside(selected),
        )

    def _look_inside(self, selected: int) -> Inside | None:
        """Look inside the network for the selected digit, once for each answer."""
        digits = self._document.reading.digits
        if not (self.is_inside and digits):
            self._inside = None
        elif self._inside is None or self._inside.digit is not digits[selected]:
            self._inside = self._reader.look_inside(digits[selected])
        return self._inside
