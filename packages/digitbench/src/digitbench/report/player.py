"""What the page's player needs to show a recording moment by moment, as plain values."""

from __future__ import annotations

import base64
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from PIL import Image

from digitbench.replay.outcome import Violation
from digitbench.report.layers import as_layers, webp_uri
from digitbench.report.narration import narrate
from digitbench.report.timeline_report import Moment, TimelineReport
from digitbench.text import printable
from digitnet import Digit

MOST_DIGITS = 12
"""The maximum number of digits that are shown of one moment."""

_MOST_EVENTS = 8


@dataclass(frozen=True)
class Player:
    """A recording to scrub through.

    Attributes:
        data: what ``player.js`` reads; all texts are printable, and "" stands for `picture`.
        start: the index of the moment to show first: where it went wrong, or the end.
        picture: the app at that moment, as a data URI.
        size: (width, height) of the picture in pixels.
        moments: the moments that have pictures, without these.
        left_out: how many moments have none.
        crash: the moment at which the app crashed; None if it did not.
    """

    data: dict[str, Any]
    start: int
    picture: str
    size: tuple[int, int]
    moments: tuple[Moment, ...]
    left_out: int
    crash: Moment | None

    @property
    def size_in_page(self) -> int:
        """About how many bytes it takes of a page."""
        return len(self.picture) + sum(map(len, self.data["pictures"]))


def make_player(report: TimelineReport, violations: Sequence[Violation] = ()) -> Player:
    """Return a player of a recording whose report has at least one picture.

    Args:
        report: of the recording.
        violations: what the checks found in it; the first with a time is shown first.
    """
    moments = tuple(moment for moment in report.moments if moment.picture)
    broken = {violation.at for violation in violations if violation.at is not None}
    start = _start(moments, broken)
    files, shots = as_layers([moment.picture for moment in moments if moment.picture], start)
    digits, images = _Table(), _Table()
    frames = [
        {
            "at": f"{moment.at / 1000:.2f} s",
            "ms": moment.at,
            "deed": printable(moment.deed),
            "reading": printable(moment.reading),
            "events": _events(moment),
            "mark": _mark(moment, broken),
            "digits": [digits.number(_digit(digit, images)) for digit in _digits(moment)],
            "ink": list(moment.ink),
            "size": list(shot.size),
            "whole": shot.whole,
            "patch": shot.patch,
            "box": list(shot.box),
        }
        for moment, shot in zip(moments, shots, strict=True)
    ]
    pictures = [webp_uri(file) for file in files]
    picture, pictures[shots[start].whole] = pictures[shots[start].whole], ""
    return Player(
        data={
            "start": start,
            "pictures": pictures,
            "images": images.values,
            "digits": digits.values,
            "frames": frames,
        },
        start=start,
        picture=picture,
        size=shots[start].size,
        # The pictures themselves would fill the memory if there are many players.
        moments=tuple(replace(moment, picture=None) for moment in moments),
        left_out=len(report.moments) - len(moments),
        crash=next((moment for moment in moments if moment.is_crash), None),
    )


def image_uri(digit: Digit) -> str:
    """Return what the network saw of a digit, dark on light, as a data URI."""
    png = io.BytesIO()
    Image.fromarray(255 - digit.image).save(png, "PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(png.getvalue()).decode()


class _Table:
    """Values, each once."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self._numbers: dict[str, int] = {}

    def number(self, value: Any) -> int:
        """Return the index of a value in the table."""
        key = repr(value)
        if key not in self._numbers:
            self._numbers[key] = len(self.values)
            self.values.append(value)
        return self._numbers[key]


def _start(moments: Sequence[Moment], broken: set[int]) -> int:
    for index, moment in enumerate(moments):
        if moment.at in broken and moment.deed:
            return index
    return len(moments) - 1


def _mark(moment: Moment, broken: set[int]) -> str:
    """Return "bad" for a moment at which something went wrong, "" for all others."""
    is_bad = moment.is_crash or moment.is_met is False or (moment.at in broken and moment.deed)
    return "bad" if is_bad else ""


def _events(moment: Moment) -> list[str]:
    """Return what was done since the moment before; only the end of a long list."""
    lines = narrate(moment.steps)
    rest = len(lines) - _MOST_EVENTS
    if rest > 1:
        lines = [f"… {rest} before", *lines[rest:]]
    return [printable(line) for line in lines]


def _digits(moment: Moment) -> tuple[Digit, ...]:
    return moment.prediction.digits[:MOST_DIGITS] if moment.prediction else ()


def _digit(digit: Digit, images: _Table) -> dict[str, Any]:
    return {
        "label": digit.label,
        "image": images.number(image_uri(digit)),
        "likelihood": round(100 * digit.likelihood, 1),
        "percent": np.round(100 * digit.probabilities.astype(float), 1).tolist(),
    }
