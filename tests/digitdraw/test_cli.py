"""The command ``digitdraw``: its messages without a screen, and how its window closes."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pygame
import pytest

import digitdraw
from digitdraw import cli
from digitdraw.model.reader import Reader
from digitnet import Drawing, Prediction

if TYPE_CHECKING:
    from tests.digitdraw.conftest import Pilot

COMMAND = Path(sys.executable).with_name("digitdraw")
PATIENCE = 20.0  # seconds after which a window that has not closed counts as hanging


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the installed command as a user would."""
    return subprocess.run(
        [COMMAND, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, **environment},
    )


@contextmanager
def closing_in_time() -> Iterator[None]:
    """Fail if the main loop keeps sleeping; an event wakes it, so that the test can end."""
    is_late = threading.Event()

    def wake() -> None:
        is_late.set()
        pygame.event.post(pygame.event.Event(pygame.QUIT))

    alarm = threading.Timer(PATIENCE, wake)
    alarm.start()
    try:
        yield
    finally:
        alarm.cancel()
        alarm.join()
    assert not is_late.is_set(), "the window stayed open until another event came"


@pytest.mark.parametrize("driver", ["x11", None], ids=str)
@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a screen")
def test_without_a_screen_one_line_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, driver: str | None
) -> None:
    """The error mentions digitbench, which needs no screen; exit code 1."""
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER"):
        monkeypatch.delenv(name, raising=False)
    done = run(SDL_VIDEODRIVER=driver) if driver else run()
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.startswith("digitdraw: cannot open a window: ")
    assert done.stderr.count("\n") == 1
    assert "digitbench" in done.stderr


def test_version() -> None:
    """Print the package's version, without pygame's greeting."""
    done = run("--version")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"digitdraw, version {digitdraw.__version__}\n"


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_help_names_every_option(option: str) -> None:
    """No window is opened."""
    done = run(option, SDL_VIDEODRIVER="no such driver")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("Usage: digitdraw [OPTIONS]")
    assert "--save-dir" in done.stdout
    assert "--model" in done.stdout


@pytest.mark.parametrize("arguments", [["--no-such-option"], ["argument"], ["--save-dir"]])
def test_wrong_usage_is_reported_in_one_line(arguments: list[str]) -> None:
    """Exit with code 2 before a window opens."""
    done = run(*arguments, SDL_VIDEODRIVER="no such driver")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("digitdraw: ")
    assert done.stderr.count("\n") == 1


def test_the_main_loop_ends_when_the_window_is_closed(pilot: Pilot) -> None:
    """The loop ends at once, without waiting for another event."""
    pygame.event.post(pygame.event.Event(pygame.QUIT))
    with closing_in_time():
        cli.run(pilot.app)
    assert not pilot.app.is_running


def test_the_main_loop_hands_events_to_the_app(pilot: Pilot) -> None:
    """Events before the window closes are handled in order."""
    pilot.press(pilot.SEVEN[0])
    for place in pilot.SEVEN[1:]:
        motion = pilot.mouse_event(pygame.MOUSEMOTION, place, rel=(0, 0), buttons=(1, 0, 0))
        pygame.event.post(motion)
    pygame.event.post(pilot.mouse_event(pygame.MOUSEBUTTONUP, pilot.SEVEN[-1], button=1))
    pygame.event.post(pygame.event.Event(pygame.QUIT))
    with closing_in_time():
        cli.run(pilot.app)
    assert pilot.strokes == [pilot.SEVEN]
    assert pilot.text == "7"


class Eager(Reader):
    """The user clicks on the board before the model is loaded, and quits after the answer."""

    def load(self, model: Path | None) -> threading.Thread:
        """Load the model after the click."""
        for type_ in (pygame.MOUSEBUTTONDOWN, pygame.MOUSEBUTTONUP):
            pygame.event.post(pygame.event.Event(type_, pos=(300, 300), button=1, touch=False))
        return super().load(model)

    def read(self, source: Drawing | Path) -> Prediction | None:
        """Read the ink and close the window."""
        pygame.event.post(pygame.event.Event(pygame.QUIT))
        return super().read(source)


class Hasty(Reader):
    """The user closes the window before the model is loaded."""

    def load(self, model: Path | None) -> threading.Thread:
        """Keep loading after the window is closed."""
        pygame.event.post(pygame.event.Event(pygame.QUIT))
        return super().load(model)


def open_and_close(reader: type[Reader], folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the command with a reader that closes its window."""
    monkeypatch.setattr(cli, "Reader", reader)
    with closing_in_time():
        cli.cli.main(["--save-dir", str(folder)], standalone_mode=False)


def test_a_model_that_has_loaded_wakes_the_main_loop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Waiting ink is read even if the mouse does not move."""
    open_and_close(Eager, tmp_path, monkeypatch)


def test_closing_while_the_model_is_loaded_is_quiet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Loading finishes too late, which is not an error."""
    open_and_close(Hasty, tmp_path, monkeypatch)
    for thread in threading.enumerate():
        if thread.name == "load-model":
            thread.join(60)
