"""One drawing as it grows: its ink, what it is read as, and what its author says that it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from digitdraw.model.board import Board
from digitdraw.model.reader import Reader
from digitdraw.storage.store import UNLABELLED, to_answer
from digitnet import Digit, DigitnetError, Drawing, InkError, Prediction, Stroke

_MOST_LIVE_POINTS = 2000
"""Beyond so many, reading takes as long as some frames, and waits for the pen's release."""

_MOST_POINTS, _MOST_STROKES = 10_000, 1_000
"""Beyond so many, nothing that could be a number is on the board, and reading is a pause."""


def is_too_much(points: int, strokes: int) -> bool:
    """Whether ink of so many points and strokes is not read."""
    return points > _MOST_POINTS or strokes > _MOST_STROKES


class Session:
    """A board whose ink is read whenever it has changed.

    Args:
        reader: answers for the ink.
        canvas: (width, height) of the blank board in pixels.

    Attributes:
        board: the ink.
        prediction: what the ink was read as; None while there is nothing to read, or no model yet.
        truth: what its author says that it is: "7", "2026", "" for no digit; None if nothing.
    """

    def __init__(self, reader: Reader, canvas: tuple[float, float]) -> None:
        self._reader = reader
        self._is_read = True
        self._live_points = 0
        self._is_live = False  # whether the answer counts the stroke that is being drawn
        self.board = Board(canvas)
        self.prediction: Prediction | None = None
        self.truth: str | None = None

    @property
    def digits(self) -> tuple[Digit, ...]:
        """The digits that were read, from left to right."""
        return self.prediction.digits if self.prediction else ()

    @property
    def is_waiting(self) -> bool:
        """Whether there is ink to read, and the model is still being loaded."""
        return not (self._is_read or self._reader.is_ready or self._reader.error)

    def ink_has_changed(self) -> None:
        """Note that the board's finished strokes are others than those that were read."""
        self._is_read = self.board.is_blank
        self._is_live = False
        self._live_points = 0
        if self.board.is_blank:
            self.prediction = self.truth = None

    def read(self, *, live: bool = False) -> str | None:
        """Read the ink if it has changed since it was read.

        Args:
            live: read the stroke that is being drawn as well.

        Returns:
            None if there was nothing to do; else what went wrong, or "".
        """
        try:
            drawing = self._unread_ink(live=live) if self._reader.is_ready else None
            if drawing is None:
                return None
            self.prediction = self._reader.read(drawing)
        except DigitnetError as error:
            self.prediction = None
            return str(error)
        if self.truth and len(self.truth) != len(self.digits) and not self._is_live:
            self.truth = None  # it was told of other ink
        return ""

    def _unread_ink(self, *, live: bool) -> Drawing | None:
        length = self.board.length
        is_longer = live and length > max(1, self._live_points)
        if is_longer and self._count_points() <= _MOST_LIVE_POINTS:
            self._live_points = length
            self._is_read = self._is_live = True
            drawing = self.board.drawing()
            return replace(drawing, strokes=(*drawing.strokes, Stroke(self.board.current)))
        if self._is_read and (live or not self._is_live):
            return None
        self._is_read, self._is_live = True, False
        if is_too_much(self._count_points(), len(self.board.strokes)):
            raise InkError("This is too much ink to read; take some of it away.")
        return self.board.drawing()

    def _count_points(self) -> int:
        finished = sum(len(stroke.points) for stroke in self.board.strokes)
        return finished + self.board.length

    def tell(self, label: str, place: int) -> None:
        """Take down what the drawing is.

        Args:
            label: the digit; "" if it is none.
            place: of the digit in the prediction; the others are what they were read as.
        """
        if len(self.digits) < 2 or not label:
            self.truth = label
            return
        word = list(self.truth or "".join(str(digit.label) for digit in self.digits))
        word[place] = label
        self.truth = "".join(word)

    def newest_digit(self) -> int:
        """Give the place, in the prediction, of the digit that the last stroke belongs to."""
        last = [max(digit.strokes or (0,)) for digit in self.digits]
        return last.index(max(last)) if last else 0

    def so_far(self, device: str) -> Callable[[], Drawing]:
        """Give what makes a drawing of the ink up to now, with its answer and its device.

        It is in the time of the board's clock, and may be made on any thread.
        """
        make = self.board.so_far()
        prediction, truth = self.prediction, self.truth
        read_as = prediction.text if prediction else ""
        answer = to_answer(prediction, self._reader.model_hash)

        def drawing() -> Drawing:
            return replace(
                make(),
                # What it was read as, until somebody says what it was: "" would say, no digit.
                word=read_as if truth is None else truth,
                device=device,
                source="digitdraw",
                tags=(UNLABELLED,) if truth is None else (),
                answer=answer,
            )

        return drawing
