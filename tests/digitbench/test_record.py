"""The command ``digitbench record``: a session in digitdraw's window, and its replay."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pygame
import pytest

from digitbench.commands.record import record
from digitdraw import cli as digitdraw
from digitdraw.model.reader import Reader
from digitnet import read_drawings

if TYPE_CHECKING:
    from tests.digitbench.conftest import Bench

COMMAND = Path(sys.executable).with_name("digitbench")
SEVEN = [(200, 120), (300, 120), (400, 120), (350, 260), (300, 400), (270, 480)]


class Person(Reader):
    """Draws a seven, labels it, and closes the window."""

    def load(self, model: Path | None) -> threading.Thread:
        """Start as soon as the window and the model are there."""
        thread = super().load(model)
        thread.join()
        mouse = {"touch": False}
        for index, pos in enumerate(SEVEN):
            kind = pygame.MOUSEMOTION if index else pygame.MOUSEBUTTONDOWN
            more = {"rel": (0, 0), "buttons": (1, 0, 0)} if index else {"button": 1}
            pygame.event.post(pygame.event.Event(kind, mouse | more, pos=pos))
        pygame.event.post(pygame.event.Event(pygame.MOUSEBUTTONUP, mouse, pos=SEVEN[-1], button=1))
        key = {"key": pygame.K_7, "mod": 0, "unicode": "7"}
        pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key))
        pygame.event.post(pygame.event.Event(pygame.QUIT))
        return thread


@pytest.fixture(autouse=True)
def _temporary_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the window from saving its size and theme in the home of the user who runs tests."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for name in ("XDG_CONFIG_HOME", "XDG_DOCUMENTS_DIR", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home" / name))


def test_a_session_becomes_a_recording_that_can_be_replayed(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With ink and label, in a window of the requested size."""
    monkeypatch.setattr(digitdraw, "Reader", Person)
    out = tmp_path / "mine.ndjson"
    done = bench("record", "--out", out, "--size", "800x700", "--theme", "dark")
    assert done == (0, f"{out}: 1 recording\n", "")
    [drawing] = read_drawings(out)
    assert (drawing.word, len(drawing.strokes), drawing.device) == ("7", 1, "mouse")
    events = [("resize", 800, 700), ("theme", "dark"), ("label", "7")]
    assert [event[1:] for event in drawing.events] == events
    assert bench("run", out, "--min-accuracy", 1).code == 0


def test_an_existing_file_is_not_overwritten(bench: Bench, tmp_path: Path) -> None:
    """No session starts that could not be saved; the message names the option of this command."""
    out = tmp_path / "mine.ndjson"
    out.write_text("older")
    done = bench("record", "--out", out)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"digitbench: --out: {out} already exists; name a new file, or ")
    assert out.read_text() == "older"
    done = bench("record", "--out", out / "mine.ndjson")
    assert (done.code, done.out) == (2, "")
    assert "cannot be written: " in done.err


def test_all_options_of_digitdraw_are_available() -> None:
    """Except the one for the file, which must be new unless it is replaced by force."""
    there = {option.name for option in digitdraw.cli.params if option.expose_value}
    assert {option.name for option in record.params} == there - {"record"} | {"out", "force"}


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there is always a screen")
def test_a_missing_screen_is_reported_in_one_line(tmp_path: Path) -> None:
    """As digitdraw reports it; exit code 1, and no file."""
    out = tmp_path / "mine.ndjson"
    screens = ("DISPLAY", "WAYLAND_DISPLAY", "SDL_VIDEODRIVER")
    done = subprocess.run(
        [COMMAND, "record", "--out", out],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={name: value for name, value in os.environ.items() if name not in screens},
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("digitbench: cannot open a window: ")
    assert done.stderr.count("\n") == 1
    assert not out.exists()
