"""The model of the app, used as the app is used in a replay."""

from __future__ import annotations

import pygame

from digitbench.reference.app import Model
from digitbench.reference.board import Ink, ink_of
from digitbench.replay.replayer import Frame
from digitdraw.app import App

_WAYS = {
    pygame.MOUSEBUTTONDOWN: "down",
    pygame.MOUSEMOTION: "move",
    pygame.MOUSEBUTTONUP: "up",
    pygame.FINGERDOWN: "down",
    pygame.FINGERMOTION: "move",
    pygame.FINGERUP: "up",
}
_FINGERS = frozenset({pygame.FINGERDOWN, pygame.FINGERMOTION, pygame.FINGERUP})
_BUTTONS = {1: "left", 3: "right"}


class AstrayError(Exception):
    """The replay went where no model follows: ink beside the board has opened the gallery."""


class Follower:
    """Does to a model what was done to an app.

    Args:
        app: as it was started, in the window's size.
        window: (width, height) in pixels.

    Attributes:
        model: what the app should be in.
    """

    def __init__(self, app: App, window: tuple[int, int]) -> None:
        self._app = app
        settings = app.settings
        self.model = Model(
            window, pen=app.board.pen, live=settings.live, theme=settings.theme, eyes=self
        )

    def follow(self, frame: Frame) -> None:
        """Do what was done in a frame of the app, once that is over.

        Raises:
            AstrayError: it cannot be followed.
            BrokenError: the app has wiped away what it must not, or left what it must not.
        """
        self.model.told = None
        for name, *values in frame.happenings:
            if name == "resize":
                self.model.resize((round(values[0]), round(values[1])))
            elif name == "pen":
                self.model.take_pen(values[0])
        for event in frame.events:
            self._take(event)

    def ink(self) -> Ink:
        """Give the finished strokes on the board."""
        return ink_of(self._app.board.strokes)

    def gallery(self, change: str) -> Ink | None:
        """Refuse to follow.

        Raises:
            AstrayError: always.
        """
        raise AstrayError(change)

    def escape(self) -> None:
        """Refuse to follow.

        Raises:
            AstrayError: always; nothing but the recording may press a key.
        """
        raise AstrayError

    def _take(self, event: pygame.event.Event) -> None:
        if event.type == pygame.KEYDOWN:
            control = "ctrl+" if event.mod & pygame.KMOD_CTRL else ""
            self.model.key(control + pygame.key.name(event.key))
        elif event.type in _FINGERS:
            width, height = self.model.window
            self.model.pen(_WAYS[event.type], "finger 1", (event.x * width, event.y * height))
        elif event.type == pygame.MOUSEMOTION:
            held = frozenset({"left"}) if event.buttons[0] else frozenset()
            self.model.pen("move", "mouse", event.pos, held)
        else:
            self.model.pen(_WAYS[event.type], _BUTTONS[event.button], event.pos)
