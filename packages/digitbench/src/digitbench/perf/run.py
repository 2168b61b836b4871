"""All measures, again and again, to figures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeAlias

from digitbench.perf import crowded, fresh, measures
from digitbench.perf.figures import KINDS, Figure
from digitnet import Drawing, Recognizer

Measure: TypeAlias = Callable[[], Mapping[str, float]]


@dataclass(frozen=True)
class Plan:
    """How much is measured.

    Attributes:
        repeats: of each measure but that of the digits' memory, which is taken once; >= 1.
        digits: drawn to see what memory that takes; >= 1.
        pictures: classified in one go.
        points: of the long stroke that is read live.
        crowd: strokes on a crowded board.
        stretch: points of a stroke without end.
    """

    repeats: int = 5
    digits: int = 1000
    pictures: int = 10_000
    points: int = 2000
    crowd: int = 10_000
    stretch: int = 100_000

    @property
    def steps(self) -> int:
        """How many measures are taken."""
        return len(_NAMES) * self.repeats + len(_WAYS)


_NAMES = ("imports", "start", "answers", "parts", "live frames", "crowds", "drawings", "pictures")
_WAYS: tuple[fresh.Way, ...] = ("apps", "session")


class Run:
    """Takes all measures.

    Args:
        plan: how much is measured.
        drawings: the recordings that are replayed and read.
        model: as `Recognizer` takes it.

    Attributes:
        recognizer: of the app, on one thread.
    """

    def __init__(self, plan: Plan, drawings: Sequence[Drawing], model: Path | None) -> None:
        self._plan = plan
        self._drawings = drawings
        self._model = model
        self._values: dict[str, list[float]] = defaultdict(list)
        self.recognizer = Recognizer(model, threads=1)

    def measure(self) -> Iterator[str]:
        """Take all measures, once for each repeat in turn, so that a busy minute is in them all.

        Yields:
            the name of each, before it is taken.

        Raises:
            ProbeError: a process in which something is to be measured failed.
            MeasureError: nothing was answered, or the app crashed.
        """
        pictures = measures.framed(self._drawings, self.recognizer, self._plan.pictures)
        on_all_cores = Recognizer(self._model)
        takes: Sequence[Measure] = (
            _imports,
            partial(fresh.start_up, self._model),
            partial(measures.answers, self._drawings, self.recognizer),
            partial(measures.parts_of_answers, self._drawings, self.recognizer),
            partial(measures.live_frames, self._plan.points, self.recognizer),
            self._crowds,
            partial(measures.predictions, self._drawings, self.recognizer),
            lambda: {"classify": measures.pictures_a_second(pictures, on_all_cores)},
        )
        # The first start after an installation compiles, and reads from a cold disk.
        fresh.start_up(self._model)
        for _ in range(self._plan.repeats):
            for name, take in zip(_NAMES, takes, strict=True):
                yield name
                self._note(take())
        for way in _WAYS:
            yield "memory"
            self._note(fresh.memory_of_digits(way, self._plan.digits, self._model))

    def figures(self) -> dict[str, Figure]:
        """Give what was measured, by name, in the order of `KINDS`."""
        return {
            kind.name: Figure(kind, tuple(self._values[kind.name]))
            for kind in KINDS
            if self._values[kind.name]
        }

    def _crowds(self) -> dict[str, float]:
        return {
            "many_strokes": crowded.many_strokes(self._plan.crowd, self.recognizer),
            "long_stroke": crowded.long_stroke(self._plan.stretch, self.recognizer),
        }

    def _note(self, values: Mapping[str, float]) -> None:
        for name, value in values.items():
            self._values[name].append(value)


def _imports() -> dict[str, float]:
    # digitnet alone does not import what its recogniser needs, and so would tell little.
    return {
        "import_digitnet": fresh.import_time("digitnet.recognizer"),
        "import_onnxruntime": fresh.import_time("onnxruntime"),
    }
