"""Events of recordings: which can be replayed, and how those that cannot are reported."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from digitbench.replay.recorded_events import validate_events
from digitbench.run import suite
from digitnet import Drawing, RecordingError, write_drawings


@pytest.mark.parametrize(
    "event",
    [
        (5, "resize", 960, 640),
        (5, "pen", 0.05),
        (5, "erase", -3.5, 20),
        (5, "label", "7"),
        (5, "label", ""),
        (5, "expect", "2026"),
        (5, "expect", "3?50"),
        (5, "word", "3?50"),
        (5, "expect", ""),
        (5, "undo"),
        (5, "clear", "and more"),
        (5, "of a newer program", None),
    ],
    ids=str,
)
def test_what_the_app_records_can_be_replayed(seven: Drawing, event: tuple[Any, ...]) -> None:
    """Unknown events are valid as well; they are skipped."""
    validate_events(replace(seven, events=(event,)))


@pytest.mark.parametrize(
    ("event", "needed"),
    [
        ((5, "resize"), "the window's width and height in pixels, 1 to 7680"),
        ((5, "resize", 960), "the window's width and height in pixels, 1 to 7680"),
        ((5, "resize", 1e6, 1e6), "the window's width and height in pixels, 1 to 7680"),
        ((5, "resize", True, True), "the window's width and height in pixels, 1 to 7680"),
        ((5, "pen", "thick"), "the pen's diameter over the board's shorter side, up to 1"),
        ((5, "pen", 0), "the pen's diameter over the board's shorter side, up to 1"),
        ((5, "erase", 1, None), "x and y in canvas pixels"),
        ((5, "label", 7), 'one of the texts "0" to "9", or "" for no digit'),
        ((5, "label", "77"), 'one of the texts "0" to "9", or "" for no digit'),
        ((5, "expect"), 'the answer as a text of digits and ?, or "" for none'),
        ((5, "expect", 4), 'the answer as a text of digits and ?, or "" for none'),
        ((5, "expect", "??"), 'the answer as a text of digits and ?, or "" for none'),
        ((5, "expect", "four"), 'the answer as a text of digits and ?, or "" for none'),
    ],
    ids=str,
)
def test_invalid_events_are_not_a_crash_of_the_app(
    seven: Drawing, tmp_path: Path, event: tuple[Any, ...], needed: str
) -> None:
    """They are reported with file and line before anything is replayed."""
    file = tmp_path / "mine.ndjson"
    write_drawings(file, [seven, replace(seven, events=((1, "undo"), event))])
    with pytest.raises(RecordingError) as error:
        suite.read_all([file])
    assert str(error.value) == (
        f"{file}:2: the event {json.dumps(event)} cannot be replayed; it must hold {needed}"
    )
