"""What was saved: to look through, relabel, delete and open again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from digitdraw.store import PICTURES, RECORDINGS, SEEN, UNLABELLED, StoreError, label_of
from digitnet import Drawing, read_drawings, write_drawings
from digitnet.files import write_atomically


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
            found = (self._folder / RECORDINGS).glob("*.ndjson")
            return sorted((path.stem for path in found), reverse=True)

    def load(self, name: str) -> Saved:
        """Read a saved drawing.

        Raises:
            DigitnetError: it is gone, or damaged.
        """
        with self._telling():
            return Saved(name, next(iter(read_drawings(self._recording(name)))))

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
            for path in paths:
                path.unlink()
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
            if path.stem != name and label.isdigit() and len(label) == count:
                one = label[int(path.stem.rpartition("_")[2]) - 1]
            target = path.parents[1] / one / path.name
            target.parent.mkdir(exist_ok=True)
            path.replace(target)

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Turn what the system says into one line."""
        try:
            yield
        except OSError as error:
            place = error.filename or self._folder
            raise StoreError(f"{place}: {error.strerror or error}; look at the folder") from None
        except StopIteration:
            raise StoreError(f"{self._folder}: a recording there holds no drawing") from None
