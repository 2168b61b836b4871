"""What was read of a drawing, for the next one that shares strokes with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from digitnet.ink import Stroke
from digitnet.preprocessing.framing import frame_strokes

if TYPE_CHECKING:
    from numpy.typing import NDArray

Answers: TypeAlias = "tuple[NDArray[np.float32], NDArray[np.float32]]"
"""Probabilities, float32 (n, 10), and likelihoods, float32 (n,)."""

_Key: TypeAlias = tuple[float, ...]


class RecognitionCache:
    """Remembers the last drawing's runs of strokes, and what a network said of them.

    A drawing that grows is read in every frame, and most of it is what it was in the frame before.
    Strokes are known again by being the same objects: whether others are equal takes longer to find
    out than it spares. A cache serves one recogniser, on one thread.
    """

    def __init__(self) -> None:
        # With what an identity belongs to, so that nothing new takes its place in memory.
        self._last: dict[_Key, tuple[tuple[Stroke, ...], NDArray[np.uint8]]] = {}
        self._framed = self._last
        self._answers: dict[int, tuple[NDArray[np.uint8], NDArray[np.float32], np.float32]] = {}

    def turn(self) -> None:
        """Begin with another drawing, and forget the one before the last."""
        self._last, self._framed = self._framed, {}

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
        ask: Callable[[NDArray[np.uint8]], Answers],
    ) -> Answers:
        """Give the network's answers to pictures, and ask it only for those that are new.

        Args:
            images: at least one, each uint8 (28, 28).
            ask: runs the network on uint8 (n, 28, 28).
        """
        new = [image for image in images if id(image) not in self._answers]
        if new:
            for image, probabilities, likelihood in zip(new, *ask(np.array(new)), strict=True):
                self._answers[id(image)] = (image, probabilities, likelihood)
        known = [self._answers[id(image)] for image in images]
        self._answers = {id(entry[0]): entry for entry in known}
        _, probabilities, likelihoods = zip(*known, strict=True)
        return np.array(probabilities), np.array(likelihoods)
