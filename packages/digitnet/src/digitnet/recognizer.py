"""Ink or a picture in, digits out.

>>> from digitnet import Drawing, Recognizer, Stroke
>>> recognizer = Recognizer()
>>> recognizer.predict(Drawing([Stroke.of([40, 160, 90], [40, 40, 210])])).text
'7'
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from digitnet.card import ONNX_NAME, ModelCard, load_card, shipped_model
from digitnet.errors import ModelError, PictureError
from digitnet.ink import Box, Drawing, union
from digitnet.preprocessing.components import Parts, connected_parts
from digitnet.preprocessing.framing import SIDE, frame_mask, frame_strokes
from digitnet.preprocessing.segment import SMALLEST, Pieces, Run, arrange_pieces, best_runs
from digitnet.preprocessing.text_lines import text_lines

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from digitnet.preprocessing.images import Ink, PictureSource

Source: TypeAlias = "Drawing | PictureSource"

# Pictures a run of the network: enough to keep its threads busy, few enough to stay in the cache.
_BATCH = 256

_OUTPUTS = ["probabilities", "likelihood"]

# Where not even half of the probability is one digit's, any answer is more likely wrong than right.
_UNSURE_BELOW = 0.5


@dataclass(frozen=True, eq=False)
class Digit:
    """One digit that was found.

    Attributes:
        label: 0 to 9.
        confidence: the label's probability, 0 to 1.
        probabilities: of 0 to 9 given that it is a digit, float32 (10,).
        likelihood: that the ink is a digit at all, 0 to 1.
        accepted: False where the ink is likely no digit, or no digit has half of the probability.
        box: (left, top, width, height) in the source's pixels; a line's width is not counted in
            drawings.
        image: what the network saw, uint8 (28, 28), 255 for ink.
        strokes: indices of the drawing's strokes that it is made of; None for pictures.
        line: which of a picture's lines of digits it stands on, from 0 at the top; 0 in drawings.
    """

    label: int
    confidence: float
    probabilities: NDArray[np.float32]
    likelihood: float
    accepted: bool
    box: Box
    image: NDArray[np.uint8]
    strokes: tuple[int, ...] | None
    line: int = 0


@dataclass(frozen=True, eq=False)
class Prediction:
    """What a source was read as: its digits in reading order."""

    digits: tuple[Digit, ...]

    @property
    def text(self) -> str:
        """The accepted digits, such as "7" or "2026"; "" where there is none.

        Nothing stands between a picture's lines: `Digit.line` tells them apart.
        """
        return "".join(str(digit.label) for digit in self.digits if digit.accepted)

    @property
    def confidence(self) -> float:
        """The confidence of the least confident digit, 0 to 1; 0 where there is none."""
        return min((digit.confidence for digit in self.digits), default=0.0)


@dataclass(frozen=True)
class _Found:
    """A line of ink: its pieces, their boxes, and the 28x28 of each run that may be a digit."""

    pieces: Pieces
    boxes: Sequence[Box]
    images: Mapping[Run, NDArray[np.uint8]]
    has_strokes: bool


class Recognizer:
    """Reads digits with an exported model on ONNX Runtime.

    It may be shared between threads, and be pickled: what travels is the model's place.

    Args:
        model: a model's folder or its .onnx file, with the card beside it; None for the shipped
            one.
        threads: of ONNX Runtime for one call; None for all cores.

    Attributes:
        card: what is known about the model.
        model_hash: the SHA-256 of its file, in hexadecimal.

    Raises:
        ModelError: the model is missing, damaged, or not the one its card describes.
    """

    def __init__(self, model: str | Path | None = None, *, threads: int | None = None) -> None:
        self._arguments = (model, threads)
        self.card: ModelCard = load_card(shipped_model() if model is None else model)
        name = Path(model).name if model is not None and Path(model).is_file() else ONNX_NAME
        self._session = _open_session(self.card.read(name), self.card.folder / name, threads)
        self._stages = [end.name for end in self._session.get_outputs()][len(_OUTPUTS) :]
        self.model_hash: str = self.card.sha256[name]

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, self._arguments

    def predict(self, source: Source) -> Prediction:
        """Read one drawing or picture.

        Args:
            source: a `Drawing`, or a picture as `digitnet.preprocessing.images.read_ink` takes it:
                path, bytes, binary file object, PIL image or array.

        Raises:
            PictureError: the picture cannot be read.
        """
        return self._read([_find(source)])[0]

    def predict_many(self, sources: Iterable[Source]) -> Iterator[Prediction]:
        """Read many sources, batch by batch as they come; answers keep their order.

        Raises:
            PictureError: as `predict`, when the batch with that picture is reached.
        """
        remaining = iter(sources)
        while batch := list(islice(remaining, _BATCH)):
            yield from self._read([_find(source) for source in batch])

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
        batch = np.asarray(batch)
        is_grey = batch.dtype == np.uint8 or batch.dtype.kind == "f"
        if batch.ndim != 3 or batch.shape[1:] != (28, 28) or not is_grey:
            raise PictureError(
                f"cannot classify {batch.dtype} of shape {batch.shape}; "
                "give uint8 or float of shape (n, 28, 28)"
            )
        pictures = batch.astype(np.float32)
        if batch.dtype.kind == "u":
            pictures /= np.float32(255)
        if len(pictures) <= _BATCH:
            probabilities, likelihoods = self._session.run(_OUTPUTS, {"pictures": pictures})
            return probabilities, likelihoods
        parts = [
            self._session.run(_OUTPUTS, {"pictures": pictures[start : start + _BATCH]})
            for start in range(0, len(pictures), _BATCH)
        ]
        return np.concatenate([part[0] for part in parts]), np.concatenate([p[1] for p in parts])

    def feature_maps(self, image: NDArray[np.uint8]) -> list[NDArray[np.float32]]:
        """Give what each stage of the network makes of one framed picture.

        Args:
            image: uint8 (28, 28), 0 for paper, 255 for ink.

        Returns:
            for each stage, from the first to the last, float32 (channels, height, width), >= 0.

        Raises:
            ModelError: the model was exported without its stages.
        """
        if not self._stages:
            raise ModelError(
                f"{self.card.folder}: was exported without its stages; export the model anew"
            )
        pictures = image[None].astype(np.float32) / np.float32(255)
        return [maps[0] for maps in self._session.run(self._stages, {"pictures": pictures})]

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
        accepted: NDArray[np.bool_] = (likelihoods >= self.card.threshold) & is_sure
        return accepted

    def _read(self, found: Sequence[Sequence[_Found]]) -> list[Prediction]:
        """Classify all that may be digits in one go, and choose for each source what are some."""
        images = [image for lines in found for line in lines for image in line.images.values()]
        if not images:
            return [Prediction(()) for _ in found]
        probabilities, likelihoods = self.answer(np.stack(images))
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
        source: _Found,
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


def _rebuild(model: str | Path | None, threads: int | None) -> Recognizer:
    return Recognizer(model, threads=threads)


def _find(source: Source) -> list[_Found]:
    """Find the ink of a source, line by line from the top; drawings have one line."""
    if isinstance(source, Drawing):
        return [_find_in_drawing(source)]
    # Here and not above: who draws need not wait for what reads pictures.
    from digitnet.preprocessing.images import read_ink

    return _find_in_picture(read_ink(source))


def _find_in_drawing(drawing: Drawing) -> _Found:
    boxes = [stroke.bounds for stroke in drawing.strokes]
    pen = drawing.pen_pixels
    pieces = arrange_pieces([(x - pen / 2, y - pen / 2, w + pen, h + pen) for x, y, w, h in boxes])
    smallest = SMALLEST * max((box[3] for box in boxes), default=0.0)
    images = {}
    for run in pieces.runs:
        paths = [drawing.strokes[index].xy for index in pieces.members(run)]
        images[run] = frame_strokes(paths, pen=pen, smallest=smallest)
    return _Found(pieces, boxes, images, has_strokes=True)


def _find_in_picture(ink: Ink) -> list[_Found]:
    from digitnet.preprocessing.clutter import without_clutter

    parts = connected_parts(ink.mask)
    if ink.is_photo:
        parts = without_clutter(parts)
    if len(ink.mask) < 2 * SIDE:
        # No higher than two digits as the network sees them: the pieces of a broken one, not lines.
        return [_find_in_line(parts, ink)] if parts.numbers else []
    return [_find_in_line(parts.select(line), ink) for line in text_lines(parts.boxes)]


def _find_in_line(parts: Parts, ink: Ink) -> _Found:
    pieces = arrange_pieces(parts.boxes)
    smallest = SMALLEST * max(box[3] for box in parts.boxes)
    images = {
        run: frame_mask(parts.only(pieces.members(run)), smallest=smallest, widen=ink.is_photo)
        for run in pieces.runs
    }
    return _Found(pieces, [ink.in_source(box) for box in parts.boxes], images, has_strokes=False)


def _score(probabilities: NDArray[np.float32], likelihood: np.float32) -> float:
    """Say how well ink reads as one digit, as a log likelihood."""
    return math.log(max(float(likelihood) * float(probabilities.max()), 1e-6))


def _open_session(model: bytes, path: Path, threads: int | None) -> Any:
    # Here and not above: the runtime takes longer to import than all the rest together.
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3  # errors; warnings about its own optimisations help nobody
    options.intra_op_num_threads = threads or os.cpu_count() or 1
    # Threads that spin while they wait for the next call would take a core from whoever draws.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the runtime has no common class for its errors
        reason = str(error).splitlines()[0]
        raise ModelError(
            f"{path}: ONNX Runtime cannot load it ({reason}); export it anew"
        ) from None
    inputs = [end.name for end in session.get_inputs()]
    outputs = [end.name for end in session.get_outputs()]
    if inputs != ["pictures"] or outputs[: len(_OUTPUTS)] != _OUTPUTS:
        raise ModelError(
            f"{path}: takes {inputs} and gives {outputs}, so it is no DigitNet; export one anew"
        )
    return session
