"""The command ``digitdraw``: it owns the window, the clock and the event queue."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import NoReturn

import click
import pygame
from platformdirs import user_config_path, user_documents_path

from digitdraw.app import App
from digitdraw.model.reader import Reader
from digitdraw.storage.saver import PATIENCE
from digitdraw.storage.settings import (
    LARGEST,
    SMALLEST,
    Settings,
    default_settings,
    load_settings,
    save_settings,
)
from digitdraw.storage.store import Store
from digitdraw.ui.theme import THEMES
from digitnet import cli_support, write_drawings

_FRAMES_PER_SECOND = 120
_NAP = 8  # milliseconds
_INVISIBLE = {"dummy", "offscreen"}


def _to_size(
    _context: click.Context, _option: click.Parameter, value: str | None
) -> tuple[int, int] | None:
    if value is None:
        return None
    try:
        width, height = (int(side) for side in value.lower().split("x"))
        return Settings(size=(width, height)).size
    except ValueError:
        low, high = (f"{width}x{height}" for width, height in (SMALLEST, LARGEST))
        raise click.BadParameter(
            f"{value!r} is not a size from {low} to {high}, such as 960x640."
        ) from None


def _to_new_file(
    _context: click.Context, _option: click.Parameter, path: Path | None
) -> Path | None:
    """Check before the session begins that its recording can be written at the end."""
    if path and path.exists():
        raise click.BadParameter(f"{path} already exists; name a new file.")
    if path and not path.parent.is_dir():
        raise click.BadParameter(f"{path} cannot be created: {path.parent} is not a folder.")
    return path


@click.command(name="digitdraw", context_settings=cli_support.CONTEXT)
@click.option(
    "--save-dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder for saved drawings. Default: digitdraw in your documents folder.",
)
@cli_support.model_option
@click.option(
    "--theme", type=click.Choice(list(THEMES)), help="Colour theme. Default: the last one used."
)
@click.option(
    "--size",
    metavar="WIDTHxHEIGHT",
    callback=_to_size,
    help="Window size. Default: the last one used.",
)
@click.option("--fullscreen", is_flag=True, help="Start in full screen.")
@click.option(
    "--record",
    type=click.Path(dir_okay=False, path_type=Path),
    callback=_to_new_file,
    help="Record the whole session to a new file, written at the end.",
)
@click.version_option(package_name="digitdraw")
def cli(
    save_dir: Path | None,
    model: Path | None,
    theme: str | None,
    size: tuple[int, int] | None,
    record: Path | None,
    *,
    fullscreen: bool,
) -> None:
    """Draw digits with mouse or finger and see them read at once."""
    remembered = user_config_path("digitdraw") / "settings.json"
    defaults = default_settings(_open_screen())
    settings, notice = load_settings(remembered, defaults)
    settings = replace(settings, theme=theme or settings.theme, size=size or settings.size)
    window = _open_window(settings.size)
    reader = Reader()
    folder = save_dir or user_documents_path() / "digitdraw"
    app = App(
        window.get_size(),
        reader,
        Store(folder),
        settings=settings,
        notice=notice,
        patience=PATIENCE,
    )
    app.is_fullscreen = fullscreen
    run(app, when_shown=partial(reader.load, model))
    pygame.quit()
    failures = app.finish()
    with contextlib.suppress(OSError):  # only settings are lost, and they are quickly set again
        save_settings(remembered, app.settings)
    if record:
        write_drawings(record, [app.recording()])
    if failures:
        raise click.ClickException("; ".join(failures))


def run(app: App, when_shown: Callable[[], object] | None = None) -> None:
    """Run an app in the open window until the user closes it.

    Args:
        app: the app.
        when_shown: called once, after the first frame has been shown: work that would delay it.
    """
    clock = pygame.time.Clock()
    is_fullscreen = False
    while app.is_running:
        if app.is_fullscreen != is_fullscreen:
            is_fullscreen = app.is_fullscreen
            if is_fullscreen:
                pygame.display.set_mode((0, 0), pygame.FULLSCREEN)
            else:
                pygame.display.set_mode(app.settings.size, pygame.RESIZABLE)
        events = pygame.event.get()
        # A resize replaces the window's surface.
        window = pygame.display.get_surface()
        if changed := app.step(events, pygame.time.get_ticks(), window):
            pygame.display.update(changed)
            if when_shown:
                when_shown()
                when_shown = None
            clock.tick(_FRAMES_PER_SECOND)
        elif not events:
            # pygame's own wait polls for events a thousand times a second, and would not notice
            # that the model has been loaded.
            pygame.time.wait(_NAP)


def _open_screen() -> tuple[int, int]:
    """Find a screen to open a window on; return its (width, height) in pixels."""
    # Showing pixels drawn on the CPU needs no 3D driver; on Linux without a graphics card that
    # driver alone takes 90 MB.
    os.environ.setdefault("SDL_FRAMEBUFFER_ACCELERATION", "0")
    # Windows scales up, and blurs, the windows of programs that do not declare DPI awareness.
    os.environ.setdefault("SDL_WINDOWS_DPI_AWARENESS", "permonitorv2")
    try:
        with _quiet_libraries():
            pygame.display.init()
        driver = pygame.display.get_driver()
        # SDL's last resort is a window that cannot be seen or closed.
        if driver in _INVISIBLE and os.environ.get("SDL_VIDEODRIVER") != driver:
            _fail_without_screen("there is no screen")
        return pygame.display.get_desktop_sizes()[0]
    except pygame.error as error:
        _fail_without_screen(str(error))


def _open_window(size: tuple[int, int]) -> pygame.Surface:
    pygame.font.init()
    try:
        window = pygame.display.set_mode(size, pygame.RESIZABLE)
    except pygame.error as error:
        _fail_without_screen(str(error))
    pygame.display.set_caption("digitdraw")
    return window


@contextmanager
def _quiet_libraries() -> Iterator[None]:
    """Silence what SDL's video drivers print about screens that they do not find."""
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
        f"cannot open a window: {reason}; digitdraw needs a screen, "
        "but 'digitbench' replays drawings without one",
    )


def main() -> NoReturn:
    """Run the command line."""
    cli_support.run(cli)
