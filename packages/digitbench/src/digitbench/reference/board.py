"""What should be on the board: strokes as plain paths, and every earlier state kept whole.

The app keeps changes and reverses them; here undo takes back a state that was kept, which is
slower and too simple to be wrong in the same way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TypeAlias

import numpy as np

from digitbench.checks.outcome import BrokenError
from digitnet import Stroke

XY: TypeAlias = tuple[float, float]
Path: TypeAlias = tuple[XY, ...]
Ink: TypeAlias = tuple[Path, ...]
Canvas: TypeAlias = tuple[int, int]

TOLERANCE = 0.25
"""How far a point may be off, in canvas pixels: recordings round, and their replay again."""

_LEAST_REACH = 12.0  # of the eraser, in canvas pixels


class Sheet:
    """The ink, what was there before, and what was undone.

    Attributes:
        canvas: (width, height) in pixels, to which all coordinates belong.
        pen: the pen's diameter over the canvas's shorter side.
        strokes: the finished ones.
    """

    def __init__(self, canvas: Canvas, pen: float) -> None:
        self.canvas = canvas
        self.pen = pen
        self.strokes: Ink = ()
        self._current: list[XY] = []
        # Each with its canvas, and whether an eraser took strokes away after it, perhaps in
        # several steps.
        self._past: list[tuple[Ink, Canvas, bool]] = []
        self._future: list[tuple[Ink, Canvas]] = []

    @property
    def reach(self) -> float:
        """How far the eraser reaches, in canvas pixels."""
        return max(self.pen * min(self.canvas), _LEAST_REACH)

    @property
    def current(self) -> Path:
        """The stroke that is being drawn; empty while the pen is up."""
        return tuple(self._current)

    @property
    def is_drawing(self) -> bool:
        """Whether the pen is down."""
        return bool(self._current)

    def begin(self, place: XY) -> None:
        """Put the pen down, in canvas pixels."""
        self.end()
        self._current = [place]

    def extend(self, place: XY) -> None:
        """Move it; a pen that stands still adds nothing."""
        if self._current and place != self._current[-1]:
            self._current.append(place)

    def end(self) -> None:
        """Lift it."""
        if self._current:
            ink, self._current = (*self.strokes, self.current), []
            self.become(ink)

    def become(self, ink: Ink, *, is_wipe: bool = False) -> None:
        """Hold other strokes, by a step that can be undone."""
        self._past.append((self.strokes, self.canvas, is_wipe))
        self._future.clear()
        self.strokes = ink

    def clear(self) -> None:
        """Take all away."""
        self._current = []
        if self.strokes:
            self.become(())

    def undo(self, see: Callable[[], Ink]) -> None:
        """Go back; `see` tells how far, where an eraser took strokes away in several steps."""
        if self._current:
            self._current = []
        elif self._past:
            before, canvas, is_wipe = self._past.pop()
            self._future.append((self.strokes, self.canvas))
            if is_wipe and not is_same(seen := see(), before):
                _kept(seen, before)
                _kept(self.strokes, seen)
                if len(seen) == len(self.strokes):
                    raise BrokenError("undo brought nothing back of what was wiped away")
                self._past.append((before, canvas, True))
                before = seen
            self.strokes, self.canvas = before, canvas

    def redo(self) -> None:
        """Go on again to what was undone."""
        if self._future and not self._current:
            self._past.append((self.strokes, self.canvas, False))
            self.strokes, self.canvas = self._future.pop()

    def wipe(self, start: XY, end: XY, slack: float, seen: Ink) -> None:
        """Take away what the eraser met; `seen` decides for strokes that it may have touched.

        Args:
            start: where the eraser was, in canvas pixels.
            end: where it is now.
            slack: how far it may be off, in canvas pixels, as a mouse is at whole pixels.
            seen: the strokes that are left.
        """
        kept = _kept(seen, self.strokes)
        # It goes in steps, the first of which may be a reach away, so from there on it is sure to
        # meet what is well within. Where it was before, undo may have brought ink back.
        sure = min(1.0, self.reach / max(float(np.hypot(*np.subtract(end, start))), 1e-9))
        first = tuple(np.add(start, np.multiply(sure, np.subtract(end, start))).tolist())
        for index, path in enumerate(self.strokes):
            if index in kept and (away := distance(path, first, end)) < 0.8 * self.reach - slack:
                raise BrokenError(
                    f"the eraser was {away:.0f} pixels from stroke {index + 1}, and left it"
                )
            if index not in kept and (away := distance(path, start, end)) > self.reach + slack:
                raise BrokenError(
                    f"the eraser was {away:.0f} pixels from stroke {index + 1}, and took it"
                )
        if len(kept) < len(self.strokes):
            self.become(tuple(self.strokes[index] for index in kept), is_wipe=True)

    def fit(self, canvas: Canvas) -> None:
        """Take another canvas if there is no ink."""
        if not (self.strokes or self._current):
            self.canvas = canvas


def ink_of(strokes: Sequence[Stroke]) -> Ink:
    """Give strokes as plain paths."""
    return tuple(tuple((x, y) for x, y, _ in stroke.points) for stroke in strokes)


def is_same(one: Ink, other: Ink) -> bool:
    """Whether these are the same strokes, as far as rounding lets one say."""
    return len(one) == len(other) and all(map(is_near, one, other))


def is_near(one: Path, other: Path) -> bool:
    """Whether these are the same stroke, as far as rounding lets one say."""
    if one == other or len(one) != len(other):
        return one == other
    return float(np.abs(np.subtract(one, other)).max()) <= TOLERANCE


def distance(path: Path, start: XY, end: XY) -> float:
    """Give how near a path comes to the way from `start` to `end`, within half a pixel."""
    count = 2 + int(np.hypot(end[0] - start[0], end[1] - start[1]))
    way = np.linspace(start, end, count)
    corners = np.array(path)
    least = float(np.hypot(*(way[:, None] - corners[None]).reshape(-1, 2).T).min())
    for a, b in pairwise(corners):
        along = np.clip((way - a) @ (b - a) / max((b - a) @ (b - a), 1e-12), 0, 1)
        least = min(least, float(np.hypot(*(way - a - along[:, None] * (b - a)).T).min()))
    return least


def _kept(part: Ink, whole: Ink) -> list[int]:
    """Find a part's strokes in the whole, in their order; gives their places."""
    places: list[int] = []
    for path in part:
        start = places[-1] + 1 if places else 0
        here = [index for index in range(start, len(whole)) if is_near(path, whole[index])]
        if not here:
            raise BrokenError(
                f"the {len(part)} strokes left are not among the {len(whole)} there were"
            )
        places.append(here[0])
    return places
