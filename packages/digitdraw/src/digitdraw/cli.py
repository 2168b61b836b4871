"""The command ``digitdraw``: owns the window, the clock and the event queue."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

import click
import pygame
from platformdirs import user_documents_path

import digitdraw
from digitdraw.app import App
from digitdraw.reader import Reader
from digitdraw.store import Store
from digitnet import console

_SIZE = (960, 640)
_FRAMES_PER_SECOND = 120
_NAP = 8  # milliseconds
_INVISIBLE = {"dummy", "offscreen"}


@click.command(name="digitdraw")
@click.option(
    "--save-dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for saved drawings. Without: digitdraw in your documents.",
)
@console.model_option
@click.version_option(digitdraw.__version__)
def cli(save_dir: Path | None, model: Path | None) -> None:
    """Draw digits with mouse or finger and see them read at once."""
    window = _open_window()
    reader = Reader()
    reader.load(model)
    folder = save_dir or user_documents_path() / "digitdraw"
    run(App(window.get_size(), reader, Store(folder)))
    pygame.quit()


def run(app: App) -> None:
    """Run an app in the open window until the user closes it."""
    clock = pygame.time.Clock()
    while app.is_running:
        events = pygame.event.get()
        # After a resize, the window's surface is another one.
        window = pygame.display.get_surface()
        if changed := app.step(events, pygame.time.get_ticks(), window):
            pygame.display.update(changed)
            clock.tick(_FRAMES_PER_SECOND)
        elif not events:
            # pygame's own wait would look for events a thousand times a second, and would not see
            # that the model has been loaded.
            pygame.time.wait(_NAP)


def _open_window() -> pygame.Surface:
    try:
        with _quiet_libraries():
            pygame.display.init()
        driver = pygame.display.get_driver()
        # SDL's last resort is a window that nobody can see, or close.
        if driver in _INVISIBLE and os.environ.get("SDL_VIDEODRIVER") != driver:
            _fail_without_screen("there is no screen")
        pygame.font.init()
        window = pygame.display.set_mode(_SIZE, pygame.RESIZABLE)
    except pygame.error as error:
        _fail_without_screen(str(error))
    pygame.display.set_caption("digitdraw")
    return window


@contextmanager
def _quiet_libraries() -> Iterator[None]:
    """Keep what SDL's video drivers print about screens that they do not find to themselves."""
    sys.stderr.flush()
    saved = os.dup(2)
    try:
        with Path(os.devnull).open("w") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(saved, 2)
        os.close(saved)


def _fail_without_screen(reason: str) -> NoReturn:
    raise click.ClickException(
        f"no window can be opened here: {reason}; digitdraw needs a screen, "
        "but 'digitbench' replays drawings without one",
    )


def main() -> NoReturn:
    """Run the command line."""
    console.run(cli)
