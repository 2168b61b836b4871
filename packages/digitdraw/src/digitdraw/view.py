"""State to pixels. Only what differs from the last frame is drawn again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pygame
from pygame import Rect

from digitdraw.board import Board
from digitdraw.ink_layer import InkLayer, as_path, picture
from digitdraw.layout import Layout
from digitdraw.text import Writer
from digitdraw.theme import LIGHT, Theme
from digitnet import Digit, Point, Prediction, Stroke

_LABELS = {"undo": "Undo", "clear": "Clear", "save": "Save"}


@dataclass(frozen=True)
class Panel:
    """All that the panel shows; two equal ones look the same.

    Attributes:
        prediction: what the ink was read as; None while it has not been read.
        is_waiting: whether the model is still being loaded.
        is_blank: whether there is no ink.
        pressed: the button that is held down, or "".
        enabled: the buttons that would do something.
        status: the line at the bottom.
        is_warning: whether that line tells of a failure.
    """

    prediction: Prediction | None = None
    is_waiting: bool = False
    is_blank: bool = True
    pressed: str = ""
    enabled: frozenset[str] = frozenset()
    status: str = ""
    is_warning: bool = False


@dataclass(frozen=True)
class Placement:
    """Where the canvas stands in the window: as large as fits, in the middle of the board."""

    left: float
    top: float
    scale: float

    @classmethod
    def fit(cls, canvas: tuple[float, float], area: Rect) -> Placement:
        """Place a canvas of (width, height) pixels in a part of the window."""
        scale = min(area.width / canvas[0], area.height / canvas[1])
        return cls(
            left=area.left + (area.width - canvas[0] * scale) / 2,
            top=area.top + (area.height - canvas[1] * scale) / 2,
            scale=scale,
        )

    def to_canvas(self, x: float, y: float) -> tuple[float, float]:
        """Turn window pixels into canvas pixels."""
        return (x - self.left) / self.scale, (y - self.top) / self.scale


class View:
    """Draws the board and the panel onto a surface that keeps what was drawn on it before."""

    def __init__(self, theme: Theme = LIGHT) -> None:
        self._theme = theme
        self._writer = Writer()
        self._layout: Layout | None = None
        self._panel: Panel | None = None
        self._ink = InkLayer((1, 1), theme.paper, theme.ink)
        self._placement: Placement | None = None
        self._strokes: tuple[Stroke, ...] = ()
        self._current: tuple[Point, ...] = ()

    def invalidate(self) -> None:
        """Forget what was drawn: the next `draw` draws everything."""
        self._layout = None

    def draw(
        self, surface: pygame.Surface, layout: Layout, board: Board, panel: Panel
    ) -> list[Rect]:
        """Bring the surface up to date.

        Returns:
            the parts of the surface that were drawn on.
        """
        changed: list[Rect] = []
        if layout != self._layout:
            surface.fill(self._theme.background)
            self._layout, self._panel, self._placement = layout, None, None
            self._ink = InkLayer(layout.board.size, self._theme.paper, self._theme.ink)
            changed.append(surface.get_rect())
        changed += self._draw_board(surface, layout.board, board)
        if panel != self._panel:
            changed += self._draw_panel(surface, layout, panel)
            self._panel = panel
        return changed

    def _draw_board(self, surface: pygame.Surface, area: Rect, board: Board) -> list[Rect]:
        placement = Placement.fit(board.canvas, area)
        origin = (placement.left - area.left, placement.top - area.top)
        radius = board.pen * min(board.canvas) * placement.scale / 2
        drawn: list[Rect] = []
        was_blank = not self._strokes and not self._current
        if (
            placement != self._placement
            or board.is_blank != was_blank
            or not self._is_continued_by(board)
        ):
            self._ink.clear()
            self._placement, self._strokes, self._current = placement, (), ()
            drawn.append(self._ink.surface.get_rect())
        drawn += [
            self._ink.draw(as_path(line) * placement.scale + origin, radius)
            for line in self._new_lines(board)
        ]
        self._strokes, self._current = board.strokes, board.current
        for part in drawn:
            surface.blit(self._ink.surface, part.move(area.topleft), part)
        if drawn and board.is_blank:
            size = min(area.size) / 14
            self._writer.write(surface, "Draw a digit here", area, size, self._theme.quiet)
        if drawn:
            pygame.draw.rect(surface, self._theme.edge, area, 1)
        return [part.move(area.topleft) for part in drawn]

    def _is_continued_by(self, board: Board) -> bool:
        """Whether the board holds all ink that is shown, and perhaps more."""
        count = len(self._strokes)
        if board.strokes[:count] != self._strokes:
            return False
        newer = [stroke.points for stroke in board.strokes[count:]] + [board.current]
        return newer[0][: len(self._current)] == self._current

    def _new_lines(self, board: Board) -> list[tuple[Point, ...]]:
        """List the lines that are not shown yet; one shown in part begins where that ends."""
        newer = [stroke.points for stroke in board.strokes[len(self._strokes) :]]
        newer.append(board.current)
        shown = len(self._current)
        if shown:
            newer[0] = newer[0][shown - 1 :] if len(newer[0]) > shown else ()
        return [line for line in newer if line]

    def _draw_panel(self, surface: pygame.Surface, layout: Layout, panel: Panel) -> list[Rect]:
        theme, unit = self._theme, layout.unit
        head = layout.answer.unionall([layout.verdict, layout.seen, layout.caption])
        bars = layout.bars[0].union(layout.bars[-1])
        buttons = Rect.unionall(layout.buttons["undo"], list(layout.buttons.values()))
        for area in (head, bars, buttons, layout.status):
            surface.fill(theme.background, area)
        digit = panel.prediction.digits[0] if panel.prediction and panel.prediction.digits else None
        self._draw_answer(surface, layout, panel, digit)
        for label, row in enumerate(layout.bars):
            self._draw_bar(surface, row, label, digit, unit)
        for name, rect in layout.buttons.items():
            self._draw_button(surface, rect, name, panel, unit)
        colour = theme.warning if panel.is_warning else theme.quiet
        self._writer.write(surface, panel.status, layout.status, 2.8 * unit, colour, align="left")
        return [head, bars, buttons, layout.status]

    def _draw_answer(
        self, surface: pygame.Surface, layout: Layout, panel: Panel, digit: Digit | None
    ) -> None:
        theme, unit = self._theme, layout.unit
        text, verdict = _words(panel, digit)
        colour = theme.text if digit and digit.accepted else theme.quiet
        self._writer.write(surface, text, layout.answer, layout.answer.height * 1.25, colour)
        self._writer.write(surface, verdict, layout.verdict, 3.6 * unit, theme.text, align="left")
        self._writer.write(
            surface, "What the network sees", layout.caption, 2.4 * unit, theme.quiet, align="right"
        )
        image = digit.image if digit else np.zeros((28, 28), np.uint8)
        small = picture(image, theme.paper, theme.ink)
        surface.blit(pygame.transform.scale(small, layout.seen.size), layout.seen)
        pygame.draw.rect(surface, theme.edge, layout.seen, 1)

    def _draw_bar(
        self, surface: pygame.Surface, row: Rect, label: int, digit: Digit | None, unit: int
    ) -> None:
        theme = self._theme
        is_best = digit is not None and digit.accepted and digit.label == label
        size = min(3 * unit, row.height * 0.9)
        colour = theme.text if is_best else theme.quiet
        name = Rect(row.left, row.top, 3 * unit, row.height)
        share = Rect(row.right - 9 * unit, row.top, 9 * unit, row.height)
        track = Rect(name.right, 0, max(1, share.left - name.right), max(3, row.height // 2))
        track.centery = row.centery
        self._writer.write(surface, str(label), name, size, colour, align="left")
        pygame.draw.rect(surface, theme.track, track, border_radius=unit // 2)
        if digit is None:
            return
        probability = float(digit.probabilities[label])
        length = round(track.width * probability)
        if length:
            filled = Rect(track.left, track.top, length, track.height)
            colour_of_bar = theme.accent if is_best else theme.bar
            pygame.draw.rect(surface, colour_of_bar, filled, border_radius=unit // 2)
        self._writer.write(surface, f"{probability:.1%}", share, size, colour, align="right")

    def _draw_button(
        self, surface: pygame.Surface, rect: Rect, name: str, panel: Panel, unit: int
    ) -> None:
        theme = self._theme
        face = theme.button_pressed if panel.pressed == name else theme.button
        pygame.draw.rect(surface, face, rect, border_radius=unit)
        pygame.draw.rect(surface, theme.edge, rect, 1, border_radius=unit)
        colour = theme.text if name in panel.enabled else theme.quiet
        self._writer.write(surface, _LABELS[name], rect, 3 * unit, colour)


def _words(panel: Panel, digit: Digit | None) -> tuple[str, str]:
    """Give the large answer and the line below it."""
    if digit is None:
        return "", "Loading the model …" if panel.is_waiting and not panel.is_blank else ""
    if digit.accepted:
        return str(digit.label), f"{digit.confidence:.1%} sure"
    if digit.confidence >= 0.5:
        return "not a digit", ""
    first, second = (int(label) for label in np.argsort(digit.probabilities)[:-3:-1])
    return f"{first} or {second}", "unsure"
