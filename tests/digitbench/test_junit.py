"""The report for CI systems: JUnit XML."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest
import xmlschema
from hypothesis import given, settings
from hypothesis import strategies as st

from digitbench.report.junit import as_junit, portable_names
from digitbench.run import suite
from digitbench.run.gates import Gates
from digitbench.run.verdict import reach_verdict
from digitnet.ink import Place

if TYPE_CHECKING:
    from tests.digitbench.conftest import Judged

TRACEBACK = 'Traceback (most recent call last):\n  File "app.py", line 1\nRuntimeError: boom\n'
PROVENANCE = {"time": "2026-01-02T03:04:05+00:00", "model": "c0ffee", "options": {"limit": None}}
SCHEMA = xmlschema.XMLSchema(Path(__file__).with_name("junit.xsd"))


def read_from(result: suite.Result, file: str, line: int, seconds: float) -> suite.Result:
    """Return the result with a place and a duration."""
    return replace(
        result,
        drawing=replace(result.drawing, place=Place(file, line)),
        replayed=replace(result.replayed, seconds=seconds),
    )


@pytest.fixture
def results(judged: Judged) -> list[suite.Result]:
    """One of each outcome, from two files."""
    return [
        read_from(judged("seven-1", "7", "7"), "saved/a.ndjson", 1, 0.25),
        read_from(judged("one-1", "1", "7", accepted=False), "saved/a.ndjson", 4, 0.5),
        read_from(judged("seven-2", "7", "1", confidence=0.625), "b.ndjson", 1, 0.125),
        read_from(judged("dash", "", None, error=TRACEBACK), "b.ndjson", 2, 0.0),
    ]


def as_tree(results: list[suite.Result], gates: Gates | None = None) -> ET.Element:
    """Return the root of the report, checked against the schema."""
    summary = suite.summarize(results, 2.0)
    verdict = reach_verdict(results, summary, gates or Gates())
    document = as_junit(results, summary, verdict, PROVENANCE)
    SCHEMA.validate(document.decode())
    return ET.fromstring(document)  # noqa: S314 - our own


def test_there_is_a_suite_for_each_file_and_a_test_for_each_recording(
    results: list[suite.Result],
) -> None:
    """With its place and the duration of its replay."""
    tests = [
        [(test.get("name"), test.get("line"), test.get("time")) for test in suite_]
        for suite_ in (list(s.iter("testcase")) for s in as_tree(results))
    ]
    assert tests == [
        [("seven-1", "1", "0.250"), ("one-1", "4", "0.500")],
        [("seven-2", "1", "0.125"), ("dash", "2", "0.000")],
    ]


def test_suites_count_their_tests(results: list[suite.Result]) -> None:
    """The root counts all tests; its time is that of the run."""
    root = as_tree(results, Gates({"all": 0.9}))
    names = ("name", "tests", "failures", "errors", "time")
    assert [tuple(element.get(name) for name in names) for element in [root, *root]] == [
        ("digitbench", "5", "3", "1", "2.000"),
        ("saved/a.ndjson", "2", "1", "0", "0.750"),
        ("b.ndjson", "2", "1", "1", "0.125"),
        ("gates", "1", "1", "0", "0.000"),
    ]


def test_wrong_and_rejected_answers_are_failures(results: list[suite.Result]) -> None:
    """The message says what was read; the text repeats it, and lists probabilities."""
    rejected, wrong = as_tree(results).iter("failure")
    assert rejected.attrib == {
        "type": "rejected",
        "message": "meant as 1, not accepted, perhaps 7 (90.0%)",
    }
    assert wrong.attrib == {"type": "wrong", "message": "meant as 7, read as 1 (62.5%)"}
    assert (wrong.text or "").splitlines() == [
        "meant as 7, read as 1 (62.5%)",
        "recording: b.ndjson:1",
        "digit: 1 62.5%, 0 4.2%, 2 4.2%; a digit at all 100.0%",
    ]


def test_a_crash_is_an_error_with_its_traceback(results: list[suite.Result]) -> None:
    """The whole traceback, below the line that names the exception."""
    (error,) = as_tree(results).iter("error")
    assert error.attrib == {"type": "RuntimeError", "message": "crashed: RuntimeError: boom"}
    assert error.text == f"crashed: RuntimeError: boom\n{TRACEBACK}"


def test_gates_are_tests_in_their_own_suite(results: list[suite.Result]) -> None:
    """Named after their options; those that failed with their sentence."""
    gates = as_tree(results, Gates({"all": 0.5, "7": 0.5}, max_p99_ms=1.0))[-1]
    assert gates.get("name") == "gates"
    tests = {test.get("name"): test.find("failure") for test in gates.iter("testcase")}
    assert list(tests) == ["min-accuracy all", "min-accuracy 7", "max-p99-ms"]
    failure = tests.pop("min-accuracy all")
    assert failure is not None
    message = "1 of 4 recordings is right, 25.00%, and at least 50.00% are required"
    assert failure.get("message") == message
    assert list(tests.values()) == [None, None]
    assert "gates" not in {suite_.get("name") for suite_ in as_tree(results)}


def test_what_gates_allow_is_skipped(results: list[suite.Result]) -> None:
    """With what was read instead of the label; only a crash is never allowed."""
    root = as_tree(results, Gates({"all": 0.25}))
    assert [skipped.get("message") for skipped in root.iter("skipped")] == [
        "allowed: meant as 1, not accepted, perhaps 7 (90.0%)",
        "allowed: meant as 7, read as 1 (62.5%)",
    ]
    counts = ("tests", "failures", "errors", "skipped")
    assert [root.get(count) for count in counts] == ["5", "0", "1", "2"]


def test_only_answers_that_a_gate_misses_are_failures(results: list[suite.Result]) -> None:
    """A gate of sevens says nothing about ones."""
    root = as_tree(results, Gates({"7": 0.9}))
    assert [failure.get("type") for failure in root.iter("failure")] == ["wrong", "gate"]
    assert [skipped.get("type") for skipped in root.iter("skipped")] == ["rejected"]


def test_an_empty_run_can_be_reported() -> None:
    """It fails, as nothing was tested."""
    root = as_tree([])
    assert [element.get("failures") for element in [root, *root]] == ["1", "1"]


def test_names_do_not_depend_on_the_machine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither on where the project is, nor on where digitbench is installed."""
    monkeypatch.chdir(tmp_path)
    installed = tmp_path.parent / "lib" / "recordings"
    files = {
        str(tmp_path / "saved" / "a.ndjson"): "saved/a.ndjson",
        "b.ndjson": "b.ndjson",
        str(installed / "b.ndjson"): "b.ndjson (2)",
        str(installed / "more" / "c.ndjson"): "more/c.ndjson",
        "../d.ndjson": "../d.ndjson",
    }
    assert portable_names(files) == files
    [bundled, *_] = suite.bundled_recordings()
    monkeypatch.chdir(bundled.parents[2])
    assert portable_names([str(bundled)])[str(bundled)] == "digitbench/recordings/digit-0.ndjson"
    assert portable_names([str(installed / "more" / "c.ndjson")]).popitem()[1] == "c.ndjson"


def test_suites_show_where_results_come_from(results: list[suite.Result]) -> None:
    """Values of the provenance that are text become properties."""
    properties = [
        {(each.get("name"), each.get("value")) for each in suite_.iter("property")}
        for suite_ in as_tree(results)
    ]
    assert properties == [{("time", PROVENANCE["time"]), ("model", "c0ffee")}] * 2


def test_recordings_of_the_same_name_stay_two_tests(judged: Judged) -> None:
    """Otherwise a CI system would show only one of them."""
    twins = [judged(name, "7", "7") for name in ("twin", "twin (2)", "twin")]
    tests = as_tree(twins).iter("testcase")
    assert [test.get("name") for test in tests] == ["twin", "twin (2)", "twin (3)"]


@settings(max_examples=50)
@given(name=st.text(st.characters(codec=None), min_size=1))
def test_any_name_gives_valid_xml(judged: Judged, name: str) -> None:
    """Control characters, lone surrogates and direction marks are escaped."""
    result = read_from(judged(name, "7", "1"), name, 1, 0.0)
    (test,) = as_tree([result]).iter("testcase")
    assert (test.get("name") or "").isprintable()
    if name.isprintable():
        assert test.get("name") == name
