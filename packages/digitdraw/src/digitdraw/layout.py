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
    if width >= height:
        panel_width = max(34 * unit, round(inner.width * 0.3))
        board = Rect(inner.left, inner.top, max(1, inner.width - panel_width - gap), inner.height)
        panel = Rect(board.right + gap, inner.top, panel_width, inner.height)
        return _tall_panel(unit, board, panel, status)
    panel_height = max(38 * unit, round(inner.height * 0.34))
    board = Rect(inner.left, inner.top, inner.width, max(1, inner.height - panel_height - gap))
    panel = Rect(inner.left, board.bottom + gap, inner.width, panel_height)
    return _wide_panel(unit, board, panel, status)


def _tall_panel(unit: int, board: Rect, panel: Rect, status: Rect) -> Layout:
    """From top to bottom: answer beside what the network saw, bars, buttons."""
    gap = 2 * unit
    buttons = Rect(panel.left, panel.bottom - 6 * unit, panel.width, 6 * unit)
    head_height = max(1, round((buttons.top - panel.top) * 0.36))
    head = Rect(panel.left, panel.top, panel.width, head_height)
    answer, verdict, seen, caption = _head(unit, head)
    bars = Rect(panel.left, head.bottom + gap, panel.width, buttons.top - head.bottom - 2 * gap)
    return Layout(
        unit,
        board,
        answer,
        verdict,
        _rows(bars),
        seen,
        caption,
        _row_of_buttons(buttons, gap),
        status,
    )


def _wide_panel(unit: int, board: Rect, panel: Rect, status: Rect) -> Layout:
    """From left to right: answer above what the network saw, then bars above buttons."""
    gap = 2 * unit
    half = (panel.width - gap) // 2
    head = Rect(panel.left, panel.top, half, panel.height)
    right = Rect(head.right + gap, panel.top, half, panel.height)
    answer, verdict, seen, caption = _head(unit, head)
    buttons = Rect(right.left, right.bottom - 6 * unit, right.width, 6 * unit)
    bars = Rect(right.left, right.top, right.width, buttons.top - right.top - gap)
    return Layout(
        unit,
        board,
        answer,
        verdict,
        _rows(bars),
        seen,
        caption,
        _row_of_buttons(buttons, gap),
        status,
    )


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
