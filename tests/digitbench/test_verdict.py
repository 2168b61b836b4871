"""The verdict on a run: exit code, last line and every report agree."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from xml.etree import ElementTree as ET

import pytest

from digitbench.run import suite
from digitbench.run.gates import Gates
from digitbench.run.verdict import reach_verdict
from digitnet import Drawing, Recognizer, write_drawings

if TYPE_CHECKING:
    from tests.digitbench.conftest import Bench, Judged

COMMAND = Path(sys.executable).with_name("digitbench")


class Case(NamedTuple):
    """A run, and what must come of it.

    Attributes:
        recordings: names of what is replayed; see `recordings`.
        options: of the command line.
        last_line: the last line on stdout.
        failing: the tests that fail in JUnit.
        skipped: those that are skipped.
    """

    recordings: list[str]
    options: list[str]
    last_line: str
    failing: Sequence[str] = ()
    skipped: Sequence[str] = ()


ALLOWED = "passed, though 1 of 2 recordings is not right (the gates allow it)"
CASES = {
    "all right": Case(["right"], [], "passed"),
    "wrong answer": Case(["right", "wrong"], [], "FAILED: wrong answers", ["wrong"]),
    "crash": Case(["right", "crash"], [], "FAILED: crashes", ["crash"]),
    "violated check": Case(["right", "late"], [], "FAILED: check expect", ["late"]),
    "everything": Case(
        ["right", "wrong", "crash", "late"],
        [],
        "FAILED: wrong answers, crashes, check expect",
        ["wrong", "crash", "late"],
    ),
    "failed gate": Case(
        ["right", "wrong"],
        ["--min-accuracy", "0.6"],
        "FAILED: min-accuracy all",
        ["wrong", "min-accuracy all"],
    ),
    "met gate": Case(["right", "wrong"], ["--min-accuracy", "0.5"], ALLOWED, [], ["wrong"]),
    "met and failed gate": Case(
        ["right", "wrong"],
        ["--min-accuracy", "0.5", "--max-p99-ms", "0.0001"],
        "FAILED: max-p99-ms",
        ["max-p99-ms"],
        ["wrong"],
    ),
    "speed says nothing of answers": Case(
        ["right", "wrong"], ["--max-p99-ms", "60000"], "FAILED: wrong answers", ["wrong"]
    ),
    "crash within a gate": Case(
        ["right", "wrong", "crash"],
        ["--min-accuracy", "0.1"],
        "FAILED: crashes",
        ["crash"],
        ["wrong"],
    ),
    "violated check within a gate": Case(
        ["right", "late"], ["--min-accuracy", "1"], "FAILED: check expect", ["late"]
    ),
    "baseline": Case(["right", "wrong"], ["--baseline", "base.json"], ALLOWED, [], ["wrong"]),
    "regression": Case(
        ["right", "wrong", "worse"],
        ["--baseline", "base.json"],
        "FAILED: baseline",
        ["worse", "baseline"],
        ["wrong"],
    ),
    "gates in a file": Case(["right", "wrong"], ["--gates", "gates.toml"], ALLOWED, [], ["wrong"]),
    "only measured": Case(
        ["right", "wrong", "crash", "late"],
        ["--no-fail"],
        "passed, though 3 of 4 recordings are not right (--no-fail)",
        [],
        ["wrong", "crash", "late"],
    ),
    "nothing": Case([], [], "FAILED: no recordings", ["no recordings"]),
    "nothing, only measured": Case([], ["--no-fail"], "FAILED: no recordings", ["no recordings"]),
}


@pytest.fixture
def recordings(seven: Drawing) -> dict[str, Drawing]:
    """A seven that is right, and others that are not, each in its own way."""
    dot = replace(seven, strokes=(seven.strokes[0].of([300], [300], [0]),), word="")
    return {
        "right": seven,
        "wrong": replace(seven, key_id="wrong", word="1"),
        "worse": replace(seven, key_id="worse", word="2"),
        "crash": replace(dot, key_id="crash"),
        "late": replace(seven, key_id="late", events=((90, "expect", "1"),)),
    }


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_all_say_the_same(
    case: Case,
    bench: Bench,
    recordings: dict[str, Drawing],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Exit code, last line, JSON, JUnit and HTML."""
    monkeypatch.chdir(tmp_path)
    predict = Recognizer.predict

    def crash(self: Recognizer, ink: Drawing, **options: object) -> object:
        if sum(len(stroke.points) for stroke in ink.strokes) == 1 and "crash" in case.recordings:
            raise RuntimeError("boom")
        return predict(self, ink, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(Recognizer, "predict", crash)
    base = {"results": [{"key_id": "worse", "word": "2", "answer": "2"}]}
    Path("base.json").write_text(json.dumps(base))
    Path("gates.toml").write_text("min-accuracy = 0.5")
    write_drawings("mine.ndjson", [recordings[name] for name in case.recordings])
    reports = ["--json", "out/run.json", "--junit", "out/run.xml", "--html", "out/page"]
    done = bench("mine.ndjson", "--check", "none", *case.options, *reports)

    passed = case.last_line.startswith("passed")
    assert done.out.splitlines()[-1] == case.last_line
    assert done.code == (0 if passed else 1)
    document = json.loads(Path("out/run.json").read_text())
    assert document["summary"]["passed"] == passed == (not document["failures"])
    page = Path("out/page/index.html").read_text("utf-8")
    assert ('class="gate failed"' in page) != passed
    assert ('class="gate passed"' in page) == passed
    root = ET.parse("out/run.xml").getroot()  # noqa: S314 - our own
    assert (root.get("failures") == root.get("errors") == "0") == passed
    assert names_with(root, "failure", "error") == list(case.failing)
    assert names_with(root, "skipped") == list(case.skipped)
    assert done.err.count("\n") >= len(document["failures"])
    assert all(sentence in done.err for sentence in document["failures"])


def names_with(root: ET.Element, *kinds: str) -> list[str]:
    """Return the names of the tests with an element of one of these kinds."""
    return [
        str(test.get("name"))
        for test in root.iter("testcase")
        if any(test.find(kind) is not None for kind in kinds)
    ]


def test_a_verdict_names_the_results_that_miss_it(judged: Judged) -> None:
    """Of those of a gate's group only."""
    results = [judged("a", "7", "7"), judged("b", "7", "1"), judged("c", "1", "7")]
    verdict = reach_verdict(results, suite.summarize(results, 1.0), Gates({"7": 1.0, "all": 0.3}))
    assert [verdict.fails(result) for result in results] == [False, True, False]
    assert verdict.line == "FAILED: min-accuracy 7"


def test_a_reader_that_leaves_changes_nothing(tmp_path: Path, seven: Drawing) -> None:
    """The exit code is that of the verdict, and reports are written."""
    write_drawings(tmp_path / "mine.ndjson", [replace(seven, word="1")])
    script = f'set -o pipefail; "{COMMAND}" mine.ndjson --json run.json --html page | true'
    done = subprocess.run(
        ["bash", "-c", script], cwd=tmp_path, capture_output=True, timeout=60, check=False
    )
    assert done.returncode == 1
    assert done.stderr.count(b"\n") == 1
    assert json.loads((tmp_path / "run.json").read_text())["summary"]["passed"] is False
    assert (tmp_path / "page" / "index.html").exists()
