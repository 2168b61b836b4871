"""The saved drawings: list, load, relabel, delete and restore them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from glob import escape
from itertools import islice
from pathlib import Path

from digitdraw.storage.store import (
    PICTURES,
    RECORDINGS,
    THUMBNAILS,
    StoreError,
    label_of,
    label_of_digit,
)
from digitnet import Drawing, read_drawings, write_drawings
from digitnet.errors import reason_of
from digitnet.files import write_atomically
from digitnet.ink import UNLABELLED

_TIMESTAMP = len("20260131-120000")


@dataclass(frozen=True)
class SavedDrawing:
    """A saved drawing.

    Attributes:
        name: name of its files, without their suffixes.
        drawing: the recording.
    """

    name: str
    drawing: Drawing

    @property
    def label(self) -> str:
        """The label, which names the folder of its pictures; "unlabelled" if it has none."""
        return label_of(self.drawing)


@dataclass(frozen=True)
class DeletedDrawing:
    """A deleted drawing, which can be restored."""

    files: dict[Path, bytes]


class Library:
    """The drawings in a store's folder.

    Args:
        folder: the folder of the store.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def names(self) -> list[str]:
        """Return the names of all saved drawings, newest first; none if there is no folder yet."""
        with self._one_line_errors():
            found = [path.stem for path in (self._folder / RECORDINGS).glob("*.ndjson")]
        # Of drawings saved in the same second, number 10 is newer than number 2.
        return sorted(found, key=lambda name: (name[:_TIMESTAMP], len(name), name), reverse=True)

    def load(self, name: str) -> SavedDrawing:
        """Read a saved drawing.

        Raises:
            DigitnetError: the file is missing or damaged, or does not hold exactly one drawing.
        """
        path = self._recording(name)
        drawings = list(islice(read_drawings(path), 2))
        if len(drawings) != 1:
            count = "several drawings" if drawings else "no drawing"
            raise StoreError(f"{path}: contains {count}; the gallery shows files with exactly one")
        return SavedDrawing(name, drawings[0])

    def relabel(self, saved: SavedDrawing, label: str) -> SavedDrawing:
        """Set a drawing's label, "" for "not a digit", and move its pictures to matching folders.

        Raises:
            StoreError: the files cannot be written.
        """
        tags = tuple(tag for tag in saved.drawing.tags if tag != UNLABELLED)
        after = SavedDrawing(saved.name, replace(saved.drawing, word=label, tags=tags))
        with self._one_line_errors():
            write_drawings(self._recording(saved.name), [after.drawing])
            self._move_pictures(saved.name, after.label)
        return after

    def delete(self, name: str) -> DeletedDrawing:
        """Delete a drawing and its pictures; return what `restore` needs.

        Raises:
            StoreError: the files cannot be read or deleted.
        """
        with self._one_line_errors():
            paths = [self._recording(name), *self._pictures(name)]
            deleted = DeletedDrawing({path: path.read_bytes() for path in paths})
            try:
                for path in paths:
                    path.unlink()
            except OSError:
                self.restore(deleted)
                raise
            _remove_empty(path.parent for path in paths[1:])
        return deleted

    def restore(self, deleted: DeletedDrawing) -> None:
        """Restore a deleted drawing.

        Raises:
            StoreError: the files cannot be written.
        """
        with self._one_line_errors():
            for path, content in deleted.files.items():
                path.parent.mkdir(parents=True, exist_ok=True)
                write_atomically(path, content)

    def _recording(self, name: str) -> Path:
        return self._folder / RECORDINGS / f"{name}.ndjson"

    def _pictures(self, name: str) -> list[Path]:
        name = escape(name)
        return [
            *self._folder.glob(f"{PICTURES}/*/{name}.png"),
            *self._folder.glob(f"{THUMBNAILS}/*/{name}.png"),
            *self._folder.glob(f"{THUMBNAILS}/*/{name}_*.png"),
        ]

    def _move_pictures(self, name: str, label: str) -> None:
        pictures = self._pictures(name)
        count = sum(path.stem != name for path in pictures)
        for path in pictures:
            folder = label
            if path.stem != name:
                folder = label_of_digit(label, int(path.stem.rpartition("_")[2]) - 1, count)
            target = path.parents[1] / folder / path.name
            target.parent.mkdir(exist_ok=True)
            path.replace(target)
        _remove_empty(path.parent for path in pictures)

    @contextmanager
    def _one_line_errors(self) -> Iterator[None]:
        """Raise a StoreError, whose message is one line, for errors of the file system."""
        try:
            yield
        except OSError as error:
            place = error.filename or self._folder
            raise StoreError(f"{place}: {reason_of(error)}; check the folder") from None


def _remove_empty(folders: Iterable[Path]) -> None:
    """Remove folders that have become empty: ImageFolder rejects classes without pictures."""
    for folder in set(folders):
        with suppress(OSError):  # the folder is not empty
            folder.rmdir()
