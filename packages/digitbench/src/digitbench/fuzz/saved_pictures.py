"""The pictures of a saved drawing: where they must be, and what they must show."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from digitbench.replay.outcome import ViolationError
from digitdraw.storage.store import PICTURES, THUMBNAILS
from digitnet import Drawing, Prediction


def names_of(path: Path) -> tuple[str, str]:
    """Return the names that the drawing of a saved file may have: numbers number their digits."""
    return path.stem, path.stem.rpartition("_")[0]


def check_pictures(folder: Path, drawing: Drawing) -> None:
    """Check that a saved drawing has its pictures, each in the folder of its label.

    Args:
        folder: that the app saves in.
        drawing: as it was saved; its key_id is the name of its files.

    Raises:
        ViolationError: a picture is missing, or is in another folder.
    """
    label = _label(drawing)
    name = drawing.key_id
    count = _count(drawing)
    expected = {f"{PICTURES}/{label}/{name}.png"}
    if count == 1:
        expected.add(f"{THUMBNAILS}/{label}/{name}.png")
    for index in range(count if count > 1 else 0):
        each = label
        if len(label) == count and label.replace("_", "").isdigit():
            each = "unlabelled" if label[index] == "_" else label[index]
        expected.add(f"{THUMBNAILS}/{each}/{name}_{index + 1}.png")
    found = {
        path.relative_to(folder).as_posix()
        for parent in (PICTURES, THUMBNAILS)
        for path in folder.glob(f"{parent}/*/*.png")
        if name in names_of(path)
    }
    if found != expected:
        listed = (", ".join(sorted(each)) for each in (expected - found, found - expected))
        raise ViolationError.of("of the pictures of a saved drawing there is", *listed)


def check_saved_answer(folder: Path, drawing: Drawing, answer: Prediction | None) -> None:
    """Check that each 28x28 of a saved drawing is what the network saw.

    Args:
        folder: that the app saves in.
        drawing: as it was saved.
        answer: what the app read.

    Raises:
        ViolationError: one is something else.
    """
    digits = answer.digits if answer else ()
    for index, digit in enumerate(digits):
        suffix = f"_{index + 1}" if len(digits) > 1 else ""
        for path in folder.glob(f"{THUMBNAILS}/*/{drawing.key_id}{suffix}.png"):
            with Image.open(path) as image:
                if not np.array_equal(np.asarray(image), digit.image):
                    raise ViolationError(f"{path.name} is not what the network saw")


def _label(drawing: Drawing) -> str:
    if "unlabelled" in drawing.tags:
        return "unlabelled"
    return drawing.word.replace("?", "_") or "none"


def _count(drawing: Drawing) -> int:
    """Return how many digits were found when the drawing was saved."""
    answer = drawing.answer or {}
    return len(answer["digits"]) if "digits" in answer else int("probabilities" in answer)
