"""Ink or an image in, digits out.

>>> from digitnet import Drawing, Recognizer, Stroke
>>> recognizer = Recognizer()
>>> recognizer.predict(Drawing([Stroke.of([40, 160, 90], [40, 40, 210])])).text
'7'
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

import numpy as np

from digitnet.errors import DigitnetError, PictureError
from digitnet.ink import union
from digitnet.manifest import ONNX_NAME, PATH_ONNX_NAME, Manifest, load_manifest, shipped_model
from digitnet.prediction import Digit, Prediction
from digitnet.preprocessing.cache import Answers, FramedInk, RecognitionCache
from digitnet.preprocessing.lattice import Candidate, best_path, score
from digitnet.preprocessing.segmentation import Line, segment
from digitnet.preprocessing.slashes import find_slashes
from digitnet.preprocessing.sources import Source
from digitnet.runtime import BATCH, Network, PathNetwork

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Digit", "Prediction", "Recognizer", "Source"]

# Seconds after which a batch is answered even if it is not full, for sources that come slowly.
_MAX_WAIT = 0.25

# Below this, the answer is more likely wrong than right.
_MIN_CONFIDENCE = 0.5


class Recognizer:
    """Reads digits with an exported model on ONNX Runtime.

    It can be shared between threads, used in forked processes, and pickled; a pickle holds only the
    model's path. ONNX Runtime's telemetry is turned off, unless the environment variable
    ORT_DISABLE_TELEMETRY says otherwise.

    Args:
        model: a model's folder, or its .onnx file in a folder with its manifest; None for the
            shipped model.
        threads: number of threads that share the images of one call, at least 1; None for the
            number of cores.

    Attributes:
        manifest: what is known about the model.
        model_hash: SHA-256 of the model's file, in hexadecimal.

    Raises:
        ModelError: the model is missing, damaged, or not the one that its manifest describes.
    """

    def __init__(self, model: str | Path | None = None, *, threads: int | None = None) -> None:
        # Absolute, because a process that unpickles it may have another working directory.
        self._arguments = (model if model is None else Path(model).absolute(), threads)
        self.manifest: Manifest = load_manifest(shipped_model() if model is None else model)
        name = Path(model).name if model is not None and Path(model).is_file() else ONNX_NAME
        content, path = self.manifest.read(name), self.manifest.folder / name
        self._network = Network(content, path, threads)
        self._path_network: PathNetwork | None = None
        if PATH_ONNX_NAME in self.manifest.sha256:
            path_model = self.manifest.read(PATH_ONNX_NAME)
            self._path_network = PathNetwork(path_model, self.manifest.folder / PATH_ONNX_NAME)
        self.model_hash: str = self.manifest.sha256[name]

    def __reduce__(self) -> tuple[Any, ...]:
        model, threads = self._arguments
        return partial(Recognizer, threads=threads), (model,)

    def predict(self, source: Source, *, cache: RecognitionCache | None = None) -> Prediction:
        """Read one drawing or image.

        Args:
            source: ink, as for `digitnet.preprocessing.sources.as_drawing`: a `Drawing`, a
                `Stroke`, or a list of strokes, each a `Stroke`, a list of points (x, y) or
                (x, y, t), or an array (n, 2) or (n, 3); or an image, as for
                `digitnet.preprocessing.images.read_ink`: a path, bytes, a binary file object, a
                PIL image or an array. A list is always ink; an array on its own is always an image.
            cache: results for the last drawing. While a drawing grows and keeps its `Stroke`
                objects, each call with the same cache computes only what is new.

        Raises:
            InkError: the strokes are not valid ink.
            PictureError: the image cannot be read.
        """
        cache = cache or RecognitionCache()
        cache.start_drawing()
        return self._read([segment(source, cache)], cache)[0]

    def predict_many(self, sources: Iterable[Source]) -> Iterator[Prediction]:
        """Read many sources, batch by batch as they come; predictions keep their order.

        Sources are released once their ink is found, and at most one batch of predictions is held.

        Args:
            sources: any mix of what `predict` accepts.

        Raises:
            InkError, PictureError: as for `predict`, after the predictions for earlier sources.
        """
        for answer in self.attempt_many(sources):
            if isinstance(answer, DigitnetError):
                raise answer
            yield answer

    def attempt_many(
        self, sources: Iterable[Source | DigitnetError], *, batch: int = BATCH
    ) -> Iterator[Prediction | DigitnetError]:
        """Read many sources like `predict_many`, but yield the error for one that cannot be read.

        Args:
            sources: any mix of what `predict` accepts; errors are passed through. An exception
                raised by the iterable itself propagates after the predictions for earlier sources.
            batch: maximum number of sources read before they are answered.
        """
        if isinstance(sources, (str, bytes)):
            raise PictureError("pass several sources as a list; put a single one into a list")
        for attempts in _batches(sources, batch):
            found = [attempt for attempt in attempts if not isinstance(attempt, DigitnetError)]
            answers = iter(self._read(found, RecognitionCache()))
            for attempt in attempts:
                yield attempt if isinstance(attempt, DigitnetError) else next(answers)

    def classify(self, batch: NDArray[np.uint8] | NDArray[np.floating[Any]]) -> NDArray[np.float32]:
        """Run only the network, on images that are already framed.

        Args:
            batch: (n, 28, 28), 0 for paper; up to 255 in uint8, or up to 1 in float, for ink.

        Returns:
            probabilities, float32 (n, 10).

        Raises:
            PictureError: the batch has another shape or dtype.
        """
        return self.answer(batch)[0]

    def answer(
        self, batch: NDArray[np.uint8] | NDArray[np.floating[Any]]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return all of the network's outputs for images that are already framed.

        Args:
            batch: as for `classify`.

        Returns:
            probabilities, float32 (n, 10), and likelihoods of being a digit, float32 (n,).

        Raises:
            PictureError: the batch has another shape or dtype.
        """
        return self._network.answer(batch)

    def feature_maps(self, image: NDArray[np.uint8]) -> list[NDArray[np.float32]]:
        """Return the output of each stage of the network for one framed image.

        Args:
            image: uint8 (28, 28), 0 for paper, 255 for ink.

        Returns:
            for each stage, from the first to the last, float32 (channels, height, width), >= 0.

        Raises:
            ModelError: the model was exported without its stages' outputs.
        """
        return self._network.feature_maps(image)

    def accepts(
        self, probabilities: NDArray[np.float32], likelihoods: NDArray[np.float32]
    ) -> NDArray[np.bool_]:
        """Return which answers are accepted: likely a digit, and one digit more than all others.

        Args:
            probabilities: float32 (n, 10).
            likelihoods: float32 (n,).

        Returns:
            bool (n,).
        """
        is_confident = probabilities.max(axis=1) >= _MIN_CONFIDENCE
        accepted: NDArray[np.bool_] = (likelihoods >= self.manifest.threshold) & is_confident
        return accepted

    def _read(self, found: Sequence[Sequence[Line]], cache: RecognitionCache) -> list[Prediction]:
        """Classify all candidates in one batch, and choose the digits of each source."""
        inks = [ink for lines in found for line in lines for ink in line.inks.values()]
        if not inks:
            return [Prediction(()) for _ in found]
        probabilities, likelihoods = cache.answer(inks, self._answer_ink)
        accepted = self.accepts(probabilities, likelihoods)
        answers = zip(probabilities, likelihoods, accepted, strict=True)
        predictions = []
        for lines in found:
            digits: list[Digit] = []
            for number, line in enumerate(lines):
                answer = {candidate: next(answers) for candidate in line.inks}
                scores = {
                    candidate: score(*answer[candidate][:2], parts)
                    for candidate, parts in line.lattice.parts.items()
                }
                path = best_path(line.lattice, scores)
                row = [self._to_digit(line, number, best, *answer[best]) for best in path]
                if len(row) > 2:  # a slash is between two digits
                    row = list(_without_slashes(row, [line.inks[best].path for best in path]))
                digits += row
            predictions.append(Prediction(tuple(digits)))
        return predictions

    def _answer_ink(self, inks: Sequence[FramedInk]) -> Answers:
        """Return both networks' joint answers; of the one for pictures alone where no path is."""
        probabilities, likelihoods = self.answer(np.array([ink.image for ink in inks]))
        drawn = [index for index, ink in enumerate(inks) if ink.path is not None]
        if self._path_network and drawn:
            paths = np.array([inks[index].path for index in drawn])
            probabilities[drawn], likelihoods[drawn] = self._path_network.join(
                probabilities[drawn], likelihoods[drawn], paths
            )
        return probabilities, likelihoods

    @staticmethod
    def _to_digit(
        line: Line,
        line_number: int,
        candidate: Candidate,
        probabilities: NDArray[np.float32],
        likelihood: np.float32,
        accepted: np.bool_,
    ) -> Digit:
        label = int(probabilities.argmax())
        confidence = float(probabilities[label])
        members = line.lattice.members(candidate)
        return Digit(
            label=label,
            confidence=confidence,
            probabilities=probabilities,
            likelihood=float(likelihood),
            accepted=bool(accepted),
            box=union([line.boxes[index] for index in members]),
            image=line.inks[candidate].image,
            strokes=tuple(sorted({line.strokes[i] for i in members})) if line.strokes else None,
            line=line_number,
        )


def _without_slashes(
    row: Sequence[Digit], paths: Sequence[NDArray[np.float32] | None]
) -> Iterator[Digit]:
    """Yield the digits of a line; those that are slashes between two others are not accepted."""
    slashes = find_slashes([digit.box if digit.accepted else None for digit in row], paths)
    for index, digit in enumerate(row):
        yield replace(digit, accepted=False) if index in slashes else digit


def _batches(
    sources: Iterable[Source | DigitnetError], size: int
) -> Iterator[list[list[Line] | DigitnetError]]:
    """Find the ink of as many sources at a time as fill a batch of the network."""
    remaining = iter(sources)
    failure: Exception | None = None
    while failure is None:
        batch: list[list[Line] | DigitnetError] = []
        images, deadline = 0, monotonic() + _MAX_WAIT
        while images < BATCH and len(batch) < size and monotonic() < deadline:
            try:
                found = _attempt(next(remaining))
            except (
                Exception
            ) as error:  # the iterator's own; raised after its earlier sources are answered
                failure = error
                break
            batch.append(found)
            if not isinstance(found, DigitnetError):
                images += sum(len(line.inks) for line in found)
        if batch:
            yield batch
    if not isinstance(failure, StopIteration):
        raise failure


def _attempt(source: Source | DigitnetError) -> list[Line] | DigitnetError:
    try:
        return source if isinstance(source, DigitnetError) else segment(source)
    except DigitnetError as error:
        return error
