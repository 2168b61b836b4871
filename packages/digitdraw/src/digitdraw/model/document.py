"""The ink and all that is done to it, each step written down for the session's recording."""

from __future__ import annotations

from collections.abc import Callable

from pygame import Rect

from digitdraw.input.pointer import PenEvent
from digitdraw.model.board import Board
from digitdraw.model.pen_tool import Hand
from digitdraw.model.placement import fitted, on_whole_pixels
from digitdraw.model.reader import Reader
from digitdraw.model.reading import Session
from digitdraw.model.recorder import Recorder
from digitdraw.storage.settings import THICKEST, THINNEST
from digitdraw.storage.store import UNLABELLED
from digitnet import Drawing, Point, Stroke
from digitnet.ink import from_zero


class Desk:
    """A board with a hand that draws on it, an eye that reads it, and a pen that writes it down.

    Args:
        reader: answers for the ink.
        window: (width, height) in pixels.
        area: the board's part of it.
        pen: the pen's diameter over the board's shorter side.

    Attributes:
        now: the time in milliseconds, to be moved on by the owner.
        session: what the ink is read as, and what its author says that it is.
        hand: what draws.
    """

    def __init__(self, reader: Reader, window: tuple[int, int], area: Rect, pen: float) -> None:
        self.now = 0
        self.session = Session(reader, area.size)
        self.board.pen = pen
        self._area = area.copy()
        self._recorder = Recorder(self.board, window, area, self.now)
        self.hand = Hand(self.board, self._recorder)

    @property
    def board(self) -> Board:
        """The ink."""
        return self.session.board

    def take_pen_event(self, pen: PenEvent) -> bool:
        """Draw or wipe; gives whether the finished strokes are others than before."""
        return self._note_ink(self.hand.move(pen, self._area, self.now))

    def lift(self) -> bool:
        """End what is being drawn; gives whether there is a new stroke."""
        return self._note_ink(self.hand.end())

    def clear(self) -> None:
        """Take all ink away."""
        self._change(self.board.clear, "clear")

    def undo(self) -> None:
        """Take the last step back, or drop the stroke that is being drawn."""
        self._change(self.board.undo, "undo")

    def redo(self) -> None:
        """Do again what was undone last."""
        self._change(self.board.redo, "redo")

    def take_pen(self, pen: float) -> None:
        """Draw with a pen of this diameter over the board's shorter side, within its bounds."""
        pen = round(min(max(pen, THINNEST), THICKEST), 4)
        if pen != self.board.pen:
            self.board.pen = pen
            self._recorder.note(self.now, "pen", pen)
            self._note_ink(has_changed=True)

    def label(self, digit: str, place: int) -> None:
        """Take down what the digit at a place of the prediction is; "" for no digit."""
        self.session.tell(digit, place)
        self._recorder.note(self.now, "label", digit)

    def open(self, drawing: Drawing) -> None:
        """Put a drawing on the board, as large as fits, in place of what is there."""
        drawing = fitted(drawing, self._area.size)
        self.clear()
        if drawing.pen:
            self.take_pen(drawing.pen)
        for stroke in map(on_whole_pixels, drawing.strokes):
            self._recorder.begin_stroke()
            self.board.add(Stroke(Point(x, y, t + self.now) for x, y, t in stroke.points))
            self._recorder.end_stroke()
        self._note_ink(has_changed=True)
        self.session.truth = None if UNLABELLED in drawing.tags else drawing.word

    def resize(self, window: tuple[int, int], area: Rect) -> None:
        """Take another window, and another part of it for the board."""
        self._area = area.copy()
        self.board.resize(area.size)
        self._recorder.resize(self.now, window, area)

    def note_saved(self) -> None:
        """Write down that the drawing was saved."""
        self._recorder.note(self.now, "save")

    def drawing_so_far(self) -> Callable[[], Drawing]:
        """Give what makes a drawing of the board as it is now, from time zero, on any thread."""
        make = self.session.so_far(self.hand.device)
        return lambda: from_zero(make())

    def session_so_far(self) -> Callable[[], Drawing]:
        """Give what makes a recording of all that was done since the start, on any thread."""
        make, end = self._recorder.so_far(), self.session.so_far(self.hand.device)
        return lambda: make(end())

    def _change(self, change: Callable[[], None], name: str) -> None:
        before = self.board.strokes
        change()
        if self.board.strokes != before:
            self._recorder.note(self.now, name)
        self._note_ink(has_changed=True)

    def _note_ink(self, has_changed: bool) -> bool:  # noqa: FBT001 - it is what is noted
        if has_changed:
            self.session.ink_has_changed()
            if self.board.is_blank:
                self.board.resize(self._area.size)
        return has_changed
