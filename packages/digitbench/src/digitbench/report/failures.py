"""The recordings that failed, with everything that helps to see why."""

from __future__ import annotations

import base64
import io
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from pathlib import PurePath

from PIL import Image

from digitbench.report.breakdown import read_as
from digitbench.report.ink_picture import InkPicture, picture_ink
from digitbench.report.report import Camera
from digitbench.run.suite import CRASHED, Result
from digitbench.run.tally import group_of
from digitnet import Digit, Drawing
from digitnet.recordings import dump_drawing

MOST_SHOWN = 100
"""The maximum number of failures that are shown in detail."""

_MOST_LARGE = 30
_LARGE, _SMALL = 960, 480
_MOST_DIGITS = 12
_NO_SCREEN = Image.new("RGB", (960, 640))
_LONGEST_LINE = 100_000


@dataclass(frozen=True)
class ShownDigit:
    """A digit that the app found.

    Attributes:
        digit: the digit.
        picture: what the network saw of it, as a data URI.
        meant: what it should have been read as; None if that is unknown.
    """

    digit: Digit
    picture: str
    meant: int | None


@dataclass(frozen=True)
class FailureDetails:
    """What the report shows of a recording that failed.

    Attributes:
        number: counted from 1, in the order in which failures are shown.
        result: the result of the recording.
        ink: the ink as it was drawn.
        digits: the first few digits that were found.
        screen: a picture of the app, as a data URI.
        moment: when it was taken, in words: at the first assertion that failed, or at the end.
        screen_size: its (width, height) in pixels.
        line: the recording as NDJSON; "" if it is too long to show.
        facts: what else is known about the recording, in a few words each.
    """

    number: int
    result: Result
    ink: InkPicture
    digits: tuple[ShownDigit, ...]
    screen: str
    moment: str
    screen_size: tuple[int, int]
    line: str
    facts: tuple[str, ...]


def failure_details(results: Sequence[Result], camera: Camera) -> Iterator[FailureDetails]:
    """Choose up to `MOST_SHOWN` failures, and collect what there is to see of them.

    Failures of the same kind follow each other, and each kind gets the same share. The more
    failures there are, the smaller the pictures of the app.
    """
    chosen = _choose([result for result in results if not result.is_right], MOST_SHOWN)
    width = _LARGE if len(chosen) <= _MOST_LARGE else _SMALL
    for number, result in enumerate(chosen, start=1):
        at, moment = _moment(result)
        screen = _NO_SCREEN if result.replayed.killed else camera(result.drawing, at)
        screen = _shrink(screen, width)
        line = dump_drawing(result.drawing)
        yield FailureDetails(
            number=number,
            result=result,
            ink=picture_ink(result.drawing),
            digits=tuple(_digits(result)),
            screen=png_uri(screen.quantize(64)),
            moment=moment,
            screen_size=screen.size,
            line=line if len(line) <= _LONGEST_LINE else "",
            facts=tuple(_facts(result.drawing)),
        )


def _choose(failures: Sequence[Result], most: int) -> list[Result]:
    """Choose failures, the same number of each kind; crashes and failed checks come first."""
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
    """Return when to take the picture, in milliseconds (None for the end), and in words."""
    for _, violation in result.violations:
        if violation.at is not None:
            return violation.at, violation.moment
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


def _digits(result: Result) -> Iterator[ShownDigit]:
    is_aligned = len(result.word) == len(result.digits) and result.word.isdecimal()
    for index, digit in enumerate(result.digits[:_MOST_DIGITS]):
        meant = int(result.word[index]) if is_aligned else None
        yield ShownDigit(digit, png_uri(Image.fromarray(255 - digit.image)), meant)


def _shrink(picture: Image.Image, width: int) -> Image.Image:
    if picture.width <= width:
        return picture
    height = max(1, round(picture.height * width / picture.width))
    return picture.resize((width, height), Image.Resampling.LANCZOS)


def png_uri(picture: Image.Image) -> str:
    """Return a picture as a data URI."""
    png = io.BytesIO()
    picture.save(png, "PNG", optimize=True)
    return "data:image/png;base64," + base64.b64encode(png.getvalue()).decode()
