"""Golden pictures: what the network sees of the bundled recordings cannot change unnoticed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from digitbench.checks import golden
from digitbench.cli import cli
from digitbench.replay.replayer import Replayer
from digitbench.run.suite import bundled_recordings, read_all
from digitnet import DataError, Recognizer


def test_the_bundled_recordings_look_as_they_did(recognizer: Recognizer) -> None:
    """Each digit, to a few grey levels; `digitbench golden --accept` accepts changes."""
    pictures = golden.pictures_of(read_all(bundled_recordings()), Replayer(recognizer))
    changes = golden.compare(golden.read_golden(golden.golden_file()), pictures)
    assert [change.name for change in changes] == []


def pictures(count: int) -> dict[str, np.ndarray[tuple[int, ...], np.dtype[np.uint8]]]:
    rng = np.random.default_rng(1)
    return {
        f"é-{index:02d}": rng.integers(0, 256, (28, 28), dtype=np.uint8) for index in range(count)
    }


@pytest.mark.parametrize("count", [1, 25, 26, 60])
def test_what_is_written_is_read_back(tmp_path: Path, count: int) -> None:
    """To the pixel, with its names."""
    (tmp_path / "golden.png").write_bytes(golden.as_png(pictures(count)))
    back = golden.read_golden(tmp_path / "golden.png")
    assert back.keys() == pictures(count).keys()
    assert all((back[name] == image).all() for name, image in pictures(count).items())


def test_changes_are_listed_largest_first() -> None:
    """Changed, new and missing ones; a difference within the tolerance is not a change."""
    before = pictures(4)
    after = {name: image.copy() for name, image in before.items()}
    names = sorted(before)
    for name, value in zip(names[:2], (3, 40), strict=True):
        before[name][0, 0], after[name][0, 0] = 100, 100 + value
    after["new"] = after.pop(names[2])
    changes = golden.compare(before, after, tolerance=3)
    assert [(c.name, c.difference) for c in changes] == [
        ("new", 255),
        (names[2], 255),
        (names[1], 40),
    ]
    assert golden.as_sheet(changes).startswith(b"\x89PNG")


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n", b"text"])
def test_a_damaged_file_is_reported_in_one_line(tmp_path: Path, content: bytes) -> None:
    """With its name and what to do."""
    (tmp_path / "golden.png").write_bytes(content)
    with pytest.raises(DataError, match=r"golden\.png.*--accept"):
        golden.read_golden(tmp_path / "golden.png")


@pytest.mark.slow
def test_the_command_finds_a_change_and_accepts_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A changed picture makes the exit code 1, is on the sheet, and can be accepted."""
    changed = golden.read_golden(golden.golden_file())
    name = min(changed)
    changed[name] = 255 - changed[name]
    file, sheet = tmp_path / "golden.png", tmp_path / "sheet.png"
    file.write_bytes(golden.as_png(changed))
    monkeypatch.setattr(golden, "golden_file", lambda: file)
    run = CliRunner().invoke
    found = run(cli, ["golden", "--sheet", str(sheet)])
    assert found.exit_code == 1
    assert found.output.startswith(f"{name}: differs by up to ")
    with Image.open(sheet) as image:
        assert image.size[0] > 3 * 28 * 4
    assert run(cli, ["golden", "--accept"]).exit_code == 0
    assert run(cli, ["golden"]).exit_code == 0
