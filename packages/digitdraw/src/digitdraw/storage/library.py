"""What was saved: to look through, relabel, delete and open again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from glob import escape
from itertools import islice
from pathlib import Path

from digitdraw.model.snapshots import UNLABELLED
from digitdraw.storage.store import (
    PICTURES,
    RECORDINGS,
    SEEN,
    StoreError,
    label_of,
    label_of_part,
)
from digitnet import Drawing, read_drawings, write_drawings
from digitnet.errors import reason_of
from digitnet.files import write_atomically

_SECOND = len("20260131-120000")


@dataclass(frozen=True)
class Saved:
    """One saved drawing.

    Attributes:
        name: of its files, without their endings.
        drawing: the recording.
    """

    name: str
    drawing: Drawing

    @property
    def label(self) -> str:
        """What it is, as its author said, or the folder of those that nobody said it of."""
        return label_of(self.drawing)


@dataclass(frozen=True)
class Deleted:
    """A deleted drawing, which can be brought back."""

    files: dict[Path, bytes]


class Gallery:
    """The drawings in a store's folder.

    Args:
        folder: the store's.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def names(self) -> list[str]:
        """Name all saved drawings, the newest first; none where the folder is not there yet."""
        with self._telling():
            found = [path.stem for path in (self._folder / RECORDINGS).glob("*.ndjson")]
        # Of one second, the tenth is newer than the second.
        return sorted(found, key=lambda name: (name[:_SECOND], len(name), name), reverse=True)

    def load(self, name: str) -> Saved:
        """Read a saved drawing.

        Raises:
            DigitnetError: it is gone, or damaged, or its file holds other than one drawing.
        """
        path = self._recording(name)
        drawings = list(islice(read_drawings(path), 2))
        if len(drawings) != 1:
            count = "several drawings" if drawings else "no drawing"
            raise StoreError(f"{path}: holds {count}; the gallery shows files of one")
        return Saved(name, drawings[0])

    def relabel(self, saved: Saved, label: str) -> Saved:
        """Say what a drawing is, "" for no digit, and move its pictures to that label's folders.

        Raises:
            StoreError: the files cannot be written.
        """
        tags = tuple(tag for tag in saved.drawing.tags if tag != UNLABELLED)
        after = Saved(saved.name, replace(saved.drawing, word=label, tags=tags))
        with self._telling():
            write_drawings(self._recording(saved.name), [after.drawing])
            self._move_pictures(saved.name, after.label)
        return after

    def delete(self, name: str) -> Deleted:
        """Delete a drawing with its pictures; gives what `restore` needs.

        Raises:
            StoreError: the files cannot be read or deleted.
        """
        with self._telling():
            paths = [self._recording(name), *self._pictures(name)]
            deleted = Deleted({path: path.read_bytes() for path in paths})
            try:
                for path in paths:
                    path.unlink()
            except OSError:
                self.restore(deleted)
                raise
            _remove_empty(path.parent for path in paths[1:])
        return deleted

    def restore(self, deleted: Deleted) -> None:
        """Bring a deleted drawing back.

        Raises:
            StoreError: the files cannot be written.
        """
        with self._telling():
            for path, content in deleted.files.items():
                path.parent.mkdir(parents=True, exist_ok=True)
                write_atomically(path, content)

    def _recording(self, name: str) -> Path:
        return self._folder / RECORDINGS / f"{name}.ndjson"

    def _pictures(self, name: str) -> list[Path]:
        name = escape(name)
        return [
            *self._folder.glob(f"{PICTURES}/*/{name}.png"),
            *self._folder.glob(f"{SEEN}/*/{name}.png"),
            *self._folder.glob(f"{SEEN}/*/{name}_*.png"),
        ]

    def _move_pictures(self, name: str, label: str) -> None:
        pictures = self._pictures(name)
        count = sum(path.stem != name for path in pictures)
        for path in pictures:
            one = label
            if path.stem != name:
                one = label_of_part(label, int(path.stem.rpartition("_")[2]) - 1, count)
            target = path.parents[1] / one / path.name
            target.parent.mkdir(exist_ok=True)
            path.replace(target)
        _remove_empty(path.parent for path in pictures)

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Turn what the system says into one line."""
        try:
            yield
        except OSError as error:
            place = error.filename or self._folder
            raise StoreError(f"{place}: {reason_of(error)}; look at the folder") from None


def _remove_empty(folders: Iterable[Path]) -> None:
    """Remove labels' folders that hold nothing more: ImageFolder takes none without pictures."""
    for folder in set(folders):
        with suppress(OSError):  # it is not empty
            folder.rmdir()
