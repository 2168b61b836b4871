"""The invisible window: it needs no screen, and does not prevent stopping a run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

OPEN = """
from digitbench.replay.screen import open_headless_window
import pygame
import time

surface = open_headless_window((300, 200))
print(pygame.display.get_driver(), surface.get_size(), flush=True)
"""
GO_ON = """
for _ in range(1000):
    pygame.event.get()
    time.sleep(0.02)
"""


def start(program: str, **environment: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", program],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
    )


@pytest.mark.parametrize("driver", ["x11", "no such driver", "dummy"])
def test_it_needs_no_screen(driver: str) -> None:
    """Whatever driver the environment asks for; and only the program prints anything."""
    with start(OPEN, SDL_VIDEODRIVER=driver, DISPLAY="", WAYLAND_DISPLAY="") as program:
        out, _ = program.communicate(timeout=60)
    assert out == "dummy (300, 200)\n"
    assert program.returncode == 0


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals of POSIX")
def test_a_run_can_be_stopped() -> None:
    """SIGTERM, with which CI and `timeout` stop a program, stops it."""
    with start(OPEN + GO_ON) as program:
        assert program.stdout is not None
        assert program.stdout.readline() != ""
        program.terminate()
        try:
            assert program.wait(timeout=30) == -signal.SIGTERM
        finally:
            program.kill()
