"""The strokes of an InkML document: which belong to a group, and when they were drawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import cast

from digitbench.formats.canvas_fit import LARGEST, Trace
from digitbench.formats.inkml.trace import decode
from digitbench.formats.inkml.trace_format import TraceFormat, trace_formats
from digitbench.formats.skipped import SkippedError
from digitbench.formats.xml import Element
from digitnet.errors import RecordingError
from digitnet.ink import MAX_POINTS
from digitnet.points import PAUSE_MS, STEP_MS

_HOLDERS = ("trace", "traceGroup", "traceView")


@dataclass(frozen=True)
class TimedTrace:
    """The points of a trace or of a part of it.

    Attributes:
        element: the trace.
        points: in pixels and milliseconds.
        has_start: whether the times say when the trace started, not only how long it took.
        is_even: whether the times are made up.
    """

    element: Element
    points: Trace
    has_start: bool
    is_even: bool


class InkDocument:
    """The strokes of a document.

    Args:
        root: the document's ``ink`` element.
    """

    def __init__(self, root: Element) -> None:
        self._root = root
        self._ids: dict[str, Element] = {}
        for element in root.within():
            self._ids.setdefault(element.attributes.get("id", ""), element)
        self._ids.pop("", None)
        self._formats = trace_formats(root, self._ids)
        self._traces: dict[int, TimedTrace | SkippedError] = {}
        self._points_left = 0

    def all_points(self) -> Iterator[Trace]:
        """Yield the points of every readable trace that is ink."""
        for element in self._root.within():
            if element.name == "trace" and element.attributes.get("type") != "penUp":
                trace = self._trace(element)
                if isinstance(trace, TimedTrace):
                    yield trace.points

    def traces(self, element: Element) -> list[TimedTrace]:
        """Return the strokes of a group, a view or the document.

        Raises:
            SkippedError: a part is missing, damaged or refers to itself, or there are too many.
        """
        self._points_left = MAX_POINTS
        found: list[TimedTrace] = []
        for part in self._within(element, [], [], ()):
            earlier = self._target(part.element, "priorRef")
            is_rest = part.element.attributes.get("continuation") in ("middle", "end")
            if is_rest and found and earlier is found[-1].element:
                whole = [*found[-1].points, *part.points]
                found[-1] = replace(found[-1], element=part.element, points=whole)
            elif part.points:
                found.append(part)
        return found

    def in_time(self, element: Element) -> tuple[list[Trace], bool]:
        """Return the strokes of a group on one clock, and whether any times are made up.

        Strokes without a known start, or with one before the end of the previous stroke, follow it
        after a pause.

        Raises:
            SkippedError: there is no ink, or see `traces`.
        """
        found = self.traces(element)
        if not found:
            raise SkippedError("without ink", "there is no ink")
        clock: float | None = None
        traces = []
        for part in found:
            start = part.points[0][2]
            shift = 0.0
            if clock is not None and (not part.has_start or start < clock):
                shift = clock + PAUSE_MS - start
            traces.append([(x, y, t + shift) for x, y, t in part.points])
            clock = traces[-1][-1][2]
        return traces, any(part.is_even for part in found)

    def _within(
        self, element: Element, begin: list[int], end: list[int], above: tuple[int, ...]
    ) -> Iterator[TimedTrace]:
        """Yield strokes of an element, between two paths of indices: child, grandchild, point."""
        self._points_left -= 1
        if id(element) in above:
            raise SkippedError("with views of themselves", "a view refers to itself")
        if self._points_left < 0:
            raise SkippedError("that are too large", "views refer to more than a drawing can hold")
        if element.name == "trace":
            yield from self._part(element, begin, end)
            return
        above = (*above, id(element))
        children = list(element.all(*_HOLDERS))
        if element.name == "ink" and any(child.name != "traceView" for child in children):
            children = [child for child in children if child.name != "traceView"]
        if "traceDataRef" in element.attributes:
            target = self._target(element, "traceDataRef")
            name = element.attributes["traceDataRef"]
            if target is None or target.name not in (*_HOLDERS, "ink"):
                raise SkippedError("with missing traces", f"there is no trace {name[:40]!r} here")
            begin, end = _indices(element, "from"), _indices(element, "to")
            yield from self._within(target, begin, end, above)
        else:
            first = begin[0] - 1 if begin else 0
            last = min(end[0] if end else len(children), len(children))
            for index in range(first, last):
                yield from self._within(
                    children[index],
                    begin[1:] if index == first else [],
                    end[1:] if end and index == end[0] - 1 else [],
                    above,
                )

    def _part(self, element: Element, begin: list[int], end: list[int]) -> Iterator[TimedTrace]:
        if element.attributes.get("type") == "penUp":
            return
        trace = self._trace(element)
        if isinstance(trace, SkippedError):
            raise trace
        points = trace.points[begin[0] - 1 if begin else 0 : end[0] if end else None]
        self._points_left -= len(points)
        yield replace(trace, points=points)

    def _target(self, element: Element, attribute: str) -> Element | None:
        return self._ids.get(element.attributes.get(attribute, "").removeprefix("#"))

    def _trace(self, element: Element) -> TimedTrace | SkippedError:
        """Decode a trace, once."""
        if id(element) not in self._traces:
            try:
                self._traces[id(element)] = _decode(element, self._formats[id(element)])
            except RecordingError as error:
                message = f"the trace of line {element.line} is damaged: {error}"
                self._traces[id(element)] = SkippedError("with damaged traces", message)
        return self._traces[id(element)]


def _decode(element: Element, format_: TraceFormat) -> TimedTrace:
    names = format_.regular
    if not {"X", "Y"} <= set(names):
        raise RecordingError("its format lacks X or Y")
    at_x, at_y = names.index("X"), names.index("Y")
    rows = [
        row
        for row in decode(element.text, len(names), format_.intermittent)
        if row[at_x] is not None and row[at_y] is not None
    ]
    xs, ys = ([_scaled(row[at], format_.scale(names[at])) for row in rows] for at in (at_x, at_y))
    if any(abs(value) > LARGEST for value in [*xs, *ys]):
        raise RecordingError("its coordinates are too large for any tablet")
    offset = _number(element, "timeOffset")
    if "T" in names and all(row[names.index("T")] is not None for row in rows):
        scale = format_.scale("T")
        begin = offset or 0 if format_.from_trace else 0
        times = [_scaled(row[names.index("T")], scale) + begin for row in rows]
        return TimedTrace(
            element, list(zip(xs, ys, times, strict=True)), has_start=True, is_even=False
        )
    duration = _number(element, "duration")
    step = 1000 / format_.rate if format_.rate else STEP_MS
    if duration is not None and duration >= 0 and len(rows) > 1:
        step = duration / (len(rows) - 1)
    times = [(offset or 0) + step * index for index in range(len(rows))]
    is_even = duration is None and format_.rate is None
    points = list(zip(xs, ys, times, strict=True))
    return TimedTrace(element, points, has_start=offset is not None, is_even=is_even)


def _scaled(value: float | None, scale: float) -> float:
    number = cast("float", value)
    return number if scale == 1 else number * scale


def _number(element: Element, attribute: str) -> float | None:
    try:
        number = float(element.attributes[attribute])
    except (KeyError, ValueError):
        return None
    return number if abs(number) <= LARGEST else None


def _indices(element: Element, attribute: str) -> list[int]:
    text = element.attributes.get(attribute, "")
    parts = text.split(":") if text else []
    if not all(part.isascii() and part.isdecimal() and int(part[:9]) > 0 for part in parts):
        raise SkippedError(
            "with damaged views", f"{text[:40]!r} is not a position; use 1, 2:3 or 1:2:3"
        )
    return [int(part[:9]) for part in parts]
