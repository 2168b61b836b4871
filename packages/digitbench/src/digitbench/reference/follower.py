"""Takes the reference app through what a replay does to the real one."""

from __future__ import annotations

import pygame

from digitbench.reference.app import ReferenceApp
from digitbench.reference.board import StrokePaths, paths_of
from digitbench.replay.playback import Frame
from digitbench.replay.sdl_events import Phase
from digitdraw.app import App

_PHASES: dict[int, Phase] = {
    pygame.MOUSEBUTTONDOWN: "down",
    pygame.MOUSEMOTION: "move",
    pygame.MOUSEBUTTONUP: "up",
    pygame.FINGERDOWN: "down",
    pygame.FINGERMOTION: "move",
    pygame.FINGERUP: "up",
}
_FINGERS = frozenset({pygame.FINGERDOWN, pygame.FINGERMOTION, pygame.FINGERUP})
_BUTTONS = {1: "left", 3: "right"}


class CannotFollowError(Exception):
    """The reference app cannot follow: ink outside the board has opened the gallery."""


class Follower:
    """Does to a reference app what was done to an app.

    Args:
        app: just started.
        window: its (width, height) in pixels.

    Attributes:
        reference: what the app should be like.
    """

    def __init__(self, app: App, window: tuple[int, int]) -> None:
        self._app = app
        settings = app.settings
        self.reference = ReferenceApp(
            window, pen=app.board.pen, live=settings.live, theme=settings.theme, probe=self
        )

    def follow(self, frame: Frame) -> None:
        """Do what was done in a frame of the app, once that is over.

        Raises:
            CannotFollowError: it cannot be followed.
            ViolationError: the app erased what it must leave, or left what it must erase.
        """
        self.reference.label = None
        for name, *values in frame.steps:
            if name == "resize":
                self.reference.resize((round(values[0]), round(values[1])))
            elif name == "pen":
                self.reference.set_pen(values[0])
        for event in frame.events:
            self._handle(event)

    def ink(self) -> StrokePaths:
        """Return the finished strokes on the board."""
        return paths_of(self._app.board.strokes)

    def gallery(self, change: str) -> StrokePaths | None:
        """Refuse to follow into the gallery.

        Raises:
            CannotFollowError: always.
        """
        raise CannotFollowError(change)

    def escape(self) -> None:
        """Refuse to follow.

        Raises:
            CannotFollowError: always; only the recording may press keys.
        """
        raise CannotFollowError

    def _handle(self, event: pygame.event.Event) -> None:
        reference = self.reference
        if event.type == pygame.KEYDOWN:
            control = "ctrl+" if event.mod & pygame.KMOD_CTRL else ""
            reference.key(control + pygame.key.name(event.key))
        elif event.type in _FINGERS:
            width, height = reference.window
            position = (event.x * width, event.y * height)
            reference.point(_PHASES[event.type], "finger 1", position)
        elif event.type == pygame.MOUSEMOTION:
            held = frozenset({"left"}) if event.buttons[0] else frozenset()
            reference.point("move", "mouse", event.pos, held)
        else:
            reference.point(_PHASES[event.type], _BUTTONS[event.button], event.pos)
