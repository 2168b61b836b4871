"""Adding a report to `digitbench run` takes one new file and one line in the registry."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from digitbench import commands
from digitbench.commands import reports as options
from digitbench.commands import run as command
from digitbench.report import registry
from digitnet import Drawing, write_drawings

if TYPE_CHECKING:
    from tests.digitbench.conftest import Bench

# Step 1: write a module in digitbench/report. See `digitbench.report.report` for its parts.
MODULE = """
from digitbench.report.report import Report


def as_csv(run):
    rows = [f"{result.key_id},{result.word},{result.answer}" for result in run.results]
    return "\\n".join(["name,word,answer", *rows, *run.failures]).encode()


CSV_REPORT = Report("csv", "Write a spreadsheet.", as_csv)
FOLDER_REPORT = Report("csv-dir", "Write it as DIR/run.csv.", as_csv, file_in_folder="run.csv")
"""


@pytest.fixture
def with_csv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Follow the steps, with the module in another folder so that the package stays unchanged."""
    (tmp_path / "csv_report.py").write_text(MODULE)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "csv_report", raising=False)
    from csv_report import CSV_REPORT, FOLDER_REPORT  # type: ignore[import-not-found]

    # Step 2: list it in the registry.
    reports = (*registry.REPORTS, CSV_REPORT, FOLDER_REPORT)
    monkeypatch.setattr(registry, "REPORTS", reports)
    # Import the command again with it, for this test only.
    for module in (options, command):
        monkeypatch.setattr(commands, module.__name__.rpartition(".")[2], module)
        monkeypatch.delitem(sys.modules, module.__name__)


@pytest.mark.usefixtures("with_csv")
def test_a_report_is_added_by_a_file_and_a_line(
    bench: Bench, tmp_path: Path, seven: Drawing
) -> None:
    """The command gets an option for it, and writes its file or its folder with the results."""
    recordings, file, folder = (tmp_path / name for name in ("r.ndjson", "run.csv", "new"))
    write_drawings(recordings, [seven, replace(seven, key_id="wrong", word="1")])
    assert "--csv FILE" in bench("run", "--help").out
    done = bench(recordings, "--min-accuracy", 1, "--csv", file, "--csv-dir", folder)
    assert done.code == 1
    failure = done.err.removeprefix("digitbench: ").strip()
    text = f"name,word,answer\nseven,7,7\nwrong,1,7\n{failure}"
    assert file.read_text() == (folder / "run.csv").read_text() == text


@pytest.mark.usefixtures("with_csv")
def test_a_new_report_that_cannot_be_written_is_reported(
    bench: Bench, tmp_path: Path, seven: Drawing
) -> None:
    """Before the run; a new report needs no code for that."""
    write_drawings(tmp_path / "r.ndjson", [seven])
    file = tmp_path / "r.ndjson" / "run.csv"
    done = bench(tmp_path / "r.ndjson", "--csv", file)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(f"digitbench: --csv: {file} cannot be written")
