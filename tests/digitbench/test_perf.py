"""``digitbench perf``: what it measures, and its command line.

The speed itself does not matter here, because it depends on the machine.
"""

from __future__ import annotations

import json
import math
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from digitbench.commands import perf as perf_command
from digitbench.perf import measures, processes
from digitbench.perf.benchmark import Plan
from digitbench.perf.figures import KINDS, Figure
from digitbench.perf.json import as_json, read_earlier
from digitbench.run import suite
from digitdraw.app import App
from digitdraw.ui.window import View
from digitnet import Drawing, Recognizer, write_drawings

if TYPE_CHECKING:
    from tests.digitbench.conftest import Bench

KIND = {kind.name: kind for kind in KINDS}


@pytest.mark.parametrize(
    "arguments",
    [
        ["--repeats", "0"],
        ["--json", f"{__file__}/perf.json"],
        ["more"],
        ["--compare", "gone.json"],
        ["--fail-if-slower", "10%"],
        ["--fail-if-slower", "fast"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_reported_at_once(
    bench: Bench, arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that cannot be written too, rather than after minutes of measuring."""
    monkeypatch.setattr(perf_command, "Benchmark", None)
    done = bench("perf", *arguments)
    assert done.code == 2
    assert done.err.count("\n") == 1


def test_answers_are_measured_through_the_app(seven: Drawing, recognizer: Recognizer) -> None:
    """Of several recordings, with all their parts, each of which takes some time."""
    measured = measures.answers([seven] * 3, recognizer)
    assert measured.keys() == {"answer_p50", "answer_p99", "recordings"}
    parts = measures.parts_of_answers([seven] * 3, recognizer)
    assert {KIND[name].family for name in parts} == {"framing", "raster", "network", "view"}
    assert all(0 < value < math.inf for value in [*measured.values(), *parts.values()])


@pytest.mark.parametrize("part", ["predict", "raster", "network", "view"])
def test_a_part_that_is_never_called_is_an_error(
    seven: Drawing, recognizer: Recognizer, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    """As after a renaming in digitnet or digitdraw; otherwise it would be measured as zero."""
    parts = [
        (name, View, "no_longer_called") if name == part else (name, owner, function)
        for name, owner, function in measures._PARTS
    ]
    monkeypatch.setattr(View, "no_longer_called", None, raising=False)
    monkeypatch.setattr(measures, "_PARTS", parts)
    with pytest.raises(measures.MeasureError, match="is not called for an answer"):
        measures.parts_of_answers([seven], recognizer)


def test_measuring_parts_restores_the_functions(seven: Drawing, recognizer: Recognizer) -> None:
    """Even if the app crashes, which is reported."""
    before = (App.step, Recognizer.predict, Recognizer.answer)
    measures.parts_of_answers([seven], recognizer)
    assert before == (App.step, Recognizer.predict, Recognizer.answer)
    with pytest.MonkeyPatch.context() as broken:
        broken.setattr(Recognizer, "answer", None)
        with pytest.raises(measures.MeasureError, match="seven: the app crashed"):
            measures.parts_of_answers([seven], recognizer)
    assert before == (App.step, Recognizer.predict, Recognizer.answer)


def test_recordings_without_ink_are_an_error(recognizer: Recognizer) -> None:
    """There is nothing to measure."""
    with pytest.raises(measures.MeasureError, match="no ink"):
        measures.answers([Drawing(())], recognizer)
    with pytest.raises(measures.MeasureError, match="no ink"):
        measures.framed([Drawing(())], recognizer, 10)


def test_a_long_stroke_is_read_live(
    recognizer: Recognizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In every frame except the first, as a dot is not a digit yet."""
    sizes: list[int] = []
    predict = Recognizer.predict

    def noted(self: Recognizer, drawing: Any, **options: Any) -> Any:
        sizes.append(sum(len(stroke.points) for stroke in drawing.strokes))
        return predict(self, drawing, **options)

    monkeypatch.setattr(Recognizer, "predict", noted)
    assert measures.live_frames(12, recognizer).keys() == {"live_frame_p50", "live_frame_p99"}
    assert sizes == list(range(2, 13))


@pytest.mark.parametrize("count", [1, 7])
def test_pictures_to_classify_are_the_digits_of_recordings(
    seven: Drawing, recognizer: Recognizer, count: int
) -> None:
    """As many as requested, repeated."""
    pictures = measures.framed([seven], recognizer, count)
    assert pictures.shape == (count, 28, 28)
    assert (pictures == recognizer.predict(seven).digits[0].image).all()
    assert measures.pictures_per_second(pictures, recognizer) > 0


def test_digitdraw_starts_in_its_own_process() -> None:
    """It shows a frame, loads its model, rests, and ends when it is told to."""
    measured = processes.start_up(None)
    assert measured.keys() == {"first_frame", "ready", "memory_rest"}
    assert all(value > 0 for value in measured.values())


def test_an_invalid_model_is_reported_in_one_line(tmp_path: Path) -> None:
    """As digitdraw itself would report it in its window."""
    with pytest.raises(processes.ProbeError) as error:
        processes.start_up(tmp_path)
    assert str(tmp_path) in str(error.value)
    assert "\n" not in str(error.value)


def test_a_process_that_fails_is_reported_in_one_line() -> None:
    """With the last line of its own output."""
    message = r"No module named 'no_such_module'; run it again$"
    with pytest.raises(processes.ProbeError, match=message):
        processes.import_time("no_such_module")


@pytest.mark.parametrize("count", [1, 50])
def test_memory_is_measured_while_digits_are_drawn(count: int) -> None:
    """Growth needs several digits; the peak is not below the final value."""
    measured = processes.memory_of_session(count, None)
    assert measured["memory_session_peak"] >= measured["memory_session"] > 0
    assert ("memory_session_growth" in measured) == (count > 1)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems report peaks differently")
def test_a_peak_is_that_of_the_process_itself() -> None:
    """And not that of a larger parent, which getrusage would count on Linux."""
    ballast = bytearray(b"x" * 400_000_000)
    measured = processes.memory_of_session(1, None)
    assert measured["memory_session_peak"] < len(ballast) / 1e6


def test_the_command_measures_everything_and_compares(
    bench: Bench, seven: Drawing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every figure has a row and a key of the same name; stderr names different conditions."""
    bundled = tmp_path / "seven.ndjson"
    write_drawings(bundled, [seven])
    monkeypatch.setattr(suite, "bundled_recordings", lambda: [bundled])
    monkeypatch.setattr(perf_command, "Plan", partial(Plan, digits=5, pictures=3, points=3))
    earlier, report = tmp_path / "earlier.json", tmp_path / "perf.json"
    ready = {"ready": Figure(KIND["ready"], (1,))}
    earlier.write_text(as_json(ready, {"options": {"digits": 5, "recordings": 9}}))
    done = bench("perf", "--repeats", 1, "--json", report, "--compare", earlier)
    assert done.code == 0
    complaint = "was measured with another machine, Python, model, number of recordings"
    assert done.err == f"digitbench: {earlier}: {complaint}\n"

    head, *rows = done.out.partition("\n\n")[0].splitlines()
    assert head.endswith("earlier    ratio")
    document = json.loads(report.read_bytes())
    assert [row.split()[0] for row in rows] == list(document["figures"]) == list(KIND)
    assert document["provenance"]["options"] == {"repeats": 1, "digits": 5, "recordings": 1}
    assert read_earlier(report).differences(document["provenance"]) == []

    fast = {"ready": Figure(KIND["ready"], (0.001,))}
    earlier.write_text(as_json(fast, document["provenance"]))
    gate = ("--compare", earlier, "--fail-if-slower", "5%")
    done = bench("perf", "--repeats", 1, "--json", report, *gate)
    assert done.code == 1
    assert done.err.startswith("digitbench: ready is ")
    assert done.out.endswith("\nFAILED: slower\n")
