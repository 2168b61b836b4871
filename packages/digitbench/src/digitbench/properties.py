"""Properties of one's own app, which Hypothesis tries to break by using it at random.

    class CounterProperties(AppProperties[AppPilot[Counter]]):
        def start(self):
            return AppPilot(Counter, window=(320, 240))

        @rule(key=st.sampled_from(["up", "down"]))
        def press(self, key):
            self.pilot.press(key)

        @always
        def the_count_is_never_negative(self):
            return self.pilot.app.count >= 0

        @eventually(ms=1000)
        def the_message_goes(self):
            return not self.pilot.app.message

    TestCounter = CounterProperties.TestCase

pytest runs this as a test. If it fails, Hypothesis prints the fewest and simplest steps to it.
"""

from __future__ import annotations

import inspect
import math
import shutil
import sys
import tempfile
import weakref
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any, Generic, TypeAlias, TypeVar

from hypothesis.stateful import RuleBasedStateMachine, rule

from digitbench.replay.app_pilot import AppPilot, PygameApp
from digitbench.replay.names import PilotError
from digitbench.replay.outcome import ViolationError
from digitbench.replay.pilot import Pilot

__all__ = ["AppPilot", "AppProperties", "Pilot", "Property", "PygameApp", "always", "eventually"]

Check: TypeAlias = Callable[[Any], object]
"""A method of `AppProperties`: what it returns is false, or an assertion fails, if it is broken."""

P = TypeVar("P", bound=AppPilot[Any])


class Property:
    """Something that must hold; made by `always` and `eventually`.

    Args:
        check: looks at the app.

    Attributes:
        name: what must hold, in words: the first line of the check's docstring, or its name.
    """

    def __init__(self, check: Check) -> None:
        self.check = check
        self.name = (inspect.getdoc(check) or "").partition("\n")[0].rstrip(".")

    def __set_name__(self, owner: type, name: str) -> None:
        """Take the name of a check that has no docstring."""
        self.name = self.name or name.replace("_", " ")


class _Eventual(Property):
    """A property that may take a number of frames, or of milliseconds, to hold."""

    def __init__(self, check: Check, frames: int | None, ms: int | None) -> None:
        super().__init__(check)
        self.limit = f"{frames} frames" if ms is None else f"{ms:,} ms"
        self._most = (math.inf if frames is None else frames, math.inf if ms is None else ms)

    def is_due(self, frames: int, ms: int) -> bool:
        """Whether it must hold by now."""
        return frames >= self._most[0] or ms >= self._most[1]


def always(check: Check) -> Property:
    """Make a method a property that must hold after every frame."""
    return Property(check)


def eventually(*, frames: int | None = None, ms: int | None = None) -> Callable[[Check], Property]:
    """Make a method a property that must hold soon, once nothing happens.

    It is checked after random steps, and at the end of each session: frames without events are
    stepped until it holds.

    Args:
        frames: how many there may be; either this or `ms` is given.
        ms: how many milliseconds may pass, on the clock of the pilot.

    Raises:
        ValueError: both are given, or none.
    """
    if (frames is None) == (ms is None):
        raise ValueError("eventually() needs either frames or ms, such as eventually(ms=1000)")
    return lambda check: _Eventual(check, frames, ms)


class AppProperties(RuleBasedStateMachine, Generic[P]):
    """Uses an app at random, and checks its properties.

    A subclass implements `start`, has Hypothesis's rules for what a person may do, and properties
    made by `always` and `eventually`. Each session has a new app.

    Attributes:
        pilot: uses the app.
    """

    pilot: P

    def __init__(self) -> None:
        super().__init__()
        found = [each for _, each in inspect.getmembers(type(self)) if isinstance(each, Property)]
        self._eventual = [each for each in found if isinstance(each, _Eventual)]
        self._always = [each for each in found if each not in self._eventual]
        self._is_checking = False
        self._delete_folder: Callable[[], object] = lambda: None
        self.pilot = self.start()
        self.pilot.observers.append(self._check)
        self._check()

    def start(self) -> P:
        """Start an app, and return a pilot that uses it."""
        raise NotImplementedError(f"{type(self).__name__} needs a method start()")

    @cached_property
    def folder(self) -> Path:
        """A folder for what the app saves, which is deleted after the session."""
        folder = tempfile.mkdtemp(prefix="digitbench-")
        self._delete_folder = weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        return Path(folder)

    @rule()
    def settle(self) -> None:
        """Step frames without events until all that must hold eventually does.

        Raises:
            ViolationError: something still does not when it must.
        """
        began, frames, waiting = self.pilot.now, 0, self._eventual
        while True:
            broken = {each: error for each in waiting if (error := self._error_of(each))}
            for each, error in broken.items():
                if each.is_due(frames, self.pilot.now - began):
                    message = f"does not hold after {each.limit} without events: {each.name}"
                    raise ViolationError(message) from error
            if not broken:
                return
            waiting = list(broken)
            self.pilot.step()
            frames += 1

    def teardown(self) -> None:
        """Let the app settle, and end the session; what overrides this must call it."""
        try:
            if sys.exc_info()[0] is None:  # otherwise it failed, or Hypothesis has abandoned it
                self.settle()
        finally:
            self._delete_folder()

    def _check(self) -> None:
        if self._is_checking:
            raise PilotError("a property only looks at the app; let a rule use the pilot")
        for each in self._always:
            if error := self._error_of(each):
                raise ViolationError(
                    f"does not hold at {self.pilot.now:,} ms: {each.name}"
                ) from error

    def _error_of(self, each: Property) -> AssertionError | None:
        """Return why a property does not hold; None if it does."""
        self._is_checking = True
        try:
            result = each.check(self)
        except AssertionError as error:
            return error
        finally:
            self._is_checking = False
        return None if result is None or result else AssertionError(f"{result!r} was returned")
