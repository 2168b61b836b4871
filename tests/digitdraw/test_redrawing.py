"""A frame redraws only what has changed, and reports all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pygame
import pytest
from hypothesis import given, settings

from digitbench.strategies import drawings
from digitdraw.ui.layout import arrange
from digitnet import Drawing

if TYPE_CHECKING:
    from tests.digitdraw.conftest import NewPilot, Pilot


@settings(max_examples=20)
@given(drawing=drawings(side=570, max_points=4))  # within the board of the pilots' window
def test_a_frame_reports_all_changes(new_pilot: NewPilot, drawing: Drawing) -> None:
    """Outside the parts that a frame returns, the window is unchanged."""
    pilot = new_pilot()
    step = pilot.step

    def step_and_compare(*events: pygame.event.Event) -> list[pygame.Rect]:
        before = pygame.surfarray.array3d(pilot.surface)
        changed = step(*events)
        after = pygame.surfarray.array3d(pilot.surface)
        for part in changed:
            left, top, right, bottom = part.left, part.top, part.right, part.bottom
            after[left:right, top:bottom] = before[left:right, top:bottom]
        assert (after == before).all()
        return changed

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pilot, "step", step_and_compare)
        pilot.draw(*[[(point.x, point.y) for point in s.points] for s in drawing.strokes])
        for name in ("undo", "save", "clear"):
            pilot.click(name)


def test_a_growing_stroke_redraws_only_around_the_pen(pilot: Pilot) -> None:
    """A line costs no more on a large board than on a small one."""
    pilot.press((100, 100))
    motion = pilot.mouse_event(pygame.MOUSEMOTION, (120, 100), rel=(20, 0), buttons=(1, 0, 0))
    [part] = pilot.step(motion)
    assert part.width < 80
    assert part.height < 80


def test_only_tools_that_changed_are_redrawn(pilot: Pilot) -> None:
    """Ink enables undo, clear and save; the other buttons are not touched."""
    event = pilot.mouse_event(pygame.MOUSEBUTTONDOWN, (100, 100), button=1)
    changed = pilot.step(event)
    layout = arrange(*pilot.surface.get_size())
    touched = {n for n, rect in layout.buttons.items() if rect.collidelist(changed) >= 0}
    assert touched == {"undo", "clear", "save"}


def test_what_disappears_during_a_stroke_is_redrawn(pilot: Pilot) -> None:
    """A focus that a key set during the stroke disappears with the pen's next move."""
    pilot.press((100, 100))
    before = pygame.surfarray.array3d(pilot.surface)
    pilot.key(pygame.K_TAB)
    assert (before != pygame.surfarray.array3d(pilot.surface)).any()
    pilot.move((100, 101))
    pilot.step(pygame.event.Event(pygame.WINDOWEXPOSED))
    tools = arrange(*pilot.surface.get_size()).tools
    after = pygame.surfarray.array3d(pilot.surface)
    left, top, right, bottom = tools.left, tools.top, tools.right, tools.bottom
    assert (before[left:right, top:bottom] == after[left:right, top:bottom]).all()
