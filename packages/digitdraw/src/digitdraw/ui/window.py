"""The window: what the user interface shows, and its pixels.

Only what differs from the last frame is drawn again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pygame
from pygame import Rect

from digitdraw.ink.paint import around, fill
from digitdraw.model.board import Board
from digitdraw.model.document import Document
from digitdraw.model.pen_tool import PenEvent
from digitdraw.model.reader import Reader
from digitdraw.storage.store import Store
from digitdraw.ui.board_view import BoardView
from digitdraw.ui.controls import IDLE, Controls
from digitdraw.ui.layout import Layout, arrange
from digitdraw.ui.pages.navigator import Navigator
from digitdraw.ui.pages.page import Page
from digitdraw.ui.panel import Panel, PanelState, PanelView
from digitdraw.ui.text import Writer
from digitdraw.ui.theme import THEMES
from digitdraw.ui.toolbar import Toolbar, ToolbarView, draw_tooltip
from digitnet import DigitnetError


@dataclass(frozen=True)
class Scene:
    """Everything that a frame shows apart from the ink.

    Attributes:
        theme: a name in `THEMES`.
        panel: what the panel shows.
        tools: the state of the buttons, the slider and the status line.
        tip: the button whose tooltip is shown, or "".
        page: the page that covers the board and the panel, or None.
    """

    theme: str
    panel: Panel
    tools: Toolbar
    tip: str = ""
    page: Page | None = None


class View:
    """Draws scenes onto a surface that keeps what was drawn on it before.

    Args:
        writer: may be shared between views, which then render each text once.
    """

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._drawn: tuple[Layout, str, str, Page | None] | None = None
        self._drawn_tools: Toolbar | None = None
        self._use_theme("light")

    @property
    def is_complete(self) -> bool:
        """Whether the last `draw` showed all ink; if not, the next one shows more."""
        return self._board.is_complete

    def invalidate(self) -> None:
        """Draw everything again with the next `draw`."""
        self._drawn = None

    def draw(
        self, surface: pygame.Surface, layout: Layout, board: Board, scene: Scene
    ) -> list[Rect]:
        """Bring the surface up to date.

        Returns:
            the parts of the surface that were drawn on.
        """
        changed: list[Rect] = []
        frame = (layout, scene.theme, scene.tip, scene.page)
        if frame != self._drawn:
            self._start_over(surface, frame)
            changed.append(surface.get_rect())
        if scene.tools != self._drawn_tools:
            self._drawn_tools = scene.tools
            changed += self._tools.draw(surface, layout, scene.tools)
            if scene.page:
                scene.page.invalidate()  # it covers most of the tools
        if scene.page:
            changed += scene.page.draw(surface, layout, self._theme, self._writer)
        else:
            digits = scene.panel.prediction.digits if scene.panel.prediction else ()
            shown = scene.panel.shown
            changed += self._board.draw(surface, layout.board, board, digits, shown)
            changed += self._panel.draw(surface, layout, scene.panel)
        if scene.tip and changed:
            changed.append(draw_tooltip(surface, self._writer, self._theme, layout, scene.tip))
        return changed

    def _start_over(
        self, surface: pygame.Surface, frame: tuple[Layout, str, str, Page | None]
    ) -> None:
        """Draw everything: another size, theme or page leaves little of a window as it was."""
        self._drawn, self._drawn_tools = frame, None
        layout, theme, _, page = frame
        if THEMES[theme] is not self._theme:
            self._use_theme(theme)
        for part in (self._board, self._panel, self._tools):
            part.invalidate()
        if page:
            page.invalidate()
        window = surface.get_rect()
        # The board draws its own background, unless a page covers it.
        for area in [window] if page else around(layout.board.clip(window), window):
            fill(surface, self._theme.background, area)

    def _use_theme(self, theme: str) -> None:
        self._theme = THEMES[theme]
        self._board = BoardView(self._theme, self._writer)
        self._panel = PanelView(self._theme, self._writer)
        self._tools = ToolbarView(self._theme, self._writer)


class StatusLine:
    """The line at the bottom of the window.

    Attributes:
        text: the line.
        is_warning: whether it reports a failure.
        is_new: whether it has not been drawn yet.
    """

    def __init__(self) -> None:
        self.say("")

    def say(self, text: str, *, is_warning: bool = False) -> None:
        """Show another line."""
        self.text, self.is_warning, self.is_new = text, is_warning, True


class Window:
    """The user interface around a document: its layout, controls, panel, pages and pixels.

    Args:
        size: (width, height) in pixels.
        document: what is drawn on.
        reader: reads images, and looks inside the network.
        store: saves the drawings that the gallery shows.
        writer: may be shared between windows, which then render each text once.

    Attributes:
        size: (width, height) in pixels.
        layout: where everything stands.
        controls: what the pointer and the keyboard are at.
        panel: which digit the panel describes, and how.
        pages: the page that covers the board, if any.
        status: the line at the bottom.
        is_stale: whether something apart from the stroke being drawn may have changed.
        has_longer_stroke: whether the stroke being drawn has changed.
    """

    def __init__(
        self,
        size: tuple[int, int],
        document: Document,
        reader: Reader,
        store: Store,
        writer: Writer,
    ) -> None:
        self.size = size
        self.layout: Layout = arrange(*size)
        self.controls: Controls = Controls()
        self.panel: PanelState = PanelState(document, reader)
        self.status = StatusLine()
        self.pages: Navigator = Navigator(store, reader, self.status.say)
        self.is_stale = True
        self.has_longer_stroke = False
        self._document = document
        self._view = View(writer)
        self._scene: Scene | None = None  # what was shown last

    @property
    def needs_drawing(self) -> bool:
        """Whether anything may have changed since the last `draw`."""
        return self.is_stale or self.has_longer_stroke or self.status.is_new

    def invalidate(self) -> None:
        """Draw everything again with the next `draw`."""
        self._view.invalidate()
        self.is_stale = True

    def resize(self, size: tuple[int, int]) -> None:
        """Adopt another size."""
        self.size = size
        self.layout = arrange(*size)
        self.is_stale = True

    def update(self, now: int) -> None:
        """Show the tooltip of a button once its time has come, at `now` milliseconds."""
        if self.controls.state.hovered:
            before = self.controls.state
            self.controls.update(now, self.layout)
            self.is_stale |= self.controls.state != before

    def is_on_board(self, x: float, y: float) -> bool:
        """Whether window pixels are on the board, whose edges belong to it."""
        area = self.layout.board
        return area.left <= x <= area.right and area.top <= y <= area.bottom

    def handle(self, event: pygame.event.Event) -> None:
        """Handle an event that concerns only what the window shows."""
        if event.type == pygame.WINDOWEXPOSED:
            self.invalidate()
        elif event.type == pygame.WINDOWLEAVE:
            self.hover(-1, -1)
        elif event.type == pygame.MOUSEMOTION and not any(event.buttons):
            self.hover(*event.pos)

    def hover(self, x: float, y: float) -> None:
        """Note what the mouse points at in window pixels: a button, or a digit of a number."""
        if self.pages.current:
            x, y = -1, -1  # what a page covers cannot be pointed at
        before = self.controls.state, self.panel.pointed
        self.controls.hover(x, y, self.layout, self._document.now)
        self.panel.point_at(x, y, self.layout.board)
        self.is_stale |= (self.controls.state, self.panel.pointed) != before

    def use_control(self, pen: PenEvent) -> str:
        """Follow the pen on the controls; return the one that it triggers, or ""."""
        before = self.controls.state
        name = self.controls.handle(pen, self.layout)
        self.is_stale |= self.controls.state != before
        return name

    def leave(self) -> None:
        """Forget what was pointed at, held down and focused."""
        if self.controls.state != IDLE or self.panel.pointed is not None:
            self.controls.leave()
            self.panel.pointed = None
            self.is_stale = True

    def draw(
        self,
        surface: pygame.Surface,
        theme: str,
        is_enabled: Callable[[str], bool],
        is_active: Callable[[str], bool],
    ) -> list[Rect]:
        """Bring the surface up to date.

        Args:
            surface: of the window's size; shows what the last call drew on it.
            theme: a name in `THEMES`.
            is_enabled: whether the action of a button would do anything.
            is_active: whether what the action of a button toggles is on.

        Returns:
            the parts of the surface that were drawn on.
        """
        is_only_longer = self.has_longer_stroke and not (self.is_stale or self.status.is_new)
        if self._scene is None or not is_only_longer:
            self._scene = Scene(
                theme=theme,
                panel=self._panel(),
                tools=Toolbar(
                    pressed=self.controls.state.pressed,
                    focused=self.controls.state.focused,
                    enabled=frozenset(filter(is_enabled, self.layout.buttons)),
                    active=frozenset(filter(is_active, self.layout.buttons)),
                    pen=self._document.board.pen,
                    status=self.status.text,
                    is_warning=self.status.is_warning,
                ),
                tip=self.controls.state.tip,
                page=self.pages.current,
            )
        changed = self._view.draw(surface, self.layout, self._document.board, self._scene)
        self.has_longer_stroke = self.status.is_new = False
        self.is_stale = not (self.pages.current or self._view.is_complete)
        return changed

    def _panel(self) -> Panel:
        try:
            return self.panel.panel()
        except DigitnetError as error:
            self.panel.is_inside = False
            self.status.say(str(error), is_warning=True)
            return self.panel.panel()
