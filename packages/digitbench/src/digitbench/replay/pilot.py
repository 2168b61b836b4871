"""Uses digitdraw like a person, for tests: each verb makes real events and steps a frame for each.

    pilot.draw(drawing)
    pilot.press("ctrl+z")
    assert pilot.answer == "7"

It is an `AppPilot`, which uses any app, and knows digitdraw's board, buttons and answers as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pygame

from digitbench.replay import sdl_events
from digitbench.replay.app_pilot import FRAME, AppPilot
from digitbench.replay.events import Device
from digitbench.replay.golden_images import GoldenImages
from digitbench.replay.names import PilotError, hide_mistakes, nearest
from digitbench.replay.sdl_events import XY
from digitbench.replay.timeline import on_canvas
from digitdraw.app import App
from digitdraw.input.actions import ACTIONS
from digitdraw.model.placement import Placement
from digitdraw.model.reader import Reader
from digitdraw.storage.settings import Settings
from digitdraw.storage.store import Store
from digitdraw.ui.layout import arrange
from digitdraw.ui.text import Writer
from digitnet import Drawing, Prediction, Recognizer

__tracebackhide__ = hide_mistakes


class Pilot(AppPilot[App]):
    """Uses an app that it starts.

    Args:
        recognizer: of the app; None for the shipped model.
        save_dir: where the app saves.
        window: (width, height) in pixels.
        settings: that the app starts with.
        input: what draws and clicks, "mouse" or "touch".
        writer: may be shared between pilots, whose apps then render each text once.
        patience: as `App` takes it.
        images: golden images, as the pytest fixture `golden_images` provides them.
    """

    def __init__(
        self,
        recognizer: Recognizer | None = None,
        *,
        save_dir: Path,
        window: tuple[int, int] = (960, 640),
        settings: Settings | None = None,
        input: Device = "mouse",  # noqa: A002 - named like the option of the bench
        writer: Writer | None = None,
        patience: float | None = None,
        images: GoldenImages | None = None,
    ) -> None:
        reader = Reader(recognizer or Recognizer(threads=1))

        def start() -> App:
            return App(window, reader, Store(save_dir), writer, settings, patience=patience)

        super().__init__(start, window=window, input=input, images=images)

    @property
    def prediction(self) -> Prediction | None:
        """What the app reads."""
        return self.app.prediction

    @property
    def answer(self) -> str:
        """The digits that the app reads; "" for none."""
        return self.prediction.text if self.prediction else ""

    def step(self, *events: pygame.event.Event) -> list[pygame.Rect]:
        """Give the app exactly these events in one frame; return the areas that it drew on."""
        self.now += FRAME
        drawn = self.app.step(events, self.now, self.surface)
        self._notify()
        return drawn

    def draw(self, ink: Drawing | Sequence[Sequence[XY]]) -> None:
        """Draw with the pen, a frame for each point.

        Args:
            ink: a drawing, which is drawn as large as the board allows; or paths of (x, y) from
                (0, 0), the upper left corner of the board, to (1, 1), its lower right corner.

        Raises:
            PilotError: a path is outside of the board, or has no points.
        """
        for path in self._in_window(ink):
            self.drag(path)

    def wipe(self, paths: Sequence[Sequence[XY]]) -> None:
        """Draw with the right button of the mouse, which erases.

        Raises:
            PilotError: as in `draw`.
        """
        for path in self._in_window(paths):
            self.drag(path, button=sdl_events.RIGHT)

    def click(self, control: str | XY) -> None:
        """Click a button by the name of its action, a bar by its digit, or a position.

        Raises:
            PilotError: nothing has this name, or the position is outside of the window.
        """
        super().click(self._centre_of(control) if isinstance(control, str) else control)

    def _centre_of(self, name: str) -> XY:
        layout = arrange(*self.surface.get_size())
        places = {str(digit): bar for digit, bar in enumerate(layout.bars)} | layout.buttons
        if name in places:
            return places[name].center
        if (action := ACTIONS.get(name)) and action.keys:
            key = action.keys[0].pygame_name
            raise PilotError(f"{name!r} has no button; press its key, {key!r}")
        raise PilotError(f"no button or bar is named {name!r}{nearest(name, places)}")

    def _in_window(self, ink: Drawing | Sequence[Sequence[XY]]) -> list[list[XY]]:
        area = self.app.board_area
        if isinstance(ink, Drawing):
            ink = on_canvas(ink)
            placement = Placement.fit(ink.canvas or area.size, area)
            return [[placement.to_window(x, y) for x, y, _ in s.points] for s in ink.strokes]
        for number, path in enumerate(ink, 1):
            for x, y in path:
                if not (0 <= x <= 1 and 0 <= y <= 1):
                    raise PilotError(
                        f"path {number} has the point ({x:g}, {y:g}), but the board is from (0, 0) "
                        "to (1, 1)"
                    )
        width, height = area.size
        return [[(area.left + x * width, area.top + y * height) for x, y in path] for path in ink]
