"""Ink or an image in, digits out.

>>> from digitnet import Drawing, Recognizer, Stroke
>>> recognizer = Recognizer()
>>> recognizer.predict(Drawing([Stroke.of([40, 160, 90], [40, 40, 210])])).text
'7'
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from digitnet.alternatives import Answer, Ways
from digitnet.errors import DigitnetError
from digitnet.expected import Expected, choose_digit
from digitnet.ink import union
from digitnet.manifest import ONNX_NAME, PATH_ONNX_NAME, Manifest, load_manifest, shipped_model
from digitnet.prediction import Digit, Prediction
from digitnet.preprocessing.cache import Answers, FramedInk, RecognitionCache
from digitnet.preprocessing.lattice import Candidate, best_path, score
from digitnet.preprocessing.segmentation import Line, segment
from digitnet.preprocessing.single_digit import Cell, find_cell
from digitnet.preprocessing.slashes import find_slashes
from digitnet.preprocessing.sources import Source, check_several
from digitnet.runtime import BATCH, Network, PathNetwork
from digitnet.streaming import answer_in_batches, raise_errors

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from digitnet.grid import Grid

__all__ = ["Digit", "Prediction", "Recognizer", "Source"]

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

    def predict(
        self,
        source: Source,
        *,
        digits: int | None = None,
        allowed: str | None = None,
        cache: RecognitionCache | None = None,
    ) -> Prediction:
        """Read one drawing or image.

        Args:
            source: ink, as for `digitnet.preprocessing.sources.as_drawing`: a `Drawing`, a
                `Stroke`, or a list of strokes, each a `Stroke`, or a list or array of points (x, y)
                or (x, y, t, …), or of all x and all y as in Quick, Draw!; or an image, as for
                `digitnet.preprocessing.images.read_ink`: a path, a data: URI, bytes, a binary file
                object, a PIL image, an array or a tensor. A list is always ink; an array on its own
                is always an image.
            digits: 1 for a cell that holds one digit or none. Then at most one digit is returned,
                the best, in however many pieces; whatever else is there is left out instead of read
                as "?": remains of the cell's frame along the border of an image, dust, other lines.
                If nothing is a digit, what is most like one may be returned as not accepted.
            allowed: the digits that can occur, such as "123456789"; None for all. The others'
                probabilities are 0, and a likelihood is that of being an allowed digit: ink that is
                more likely another digit is not accepted, and never cut off as one.
            cache: results for the last drawing. While a drawing grows and keeps its `Stroke`
                objects, each call with the same cache computes only what is new; `digits` and
                `allowed` may change in between.

        Raises:
            InkError: the strokes are not valid ink.
            PictureError: the image cannot be read.
            ArgumentError: `digits` or `allowed` is something else.
        """
        expected = None if digits is None and allowed is None else Expected(digits, allowed)
        cache = cache or RecognitionCache()
        cache.start_drawing()
        lines = segment(source, cache) if digits is None else find_cell(source, cache)
        return self._read([lines], cache, expected)[0]

    def predict_many(
        self, sources: Iterable[Source], *, digits: int | None = None, allowed: str | None = None
    ) -> Iterator[Prediction]:
        """Read many sources, batch by batch as they come; predictions keep their order.

        Sources are released once their ink is found, and at most one batch of predictions is held.

        Args:
            sources: any mix of what `predict` accepts.
            digits: as for `predict`, of each source.
            allowed: likewise.

        Raises:
            InkError, PictureError: as for `predict`, after the predictions for earlier sources.
            PictureError: a single image or drawing was passed.
            ArgumentError: as for `predict`.
        """
        return raise_errors(self.attempt_many(sources, digits=digits, allowed=allowed))

    def attempt_many(
        self,
        sources: Iterable[Source | DigitnetError],
        *,
        digits: int | None = None,
        allowed: str | None = None,
        batch: int = BATCH,
    ) -> Iterator[Prediction | DigitnetError]:
        """Read many sources like `predict_many`, but yield the error for one that cannot be read.

        Args:
            sources: any mix of what `predict` accepts; errors are passed through. An exception
                raised by the iterable itself propagates after the predictions for earlier sources.
            digits: as for `predict`, of each source.
            allowed: likewise.
            batch: maximum number of sources read before they are answered.

        Raises:
            PictureError, ArgumentError: as for `predict_many`.
        """
        check_several(sources)
        return answer_in_batches(sources, batch, Expected(digits, allowed), self._read)

    def read_grid(self, source: Source) -> Grid:
        """Read the boxes of an image, a digit or none in each; PictureError if it has none."""
        from digitnet.grid import read_grid  # not needed to read drawings

        return read_grid(source, self)

    def classify(self, batch: NDArray[np.uint8] | NDArray[np.floating[Any]]) -> NDArray[np.float32]:
        """Run only the network, on images that are already framed.

        Args:
            batch: (n, 28, 28), 0 for paper; up to 255 in uint8, or up to 1 in float, for ink.

        Returns:
            probabilities, float32 (n, 10).

        Raises:
            PictureError: the batch has another shape, dtype or range.
        """
        return self.answer(batch)[0]

    def answer(
        self, batch: NDArray[np.uint8] | NDArray[np.floating[Any]]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return all of the network's outputs; arguments and errors as for `classify`.

        Returns:
            probabilities, float32 (n, 10), and likelihoods of being a digit, float32 (n,).
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

    def _read(
        self, found: Sequence[Sequence[Line]], cache: RecognitionCache, expected: Expected | None
    ) -> list[Prediction]:
        """Classify all candidates in one batch, and choose the digits of each source."""
        inks = [ink for lines in found for line in lines for ink in line.inks.values()]
        if not inks:
            return [Prediction(()) for _ in found]
        # The cache keeps the networks' own answers, so that it serves whatever is expected.
        probabilities, likelihoods = cache.answer(inks, self._answer_ink)
        if expected:
            probabilities, likelihoods = expected.restrict((probabilities, likelihoods))
        accepted = self.accepts(probabilities, likelihoods)
        answers = zip(probabilities, likelihoods, accepted, strict=True)
        return [_read_source(lines, answers) for lines in found]

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


def _read_source(lines: Sequence[Line], answers: Iterator[Answer]) -> Prediction:
    """Choose the digits of a source, given the answers to each candidate of each line."""
    digits: list[Digit] = []
    ways: list[Ways] = []
    for number, line in enumerate(lines):
        answer = {candidate: next(answers) for candidate in line.inks}
        if isinstance(line.lattice, Cell):
            candidate, best, way = choose_digit(line, line.lattice, answer)
            row = [_to_digit(line, number, candidate, best)]
        else:
            row, way = _read_line(line, number, answer)
        digits += row
        ways.append(way)
    return Prediction(tuple(digits), tuple(ways))


def _read_line(
    line: Line, number: int, answer: Mapping[Candidate, Answer]
) -> tuple[list[Digit], Ways]:
    scores = {
        candidate: score(*answer[candidate][:2], parts)
        for candidate, parts in line.lattice.parts.items()
    }
    path = best_path(line.lattice, scores)
    row = [_to_digit(line, number, best, answer[best]) for best in path]
    boxes = [digit.box if digit.accepted else None for digit in row]
    inner = len(row) > 2  # a slash is between two digits
    slashes = find_slashes(boxes, [line.inks[best].path for best in path]) if inner else set()
    for index in slashes:
        row[index] = replace(row[index], accepted=False)
    unread = frozenset(path[index] for index in slashes)
    return row, Ways(line.lattice, line.boxes, scores, answer, unread)


def _to_digit(line: Line, line_number: int, candidate: Candidate, answer: Answer) -> Digit:
    probabilities, likelihood, accepted = answer
    label = int(probabilities.argmax())
    members = line.lattice.members(candidate)
    return Digit(
        label=label,
        confidence=float(probabilities[label]),
        probabilities=probabilities,
        likelihood=float(likelihood),
        accepted=bool(accepted),
        box=union([line.boxes[index] for index in members]),
        image=line.inks[candidate].image,
        strokes=tuple(sorted({line.strokes[i] for i in members})) if line.strokes else None,
        line=line_number,
    )
