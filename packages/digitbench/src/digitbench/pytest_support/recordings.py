"""Recordings as tests: the app must answer with their words, and the default checks must hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from digitbench.pytest_support.failure import describe_failure, write_files
from digitbench.pytest_support.workbench import workbench_of
from digitbench.run import suite
from digitnet import Drawing
from digitnet.errors import DigitnetError, reason_of


class WrongAnswerError(Exception):
    """The app gave another answer than the recording says, crashed, or failed a check."""


class RecordingsFile(pytest.File):
    """A file of recordings."""

    def collect(self) -> Iterator[pytest.Item]:
        """Yield a test for each recording.

        Raises:
            CollectError: the file cannot be read; says where and why, in one line.
        """
        try:
            for drawing in suite.read([self.path]):
                yield RecordingItem.from_parent(self, name=drawing.key_id, drawing=drawing)
        except DigitnetError as error:
            raise self.CollectError(str(error)) from None


class RecordingItem(pytest.Item):
    """A recording that the app must read correctly."""

    def __init__(self, *, drawing: Drawing, **options: object) -> None:
        super().__init__(**options)  # type: ignore[arg-type]
        self._drawing = drawing

    def runtest(self) -> None:
        """Replay the recording, and check it.

        Raises:
            WrongAnswerError: it fails; says everything that is known about it.
        """
        workbench = workbench_of(self.config)
        result = suite.judge(self._drawing, workbench.inspector.inspect(self._drawing))
        if result.is_right:
            return
        lines = describe_failure(result)
        try:
            lines += write_files(result, workbench, self._make_folder())
        except (OSError, DigitnetError) as error:
            lines.append(f"Files about it cannot be written: {reason_of(error)}.")
        raise WrongAnswerError("\n".join(lines))

    def repr_failure(
        self,
        excinfo: pytest.ExceptionInfo[BaseException],
        style: object = None,
    ) -> str:
        """Return what went wrong; without a traceback, unless it went wrong in the bench itself."""
        if isinstance(excinfo.value, (WrongAnswerError, DigitnetError)):
            return str(excinfo.value)
        return str(super().repr_failure(excinfo, style))  # type: ignore[arg-type]

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Return file and line of the recording, and a headline."""
        place = self._drawing.place
        return self.path, place.line - 1 if place else None, f"recording {self.name}"

    def _make_folder(self) -> Path:
        """Create a folder in pytest's temporary one, named after the recording."""
        # Only fixtures have a public way to this, and an item that is no function has none.
        factory: pytest.TempPathFactory = self.config._tmp_path_factory  # type: ignore[attr-defined]
        return factory.mktemp(re.sub(r"\W", "_", self.name)[:30])
