"""Decoding InkML traces, whose channels hold values or differences.

Points are separated by commas. A value is a number; ``T`` or ``F``; ``*`` if the channel continues
as before; or ``?`` if it is unknown. A prefix says how the channel is encoded from there on: ``!``
as values, ``'`` as differences to the previous value, ``"`` as differences to the previous
difference (Ink Markup Language, W3C Recommendation of 20 September 2011).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeAlias

from digitnet.errors import RecordingError

Value: TypeAlias = float | None

_LARGEST = 1e300  # so that sums and differences stay finite

_VALUE = re.compile(
    r"""\s*([!'"]?)\s*(?:([-+]?)\s*(\#[0-9A-Fa-f]+|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?)|([TF*?]))""",
    re.ASCII,
)


class _Channel:
    """The state of a channel during decoding."""

    def __init__(self) -> None:
        self._encoding = "!"
        self._value: Value = None
        self._first = 0.0  # difference to the previous value
        self._second = 0.0  # difference to the previous difference

    def read(self, encoding: str, number: Value, symbol: str) -> Value:
        self._encoding = encoding or self._encoding
        if symbol == "?":
            return None
        if symbol in ("T", "F"):
            self._value = float(symbol == "T")
            return self._value
        value, first = self._next(number)
        if abs(value) > _LARGEST:
            raise RecordingError("a value is too large")
        self._second, self._first, self._value = first - self._first, first, value
        return value

    def _next(self, number: Value) -> tuple[float, float]:
        """Return the next value and difference; `number` is None for ``*``."""
        if self._encoding == "!":
            before = self._value or 0  # channels start at 0 unless stated
            return (before, 0) if number is None else (number, number - before)
        if self._value is None:
            raise RecordingError("a difference comes before the first value")
        if self._encoding == "'":
            first = self._first if number is None else number
        else:
            first = self._first + (self._second if number is None else number)
        return self._value + first, first


def decode(text: str, regular: int, intermittent: int = 0) -> Iterator[list[Value]]:
    """Decode the points of a trace.

    Args:
        text: the content of the trace.
        regular: the number of channels that every point has.
        intermittent: the number of further channels that a point may have.

    Yields:
        for each point, one value for each of its channels; None if it is unknown.

    Raises:
        RecordingError: a point has too few or too many values, or holds something else.
    """
    if not text.strip():
        return
    channels = [_Channel() for _ in range(regular + intermittent)]
    points = text.split(",")
    if len(points) > 1 and not points[-1].strip():
        points.pop()
    for number, point in enumerate(points, start=1):
        try:
            values = _values(point, regular, regular + intermittent)
            yield [channel.read(*value) for channel, value in zip(channels, values, strict=False)]
        except RecordingError as error:
            raise RecordingError(f"point {number}: {error}") from None


def _values(point: str, least: int, most: int) -> list[tuple[str, Value, str]]:
    """Split a point into values: each a prefix, a number or None, and a symbol or ""."""
    values: list[tuple[str, Value, str]] = []
    at, end = 0, len(point.rstrip())
    while at < end and len(values) <= most:
        match = _VALUE.match(point, at)
        if match is None:
            raise RecordingError(f"{point[at : at + 20].strip()!r} is not a value")
        encoding, sign, digits, symbol = match.groups()
        values.append((encoding, None if digits is None else _number(sign, digits), symbol or ""))
        at = match.end()
    if not least <= len(values) <= most:
        raise RecordingError(f"{len(values)} values, but the trace format has {least}")
    return values


def _number(sign: str, digits: str) -> float:
    """Parse a number; integers stay exact, so that large times lose no digits."""
    try:
        if digits.startswith("#"):
            number: float = int(digits[1:], 16)
        else:
            number = int(digits) if digits.isdecimal() else float(digits)
    except ValueError:  # more digits than Python accepts
        number = float("inf")
    if number > _LARGEST:
        raise RecordingError(f"{digits[:20]} is too large")
    return -number if sign == "-" else number
