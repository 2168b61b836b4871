"""Results for one drawing, reused for the next one that shares strokes with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from digitnet.ink import Stroke
from digitnet.preprocessing.framing import frame_strokes
from digitnet.preprocessing.ligatures import CutStroke
from digitnet.preprocessing.pen_path import pen_path

if TYPE_CHECKING:
    from numpy.typing import NDArray

Answers: TypeAlias = "tuple[NDArray[np.float32], NDArray[np.float32]]"
"""Probabilities, float32 (n, 10), and likelihoods, float32 (n,)."""

_Key: TypeAlias = tuple[float, ...]


class FramedInk(NamedTuple):
    """One digit as the networks see it.

    Attributes:
        image: uint8 (28, 28).
        path: of the pen, as made by `pen_path`; None in pictures.
    """

    image: NDArray[np.uint8]
    path: NDArray[np.float32] | None = None


class RecognitionCache:
    """Keeps what was made of the last drawing's strokes, and the networks' answers to it.

    A drawing that grows is recognized in every frame, and most of it has not changed since the last
    one. Strokes are matched by identity, because comparing their points would take longer than the
    cache saves. A cache serves one recognizer, on one thread.
    """

    def __init__(self) -> None:
        # Entries keep what their ids refer to alive, so that no new object can reuse an id.
        self._last: dict[_Key, tuple[tuple[Stroke, ...], FramedInk]] = {}
        self._framed = self._last
        self._last_cut: dict[int, CutStroke] = {}
        self._cut = self._last_cut
        self._answers: dict[int, tuple[FramedInk, NDArray[np.float32], np.float32]] = {}

    def start_drawing(self) -> None:
        """Start with another drawing, and drop all but the last one."""
        self._last, self._framed = self._framed, {}
        self._last_cut, self._cut = self._cut, {}

    def cut(self, stroke: Stroke) -> CutStroke:
        """Cut a stroke, unless it was cut for the last drawing; its parts stay the same objects."""
        known = self._last_cut.get(id(stroke)) or CutStroke(stroke)
        self._cut[id(stroke)] = known
        return known

    def frame(self, strokes: tuple[Stroke, ...], pen: float, smallest: float) -> FramedInk:
        """Frame strokes and find their path, unless that was done for the last drawing.

        Args:
            strokes: of one digit.
            pen: as for `frame_strokes`.
            smallest: likewise.
        """
        key = (*map(id, strokes), pen, smallest)
        known = self._last.get(key)
        if known is None:
            paths = [stroke.xy for stroke in strokes]
            image = frame_strokes(paths, pen=pen, smallest=smallest)
            known = (strokes, FramedInk(image, pen_path(paths, pen=pen, smallest=smallest)))
        self._framed[key] = known
        return known[1]

    def answer(
        self,
        inks: Sequence[FramedInk],
        run_networks: Callable[[Sequence[FramedInk]], Answers],
    ) -> Answers:
        """Return the networks' answers to ink, running them only on what is new.

        Args:
            inks: at least one.
            run_networks: returns the answers to some ink.
        """
        new = [ink for ink in inks if id(ink) not in self._answers]
        if new:
            answers = zip(new, *run_networks(new), strict=True)
            for ink, probabilities, likelihood in answers:
                self._answers[id(ink)] = (ink, probabilities, likelihood)
        known = [self._answers[id(ink)] for ink in inks]
        self._answers = {id(entry[0]): entry for entry in known}
        _, probabilities, likelihoods = zip(*known, strict=True)
        return np.array(probabilities), np.array(likelihoods)
