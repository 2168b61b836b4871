"""The inside of the network in the panel: feature maps, and which ink counted for the answer."""

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
    """Return whether a model was exported with its stages."""
    try:
        recognizer.feature_maps(np.zeros((28, 28), np.uint8))
    except ModelError:
        return False
    return True


class Pooling(Recognizer):
    """A model whose stages are ever coarser copies of the image, in place of feature maps."""

    def feature_maps(self, image: NDArray[np.uint8]) -> list[NDArray[np.float32]]:
        """Return maps of 14x14 and of 7x7."""
        ink = image.astype(np.float32) / 255
        return [
            np.stack([np.roll(ink, n, axis=1)[::step, ::step] for n in range(count)])
            for step, count in ((2, 32), (4, 64))
        ]


class Stageless(Recognizer):
    """A model that was exported by an earlier version."""

    def feature_maps(self, image: NDArray[np.uint8]) -> list[NDArray[np.float32]]:
        """Raise what such a model raises."""
        what = (
            f"{self.manifest.folder} was exported without its stages for pictures of {image.shape}"
        )
        raise ModelError(f"{what}; export the model again")


@pytest.fixture(scope="module")
def staged(recognizer: Recognizer) -> Recognizer:
    """Return the shipped model, or, if that has no stages, one that pretends to have some."""
    return recognizer if has_stages(recognizer) else Pooling(threads=1)


@pytest.fixture
def pilot(new_pilot: NewPilot, staged: Recognizer) -> Pilot:
    """Return a pilot whose app has a model with stages."""
    return new_pilot(Reader(staged))


def panel(pilot: Pilot) -> NDArray[np.uint8]:
    """Copy what the panel shows."""
    layout = arrange(960, 640)
    buttons = [layout.buttons[name] for name in buttons_in(Slot.ANSWER)]
    area = layout.answer.unionall([layout.verdict, layout.thumbnail, layout.caption, *layout.bars])
    return pygame.surfarray.array3d(pilot.surface.subsurface(area.unionall(buttons)))


def test_the_key_i_toggles_the_inside(pilot: Pilot) -> None:
    """So does the button; nothing else is redrawn."""
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


def test_each_stage_is_described(pilot: Pilot, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the number and the size of its maps; the caption names the digit."""
    lines: list[str] = []
    pilot.draw(pilot.SEVEN)
    monkeypatch.setattr("digitdraw.ui.text.Writer.write", lambda *it, **_: lines.append(it[2]))
    pilot.key(pygame.K_i)
    stages = [line for line in lines if line.startswith("Stage ")]
    assert len(stages) >= 2
    assert stages[0].startswith("Stage 1: ")
    assert "Evidence for and against 7" in lines


def test_a_blank_board_asks_for_ink(pilot: Pilot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ink that is drawn then is looked into at once."""
    lines: list[str] = []
    monkeypatch.setattr("digitdraw.ui.text.Writer.write", lambda *it, **_: lines.append(it[2]))
    pilot.key(pygame.K_i)
    assert "Draw to see what the network does" in lines
    lines.clear()
    pilot.draw(pilot.SEVEN)
    assert any(line.startswith("Stage 1") for line in lines)


def test_the_inside_follows_the_pen(new_pilot: NewPilot, staged: Recognizer) -> None:
    """In live mode, the panel changes with each bend of the stroke, and only then."""
    pilot = new_pilot(Reader(staged), Settings(live=True))
    pilot.key(pygame.K_i)
    frames = [panel(pilot)]
    pilot.press(pilot.SEVEN[0])
    for place in pilot.SEVEN[2:]:
        pilot.move(place)
        frames.append(panel(pilot))
        assert (frames[-1] != frames[-2]).any()
        assert pilot.step() == []


def test_the_digit_under_the_mouse_is_looked_into(pilot: Pilot) -> None:
    """One digit of a number at a time."""
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
    """Once, and the bars stay; drawing continues as usual."""
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
    """Return the inside of the network for a 7."""
    pilot.draw(pilot.SEVEN)
    assert pilot.app.prediction is not None
    inside = Reader(staged).look_inside(pilot.app.prediction.digits[0])
    assert inside is not None
    return inside


def test_the_stages_of_the_shipped_model_get_smaller(recognizer: Recognizer) -> None:
    """Their maps are never below 0 and not 0 everywhere."""
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
    """Return the name of the theme's colour that is nearest to a pixel."""
    names = ("accent", "warning", "bar", "paper")
    return min(
        names, key=lambda name: float(np.abs(np.subtract(colour, getattr(theme, name))).sum())
    )


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_the_colour_of_ink_shows_what_it_counts_for(inside: Inside, theme: Theme) -> None:
    """The accent colour for the answer, the warning colour against it, grey for neither."""
    full = replace(inside.digit, image=np.full((28, 28), 255, np.uint8))
    evidence = np.zeros((28, 28), np.float32)
    evidence[2, 3], evidence[5, 6] = 9, -9
    image = evidence_surface(Inside(full, inside.stages, evidence), theme)
    places = ((3, 2), (6, 5), (9, 9))
    names = [nearest(image.get_at(place)[:3], theme) for place in places]
    assert names == ["accent", "warning", "bar"]
    blank = replace(inside.digit, image=np.zeros((28, 28), np.uint8))
    image = evidence_surface(Inside(blank, inside.stages, evidence), theme)
    assert (pygame.surfarray.array3d(image) == theme.paper).all()


def test_without_a_model_nothing_is_looked_into(new_pilot: NewPilot, shown: Shown) -> None:
    """Without a crash."""
    pilot = new_pilot(Reader())
    pilot.key(pygame.K_i)
    pilot.draw(pilot.SEVEN)
    assert shown.line("verdict").startswith("Loading the model")
    assert pilot.step() == []
