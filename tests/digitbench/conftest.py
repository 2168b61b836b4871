"""What the tests of digitbench share: ways to run and replay, and digits that any model reads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypeAlias

import numpy as np
import pytest

from digitbench.checks.inspector import Inspector
from digitbench.cli import cli
from digitbench.formats.inkml.reader import read_inkml
from digitbench.formats.skipped import Skipped
from digitbench.formats.unipen.reader import read_unipen
from digitbench.replay.events import Device
from digitbench.replay.replayer import Replayed, Replayer, Setup
from digitbench.run import suite
from digitnet import Digit, Drawing, Prediction, Recognizer, Stroke, cli_support


class Done(NamedTuple):
    """What a command returned and printed."""

    code: object
    out: str
    err: str


Bench: TypeAlias = Callable[..., Done]


@pytest.fixture
def bench(capsys: pytest.CaptureFixture[str]) -> Bench:
    """Run the command line as the console script does, in this process."""

    def run(*arguments: object) -> Done:
        capsys.readouterr()
        with pytest.raises(SystemExit) as exit_:
            cli_support.run(cli, [str(argument) for argument in arguments])
        return Done(exit_.value.code, *capsys.readouterr())

    return run


class Judged(Protocol):
    """Makes results; see the fixture `judged`."""

    def __call__(
        self,
        key_id: str,
        word: str,
        read: str | None,
        *,
        confidence: float = 0.9,
        accepted: bool = True,
        latency_ms: tuple[float, ...] = (),
        error: str = "",
    ) -> suite.Result:
        """Make the result of a recording.

        Args:
            key_id: the recording's.
            word: what it means.
            read: the digits that the app found; None if it read nothing.
            confidence: of each digit.
            accepted: whether the digits were accepted.
            latency_ms: from release to answer drawn.
            error: the traceback of a crash.
        """
        ...


@pytest.fixture
def seven() -> Drawing:
    """A seven of one stroke, in the middle of a canvas of 600x600."""
    stroke = Stroke.of(
        [200, 300, 400, 350, 300, 270], [120, 120, 120, 260, 400, 480], [0, 20, 40, 60, 80, 100]
    )
    return Drawing((stroke,), word="7", key_id="seven", canvas=(600, 600), pen=0.05, device="mouse")


@pytest.fixture
def judged() -> Judged:
    """Make results of recordings that were never replayed."""

    def make(
        key_id: str,
        word: str,
        read: str | None,
        *,
        confidence: float = 0.9,
        accepted: bool = True,
        latency_ms: tuple[float, ...] = (),
        error: str = "",
    ) -> suite.Result:
        stroke = Stroke.of([10, 90], [20, 80])
        drawing = Drawing((stroke,), word=word, key_id=key_id, canvas=(100, 100), pen=0.05)
        digits = [_digit(label, confidence, accepted=accepted) for label in read or ""]
        prediction = None if read is None else Prediction(tuple(digits))
        return suite.judge(drawing, Replayed(prediction, latency_ms, error))

    return make


def _digit(read: str, confidence: float, *, accepted: bool) -> Digit:
    """Return a digit that was read as one character of a text."""
    label, accepted = (0, False) if read == "?" else (int(read), accepted)
    probabilities = np.full(10, (1 - confidence) / 9, np.float32)
    probabilities[label] = confidence
    return Digit(
        label=label,
        confidence=confidence,
        probabilities=probabilities,
        likelihood=float(accepted),
        accepted=accepted,
        box=(10.0, 20.0, 80.0, 60.0),
        image=np.zeros((28, 28), np.uint8),
        strokes=(0,),
    )


class Violations(Protocol):
    """Checks a recording; see the fixture `violations`."""

    def __call__(self, drawing: Drawing, *checks: str, **setup: Any) -> list[str]:
        """Replay a recording, make these checks, and return what they found."""
        ...


@pytest.fixture
def violations(recognizer: Recognizer) -> Violations:
    """Check a recording; each violation is a text that starts with the name of its check."""

    def check(drawing: Drawing, *checks: str, **setup: Any) -> list[str]:
        replayed = Inspector(recognizer, Setup(**setup), checks).inspect(drawing)
        assert not replayed.error, replayed.error
        result = suite.judge(drawing, replayed)
        assert {outcome.name for outcome in replayed.checks} == {*checks} | (
            {"expect"} if any(event[1] == "expect" for event in drawing.events) else set()
        )
        assert all(outcome.count for outcome in replayed.checks)
        return [f"{name}: {violation}" for name, violation in result.violations]

    return check


@pytest.fixture
def replayer(recognizer: Recognizer, tmp_path: Path) -> Replayer:
    """A replayer for each recording's own device; its apps save to tmp_path."""
    return Replayer(recognizer, save_dir=tmp_path)


@pytest.fixture
def replayers(recognizer: Recognizer, tmp_path: Path) -> dict[Device, Replayer]:
    """A replayer for each device, regardless of what a recording was drawn with."""
    return {
        "mouse": Replayer(recognizer, input="mouse", save_dir=tmp_path),
        "touch": Replayer(recognizer, input="touch", save_dir=tmp_path),
    }


ReadInkml: TypeAlias = Callable[..., tuple[list[Drawing], list[str]]]


@pytest.fixture
def inkml(tmp_path: Path) -> ReadInkml:
    """Read the content of an InkML document; return its drawings, and messages about the rest."""

    def read(content: str, **options: Any) -> tuple[list[Drawing], list[str]]:
        file, messages = tmp_path / "ink.inkml", list[str]()
        file.write_text(f'<ink xmlns="http://www.w3.org/2003/InkML">\n{content}\n</ink>')
        return list(read_inkml(file, Skipped(messages.append), **options)), messages

    return read


class Unipen:
    """Reads texts as UNIPEN files.

    Attributes:
        folder: the folder of the files.
        warnings: messages about what was skipped.
        skipped: counts what was skipped.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.warnings: list[str] = []
        self.skipped = Skipped(self.warnings.append)

    def read(self, text: str, include: Sequence[Path] = (), **options: Any) -> list[Drawing]:
        """Read a text as a file ``ink.dat``."""
        file = self.folder / "ink.dat"
        file.write_text(text)
        return list(read_unipen(file, self.skipped, include=include, **options))


@pytest.fixture
def unipen(tmp_path: Path) -> Unipen:
    """A reader of texts in a temporary folder."""
    return Unipen(tmp_path)
