"""Recordings replayed in several processes: the same results, even if a process dies."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from digitbench.replay.replayer import Setup
from digitbench.run import suite
from digitbench.run.workers import JobError, replay_all
from digitnet import Drawing, Recognizer, write_drawings

COMMAND = Path(sys.executable).with_name("digitbench")
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="needs signals of POSIX")


@dataclass
class Fatal:
    """Calls a function in the process that it is sent to."""

    function: Callable[..., Any]
    argument: int

    def __reduce__(self) -> tuple[Any, ...]:
        return self.function, (self.argument,)


def default_sigint() -> None:
    """Let a child process react to Ctrl-C, even if the tests were started with it ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def fatal(drawing: Drawing, function: Callable[..., Any], argument: int) -> Drawing:
    """Return a recording on which a process dies."""
    return replace(drawing, key_id="fatal", extra={"fatal": Fatal(function, argument)})


def test_the_results_are_those_of_one_process(recognizer: Recognizer, tmp_path: Path) -> None:
    """To the last bit, each under its own index."""
    drawings = suite.read_all(suite.bundled_recordings())[::25]
    alone, together = (
        dict(replay_all(drawings, recognizer, Setup(save_dir=tmp_path), jobs)) for jobs in (1, 2)
    )
    assert sorted(alone) == sorted(together) == list(range(len(drawings)))
    for index, drawing in enumerate(drawings):
        one, other = (suite.judge(drawing, replays[index]) for replays in (alone, together))
        assert (one.outcome, one.answer, one.confidence) == (
            other.outcome,
            other.answer,
            other.confidence,
        )
        assert len(one.digits) == len(other.digits)
        for digit, same in zip(one.digits, other.digits, strict=True):
            assert digit.probabilities.tobytes() == same.probabilities.tobytes()
            assert digit.image.tobytes() == same.image.tobytes()


def test_a_recording_on_which_a_process_dies_has_crashed(
    recognizer: Recognizer, seven: Drawing
) -> None:
    """Only that one; a new process replaces the dead one."""
    drawings = [seven, fatal(seven, os._exit, 3), seven, fatal(seven, os._exit, 4), seven]
    replays = dict(replay_all(drawings, recognizer, Setup(), jobs=2))
    results = [suite.judge(drawings[index], replays[index]) for index in range(5)]
    assert [result.outcome for result in results] == [
        "correct", "crashed", "correct", "crashed", "correct",
    ]  # fmt: skip
    assert results[1].replayed.error == "ProcessEnded: with exit code 3\n"
    assert [result.replayed.killed for result in results] == [False, True, False, True, False]


@POSIX
def test_a_process_killed_by_a_signal_says_where_it_was(
    recognizer: Recognizer, seven: Drawing
) -> None:
    """As far as Python knows."""
    [(_, replayed)] = replay_all(
        [fatal(seven, signal.raise_signal, signal.SIGSEGV)], recognizer, Setup(), jobs=2
    )
    assert replayed.error.startswith("Fatal Python error: Segmentation fault")
    assert "in _work" in replayed.error
    assert replayed.error.endswith("\nProcessEnded: by SIGSEGV\n")


def test_processes_that_cannot_start_are_reported(seven: Drawing) -> None:
    """They are not waited for."""
    unable: Any = Fatal(os._exit, 5)
    with pytest.raises(JobError, match="a process ended with exit code 5 before it could replay"):
        list(replay_all([seven], unable, Setup(), jobs=2))


def test_closing_the_iterator_ends_all_processes(
    recognizer: Recognizer, seven: Drawing, tmp_path: Path
) -> None:
    """No matter how many recordings are left."""
    replays = replay_all([seven] * 1000, recognizer, Setup(save_dir=tmp_path), jobs=2)
    next(replays)
    replays.close()
    assert multiprocessing.active_children() == []


@POSIX
@pytest.mark.parametrize("jobs", [1, 2])
def test_ctrl_c_reports_what_is_known(seven: Drawing, tmp_path: Path, jobs: int) -> None:
    """Table and report of what was replayed so far, one line on stderr, exit code 130."""
    recordings, report, saved = tmp_path / "many.ndjson", tmp_path / "r.json", tmp_path / "saved"
    first = replace(seven, events=((900, "save"),))
    write_drawings(recordings, [seven] * 20 + [first] + [seven] * 20_000)
    command = [COMMAND, recordings, "--jobs", str(jobs), "--json", report, "--save-dir", saved]
    with subprocess.Popen(
        list(map(str, command)),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=default_sigint,
    ) as bench:
        deadline = time.monotonic() + 60
        while not any(saved.glob("*")) and bench.poll() is None and time.monotonic() < deadline:
            time.sleep(0.02)
        # To all processes at once, as a terminal does.
        os.killpg(bench.pid, signal.SIGINT)
        out, err = bench.communicate(timeout=60)
    assert err.startswith("digitbench: stopped after ")
    assert err.count("\n") == 1
    assert bench.returncode == 130
    summary = json.loads(report.read_text())["summary"]
    assert not summary["complete"]
    assert 10 <= summary["recordings"] == summary["correct"] < 20_000
    assert f"\nall{summary['recordings']:>14}" in out
