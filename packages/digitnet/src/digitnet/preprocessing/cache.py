"""Results for one drawing, reused for the next one that shares strokes with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from digitnet.ink import Stroke
from digitnet.preprocessing.framing import frame_strokes
from digitnet.preprocessing.ligatures import CutStroke

if TYPE_CHECKING:
    from numpy.typing import NDArray

Answers: TypeAlias = "tuple[NDArray[np.float32], NDArray[np.float32]]"
"""Probabilities, float32 (n, 10), and likelihoods, float32 (n,)."""

_Key: TypeAlias = tuple[float, ...]


class RecognitionCache:
    """Keeps the images made of the last drawing's strokes, and the network's answers to them.

    A drawing that grows is recognized in every frame, and most of it has not changed since the last
    one. Strokes are matched by identity, because comparing their points would take longer than the
    cache saves. A cache serves one recognizer, on one thread.
    """

    def __init__(self) -> None:
        # Entries keep what their ids refer to alive, so that no new object can reuse an id.
        self._last: dict[_Key, tuple[tuple[Stroke, ...], NDArray[np.uint8]]] = {}
        self._framed = self._last
        self._last_cut: dict[int, CutStroke] = {}
        self._cut = self._last_cut
        self._answers: dict[int, tuple[NDArray[np.uint8], NDArray[np.float32], np.float32]] = {}

    def start_drawing(self) -> None:
        """Start with another drawing, and drop all but the last one."""
        self._last, self._framed = self._framed, {}
        self._last_cut, self._cut = self._cut, {}

    def cut(self, stroke: Stroke) -> CutStroke:
        """Cut a stroke, unless it was cut for the last drawing; its parts stay the same objects."""
        known = self._last_cut.get(id(stroke)) or CutStroke(stroke)
        self._cut[id(stroke)] = known
        return known

    def frame(self, strokes: tuple[Stroke, ...], pen: float, smallest: float) -> NDArray[np.uint8]:
        """Frame strokes as `frame_strokes` does, unless they were framed for the last drawing."""
        key = (*map(id, strokes), pen, smallest)
        known = self._last.get(key)
        if known is None:
            image = frame_strokes([s.xy for s in strokes], pen=pen, smallest=smallest)
            known = (strokes, image)
        self._framed[key] = known
        return known[1]

    def answer(
        self,
        images: Sequence[NDArray[np.uint8]],
        run_network: Callable[[NDArray[np.uint8]], Answers],
    ) -> Answers:
        """Return the network's answers to images, running it only on those that are new.

        Args:
            images: at least one, each uint8 (28, 28).
            run_network: returns the answers to uint8 (n, 28, 28).
        """
        new = [image for image in images if id(image) not in self._answers]
        if new:
            answers = zip(new, *run_network(np.array(new)), strict=True)
            for image, probabilities, likelihood in answers:
                self._answers[id(image)] = (image, probabilities, likelihood)
        known = [self._answers[id(image)] for image in images]
        self._answers = {id(entry[0]): entry for entry in known}
        _, probabilities, likelihoods = zip(*known, strict=True)
        return np.array(probabilities), np.array(likelihoods)
