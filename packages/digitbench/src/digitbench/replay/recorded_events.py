"""Which events of a recording can be replayed, and what values each must have."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from digitbench.replay.timeline import EXPECT
from digitbench.text import WORD
from digitdraw.storage.settings import THEME_NAMES
from digitnet import Drawing
from digitnet.errors import RecordingError

_LARGEST_WINDOW = 7680  # pixels: the width of an 8K screen
_LABELS = {"", *"0123456789"}


def validate_events(drawing: Drawing) -> None:
    """Check that the events of a recording can be replayed; unknown events may have any values.

    Without this a damaged recording would look like a crash of the app.

    Raises:
        RecordingError: an event cannot be replayed; names the recording, the event, and the
            values it must have.
    """
    for error in event_errors(drawing):
        raise RecordingError(f"{drawing.place or drawing.key_id}: {error}")


def event_errors(drawing: Drawing) -> Iterator[str]:
    """Describe each event of a recording that cannot be replayed, and the values it must have."""
    for event in drawing.events:
        is_valid, needed = _KNOWN.get(event[1], (None, ""))
        if is_valid and not is_valid(event[2:]):
            yield f"the event {abbreviated(event)} cannot be replayed; it must hold {needed}"


def abbreviated(event: tuple[Any, ...]) -> str:
    """Return an event as a recording writes it, cut off if it is long."""
    return json.dumps(event, default=str)[:80]


def _are_numbers(values: tuple[Any, ...], low: float, high: float) -> bool:
    return all(type(value) in (int, float) and low <= value <= high for value in values)


def _is_answer(values: tuple[Any, ...]) -> bool:
    if len(values) != 1 or type(values[0]) is not str:
        return False
    return not values[0] or WORD.fullmatch(values[0]) is not None


_KNOWN: Mapping[str, tuple[Callable[[tuple[Any, ...]], bool], str]] = {
    "resize": (
        lambda values: len(values) == 2 and _are_numbers(values, 1, _LARGEST_WINDOW),
        f"the window's width and height in pixels, 1 to {_LARGEST_WINDOW}",
    ),
    "pen": (
        lambda values: len(values) == 1 and _are_numbers(values, 1e-6, 1),
        "the pen's diameter over the board's shorter side, up to 1",
    ),
    "live": (
        lambda values: len(values) == 1 and type(values[0]) is bool,
        "true or false",
    ),
    "theme": (
        lambda values: len(values) == 1 and values[0] in THEME_NAMES,
        f"one of the texts {' and '.join(map(json.dumps, THEME_NAMES))}",
    ),
    "erase": (
        lambda values: len(values) == 2 and _are_numbers(values, -1e7, 1e7),
        "x and y in canvas pixels",
    ),
    "label": (
        lambda values: len(values) == 1 and type(values[0]) is str and values[0] in _LABELS,
        'one of the texts "0" to "9", or "" for no digit',
    ),
    "word": (
        _is_answer,
        'the label of the whole drawing, a text of digits and ?, or "" for no digit',
    ),
    EXPECT: (
        _is_answer,
        'the answer as a text of digits and ?, or "" for none',
    ),
}
