"""What a recording expects at a moment: `[t, "expect", "4"]` among its events."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest

from digitbench.checks.inspector import Inspector
from digitbench.replay.outcome import Violation
from digitbench.replay.replayer import Replayer, Setup
from digitbench.report.html import as_html
from digitbench.report.timeline_report import TimelineReport, timeline_report
from digitbench.run import suite
from digitbench.run.verdict import Verdict
from digitnet import Drawing, Recognizer, write_drawings

if TYPE_CHECKING:
    from tests.digitbench.conftest import Bench

FOUR = next(
    drawing
    for drawing in suite.read_all(suite.bundled_recordings())
    if drawing.word == "4" and len(drawing.strokes) == 2
)
END = round(FOUR.strokes[-1].points[-1].t)


def expecting(*events: tuple[Any, ...]) -> Drawing:
    return replace(FOUR, events=events)


def unmet(recognizer: Recognizer, *events: tuple[Any, ...]) -> list[Violation]:
    """Replay with these events, and check only what they expect."""
    [checked] = Inspector(recognizer, Setup(), ()).inspect(expecting(*events)).checks
    assert checked.name == "expect"
    assert checked.count == sum(event[1] == "expect" for event in events)
    return list(checked.violations)


WRONG = (
    (END, "expect", "4"),
    (END + 100, "undo"),
    (END + 150, "expect", "4"),
    (END + 200, "redo"),
    (END + 250, "expect", "4"),
)
"""The expectation after undo is not met."""


def test_what_is_expected_is_met(recognizer: Recognizer) -> None:
    """A stroke that ends at that very time counts; a blank board has no answer."""
    events = (
        (0, "expect", ""),
        (END, "expect", "4"),
        (END + 100, "clear"),
        (END + 100, "expect", ""),
        (END + 200, "undo"),
        (END + 200, "expect", "4"),
    )
    assert unmet(recognizer, *events) == []


def test_what_is_expected_and_not_met_names_the_moment(recognizer: Recognizer) -> None:
    """Its time, what was done last, what was expected, and what was read."""
    [broken] = unmet(recognizer, *WRONG)
    assert (broken.at, broken.after, broken.expected) == (END + 150, "undo", "4")
    assert broken.got.startswith(("read as ", "not accepted, "))
    assert str(broken) == f"at 0.60 s, after undo: expected 4, {broken.got}"


@pytest.mark.parametrize(
    ("event", "message"),
    [
        ((END + 100, "expect", ""), "at 0.55 s, after stroke 2: expected no digit, read as 4 ("),
        ((END + 100, "expect", "44"), "at 0.55 s, after stroke 2: expected 44, read as 4 ("),
        ((0, "expect", "4"), "at 0.00 s, after the start: expected 4, the board is blank"),
    ],
    ids=str,
)
def test_any_answer_may_be_expected(
    recognizer: Recognizer, event: tuple[Any, ...], message: str
) -> None:
    """A number, no digit, and an answer before the first stroke."""
    [broken] = unmet(recognizer, event)
    assert str(broken).startswith(message)


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    """A recording with an unmet expectation, and one without expectations."""
    path = tmp_path / "mine.ndjson"
    write_drawings(path, [replace(expecting(*WRONG), key_id="wrong"), FOUR])
    return path


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_run_fails_where_a_moment_is_not_as_expected(
    bench: Bench, wrong: Path, tmp_path: Path, jobs: int
) -> None:
    """Even if nothing else is checked and the final answer is right; every report shows it."""
    files = {kind: tmp_path / f"report.{kind}" for kind in ("json", "junit", "html")}
    reports = [f"--{kind}={file}" for kind, file in files.items()]
    done = bench(wrong, "--check", "none", "--jobs", jobs, *reports)
    assert done.code == 1
    assert done.err == "digitbench: the check expect failed for 1 of 1 recording: wrong\n"
    [line] = [line for line in done.out.splitlines() if line.startswith("wrong: ")]
    moment = "at 0.60 s, after undo: expected 4, "
    assert line.startswith(f"wrong: expect: {moment}")
    assert ["expect", "1", "1", "3"] in [line.split() for line in done.out.splitlines()]

    document = json.loads(files["json"].read_text())
    assert document["summary"]["checks"] == {
        "expect": {"recordings": 1, "comparisons": 3, "failed": 1}
    }
    [broken] = document["results"][0]["broken"]
    assert (broken["check"], broken["at"], broken["after"]) == ("expect", END + 150, "undo")
    assert (broken["expected"], broken["message"]) == ("4", f"expected 4, {broken['got']}")
    assert "broken" not in document["results"][1]

    [failure] = ET.parse(files["junit"]).getroot().iter("failure")  # noqa: S314 - our own
    assert failure.get("type") == "expect"
    assert (failure.get("message") or "").startswith(moment)

    page = (files["html"] / "index.html").read_text()
    assert f"<em>expect</em> {moment}" in page
    assert '<figcaption class="caption bad"><span class="at">0.60 s</span>' in page
    assert page.count("<article") == 1


def test_the_report_shows_the_moment(replayer: Replayer, recognizer: Recognizer) -> None:
    """Not the end, when everything is right."""
    drawing = expecting(*WRONG)
    result = suite.judge(drawing, Inspector(recognizer, Setup(), ()).inspect(drawing))
    asked: list[Collection[int]] = []

    def camera(drawing: Drawing, pictures: int, wanted: Collection[int]) -> TimelineReport:
        asked.append(wanted)
        return timeline_report(replayer, drawing, pictures, wanted)

    page = as_html([result], suite.summarize([result], 1.0), Verdict(), {}, camera)
    assert asked == [[END + 150]]
    caption = page[page.index('<figcaption class="caption bad">') :].split("</figcaption>")[0]
    assert '<span class="at">0.60 s</span>' in caption
    assert "; expected 4" in caption


def test_the_moment_is_shown_even_if_pictures_are_few(replayer: Replayer) -> None:
    """It looks as it does at the end of a recording that ends there."""
    drawing = expecting(*WRONG)
    few = timeline_report(replayer, drawing, 2, [END + 150])
    shown = {moment.at: moment.picture for moment in few.moments if moment.picture}
    assert len(shown) == 3
    until = timeline_report(replayer, replace(drawing, events=WRONG[:3]), 1).moments[-1].picture
    moment, end = shown[END + 150], few.moments[-1].picture
    assert until is not None
    assert end is not None
    assert moment.tobytes() == until.tobytes() != end.tobytes()


def test_show_says_what_was_expected(replayer: Replayer) -> None:
    """Next to what was read."""
    story = timeline_report(replayer, expecting(*WRONG))
    told = [(moment.deed, moment.reading) for moment in story.moments]
    assert [deed for deed, _ in told] == [
        "stroke 1", "stroke 2", "expect 4", "undo", "expect 4", "redo", "expect 4",
    ]  # fmt: skip
    assert told[2][1].endswith("%), as expected")
    assert told[4][1].endswith("%); expected 4")


@pytest.mark.parametrize(
    ("names", "made"),
    [
        ("none", []),
        ("all", ["moments", "screen", "invariants", "devices"]),
        ("devices,moments", ["moments", "devices"]),
        (None, ["moments", "screen", "invariants"]),
    ],
)
def test_what_is_checked_can_be_chosen(
    bench: Bench, tmp_path: Path, names: str | None, made: list[str]
) -> None:
    """By comma-separated names, or all, or none; table and JSON count what was checked."""
    file, report = tmp_path / "mine.ndjson", tmp_path / "report.json"
    write_drawings(file, [FOUR])
    done = bench(file, "--json", report, *([] if names is None else ["--check", names]))
    assert (done.code, done.err) == (0, "")
    document = json.loads(report.read_text())
    assert list(document["summary"]["checks"]) == made
    assert document["provenance"]["options"]["check"] == made
    assert ("\ncheck " in done.out) == bool(made)


def test_an_unknown_check_is_wrong_usage(bench: Bench) -> None:
    """In one line, with the known names."""
    done = bench("--check", "moments,all")
    assert (done.code, done.out) == (2, "")
    assert (
        "'all' is not a check; use moments, screen, invariants, devices, all or none." in done.err
    )
    assert done.err.count("\n") == 1
