"""The help page: every action and its keys."""

from __future__ import annotations

import pygame
from pygame import Rect

from digitdraw.input.actions import ACTIONS
from digitdraw.ui.layout import Layout
from digitdraw.ui.pages.page import Page
from digitdraw.ui.text import Writer
from digitdraw.ui.theme import Theme

_MORE = (
    ("0 to 9", "Label the digit, as a click on its bar does"),
    ("Ctrl+wheel", "Change the pen's width"),
    ("Tab, Enter", "Go to a button and press it"),
    ("Esc", "Close a page"),
)


class HelpPage(Page):
    """Columns of keys and what they do."""

    def paint(
        self, surface: pygame.Surface, area: Rect, layout: Layout, theme: Theme, writer: Writer
    ) -> None:
        """Draw the heading and the rows."""
        unit = layout.unit
        head = Rect(area.left, area.top, area.width, 7 * unit)
        writer.write(surface, "What you can do", head, 4.4 * unit, theme.text, align="left")
        rows = [(" or ".join(k.name for k in a.keys), a.help) for a in ACTIONS.values() if a.help]
        rows += _MORE
        columns = 2 if area.width > area.height else 1
        per_column = -(-len(rows) // columns)
        height = min(6 * unit, (area.bottom - head.bottom) // per_column)
        width = area.width // columns
        size = min(2.6 * unit, height * 0.8)
        for index, (keys, help_) in enumerate(rows):
            column, row = divmod(index, per_column)
            left, top = area.left + column * width, head.bottom + row * height
            key_width = round(width * 0.36)
            key = Rect(left, top, key_width - unit, height)
            if writer.width(keys, size) > key.width:
                keys = keys.split(" or ")[0]
            writer.write(surface, keys, key, size, theme.accent, align="left")
            text = Rect(left + key_width, top, width - key_width - 2 * unit, height)
            writer.write(surface, help_, text, size, theme.text, align="left")
