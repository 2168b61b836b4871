"""Pages of ink: one recording if a label can belong to all of it, or a recording of each part.

A page holds lines, lines hold numbers, and numbers hold digits. Nobody has said what a part of a
page means, so it is unlabelled: its word is only what it is read as, and it is tagged `unlabelled`,
as drawings in digitdraw are until somebody labels them. No network is trained on it until then. If
the user says what the label of the page means, that holds for the parts that have as many digits.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache
from itertools import accumulate

import click
import numpy as np

from digitbench.formats.labels import advice, check_belongs, meaning_of
from digitbench.formats.skipped import Skipped, SkippedError
from digitnet import Drawing, Recognizer, Stroke
from digitnet.ink import EVEN_TIMES, UNLABELLED, Box, from_zero, union
from digitnet.preprocessing.text_lines import stroke_lines, typical_height

LINE, NUMBER, DIGIT = "line", "number", "digit"

SPLIT_OPTION = click.Option(
    ["--split"],
    type=click.Choice([LINE, NUMBER, DIGIT]),
    help="inkml, xopp: make each of these on a page without labels of its own, or with one that "
    "cannot belong to all of it, a recording tagged unlabelled.",
)

_HOW = "import its parts unlabelled, with --split number, line or digit"

# Gaps between numbers, over the height of their line, are wider than most gaps of the page; nothing
# up to the first is one, and everything above the last is. So 184 of 184 numbers of UNIPEN stay
# whole, and 46 of 96 texts of several numbers fall into as many as they have.
_GAP, _WIDER, _WIDE = 0.7, 2.5, 2.0
_HEIGHT, _WIDEST = 500.0, 2000.0  # pixels; of the ink of a part
_MARGIN = 0.25  # of the longer side of a part that is one digit


def read_page(
    page: Drawing,
    label: str,
    words: Mapping[str, str],
    split: str | None,
    skipped: Skipped,
    place: str,
) -> Iterator[Drawing]:
    """Yield a page as one recording, or its parts, or nothing, which is counted.

    Args:
        page: all of its ink.
        label: of the page, as the other format has it.
        words: the user's mapping from labels to words.
        split: which parts are recordings if the page is not, or if the user says what its label
            means: "line", "number" or "digit"; None to skip a page that is no recording.
        skipped: counts what cannot be imported.
        place: file and line number.
    """
    label = " ".join(label.split())
    try:
        whole = _labelled(page, label, words)
    except SkippedError as error:
        if split is None:
            skipped.skip(place, error.reason, f"{error}; or {_HOW}")
            return
    else:
        if split is None or label not in words:
            yield whole
            return
    if label and label not in words:
        message = f"the label {label[:40]!r} belongs to no part of the page; it is left out"
        skipped.skip_other(place, "labels of pages", message)
    for part in split_page(page, split):
        yield _labelled_part(part, page, label, words)


def _labelled_part(part: Drawing, page: Drawing, label: str, words: Mapping[str, str]) -> Drawing:
    """Return a part of a page with what the user says of the page, if that can be true of it."""
    if label in words and (not words[label] or len(words[label]) == len(part.word)):
        with suppress(SkippedError):
            return _labelled(replace(part, tags=page.tags), label, words)
    return part


def _labelled(ink: Drawing, label: str, words: Mapping[str, str]) -> Drawing:
    """Return ink with what its label means; SkippedError if it means nothing or belongs to less."""
    meaning = meaning_of(label, words)
    if meaning is None:
        raise SkippedError("with unclear labels", advice(label))
    labelled = replace(ink, word=meaning.word, tags=_with(ink, meaning.tags))
    check_belongs(labelled, meaning.characters)
    return labelled


def split_page(page: Drawing, unit: str) -> Iterator[Drawing]:
    """Yield the parts of a page, line by line from the top; each stroke is in exactly one.

    Each part stands alone on a canvas that is somewhat larger, with its word what it is read as.

    Args:
        page: its ink.
        unit: "line"; "number", which ends at a wide gap; or "digit", as digitnet reads them. Digits
            that share a stroke are one part.
    """
    boxes = [stroke.bounds for stroke in page.strokes]
    parts: Iterable[Sequence[int]] = stroke_lines(boxes)
    if unit != LINE:
        parts = _numbers(parts, boxes)
    if unit == DIGIT:
        parts = [digit for number in parts for digit in _digits(number, page.strokes)]
    for index, part in enumerate(parts):
        drawing = _alone(page, sorted(part))
        yield replace(
            drawing,
            word=_recognizer().predict(drawing).text,
            key_id=f"{page.key_id}-{index:03d}",
            tags=_with(page, (UNLABELLED,)),
        )


@cache
def _recognizer() -> Recognizer:
    return Recognizer(threads=1)


def _with(page: Drawing, tags: tuple[str, ...]) -> tuple[str, ...]:
    """Return the tags of a page with others, before that of even times."""
    own = tuple(tag for tag in page.tags if tag != EVEN_TIMES)
    return (*own, *tags, *((EVEN_TIMES,) if EVEN_TIMES in page.tags else ()))


def _numbers(lines: Iterable[Sequence[int]], boxes: Sequence[Box]) -> list[list[int]]:
    """Cut lines at their wide gaps."""
    ordered = [sorted(line, key=lambda index: boxes[index][0]) for line in lines]
    gaps = [_gaps(line, boxes) for line in ordered]
    typical = [gap for line in gaps for gap in line if gap > 0]
    least = min(max(_GAP, _WIDER * statistics.median(typical or [0.0])), _WIDE)
    numbers: list[list[int]] = []
    for line, before in zip(ordered, gaps, strict=True):
        numbers.append(line[:1])
        for index, gap in zip(line[1:], before, strict=True):
            if gap > least:
                numbers.append([])
            numbers[-1].append(index)
    return numbers


def _gaps(line: Sequence[int], boxes: Sequence[Box]) -> list[float]:
    """Return how far each stroke but the first is from all before, over the height of the line."""
    height = typical_height(np.array([max(boxes[index][3], 1e-9) for index in line]))
    rights = accumulate((boxes[index][0] + boxes[index][2] for index in line), max)
    return [
        (boxes[index][0] - right) / height for index, right in zip(line[1:], rights, strict=False)
    ]


def _digits(number: Sequence[int], strokes: Sequence[Stroke]) -> list[list[int]]:
    """Return the strokes of each digit; those of digits that share a stroke together."""
    drawing = Drawing(tuple(strokes[index] for index in number))
    digits: list[set[int]] = []
    for found in _recognizer().predict(drawing).digits:
        digit = {number[index] for index in found.strokes or ()}
        for other in [other for other in digits if other & digit]:
            digits.remove(other)
            digit |= other
        digits.append(digit)
    rest = set(number).difference(*digits)
    return [sorted(digit) for digit in (*digits, *([rest] if rest else []))]


def _alone(page: Drawing, part: Sequence[int]) -> Drawing:
    """Return strokes of a page on a canvas of their own, with times from 0."""
    strokes = [page.strokes[index] for index in part]
    left, top, width, height = union([stroke.bounds for stroke in strokes])
    longest = max(height, width / (_WIDEST / _HEIGHT), 1e-9)
    scale = _HEIGHT / longest
    margin = _MARGIN * longest
    canvas = (round((width + 2 * margin) * scale), round((height + 2 * margin) * scale))
    moved = tuple(
        Stroke(
            (round((x - left + margin) * scale, 2), round((y - top + margin) * scale, 2), t)
            for x, y, t in stroke.points
        )
        for stroke in strokes
    )
    pen = page.pen_pixels * scale / min(canvas)
    alone = replace(page, strokes=moved, canvas=canvas, pen=pen if 0 < pen <= 1 else None)
    return from_zero(alone)
