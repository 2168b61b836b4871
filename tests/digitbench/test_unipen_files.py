"""UNIPEN in several files: includes, missing files, and a whole collection."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from digitbench.formats.skipped import Skipped
from digitbench.formats.unipen import parser
from digitbench.formats.unipen.reader import read_unipen
from digitnet import RecordingError, read_drawings
from digitnet.ink import MAX_POINTS

if TYPE_CHECKING:
    from tests.digitbench.conftest import Bench, Unipen

TRACE = ".PEN_DOWN\n0 90\n50 90\n20 0\n"


@pytest.mark.parametrize("place", ["next to the file", "in a folder", "in the second folder"])
def test_included_files_are_found(unipen: Unipen, tmp_path: Path, place: str) -> None:
    """Next to the file that includes them, or in one of the given folders."""
    folder = tmp_path if place == "next to the file" else tmp_path / "include"
    folder.mkdir(exist_ok=True)
    (folder / "traces.inc").write_text(TRACE)
    include = {
        "next to the file": [],
        "in a folder": [folder],
        "in the second folder": [tmp_path / "not there", folder],
    }[place]
    [drawing] = unipen.read('.INCLUDE traces.inc\n.SEGMENT DIGIT 0 ? "7"\n', include)
    assert len(drawing.strokes[0].points) == 3
    assert unipen.warnings == []


def test_a_missing_include_is_reported(unipen: Unipen) -> None:
    """The rest of the file is read; the warning names file, line and the option that helps."""
    assert len(unipen.read(f'.INCLUDE gone.doc\n{TRACE}.SEGMENT D 0 ? "7"\n')) == 1
    [warning] = unipen.warnings
    assert "ink.dat:1: gone.doc" in warning
    assert "--include" in warning


@pytest.mark.parametrize("name", ["x" * 1000, "a\0b", "..", ""], ids=["long", "null", "..", "none"])
def test_an_invalid_file_name_is_a_missing_include(unipen: Unipen, name: str) -> None:
    """It is reported like any other missing file."""
    assert len(unipen.read(f'.INCLUDE {name}\n{TRACE}.SEGMENT D 0 ? "7"\n')) == 1
    assert len(unipen.warnings) == 1


def test_included_files_can_include_others(unipen: Unipen, tmp_path: Path) -> None:
    """Each is searched next to the file that names it, and then next to those that include it."""
    for folder in ("inner", "outer"):
        (tmp_path / folder).mkdir()
    (tmp_path / "outer" / "one.inc").write_text(".INCLUDE two.inc\n.INCLUDE inner/three.inc\n")
    (tmp_path / "outer" / "two.inc").write_text(TRACE)
    (tmp_path / "inner" / "three.inc").write_text(".PEN_DOWN\n1 2\n")
    [drawing] = unipen.read('.INCLUDE outer/one.inc\n.SEGMENT D 0-1 ? "7"\n')
    assert [len(stroke.points) for stroke in drawing.strokes] == [3, 1]
    assert unipen.warnings == []


@pytest.mark.parametrize("first", ["ink.dat", "other.inc"])
def test_a_file_that_includes_itself_is_not_followed(
    unipen: Unipen, tmp_path: Path, first: str
) -> None:
    """Directly, or through another file; it is reported with its line, and the rest is read."""
    (tmp_path / "other.inc").write_text("\n.INCLUDE ink.dat\n")
    assert len(unipen.read(f'.INCLUDE {first}\n{TRACE}.SEGMENT D 0 ? "7"\n')) == 1
    [warning] = unipen.warnings
    assert f"{first}:{1 if first == 'ink.dat' else 2}: ink.dat includes itself" in warning


def test_the_number_of_includes_is_limited(unipen: Unipen, tmp_path: Path) -> None:
    """Forty files that each include the next one twice would give a trillion."""
    for number in range(40):
        (tmp_path / f"{number}.inc").write_text(f".INCLUDE {number + 1}.inc\n" * 2)
    (tmp_path / "40.inc").write_text("")
    assert len(unipen.read(f'{TRACE}.INCLUDE 0.inc\n.SEGMENT D 0 ? "7"\n')) == 1
    assert unipen.skipped.others["included files beyond the limit"] > 0


def test_only_files_with_segments_are_taken_from_a_folder(bench: Bench, tmp_path: Path) -> None:
    """At any depth; files without segments are only there to be included."""
    ink, out = tmp_path / "ink", tmp_path / "out.ndjson"
    (ink / "deep").mkdir(parents=True)
    segment = '.SEGMENT D 0 ? "7"\n'
    (ink / "deep" / "b.dat").write_text(TRACE + segment)
    (ink / "a.dat").write_text(TRACE + segment)
    (ink / "traces.inc").write_text(TRACE)
    (ink / ".hidden.dat").write_text(TRACE + segment)
    assert bench("import", "unipen", ink, "--out", out) == (0, f"{out}: 2 recordings\n", "")
    assert [drawing.source for drawing in read_drawings(out)] == ["a.dat", "b.dat"]
    (ink / "deep" / "b.dat").unlink()
    (ink / "a.dat").unlink()
    done = bench("import", "unipen", ink, "--out", out, "--force")
    assert (done.code, done.out) == (1, "")
    assert done.err == f"digitbench: {ink}: holds no files with a .SEGMENT; choose another folder\n"


@pytest.mark.parametrize(
    ("name", "count", "writers"),
    [("pendigits-orig.tra", 7494, 30), ("pendigits-orig.tes", 3498, 14)],
)
def test_pendigits_is_read_completely(pendigits: Path, name: str, count: int, writers: int) -> None:
    """Every segment is a digit by a known writer; only the included text is missing."""
    warnings: list[str] = []
    skipped = Skipped(warnings.append)
    drawings = list(read_unipen(pendigits / name, skipped=skipped))
    assert not skipped.drawings
    assert len(drawings) == count
    assert len({drawing.writer for drawing in drawings}) == writers
    assert {drawing.word for drawing in drawings} == set("0123456789")
    assert len({drawing.key_id for drawing in drawings}) == count
    assert len(warnings) == 1


def test_a_file_without_segments_is_an_error(unipen: Unipen) -> None:
    """There is nothing to import, and no reason for it among what was skipped."""
    with pytest.raises(RecordingError, match=r"ink\.dat: holds no \.SEGMENT"):
        unipen.read(TRACE)
    assert unipen.read(TRACE + ".SEGMENT\n") == []
    assert unipen.skipped.drawings["without parts or label"] == 1


def test_the_number_of_points_is_limited(
    unipen: Unipen, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a file with all that it includes: a small packed one could fill all memory."""
    monkeypatch.setattr(parser, "_MOST_POINTS", 8)
    (tmp_path / "traces.inc").write_text(TRACE)
    twice = ".INCLUDE traces.inc\n" * 2 + '.SEGMENT D 0 ? "7"\n'
    assert len(unipen.read(twice)) == 1
    with pytest.raises(RecordingError, match=r"ink\.dat:7: is the end of over 8 points; split"):
        unipen.read(twice + TRACE)


def test_a_component_is_no_longer_than_a_drawing(unipen: Unipen) -> None:
    """What is longer is not read to its end, and its segment is skipped."""
    rows = "1 2\n" * (MAX_POINTS + 1)
    assert unipen.read(f'.PEN_DOWN\n{rows}1 x\n.SEGMENT D 0 ? "7"\n') == []
    assert unipen.skipped.drawings == {"with invalid ink": 1}
