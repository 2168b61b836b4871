"""Recordings that went wrong, with all that helps to see why."""

from __future__ import annotations

import base64
import io
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from pathlib import PurePath
from typing import TypeAlias

from PIL import Image

from digitbench.report.figures import read_as
from digitbench.report.ink_picture import InkPicture, picture_ink
from digitbench.run.suite import CRASHED, Result
from digitbench.run.tally import group_of
from digitnet import Digit, Drawing
from digitnet.recordings import dump_drawing

MOST_SHOWN = 100
"""The most failures that are shown in detail."""

_MOST_LARGE = 30
_LARGE, _SMALL = 960, 480
_MOST_DIGITS = 12
_NO_SCREEN = Image.new("RGB", (960, 640))
_LONGEST_LINE = 100_000

Camera: TypeAlias = Callable[[Drawing, int | None], Image.Image]
"""Takes a picture of the app at a time of a recording, or its end; see `report.screens`."""


@dataclass(frozen=True)
class SeenDigit:
    """One digit that the app found.

    Attributes:
        digit: the digit.
        picture: what the network saw of it, as a data URI.
        meant: what it should have been read as, where that is known.
    """

    digit: Digit
    picture: str
    meant: int | None


@dataclass(frozen=True)
class Failure:
    """A recording that went wrong.

    Attributes:
        number: from 1, in the order in which they are shown.
        result: of the recording.
        ink: as it was drawn.
        digits: the first of those found.
        screen: the app, as a data URI.
        moment: of which that is, in words: the first at which something did not hold, or the end.
        screen_size: (width, height) of that in pixels.
        line: the recording as NDJSON; "" where it is too long to be shown.
        facts: whatever else is known about it, each in few words.
    """

    number: int
    result: Result
    ink: InkPicture
    digits: tuple[SeenDigit, ...]
    screen: str
    moment: str
    screen_size: tuple[int, int]
    line: str
    facts: tuple[str, ...]


def show_failures(results: Sequence[Result], camera: Camera) -> Iterator[Failure]:
    """Choose failures and gather what there is to see of them, like beside like.

    Not more than `MOST_SHOWN` are chosen, of each kind of mistake alike; where there are many, the
    pictures of the app are smaller.
    """
    chosen = _choose([result for result in results if not result.is_right], MOST_SHOWN)
    width = _LARGE if len(chosen) <= _MOST_LARGE else _SMALL
    for number, result in enumerate(chosen, start=1):
        at, moment = _moment(result)
        screen = _NO_SCREEN if result.replayed.killed else camera(result.drawing, at)
        screen = _shrink(screen, width)
        line = dump_drawing(result.drawing)
        yield Failure(
            number=number,
            result=result,
            ink=picture_ink(result.drawing),
            digits=tuple(_see(result)),
            screen=png_uri(screen.quantize(64)),
            moment=moment,
            screen_size=screen.size,
            line=line if len(line) <= _LONGEST_LINE else "",
            facts=tuple(_facts(result.drawing)),
        )


def _choose(failures: Sequence[Result], most: int) -> list[Result]:
    """Take one of each kind of mistake, and so on; crashes and failed checks stand first."""
    kinds: defaultdict[tuple[bool, bool, int, str, str], list[Result]] = defaultdict(list)
    for result in failures:
        meant, read = group_of(result.word), read_as(result)
        is_answer = not result.violations
        kinds[result.outcome != CRASHED, is_answer, len(meant), meant, read].append(result)
    ordered = [kinds[kind] for kind in sorted(kinds)]
    rounds = chain.from_iterable(zip_longest(*ordered))
    chosen = {id(result) for result in list(filter(None, rounds))[:most]}
    return [result for kind in ordered for result in kind if id(result) in chosen]


def _moment(result: Result) -> tuple[int | None, str]:
    """Choose the moment to look at: its time, and what it is in words."""
    for _, broken in result.violations:
        if broken.at is not None:
            return broken.at, broken.moment
    return None, "at the end"


def _facts(drawing: Drawing) -> Iterator[str]:
    if drawing.place:
        yield f"{PurePath(drawing.place.file).name}:{drawing.place.line}"
    if drawing.writer:
        yield f"writer {drawing.writer}"
    if drawing.device:
        yield drawing.device
    yield from drawing.tags
    if drawing.events:
        yield "with " + ", ".join(dict.fromkeys(event[1] for event in drawing.events))


def _see(result: Result) -> Iterator[SeenDigit]:
    is_aligned = len(result.word) == len(result.digits) and result.word.isdecimal()
    for index, digit in enumerate(result.digits[:_MOST_DIGITS]):
        meant = int(result.word[index]) if is_aligned else None
        yield SeenDigit(digit, png_uri(Image.fromarray(255 - digit.image)), meant)


def _shrink(picture: Image.Image, width: int) -> Image.Image:
    if picture.width <= width:
        return picture
    height = max(1, round(picture.height * width / picture.width))
    return picture.resize((width, height), Image.Resampling.LANCZOS)


def png_uri(picture: Image.Image) -> str:
    """Give a picture as a data URI."""
    png = io.BytesIO()
    picture.save(png, "PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(png.getvalue()).decode()
