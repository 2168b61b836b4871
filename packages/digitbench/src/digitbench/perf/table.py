"""The table of figures that `digitbench perf` prints, with its legend."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from digitbench.perf.figures import Figure

_LEGEND = """\
median, q1, q3: median and quartiles of n repeats; p50, p99: percentiles within a repeat"""
_RATIO = """\
ratio: this median over the earlier one; (in brackets): not significant, because the quartiles of
both runs overlap; an n of 1 has no spread"""


def as_table(figures: Mapping[str, Figure], earlier: Mapping[str, Figure] | None = None) -> str:
    """Return a table with a row for each figure, and a legend.

    Args:
        figures: the figures by name.
        earlier: the figures of another run to compare with; it may lack some.
    """
    width = max(map(len, [*figures, "figure"]))
    head = f"{'figure':<{width}} {'unit':>4}{'median':>11}{'q1':>11}{'q3':>11}{'n':>4}"
    rows = [head if earlier is None else f"{head}{'earlier':>11}{'ratio':>9}"]
    for name, figure in figures.items():
        spread = "".join(f"{number(x):>11}" for x in (figure.median, figure.q1, figure.q3))
        row = f"{name:<{width}} {figure.kind.unit:>4}{spread}{len(figure.values):>4}"
        rows.append(row if earlier is None else row + _compared(figure, earlier.get(name)))
    legend = [*_meanings(figures), _LEGEND, *([] if earlier is None else [_RATIO])]
    return "\n".join([*rows, "", *legend])


def is_within_spread(one: Figure, other: Figure) -> bool:
    """Whether the quartiles of two figures overlap, so that their difference is not significant."""
    return one.q1 <= other.q3 and other.q1 <= one.q3


def number(value: float) -> str:
    """Format the value of a figure with about three significant digits."""
    size = abs(value)
    return f"{value:z,.{0 if size >= 1000 else 1 if size >= 100 else 2}f}"


def _compared(figure: Figure, then: Figure | None) -> str:
    if then is None:
        return f"{'–':>11}{'–':>9}"
    ratio = f"{figure.median / then.median:.2f}" if then.median > 0 else "–"
    if is_within_spread(figure, then):
        ratio = f"({ratio})"
    return f"{number(then.median):>11}{ratio:>9}"


def _meanings(figures: Mapping[str, Figure]) -> Iterator[str]:
    kinds = [figure.kind for figure in figures.values() if figure.kind.meaning]
    width = max((len(kind.family) for kind in kinds), default=0)
    for kind in kinds:
        yield f"{kind.family:<{width}}  {kind.meaning}"
