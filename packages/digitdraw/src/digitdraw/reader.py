"""Owns the recogniser: loads it in the background and answers with the newest ink."""

from __future__ import annotations

import threading
from pathlib import Path

from digitnet import DigitnetError, Drawing, Prediction, Recognizer


class Reader:
    """Reads drawings as soon as it can.

    Only loading happens in the background: an answer takes less than a frame.
    """

    def __init__(self, recognizer: Recognizer | None = None) -> None:
        """Start with a recogniser that is loaded already, or without one."""
        self._recognizer = recognizer
        self._error = ""

    def load(self, model: Path | None) -> threading.Thread:
        """Load a model in the background.

        Args:
            model: as `Recognizer` takes it.

        Returns:
            the thread, which ends when `is_ready` or `error` has changed.
        """

        def work() -> None:
            try:
                self._recognizer = Recognizer(model)
            except DigitnetError as error:
                self._error = str(error)
            except Exception as error:
                # Whatever else goes wrong in this thread must be seen in the window as well.
                self._error = f"the model cannot be loaded ({type(error).__name__}: {error})"

        thread = threading.Thread(target=work, name="load-model", daemon=True)
        thread.start()
        return thread

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

    def read(self, drawing: Drawing) -> Prediction | None:
        """Read a drawing; None before the model is loaded."""
        return self._recognizer.predict(drawing) if self._recognizer else None
