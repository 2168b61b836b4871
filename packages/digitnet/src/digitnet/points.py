"""Points row by row, with a third column that tells strokes apart, to strokes.

Collections of handwriting without a known format mostly hold rows x, y and one more number, which
says in one of three ways where a stroke ends.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from digitnet.errors import ArgumentError, InkError, reason_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Third: TypeAlias = Literal["pen-down", "stroke-end", "stroke-id"]
"""What the third number of a row means; see `digitnet.Drawing.from_points`."""

Trace: TypeAlias = "list[tuple[float, float, float]]"
"""The points (x, y, t) of a stroke."""

STEP_MS, PAUSE_MS = 10.0, 100.0
"""The time between points, and between strokes, where none is known."""

_THIRDS = ("pen-down", "stroke-end", "stroke-id")

_MOST_ROWS = 4_000_000  # a drawing holds fewer points; the rest may be movements in the air


def to_traces(
    points: Iterable[Sequence[float]] | NDArray[Any],
    *,
    third: Third,
    times: Iterable[float] | None = None,
    rate: float | None = None,
    y_up: bool = False,
    relative: bool = False,
    height: float | None = None,
) -> list[Trace]:
    """Split rows into the points of each stroke; times start at 0.

    Args:
        points: as for `digitnet.Drawing.from_points`, and so are the next five arguments.
        third: what the third number of a row means.
        times: of the rows, in milliseconds.
        rate: rows per second.
        y_up: whether y points up.
        relative: whether rows are steps.
        height: of the canvas, within which y is flipped; None to flip it within the ink.

    Raises:
        InkError: these are not rows of three numbers, or their number differs from that of the
            times, or the rows of a stroke are not together.
        ArgumentError: an argument means nothing.
    """
    import numpy as np  # not needed by those who draw

    if third not in _THIRDS:
        raise ArgumentError(f"third={third!r}: pass one of {', '.join(map(repr, _THIRDS))}")
    if times is not None and rate is not None:
        raise ArgumentError("times and rate both say when a point was drawn; pass one of them")
    if rate is not None and not 0 < rate < math.inf:
        raise ArgumentError(f"rate={rate!r}: pass how many rows there are per second")
    rows = _numbers(points, "the points")
    if not rows.size:
        return []
    if rows.ndim != 2 or rows.shape[1] != 3:
        raise InkError(f"the points have the shape {rows.shape}; pass rows of three numbers")
    state = rows[:, 2]
    if not np.isfinite(state).all():
        raise InkError(f"row {_first(~np.isfinite(state)) + 1}: its third number is not finite")
    is_ink = state != 0 if third == "pen-down" else np.ones(len(rows), bool)
    starts = _starts(state, third)
    clock = _clock(len(rows), starts, third, times, rate)
    xy = np.cumsum(rows[:, :2], axis=0) if relative else rows[:, :2].copy()
    if not is_ink.any():
        return []
    if y_up:
        y = xy[is_ink, 1]
        xy[:, 1] = (y.min() + y.max() if height is None else height) - xy[:, 1]
    clock = clock - clock[is_ink][0]
    table = np.column_stack([xy, clock])
    parts = zip(np.split(table, starts), np.split(is_ink, starts), strict=True)
    return [[(x, y, t) for x, y, t in part.tolist()] for part, ink in parts if ink.all()]


def _numbers(values: Any, what: str) -> NDArray[np.float64]:
    """Convert rows or times to float64; InkError if they are something else."""
    import numpy as np

    try:
        if not hasattr(values, "__array__"):
            values = list(islice(values, _MOST_ROWS + 1))
        array = np.asarray(values)
        is_real = array.dtype.kind not in "cmM"
        # Numbers in text files are texts.
        table = array[: _MOST_ROWS + 1].astype(np.float64) if is_real else array
    except Exception as error:  # other packages' arrays raise anything
        raise InkError(f"{what} are not rows of numbers ({reason_of(error)})") from None
    if not is_real:
        raise InkError(f"{what} are of {array.dtype}; pass real numbers")
    if len(table) > _MOST_ROWS:
        raise InkError(f"{what} are more than {_MOST_ROWS:,}; pass those of one drawing")
    return table


def _starts(state: NDArray[np.float64], third: Third) -> NDArray[np.intp]:
    """Return the rows, but for the first, at which another stroke or movement in the air starts."""
    import numpy as np

    if third == "pen-down":
        state = state != 0
    elif third == "stroke-end":
        # The row after the end of a stroke.
        return np.flatnonzero(state[:-1]) + 1
    starts = np.flatnonzero(state[1:] != state[:-1]) + 1
    if third == "stroke-id":
        firsts = state[np.concatenate([[0], starts])]
        ids, at = np.unique(firsts, return_index=True)
        if len(ids) < len(firsts):
            again = _first(~np.isin(np.arange(len(firsts)), at))
            row = starts[again - 1]
            raise InkError(
                f"row {row + 1}: stroke {state[row]:g} continues after another one; sort the rows"
            )
    return starts


def _clock(
    count: int,
    starts: NDArray[np.intp],
    third: Third,
    times: Iterable[float] | None,
    rate: float | None,
) -> NDArray[np.float64]:
    """Return the time of each row, in milliseconds."""
    import numpy as np

    if times is not None:
        clock = _numbers(times, "the times")
        if clock.shape != (count,):
            raise InkError(f"{count} points have times of shape {clock.shape}; pass one for each")
        return clock
    steps = np.full(count, STEP_MS if rate is None else 1000 / rate)
    steps[0] = 0
    if third != "pen-down":  # the time between strokes was not recorded
        steps[starts] = PAUSE_MS
    return np.cumsum(steps)


def _first(where: NDArray[np.bool_]) -> int:
    return int(where.argmax())
