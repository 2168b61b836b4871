"""Saving drawings: for each a picture (PNG) and a recording (NDJSON) of the same name."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from digitnet import Digit, DigitnetError, Drawing, Prediction
from digitnet.files import write_atomically
from digitnet.recordings import dump_drawing

if TYPE_CHECKING:
    from numpy.typing import NDArray


class StoreError(DigitnetError):
    """A drawing could not be saved; nothing of it was left in the folder."""


class Store:
    """A folder of saved drawings.

    Args:
        folder: made when the first drawing is saved.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def save(self, drawing: Drawing, ink: NDArray[np.uint8], moment: datetime) -> Path:
        """Save a drawing, all of it or nothing, and never over an older file.

        Args:
            drawing: with its answer.
            ink: the drawing as it looks, uint8 (height, width), 255 for ink.
            moment: when it was saved; names the files.

        Returns:
            the picture's path; the recording beside it ends in ``.ndjson``.

        Raises:
            StoreError: the folder cannot be made or written.
        """
        png = io.BytesIO()
        Image.fromarray(255 - ink).save(png, "PNG")
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            return self._save_under_new_name(drawing, png.getvalue(), moment)
        except OSError as error:
            reason = error.strerror or error
            raise StoreError(
                f"{self.folder}: cannot save there: {reason}; choose another --save-dir"
            ) from None

    def _save_under_new_name(self, drawing: Drawing, png: bytes, moment: datetime) -> Path:
        stem = moment.strftime("%Y%m%d-%H%M%S")
        for attempt in range(10_000):
            name = f"{stem}-{attempt}" if attempt else stem
            recording = self.folder / f"{name}.ndjson"
            picture = self.folder / f"{name}.png"
            line = dump_drawing(replace(drawing, key_id=name)) + "\n"
            try:
                write_atomically(recording, line.encode(), overwrite=False)
            except FileExistsError:
                continue
            try:
                write_atomically(picture, png, overwrite=False)
            except FileExistsError:
                recording.unlink()
                continue
            except OSError:
                recording.unlink()
                raise
            return picture
        raise FileExistsError(17, f"there are 10,000 drawings named {stem} already")


def to_answer(prediction: Prediction | None, model_hash: str) -> dict[str, object] | None:
    """Write down what a drawing was read as; None if it was not read, or held nothing."""
    if prediction is None or not prediction.digits:
        return None
    answer: dict[str, object] = {
        "text": prediction.text,
        "confidence": round(prediction.confidence, 6),
        "model": model_hash,
    }
    if len(prediction.digits) == 1:
        answer["probabilities"] = _rounded(prediction.digits[0])
    else:
        answer["digits"] = [
            {"label": digit.label, "strokes": digit.strokes, "probabilities": _rounded(digit)}
            for digit in prediction.digits
        ]
    return answer


def _rounded(digit: Digit) -> list[float]:
    return [round(float(probability), 6) for probability in digit.probabilities]
