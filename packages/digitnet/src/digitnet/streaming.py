"""Streams of sources, batch by batch: as many as fill a batch of the network, or come in time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from time import monotonic
from typing import TypeAlias

from digitnet.errors import DigitnetError
from digitnet.expected import Expected
from digitnet.prediction import Prediction
from digitnet.preprocessing.cache import RecognitionCache
from digitnet.preprocessing.segmentation import Line, segment
from digitnet.preprocessing.single_digit import find_cell
from digitnet.preprocessing.sources import Source
from digitnet.runtime import BATCH

Read: TypeAlias = (
    "Callable[[Sequence[Sequence[Line]], RecognitionCache, Expected | None], list[Prediction]]"
)

MAX_WAIT = 0.25
"""Seconds after which a batch is answered even if it is not full, for sources that come slowly."""


def raise_errors(answers: Iterable[Prediction | DigitnetError]) -> Iterator[Prediction]:
    """Yield predictions until one is an error, which is raised."""
    for answer in answers:
        if isinstance(answer, DigitnetError):
            raise answer
        yield answer


def answer_in_batches(
    sources: Iterable[Source | DigitnetError], size: int, expected: Expected, read: Read
) -> Iterator[Prediction | DigitnetError]:
    """Yield the answer to each source, or why it cannot be read.

    Args:
        sources: as for `digitnet.Recognizer.attempt_many`.
        size: maximum number of sources of a batch.
        expected: what is known about each source.
        read: answers a batch, given the lines of ink of each source.
    """
    for attempts in _find_in_batches(sources, size, expected):
        found = [attempt for attempt in attempts if not isinstance(attempt, DigitnetError)]
        answers = iter(read(found, RecognitionCache(), expected))
        for attempt in attempts:
            yield attempt if isinstance(attempt, DigitnetError) else next(answers)


def _find_in_batches(
    sources: Iterable[Source | DigitnetError], size: int, expected: Expected
) -> Iterator[list[list[Line] | DigitnetError]]:
    """Find the ink of as many sources at a time as fill a batch of the network."""
    remaining = iter(sources)
    failure: Exception | None = None
    while failure is None:
        batch: list[list[Line] | DigitnetError] = []
        images, deadline = 0, monotonic() + MAX_WAIT
        while images < BATCH and len(batch) < size and monotonic() < deadline:
            try:
                found = _attempt(next(remaining), expected)
            except Exception as error:  # the iterator's own; raised after earlier answers
                failure = error
                break
            batch.append(found)
            if not isinstance(found, DigitnetError):
                images += sum(len(line.inks) for line in found)
        if batch:
            yield batch
    if not isinstance(failure, StopIteration):
        raise failure


def _attempt(source: Source | DigitnetError, expected: Expected) -> list[Line] | DigitnetError:
    try:
        if isinstance(source, DigitnetError):
            return source
        if expected.digits is None:
            return segment(source)
        return find_cell(source, RecognitionCache())
    except DigitnetError as error:
        return error
