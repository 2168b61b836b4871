"""Xournal++ documents to drawings: the pen's strokes of each page.

A document (.xopp, and .xoj of Xournal) is XML, mostly packed by gzip: pages with layers of strokes,
``<stroke tool="pen" width="1.41 …">x y x y …</stroke>``, in points of 1/72 inch. It knows neither
labels nor times.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

from digitbench.formats.canvas_fit import LARGEST, even_times
from digitbench.formats.files import read_bytes, stem_of
from digitbench.formats.format import Importer
from digitbench.formats.pages import SPLIT_OPTION, read_page
from digitbench.formats.skipped import Skipped, SkippedError
from digitbench.formats.xml import Element, has_root, parse_xml
from digitnet import Drawing, Stroke
from digitnet.errors import InkError, RecordingError
from digitnet.ink import EVEN_TIMES
from digitnet.recordings.finder import FileType

_OTHERS = {"text": "texts", "teximage": "formulas", "image": "images", "link": "links"}
_LARGEST_PAGE = 1e6  # the largest canvas that a recording may have


def read_xopp(
    path: Path,
    skipped: Skipped | None = None,
    *,
    words: Mapping[str, str] = MappingProxyType({}),
    split: str | None = None,
) -> Iterator[Drawing]:
    """Read the pages of a Xournal++ document.

    The layers of a page are read as one drawing, on a canvas of the size of the page. Highlighters,
    erasers, texts and images are skipped and counted. Times are made up at an even pace, and the
    drawing is tagged `even-times`.

    Args:
        path: the file.
        skipped: counts what cannot be imported; None to ignore it.
        words: the user's mapping from labels to words, of which only that of "" is used.
        split: whether the parts of a page are recordings; see `digitbench.formats.pages`.

    Yields:
        drawings in the order of the document, named after the file and the number of the page.

    Raises:
        RecordingError: the file cannot be read or is not a Xournal++ document; the message names
            file and line.
    """
    skipped = skipped if skipped is not None else Skipped()
    root = parse_xml(read_bytes(path), str(path))
    if root.name != "xournal":
        raise RecordingError(
            f"{path}:{root.line}: is not a Xournal++ document but <{root.name}>; use one"
        )
    for number, page in enumerate(root.all("page"), start=1):
        place = f"{path}:{page.line}"
        try:
            drawing = _drawing(page, path, number, skipped)
        except SkippedError as error:
            skipped.skip(place, error.reason, f"{error}; the page is skipped")
        except InkError as error:
            skipped.skip(place, "with invalid ink", f"{error}; the page is skipped")
        else:
            yield from read_page(drawing, "", words, split, skipped, place)


XOPP_IMPORTER = Importer(
    "xopp",
    FileType(".xopp or .xoj files", {".xopp", ".xoj"}),
    read_xopp,
    options=(SPLIT_OPTION,),
    title="Xournal++",
    recognizes=lambda head: has_root(head, "xournal"),
)


def _drawing(page: Element, path: Path, number: int, skipped: Skipped) -> Drawing:
    """Return the strokes of a page.

    Raises:
        SkippedError: there are none, or one is damaged.
        InkError: there are too many points, or they are too far away.
    """
    traces, widths = [], []
    for element in page.within():
        place = f"{path}:{element.line}"
        if element.name in _OTHERS:
            message = f"<{element.name}> is not ink; it is skipped"
            skipped.skip_other(place, _OTHERS[element.name], message)
        elif element.name == "stroke":
            tool = element.attributes.get("tool", "pen")
            if tool != "pen":
                message = f"a stroke of the {tool[:40]} is not ink; it is skipped"
                skipped.skip_other(place, "strokes of other tools", message)
                continue
            traces.append(_points(element))
            widths += _numbers(element.attributes.get("width", ""))[:1]
    if not traces:
        raise SkippedError("without ink", "the page has no strokes of a pen")
    times = even_times(map(len, traces))
    strokes = tuple(
        Stroke((x, y, t) for (x, y), t in zip(trace, clock, strict=True))
        for trace, clock in zip(traces, times, strict=True)
    )
    canvas = _size(page)
    width = statistics.median(widths) if widths else 0.0
    pen = width / min(canvas) if canvas else 0.0
    return Drawing(
        strokes,
        key_id=f"{stem_of(path)}-{number:05d}",
        canvas=canvas,
        pen=pen if 0 < pen <= 1 else None,
        device="pen",
        source=path.name,
        tags=(EVEN_TIMES,),
    )


def _points(stroke: Element) -> list[tuple[float, float]]:
    values = _numbers(stroke.text)
    if not values or len(values) % 2:
        raise SkippedError(
            "with damaged strokes", f"the stroke of line {stroke.line} is not pairs of numbers"
        )
    return list(zip(values[::2], values[1::2], strict=True))


def _size(page: Element) -> tuple[float, float] | None:
    sides = [_numbers(page.attributes.get(name, "")) for name in ("width", "height")]
    if not all(len(side) == 1 and 0 < side[0] <= _LARGEST_PAGE for side in sides):
        return None
    (width,), (height,) = sides
    return width, height


def _numbers(text: str) -> list[float]:
    """Parse numbers; none if one of them is something else."""
    try:
        numbers = [float(part) for part in text.split()]
    except ValueError:
        return []
    return numbers if all(math.isfinite(n) and abs(n) <= LARGEST for n in numbers) else []
