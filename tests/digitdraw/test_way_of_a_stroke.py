"""How many files a reader has to open to follow a stroke, from the pen's release to the answer."""

from __future__ import annotations

import sys
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import pygame

if TYPE_CHECKING:
    from tests.digitdraw.conftest import Pilot, Shown

MOST_FILES = 26

PACKAGES = Path(__file__).parents[2] / "packages"


def files_of(pilot: Pilot, event: pygame.event.Event) -> list[str]:
    """Run one frame with an event; list the source files whose functions ran, in that order."""
    files: dict[str, None] = {}

    def note(frame: FrameType, kind: str, _argument: object) -> None:
        path = Path(frame.f_code.co_filename)
        if kind == "call" and path.is_relative_to(PACKAGES):
            files[path.relative_to(PACKAGES).as_posix().partition("/src/")[2]] = None

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        pilot.app.step([event], pilot.now + 8, pilot.surface)
    finally:
        sys.setprofile(before)
    return list(files)


def test_the_way_of_a_stroke_leads_through_few_files(pilot: Pilot, shown: Shown) -> None:
    """The whole way: the event, the ink, the 28x28, the network, the answer and its drawing."""
    pilot.press(pilot.SEVEN[0])
    for place in pilot.SEVEN[1:]:
        pilot.move(place)
    release = pilot.mouse_event(pygame.MOUSEBUTTONUP, pilot.SEVEN[-1], button=1)
    files = files_of(pilot, release)
    assert pilot.text == shown.line("answer") == "7"
    assert {
        "digitdraw/app.py",
        "digitdraw/model/board.py",
        "digitnet/preprocessing/framing.py",
        "digitnet/runtime.py",
        "digitdraw/ui/panel.py",
        "digitdraw/ui/board_view.py",
    } <= set(files)
    assert len(files) <= MOST_FILES, "\n".join(files)
