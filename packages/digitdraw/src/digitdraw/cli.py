"""The command ``digitdraw``: owns the window, the clock and the event queue."""

from __future__ import annotations

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
    loaded = pygame.event.custom_type()
    reader.load(model, when_done=lambda: pygame.event.post(pygame.event.Event(loaded)))
    folder = save_dir or user_documents_path() / "digitdraw"
    run(App(window.get_size(), reader, Store(folder)))
    pygame.quit()


def run(app: App) -> None:
    """Run an app in the open window until the user closes it."""
    clock = pygame.time.Clock()
    events: list[pygame.event.Event] = []
    while app.is_running:
        changed = app.step(events, pygame.time.get_ticks(), pygame.display.get_surface())
        if changed:
            pygame.display.update(changed)
            clock.tick(_FRAMES_PER_SECOND)
        # Sleeps until something happens; the loaded model is an event, too.
        events = [pygame.event.wait(), *pygame.event.get()]


def _open_window() -> pygame.Surface:
    try:
        pygame.display.init()
        pygame.font.init()
        window = pygame.display.set_mode(_SIZE, pygame.RESIZABLE)
    except pygame.error as error:
        console.fail(
            "digitdraw",
            f"no window can be opened here ({error}); digitdraw needs a screen, "
            "but 'digitbench' replays drawings without one",
        )
    pygame.display.set_caption("digitdraw")
    return window


def main() -> NoReturn:
    """Run the command line."""
    console.run(cli)
