"""Where things stand in a window of any size: pure arithmetic, no pixels drawn."""

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
        unit: the scale that spacing and type are multiples of.
        board: where ink is drawn.
        tools: the bar of tools, beside the board or below it.
        answer: the answer, large.
        verdict: the line below it.
        bars: one row for each of the ten digits.
        seen: the square of the 28x28 picture.
        caption: the heading of `seen`.
        buttons: by the names of their actions, in the order in which Tab visits them.
        pen: the slider for the pen's width.
        status: the line at the bottom.
        page: where a page, such as the help, covers all but the status.
    """

    unit: int
    board: Rect
    tools: Rect
    answer: Rect
    verdict: Rect
    bars: tuple[Rect, ...]
    seen: Rect
    caption: Rect
    buttons: dict[str, Rect]
    pen: Rect
    status: Rect
    page: Rect


def buttons_in(slot: Slot) -> tuple[str, ...]:
    """Return the names of the actions whose buttons stand in a slot, in their order."""
    return tuple(name for name, action in ACTIONS.items() if action.slot is slot)


def arrange(width: int, height: int) -> Layout:
    """Lay out a window: the panel beside the board if it is wide, below it if it is tall.

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
    divide = _beside_each_other if width >= height else _below_each_other
    tools, board, head, bars, answers = divide(inner, unit)
    answer, verdict, seen, caption = _head(unit, head)
    pen = Rect(bottom.left, bottom.top, min(30 * unit, bottom.width // 3), bottom.height)
    left = pen.right + gap
    return Layout(
        unit=unit,
        board=board,
        tools=tools,
        answer=answer,
        verdict=verdict,
        bars=_rows(bars),
        seen=seen,
        caption=caption,
        buttons=_in_tool_bar(tools, ink_tools, app_tools)
        | _row_of_buttons(answers, answer_buttons, gap),
        pen=pen,
        status=Rect(left, bottom.top, max(1, bottom.right - left), bottom.height),
        page=inner,
    )


def _beside_each_other(inner: Rect, unit: int) -> tuple[Rect, Rect, Rect, Rect, Rect]:
    """Put tools and board at the left, and at the right, from the top, head, bars and buttons."""
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


def _below_each_other(inner: Rect, unit: int) -> tuple[Rect, Rect, Rect, Rect, Rect]:
    """Put the board at the top, then tools, and below, the head at the left of bars and buttons."""
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


def _row_of_buttons(area: Rect, names: tuple[str, ...], gap: int) -> dict[str, Rect]:
    width = (area.width - gap * (len(names) - 1)) // len(names)
    return {
        name: Rect(area.left + index * (width + gap), area.top, max(1, width), area.height)
        for index, name in enumerate(names)
    }


def _in_tool_bar(
    bar: Rect, ink_tools: tuple[str, ...], app_tools: tuple[str, ...]
) -> dict[str, Rect]:
    """Put the first tools at the bar's beginning and the others at its end."""
    is_upright = bar.height > bar.width
    length, thickness = (bar.height, bar.width) if is_upright else (bar.width, bar.height)
    count = len(ink_tools) + len(app_tools)
    step = max(1, min(thickness + thickness // 4, length // count))
    starts = [step * index for index in range(len(ink_tools))]
    starts += [length - step * (len(app_tools) - index) for index in range(len(app_tools))]
    return {
        name: Rect(bar.left, bar.top + start, thickness, step)
        if is_upright
        else Rect(bar.left + start, bar.top, step, thickness)
        for name, start in zip((*ink_tools, *app_tools), starts, strict=True)
    }
