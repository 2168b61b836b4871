"""Reading ink: the recognizer, loaded in the background, and what a board was read as."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from digitdraw.model.board import Board
from digitnet import Digit, DigitnetError, Drawing, InkError, Prediction

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from digitnet import Recognizer
    from digitnet.preprocessing.cache import RecognitionCache

_MAX_LIVE_POINTS = 2000
"""Reading more than this takes several frames, and waits until the pen is lifted."""

_MAX_POINTS, _MAX_STROKES = 10_000, 1_000
"""More than this cannot be a number, and reading it would be a noticeable pause."""


def is_too_much(points: int, strokes: int) -> bool:
    """Whether ink of this many points and strokes is not read."""
    return points > _MAX_POINTS or strokes > _MAX_STROKES


@dataclass(frozen=True, eq=False)
class Inside:
    """What the network does with one digit.

    Attributes:
        digit: the digit.
        stages: each stage's feature maps, float32 (channels, height, width), >= 0.
        evidence: float32 (28, 28), how much each pixel counts for the label, or, below 0, against
            it, in log-odds.
    """

    digit: Digit
    stages: list[NDArray[np.float32]]
    evidence: NDArray[np.float32]


class Reader:
    """Reads drawings and images once its model is loaded.

    Only loading happens in the background: reading takes less than a frame.

    Args:
        recognizer: a recognizer that is already loaded, or None to `load` one later.

    Attributes:
        is_ready: whether a model is loaded.
        error: why loading failed, in one line; "" if it has not failed.
        model_hash: the loaded model's SHA-256 in hexadecimal; "" before it is loaded.
    """

    def __init__(self, recognizer: Recognizer | None = None) -> None:
        self._recognizer: Recognizer | None = None
        self._cache: RecognitionCache | None = None
        self.is_ready = False
        self.error = ""
        self.model_hash = ""
        if recognizer:
            self._use(recognizer)

    def load(self, model: Path | None) -> threading.Thread:
        """Load a model in the background.

        Args:
            model: passed to `Recognizer`.

        Returns:
            the thread, which ends once `is_ready` or `error` is set; the process waits for it.
        """

        def work() -> None:
            try:
                # Imported here: NumPy and ONNX Runtime take longer to import than everything else
                # that the first frame needs.
                from digitnet import Recognizer

                # A drawing is too little work to share between threads.
                self._use(Recognizer(model, threads=1))
            except DigitnetError as error:
                self.error = str(error)
            except Exception as error:
                # Any other failure in this thread must be shown in the window too.
                self.error = f"the model cannot be loaded ({type(error).__name__}: {error})"

        # Not a daemon: a process that ends inside ONNX Runtime crashes.
        thread = threading.Thread(target=work, name="load-model")
        thread.start()
        return thread

    def _use(self, recognizer: Recognizer) -> None:
        from digitnet.preprocessing.cache import RecognitionCache  # imports NumPy too

        self._cache = RecognitionCache()
        self._recognizer = recognizer
        self.model_hash = recognizer.model_hash
        self.is_ready = True

    def read(self, source: Drawing | Path) -> Prediction | None:
        """Read a drawing or an image file; None before the model is loaded.

        Raises:
            PictureError: the image cannot be read.
        """
        return self._recognizer.predict(source, cache=self._cache) if self._recognizer else None

    def look_inside(self, digit: Digit) -> Inside | None:
        """Return what the network does with a digit; None before the model is loaded.

        Raises:
            ModelError: the model was exported without its stages.
        """
        if self._recognizer is None:
            return None
        from digitnet.saliency import occlusion  # imports NumPy too

        stages = self._recognizer.feature_maps(digit.image)
        return Inside(digit, stages, occlusion(self._recognizer, digit.image, digit.label))


class Reading:
    """What a board's ink was read as, kept up to date as it changes, and its label.

    Args:
        reader: reads the ink.
        board: the ink.

    Attributes:
        prediction: what the ink was read as; None if there is nothing to read or no model yet.
        truth: the label, such as "7" or "2026", with "?" for ink that was not read and that
            nobody labelled; "" for "not a digit", None if there is none.
    """

    def __init__(self, reader: Reader, board: Board) -> None:
        self._reader = reader
        self._board = board
        self._is_read = True
        self._live_points = 0
        self._is_live = False  # whether the prediction includes the unfinished stroke
        self._answered: tuple[Drawing, Prediction | None] | None = None
        self.prediction: Prediction | None = None
        self.truth: str | None = None

    @property
    def digits(self) -> tuple[Digit, ...]:
        """The digits that were read, from left to right."""
        return self.prediction.digits if self.prediction else ()

    @property
    def is_waiting(self) -> bool:
        """Whether there is ink to read while the model is still being loaded."""
        return not (self._is_read or self._reader.is_ready or self._reader.error)

    @property
    def model_hash(self) -> str:
        """The SHA-256 of the model that reads; "" before it is loaded."""
        return self._reader.model_hash

    def ink_has_changed(self) -> None:
        """Note that the board's finished strokes are not the ones that were read."""
        self._is_read = self._board.is_blank
        self._is_live = False
        self._live_points = 0
        if self._board.is_blank:
            self.prediction = self.truth = None

    def update(self, *, live: bool = False) -> str | None:
        """Read the ink if it has changed since it was read.

        Args:
            live: include the unfinished stroke.

        Returns:
            None if there was nothing to do; otherwise the error message, or "".
        """
        try:
            drawing = self._unread_ink(live=live) if self._reader.is_ready else None
            if drawing is None:
                return None
            # A pen that is lifted where it was seen last leaves the ink as it was read.
            if self._answered is None or self._answered[0] != drawing:
                self._answered = drawing, self._reader.read(drawing)
            self.prediction = self._answered[1]
        except DigitnetError as error:
            self.prediction = None
            return str(error)
        if self.truth and len(self.truth) != len(self.digits) and not self._is_live:
            self.truth = None  # the label was of other ink
        return ""

    def _unread_ink(self, *, live: bool) -> Drawing | None:
        board = self._board
        is_longer = live and board.length > max(1, self._live_points)
        is_little = is_longer and self._count_points() <= _MAX_LIVE_POINTS
        if is_little and (unfinished := board.unfinished):
            self._live_points = board.length
            self._is_read = self._is_live = True
            drawing = board.drawing()
            return replace(drawing, strokes=(*drawing.strokes, unfinished))
        if self._is_read and (live or not self._is_live):
            return None
        self._is_read, self._is_live = True, False
        if is_too_much(self._count_points(), len(board.strokes)):
            raise InkError("This is too much ink to read; erase some of it.")
        return board.drawing()

    def _count_points(self) -> int:
        finished = sum(len(stroke.points) for stroke in self._board.strokes)
        return finished + self._board.length

    def set_label(self, label: str, index: int) -> None:
        """Label the drawing.

        Args:
            label: the digit; "" for "not a digit".
            index: of the digit in the prediction; the others keep what they were read as, which
                is "?" for ink that is not a digit.
        """
        if len(self.digits) < 2 or not label:
            self.truth = label
            return
        word = list(self.truth or (str(d.label) if d.accepted else "?" for d in self.digits))
        word[index] = label
        self.truth = "".join(word)

    def set_word(self, word: str) -> None:
        """Label the whole drawing, unless the ink is read as another number of digits.

        Args:
            word: the digits; "" for "not a digit".
        """
        self.truth = word
        self._is_read = self._board.is_blank  # the next update compares their number

    def newest_digit(self) -> int:
        """Return the index, in the prediction, of the digit that the last stroke belongs to.

        Of several digits joined in one stroke, that is the rightmost.
        """
        last = [max(digit.strokes or (0,)) for digit in self.digits]
        return max(range(len(last)), key=lambda index: (last[index], index), default=0)
