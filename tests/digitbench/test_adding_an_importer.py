"""Adding an importer takes one new file and one line in the registry."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from digitbench import commands
from digitbench.commands import import_ as command
from digitbench.formats import registry
from digitnet import read_drawings

if TYPE_CHECKING:
    from tests.digitbench.conftest import Bench

# Step 1: write a module in digitbench/formats. See `digitbench.formats.format` for its parts.
MODULE = """
from digitbench.formats.format import Importer
from digitbench.formats.labels import advice, meaning_of
from digitbench.formats.skipped import Skipped
from digitnet import Drawing, Stroke
from digitnet.recordings.finder import FileType


def read_csv(path, skipped, *, words):
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        label, *numbers = line.split(",")
        meaning = meaning_of(label, words)
        if meaning is None:
            skipped.skip(f"{path}:{number}", "with unclear labels", advice(label))
            continue
        x, y = ([float(number) for number in numbers[axis::2]] for axis in (0, 1))
        yield Drawing((Stroke.of(x, y),), word=meaning.word, key_id=f"{path.stem}-{number}")


CSV_IMPORTER = Importer("csv", FileType(".csv files", {".csv"}), read_csv)
"""


@pytest.fixture
def with_csv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Follow the steps, with the module in another folder so that the package stays unchanged."""
    (tmp_path / "csv_format.py").write_text(MODULE)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "csv_format", raising=False)
    from csv_format import CSV_IMPORTER  # type: ignore[import-not-found]

    # Step 2: list it in the registry.
    monkeypatch.setattr(registry, "IMPORTERS", (*registry.IMPORTERS, CSV_IMPORTER))
    # Import the command again with it, for this test only.
    monkeypatch.setattr(commands, "import_", command)
    monkeypatch.delitem(sys.modules, command.__name__)


@pytest.mark.usefixtures("with_csv")
def test_an_importer_is_added_by_a_file_and_a_line(bench: Bench, tmp_path: Path) -> None:
    """The command lists it, finds its files, maps labels, and counts what is skipped."""
    assert "|dollar|csv]" in bench("import", "--help").out
    ink = tmp_path / "ink.CSV"
    ink.write_text("7,0,0,9,0,3,9\nroom 12,1,1\nzero,5,5\n")
    (tmp_path / "ink.txt").write_text("7,0,0\n")
    out = tmp_path / "out.ndjson"
    done = bench("import", "csv", tmp_path, "--out", out, "--word", "zero=0")
    assert (done.code, done.out) == (0, f"{out}: 2 recordings\n")
    unclear, summary = done.err.splitlines()
    assert unclear.startswith(f"digitbench: {ink}:2: the label 'room 12'")
    assert summary == "digitbench: 2 imported, 1 skipped (1 with unclear labels)"
    assert [(each.key_id, each.word) for each in read_drawings(out)] == [
        ("ink-1", "7"),
        ("ink-3", "0"),
    ]


@pytest.mark.usefixtures("with_csv")
def test_options_of_other_formats_are_refused(bench: Bench, tmp_path: Path) -> None:
    """A new importer needs no code for that."""
    done = bench("import", "csv", tmp_path, "--out", tmp_path / "out.ndjson", "--level", "D")
    assert (done.code, done.out) == (2, "")
    assert "--level is an option of unipen, not of csv" in done.err
