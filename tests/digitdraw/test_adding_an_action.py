"""Adding a row to the table of actions is all it takes to add a button, a key, help and a tooltip.

The steps for a new action: add its row to `ACTIONS` in `digitdraw/input/actions.py`; if it has a
button among the tools, draw its icon in `digitdraw/ui/icons.py`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pygame
import pytest

from digitbench.replay.events import to_events
from digitdraw.input.actions import ACTIONS, Action, Slot
from digitdraw.input.keys import Key
from digitdraw.model.board import Board
from digitdraw.model.placement import Placement
from digitdraw.ui.icons import _LINES, icon
from digitdraw.ui.layout import arrange
from digitnet import Stroke

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tests.digitdraw.conftest import NewPilot, Pilot

WINDOW = (960, 640)


def mirror(board: Board) -> None:
    """Add the mirror image of the last stroke."""
    if board.strokes:
        width = board.canvas[0]
        board.add(Stroke((width - x, y, t) for x, y, t in board.strokes[-1].points))


MIRROR = Action(
    "mirror",
    "Mirror",
    "Mirror the last stroke",
    lambda app: app.edit("mirror", mirror),
    (Key(pygame.K_m),),
    Slot.INK_TOOLS,
    "mirror",
    enabled=lambda app: bool(app.board.strokes),
    is_replayed=True,
)


@pytest.fixture
def pilot(new_pilot: NewPilot, monkeypatch: pytest.MonkeyPatch) -> Pilot:
    """A pilot whose app has the new action."""
    monkeypatch.setitem(ACTIONS, MIRROR.name, MIRROR)
    monkeypatch.setitem(_LINES, MIRROR.icon, [[(0.5, 0.1), (0.5, 0.9)]])
    icon.cache_clear()
    return new_pilot()


def picture_of_button(pilot: Pilot) -> NDArray[np.uint8]:
    """Copy what the window shows of the button, uint8 (width, height, 3)."""
    button = arrange(*WINDOW).buttons["mirror"]
    return pygame.surfarray.array3d(pilot.surface.subsurface(button))


def test_its_button_stands_at_the_end_of_its_slot(pilot: Pilot) -> None:
    """In the window, on nothing else, and visited by Tab in its turn."""
    buttons = arrange(*pilot.surface.get_size()).buttons
    names = list(buttons)
    assert names[: names.index("mirror") + 1] == ["erase", "undo", "redo", "clear", "mirror"]
    assert len(buttons["mirror"].collidelistall(list(buttons.values()))) == 1
    pilot.draw(pilot.SEVEN)
    for _ in range(names.index("mirror") + 1):
        pilot.key(pygame.K_TAB)
    pilot.key(pygame.K_RETURN)
    assert len(pilot.strokes) == 2


@pytest.mark.parametrize("way", ["mouse", "finger", "key"])
def test_its_button_and_its_key_perform_it(pilot: Pilot, way: str) -> None:
    """On the ink, as a step that can be undone."""
    pilot.draw(pilot.SEVEN)
    if way == "mouse":
        pilot.click("mirror")
    elif way == "finger":
        pilot.touch([pilot.button("mirror")])
    else:
        pilot.key(pygame.K_m)
    width = pilot.app.board.canvas[0]
    assert pilot.strokes == [pilot.SEVEN, [(width - x, y) for x, y in pilot.SEVEN]]
    pilot.key(pygame.K_u)
    assert pilot.strokes == [pilot.SEVEN]


def test_its_button_is_faint_until_it_can_do_something(pilot: Pilot) -> None:
    """The icon is drawn in either colour."""
    before = picture_of_button(pilot)
    pilot.draw(pilot.SEVEN)
    assert (picture_of_button(pilot) != before).any()
    pilot.key(pygame.K_c)
    assert (picture_of_button(pilot) == before).all()


def test_the_help_page_lists_it(pilot: Pilot, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it does, and its key."""
    lines: list[str] = []
    monkeypatch.setattr("digitdraw.ui.text.Writer.write", lambda *it, **_: lines.append(it[2]))
    pilot.key(pygame.K_F1)
    assert lines[lines.index("M") + 1] == "Mirror the last stroke"


def test_its_tooltip_says_what_it_does(pilot: Pilot, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a while over its button."""
    lines: list[str] = []
    monkeypatch.setattr("digitdraw.ui.text.Writer.write", lambda *it, **_: lines.append(it[2]))
    pilot.move(pilot.button("mirror"), (0, 0, 0))
    pilot.now += 600
    pilot.step()
    assert lines[-1] == "Mirror the last stroke (M)"


def test_it_is_recorded_and_replayed_by_its_key(pilot: Pilot) -> None:
    """Under its name; if it has no effect, it is not recorded."""
    pilot.key(pygame.K_m)
    pilot.draw(pilot.SEVEN)
    pilot.key(pygame.K_m)
    event = pilot.app.recording().events[-1]
    assert event[1:] == ("mirror",)
    area = pilot.app.board_area
    placement = Placement.fit(pilot.app.board.canvas, area)
    (press,) = to_events(event[1:], "mouse", placement, area, WINDOW)
    pilot.step(press)
    assert len(pilot.strokes) == 3
