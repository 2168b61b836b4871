"""All measurements, repeated, to figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeAlias

from digitbench.perf import measures, processes
from digitbench.perf.figures import KINDS, Figure
from digitnet import Drawing, Recognizer

Measure: TypeAlias = Callable[[], Mapping[str, float]]


@dataclass(frozen=True)
class Plan:
    """How much to measure.

    Attributes:
        repeats: repeats of each measurement except memory growth, which is measured once; >= 1.
        digits: digits to draw to see how memory grows; >= 1.
        pictures: pictures to classify at once.
        points: points of the long stroke that is read live.
    """

    repeats: int = 5
    digits: int = 1000
    pictures: int = 10_000
    points: int = 2000

    @property
    def steps(self) -> int:
        """The number of measurements."""
        return len(_NAMES) * self.repeats + 1


_NAMES = ("import", "start", "answers", "parts", "live frames", "drawings", "pictures")


class Benchmark:
    """Takes all measurements.

    Args:
        plan: how much to measure.
        drawings: the recordings to replay and read.
        model: as `Recognizer` takes it.

    Attributes:
        recognizer: the recognizer of the app, on one thread.
    """

    def __init__(self, plan: Plan, drawings: Sequence[Drawing], model: Path | None) -> None:
        self._plan = plan
        self._drawings = drawings
        self._model = model
        self._values: dict[str, list[float]] = defaultdict(list)
        self.recognizer = Recognizer(model, threads=1)

    def run(self) -> Iterator[str]:
        """Take all measurements once per repeat, so that a busy minute affects them all alike.

        Yields:
            the name of each measurement before it is taken.

        Raises:
            ProbeError: a process to measure in failed.
            MeasureError: nothing was answered, or the app crashed.
        """
        pictures = measures.framed(self._drawings, self.recognizer, self._plan.pictures)
        on_all_cores = Recognizer(self._model)
        takes: Sequence[Measure] = (
            # Importing digitnet alone would not load what its recognizer needs.
            lambda: {"import_digitnet": processes.import_time("digitnet.recognizer")},
            partial(processes.start_up, self._model),
            partial(measures.answers, self._drawings, self.recognizer),
            partial(measures.parts_of_answers, self._drawings, self.recognizer),
            partial(measures.live_frames, self._plan.points, self.recognizer),
            partial(measures.predictions, self._drawings, self.recognizer),
            lambda: {"classify": measures.pictures_per_second(pictures, on_all_cores)},
        )
        # The first start after an installation compiles modules and reads from a cold disk.
        processes.start_up(self._model)
        for _ in range(self._plan.repeats):
            for name, take in zip(_NAMES, takes, strict=True):
                yield name
                self._note(take())
        yield "memory"
        self._note(processes.memory_of_session(self._plan.digits, self._model))

    def figures(self) -> dict[str, Figure]:
        """Return what was measured, by name, in the order of `KINDS`."""
        return {
            kind.name: Figure(kind, tuple(self._values[kind.name]))
            for kind in KINDS
            if self._values[kind.name]
        }

    def _note(self, values: Mapping[str, float]) -> None:
        for name, value in values.items():
            self._values[name].append(value)
