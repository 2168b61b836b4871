"""`digitbench lint`: which problems it finds in recordings, and what it accepts."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitbench.checks.lint import Finding, Linter
from digitbench.cli import cli
from digitbench.run import suite
from digitbench.strategies import drawings
from digitnet import Drawing, RecordingError, cli_support, read_drawings
from digitnet.ink import Place
from digitnet.recordings import dump_drawing

GOOD: dict[str, Any] = {
    "key_id": "a",
    "word": "7",
    "drawing": [[[10, 50, 25], [10, 10, 90], [0, 16, 33]]],
    "canvas": [100, 100],
    "pen": 0.05,
    "device": "mouse",
}


def lint(folder: Path, *lines: dict[str, Any] | str | bytes) -> list[Finding]:
    """Lint a file with these lines, given as objects or as bytes."""
    file = folder / "mine.ndjson"
    plain = [json.dumps(line) if isinstance(line, dict) else line for line in lines]
    file.write_bytes(b"\n".join(line.encode() if isinstance(line, str) else line for line in plain))
    return list(Linter().lint(file))


@pytest.mark.parametrize("file", suite.bundled_recordings(), ids=lambda file: file.stem)
def test_the_bundled_recordings_are_clean(file: Path) -> None:
    """Not even a warning."""
    assert list(Linter().lint(file)) == []


@given(drawing=drawings())
def test_drawings_that_are_made_well_are_clean(tmp_path: Path, drawing: Drawing) -> None:
    """Whatever their strokes."""
    assert lint(tmp_path, dump_drawing(replace(drawing, key_id="a"))) == []


@pytest.mark.parametrize(
    ("change", "level", "message"),
    [
        ({"word": "seven"}, "error", "the word 'seven' is not a number"),
        ({"word": "٣"}, "error", "is not a number"),
        ({"word": "?"}, "error", "is not a number"),
        ({"drawing": []}, "error", "is blank, but its word is '7'"),
        ({"drawing": [[[], [], []]]}, "error", "stroke 0: a stroke has no points"),
        ({"drawing": [[[1, 2], [1], [1, 2]]]}, "error", "equal lengths, not 2 and 1 and 2"),
        ({"drawing": [[[-1], [1], [1]]]}, "error", "1 of 1 points, first (-1, 1), are off"),
        ({"drawing": [[[9, 1], [1, 200], [0, 1]]]}, "warning", "1 of 2 points, first (1, 200)"),
        ({"drawing": [[[9, 1], [1, 1], [5, 4]]]}, "warning", "time runs backwards from 5 to 4 ms"),
        ({"drawing": [[[9], [1], [5]], [[9], [1], [4]]]}, "warning", "in stroke 1; "),
        ({"drawing": [[[9], [1], [-5]]]}, "warning", "time starts at -5 ms"),
        ({"drawing": [[[9], [1], [1.7e12]]]}, "warning", "time runs to 1.7e+12 ms"),
        ({"pen": None}, "warning", "has no pen"),
        ({"pen": 0.9}, "warning", "the pen of 0.9 is implausible"),
        ({"pen": 2}, "error", "'pen' must be"),
        ({"canvas": None}, "warning", "has no canvas"),
        ({"canvas": [0, 9]}, "error", "'canvas' must be"),
        ({"device": "nose"}, "warning", "the device 'nose' is unknown"),
        ({"key_id": ""}, "warning", "has no key_id"),
        ({"word": "", "tags": ["unlabelled"]}, "warning", "is tagged unlabelled"),
        (
            {"events": [[9, "undo"], [5, "redo"]]},
            "warning",
            "the times of the events run backwards",
        ),
        ({"events": [[9, "resize", 960]]}, "error", 'the event [9, "resize", 960] cannot be'),
        ({"events": [[9, "expect", 7], [10, "undo"]]}, "error", 'the event [9, "expect", 7] can'),
        ({"events": [[9, "expects", "7"]]}, "warning", 'the event [9, "expects", "7"] is unknown'),
        ({"events": [[9, "expect", "1"]]}, "error", 'expects "1" at the end, but its word is "7"'),
        (
            {"drawing": [[[7, 8], [7, 8], [7, 20]]], "events": [[9, "expect", ""]]},
            "warning",
            "expects an answer at 9 ms, while a stroke is drawn",
        ),
    ],
)
def test_a_problem_is_reported(
    tmp_path: Path, change: dict[str, Any], level: str, message: str
) -> None:
    """One problem is one finding, with what to do about it."""
    [finding] = lint(
        tmp_path, GOOD, {**GOOD, "key_id": "b", "drawing": [[[7], [7], [7]]], **change}
    )
    assert (finding.place, finding.level) == (Place(str(tmp_path / "mine.ndjson"), 2), level)
    assert message in finding.message
    assert "; " in finding.message


@pytest.mark.parametrize(
    "line",
    ["oops", "[]", b"\xff", '{"word":"7","drawing":[[[NaN],[1],[1]]]}', "[" * 100_000],
    ids=["text", "list", "bytes", "NaN", "deep"],
)
def test_a_line_that_is_not_a_recording_is_an_error(tmp_path: Path, line: str | bytes) -> None:
    """The lines after it are still linted; empty lines are skipped, but counted."""
    found = lint(tmp_path, line, "", GOOD, "", line)
    assert [(finding.place.line, finding.level) for finding in found] == [
        (1, "error"),
        (5, "error"),
    ]


def test_all_problems_of_a_line_are_reported(tmp_path: Path) -> None:
    """Each key, and each stroke."""
    strokes = [[[1, 2], [1], [1]], [[1], [1], [1]], [[], [], []]]
    found = lint(tmp_path, {"drawing": strokes, "pen": 2, "tags": "t"})
    assert [str(finding.message)[:9] for finding in found] == [
        "lacks the",
        "stroke 0:",
        "stroke 2:",
        "'pen' mus",
        "'tags' mu",
    ]


def test_a_line_that_is_too_long_hides_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is one error, however long it is."""
    monkeypatch.setattr("digitnet.recordings.ndjson.MAX_LINE_BYTES", len(json.dumps(GOOD)) + 1)
    [finding] = lint(tmp_path, json.dumps(GOOD) + " " * 5000, GOOD)
    assert (finding.place.line, "longer" in finding.message) == (1, True)


@pytest.mark.parametrize(
    ("second", "level", "message"),
    [
        ({"drawing": [[[7], [7], [7]]]}, "error", "the key_id 'a' is also that of {}:1"),
        ({"key_id": "b"}, "warning", "has the same ink as {}:1"),
        ({"key_id": "b", "word": "1"}, "error", "has the ink of {}:1, but another word"),
    ],
)
def test_duplicates_are_reported(
    tmp_path: Path, second: dict[str, Any], level: str, message: str
) -> None:
    """With the place of its first occurrence."""
    [finding] = lint(tmp_path, GOOD, {**GOOD, **second})
    assert (finding.place.line, finding.level) == (2, level)
    assert message.format(tmp_path / "mine.ndjson") in finding.message


PIECES = ["{", "}", '"word":', '"7",', '"drawing":', "[", "]", "1", ",", "NaN", "\n", "1e999"]
LINES = st.lists(st.sampled_from(PIECES)).map("".join).map(str.encode)


@given(content=st.binary() | LINES)
def test_a_file_without_errors_can_be_read(tmp_path: Path, content: bytes) -> None:
    """A file that cannot be read has errors; arbitrary bytes never crash it."""
    found = lint(tmp_path, content)
    errors = [finding for finding in found if finding.level == "error"]
    try:
        count = len(list(read_drawings(tmp_path / "mine.ndjson")))
    except RecordingError:
        assert errors
    else:
        assert count or errors


def test_the_command_reports_all_and_fails_on_errors(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One a line, and then their number; exit code 1 only for errors."""
    changes: dict[str, dict[str, Any]] = {"good": {}, "odd": {"pen": 0.9}, "bad": {"word": "x"}}
    for name, change in changes.items():
        lint(tmp_path, {**GOOD, **change})
        (tmp_path / "mine.ndjson").rename(tmp_path / f"{name}.ndjson")
    codes = []
    for name in ("good", "odd", "bad", "gone"):
        with pytest.raises(SystemExit) as exit_:
            cli_support.run(cli, ["lint", str(tmp_path / f"{name}.ndjson")])
        codes.append(exit_.value.code)
    assert codes == [0, 0, 1, 2]
    out, err = capsys.readouterr()
    good_count, odd, odd_count, bad, bad_count = out.splitlines()
    assert odd.startswith(f"{tmp_path / 'odd.ndjson'}:1: warning: the pen of 0.9")
    assert bad.startswith(f"{tmp_path / 'bad.ndjson'}:1: error: the word 'x' is not a number")
    assert good_count == "1 recording in 1 file: 0 errors, 0 warnings"
    assert odd_count == "1 recording in 1 file: 0 errors, 1 warning"
    assert bad_count == "1 recording in 1 file: 1 error, 0 warnings"
    assert "gone.ndjson: there is no such file" in err
