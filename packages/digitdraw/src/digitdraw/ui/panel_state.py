"""Which digit of the answer the panel tells of, and whether it shows the network's inside."""

from __future__ import annotations

from pygame import Rect

from digitdraw.model.placement import Placement
from digitdraw.model.reader import Inside, Reader
from digitdraw.model.reading import Session
from digitdraw.ui.board_view import box_around
from digitdraw.ui.panel import Panel


class Spotlight:
    """Falls on the digit that the mouse points at, or else on the one drawn last.

    Args:
        session: what was drawn and read.
        reader: shows the network's inside.

    Attributes:
        is_inside: whether the inside is shown instead of the bars.
    """

    def __init__(self, session: Session, reader: Reader) -> None:
        self._session = session
        self._reader = reader
        self._pointed: int | None = None
        self._inside: Inside | None = None
        self.is_inside = False

    @property
    def shown(self) -> int:
        """The place, in the prediction, of the digit that is told of."""
        pointed = self._pointed
        if pointed is None or pointed >= len(self._session.digits):
            return self._session.newest_digit()
        return pointed

    def leave(self) -> bool:
        """Point at nothing; gives whether that is new."""
        was_pointing = self._pointed is not None
        self._pointed = None
        return was_pointing

    def point_at(self, x: float, y: float, area: Rect) -> bool:
        """Point at window pixels, of which `area` is the board's; gives whether that is new."""
        before, board = self._pointed, self._session.board
        placement = Placement.fit(board.canvas, area)
        boxes = [box_around(digit, board, placement) for digit in self._session.digits]
        pointed = [index for index, box in enumerate(boxes) if box.collidepoint(x, y)]
        self._pointed = pointed[0] if pointed else None
        return self._pointed != before

    def panel(self) -> Panel:
        """Give all that the panel shows.

        Raises:
            ModelError: the inside shall be shown, and the model was exported without its stages.
        """
        shown, truth = self.shown, self._session.truth
        return Panel(
            prediction=self._session.prediction,
            shown=shown,
            is_waiting=self._session.is_waiting,
            truth=truth[shown] if truth and shown < len(truth) else truth,
            word=truth or "",
            is_inside=self.is_inside,
            inside=self._look_inside(shown),
        )

    def _look_inside(self, shown: int) -> Inside | None:
        """Look inside the network for the digit shown, once for each answer."""
        digits = self._session.digits
        if not (self.is_inside and digits):
            self._inside = None
        elif self._inside is None or self._inside.digit is not digits[shown]:
            self._inside = self._reader.look_inside(digits[shown])
        return self._inside
