"""What the tests of a pytest run share: the recognizer, rendered text, and what replays."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pygame
import pytest

from digitbench.pytest_support.options import Options, options_of
from digitbench.replay.golden_images import GoldenImages
from digitbench.replay.pilot import Pilot
from digitbench.replay.replayer import Setup
from digitbench.replay.screen import open_headless_window
from digitdraw.storage.settings import Settings
from digitdraw.ui.text import Writer
from digitnet import Recognizer

if TYPE_CHECKING:
    from digitbench.checks.inspector import Inspector


class _Tools:
    """What works only as long as the window is open."""

    def __init__(self, surface: pygame.Surface, recognizer: Recognizer, setup: Setup) -> None:
        self.surface = surface
        self.writer = Writer()
        self._recognizer, self._setup = recognizer, setup

    @cached_property
    def inspector(self) -> Inspector:
        from digitbench.checks.inspector import Inspector  # pilots need no checks

        return Inspector(self._recognizer, self._setup)


class Workbench:
    """Starts apps as the options say.

    Args:
        options: of the pytest run.

    Attributes:
        setup: how recordings are replayed.
    """

    def __init__(self, options: Options) -> None:
        self._options = options
        self.setup = Setup(options.window, options.input, live=options.live)
        self._last: _Tools | None = None

    @cached_property
    def recognizer(self) -> Recognizer:
        """The recognizer of all apps.

        Raises:
            ModelError: the model cannot be used.
        """
        return Recognizer(self._options.model, threads=1)

    @property
    def model(self) -> Path | None:
        """File or folder of the model; None for the shipped one."""
        return self._options.model

    @property
    def inspector(self) -> Inspector:
        """Replays and checks recordings."""
        return self._tools.inspector

    def pilot(self, save_dir: Path, images: GoldenImages) -> Pilot:
        """Return a pilot with a new app.

        Args:
            save_dir: where the app saves.
            images: the golden images of the test.
        """
        live = self._options.live
        return Pilot(
            self.recognizer,
            save_dir=save_dir,
            window=self._options.window,
            settings=None if live is None else Settings(live=live),
            input=self._options.input or "mouse",
            writer=self._tools.writer,
            images=images,
        )

    @property
    def _tools(self) -> _Tools:
        """The shared tools; new ones if a test has closed the window, as `pygame.quit` does."""
        surface = open_headless_window(self._options.window)
        if self._last is None or self._last.surface is not surface:
            self._last = _Tools(surface, self.recognizer, self.setup)
        return self._last


_WORKBENCH = pytest.StashKey[Workbench]()


def workbench_of(config: pytest.Config) -> Workbench:
    """Return the workbench of a pytest run; with pytest-xdist, each of its workers has one."""
    if _WORKBENCH not in config.stash:
        config.stash[_WORKBENCH] = Workbench(options_of(config))
    return config.stash[_WORKBENCH]
