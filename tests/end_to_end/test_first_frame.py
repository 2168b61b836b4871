"""digitdraw's first frame does not wait for slow imports, and looks the same without them."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pygame
import pytest
from PIL import Image, ImageDraw

from digitbench.replay.pilot import Pilot
from digitnet import Recognizer

NOT_YET = {"PIL", "numpy", "onnxruntime", "pygame.mixer", "pygame.sndarray", "pygame.surfarray"}

FIRST_FRAME = f"""
import sys
from digitdraw import __main__ as command

import_pygame = command.import_pygame

def import_and_watch():
    import_pygame()
    import pygame
    update = pygame.display.update

    def show(areas):
        update(areas)
        print(*sorted({NOT_YET!r} & set(sys.modules)))
        pygame.event.post(pygame.event.Event(pygame.QUIT))

    pygame.display.update = show

command.import_pygame = import_and_watch
command.main()
"""

SESSION = """
import hashlib, json, sys
from pathlib import Path
from digitdraw.startup import import_pygame

import_pygame()
import pygame
from digitbench.replay.pilot import Pilot

print(*(name for name in ("mixer", "sndarray", "surfarray") if getattr(pygame, name)))
folder, verbs = sys.argv[1:]
pilot = Pilot(save_dir=Path(folder))
for verb, what in json.loads(verbs):
    getattr(pilot, verb)(what)
print(hashlib.sha256(pygame.image.tobytes(pilot.surface, "RGB")).hexdigest())
"""

SEVEN = [[(0.3, 0.2), (0.7, 0.2), (0.5, 0.8)]]

SESSIONS: dict[str, list[tuple[str, Any]]] = {
    "nothing": [],
    "ink": [("draw", SEVEN)],
    "the inside": [("press", "i"), ("draw", SEVEN)],
    "erased ink": [("draw", SEVEN), ("wipe", SEVEN)],
    "the gallery": [("press", "g")],
    "a picture": [("drop", "picture.png")],
}


def run(program: str, *arguments: str | Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a program in a new process, without a screen and with its own home folder."""
    names = ("HOME", "XDG_CONFIG_HOME", "XDG_DOCUMENTS_DIR")
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=folder,
        env={**os.environ, **dict.fromkeys(names, str(folder)), "SDL_VIDEODRIVER": "dummy"},
    )


def test_the_first_frame_does_not_wait_for_numpy_or_the_runtime(tmp_path: Path) -> None:
    """They are imported once the frame is visible, and quitting works without them."""
    done = run(FIRST_FRAME, folder=tmp_path)
    assert (done.stdout.splitlines()[:1], done.stderr, done.returncode) == ([""], "", 0)


@pytest.mark.parametrize("name", SESSIONS)
def test_pygame_without_its_array_modules_draws_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, recognizer: Recognizer, name: str
) -> None:
    """Each of the app's pages is drawn alike with and without pygame's array modules."""
    picture = Image.new("L", (280, 180), 255)
    ImageDraw.Draw(picture).line([(90, 20), (190, 20), (120, 160)], fill=0, width=12)
    picture.save(tmp_path / "picture.png")
    saver = Pilot(recognizer, save_dir=tmp_path / "saved")
    saver.draw(SEVEN)
    saver.press("s")

    monkeypatch.chdir(tmp_path)
    pilot = Pilot(recognizer, save_dir=tmp_path / "saved")
    for verb, what in SESSIONS[name]:
        getattr(pilot, verb)(what)
    shown = hashlib.sha256(pygame.image.tobytes(pilot.surface, "RGB")).hexdigest()

    done = run(SESSION, tmp_path / "saved", json.dumps(SESSIONS[name]), folder=tmp_path)
    assert (done.stdout.splitlines(), done.stderr) == (["", shown], "")
