"""The commands ``digitbench import`` and ``digitbench export``."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from digitnet import Drawing, read_drawings, write_drawings

if TYPE_CHECKING:
    from tests.digitbench.conftest import Bench

DOT = '.PEN_DOWN\n1 2\n.SEGMENT D 0 ? "{}"\n'
GOOD = '<ink><annotation type="truth">7</annotation><trace>1 2, 3 4</trace></ink>'
LINE = {"word": "line", "countrycode": "DE", "recognized": True, "drawing": [[[0, 9], [0, 9]]]}


def test_unreadable_files_in_a_folder_are_skipped(bench: Bench, tmp_path: Path) -> None:
    """The first few are reported, all are counted by reason; exit code 0."""
    ink, out = tmp_path / "ink", tmp_path / "out.ndjson"
    ink.mkdir()
    (ink / "good.inkml").write_text(GOOD)
    for number in range(5):
        (ink / f"bad-{number}.inkml").write_text("<ink>")
    done = bench("import", "inkml", ink, "--out", out)
    assert (done.code, done.out) == (0, f"{out}: 1 recording\n")
    *reports, summary = done.err.splitlines()
    assert [line.partition(":1: ")[0] for line in reports] == [
        f"digitbench: {ink / f'bad-{number}.inkml'}" for number in range(3)
    ]
    assert summary == (
        "digitbench: 1 imported, 0 skipped; also skipped: files that cannot be read (5)"
    )


def test_an_unreadable_file_that_was_named_is_an_error(bench: Bench, tmp_path: Path) -> None:
    """The message names file and line, nothing is written; exit code 1."""
    (tmp_path / "bad.inkml").write_text("\n<ink>")
    done = bench("import", "inkml", tmp_path / "bad.inkml", "--out", tmp_path / "out.ndjson")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(f"digitbench: {tmp_path / 'bad.inkml'}:2: is not XML")
    assert done.err.count("\n") == 1
    assert not (tmp_path / "out.ndjson").exists()


def test_files_of_the_same_name_give_recordings_of_different_names(
    bench: Bench, tmp_path: Path
) -> None:
    """So that each can be replayed alone."""
    for name in ("ink.tra", "ink.tes"):
        (tmp_path / name).write_text(DOT.format(7))
    out = tmp_path / "out.ndjson"
    assert bench("import", "unipen", tmp_path / "ink.tra", tmp_path / "ink.tes", "--out", out)
    assert [drawing.key_id for drawing in read_drawings(out)] == ["ink-00000", "ink-00000~2"]


@pytest.mark.parametrize(
    ("option", "word", "tags"),
    [
        ([], "", ("line", "even-times")),
        (["--word", "line=1"], "1", ("line", "even-times")),
        (["--word", "line="], "", ("line", "even-times")),
        (["--word", "circle=0"], "", ("line", "even-times")),
    ],
    ids=str,
)
def test_labels_can_be_mapped(
    bench: Bench, tmp_path: Path, option: list[str], word: str, tags: tuple[str, ...]
) -> None:
    """To a number, or to "not a digit"; the label stays as a tag."""
    (tmp_path / "line.ndjson").write_text(json.dumps(LINE))
    out = tmp_path / "out.ndjson"
    assert bench("import", "quickdraw", tmp_path, "--out", out, *option).code == 0
    [drawing] = read_drawings(out)
    assert (drawing.word, drawing.tags) == (word, tags)


@pytest.mark.parametrize(
    "arguments",
    [
        ["import", "quickdraw", "x", "--out", "y", "--word", "circle"],
        ["import", "quickdraw", "x", "--out", "y", "--word", "circle=zero"],
        ["import", "quickdraw", "x", "--out", "y", "--level", "DIGIT"],
        ["import", "inkml", "x"],
        ["export", "unipen", "x", "--out", "y"],
        ["export", "inkml", "--out", "y"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_reported_in_one_line(bench: Bench, arguments: list[str]) -> None:
    """With a hint at --help; exit code 2."""
    done = bench(*arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("digitbench: ")
    assert done.err.count("\n") == 1


def test_exported_recordings_are_imported_unchanged(
    bench: Bench, tmp_path: Path, seven: Drawing
) -> None:
    """The files are equal."""
    recordings, ink, out = (tmp_path / name for name in ("r.ndjson", "r.inkml", "out.ndjson"))
    nameless = replace(seven, key_id="", word="")
    write_drawings(recordings, [seven, nameless, nameless])
    assert bench("export", "inkml", recordings, "--out", ink) == (0, f"{ink}: 3 recordings\n", "")
    assert bench("import", "inkml", ink, "--out", out) == (0, f"{out}: 3 recordings\n", "")
    assert out.read_bytes() == recordings.read_bytes()


def test_an_existing_file_is_only_replaced_by_force(
    bench: Bench, tmp_path: Path, seven: Drawing
) -> None:
    """By `export` and `import`; the folder of a new one is made."""
    recordings, ink, out = (tmp_path / name for name in ("r.ndjson", "new/r.inkml", "out.ndjson"))
    write_drawings(recordings, [seven])
    for name, source, target in (("export", recordings, ink), ("import", ink, out)):
        command = (name, "inkml", source, "--out", target)
        assert bench(*command).code == 0
        written = target.read_bytes()
        target.write_text("older")
        done = bench(*command)
        assert (done.code, done.out) == (2, "")
        assert done.err.startswith(f"digitbench: --out: {target} already exists; name a new file")
        assert target.read_text() == "older"
        assert bench(*command, "--force").code == 0
        assert target.read_bytes() == written
