"""The files that the app saved: they only get more, except for what the gallery changes."""

from __future__ import annotations

from pathlib import Path

from digitbench.fuzz.saved_pictures import check_pictures, names_of
from digitbench.reference.board import StrokePaths, paths_of, same_paths
from digitbench.replay.outcome import ViolationError
from digitdraw.model.placement import fitted, on_whole_pixels
from digitdraw.storage.store import RECORDINGS, REPORTS
from digitnet import Drawing, read_drawings

_FEWEST_IN_A_ROW = 3  # drawings that the gallery shows, in the windows that are used
_SECOND = len("20260131-120000")


class SavedFiles:
    """The folder that the app saves in, as it was when it was last checked.

    Args:
        folder: the app's.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, bytes] = {}
        self._selected: int | None = None  # in the gallery; None if it is not known
        self._deleted: list[dict[str, bytes]] = []

    @property
    def drawings(self) -> list[Drawing]:
        """All saved drawings, in any order."""
        return [_read(self._folder / name) for name in self._files if name.startswith(RECORDINGS)]

    @property
    def _newest_first(self) -> list[str]:
        """The names of the saved drawings, as the gallery shows them."""
        names = [Path(name).stem for name in self._files if name.startswith(RECORDINGS)]
        # Of those that were saved within the same second, number 10 is newer than number 2.
        return sorted(names, key=lambda name: (name[:_SECOND], len(name), name), reverse=True)

    def open_gallery(self) -> None:
        """Note that the gallery was opened; what it deleted before can no longer be restored."""
        self._deleted = []
        self._selected = 0

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
        gone = {name for name in before if name not in now}
        new = {name for name in now if name not in before}
        changed = {name for name in before if name in now and before[name] != now[name]}
        allowed = self._allowed(change, {*gone, *new, *changed}, now)
        if other := sorted((gone | changed) - allowed):
            raise ViolationError(f"{other[0]} was saved before, and has been changed or deleted")
        self._files = now
        self._select("")
        saved = []
        for folder, count in ((RECORDINGS, saves), (REPORTS, reports)):
            names = [name for name in new - allowed if name.startswith(folder)]
            if len(names) != count:
                raise ViolationError(f"{len(names)} files were added to {folder}, not {count}")
            saved += names if folder == RECORDINGS else []
        for name in (*saved, *(name for name in allowed if name.startswith(RECORDINGS))):
            if name in now:
                check_pictures(self._folder, _read(self._folder / name))
        self._check_strays()
        return [_read(self._folder / name) for name in saved]

    def _allowed(self, change: str, touched: set[str], now: dict[str, bytes]) -> set[str]:
        """Return the files that an action of the gallery may have touched.

        Raises:
            ViolationError: it did something else than it should.
        """
        self._select(change)
        names = {Path(name).stem for name in touched if name.startswith(RECORDINGS)}
        if change not in ("delete", "undo", "none", *"0123456789") or len(names) != 1:
            return set()
        [name] = names
        files = {each for each in touched if _is_of(each, name)}
        if change == "undo":
            if not self._deleted or {each: now.get(each) for each in files} != self._deleted.pop():
                raise ViolationError("the gallery restored another drawing than it deleted last")
            return files
        if self._selected is not None and name != self._newest_first[self._selected]:
            wanted = self._newest_first[self._selected]
            raise ViolationError.of("the gallery changed the drawing", wanted, name)
        if change == "delete":
            self._deleted.append({each: self._files[each] for each in files})
        elif (word := _read(self._folder / f"{RECORDINGS}/{name}.ndjson").word) != (
            change if change.isdigit() else ""
        ):
            raise ViolationError(f"the gallery labelled a drawing {word!r}, not {change}")
        return files

    def _select(self, change: str) -> None:
        """Follow the selection, as far as it does not depend on how many drawings are in a row."""
        last = len(self._newest_first) - 1
        if change in ("click", "scroll"):
            self._selected = None
        elif self._selected is not None:
            if change == "down":
                self._selected = last if last < _FEWEST_IN_A_ROW else None
            elif change == "left":
                self._selected -= 1
        if self._selected is not None:
            self._selected = min(max(self._selected, 0), max(last, 0))

    def _list(self) -> dict[str, bytes]:
        found: dict[str, bytes] = {}
        for path in sorted(self._folder.glob("*/**/*")):
            if path.is_file():
                found[path.relative_to(self._folder).as_posix()] = path.read_bytes()
        return found

    def _check_strays(self) -> None:
        """Check that no picture is left of a drawing that is no longer saved."""
        saved = {Path(name).stem for name in self._files if name.startswith(RECORDINGS)}
        for name in self._files:
            if not name.startswith(REPORTS) and saved.isdisjoint(names_of(Path(name))):
                raise ViolationError(f"{name} belongs to no saved drawing")


def is_one_of(drawings: list[Drawing], size: tuple[int, int], ink: StrokePaths) -> bool:
    """Whether ink is one of these drawings, fitted to a board of `size` pixels."""
    return any(
        same_paths(paths_of([on_whole_pixels(s) for s in fitted(drawing, size).strokes]), ink)
        for drawing in drawings
    )


def _is_of(file: str, name: str) -> bool:
    """Whether a file, below the folder, belongs to the drawing of this name."""
    return not file.startswith(REPORTS) and name in names_of(Path(file))


def _read(path: Path) -> Drawing:
    drawings = list(read_drawings(path))
    if len(drawings) != 1:
        raise ViolationError(f"{path.name} holds {len(drawings)} drawings")
    return drawings[0]
