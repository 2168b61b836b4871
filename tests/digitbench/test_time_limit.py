"""Apps that hang: each is ended and reported, and the run continues."""

from __future__ import annotations

import copy
import json
import signal
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from digitbench.replay.replayer import Setup
from digitbench.replay.time_limit import TimedOut, interrupted_after
from digitbench.run import suite
from digitbench.run.workers import replay_all
from digitnet import Drawing, Prediction, Recognizer, Stroke, write_drawings

if TYPE_CHECKING:
    from tests.digitbench.conftest import Bench

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="needs signals of POSIX")
PATIENCE = 2.0  # seconds; a replay takes a few hundredths, even on a busy machine

HANGS = {
    "computing": "all(iter(int, 1)) or [None for _ in iter(int, 1)]",
    "waiting": "__import__('time').sleep(600)",
    # Holds Python's global lock meanwhile.
    "native": "__import__('ctypes').PyDLL(None).sleep(600)",
}


@dataclass
class Hanging:
    """Becomes a recogniser that hangs at two strokes, in the process that it is sent to."""

    how: str

    def __reduce__(self) -> tuple[Any, ...]:
        shipped = "__import__('digitnet').Recognizer"
        predict = (
            f"lambda self, ink, **options: {HANGS[self.how]} if len(ink.strokes) == 2 "
            f"else {shipped}.predict(self, ink, **options)"
        )
        return eval, (f"type('R', ({shipped},), {{'predict': {predict}}})(threads=1)",)


@pytest.fixture
def drawings(seven: Drawing) -> list[Drawing]:
    """Three sevens; the second, which is crossed, hangs."""
    dash = Stroke.of([240, 420], [300, 300], [500, 560])
    crossed = replace(seven, strokes=(*seven.strokes, dash), key_id="crossed")
    return [seven, crossed, replace(seven, key_id="last")]


@POSIX
@pytest.mark.parametrize(
    ("how", "jobs"), [("computing", 1), ("waiting", 1), ("computing", 2), ("native", 2)]
)
def test_a_recording_on_which_the_app_hangs_has_crashed(
    drawings: list[Drawing], how: str, jobs: int
) -> None:
    """Only that one; the reason is one line, and the traceback says where it hung."""
    recognizer: Any = Hanging(how)
    if jobs == 1:
        recognizer = copy.copy(recognizer)
    setup = Setup(timeout=PATIENCE)
    replays = dict(replay_all(drawings, recognizer, setup, jobs))
    results = [suite.judge(drawing, replays[index]) for index, drawing in enumerate(drawings)]
    assert [result.outcome for result in results] == ["correct", "crashed", "correct"]
    assert [result.replayed.killed for result in results] == [False, True, False]
    *where, reason = results[1].replayed.error.strip().splitlines()
    assert reason == "digitbench.replay.time_limit.TimedOut: not done after 2 seconds"
    assert any("reader.py" in line for line in where)


def test_where_python_cannot_interrupt_another_process_is_ended(
    recognizer: Recognizer, drawings: list[Drawing], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even without --jobs; recordings that end in time have the same results."""
    monkeypatch.setattr("digitbench.run.workers.can_interrupt", lambda: False)
    replays = dict(replay_all(drawings[::2], recognizer, Setup(timeout=60)))
    assert [replays[index].error for index in (0, 1)] == ["", ""]
    hanging: Any = Hanging("waiting")
    [(_, replayed)] = replay_all(drawings[1:2], hanging, Setup(timeout=PATIENCE))
    assert replayed.error.endswith("TimedOut: not done after 2 seconds\n")


@POSIX
def test_a_run_continues_after_a_recording_that_hung(
    bench: Bench, drawings: list[Drawing], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The table and the reports show it, and none of them replays it again."""
    predict, hung = Recognizer.predict, []

    def hang(self: Recognizer, ink: Drawing, **options: Any) -> Prediction:
        if len(ink.strokes) == 2:
            hung.append(ink)
            time.sleep(600)
        return predict(self, ink, **options)

    monkeypatch.setattr(Recognizer, "predict", hang)
    file, report, page = tmp_path / "mine.ndjson", tmp_path / "report.json", tmp_path / "page"
    write_drawings(file, drawings)
    done = bench(file, "--timeout", PATIENCE, "--json", report, "--html", page)
    assert (done.code, done.err.count("\n")) == (1, 1)
    reason = "crashed: digitbench.replay.time_limit.TimedOut: not done after 2 seconds"
    assert f"crossed: {reason}\n" in done.out
    assert "in hang" in done.out
    document = json.loads(report.read_text())
    assert (document["summary"]["correct"], document["summary"]["crashed"]) == (2, 1)
    assert document["provenance"]["options"]["timeout"] == PATIENCE
    assert "TimedOut" in (page / "index.html").read_text()
    assert len(hung) == 1


@POSIX
def test_code_that_survives_errors_is_interrupted() -> None:
    """And again, if it survives the first interruption."""
    interruptions: list[BaseException] = []

    def go_on() -> None:
        while len(interruptions) < 2:
            try:
                time.sleep(600)
            except Exception:  # noqa: S110 - as apps do
                pass
            except BaseException as interruption:
                interruptions.append(interruption)
        raise interruptions[-1]

    with pytest.raises(TimedOut, match=r"not done after 0\.05 seconds"), interrupted_after(0.05):
        go_on()


@POSIX
@pytest.mark.parametrize("seconds", [None, 3600.0])
def test_no_limit_is_left_behind(seconds: float | None) -> None:
    """Neither after success nor after an error in time; None sets no limit at all."""
    before = signal.getsignal(signal.SIGALRM)
    with interrupted_after(seconds):
        assert (signal.getitimer(signal.ITIMER_REAL)[0] > 0) is (seconds is not None)
    with pytest.raises(KeyError), interrupted_after(seconds):
        raise KeyError
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGALRM) == before
