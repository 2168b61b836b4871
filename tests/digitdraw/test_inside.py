"""The inside of the network in the panel: its maps, and which ink counted for the answer."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pygame
import pytest

from digitdraw.input.actions import Slot
from digitdraw.model.reader import Inside, Reader
from digitdraw.storage.settings import Settings
from digitdraw.ui.inside import evidence_surface
from digitdraw.ui.layout import arrange, buttons_in
from digitdraw.ui.theme import DARK, LIGHT, Theme
from digitnet import ModelError, Recognizer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from tests.digitdraw.conftest import NewPilot, Pilot, Shown


def has_stages(recognizer: Recognizer) -> bool:
    """Say whether a model was exported with its stages."""
    try:
        recognizer.feature_maps(np.zeros((28, 28), np.uint8))
    except ModelError:
        return False
    return True


class Pooling(Recognizer):
    """Its stages are the picture, coarser and coarser, in place of a network's maps."""

    def feature_maps(self, image: NDArray[np.uint8]) -> list[NDArray[np.float32]]:
        """Give maps of 14x14 and of 7x7."""
        ink = image.astype(np.float32) / 255
        return [
            np.stack([np.roll(ink, n, axis=1)[::step, ::step] for n in range(count)])
            for step, count in ((2, 32), (4, 64))
        ]


class Stageless(Recognizer):
    """A model that was exported by an earlier version."""

    def feature_maps(self, image: NDArray[np.uint8]) -> list[NDArray[np.float32]]:
        """Say what such a model says."""
        what = (
            f"{self.manifest.folder} was exported without its stages for pictures of {image.shape}"
        )
        raise ModelError(f"{what}; export the model anew")


@pytest.fixture(scope="module")
def staged(recognizer: Recognizer) -> Recognizer:
    """The shipped model, or where that has no stages, one that pretends to have some."""
    return recognizer if has_stages(recognizer) else Pooling(threads=1)


@pytest.fixture
def pilot(new_pilot: NewPilot, staged: Recognizer) -> Pilot:
    """A pilot whose app has a model with stages."""
    return new_pilot(Reader(staged))


def panel(pilot: Pilot) -> NDArray[np.uint8]:
    """Copy what the panel shows."""
    layout = arrange(960, 640)
    buttons = [layout.buttons[name] for name in buttons_in(Slot.ANSWER)]
    area = layout.answer.unionall([layout.verdict, layout.thumbnail, layout.caption, *layout.bars])
    return pygame.surfarray.array3d(pilot.surface.subsurface(area.unionall(buttons)))


def test_i_shows_the_inside_and_the_bars_again(pilot: Pilot) -> None:
    """By key and by button; outside of panel and button, nothing is drawn anew."""
    pilot.draw(pilot.SEVEN)
    bars = panel(pilot)
    board = pygame.surfarray.array3d(pilot.surface.subsurface(pilot.app.board_area))
    pilot.key(pygame.K_i)
    inside = panel(pilot)
    assert (inside != bars).any(axis=-1).mean() > 0.1
    pilot.click("inside")
    assert (panel(pilot) == bars).all()
    pilot.click("inside")
    assert (panel(pilot) == inside).all()
    after = pygame.surfarray.array3d(pilot.surface.subsurface(pilot.app.board_area))
    assert (after == board).all()


def test_each_stage_is_told(pilot: Pilot, monkeypatch: pytest.MonkeyPatch) -> None:
    """How many maps it has and how large they are, and for which digit the ink counts."""
    lines: list[str] = []
    pilot.draw(pilot.SEVEN)
    monkeypatch.setattr("digitdraw.ui.text.Writer.write", lambda *it, **_: lines.append(it[2]))
    pilot.key(pygame.K_i)
    stages = [line for line in lines if line.startswith("Stage ")]
    assert len(stages) >= 2
    assert stages[0].startswith("Stage 1: ")
    assert "Evidence for and against 7" in lines


def test_a_blank_board_asks_for_ink(pilot: Pilot, monkeypatch: pytest.MonkeyPatch) -> None:
    """And what is drawn then is looked into at once."""
    lines: list[str] = []
    monkeypatch.setattr("digitdraw.ui.text.Writer.write", lambda *it, **_: lines.append(it[2]))
    pilot.key(pygame.K_i)
    assert "Draw to see what the network does" in lines
    lines.clear()
    pilot.draw(pilot.SEVEN)
    assert any(line.startswith("Stage 1") for line in lines)


def test_the_inside_follows_the_pen(new_pilot: NewPilot, staged: Recognizer) -> None:
    """Read live, the panel changes with each bend of the stroke, and rests when the pen does."""
    pilot = new_pilot(Reader(staged), Settings(live=True))
    pilot.key(pygame.K_i)
    seen = [panel(pilot)]
    pilot.press(pilot.SEVEN[0])
    for place in pilot.SEVEN[2:]:
        pilot.move(place)
        seen.append(panel(pilot))
        assert (seen[-1] != seen[-2]).any()
        assert pilot.step() == []


def test_the_digit_pointed_at_is_looked_into(pilot: Pilot) -> None:
    """Of a number, one at a time."""
    pilot.draw(*pilot.SEVENTY_FOUR)
    pilot.key(pygame.K_i)
    four = panel(pilot)
    pilot.move((150, 150), (0, 0, 0))
    assert (panel(pilot) != four).any()
    pilot.move((20, 500), (0, 0, 0))
    assert (panel(pilot) == four).all()


@pytest.mark.parametrize("size", [(480, 360), (500, 900), (1920, 1080), (40, 30)], ids=str)
def test_the_inside_is_shown_in_any_window(pilot: Pilot, size: tuple[int, int]) -> None:
    """However small."""
    pilot.draw(pilot.SEVEN)
    pilot.key(pygame.K_i)
    pilot.resize(size)
    assert pilot.step() == []


def test_a_model_without_stages_says_so(
    new_pilot: NewPilot, recognizer: Recognizer, shown: Shown
) -> None:
    """Once, and the bars stay; drawing goes on as ever."""
    pilot = new_pilot(Reader(Stageless(threads=1)))
    pilot.draw(pilot.SEVEN)
    bars = panel(pilot)
    pilot.key(pygame.K_i)
    assert "without its stages" in shown.line("status")
    pilot.step()
    assert pilot.step() == []
    assert (panel(pilot) == bars).all()
    pilot.draw(pilot.FOUR[1])
    assert "stages" not in shown.line("status")


@pytest.fixture
def inside(staged: Recognizer, pilot: Pilot) -> Inside:
    """The inside of the network for a 7."""
    pilot.draw(pilot.SEVEN)
    assert pilot.app.prediction is not None
    inside = Reader(staged).look_inside(pilot.app.prediction.digits[0])
    assert inside is not None
    return inside


def test_the_shipped_models_stages_get_smaller(recognizer: Recognizer) -> None:
    """None of their maps is below 0, and some of each is above."""
    if not has_stages(recognizer):
        pytest.skip("the shipped model was exported without its stages")
    ink = np.zeros((28, 28), np.uint8)
    ink[4:24, 14] = 255
    stages = recognizer.feature_maps(ink)
    sides = [stage.shape[1] for stage in stages]
    assert len(sides) > 1
    assert sides == sorted(sides, reverse=True)
    assert all(stage.ndim == 3 and stage.min() >= 0 and stage.max() > 0 for stage in stages)


def nearest(colour: Sequence[int], theme: Theme) -> str:
    """Name the theme's colour that a pixel is most like."""
    names = ("accent", "warning", "bar", "paper")
    return min(
        names, key=lambda name: float(np.abs(np.subtract(colour, getattr(theme, name))).sum())
    )


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_ink_for_and_against_is_told_by_colour(inside: Inside, theme: Theme) -> None:
    """In the accent's colour for, in the warning's against, grey where it does not matter."""
    full = replace(inside.digit, image=np.full((28, 28), 255, np.uint8))
    evidence = np.zeros((28, 28), np.float32)
    evidence[2, 3], evidence[5, 6] = 9, -9
    picture = evidence_surface(Inside(full, inside.stages, evidence), theme)
    told = {place: nearest(picture.get_at(place)[:3], theme) for place in ((3, 2), (6, 5), (9, 9))}
    assert told == {(3, 2): "accent", (6, 5): "warning", (9, 9): "bar"}
    blank = replace(inside.digit, image=np.zeros((28, 28), np.uint8))
    picture = evidence_surface(Inside(blank, inside.stages, evidence), theme)
    assert (pygame.surfarray.array3d(picture) == theme.paper).all()


def test_without_a_model_nothing_is_looked_into(new_pilot: NewPilot, shown: Shown) -> None:
    """And that is no crash."""
    pilot = new_pilot(Reader())
    pilot.key(pygame.K_i)
    pilot.draw(pilot.SEVEN)
    assert shown.line("verdict").startswith("Loading the model")
    assert pilot.step() == []
