"""pytest plugin: a fixture that uses the app, and recordings as tests.

The fixture ``pilot`` is a `digitbench.replay.pilot.Pilot` with a new app. Each recording in a file
``*.ndjson`` among the tests is a test: the app must answer with its word, and the default checks of
`digitbench run` must hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from digitbench.checks.inspector import Inspector
    from digitbench.replay.pilot import Pilot
    from digitnet import Drawing


@pytest.fixture
def pilot(tmp_path: Path) -> Pilot:
    """Uses a new app like a person; the app saves in the test's temporary folder."""
    from digitbench.replay.pilot import Pilot

    return Pilot(save_dir=tmp_path / "saved")


def pytest_collect_file(parent: pytest.Collector, file_path: Path) -> pytest.Collector | None:
    """Collect files of recordings."""
    if file_path.suffix != ".ndjson":
        return None
    file: pytest.Collector = RecordingsFile.from_parent(parent, path=file_path)
    return file


class RecordingsFile(pytest.File):
    """A file of recordings."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield a test for each recording."""
        from digitnet import read_drawings

        for drawing in read_drawings(self.path):
            line = drawing.place.line if drawing.place else 0
            name = drawing.key_id or f"line {line}"
            yield RecordingItem.from_parent(self, name=name, drawing=drawing)


class RecordingItem(pytest.Item):
    """A recording that the app must read correctly."""

    def __init__(self, *, drawing: Drawing, **options: object) -> None:
        super().__init__(**options)  # type: ignore[arg-type]
        self._drawing = drawing

    def runtest(self) -> None:
        """Replay the recording, and check it."""
        from digitbench.run.suite import CORRECT, judge

        result = judge(self._drawing, _inspector().inspect(self._drawing))
        if result.outcome != CORRECT:
            raise WrongAnswerError(
                result.replayed.error
                or f"{result.word or 'no digit'!r} was read as {result.answer!r}"
            )
        if result.violations:
            raise WrongAnswerError("\n".join(f"{name}: {each}" for name, each in result.violations))

    def repr_failure(
        self,
        excinfo: pytest.ExceptionInfo[BaseException],
        style: object = None,  # noqa: ARG002 - pytest passes it
    ) -> str:
        """Return what went wrong, without a traceback."""
        return str(excinfo.value)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Return file and line of the recording."""
        place = self._drawing.place
        return self.path, place.line - 1 if place else None, self.name


class WrongAnswerError(Exception):
    """The app gave another answer than the recording says, or a check failed."""


@cache
def _inspector() -> Inspector:
    from digitbench.checks.inspector import Inspector
    from digitbench.replay.replayer import Setup
    from digitnet import Recognizer

    return Inspector(Recognizer(threads=1), Setup())
