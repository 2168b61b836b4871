"""Ink or a picture in, digits out.

>>> from digitnet import Drawing, Recognizer, Stroke
>>> recognizer = Recognizer()
>>> recognizer.predict(Drawing([Stroke.of([40, 160, 90], [40, 40, 210])])).text
'7'
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

import numpy as np

from digitnet.errors import DigitnetError, PictureError
from digitnet.ink import union
from digitnet.manifest import ONNX_NAME, Manifest, load_manifest, shipped_model
from digitnet.prediction import Digit, Prediction
from digitnet.preprocessing.cache import RecognitionCache
from digitnet.preprocessing.lattice import Run, best_runs
from digitnet.preprocessing.segmentation import Line, find_lines
from digitnet.preprocessing.sources import Source
from digitnet.runtime import BATCH, Network

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Digit", "Prediction", "Recognizer", "Source"]

# Seconds after which a batch is answered though it is not full: slow sources are waited for anyway.
_PATIENCE = 0.25

# Where not even half of the probability is one digit's, any answer is more likely wrong than right.
_UNSURE_BELOW = 0.5


class Recognizer:
    """Reads digits with an exported model on ONNX Runtime.

    It may be shared between threads, be used in processes that are forked, and be pickled: what
    travels is the model's place. ONNX Runtime's telemetry is turned off, unless the environment
    variable ORT_DISABLE_TELEMETRY says otherwise.

    Args:
        model: a model's folder or its .onnx file, with the card beside it; None for the shipped
            one.
        threads: among which one call shares out many pictures, at least 1; None for as many as
            there are cores.

    Attributes:
        card: what is known about the model.
        model_hash: the SHA-256 of its file, in hexadecimal.

    Raises:
        ModelError: the model is missing, damaged, or not the one its card describes.
    """

    def __init__(self, model: str | Path | None = None, *, threads: int | None = None) -> None:
        # Absolute, as a process that unpickles it may stand elsewhere.
        self._arguments = (model if model is None else Path(model).absolute(), threads)
        self.manifest: Manifest = load_manifest(shipped_model() if model is None else model)
        name = Path(model).name if model is not None and Path(model).is_file() else ONNX_NAME
        content, path = self.manifest.read(name), self.manifest.folder / name
        self._network = Network(content, path, threads)
        self.model_hash: str = self.manifest.sha256[name]

    def __reduce__(self) -> tuple[Any, ...]:
        model, threads = self._arguments
        return partial(Recognizer, threads=threads), (model,)

    def predict(self, source: Source, *, cache: RecognitionCache | None = None) -> Prediction:
        """Read one drawing or picture.

        Args:
            source: ink, as `digitnet.preprocessing.sources.as_drawing` takes it: a `Drawing`, a
                `Stroke`, or a list of strokes, each a `Stroke`, a list of points (x, y) or
                (x, y, t), or an array (n, 2) or (n, 3); or a picture, as
                `digitnet.preprocessing.images.read_ink` takes it: path, bytes, binary file object,
                PIL image or array. A list is always ink; an array on its own is always a picture.
            cache: keeps what was read of the last drawing. While a drawing grows and keeps its
                `Stroke` objects, each call then costs only what is new.

        Raises:
            InkError: the strokes are not valid ink.
            PictureError: the picture cannot be read.
        """
        cache = cache or RecognitionCache()
        cache.turn()
        return self._read([find_lines(source, cache)], cache)[0]

    def predict_many(self, sources: Iterable[Source]) -> Iterator[Prediction]:
        """Read many sources, batch by batch as they come; answers keep their order.

        No source is held once its ink is found, and never more than a batch of answers.

        Args:
            sources: of any kinds that `predict` takes, mixed.

        Raises:
            InkError, PictureError: as `predict`, after the answers to the sources before.
        """
        for answer in self.attempt_many(sources):
            if isinstance(answer, DigitnetError):
                raise answer
            yield answer

    def attempt_many(
        self, sources: Iterable[Source | DigitnetError], *, batch: int = BATCH
    ) -> Iterator[Prediction | DigitnetError]:
        """Read many sources as `predict_many`, but give the error of one that cannot be read.

        Args:
            sources: of any kinds that `predict` takes, mixed; an error stands for itself. What
                their iterator raises comes after the answers to the sources before.
            batch: the most sources that are read before they are answered.
        """
        if isinstance(sources, (str, bytes)):
            raise PictureError("many sources are a list of them; put a single one into a list")
        for attempts in _batches(sources, batch):
            found = [attempt for attempt in attempts if not isinstance(attempt, DigitnetError)]
            answers = iter(self._read(found, RecognitionCache()))
            for attempt in attempts:
                yield attempt if isinstance(attempt, DigitnetError) else next(answers)

    def classify(self, batch: NDArray[np.uint8] | NDArray[np.floating[Any]]) -> NDArray[np.float32]:
        """Run the network, and nothing else, on pictures that are framed already.

        Args:
            batch: (n, 28, 28), 0 for paper; uint8 up to 255, or float up to 1, for ink.

        Returns:
            probabilities, float32 (n, 10).

        Raises:
            PictureError: the batch has another shape or dtype.
        """
        return self.answer(batch)[0]

    def answer(
        self, batch: NDArray[np.uint8] | NDArray[np.floating[Any]]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Give all that the network says of pictures that are framed already.

        Args:
            batch: as `classify` takes it.

        Returns:
            probabilities, float32 (n, 10), and likelihoods of being a digit, float32 (n,).

        Raises:
            PictureError: the batch has another shape or dtype.
        """
        return self._network.answer(batch)

    def feature_maps(self, image: NDArray[np.uint8]) -> list[NDArray[np.float32]]:
        """Give what each stage of the network makes of one framed picture.

        Args:
            image: uint8 (28, 28), 0 for paper, 255 for ink.

        Returns:
            for each stage, from the first to the last, float32 (channels, height, width), >= 0.

        Raises:
            ModelError: the model was exported without its stages.
        """
        return self._network.feature_maps(image)

    def accepts(
        self, probabilities: NDArray[np.float32], likelihoods: NDArray[np.float32]
    ) -> NDArray[np.bool_]:
        """Say which answers are accepted: likely a digit, and one digit more than all others.

        Args:
            probabilities: float32 (n, 10).
            likelihoods: float32 (n,).

        Returns:
            bool (n,)
        """
        is_sure = probabilities.max(axis=1) >= _UNSURE_BELOW
        accepted: NDArray[np.bool_] = (likelihoods >= self.manifest.threshold) & is_sure
        return accepted

    def _read(self, found: Sequence[Sequence[Line]], cache: RecognitionCache) -> list[Prediction]:
        """Classify all that may be digits in one go, and choose for each source what are some."""
        images = [image for lines in found for line in lines for image in line.images.values()]
        if not images:
            return [Prediction(()) for _ in found]
        probabilities, likelihoods = cache.answer(images, self.answer)
        accepted = self.accepts(probabilities, likelihoods)
        answers = zip(probabilities, likelihoods, accepted, strict=True)
        predictions = []
        for lines in found:
            digits: list[Digit] = []
            for number, line in enumerate(lines):
                answer = {run: next(answers) for run in line.images}
                scores = {run: _score(*answer[run][:2]) for run in answer}
                runs = best_runs(line.pieces, scores)
                digits += [self._judge(line, number, run, *answer[run]) for run in runs]
            predictions.append(Prediction(tuple(digits)))
        return predictions

    def _judge(
        self,
        source: Line,
        line: int,
        run: Run,
        probabilities: NDArray[np.float32],
        likelihood: np.float32,
        accepted: np.bool_,
    ) -> Digit:
        label = int(probabilities.argmax())
        confidence = float(probabilities[label])
        members = source.pieces.members(run)
        return Digit(
            label=label,
            confidence=confidence,
            probabilities=probabilities,
            likelihood=float(likelihood),
            accepted=bool(accepted),
            box=union([source.boxes[index] for index in members]),
            image=source.images[run],
            strokes=members if source.has_strokes else None,
            line=line,
        )


def _batches(
    sources: Iterable[Source | DigitnetError], size: int
) -> Iterator[list[list[Line] | DigitnetError]]:
    """Find the ink of sources, as many at a time as fill a run of the network."""
    remaining = iter(sources)
    failure: Exception | None = None
    while failure is None:
        batch: list[list[Line] | DigitnetError] = []
        pictures, latest = 0, monotonic() + _PATIENCE
        while pictures < BATCH and len(batch) < size and monotonic() < latest:
            try:
                found = _attempt(next(remaining))
            except Exception as error:  # the iterator's own: said after what it gave before
                failure = error
                break
            batch.append(found)
            if not isinstance(found, DigitnetError):
                pictures += sum(len(line.images) for line in found)
        if batch:
            yield batch
    if not isinstance(failure, StopIteration):
        raise failure


def _attempt(source: Source | DigitnetError) -> list[Line] | DigitnetError:
    try:
        return source if isinstance(source, DigitnetError) else find_lines(source)
    except DigitnetError as error:
        return error


def _score(probabilities: NDArray[np.float32], likelihood: np.float32) -> float:
    """Say how well ink reads as one digit, as a log likelihood."""
    return math.log(max(float(likelihood) * float(probabilities.max()), 1e-6))
