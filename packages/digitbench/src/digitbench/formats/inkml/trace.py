"""What stands in an InkML trace: points of channels, in full or as differences.

Points are divided by commas. A value is a number; ``T`` or ``F``; ``*`` for a channel that goes
on as it did; or ``?`` for one that is not known. A prefix tells how a channel is written from there
on: ``!`` in full, ``'`` as the difference to the value before, ``"`` as the difference to the
difference before (Ink Markup Language, W3C Recommendation of 20 September 2011).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeAlias

from digitnet.errors import RecordingError

Value: TypeAlias = float | None

_LARGEST = 1e300  # so that no sum or difference is infinite

_VALUE = re.compile(
    r"""\s*([!'"]?)\s*(?:([-+]?)\s*(\#[0-9A-Fa-f]+|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?)|([TF*?]))""",
    re.ASCII,
)


class _Channel:
    """One channel's state while its values are read."""

    def __init__(self) -> None:
        self._order = "!"
        self._value: Value = None
        self._first = 0.0  # the difference to the value before
        self._second = 0.0  # the difference of that to the one before

    def read(self, order: str, number: Value, symbol: str) -> Value:
        self._order = order or self._order
        if symbol == "?":
            return None
        if symbol in ("T", "F"):
            self._value = float(symbol == "T")
            return self._value
        value, first = self._next(number)
        if abs(value) > _LARGEST:
            raise RecordingError("a value is beyond all numbers")
        self._second, self._first, self._value = first - self._first, first, value
        return value

    def _next(self, number: Value) -> tuple[float, float]:
        """Give the next value and difference; `number` is None for ``*``, which goes on as is."""
        if self._order == "!":
            before = self._value or 0  # channels begin at 0 where they are not said to begin
            return (before, 0) if number is None else (number, number - before)
        if self._value is None:
            raise RecordingError("a difference stands before any value in full")
        if self._order == "'":
            first = self._first if number is None else number
        else:
            first = self._first + (self._second if number is None else number)
        return self._value + first, first


def decode(text: str, regular: int, intermittent: int = 0) -> Iterator[list[Value]]:
    """Read a trace's points.

    Args:
        text: what stands in the trace.
        regular: how many channels every point has.
        intermittent: how many more it may have, at its end.

    Yields:
        for each point, as many values as it has channels; None for what is not known.

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
    """Split a point into its values, each a prefix, a number, and a letter that stands for one."""
    values: list[tuple[str, Value, str]] = []
    at, end = 0, len(point.rstrip())
    while at < end and len(values) <= most:
        match = _VALUE.match(point, at)
        if match is None:
            raise RecordingError(f"{point[at : at + 20].strip()!r} is no value")
        order, sign, digits, symbol = match.groups()
        values.append((order, None if digits is None else _number(sign, digits), symbol or ""))
        at = match.end()
    if not least <= len(values) <= most:
        raise RecordingError(f"{len(values)} values, where the trace's format has {least}")
    return values


def _number(sign: str, digits: str) -> float:
    """Read a number; whole ones stay whole, so that no digit of a clock is lost."""
    try:
        if digits.startswith("#"):
            number: float = int(digits[1:], 16)
        else:
            number = int(digits) if digits.isdecimal() else float(digits)
    except ValueError:  # of more digits than Python reads
        number = float("inf")
    if number > _LARGEST:
        raise RecordingError(f"{digits[:20]} is beyond all numbers")
    return -number if sign == "-" else number
