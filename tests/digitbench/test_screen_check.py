"""The check `screen` finds a window that shows something else than what the app knows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pytest

from digitbench.checks.inspector import Inspector
from digitbench.replay.replayer import Setup
from digitbench.run import suite
from digitdraw.ink.board_renderer import BoardRenderer
from digitdraw.ink.layer import to_surface
from digitdraw.ui import board_view, panel, theme
from digitdraw.ui.panel import PanelView
from digitdraw.ui.theme import LIGHT
from digitdraw.ui.toolbar import ToolbarView
from digitnet import Drawing, Recognizer

if TYPE_CHECKING:
    from pygame import Rect

    from digitdraw.ui.panel import Panel

Patch: TypeAlias = pytest.MonkeyPatch

BUNDLED = suite.read_all(suite.bundled_recordings())
FOUR = next(each for each in BUNDLED if each.word == "4" and len(each.strokes) == 2)
NUMBER = next(each for each in BUNDLED if len(each.word) == 2)
SCRIBBLE = next(each for each in BUNDLED if not each.word)


def answer_is_always_eight(patch: Patch) -> None:
    """The panel says 8, very sure, for everything."""
    patch.setattr(panel, "describe", lambda _: ("8", ">99.9% sure"))


def percentages_are_truncated(patch: Patch) -> None:
    """A probability of 0.5 is shown as 50%."""
    patch.setattr(panel, "percent", lambda share: f"{share:.0%}")


def bars_are_in_the_wrong_order(patch: Patch) -> None:
    """The bar of 0 shows the probability of 9."""
    draw = PanelView._draw_bar

    def reverse(view: PanelView, surface: Any, row: Rect, label: int, *rest: Any) -> None:
        draw(view, surface, row, 9 - label, *rest)

    patch.setattr(PanelView, "_draw_bar", reverse)


def panel_is_stale(patch: Patch) -> None:
    """The panel shows the first answer for ever."""
    draw, first = PanelView.draw, list[Any]()

    def keep(view: PanelView, surface: Any, layout: Any, shown: Panel) -> list[Rect]:
        if shown.prediction:
            first.append(shown)
        return draw(view, surface, layout, first[0] if first else shown)

    patch.setattr(PanelView, "draw", keep)


def thumbnail_is_another(patch: Patch) -> None:
    """The 28x28 is mirrored."""
    patch.setattr(
        panel,
        "to_surface",
        lambda image, *colours: to_surface(np.ascontiguousarray(image[:, ::-1]), *colours),
    )


def boxes_are_off(patch: Patch) -> None:
    """Each box of a number is 12 pixels too far right."""
    box_around = board_view.box_around
    patch.setattr(board_view, "box_around", lambda *given: box_around(*given).move(12, 0))


def strokes_are_not_drawn(patch: Patch) -> None:
    """No ink appears on the board."""
    patch.setattr(BoardRenderer, "update", lambda *_: [])
    patch.setattr(BoardRenderer, "draw_tails", lambda *_: None)


def status_is_not_drawn(patch: Patch) -> None:
    """The line at the bottom is never updated."""
    draw = ToolbarView.draw
    patch.setattr(
        ToolbarView,
        "draw",
        lambda view, surface, layout, tools: draw(
            view, surface, layout, replace(tools, status="Ready.")
        ),
    )


def theme_is_unreadable(patch: Patch) -> None:
    """Text is as light as its background."""
    patch.setitem(theme.THEMES, "light", replace(LIGHT, text=LIGHT.background))


BUGS: dict[Callable[[Patch], None], tuple[Drawing, str]] = {
    answer_is_always_eight: (FOUR, "the answer shows '8', not '"),
    percentages_are_truncated: (FOUR, "the bar of 0 shows '0 0%', not '0 0.0%'"),
    bars_are_in_the_wrong_order: (FOUR, "the bar of 0 shows '9"),
    panel_is_stale: (NUMBER, "the answer shows "),
    thumbnail_is_another: (FOUR, "the 28x28 is not what the network saw in "),
    boxes_are_off: (NUMBER, "the box of digit 1 has no left side at ("),
    strokes_are_not_drawn: (FOUR, "stroke 1 shows no ink at ("),
    status_is_not_drawn: (FOUR, "the status line shows 'Ready.', not '"),
    theme_is_unreadable: (FOUR, "the contrast of '"),
}


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.__name__)
def test_a_bug_of_the_window_is_found(
    recognizer: Recognizer, monkeypatch: Patch, bug: Callable[[Patch], None]
) -> None:
    """Though ink and answer of the app are right."""
    drawing, message = BUGS[bug]
    bug(monkeypatch)
    replayed = Inspector(recognizer, Setup(), ("moments", "screen")).inspect(drawing)
    moments, screen = replayed.checks
    assert not replayed.error
    assert not moments.violations
    [violation] = screen.violations
    assert message in str(violation)


@pytest.mark.parametrize("window", [(960, 640), (320, 243), (360, 800), (2560, 1600)])
@pytest.mark.parametrize("pen", [None, 0.01, 0.2])
def test_the_window_of_a_right_app_passes(
    recognizer: Recognizer, window: tuple[int, int], pen: float | None
) -> None:
    """In windows of all shapes, with all pens, in both themes, of digits and what is none."""
    inspector = Inspector(recognizer, Setup(window, pen=pen), ("screen",))
    for drawing in (FOUR, NUMBER, SCRIBBLE, replace(FOUR, events=((0, "theme", "dark"),))):
        [screen] = inspector.inspect(drawing).checks
        assert screen.violations == ()
        assert screen.count > len(drawing.strokes)
