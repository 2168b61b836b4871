"""What must be visible in the window of an app: text as it was written, the rest as pixels."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import numpy as np
import pygame
from numpy.typing import NDArray
from pygame import Color, Rect

from digitbench.reference import panel
from digitbench.replay.outcome import ViolationError
from digitbench.replay.screen import Screen
from digitdraw.app import App
from digitdraw.ink.paint import Colour
from digitdraw.input.actions import ACTIONS
from digitdraw.model.placement import Placement
from digitdraw.ui.layout import Layout
from digitdraw.ui.theme import THEMES, Theme
from digitnet import Digit

_LEAST_CONTRAST = 4.5  # of text to what is around it: WCAG 2.1, level AA
_NEAR = 3  # window pixels within which a line is looked for
_THICK = 4.0  # window pixels; the middle of a thinner line may be blended with the paper
_ROUND = 12.0  # window pixels; the end of a thinner line is hardly round
_WITHIN = 0.35  # of the thickness, from the middle of a round end: surely within its edge
_GREYS = 4  # levels by which a colour may be off: it is rounded twice
_FAR = 40  # levels by which a colour is another one, and not blended with it
_MOST_POINTS = 8  # of a stroke that are looked at


def assert_window(app: App, screen: Screen) -> None:
    """Check that the window shows what the app knows.

    Args:
        app: has just drawn.
        screen: what it drew on.

    Raises:
        ViolationError: something else is shown; says what, and where.
    """
    layout, window = app.window.layout, app.window
    _assert_text("the status line", window.status.text, screen, layout.status)
    if window.pages.current or window.controls.state.tip:
        return  # it covers anything else
    assert_readable(app, screen)
    answer, verdict = panel.answer_and_verdict(app.prediction, app.truth)
    _assert_text("the answer", answer, screen, layout.answer)
    if not app.document.reading.is_waiting:
        _assert_text("the line below the answer", verdict, screen, layout.verdict)
    theme = THEMES[app.settings.theme]
    if not window.panel.is_inside:
        digit = _described(app)
        for label, row in enumerate(layout.bars):
            _assert_text(f"the bar of {label}", panel.bar(label, digit), screen, row)
        _assert_thumbnail(digit, screen.surface, layout.thumbnail, theme)
    if not window.is_stale:  # much ink is drawn over several frames
        _assert_ink(app, screen.surface, layout, theme)


def assert_readable(app: App, screen: Screen) -> None:
    """Check the contrast of all text, except on buttons that would do nothing.

    Raises:
        ViolationError: a line cannot be read; names it.
    """
    disabled = [
        rect for name, rect in app.window.layout.buttons.items() if not ACTIONS[name].enabled(app)
    ]
    for line in screen.lines:
        if line.area.collidelist(disabled) < 0:
            contrast = max(_contrast(line.colour, each) for each in screen.colours_around(line))
            if contrast < _LEAST_CONTRAST:
                got, expected = f"{contrast:.1f}", f"{_LEAST_CONTRAST} at least"
                raise ViolationError.of(f"the contrast of {line.text!r} is", expected, got)


def _described(app: App) -> Digit | None:
    """Return the digit that bars and thumbnail must describe."""
    index = panel.described(app.prediction, app.window.panel.pointed)
    return app.prediction.digits[index] if app.prediction and index is not None else None


def _assert_text(what: str, expected: str, screen: Screen, area: Rect) -> None:
    if (got := screen.text_in(area)) != expected:
        raise ViolationError.of(f"{what} shows", repr(expected), repr(got))


def _assert_thumbnail(
    digit: Digit | None, surface: pygame.Surface, area: Rect, theme: Theme
) -> None:
    """Check the middle of each pixel of the 28x28."""
    if digit is None:
        return
    shown = _pixels(surface, area, area.width // 28)
    paper, ink = np.array(theme.paper), np.array(theme.ink)
    share = digit.image.T[..., None] / 255
    # The outermost pixels are below the frame.
    off = np.abs(shown - (paper + share * (ink - paper))).max(axis=2)[1:-1, 1:-1]
    if off.max() > _GREYS:
        wrong = f"{int((off > _GREYS).sum())} of {off.size} pixels"
        raise ViolationError(f"the 28x28 is not what the network saw in {wrong}", "none", wrong)


def _assert_ink(app: App, surface: pygame.Surface, layout: Layout, theme: Theme) -> None:
    """Check the middle of strokes, the boxes of a number, and that a blank board is blank."""
    board, area = app.board, layout.board
    placement = Placement.fit(board.canvas, area)
    if board.is_blank:
        if count := _count(theme.ink, surface, area):
            raise ViolationError.of("the blank board shows", "none", f"{count} pixels of ink")
        return
    thickness = board.pen_pixels * placement.scale
    # Beside a board that was drawn in a window of another shape there are margins.
    left, top = placement.to_window(0, 0)
    right, bottom = placement.to_window(*board.canvas)
    canvas = Rect(left, top, right - left, bottom - top).clip(area).inflate(-4 * _NEAR, -4 * _NEAR)
    digits = app.prediction.digits if app.prediction else ()
    boxes = [_box(digit, placement, thickness / 2 + 3) for digit in digits]
    if len(boxes) > 1:
        for number, box in enumerate(boxes, start=1):
            _assert_box(f"the box of digit {number}", box, surface, canvas, theme)
    if thickness < _THICK:
        return

    def is_bare(at: tuple[float, float]) -> bool:
        return canvas.collidepoint(at) and not any(_is_on_edge(at, box) for box in boxes)

    for number, stroke in enumerate(board.strokes, start=1):
        points = [placement.to_window(x, y) for x, y, _ in stroke.points]
        for at in filter(is_bare, points[:: -(-len(points) // _MOST_POINTS)]):
            _assert_ink_near(f"stroke {number}", at, surface, theme)
        if thickness >= _ROUND:
            for x, y in filter(is_bare, _around(points[0], _WITHIN * thickness)):
                if _is_far(surface.get_at((round(x), round(y))), theme.ink):
                    raise ViolationError(f"stroke {number} is thinner than {thickness:.0f} pixels")


def _assert_ink_near(
    what: str, at: tuple[float, float], surface: pygame.Surface, theme: Theme
) -> None:
    """Look for ink around a place; lines are smooth, and cut corners."""
    near = Rect(int(at[0]), int(at[1]), 1, 1).inflate(2 * _NEAR, 2 * _NEAR)
    if np.abs(_pixels(surface, near) - theme.ink).max(axis=2).min() > _FAR:
        raise ViolationError(f"{what} shows no ink at ({at[0]:.0f}, {at[1]:.0f})")


def _around(at: tuple[float, float], distance: float) -> list[tuple[float, float]]:
    """Return the places left, right, above and below of a place."""
    x, y = at
    return [(x - distance, y), (x + distance, y), (x, y - distance), (x, y + distance)]


def _count(colour: Colour, surface: pygame.Surface, area: Rect) -> int:
    """Return how many pixels of an area have exactly this colour."""
    # As numbers, of which the highest byte means nothing: this is most of the window.
    pixels = pygame.surfarray.pixels2d(surface.subsurface(area))
    return int(np.count_nonzero((pixels & 0xFFFFFF) == surface.map_rgb(colour)))


def _pixels(surface: pygame.Surface, area: Rect, side: int = 1) -> NDArray[np.int16]:
    """Return a copy of the pixels of an area: a view would keep the app from drawing.

    Args:
        surface: the window.
        area: a part of it.
        side: of the squares of which only the pixels in the middle are returned.
    """
    pixels = pygame.surfarray.pixels3d(surface.subsurface(area))
    return pixels[side // 2 :: side, side // 2 :: side].astype(np.int16)


def _box(digit: Digit, placement: Placement, margin: float) -> tuple[float, float, float, float]:
    """Return where a digit's box must be: left, top, right and bottom, in window pixels."""
    x, y, width, height = digit.box
    left, top = placement.to_window(x, y)
    right, bottom = placement.to_window(x + width, y + height)
    return left - margin, top - margin, right + margin, bottom + margin


def _assert_box(
    what: str,
    box: tuple[float, float, float, float],
    surface: pygame.Surface,
    area: Rect,
    theme: Theme,
) -> None:
    """Look for the middle of each side of a box, as far as it is on the board."""
    left, top, right, bottom = box
    x, y = (left + right) / 2, (top + bottom) / 2
    for name, at, (dx, dy) in (
        ("left", (left, y), (1, 0)),
        ("right", (right, y), (1, 0)),
        ("upper", (x, top), (0, 1)),
        ("lower", (x, bottom), (0, 1)),
    ):
        near = [
            (round(at[0]) + step * dx, round(at[1]) + step * dy)
            for step in range(-_NEAR, _NEAR + 1)
        ]
        if all(map(area.collidepoint, near)) and all(
            _is_far(surface.get_at(place), theme.accent) for place in near
        ):
            raise ViolationError(f"{what} has no {name} side at ({at[0]:.0f}, {at[1]:.0f})")


def _is_on_edge(at: tuple[float, float], box: tuple[float, float, float, float]) -> bool:
    """Whether a place may be below a line of a box."""
    (x, y), (left, top, right, bottom) = at, box
    sides = (x - left, x - right, y - top, y - bottom)
    return min(map(abs, sides)) <= 2 * _NEAR


def _is_far(pixel: Color, colour: Iterable[int]) -> bool:
    return any(abs(one - other) > _FAR for one, other in zip(pixel, colour, strict=False))


@lru_cache(maxsize=256)
def _contrast(one: Colour, other: Colour) -> float:
    """Return the contrast of two colours, 1 to 21, as WCAG 2.1 defines it."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Iterable[int]) -> float:
    red, green, blue = (
        value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4
        for value in (level / 255 for level in colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
