"""UNIPEN in several files: what is included, what is missing, and a whole collection."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from digitbench.importers.unipen import read_unipen
from digitnet import RecordingError

if TYPE_CHECKING:
    from tests.digitbench.conftest import Unipen

TRACE = ".PEN_DOWN\n0 90\n50 90\n20 0\n"


@pytest.mark.parametrize("place", ["beside the file", "in a folder", "in the second folder"])
def test_included_files_are_found(unipen: Unipen, tmp_path: Path, place: str) -> None:
    """Beside the file that includes them, or in one of the folders that are given."""
    folder = tmp_path if place == "beside the file" else tmp_path / "include"
    folder.mkdir(exist_ok=True)
    (folder / "traces.inc").write_text(TRACE)
    include = {
        "beside the file": [],
        "in a folder": [folder],
        "in the second folder": [tmp_path / "not there", folder],
    }[place]
    [drawing] = unipen.read('.INCLUDE traces.inc\n.SEGMENT DIGIT 0 ? "7"\n', include)
    assert len(drawing.strokes[0].points) == 3
    assert unipen.warnings == []


def test_a_missing_include_is_warned_of(unipen: Unipen) -> None:
    """The rest of the file is read; the warning names file, line and the option that helps."""
    assert len(unipen.read(f'.INCLUDE gone.doc\n{TRACE}.SEGMENT D 0 ? "7"\n')) == 1
    [warning] = unipen.warnings
    assert "ink.dat:1: gone.doc" in warning
    assert "--include" in warning


@pytest.mark.parametrize("name", ["x" * 1000, "a\0b", "..", ""], ids=["long", "null", "..", "none"])
def test_a_name_that_no_file_can_have_is_missing(unipen: Unipen, name: str) -> None:
    """It is warned of like any other file that is not there."""
    assert len(unipen.read(f'.INCLUDE {name}\n{TRACE}.SEGMENT D 0 ? "7"\n')) == 1
    assert len(unipen.warnings) == 1


def test_a_file_that_includes_itself_is_an_error(unipen: Unipen, tmp_path: Path) -> None:
    """Directly, or by way of another."""
    with pytest.raises(RecordingError, match=r"ink\.dat: includes itself"):
        unipen.read(".INCLUDE ink.dat\n")
    (tmp_path / "other.inc").write_text(".INCLUDE ink.dat\n")
    with pytest.raises(RecordingError, match=r"ink\.dat: includes itself"):
        unipen.read(".INCLUDE other.inc\n")


@pytest.mark.parametrize(
    ("name", "count", "writers"),
    [("pendigits-orig.tra", 7494, 30), ("pendigits-orig.tes", 3498, 14)],
)
def test_pendigits_is_read_whole(pendigits: Path, name: str, count: int, writers: int) -> None:
    """Every segment is one digit of a known writer; only the included text is missing."""
    warnings: list[str] = []
    drawings = list(read_unipen(pendigits / name, warn=warnings.append))
    assert len(drawings) == count
    assert len({drawing.writer for drawing in drawings}) == writers
    assert {drawing.word for drawing in drawings} == set("0123456789")
    assert len({drawing.key_id for drawing in drawings}) == count
    assert len(warnings) == 1
