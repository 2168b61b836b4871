"""The events of a recorded session that can be replayed, and what each must hold."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from digitbench.checks.outcome import EXPECT
from digitbench.formats.labels import NUMBER
from digitnet import Drawing
from digitnet.errors import RecordingError

_LARGEST_WINDOW = 7680  # pixels: an 8K screen's width
_LABELS = {"", *"0123456789"}


def check_events(drawing: Drawing) -> None:
    """See to it that a recording's events can be replayed; those that are not known may be any.

    Else a damaged recording would look like a crash of the app.

    Raises:
        RecordingError: an event cannot be; names recording and event, and says what it must hold.
    """
    for fault in event_faults(drawing):
        raise RecordingError(f"{drawing.place or drawing.key_id}: {fault}")


def event_faults(drawing: Drawing) -> Iterator[str]:
    """Tell which of a recording's events cannot be replayed, and what each must hold."""
    for event in drawing.events:
        holds, what = _KNOWN.get(event[1], (None, ""))
        if holds and not holds(event[2:]):
            yield f"the event {in_short(event)} cannot be replayed; it must hold {what}"


def in_short(event: tuple[Any, ...]) -> str:
    """Write an event as a recording does, or its beginning."""
    return json.dumps(event, default=str)[:80]


def _are_numbers(values: tuple[Any, ...], low: float, high: float) -> bool:
    return all(type(value) in (int, float) and low <= value <= high for value in values)


def _is_answer(text: str) -> bool:
    return not text or NUMBER.fullmatch(text) is not None


_KNOWN: Mapping[str, tuple[Callable[[tuple[Any, ...]], bool], str]] = {
    "resize": (
        lambda values: len(values) == 2 and _are_numbers(values, 1, _LARGEST_WINDOW),
        f"the window's width and height in pixels, 1 to {_LARGEST_WINDOW}",
    ),
    "pen": (
        lambda values: len(values) == 1 and _are_numbers(values, 1e-6, 1),
        "the pen's diameter over the board's shorter side, up to 1",
    ),
    "erase": (
        lambda values: len(values) == 2 and _are_numbers(values, -1e7, 1e7),
        "x and y in canvas pixels",
    ),
    "label": (
        lambda values: len(values) == 1 and type(values[0]) is str and values[0] in _LABELS,
        'one of the texts "0" to "9", or "" for no digit',
    ),
    EXPECT: (
        lambda values: len(values) == 1 and type(values[0]) is str and _is_answer(values[0]),
        'the answer as a text of digits, or "" for none',
    ),
}
