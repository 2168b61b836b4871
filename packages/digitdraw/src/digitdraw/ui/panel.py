"""The panel: the answer, the probabilities, and what the network saw."""

from __future__ import annotations

from dataclasses import dataclass

import pygame
from pygame import Rect

from digitdraw.ink.layer import to_surface
from digitdraw.ink.paint import fill
from digitdraw.model.document import Document
from digitdraw.model.placement import Placement
from digitdraw.model.reader import Inside, Reader
from digitdraw.ui.board_view import box_around
from digitdraw.ui.inside import draw_stages, evidence_surface
from digitdraw.ui.layout import Layout
from digitdraw.ui.text import Writer
from digitdraw.ui.theme import Theme
from digitnet import Digit, Prediction
from digitnet.prediction import UNREAD


@dataclass(frozen=True)
class Panel:
    """Everything that the panel shows; equal ones look the same.

    Attributes:
        prediction: what the ink was read as; None if it has not been read.
        shown: index of the digit that the bars and the thumbnail describe.
        is_waiting: whether there is ink, but the model is still loading.
        truth: the label of the digit shown; "" for "not a digit", None if there is none.
        word: the label of the whole drawing.
        is_inside: whether the inside of the network is shown instead of the bars.
        inside: the inside of the network; None if there is no digit to show it for.
    """

    prediction: Prediction | None = None
    shown: int = 0
    is_waiting: bool = False
    truth: str | None = None
    word: str = ""
    is_inside: bool = False
    inside: Inside | None = None

    @property
    def digit(self) -> Digit | None:
        """The digit that the bars and the thumbnail describe; None if nothing was read."""
        digits = self.prediction.digits if self.prediction else ()
        return digits[self.shown] if digits else None


class PanelState:
    """Selects the digit that the mouse points at, or else the one that was drawn last.

    Args:
        document: what was drawn and read.
        reader: looks inside the network.

    Attributes:
        pointed: the index of the digit that the mouse points at, or None.
        is_inside: whether the network's inside is shown instead of the bars.
    """

    def __init__(self, document: Document, reader: Reader) -> None:
        self._document = document
        self._reader = reader
        self._inside: Inside | None = None
        self.pointed: int | None = None
        self.is_inside: bool = False

    @property
    def selected(self) -> int:
        """The index, in the prediction, of the digit that is described."""
        reading = self._document.reading
        if self.pointed is None or self.pointed >= len(reading.digits):
            return reading.newest_digit()
        return self.pointed

    def point_at(self, x: float, y: float, area: Rect) -> None:
        """Point at window pixels, given the part of the window that shows the board."""
        board, digits = self._document.board, self._document.reading.digits
        placement = Placement.fit(board.canvas, area)
        boxes = [box_around(digit, board, placement) for digit in digits]
        hit = [index for index, box in enumerate(boxes) if box.collidepoint(x, y)]
        self.pointed = hit[0] if hit else None

    def panel(self) -> Panel:
        """Return everything that the panel shows.

        Raises:
            ModelError: the inside is to be shown, but the model was exported without its stages.
        """
        reading, selected = self._document.reading, self.selected
        truth = reading.truth
        return Panel(
            prediction=reading.prediction,
            shown=selected,
            is_waiting=reading.is_waiting,
            truth=truth[selected] if truth and selected < len(truth) else truth,
            word=truth or "",
            is_inside=self.is_inside,
            inside=self._look_inside(selected),
        )

    def _look_inside(self, selected: int) -> Inside | None:
        """Look inside the network for the selected digit, once for each answer."""
        digits = self._document.reading.digits
        if not (self.is_inside and digits):
            self._inside = None
        elif self._inside is None or self._inside.digit is not digits[selected]:
            self._inside = self._reader.look_inside(digits[selected])
        return self._inside


class PanelView:
    """Redraws the panel when it has changed."""

    def __init__(self, theme: Theme, writer: Writer) -> None:
        self._theme = theme
        self._writer = writer
        self._panel: Panel | None = None

    def invalidate(self) -> None:
        """Draw everything again, on the background, with the next `draw`."""
        self._panel = None

    def draw(self, surface: pygame.Surface, layout: Layout, panel: Panel) -> list[Rect]:
        """Bring the panel's parts of a surface up to date; return those that were drawn on."""
        if panel is self._panel or panel == self._panel:
            return []
        before, self._panel = self._panel, panel
        head = layout.answer.unionall([layout.verdict, layout.thumbnail, layout.caption])
        areas = [head, layout.bars[0].union(layout.bars[-1])]
        for area in areas if before else ():
            fill(surface, self._theme.background, area)
        self._draw_answer(surface, layout, panel)
        self._draw_thumbnail(surface, layout, panel)
        if panel.is_inside:
            draw_stages(surface, layout, self._theme, self._writer, panel.inside)
        else:
            for label, row in enumerate(layout.bars):
                self._draw_bar(surface, row, label, panel, layout.unit)
        return areas

    def _draw_answer(self, surface: pygame.Surface, layout: Layout, panel: Panel) -> None:
        theme = self._theme
        answer, verdict = describe(panel.prediction)
        if panel.is_waiting:
            verdict = "Loading the model …"
        if panel.truth is not None:
            verdict = f"Labelled {panel.word or 'not a digit'}"
        digits = panel.prediction.digits if panel.prediction else ()
        colour = theme.text if any(digit.accepted for digit in digits) else theme.muted
        size = layout.answer.height * 1.25
        self._writer.write(surface, answer, layout.answer, size, colour)
        size = 3.6 * layout.unit
        self._writer.write(surface, verdict, layout.verdict, size, theme.text, align="left")

    def _draw_thumbnail(self, surface: pygame.Surface, layout: Layout, panel: Panel) -> None:
        theme, size = self._theme, 2.4 * layout.unit
        caption = "What the network sees"
        image = None
        if panel.inside:
            image = evidence_surface(panel.inside, theme)
            caption = f"Evidence for and against {panel.inside.digit.label}"
        elif panel.digit:
            image = to_surface(panel.digit.image, theme.paper, theme.ink)
        self._writer.write(surface, caption, layout.caption, size, theme.muted, align="right")
        if image:
            surface.blit(pygame.transform.scale(image, layout.thumbnail.size), layout.thumbnail)
        else:
            fill(surface, theme.paper, layout.thumbnail)
        pygame.draw.rect(surface, theme.edge, layout.thumbnail, 1)

    def _draw_bar(
        self, surface: pygame.Surface, row: Rect, label: int, panel: Panel, unit: int
    ) -> None:
        theme, write, digit = self._theme, self._writer.write, panel.digit
        is_best = digit is not None and digit.accepted and digit.label == label
        colour = theme.text if is_best else theme.muted
        size = min(3 * unit, row.height * 0.9)
        name = Rect(row.left + 2 * unit, row.top, 3 * unit, row.height)
        share = Rect(row.right - 8 * unit, row.top, 8 * unit, row.height)
        track = Rect(name.right, 0, max(1, share.left - name.right), max(3, row.height // 2))
        track.centery = row.centery
        if is_best:  # marked by a shape too, for people who cannot distinguish the colours
            side = unit
            tip = (row.left + side, row.centery)
            pygame.draw.polygon(
                surface,
                theme.accent,
                [(row.left, row.centery - side), tip, (row.left, row.centery + side)],
            )
        write(surface, str(label), name, size * (1.25 if is_best else 1), colour, align="left")
        pygame.draw.rect(surface, theme.track, track, border_radius=unit // 2)
        if digit is not None:
            probability = float(digit.probabilities[label])
            filled = Rect(track.left, track.top, round(track.width * probability), track.height)
            if filled.width:
                fill = theme.accent if is_best else theme.bar
                pygame.draw.rect(surface, fill, filled, border_radius=unit // 2)
            write(surface, percent(probability), share, size, colour, align="right")
        if panel.truth == str(label):
            pygame.draw.rect(surface, theme.text, track, max(1, unit // 4), border_radius=unit // 2)


def percent(share: float) -> str:
    """Return a probability as a percentage; none is shown as 100%."""
    return f"{share:.1%}" if share < 0.9995 else ">99.9%"


def describe(prediction: Prediction | None) -> tuple[str, str]:
    """Return the answer, and a line that says how sure it is."""
    if prediction is None or not prediction.digits:
        return "", ""
    if len(prediction.digits) == 1:
        return _describe_digit(prediction.digits[0])
    answer = prediction.text
    if not answer:
        return "not a digit", ""
    if UNREAD in answer:
        return answer, f"{UNREAD} is not a digit"
    return answer, f"{percent(prediction.confidence)} sure of each"


def _describe_digit(digit: Digit) -> tuple[str, str]:
    if digit.accepted:
        return str(digit.label), f"{percent(digit.confidence)} sure"
    if digit.confidence >= 0.5:
        return "not a digit", ""
    first, second = (int(label) for label in digit.probabilities.argsort()[:-3:-1])
    return f"{first} or {second}", "not sure"
