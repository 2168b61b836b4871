"""Saves drawings, so that they can be viewed, replayed and trained on.

    pictures/7/20260131-120000.png      the drawing as it looks, in a folder named after its label
    28x28/7/20260131-120000.png         what the network saw, in a folder named after its label;
                                        the digits of a number are numbered "_1", "_2" and so on
    recordings/20260131-120000.ndjson   the strokes, and what they were read as
    reports/20260131-120000.ndjson      a whole session, for replaying

The first two folders have the layout that ``torchvision.datasets.ImageFolder`` reads.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from digitnet import DigitnetError, Drawing
from digitnet.errors import reason_of
from digitnet.files import write_atomically
from digitnet.ink import UNLABELLED
from digitnet.prediction import UNREAD
from digitnet.recordings import dump_drawing

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RECORDINGS, PICTURES, THUMBNAILS, REPORTS = "recordings", "pictures", "28x28", "reports"
NOT_A_DIGIT = "none"
"""Folder for drawings that are not a digit; those without a label are in `UNLABELLED`."""

_UNREAD = "_"
"""Stands for `UNREAD` in the names of folders."""


class StoreError(DigitnetError):
    """Saved drawings could not be read or written; a failed save leaves no files behind."""


class Store:
    """A folder of saved drawings.

    Args:
        folder: created when the first drawing is saved.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def save(
        self,
        drawing: Drawing,
        ink: NDArray[np.uint8],
        thumbnails: Sequence[NDArray[np.uint8]],
        moment: datetime,
    ) -> Path:
        """Save a drawing, either completely or not at all, without overwriting any file.

        Args:
            drawing: with its answer; its word is its label unless it has the tag "unlabelled".
            ink: the drawing as it looks, uint8 (height, width), 255 for ink.
            thumbnails: its digits as the network saw them, each uint8 (28, 28).
            moment: when it was saved; the files are named after it.

        Returns:
            the picture's path.

        Raises:
            StoreError: the folder cannot be created or written to.
        """
        label = label_of(drawing)
        pictures = {f"{PICTURES}/{label}/{{name}}.png": _png(255 - ink)}
        for index, image in enumerate(thumbnails):
            digit_label = label_of_digit(label, index, len(thumbnails))
            suffix = f"_{index + 1}" if len(thumbnails) > 1 else ""
            pictures[f"{THUMBNAILS}/{digit_label}/{{name}}{suffix}.png"] = _png(image)

        def files(name: str) -> dict[str, bytes]:
            named = {path.format(name=name): png for path, png in pictures.items()}
            return {f"{RECORDINGS}/{name}.ndjson": _line(drawing, name), **named}

        return self.folder / PICTURES / label / f"{self._save(files, moment)}.png"

    def save_report(self, session: Drawing, moment: datetime) -> Path:
        """Save a whole session; return the recording's path. Raises as `save` does."""
        name = self._save(lambda name: {f"{REPORTS}/{name}.ndjson": _line(session, name)}, moment)
        return self.folder / REPORTS / f"{name}.ndjson"

    def _save(self, files: Callable[[str], dict[str, bytes]], moment: datetime) -> str:
        """Write files under the first free name, and return that name.

        Args:
            files: returns the contents of the files, by path, for a name.
            moment: the name is made from it.
        """
        stem = moment.strftime("%Y%m%d-%H%M%S")
        try:
            for attempt in range(10_000):
                name = f"{stem}-{attempt}" if attempt else stem
                if self._write_all(files(name)):
                    return name
        except OSError as error:
            raise StoreError(
                f"{self.folder}: cannot save there: {reason_of(error)}; choose another --save-dir"
            ) from None
        raise StoreError(f"{self.folder}: already has 10,000 drawings named {stem}; save again")

    def _write_all(self, files: dict[str, bytes]) -> bool:
        """Write new files, all or none; return False if one of the names is taken."""
        written: list[Path] = []
        try:
            for name, content in files.items():
                path = self.folder / name
                path.parent.mkdir(parents=True, exist_ok=True)
                write_atomically(path, content, overwrite=False)
                written.append(path)
        except OSError as error:
            _remove(written)
            if isinstance(error, FileExistsError):
                return False
            raise
        return True


def label_of(drawing: Drawing) -> str:
    """Return the label of a drawing, which names the folder of its pictures."""
    if UNLABELLED in drawing.tags:
        return UNLABELLED
    # A folder's name cannot hold "?" everywhere.
    return drawing.word.replace(UNREAD, _UNREAD) or NOT_A_DIGIT


def label_of_digit(label: str, index: int, count: int) -> str:
    """Return the label of one of a drawing's `count` digits.

    That is one character of the drawing's label if it has one for each digit, else the whole label.
    Ink beside digits that was not read, and that nobody labelled, is unlabelled.
    """
    if len(label) != count or not label.replace(_UNREAD, "").isdigit():
        return label
    return UNLABELLED if label[index] == _UNREAD else label[index]


def _line(drawing: Drawing, name: str) -> bytes:
    return (dump_drawing(replace(drawing, key_id=name)) + "\n").encode()


def _png(image: NDArray[np.uint8]) -> bytes:
    from PIL import Image  # imported here: the first frame does not need it

    content = io.BytesIO()
    Image.fromarray(image).save(content, "PNG")
    return content.getvalue()


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
