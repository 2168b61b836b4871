"""The files that the app saved: they only get more, except for what the gallery changes."""

from __future__ import annotations

from pathlib import Path

from digitbench.reference.board import StrokePaths, paths_of, same_paths
from digitbench.replay.outcome import ViolationError
from digitdraw.model.placement import fitted, on_whole_pixels
from digitdraw.storage.store import PICTURES, RECORDINGS, REPORTS
from digitnet import Drawing, read_drawings


class SavedFiles:
    """The folder that the app saves in, as it was when it was last checked.

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

    def open_gallery(self) -> None:
        """Note that the gallery was opened; what it deleted before can no longer be restored."""
        self._deleted = []

    def check(self, *, saves: int = 0, reports: int = 0, change: str = "") -> list[Drawing]:
        """Check how the files have changed.

        Args:
            saves: how many drawings should have been saved since the last check.
            reports: how many reports should have been.
            change: the action that the gallery was asked for, or "".

        Returns:
            the drawings that were saved.

        Raises:
            ViolationError: a file was changed, is gone, cannot be read, or was not written.
        """
        before, now = self._files, self._list()
        gone = sorted(before.keys() - now.keys())
        new = sorted(now.keys() - before.keys())
        changed = [name for name in before if name in now and before[name] != now[name]]
        if change == "delete" and len(gone) == 1:
            self._deleted.append(before[gone.pop()])
        elif change == "undo" and self._deleted and len(new) == 1:
            if now[new.pop()] != self._deleted.pop():
                raise ViolationError("the gallery restored another drawing than it deleted last")
        elif (change.isdigit() or change == "none") and len(changed) == 1:
            word = _read(self._folder / changed.pop()).word
            if word != (change if change.isdigit() else ""):
                raise ViolationError(f"the gallery labelled a drawing {word!r}, not {change}")
        if gone or changed:
            raise ViolationError(
                f"{(gone + changed)[0]} was saved before, and has been changed or deleted"
            )
        for folder, count in ((RECORDINGS, saves), (REPORTS, reports)):
            found = sum(name.startswith(folder) for name in new)
            if found != count:
                raise ViolationError(f"{found} files were added to {folder}, not {count}")
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
            raise ViolationError(f"{len(saved)} drawings are saved, but {len(pictures)} pictures")


def is_one_of(drawings: list[Drawing], size: tuple[int, int], ink: StrokePaths) -> bool:
    """Whether ink is one of these drawings, fitted to a board of `size` pixels."""
    return any(
        same_paths(paths_of([on_whole_pixels(s) for s in fitted(drawing, size).strokes]), ink)
        for drawing in drawings
    )


def _read(path: Path) -> Drawing:
    drawings = list(read_drawings(path))
    if len(drawings) != 1:
        raise ViolationError(f"{path.name} holds {len(drawings)} drawings")
    return drawings[0]
