"""What every check derives from.

To add a check, write a subclass of `Check` in a file of its own and add it to
`digitbench.checks.registry.CHECKS`: `digitbench run --check NAME` then makes it, and the table, the
gates and all reports show it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import ClassVar

from digitbench.replay.outcome import CheckOutcome, Violation, ViolationError
from digitbench.replay.playback import Frame
from digitbench.replay.replayer import Replayed, Replayer, Setup
from digitbench.replay.timeline import Step
from digitdraw.app import App
from digitnet import Drawing, Recognizer


@dataclass(frozen=True)
class CheckContext:
    """What all checks of a run share.

    Attributes:
        recognizer: that of the replayed apps.
        setup: how recordings are replayed.
    """

    recognizer: Recognizer
    setup: Setup

    @cached_property
    def replayer(self) -> Replayer:
        """For replaying a recording again: saves nothing twice, and takes any device."""
        setup = replace(self.setup, input=None, save_dir=None)
        return Replayer(self.recognizer, **asdict(setup))


@dataclass(frozen=True)
class FinishedReplay:
    """A recording that has been replayed.

    Attributes:
        drawing: the recording.
        replayed: what came of it.
        board: the ink on the board at the end of the recording; None if the app crashed.
    """

    drawing: Drawing
    replayed: Replayed
    board: Drawing | None


def violation_at(error: ViolationError, frame: Frame, last_done: str) -> Violation:
    """Return what does not hold in a frame, after what was done last, such as "stroke 1"."""
    if frame.is_extra:
        return Violation(str(error), error.expected, error.got, None, f"{last_done} by digitbench")
    return Violation(str(error), error.expected, error.got, frame.at, last_done)


class Check:
    """Checks one recording, during its replay or after it; a new one is made for each recording.

    A subclass sets `name` and `summary`, and implements `finish`; the other methods do nothing.

    Args:
        context: shared by all checks.

    Attributes:
        name: what ``--check`` accepts and reports show.
        summary: what it holds the app to, in a few words, for ``--help``.
        is_default: whether it is made unless others are asked for.
    """

    name: ClassVar[str]
    summary: ClassVar[str]
    is_default: ClassVar[bool] = False

    def __init__(self, context: CheckContext) -> None:
        self.context = context

    def observe(self, app: App, frame: Frame) -> None:
        """Look at the app at the start of the replay, and after each moment."""

    def extra_steps(self, app: App) -> Iterator[Step]:  # noqa: ARG002 - for subclasses
        """Yield steps to take once the recording is over; `observe` sees these as well."""
        return iter(())

    def finish(self, replay: FinishedReplay) -> CheckOutcome | None:
        """Return what was found, once the replay is over; None if it could not be checked."""
        raise NotImplementedError
