"""What `digitbench import` finds files to be: formats, packed or not, and everything else."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from digitbench.formats import files
from digitnet import read_drawings

if TYPE_CHECKING:
    from tests.digitbench.conftest import Bench

FORMATS = {
    "unipen": b'.VERSION 1.0\n.PEN_DOWN\n40 210\n160 210\n90 40\n.SEGMENT DIGIT 0 ? "7"\n',
    "inkml": b'<ink><annotation type="truth">7</annotation><trace>4 4, 16 4, 9 21</trace></ink>',
    "quickdraw": json.dumps({"word": "7", "drawing": [[[40, 160, 90], [40, 40, 210]]]}).encode(),
    "xopp": (
        b'<?xml version="1.0"?>\n<xournal><page width="99" height="99"><layer>'
        b'<stroke tool="pen" width="2">10 10 80 10 40 90</stroke></layer></page></xournal>'
    ),
    "dollar": (
        b'<Gesture Name="7"><Point X="40" Y="40"/><Point X="160" Y="40"/><Point X="90" Y="210"/>'
        b"</Gesture>"
    ),
}
TITLES = {
    "unipen": "UNIPEN",
    "inkml": "InkML",
    "quickdraw": "Quick, Draw!",
    "xopp": "Xournal++",
    "dollar": "$1 or $N XML",
}


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "packed"])
@pytest.mark.parametrize("name", FORMATS)
def test_the_format_is_found_by_the_content(
    bench: Bench, tmp_path: Path, name: str, pack: type[bytes]
) -> None:
    """Whatever the file is called, and whether or not it is packed; the name is that of the ink."""
    ink, out = tmp_path / "ink.txt.gz", tmp_path / "out.ndjson"
    ink.write_bytes(pack(FORMATS[name]))
    for arguments in ([ink], [name, ink]):
        done = bench("import", *arguments, "--word", "=7", "--out", out, "--force")
        assert done == (0, f"{out}: 1 recording\n", "")
        [drawing] = read_drawings(out)
        assert (drawing.word, drawing.source) == ("7", "ink.txt.gz")
        assert drawing.key_id.startswith("ink-")


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "packed"])
@pytest.mark.parametrize("wanted", FORMATS)
@pytest.mark.parametrize("name", FORMATS)
def test_another_format_is_named(
    bench: Bench, tmp_path: Path, name: str, wanted: str, pack: type[bytes]
) -> None:
    """With the command that reads it; exit code 1, and nothing is written."""
    if name == wanted:
        return
    ink, out = tmp_path / "ink", tmp_path / "out.ndjson"
    ink.write_bytes(pack(FORMATS[name]))
    done = bench("import", wanted, ink, "--out", out)
    what = f"is {TITLES[name]}, not {TITLES[wanted]}; use digitbench import {name}"
    assert done == (1, "", f"digitbench: {ink}: {what}\n")
    assert not out.exists()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "an empty file"),
        (b" \n\n", "an empty file"),
        (gzip.compress(b""), "an empty file"),
        (b"\x89PNG\r\n\x1a\n\0\0", "a PNG image"),
        (b"\xff\xd8\xff\xe0", "a JPEG image"),
        (b"%PDF-1.7", "a PDF document"),
        (b"PK\x03\x04mimetype", "a ZIP archive"),
        (gzip.compress(gzip.compress(FORMATS["xopp"])), "packed by gzip twice"),
        (b"\0\1\2\3" * 20, "a binary file"),
        (b"\n<svg/>", "XML with the root <svg>"),
        (b"[1, 2]", "JSON"),
        (b"x,y\n1,2\n", "text without ink"),
    ],
)
@pytest.mark.parametrize("name", [*FORMATS, ""])
def test_anything_else_is_named(
    bench: Bench, tmp_path: Path, content: bytes, kind: str, name: str
) -> None:
    """In one line; exit code 1, and nothing is written."""
    ink, out = tmp_path / "ink", tmp_path / "out.ndjson"
    ink.write_bytes(content)
    done = bench("import", *filter(None, [name]), ink, "--out", out)
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(f"digitbench: {ink}: is {kind}")
    assert (f"not {TITLES[name]};" if name else "use one of these formats: UNIPEN, ") in done.err
    assert done.err.count("\n") == 1
    assert not out.exists()


def test_a_folder_may_hold_several_formats(bench: Bench, tmp_path: Path) -> None:
    """Each file is read in its own; what is none is counted, and UNIPEN's includes are left."""
    ink, out = tmp_path / "ink", tmp_path / "out.ndjson"
    ink.mkdir()
    for name, content in FORMATS.items():
        (ink / name).write_bytes(content)
    (ink / "photo.png").write_bytes(b"\x89PNG\r\n\x1a\n\0\0")
    (ink / "traces.inc").write_text(".PEN_DOWN\n1 2\n")
    done = bench("import", ink, "--word", "=7", "--out", out)
    assert (done.code, done.out) == (0, f"{out}: 5 recordings\n")
    assert done.err.endswith("5 imported, 0 skipped; also skipped: files that cannot be read (1)\n")


def test_a_named_format_takes_its_own_files_from_a_folder(bench: Bench, tmp_path: Path) -> None:
    """Packed ones by the suffix before .gz."""
    ink, out = tmp_path / "ink", tmp_path / "out.ndjson"
    ink.mkdir()
    (ink / "a.xopp.gz").write_bytes(gzip.compress(FORMATS["xopp"]))
    (ink / "b.xopp").write_bytes(FORMATS["xopp"])
    (ink / "c.inkml.gz").write_bytes(gzip.compress(FORMATS["inkml"]))
    assert bench("import", "xopp", ink, "--word", "=7", "--out", out).err == ""
    assert [each.source for each in read_drawings(out)] == ["a.xopp.gz", "b.xopp"]
    done = bench("import", "dollar", ink, "--out", out, "--force")
    assert done == (1, "", f"digitbench: {ink}: holds no .xml files; choose another folder\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["klingon", "x.ndjson"], "'klingon' is neither a format (unipen, inkml,"),
        (["inkml"], "Name the files to import after inkml."),
        (["dollar", "x", "--split", "digit"], "--split is an option of inkml and xopp, not of"),
        (["xopp", "x", "--split", "word"], "'word' is not one of"),
    ],
)
def test_wrong_usage_is_one_line(bench: Bench, arguments: list[str], message: str) -> None:
    """Exit code 2."""
    done = bench("import", *arguments, "--out", "out.ndjson")
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert message in done.err


def test_a_missing_file_is_one_line(bench: Bench, tmp_path: Path) -> None:
    """Even where the format would be found by the content."""
    done = bench("import", tmp_path / "gone", "--out", tmp_path / "out.ndjson")
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert "gone: there is no such file or folder" in done.err


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda packed: packed[:-9], "ends before its packed content does"),
        (lambda packed: packed[:20] + b"\xff" * 20 + packed[40:], "packed content is damaged"),
        (lambda packed: packed + b"garbage", "packed content is damaged"),
    ],
)
def test_damaged_packing_is_one_line(
    bench: Bench, tmp_path: Path, name: str, damage: object, reason: str
) -> None:
    """Exit code 1, and nothing is written."""
    ink, out = tmp_path / "ink.gz", tmp_path / "out.ndjson"
    ink.write_bytes(damage(gzip.compress(FORMATS[name])))  # type: ignore[operator]
    done = bench("import", name, ink, "--out", out)
    assert (done.code, done.out, done.err.count("\n")) == (1, "", 1)
    assert done.err.startswith(f"digitbench: {ink}: ")
    assert reason in done.err
    assert not out.exists()


@pytest.mark.parametrize("name", FORMATS)
def test_a_bomb_is_refused(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """A small file that unpacks to more than memory should hold; members are added up."""
    monkeypatch.setattr(files, "MAX_UNPACKED", 2**20)
    ink, out = tmp_path / "ink.gz", tmp_path / "out.ndjson"
    member = gzip.compress(b"\n" * 2**20)
    for content in (
        gzip.compress(FORMATS[name] + b"\n" * 2**22),
        gzip.compress(FORMATS[name]) + member,
    ):
        ink.write_bytes(content)
        done = bench("import", name, ink, "--word", "=7", "--out", out)
        assert (done.code, done.out, done.err.count("\n")) == (1, "", 1)
        assert "unpacks to more than 1 MB; unpack it" in done.err
        assert not out.exists()


def test_a_file_of_several_members_is_whole(bench: Bench, tmp_path: Path) -> None:
    """As gzip joins them."""
    ink, out = tmp_path / "ink.gz", tmp_path / "out.ndjson"
    half = len(FORMATS["inkml"]) // 2
    packed = [gzip.compress(FORMATS["inkml"][at:end]) for at, end in ((0, half), (half, None))]
    ink.write_bytes(b"".join(packed) + bytes(512))
    assert bench("import", ink, "--out", out).code == 0
