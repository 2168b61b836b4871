"""Where things stand in a window of any size: pure arithmetic, no pixels drawn."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from pygame import Rect

BUTTONS = ("undo", "clear", "save")
"""The buttons' actions, from left to right."""


@dataclass(frozen=True)
class Layout:
    """Rectangles in window pixels.

    Attributes:
        unit: the scale that spacing and type are multiples of.
        board: where ink is drawn.
        answer: the answer, large.
        verdict: the line below it.
        bars: one row for each of the ten digits.
        seen: the square of the 28x28 picture.
        caption: the heading of `seen`.
        buttons: by action.
        status: the line at the bottom.
    """

    unit: int
    board: Rect
    answer: Rect
    verdict: Rect
    bars: tuple[Rect, ...]
    seen: Rect
    caption: Rect
    buttons: dict[str, Rect]
    status: Rect


def arrange(width: int, height: int) -> Layout:
    """Lay a window out: the panel beside the board if it is wide, below it if it is tall."""
    unit = max(4, round(min(width, height) / 90))
    gap = 2 * unit
    status = Rect(gap, height - 4 * unit, max(1, width - 2 * gap), 4 * unit)
    inner = Rect(gap, gap, max(1, width - 2 * gap), max(1, status.top - gap))
    divide = _beside_each_other if width >= height else _below_each_other
    board, head, bars, buttons = divide(inner, unit)
    answer, verdict, seen, caption = _head(unit, head)
    return Layout(
        unit=unit,
        board=board,
        answer=answer,
        verdict=verdict,
        bars=_rows(bars),
        seen=seen,
        caption=caption,
        buttons=_row_of_buttons(buttons, gap),
        status=status,
    )


def _beside_each_other(inner: Rect, unit: int) -> tuple[Rect, Rect, Rect, Rect]:
    """Put the board at the left, and at the right, from the top, head, bars and buttons."""
    gap = 2 * unit
    width = max(34 * unit, round(inner.width * 0.3))
    board = Rect(inner.left, inner.top, max(1, inner.width - width - gap), inner.height)
    panel = Rect(board.right + gap, inner.top, width, inner.height)
    buttons = Rect(panel.left, panel.bottom - 6 * unit, width, 6 * unit)
    head = Rect(panel.left, panel.top, width, max(1, round((buttons.top - panel.top) * 0.36)))
    bars = Rect(panel.left, head.bottom + gap, width, buttons.top - head.bottom - 2 * gap)
    return board, head, bars, buttons


def _below_each_other(inner: Rect, unit: int) -> tuple[Rect, Rect, Rect, Rect]:
    """Put the board at the top, and below it the head at the left of bars and buttons."""
    gap = 2 * unit
    height = max(38 * unit, round(inner.height * 0.34))
    board = Rect(inner.left, inner.top, inner.width, max(1, inner.height - height - gap))
    panel = Rect(inner.left, board.bottom + gap, inner.width, height)
    half = (panel.width - gap) // 2
    head = Rect(panel.left, panel.top, half, height)
    left = head.right + gap
    buttons = Rect(left, panel.bottom - 6 * unit, half, 6 * unit)
    bars = Rect(left, panel.top, half, buttons.top - panel.top - gap)
    return board, head, bars, buttons


def _head(unit: int, head: Rect) -> tuple[Rect, Rect, Rect, Rect]:
    """Divide into answer and verdict at the left, and caption and 28x28 at the right."""
    verdict = Rect(head.left, head.bottom - 4 * unit, head.width, 4 * unit)
    caption = Rect(head.left, head.top, head.width, 3 * unit)
    room = min(head.width // 2, verdict.top - caption.bottom)
    side = max(1, room // 28) * 28  # whole pixels of the 28x28 stay square and sharp
    seen = Rect(head.right - side, caption.bottom, side, side)
    width = max(1, seen.left - head.left - unit)
    answer = Rect(head.left, caption.bottom, width, verdict.top - caption.bottom)
    return answer, verdict, seen, caption


def _rows(area: Rect) -> tuple[Rect, ...]:
    edges = [area.top + area.height * index // 10 for index in range(11)]
    return tuple(
        Rect(area.left, top, area.width, max(1, bottom - top)) for top, bottom in pairwise(edges)
    )


def _row_of_buttons(area: Rect, gap: int) -> dict[str, Rect]:
    width = (area.width - gap * (len(BUTTONS) - 1)) // len(BUTTONS)
    return {
        name: Rect(area.left + index * (width + gap), area.top, max(1, width), area.height)
        for index, name in enumerate(BUTTONS)
    }
