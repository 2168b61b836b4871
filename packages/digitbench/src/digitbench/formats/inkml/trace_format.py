"""How to read the points of InkML traces: their contexts and trace formats.

A trace refers to a context, or inherits that of its group, or else uses the last one before it.
Physical lengths become pixels, 96 per inch; device units and unknown units count as pixels. Times
become milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from digitbench.formats.xml import Element

_PIXELS = {"m": 96 / 0.0254, "cm": 96 / 2.54, "mm": 96 / 25.4, "in": 96, "pt": 96 / 72, "pc": 16}
_MILLISECONDS = {"s": 1000, "ms": 1, "us": 1e-3, "ns": 1e-6}


@dataclass(frozen=True)
class TraceFormat:
    """What the values in the points of a trace mean.

    Attributes:
        regular: the channels that every point has, such as X, Y, T.
        intermittent: the number of further channels that a point may have.
        scales: by channel, the factor to pixels, x pointing right and y down, or to milliseconds.
        rate: points per second, or None.
        from_trace: whether T counts from the start of the trace itself.
    """

    regular: tuple[str, ...] = ("X", "Y")
    intermittent: int = 0
    scales: Mapping[str, float] | None = None
    rate: float | None = None
    from_trace: bool = True

    def scale(self, channel: str) -> float:
        """Return the factor of a channel, 1 if it is unknown."""
        return (self.scales or {}).get(channel, 1)


def trace_formats(root: Element, ids: Mapping[str, Element]) -> dict[int, TraceFormat]:
    """Return the format of each trace in a document, keyed by the `id()` of its element."""
    found: dict[int, TraceFormat] = {}
    known: dict[int, TraceFormat] = {}

    def visit(element: Element, context: Element | None) -> None:
        context = _target(element, "contextRef", ids) or context
        if element.name == "trace":
            key = id(context)
            if key not in known:
                known[key] = _to_format(context, ids) if context else TraceFormat()
            found[id(element)] = known[key]
        for child in element.children:
            visit(child, context)
            # Definitions apply where they are referred to; other contexts apply from here on.
            if child.name in ("context", "traceFormat", "inkSource") and element.name == "ink":
                context = child

    visit(root, None)
    return found


def _target(element: Element, attribute: str, ids: Mapping[str, Element]) -> Element | None:
    name = element.attributes.get(attribute, "")
    return ids.get(name.removeprefix("#")) if name else None


def _parts(context: Element, ids: Mapping[str, Element]) -> Iterator[Element]:
    """Yield a context, its children and the elements it refers to, nearest first."""
    waiting, seen = [context], set[int]()
    while waiting:
        part = waiting.pop(0)
        if id(part) in seen:
            continue
        seen.add(id(part))
        yield part
        waiting += part.all("traceFormat", "inkSource")
        for attribute in ("traceFormatRef", "inkSourceRef", "contextRef"):
            target = _target(part, attribute, ids)
            waiting += [target] if target else []


def _to_format(context: Element, ids: Mapping[str, Element]) -> TraceFormat:
    rate, channels, intermittent = None, list[Element](), 0
    for part in _parts(context, ids):
        sample_rate = part.first("sampleRate")
        if rate is None and sample_rate is not None:
            rate = _positive(sample_rate.attributes.get("value", ""))
        if part.name == "traceFormat" and not channels:
            channels = list(part.all("channel"))
            for others in part.all("intermittentChannels"):
                intermittent += len(list(others.all("channel")))
            for others in part.all("regularChannels"):
                channels += others.all("channel")
    if not channels:
        return TraceFormat(rate=rate)
    names = tuple(channel.attributes.get("name", "") for channel in channels)
    scales = {name: _scale(name, channel) for name, channel in zip(names, channels, strict=True)}
    from_trace = not any(
        channel.attributes.get("respectTo")
        for name, channel in zip(names, channels, strict=True)
        if name == "T"
    )
    return TraceFormat(names, intermittent, scales, rate, from_trace)


def _scale(name: str, channel: Element) -> float:
    units = _MILLISECONDS if name == "T" else _PIXELS
    scale = units.get(channel.attributes.get("units", ""), 1)
    return -scale if channel.attributes.get("orientation") == "-ve" else scale


def _positive(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if 1e-3 <= number <= 1e6 else None
