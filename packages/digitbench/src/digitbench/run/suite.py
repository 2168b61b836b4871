"""Many recordings to results."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib import resources
from pathlib import Path

from digitbench.checks.outcome import Broken
from digitbench.replay.replayer import Replayed, Replayer
from digitbench.replay.session_events import check_events
from digitbench.run.tally import CheckTally, Tally, by_check, by_digit, by_tag, tally
from digitnet import Digit, Drawing, read_drawings

CORRECT, WRONG, REJECTED, CRASHED = "correct", "wrong", "rejected", "crashed"
OUTCOMES = (CORRECT, WRONG, REJECTED, CRASHED)


@dataclass(frozen=True)
class Result:
    """What the app made of one recording.

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
        """The recording's name."""
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
        """What the app read; "" where it read nothing, or accepted nothing."""
        return self.replayed.prediction.text if self.replayed.prediction else ""

    @property
    def confidence(self) -> float:
        """How sure the app was of the digit that it was least sure of, 0 to 1."""
        return self.replayed.prediction.confidence if self.replayed.prediction else 0.0

    @property
    def accepted(self) -> bool:
        """Whether something was found, and all of it was accepted as digits."""
        return bool(self.digits) and all(digit.accepted for digit in self.digits)

    @property
    def broken(self) -> tuple[tuple[str, Broken], ...]:
        """What else does not hold, each with the name of its check."""
        checks = self.replayed.checks
        return tuple((checked.name, each) for checked in checks for each in checked.broken)

    @property
    def is_right(self) -> bool:
        """Whether the answer is right, and all that was checked holds."""
        return self.outcome == CORRECT and not self.broken


@dataclass(frozen=True)
class Summary(Tally):
    """The results of a run in few numbers; each has one name everywhere.

    Attributes:
        seconds: the run took, in real time.
        latency_p50: median milliseconds from release to answer drawn.
        latency_p99: 99th percentile of the same.
        digits: the outcomes of each of `tally.DIGITS` that occurs.
        tags: the outcomes of each tag.
        checks: what was checked besides the answers.
        complete: all recordings were replayed; False where the run was stopped.
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
    """Read recordings as they are asked for; one without a key_id is named after file and place.

    Raises:
        RecordingError: a file cannot be read, or a recording in it cannot be replayed.
    """
    for file in files:
        for number, drawing in enumerate(read_drawings(file), start=1):
            check_events(drawing)
            yield drawing if drawing.key_id else replace(drawing, key_id=f"{file.name}:{number}")


def read_all(files: Iterable[Path]) -> list[Drawing]:
    """Read all recordings; see `read`."""
    return list(read(files))


def run(drawings: Iterable[Drawing], replayer: Replayer) -> Iterator[Result]:
    """Replay recordings one after the other; results come as they are known."""
    for drawing in drawings:
        yield judge(drawing, replayer.replay(drawing))


def judge(drawing: Drawing, replayed: Replayed) -> Result:
    """Compare what the app answered with what the recording means."""
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
    """Count results.

    Args:
        results: of a run.
        seconds: how long it took.
        complete: whether they are all that there should be.
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
