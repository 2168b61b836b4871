"""Reads recordings, and turns replays into results and a summary."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import resources
from pathlib import Path

from digitbench.replay.outcome import Violation
from digitbench.replay.recorded_events import validate_events
from digitbench.replay.replayer import Replayed, Replayer
from digitbench.run.tally import CheckTally, Tally, by_check, by_digit, by_tag, tally
from digitbench.text import last_line, reading
from digitnet import Digit, Drawing, read_drawings

CORRECT, WRONG, REJECTED, CRASHED = "correct", "wrong", "rejected", "crashed"
OUTCOMES = (CORRECT, WRONG, REJECTED, CRASHED)


@dataclass(frozen=True)
class Result:
    """How the app read one recording.

    Attributes:
        drawing: the recording.
        replayed: what came of it.
        outcome: "correct", "wrong", "rejected" (a digit that was not accepted) or "crashed".
    """

    drawing: Drawing
    replayed: Replayed
    outcome: str

    @property
    def key_id(self) -> str:
        """The name of the recording."""
        return self.drawing.key_id

    @property
    def word(self) -> str:
        """What the recording means; "" for no digit."""
        return self.drawing.word

    @property
    def digits(self) -> tuple[Digit, ...]:
        """The digits that the app found, accepted or not."""
        return self.replayed.prediction.digits if self.replayed.prediction else ()

    @property
    def answer(self) -> str:
        """What the app read; "" if it read nothing, or accepted nothing."""
        return self.replayed.prediction.text if self.replayed.prediction else ""

    @property
    def confidence(self) -> float:
        """The confidence of the least certain digit, 0 to 1."""
        return self.replayed.prediction.confidence if self.replayed.prediction else 0.0

    @property
    def accepted(self) -> bool:
        """Whether ink was found, and all of it was accepted as digits."""
        return bool(self.digits) and all(digit.accepted for digit in self.digits)

    @property
    def violations(self) -> tuple[tuple[str, Violation], ...]:
        """What the checks found, each with the name of its check."""
        checks = self.replayed.checks
        return tuple((check.name, violation) for check in checks for violation in check.violations)

    @property
    def is_right(self) -> bool:
        """Whether the answer is right, and no check found a violation."""
        return self.outcome == CORRECT and not self.violations

    @property
    def verdict(self) -> str:
        """The result in one line, such as "meant as 7, read as 1 (62.5%)"."""
        if self.outcome == CRASHED:
            return f"crashed: {last_line(self.replayed.error)}"
        return f"meant as {self.word or 'no digit'}, {reading(self.replayed.prediction)}"


@dataclass(frozen=True)
class Summary(Tally):
    """The figures of a run; each has the same name everywhere.

    Attributes:
        seconds: how long the run took, in real time.
        latency_p50: median milliseconds from release to answer drawn.
        latency_p99: 99th percentile of the same.
        digits: the outcomes of each of `tally.DIGITS` that occurs.
        tags: the outcomes of each tag.
        checks: the outcomes of each check.
        complete: whether all recordings were replayed; False if the run was stopped.
    """

    seconds: float
    latency_p50: float
    latency_p99: float
    digits: Mapping[str, Tally] = field(default_factory=dict)
    tags: Mapping[str, Tally] = field(default_factory=dict)
    checks: Mapping[str, CheckTally] = field(default_factory=dict)
    complete: bool = True


def bundled_recordings() -> list[Path]:
    """List the recordings that this package ships."""
    folder = Path(str(resources.files("digitbench") / "recordings"))
    return sorted(folder.glob("*.ndjson"))


def read(files: Iterable[Path]) -> Iterator[Drawing]:
    """Read recordings lazily; one without a key_id is named after its file and place in it.

    Raises:
        RecordingError: a file cannot be read, or a recording in it cannot be replayed.
    """
    for file in files:
        for number, drawing in enumerate(read_drawings(file), start=1):
            validate_events(drawing)
            yield drawing if drawing.key_id else replace(drawing, key_id=f"{file.name}:{number}")


def read_all(files: Iterable[Path]) -> list[Drawing]:
    """Read all recordings; see `read`."""
    return list(read(files))


def run(drawings: Iterable[Drawing], replayer: Replayer) -> Iterator[Result]:
    """Replay recordings one by one, and yield each result as soon as it is known."""
    for drawing in drawings:
        yield judge(drawing, replayer.replay(drawing))


def judge(drawing: Drawing, replayed: Replayed) -> Result:
    """Compare the answer of the app with what the recording means."""
    answer = replayed.prediction.text if replayed.prediction else ""
    if replayed.error:
        outcome = CRASHED
    elif answer == drawing.word:
        outcome = CORRECT
    elif drawing.word and not answer:
        outcome = REJECTED
    else:
        outcome = WRONG
    return Result(drawing, replayed, outcome)


def summarize(results: Sequence[Result], seconds: float, *, complete: bool = True) -> Summary:
    """Sum up a run.

    Args:
        results: of the run.
        seconds: how long it took.
        complete: whether these are all results.
    """
    latencies = sorted(latency for result in results for latency in result.replayed.latency_ms)
    return Summary(
        **vars(tally(results)),
        seconds=seconds,
        latency_p50=statistics.median(latencies) if latencies else 0.0,
        latency_p99=latencies[math.ceil(0.99 * len(latencies)) - 1] if latencies else 0.0,
        digits=by_digit(results),
        tags=by_tag(results),
        checks=by_check(results),
        complete=complete,
    )
