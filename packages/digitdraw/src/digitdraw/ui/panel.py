"""Draws the panel: the answer, the probabilities, and what the network saw."""

from __future__ import annotations

from dataclasses import dataclass

import pygame
from pygame import Rect

from digitdraw.ink.layer import to_surface
from digitdraw.ink.paint import fill
from digitdraw.model.reader import Inside
from digitdraw.ui.inside import draw_stages, evidence_surface
from digitdraw.ui.layout import Layout
from digitdraw.ui.text import Writer
from digitdraw.ui.theme import Theme
from digitnet import Digit, Prediction


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
        is_read = panel.prediction is not None and bool(panel.prediction.text)
        colour = theme.text if is_read else theme.muted
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
    answer = "".join(str(d.label) if d.accepted else "?" for d in prediction.digits)
    if "?" in answer:
        return answer, "not sure of every digit"
    return answer, f"{percent(prediction.confidence)} sure of each"


def _describe_digit(digit: Digit) -> tuple[str, str]:
    if digit.accepted:
        return str(digit.label), f"{percent(digit.confidence)} sure"
    if digit.confidence >= 0.5:
        return "not a digit", ""
    first, second = (int(label) for label in digit.probabilities.argsort()[:-3:-1])
    return f"{first} or {second}", "not sure"
