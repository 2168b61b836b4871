"""The layout of a window of any size: pure arithmetic, nothing is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from pygame import Rect

from digitdraw.input.actions import ACTIONS, Slot


@dataclass(frozen=True)
class Layout:
    """Rectangles in window pixels.

    Attributes:
        unit: the scale; spacing and font sizes are multiples of it.
        board: where ink is drawn.
        tools: the toolbar, next to the board or below it.
        answer: the answer, in large type.
        verdict: the line below the answer.
        bars: a row for each of the ten digits.
        thumbnail: the square that shows the 28x28 image.
        caption: the heading of the thumbnail.
        buttons: by the names of their actions, in the order in which Tab visits them.
        pen: the slider for the pen's width.
        status: the line at the bottom.
        page: where a page, such as the help, covers everything but the status line.
    """

    unit: int
    board: Rect
    tools: Rect
    answer: Rect
    verdict: Rect
    bars: tuple[Rect, ...]
    thumbnail: Rect
    caption: Rect
    buttons: dict[str, Rect]
    pen: Rect
    status: Rect
    page: Rect


def buttons_in(slot: Slot) -> tuple[str, ...]:
    """Return the names of the actions whose buttons are in a slot, in order."""
    return tuple(name for name, action in ACTIONS.items() if action.slot is slot)


def arrange(width: int, height: int) -> Layout:
    """Lay out a window: the panel is next to the board if it is wide, below it if it is tall.

    The layout is shared by all windows of a size: its rectangles must not be moved.
    """
    return _arrange(width, height, *map(buttons_in, Slot))


@lru_cache(maxsize=16)
def _arrange(
    width: int,
    height: int,
    ink_tools: tuple[str, ...],
    app_tools: tuple[str, ...],
    answer_buttons: tuple[str, ...],
) -> Layout:
    unit = max(4, round(min(width, height) / 90))
    gap = 2 * unit
    bottom = Rect(gap, height - 5 * unit, max(1, width - 2 * gap), 5 * unit)
    inner = Rect(gap, gap, max(1, width - 2 * gap), max(1, bottom.top - gap))
    divide = _side_by_side if width >= height else _stacked
    tools, board, head, bars, answers = divide(inner, unit)
    answer, verdict, thumbnail, caption = _head(unit, head)
    pen = Rect(bottom.left, bottom.top, min(30 * unit, bottom.width // 3), bottom.height)
    left = pen.right + gap
    return Layout(
        unit=unit,
        board=board,
        tools=tools,
        answer=answer,
        verdict=verdict,
        bars=_rows(bars),
        thumbnail=thumbnail,
        caption=caption,
        buttons=_toolbar(tools, ink_tools, app_tools)
        | _row_of_buttons(answers, answer_buttons, gap),
        pen=pen,
        status=Rect(left, bottom.top, max(1, bottom.right - left), bottom.height),
        page=inner,
    )


def _side_by_side(inner: Rect, unit: int) -> tuple[Rect, Rect, Rect, Rect, Rect]:
    """Return tools and board, on the left, and head, bars and buttons, top down on the right."""
    gap = 2 * unit
    width = max(34 * unit, round(inner.width * 0.3))
    tools = Rect(inner.left, inner.top, 8 * unit, inner.height)
    left = tools.right + unit
    board = Rect(left, inner.top, max(1, inner.right - left - width - gap), inner.height)
    panel = Rect(board.right + gap, inner.top, width, inner.height)
    answers = Rect(panel.left, panel.bottom - 6 * unit, width, 6 * unit)
    head = Rect(panel.left, panel.top, width, max(1, round((answers.top - panel.top) * 0.36)))
    bars = Rect(panel.left, head.bottom + gap, width, answers.top - head.bottom - 2 * gap)
    return tools, board, head, bars, answers


def _stacked(inner: Rect, unit: int) -> tuple[Rect, Rect, Rect, Rect, Rect]:
    """Return the same parts: the board on top, then tools, then the head left of the others."""
    gap = 2 * unit
    height = max(38 * unit, round(inner.height * 0.34))
    board_height = max(1, inner.height - height - 2 * gap - 8 * unit)
    board = Rect(inner.left, inner.top, inner.width, board_height)
    tools = Rect(inner.left, board.bottom + unit, inner.width, 8 * unit)
    panel = Rect(inner.left, inner.bottom - height, inner.width, height)
    half = (panel.width - gap) // 2
    head = Rect(panel.left, panel.top, half, height)
    left = head.right + gap
    answers = Rect(left, panel.bottom - 6 * unit, half, 6 * unit)
    bars = Rect(left, panel.top, half, answers.top - panel.top - gap)
    return tools, board, head, bars, answers


def _head(unit: int, head: Rect) -> tuple[Rect, Rect, Rect, Rect]:
    """Return answer and verdict, on the left, and thumbnail and its caption, on the right."""
    verdict = Rect(head.left, head.bottom - 4 * unit, head.width, 4 * unit)
    caption = Rect(head.left, head.top, head.width, 3 * unit)
    room = min(head.width // 2, verdict.top - caption.bottom)
    side = max(1, room // 28) * 28  # a multiple, so that the image's pixels are square and sharp
    thumbnail = Rect(head.right - side, caption.bottom, side, side)
    width = max(1, thumbnail.left - head.left - unit)
    answer = Rect(head.left, caption.bottom, width, verdict.top - caption.bottom)
    return answer, verdict, thumbnail, caption


def _rows(area: Rect) -> tuple[Rect, ...]:
    edges = [area.top + area.height * index // 10 for index in range(11)]
    return tuple(
        Rect(area.left, top, area.width, max(1, bottom - top)) for top, bottom in pairwise(edges)
    )


def _row_of_buttons(area: Rect, names: tuple[str, ...], gap: int) -> dict[str, Rect]:
    width = (area.width - gap * (len(names) - 1)) // len(names)
    return {
        name: Rect(area.left + index * (width + gap), area.top, max(1, width), area.height)
        for index, name in enumerate(names)
    }


def _toolbar(bar: Rect, ink_tools: tuple[str, ...], app_tools: tuple[str, ...]) -> dict[str, Rect]:
    """Return the buttons of the ink tools at the bar's start and of the app tools at its end."""
    is_vertical = bar.height > bar.width
    length, thickness = (bar.height, bar.width) if is_vertical else (bar.width, bar.height)
    count = len(ink_tools) + len(app_tools)
    step = max(1, min(thickness + thickness // 4, length // count))
    starts = [step * index for index in range(len(ink_tools))]
    starts += [length - step * (len(app_tools) - index) for index in range(len(app_tools))]
    return {
        name: Rect(bar.left, bar.top + start, thickness, step)
        if is_vertical
        else Rect(bar.left + start, bar.top, step, thickness)
        for name, start in zip((*ink_tools, *app_tools), starts, strict=True)
    }
