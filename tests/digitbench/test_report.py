"""Reports: the table for people, JSON for programs, and the failure sheet."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image

from digitbench.report.failure_sheet import as_png
from digitbench.report.json import as_json
from digitbench.report.table import as_table
from digitbench.run import suite
from digitbench.run.verdict import Requirement, Verdict
from digitnet.ink import Place

if TYPE_CHECKING:
    from tests.digitbench.conftest import Judged

TRACEBACK = 'Traceback (most recent call last):\n  File "app.py", line 1\nRuntimeError: boom\n'


def tagged(result: suite.Result, *tags: str) -> suite.Result:
    return replace(result, drawing=replace(result.drawing, tags=tags))


@pytest.fixture
def results(judged: Judged) -> list[suite.Result]:
    """One of each outcome, and a number."""
    return [
        tagged(judged("seven-1", "7", "7", latency_ms=(2.0, 3.0)), "small", "thick"),
        tagged(judged("seven-2", "7", "1", confidence=0.625, latency_ms=(4.0,)), "small", "thin"),
        judged("one-1", "1", "7", confidence=0.5, accepted=False, latency_ms=(1.5,)),
        judged("year-1", "2026", "2026", latency_ms=(4.0,)),
        judged("dash-1", "", "1", accepted=False, latency_ms=(2.5,)),
        judged("dash-2", "", None, error=TRACEBACK),
    ]


TABLE = """\
digit   recordings  correct   wrong  rejected  crashed  accuracy      95% interval
1                1        0       0         1        0     0.00%       0.00–79.35%
7                2        1       1         0        0    50.00%       9.45–90.55%
numbers          1        1       0         0        0   100.00%     20.65–100.00%
none             2        1       0         0        1    50.00%       9.45–90.55%
all              6        3       1         1        1    50.00%      18.76–81.24%

tag     recordings  correct   wrong  rejected  crashed  accuracy      95% interval
thin             1        0       1         0        0     0.00%       0.00–79.35%
small            2        1       1         0        0    50.00%       9.45–90.55%
tags without a failure: 1

seven-2: meant as 7, read as 1 (62.5%)
one-1: meant as 1, not accepted, perhaps 7 (50.0%)
dash-2: crashed: RuntimeError: boom

dash-2:
Traceback (most recent call last):
  File "app.py", line 1
RuntimeError: boom

release to answer drawn: p50 2.75 ms, p99 4.00 ms; 6 recordings in 2.0 s (3 a second)

numbers: of several digits; none: not meant as a digit, and correct if not accepted as one
rejected: a digit that the app was not sure of; crashed: the app raised an exception, or hung
95% interval: where the accuracy of recordings like these lies (Wilson's score interval)"""


def test_the_table_shows_the_whole_run(results: list[suite.Result]) -> None:
    """Rows for digits and for tags with failures, the failures, speed and a legend."""
    assert as_table(results, suite.summarize(results, 2.0)) == TABLE


def test_the_table_of_a_perfect_run_lists_no_failure(judged: Judged) -> None:
    """There is nothing between the rows and the speed."""
    results = [judged("a", "7", "7", latency_ms=(2.0,))]
    lines = as_table(results, suite.summarize(results, 1.0)).splitlines()
    assert lines[2].startswith("all")
    assert lines[3] == ""
    assert lines[4].startswith("release to answer drawn")


def test_the_table_lists_the_first_twenty_failures(judged: Judged) -> None:
    """It says how many more there are, and where they are listed."""
    results = [judged(f"seven-{number}", "7", "1") for number in range(25)]
    table = as_table(results, suite.summarize(results, 1.0))
    assert table.count("meant as 7, read as 1") == 20
    assert "… and 5 more, which --json lists" in table


def test_the_table_lists_the_twelve_worst_tags(judged: Judged) -> None:
    """The least accurate first, and the number of others."""
    results = [
        tagged(judged(f"{number}-{right}", "7", "7" if right else "1"), f"tag-{number:02}")
        for number in range(20)
        for right in [False] + [True] * number
    ]
    lines = as_table(results, suite.summarize(results, 1.0)).splitlines()
    first = lines.index(next(line for line in lines if line.startswith("tag ")))
    assert [line.split()[0] for line in lines[first + 1 : first + 13]] == [
        f"tag-{number:02}" for number in range(12)
    ]
    assert lines[first + 13] == "… and 8 more tags with failures, which --json lists"


def test_no_text_of_a_recording_breaks_the_table(judged: Judged) -> None:
    """In names and tags, control characters are escaped; long tags are shortened."""
    result = tagged(judged("a\x1b[2Jb\nc", "7", "1"), "d\x07", "e" * 100)
    table = as_table([result], suite.summarize([result], 1.0))
    assert "\na\\x1b[2Jb\\nc: meant as 7, read as 1" in table
    assert "\nd\\x07 " in table
    assert f"\n{'e' * 23}… " in table


def test_a_traceback_is_shown_once(judged: Judged) -> None:
    """For all recordings that share it; and at most three tracebacks."""
    errors = [TRACEBACK, TRACEBACK, *(f"Traceback\nError: {number}\n" for number in range(4))]
    results = [judged(f"r{n}", "7", None, error=error) for n, error in enumerate(errors)]
    table = as_table(results, suite.summarize(results, 1.0))
    assert "\n\nr0 and 1 more:\nTraceback (most recent call last):\n" in table
    assert "\nr3:\nTraceback\nError: 1\n… and 2 other tracebacks, which --json lists\n" in table


def test_the_table_of_an_empty_run_can_be_shown() -> None:
    """Nothing is divided by zero."""
    assert "all             0        0" in as_table([], suite.summarize([], 0.0))


def test_json_is_the_documented_document(results: list[suite.Result]) -> None:
    """Its keys, their order and their numbers are a contract with other programs."""
    verdict = Verdict([Requirement("met"), Requirement("missed", "a gate")])
    document = json.loads(
        as_json(results, suite.summarize(results, 2.0), {"model": "c0ffee"}, verdict)
    )
    assert list(document) == ["summary", "failures", "provenance", "results"]
    summary = document["summary"]
    one = {"recordings": 1, "correct": 1, "wrong": 0, "rejected": 0, "crashed": 0, "accuracy": 1.0}
    assert summary.pop("digits")["numbers"] == {**one, "interval": [0.206549, 1.0]}
    assert summary.pop("tags")["thick"] == {**one, "interval": [0.206549, 1.0]}
    assert summary == {
        "passed": False,
        "recordings": 6,
        "correct": 3,
        "wrong": 1,
        "rejected": 1,
        "crashed": 1,
        "accuracy": 0.5,
        "interval": [0.187616, 0.812384],
        "checks": {},
        "complete": True,
        "seconds": 2.0,
        "latency_ms": {"p50": 2.75, "p99": 4.0},
    }
    assert document["failures"] == ["a gate"]
    assert document["provenance"] == {"model": "c0ffee"}
    contract = ("key_id", "word", "answer", "confidence", "accepted")
    assert [tuple(result[key] for key in contract) for result in document["results"]] == [
        ("seven-1", "7", "7", 0.9, True),
        ("seven-2", "7", "1", 0.625, True),
        ("one-1", "1", "", 0.5, False),
        ("year-1", "2026", "2026", 0.9, True),
        ("dash-1", "", "", 0.9, False),
        ("dash-2", "", "", 0.0, False),
    ]
    assert [result["outcome"] for result in document["results"]] == [
        "correct", "wrong", "rejected", "correct", "correct", "crashed",
    ]  # fmt: skip


def test_json_says_where_a_recording_comes_from(results: list[suite.Result]) -> None:
    """File and line, if it was read from a file."""
    placed = replace(results[0], drawing=replace(results[0].drawing, place=Place("a.ndjson", 3)))
    document = json.loads(
        as_json([placed, results[1]], suite.summarize(results, 2.0), {}, Verdict())
    )
    assert [result.get("place") for result in document["results"]] == ["a.ndjson:3", None]


def test_json_holds_the_traceback_of_a_crash_and_of_nothing_else(
    results: list[suite.Result],
) -> None:
    """The whole traceback, and its last line separately."""
    document = json.loads(as_json(results, suite.summarize(results, 2.0), {}, Verdict()))
    tracebacks = [result.get("traceback") for result in document["results"]]
    assert tracebacks == [None] * 5 + [TRACEBACK]
    errors = [result.get("error") for result in document["results"]]
    assert errors == [None] * 5 + ["RuntimeError: boom"]


def ink_in(png: bytes) -> int:
    """Count the dark pixels of a picture."""
    with Image.open(io.BytesIO(png)) as picture:
        return int((np.asarray(picture.convert("L")) < 100).sum())


def test_the_sheet_has_a_cell_for_each_failure(results: list[suite.Result]) -> None:
    """Three of six failed: three cells side by side."""
    with (
        Image.open(io.BytesIO(as_png(results))) as sheet,
        Image.open(io.BytesIO(as_png(results[1:2]))) as cell,
    ):
        assert sheet.format == "PNG"
        assert sheet.size == (3 * cell.width, cell.height)


def test_the_sheet_says_if_nothing_went_wrong(results: list[suite.Result]) -> None:
    """It is an image even then."""
    assert ink_in(as_png(results[:1])) > 0


def test_the_sheet_shows_ink_without_a_canvas(results: list[suite.Result]) -> None:
    """If a recording has no canvas, its ink is shown as it was replayed."""
    wrong = results[1]
    blank = replace(wrong, drawing=replace(wrong.drawing, strokes=()))
    without_canvas = replace(wrong, drawing=replace(wrong.drawing, canvas=None, pen=None))
    assert ink_in(as_png([without_canvas])) > ink_in(as_png([blank])) + 50
