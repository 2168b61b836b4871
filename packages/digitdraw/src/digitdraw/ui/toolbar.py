"""Draws the buttons, the pen's slider, the status line and the tooltip."""

from __future__ import annotations

from dataclasses import dataclass

import pygame
from pygame import Rect

from digitdraw.ink.paint import Colour, fill
from digitdraw.input.actions import ACTIONS, Action, Slot
from digitdraw.model.board import THICKEST, THINNEST
from digitdraw.ui.icons import icon
from digitdraw.ui.layout import Layout
from digitdraw.ui.text import Writer
from digitdraw.ui.theme import Theme


@dataclass(frozen=True)
class Toolbar:
    """Everything that buttons, slider and status line show; equal ones look the same.

    Attributes:
        pressed: the button that is held down, or "".
        focused: the button that Enter would press, or "".
        enabled: the buttons that would do something.
        active: the buttons whose toggle is on.
        pen: the pen's diameter over the board's shorter side.
        status: the line at the bottom.
        is_warning: whether that line reports a failure.
    """

    pressed: str = ""
    focused: str = ""
    enabled: frozenset[str] = frozenset()
    active: frozenset[str] = frozenset()
    pen: float = 0.05
    status: str = ""
    is_warning: bool = False

    def appearance(self, name: str) -> tuple[bool, ...]:
        """Return the state of a button; it is redrawn when that changes."""
        return (
            name == self.pressed,
            name == self.focused,
            name in self.enabled,
            name in self.active,
        )


class ToolbarView:
    """Redraws those tools that have changed."""

    def __init__(self, theme: Theme, writer: Writer) -> None:
        self._theme = theme
        self._writer = writer
        self._tools: Toolbar | None = None

    def invalidate(self) -> None:
        """Draw everything again, on the background, with the next `draw`."""
        self._tools = None

    def draw(self, surface: pygame.Surface, layout: Layout, tools: Toolbar) -> list[Rect]:
        """Bring the tools' parts of a surface up to date; return those that were drawn on."""
        if tools is self._tools or tools == self._tools:
            return []
        before, self._tools = self._tools, tools
        changed = []

        def prepare(area: Rect) -> None:
            changed.append(area)
            if before:
                fill(surface, self._theme.background, area)

        for name, rect in layout.buttons.items():
            if not before or tools.appearance(name) != before.appearance(name):
                prepare(rect)
                self._draw_button(surface, rect, name, tools, layout.unit)
        if not before or tools.pen != before.pen:
            prepare(layout.pen)
            self._draw_slider(surface, layout, tools.pen)
        line = (tools.status, tools.is_warning)
        if not before or line != (before.status, before.is_warning):
            prepare(layout.status)
            colour = self._theme.warning if tools.is_warning else self._theme.muted
            size = 2.6 * layout.unit
            self._writer.write(surface, tools.status, layout.status, size, colour, align="left")
        return changed

    def _draw_button(
        self, surface: pygame.Surface, rect: Rect, name: str, tools: Toolbar, unit: int
    ) -> None:
        theme = self._theme
        action = ACTIONS[name]
        is_tool = action.slot is not Slot.ANSWER
        face = rect.inflate(-unit // 2, -unit // 2) if is_tool else rect
        if tools.pressed == name or name in tools.active:
            pygame.draw.rect(surface, theme.button_pressed, face, border_radius=unit)
        elif not is_tool:
            pygame.draw.rect(surface, theme.button, face, border_radius=unit)
        if name == tools.focused:
            pygame.draw.rect(surface, theme.accent, face, max(2, unit // 4), border_radius=unit)
        elif not is_tool or name in tools.active:
            pygame.draw.rect(surface, theme.edge, face, 1, border_radius=unit)
        colour = theme.text if name in tools.enabled else theme.disabled
        if is_tool:
            self._draw_tool(surface, face, action, colour, unit)
        else:
            self._writer.write(surface, action.label, face, 2.8 * unit, colour)

    def _draw_tool(
        self, surface: pygame.Surface, face: Rect, action: Action, colour: Colour, unit: int
    ) -> None:
        """Draw an icon, with its label below it if there is room."""
        has_label = min(face.size) >= 44
        side = max(1, round(min(face.size) * (0.46 if has_label else 0.7)))
        image = icon(action.icon, side, colour)
        if not has_label:
            surface.blit(image, image.get_rect(center=face.center))
            return
        label_area = Rect(face.left, face.bottom - 2 * unit - unit // 2, face.width, 2 * unit)
        room = Rect(face.left, face.top, face.width, label_area.top - face.top)
        surface.blit(image, image.get_rect(center=room.center))
        self._writer.write(surface, action.label, label_area, 2 * unit, colour)

    def _draw_slider(self, surface: pygame.Surface, layout: Layout, pen: float) -> None:
        theme, unit = self._theme, layout.unit
        track = slider_track(layout)
        shape = [
            (track.left, track.centery),
            (track.right, track.top),
            (track.right, track.bottom),
        ]
        pygame.draw.polygon(surface, theme.track, shape)
        pygame.draw.aalines(surface, theme.edge, True, shape)  # noqa: FBT003
        share = (pen - THINNEST) / (THICKEST - THINNEST)
        centre = (round(track.left + share * track.width), track.centery)
        knob = icon("knob", max(8, round(2.6 * unit)), theme.accent)
        surface.blit(knob, knob.get_rect(center=centre))
        label = Rect(
            layout.pen.left, layout.pen.top, track.left - layout.pen.left, layout.pen.height
        )
        self._writer.write(surface, "Pen", label, 2.4 * unit, theme.muted, align="left")


def slider_track(layout: Layout) -> Rect:
    """Return the part of the slider along which the knob moves, in window pixels."""
    unit, area = layout.unit, layout.pen
    left = area.left + 7 * unit
    return Rect(left, area.centery - unit, max(1, area.right - 2 * unit - left), 2 * unit)


def pen_at(layout: Layout, x: float) -> float:
    """Return the pen's width for a position on the slider, within its bounds."""
    track = slider_track(layout)
    share = min(max((x - track.left) / track.width, 0.0), 1.0)
    return round(THINNEST + share * (THICKEST - THINNEST), 4)


def draw_tooltip(
    surface: pygame.Surface, writer: Writer, theme: Theme, layout: Layout, name: str
) -> Rect:
    """Draw a button's tooltip on top of everything else; return the part drawn on."""
    unit, button = layout.unit, layout.buttons[name]
    action = ACTIONS[name]
    text, size = action.tip, 2.4 * layout.unit
    width = writer.width(text, size) + 3 * unit
    tip = Rect(0, 0, min(width, surface.get_width()), 5 * unit)
    if layout.tools.height > layout.tools.width and action.slot is not Slot.ANSWER:
        tip.midleft = (button.right + unit, button.centery)
    else:
        tip.midbottom = (button.centerx, button.top - unit)
    tip.clamp_ip(surface.get_rect())
    pygame.draw.rect(surface, theme.text, tip, border_radius=unit)
    writer.write(surface, text, tip, size, theme.background)
    return tip
