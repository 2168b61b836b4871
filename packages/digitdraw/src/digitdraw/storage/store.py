"""Saving drawings, so that they can be looked at, replayed and trained on.

    pictures/7/20260131-120000.png      the drawing as it looks, by its label
    28x28/7/20260131-120000.png         what the network saw, by its label; "_1" and so on are
                                        added to the names of a number's digits
    recordings/20260131-120000.ndjson   the strokes, and what they were read as
    reports/20260131-120000.ndjson      a whole session, to be replayed

The first two folders are laid out as ``torchvision.datasets.ImageFolder`` reads them.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from digitdraw.model.snapshots import UNLABELLED
from digitnet import DigitnetError, Drawing
from digitnet.errors import reason_of
from digitnet.files import write_atomically
from digitnet.recordings import dump_drawing

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RECORDINGS, PICTURES, SEEN, REPORTS = "recordings", "pictures", "28x28", "reports"
NO_DIGIT = "none"
"""The folder of what is not a digit; `UNLABELLED` is the folder of what has no label."""


class StoreError(DigitnetError):
    """A drawing could not be saved; nothing of it was left in the folder."""


class Store:
    """A folder of saved drawings.

    Args:
        folder: made when the first drawing is saved.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def save(
        self,
        drawing: Drawing,
        ink: NDArray[np.uint8],
        seen: Sequence[NDArray[np.uint8]],
        moment: datetime,
    ) -> Path:
        """Save a drawing, all of it or nothing, and never over an older file.

        Args:
            drawing: with its answer; its word is its label unless it has the tag "unlabelled".
            ink: the drawing as it looks, uint8 (height, width), 255 for ink.
            seen: its digits as the network saw them, each uint8 (28, 28).
            moment: when it was saved; names the files.

        Returns:
            the picture's path.

        Raises:
            StoreError: the folder cannot be made or written.
        """
        label = label_of(drawing)
        pictures = {f"{PICTURES}/{label}/{{name}}.png": _png(255 - ink)}
        for index, image in enumerate(seen):
            one = label_of_part(label, index, len(seen))
            ending = f"_{index + 1}" if len(seen) > 1 else ""
            pictures[f"{SEEN}/{one}/{{name}}{ending}.png"] = _png(image)

        def files(name: str) -> dict[str, bytes]:
            named = {path.format(name=name): png for path, png in pictures.items()}
            return {f"{RECORDINGS}/{name}.ndjson": _line(drawing, name), **named}

        return self.folder / PICTURES / label / f"{self._save(files, moment)}.png"

    def save_report(self, session: Drawing, moment: datetime) -> Path:
        """Save a whole session; gives the recording's path. Raises as `save` does."""
        name = self._save(lambda name: {f"{REPORTS}/{name}.ndjson": _line(session, name)}, moment)
        return self.folder / REPORTS / f"{name}.ndjson"

    def _save(self, files: Callable[[str], dict[str, bytes]], moment: datetime) -> str:
        """Write the files that a name makes, under the first name that is free, and give it."""
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
        raise StoreError(f"{self.folder}: holds 10,000 drawings named {stem}; save a second later")

    def _write_all(self, files: dict[str, bytes]) -> bool:
        """Write new files, all or none; False if there is one of these names already."""
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
    """Give the name of the folder that a drawing's pictures belong in."""
    if UNLABELLED in drawing.tags:
        return UNLABELLED
    return drawing.word or NO_DIGIT


def label_of_part(label: str, index: int, count: int) -> str:
    """Give the folder of one of a drawing's `count` digits: its own, if the label tells each."""
    return label[index] if label.isdigit() and len(label) == count else label


def _line(drawing: Drawing, name: str) -> bytes:
    return (dump_drawing(replace(drawing, key_id=name)) + "\n").encode()


def _png(image: NDArray[np.uint8]) -> bytes:
    from PIL import Image  # which the first drawing to be saved waits for, not the first frame

    content = io.BytesIO()
    Image.fromarray(image).save(content, "PNG")
    return content.getvalue()


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)
