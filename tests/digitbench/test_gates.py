"""Gates: when a run fails, with which message, and from which files gates are read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitbench.report.json import as_json
from digitbench.run import suite
from digitbench.run.baseline import Baseline, Before, read_baseline
from digitbench.run.earlier_report import ReportError
from digitbench.run.gates import GateError, Gates
from digitbench.run.gates_file import read_gates
from digitbench.run.verdict import Verdict, reach_verdict, remarks

if TYPE_CHECKING:
    from tests.digitbench.conftest import Judged


@pytest.fixture
def results(judged: Judged) -> list[suite.Result]:
    """Two of three sevens right, the wrong one crossed; a number and a dash, both right."""
    crossed = judged("c", "7", "1", latency_ms=(9.0,))
    crossed = replace(crossed, drawing=replace(crossed.drawing, tags=("crossed",)))
    return [
        judged("a", "7", "7", latency_ms=(3.0,)),
        judged("b", "7", "7", latency_ms=(4.0,)),
        crossed,
        judged("d", "2026", "2026"),
        judged("e", "", None),
    ]


def failures(results: Sequence[suite.Result], gates: Gates) -> list[str]:
    return reach_verdict(results, suite.summarize(results, 1.0), gates).failures


def test_without_gates_every_answer_must_be_right(
    results: list[suite.Result], judged: Judged
) -> None:
    """Of one recording too; a crash is named."""
    assert failures([results[0]], Gates()) == []
    advice = (
        "not read as labelled; to allow for some, use --min-accuracy or --baseline, and to only "
        "measure, --no-fail"
    )
    assert failures(results, Gates(max_p99_ms=10)) == [f"1 of 5 recordings is {advice}"]
    assert failures([results[2]], Gates()) == [f"1 of 1 recording is {advice}"]
    rejected = judged("g", "7", "7", accepted=False)
    assert failures([*results, rejected], Gates()) == [f"2 of 6 recordings are {advice}"]


@pytest.mark.parametrize("gates", [Gates(), Gates({"all": 0.0})], ids=["none", "lenient"])
def test_a_crash_always_fails(judged: Judged, gates: Gates) -> None:
    """Whatever share of the answers must be right; it is named."""
    results = [judged("e", "", None), judged("f", "7", None, error="Traceback: boom")]
    assert failures(results, gates) == ["the app crashed on 1 of 2 recordings: f"]


def test_a_run_of_nothing_fails() -> None:
    """An empty run proves nothing."""
    assert failures([], Gates()) == ["nothing was replayed: there are no recordings to judge"]


@pytest.mark.parametrize(
    ("group", "least", "sentence"),
    [
        ("all", 0.8, ""),
        ("all", 0.99, "4 of 5 recordings are right, 80.00%, and at least 99.00% are required"),
        ("all", 0.80004, "4 of 5 recordings are right, 80.00%, and at least 80.004% are required"),
        ("7", 2 / 3, ""),
        ("7", 1.0, "2 of 3 recordings of 7 are right, 66.67%, and at least 100.00% are required"),
        (
            "tag:crossed",
            0.5,
            "0 of 1 recording tagged crossed is right, 0.00%, and at least 50.00% are required",
        ),
        ("numbers", 1.0, ""),
        ("none", 1.0, ""),
        ("9", 0.5, "no recordings of 9 were replayed, of which at least 50.00% must be right"),
        (
            "tag:new",
            0.5,
            "no recordings tagged new were replayed, of which at least 50.00% must be right",
        ),
    ],
)
def test_a_share_of_a_group_must_be_right(
    results: list[suite.Result], group: str, least: float, sentence: str
) -> None:
    """Exactly the required share is enough; a missing group fails."""
    assert failures(results, Gates({group: least})) == [sentence] * bool(sentence)


@given(correct=st.integers(0, 50), total=st.integers(1, 50), least=st.floats(0, 1))
def test_a_gate_is_where_it_says(correct: int, total: int, least: float) -> None:
    """At the accuracy itself a run passes, and just above it fails."""
    correct = min(correct, total)
    summary = suite.Summary(correct, total - correct, 0, 0, 1.0, 0.0, 0.0)
    assert reach_verdict([], summary, Gates({"all": correct / total})).passed
    assert reach_verdict([], summary, Gates({"all": least})).passed == (correct / total >= least)


def test_answers_must_be_fast(results: list[suite.Result]) -> None:
    """The 99th percentile counts, and may be exactly the limit."""
    assert failures(results, Gates({"all": 0}, max_p99_ms=9.0)) == []
    [sentence] = failures(results, Gates({"all": 0}, max_p99_ms=8.99))
    assert sentence == (
        "99 of 100 answers were drawn within 9.00 ms of the release, and at most 8.99 ms are "
        "allowed"
    )


def test_answers_that_people_wait_for_fail_a_run(judged: Judged) -> None:
    """By their median, which a machine that is busy now and then hardly moves; a gate decides."""
    late = [judged(name, "7", "7", latency_ms=(150.0,)) for name in "ab"]
    once = [*late, *(judged(name, "7", "7", latency_ms=(3.0,)) for name in "cde")]
    [sentence] = failures(late, Gates())
    assert sentence.startswith("half of the answers were drawn 150 ms or more after the release")
    assert failures(once, Gates()) == []
    assert failures(late, Gates(max_p99_ms=200)) == []


def test_every_failed_gate_is_reported(results: list[suite.Result]) -> None:
    """Not only the first."""
    baseline = Baseline("base.json", {("c", 0): True})
    gates = Gates({"all": 0.9, "7": 0.7, "none": 0.5}, max_p99_ms=1.0, baseline=baseline)
    assert len(failures(results, gates)) == 4


def test_what_was_right_must_be_right(judged: Judged) -> None:
    """Wrong, rejected or crashed now, it fails and is named; new or formerly wrong ones do not."""
    right = dict.fromkeys([("a", 0), ("b", 0), ("c", 0), ("d", 0), ("gone", 0)], True)
    baseline = Baseline("base.json", {**right, ("e", 0): False})
    now = [
        judged("a", "7", "7"),
        judged("b", "7", "1"),
        judged("c", "7", "7", accepted=False),
        judged("d", "", None, error="Traceback\nValueError: boom\n"),
        judged("e", "7", "1"),
        judged("new", "7", "1"),
    ]
    _, failure = failures(now, Gates(baseline=baseline))
    assert failure == (
        "3 of the 5 recordings that were right in base.json no longer are: "
        "b: meant as 7, read as 1 (90.0%); c: meant as 7, not accepted, perhaps 7 (90.0%); "
        "d: crashed: ValueError: boom"
    )
    assert remarks(now, Gates(baseline=baseline)) == [
        "1 of the 6 recordings of base.json was not replayed: gone"
    ]


def test_many_names_are_not_all_told(judged: Judged) -> None:
    """The first twenty, and how many more."""
    now = [judged(f"r{number:02}", "7", None) for number in range(25)]
    baseline = Baseline("base.json", {(result.key_id, 0): True for result in now})
    [failure] = failures(now, Gates(baseline=baseline))
    assert "r19: meant" in failure
    assert "r20: meant" not in failure
    assert failure.endswith("; and 5 more")


def test_recordings_of_one_name_are_distinguished_by_their_order(judged: Judged) -> None:
    """Names are only unique within a collection."""
    baseline = Baseline("base.json", {("a", 0): False, ("a", 1): True})
    assert baseline.regressions([judged("a", "7", "1"), judged("a", "7", "7")]) == []
    [lost] = baseline.regressions([judged("a", "7", "7"), judged("a", "7", "2")])
    assert lost.answer == "2"
    assert baseline.missing([judged("a", "7", "7")]) == ["a"]


def test_a_report_is_a_baseline(results: list[suite.Result], tmp_path: Path) -> None:
    """A run always passes against its own report."""
    file = tmp_path / "report.json"
    file.write_text(as_json(results, suite.summarize(results, 1.0), {}, Verdict()))
    baseline = read_baseline(file)
    assert list(baseline.right.values()) == [True, True, False, True, True]
    assert failures(results, Gates(baseline=baseline)) == []
    assert remarks(results, Gates(baseline=baseline)) == []


def test_a_baseline_knows_what_was_read(results: list[suite.Result], tmp_path: Path) -> None:
    """Answer, confidence and probabilities of each recording, and where they come from."""
    file = tmp_path / "report.json"
    source = {"commit": "abc", "model": "def", "time": None}
    file.write_text(as_json(results, suite.summarize(results, 1.0), source, Verdict()))
    baseline = read_baseline(file)
    assert baseline.source == {"commit": "abc", "model": "def"}
    for result, before in zip(results, baseline.earlier(results), strict=True):
        assert before is not None
        assert (before.answer, before.outcome) == (result.answer, result.outcome)
        assert before.confidence == pytest.approx(result.confidence)
        assert len(before.probabilities) == len(result.digits)
        for then, digit in zip(before.probabilities, result.digits, strict=True):
            assert then == pytest.approx(digit.probabilities.tolist(), abs=1e-3)


@pytest.mark.parametrize("damaged", [None, 7, "x", [7], [{"1": 2}], [{"1": "<b>"}], {"1": 1}])
def test_damaged_probabilities_of_a_baseline_are_left_out(tmp_path: Path, damaged: object) -> None:
    """They decide nothing, so the rest of the report can be used."""
    file = tmp_path / "report.json"
    result = {"key_id": "a", "word": "1", "answer": "1", "confidence": damaged}
    file.write_text(json.dumps({"results": [{**result, "probabilities": damaged}]}))
    assert read_baseline(file).before["a", 0] == Before("1")


def test_what_became_right_is_known(judged: Judged) -> None:
    """Only of recordings that were not right."""
    baseline = Baseline("base.json", {("a", 0): False, ("b", 0): True, ("c", 0): False})
    now = [judged("a", "7", "7"), judged("b", "7", "7"), judged("c", "7", "1")]
    assert [result.key_id for result in baseline.gains(now)] == ["a"]


@pytest.mark.parametrize(
    ("extra", "right"),
    [({}, True), ({"outcome": "correct"}, True), ({"outcome": "crashed"}, False)],
    ids=str,
)
def test_the_contract_is_enough_for_a_baseline(
    tmp_path: Path, extra: dict[str, Any], *, right: bool
) -> None:
    """The report of another program may lack outcomes, but a crash is not right."""
    file = tmp_path / "report.json"
    result = {"key_id": "a", "word": "", "answer": "", "confidence": 0, "accepted": False}
    file.write_text(json.dumps({"results": [{**result, **extra}]}))
    assert read_baseline(file).right == {("a", 0): right}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "cannot be read: No such file or directory"),
        (b"{", "is not JSON"),
        (b"\xff", "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b"", "is not JSON"),
        (b"[]", "is not a report of 'digitbench run --json'"),
        (b'{"results": [{"key_id": 1}]}', "is not a report of 'digitbench run --json'"),
        (b'{"results": 1}', "is not a report of 'digitbench run --json'"),
    ],
    ids=["missing", "cut", "binary", "deep", "empty", "list", "others", "number"],
)
def test_an_invalid_baseline_is_reported(
    tmp_path: Path, content: bytes | None, reason: str
) -> None:
    """With its name."""
    file = tmp_path / "base.json"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ReportError) as error:
        read_baseline(file)
    assert str(error.value).startswith(f"{file}: {reason}")


def test_gates_stand_in_a_file(
    results: list[suite.Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keys are the names of options; the baseline is relative to the folder of the file."""
    folder = tmp_path / "gates"
    folder.mkdir()
    report = as_json(results, suite.summarize(results, 1.0), {}, Verdict())
    (folder / "base.json").write_text(report)
    (folder / "gates.toml").write_text(
        'max-p99-ms = 16\nbaseline = "base.json"\n'
        '[min-accuracy]\nall = 0.99\n7 = 1\n"tag:crossed" = 0.5\n'
    )
    gates = read_gates(folder / "gates.toml")
    assert gates.min_accuracy == {"all": 0.99, "7": 1.0, "tag:crossed": 0.5}
    assert gates.max_p99_ms == 16.0
    assert gates.baseline is not None
    assert len(gates.baseline.right) == 5


def test_a_file_may_ask_one_accuracy_of_all(tmp_path: Path) -> None:
    """As the option may."""
    file = tmp_path / "gates.toml"
    file.write_text("min-accuracy = 0.99\n")
    assert read_gates(file) == Gates({"all": 0.99})


def test_options_override_a_file() -> None:
    """Each gate and each group separately."""
    baseline = Baseline("base.json", {})
    file = Gates({"all": 0.9, "7": 0.8}, max_p99_ms=5.0, baseline=baseline)
    assert file.overridden_by(Gates({"7": 0.7}, max_p99_ms=6.0)) == Gates(
        {"all": 0.9, "7": 0.7}, max_p99_ms=6.0, baseline=baseline
    )
    assert Gates().overridden_by(file) == file.overridden_by(Gates()) == file


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, ": cannot be read: No such file or directory; check the path"),
        ("min-accuracy =", ": is not TOML: Invalid value (at end of document); correct it"),
        (
            "# ours\nmin_accuracy = 1\n",
            ":2: min_accuracy: is not a gate; the gates are min-accuracy, max-p99-ms, baseline",
        ),
        (
            "[gates]\nmin-accuracy = 1\n",
            ":1: gates: is not a gate; the gates are min-accuracy, max-p99-ms, baseline",
        ),
        (
            "\n[min-accuracy]\ncrossed = 1\n",
            (
                ":2: min-accuracy: 'crossed' is not a group of recordings; use all, 0 to 9, "
                "numbers, none or tag:NAME"
            ),
        ),
        (
            "min-accuracy = 99\n",
            ":1: min-accuracy: 99 is not an accuracy of all; use a number from 0 to 1",
        ),
        (
            "min-accuracy.7 = nan\n",
            ":1: min-accuracy: nan is not an accuracy of 7; use a number from 0 to 1",
        ),
        (
            "min-accuracy = true\n",
            ":1: min-accuracy: True is not an accuracy of all; use a number from 0 to 1",
        ),
        (
            'max-p99-ms = "8"\n',
            ":1: max-p99-ms: '8' is not a time; use a number of milliseconds above 0",
        ),
        (
            "baseline = 8\n",
            ":1: baseline: 8 is not a file name; use that of a report written by --json",
        ),
    ],
)
def test_an_invalid_gates_file_is_reported(
    tmp_path: Path, content: str | None, message: str
) -> None:
    """With file, line and key, and what to do."""
    file = tmp_path / "gates.toml"
    if content is not None:
        file.write_text(content)
    with pytest.raises(GateError) as error:
        read_gates(file)
    assert str(error.value) == f"{file}{message}"
