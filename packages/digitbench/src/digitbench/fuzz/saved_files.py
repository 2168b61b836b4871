"""The files that the app saved: they only ever grow, but for what the gallery does to them."""

from __future__ import annotations

from pathlib import Path

from digitbench.checks.outcome import BrokenError
from digitbench.reference.board import Ink, ink_of, is_same
from digitdraw.model.placement import fitted, on_whole_pixels
from digitdraw.storage.store import PICTURES, RECORDINGS, REPORTS
from digitnet import Drawing, read_drawings


class Shelf:
    """A folder that the app saves in, as it was when it was last looked at.

    Args:
        folder: the app's.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, bytes] = {}
        self._deleted: list[bytes] = []

    @property
    def drawings(self) -> list[Drawing]:
        """All saved drawings, in any order."""
        return [_read(self._folder / name) for name in self._files if name.startswith(RECORDINGS)]

    def open(self) -> None:
        """Note that the gallery was opened; what it deleted before cannot be brought back."""
        self._deleted = []

    def look(self, *, saves: int = 0, reports: int = 0, change: str = "") -> list[Drawing]:
        """Check what has become of the files.

        Args:
            saves: how many drawings should have been saved since the last look.
            reports: the same, of reports.
            change: what the gallery was asked for: the name of an action, or "".

        Returns:
            the drawings that were saved.

        Raises:
            BrokenError: a file was changed, is gone or cannot be read, or one is missing.
        """
        before, now = self._files, self._list()
        gone = sorted(before.keys() - now.keys())
        new = sorted(now.keys() - before.keys())
        changed = [name for name in before if name in now and before[name] != now[name]]
        if change == "delete" and len(gone) == 1:
            self._deleted.append(before[gone.pop()])
        elif change == "undo" and self._deleted and len(new) == 1:
            if now[new.pop()] != self._deleted.pop():
                raise BrokenError("the gallery brought back another drawing than it deleted last")
        elif (change.isdigit() or change == "none") and len(changed) == 1:
            word = _read(self._folder / changed.pop()).word
            if word != (change if change.isdigit() else ""):
                raise BrokenError(f"the gallery labelled a drawing {word!r}, not {change}")
        if gone or changed:
            raise BrokenError(
                f"{(gone + changed)[0]} was saved before, and is no longer what it was"
            )
        for folder, count in ((RECORDINGS, saves), (REPORTS, reports)):
            found = sum(name.startswith(folder) for name in new)
            if found != count:
                raise BrokenError(f"{found} files came into {folder}, not {count}")
        self._files = now
        self._check_pictures()
        return [_read(self._folder / name) for name in new if name.startswith(RECORDINGS)]

    def _list(self) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        for folder in (RECORDINGS, REPORTS):
            for path in sorted((self._folder / folder).glob("*")):
                found[f"{folder}/{path.name}"] = path.read_bytes()
        return found

    def _check_pictures(self) -> None:
        pictures = sorted(path.stem for path in self._folder.glob(f"{PICTURES}/*/*"))
        saved = sorted(Path(name).stem for name in self._files if name.startswith(RECORDINGS))
        if pictures != saved:
            raise BrokenError(f"{len(saved)} drawings are saved, but {len(pictures)} pictures")


def find_opened(drawings: list[Drawing], size: tuple[int, int], ink: Ink) -> bool:
    """Say whether ink is one of these drawings, put on a board of `size` pixels."""
    return any(
        is_same(ink_of([on_whole_pixels(s) for s in fitted(drawing, size).strokes]), ink)
        for drawing in drawings
    )


def _read(path: Path) -> Drawing:
    drawings = list(read_drawings(path))
    if len(drawings) != 1:
        raise BrokenError(f"{path.name} holds {len(drawings)} drawings")
    return drawings[0]
