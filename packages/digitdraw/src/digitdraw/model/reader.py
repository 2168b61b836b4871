"""Owns the recogniser: loads it in the background and answers with the newest ink."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from digitnet import Digit, DigitnetError, Drawing, Prediction

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from digitnet import Recognizer
    from digitnet.preprocessing.cache import RecognitionCache


@dataclass(frozen=True, eq=False)
class Inside:
    """What the network does with one digit.

    Attributes:
        digit: the digit.
        stages: each stage's maps, float32 (channels, height, width), >= 0.
        evidence: float32 (28, 28), by how much each pixel counts for the label, or, below 0,
            against it, in log-odds.
    """

    digit: Digit
    stages: list[NDArray[np.float32]]
    evidence: NDArray[np.float32]


class Reader:
    """Reads drawings as soon as it can.

    Only loading happens in the background: an answer takes less than a frame.
    """

    def __init__(self, recognizer: Recognizer | None = None) -> None:
        """Start with a recogniser that is loaded already, or without one."""
        self._recognizer: Recognizer | None = None
        self._cache: RecognitionCache | None = None
        self._error = ""
        if recognizer:
            self._take(recognizer)

    def load(self, model: Path | None) -> threading.Thread:
        """Load a model in the background.

        Args:
            model: as `Recognizer` takes it.

        Returns:
            the thread, which ends when `is_ready` or `error` has changed; the process does not end
            before it.
        """

        def work() -> None:
            try:
                # Here and not above: this brings NumPy and ONNX Runtime, which together take longer
                # to import than all that shows the first frame.
                from digitnet import Recognizer

                # A drawing is too little work to be shared between threads.
                self._take(Recognizer(model, threads=1))
            except DigitnetError as error:
                self._error = str(error)
            except Exception as error:
                # Whatever else goes wrong in this thread must be seen in the window as well.
                self._error = f"the model cannot be loaded ({type(error).__name__}: {error})"

        # No daemon: where a process ends within ONNX Runtime, it crashes.
        thread = threading.Thread(target=work, name="load-model")
        thread.start()
        return thread

    def _take(self, recognizer: Recognizer) -> None:
        from digitnet.preprocessing.cache import RecognitionCache  # which brings NumPy, too

        self._cache = RecognitionCache()
        self._recognizer = recognizer

    @property
    def is_ready(self) -> bool:
        """Whether a model is loaded."""
        return self._recognizer is not None

    @property
    def error(self) -> str:
        """Why there will be no model, in one line; "" while there is hope."""
        return self._error

    @property
    def model_hash(self) -> str:
        """The loaded model's SHA-256, in hexadecimal; "" before it is loaded."""
        return self._recognizer.model_hash if self._recognizer else ""

    def read(self, source: Drawing | Path) -> Prediction | None:
        """Read a drawing, or a picture's file; None before the model is loaded.

        Raises:
            PictureError: the picture cannot be read.
        """
        return self._recognizer.predict(source, cache=self._cache) if self._recognizer else None

    def look_inside(self, digit: Digit) -> Inside | None:
        """Show what the network does with a digit; None before the model is loaded.

        Raises:
            ModelError: the model was exported without its stages.
        """
        if self._recognizer is None:
            return None
        from digitnet.saliency import occlusion  # which brings NumPy, too

        stages = self._recognizer.feature_maps(digit.image)
        return Inside(digit, stages, occlusion(self._recognizer, digit.image, digit.label))
