"""Properties of any app: true ones pass, and a broken one is found, shrunk and named."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pygame
import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from digitbench import strategies
from digitbench.properties import AppPilot, AppProperties, Pilot, always, eventually
from digitbench.replay.names import PilotError
from digitbench.replay.outcome import ViolationError
from digitnet import Recognizer, Stroke

README = Path(__file__).parents[2] / "packages" / "digitbench" / "README.md"

FEW = settings(max_examples=20, stateful_step_count=10, derandomize=True, deadline=None)


def fails(machine: type[RuleBasedStateMachine], kind: type[Exception] = ViolationError) -> Any:
    """Run a machine that must fail; return the shortest failure, with its steps as notes."""
    with pytest.raises(kind) as error:
        run_state_machine_as_test(machine, settings=settings(FEW, max_examples=100))
    return error.value


def steps_of(error: Any) -> list[str]:
    """Return the calls that Hypothesis prints, without the first, which makes the machine."""
    return re.findall(r"^state\.(\w+\(.*\))$", "\n".join(error.__notes__), re.MULTILINE)


@pytest.fixture
def readme() -> dict[str, Any]:
    """The classes of the README's example, Counter and CounterProperties."""
    [code] = re.findall(r"(?s)```python\n([^`]*AppProperties[^`]*)```", README.read_text("utf-8"))
    names: dict[str, Any] = {"__name__": "example"}
    exec(code, names)  # noqa: S102 - our own example
    return names


def test_a_correct_app_passes(readme: dict[str, Any]) -> None:
    """In random sessions."""
    run_state_machine_as_test(readme["CounterProperties"], settings=FEW)


def test_a_broken_always_is_found(readme: dict[str, Any]) -> None:
    """In the fewest steps, and named."""
    counter = readme["Counter"]
    handle = counter.handle

    def go_below_zero(app: Any, event: pygame.event.Event) -> None:
        handle(app, event)
        if event.type == pygame.KEYDOWN and event.key == pygame.K_DOWN:
            app.count -= 1

    counter.handle = go_below_zero
    error = fails(readme["CounterProperties"])
    assert str(error) == "does not hold at 16 ms: the count is never negative"
    assert steps_of(error) == ["press(key='down')", "teardown()"]


def test_a_broken_eventually_is_found(readme: dict[str, Any]) -> None:
    """Once nothing has happened for as long as it may take."""
    counter = readme["Counter"]
    update = counter.update
    counter.update = lambda app, now: update(app, now) if app.count < 2 else None
    error = fails(readme["CounterProperties"])
    assert str(error) == "does not hold after 1,000 ms without events: the message goes"
    ups, rest = steps_of(error)[:2], steps_of(error)[2:]
    assert ups == ["press(key='up')"] * 2
    assert rest in (["teardown()"], ["settle()", "teardown()"])


class Blinking:
    """A light that a click turns on for three frames."""

    def __init__(self) -> None:
        self.left = 0

    def handle(self, event: pygame.event.Event) -> None:
        if event.type == pygame.MOUSEBUTTONDOWN:
            self.left = 3

    def update(self, _now: int) -> None:
        self.left = max(0, self.left - 1)

    def draw(self, surface: pygame.Surface) -> None:
        surface.fill("yellow" if self.left else "black")


class BlinkingProperties(AppProperties[AppPilot[Blinking]]):
    def start(self) -> AppPilot[Blinking]:
        return AppPilot(Blinking, window=(300, 300))

    @rule(x=st.integers(0, 299))
    def click(self, x: int) -> None:
        self.pilot.click((x, 0))


def test_frames_are_counted_and_every_frame_is_checked() -> None:
    """A click takes two frames, the light is on for one more, and off after the next."""

    class Enough(BlinkingProperties):
        @eventually(frames=1)
        def dark(self) -> None:
            assert not self.pilot.app.left

    class TooFew(BlinkingProperties):
        @eventually(frames=0)
        def dark(self) -> None:
            """The light goes out."""
            assert not self.pilot.app.left, "still lit"

    class WithinRule(BlinkingProperties):
        never_two_left = always(lambda self: self.pilot.app.left != 2)

    run_state_machine_as_test(Enough, settings=FEW)
    error = fails(TooFew)
    assert str(error) == "does not hold after 0 frames without events: The light goes out"
    assert "still lit" in str(error.__cause__)
    assert str(fails(WithinRule)) == "does not hold at 16 ms: never two left"


def test_a_property_must_not_use_the_pilot() -> None:
    """It would never end."""

    class Stepping(BlinkingProperties):
        @always
        def stepping(self) -> bool:
            self.pilot.step()
            return True

    assert "a property only looks" in str(fails(Stepping, PilotError))


@pytest.mark.parametrize("limits", [{}, {"frames": 1, "ms": 8}])
def test_a_limit_is_either_frames_or_time(limits: dict[str, int]) -> None:
    """And one of them."""
    with pytest.raises(ValueError, match="either frames or ms"):
        eventually(**limits)


def test_digitdraw_has_properties(recognizer: Recognizer) -> None:
    """Its pilot knows more verbs; what it saves is deleted afterwards."""
    folders: set[Path] = set()

    class Drawing(AppProperties[Pilot]):
        def start(self) -> Pilot:
            folders.add(self.folder)
            return Pilot(recognizer, save_dir=self.folder, window=(480, 360))

        @rule(ink=strategies.strokes(side=100, max_points=3))
        def draw(self, ink: Stroke) -> None:
            self.pilot.draw([[(x / 100, y / 100) for x, y, _ in ink.points]])

        @rule(name=st.sampled_from(["undo", "clear", "save"]))
        def click(self, name: str) -> None:
            self.pilot.click(name)

        @always
        def nothing_is_read_without_ink(self) -> bool:
            return not (self.pilot.app.board.is_blank and self.pilot.answer)

        @eventually(frames=50)
        def the_app_rests(self) -> bool:
            return not self.pilot.app.window.needs_drawing

    quick = settings(FEW, max_examples=5, phases=[Phase.generate])
    run_state_machine_as_test(Drawing, settings=quick)
    assert folders
    assert not [folder for folder in folders if folder.exists()]
