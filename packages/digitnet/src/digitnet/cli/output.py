"""The output of ``digitnet predict``: a table, JSON, or the images that the network saw."""

from __future__ import annotations

import io
import itertools
import json
import re
from pathlib import Path
from typing import Any

from PIL import Image

from digitnet.errors import PictureError, reason_of
from digitnet.files import write_atomically
from digitnet.prediction import UNREAD, Digit, Prediction

HEADER = f"{'answer':<8}  {'sure':>6}  source"

# Maximum length of a source's name in a file name, which stays within every file system's limit.
_MAX_NAME = 120


def table_row(name: str, prediction: Prediction, *, top: int = 0) -> str:
    """Return a row of the table, and with `top`, one more for each digit with its likeliest labels.

    The name comes last because rows are printed before the longest name is known.
    """
    # Names of files and drawings can contain line ends and control sequences.
    name = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in name)
    if not prediction.digits:
        return f"{'nothing':<8}  {'':>6}  {name}"
    rows = [_row(prediction.text or "no digit", prediction.confidence, name)]
    for digit in prediction.digits if top else ():
        likeliest = ", ".join(f"{label}: {p:.1%}" for label, p in _likeliest(digit, top))
        rows.append(_row(f"  {_label(digit)}", digit.confidence, f"  {likeliest}"))
    return "\n".join(rows)


def json_line(name: str, prediction: Prediction, *, top: int = 0) -> str:
    """Return one line of JSON; with `top`, also the likeliest labels of each digit, and texts."""
    record: dict[str, Any] = {
        "source": name,
        "text": prediction.text,
        "confidence": round(prediction.confidence, 6),
        "digits": [_as_record(digit, top) for digit in prediction.digits],
    }
    if top:
        record["alternatives"] = [
            {"text": text, "probability": round(p, 6)} for text, p in prediction.alternatives(top)
        ]
    return json.dumps(record)


def make_folder(folder: Path) -> None:
    """Create a folder for images, unless it exists.

    Raises:
        PictureError: it cannot be created.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise PictureError(
            f"{folder}: cannot be created: {reason_of(error)}; choose another folder"
        ) from None


def write_network_inputs(folder: Path, name: str, prediction: Prediction) -> None:
    """Write the 28x28 images that the network saw, without overwriting files.

    They are named after the source, the digit's position in it from 1, and its label:
    ``digits_sheet.png-2-7.png``; ``…-7-unsure.png`` if it was not accepted.

    Raises:
        PictureError: an image cannot be written.
    """
    # The end of a long path says more than its start.
    source = re.sub(r"[^\w.+-]+", "_", name, flags=re.ASCII).strip("_.")[-_MAX_NAME:] or "ink"
    for position, digit in enumerate(prediction.digits, start=1):
        stem = f"{source}-{position}-{digit.label}{'' if digit.accepted else '-unsure'}"
        content = io.BytesIO()
        Image.fromarray(digit.image).save(content, "PNG")
        try:
            _write_new(folder, stem, content.getvalue())
        except OSError as error:
            raise PictureError(
                f"{folder}: {stem}.png cannot be written: {reason_of(error)}; choose another folder"
            ) from None


def _write_new(folder: Path, stem: str, content: bytes) -> None:
    """Write an image under the first free name."""
    for number in itertools.count(1):
        path = folder / (f"{stem}.png" if number == 1 else f"{stem}_{number}.png")
        if path.exists():
            continue
        try:
            write_atomically(path, content, overwrite=False)
        except FileExistsError:  # another process was faster
            continue
        return


def _row(answer: str, confidence: float, rest: str) -> str:
    return f"{answer:<8}  {confidence:>6.1%}  {rest}"


def _label(digit: Digit) -> str:
    return str(digit.label) if digit.accepted else UNREAD


def _likeliest(digit: Digit, count: int) -> list[tuple[int, float]]:
    order = digit.probabilities.argsort(kind="stable")[::-1][:count]
    return [(int(label), float(digit.probabilities[label])) for label in order]


def _as_record(digit: Digit, top: int) -> dict[str, Any]:
    record: dict[str, Any] = {
        "label": digit.label,
        "confidence": round(digit.confidence, 6),
        "probabilities": [round(float(p), 6) for p in digit.probabilities],
        "accepted": digit.accepted,
        "box": list(digit.box),
    }
    if top:
        record["top"] = [
            {"label": label, "probability": round(p, 6)} for label, p in _likeliest(digit, top)
        ]
    return record
