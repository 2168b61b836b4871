"""Golden pictures: what the network sees of the bundled recordings cannot change unnoticed."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

from digitbench.checks import golden, golden_windows
from digitbench.checks.golden_sheet import as_sheet
from digitbench.checks.golden_windows import WindowChange
from digitbench.cli import cli
from digitbench.replay.replayer import Replayer
from digitbench.run.suite import bundled_recordings, read_all
from digitdraw.ui import panel
from digitnet import DataError, Recognizer


def test_the_bundled_recordings_look_as_they_did(recognizer: Recognizer) -> None:
    """Each digit, to a few grey levels; `digitbench golden --accept` accepts changes."""
    pictures = golden.pictures_of(read_all(bundled_recordings()), Replayer(recognizer))
    changes = golden.compare(golden.read_golden(golden.golden_file()), pictures)
    assert [change.name for change in changes] == []


def window_changes(recognizer: Recognizer) -> list[WindowChange]:
    """Return how the windows of the bundled recordings differ from the golden ones."""
    windows = golden_windows.windows_of(read_all(bundled_recordings()), recognizer)
    before = golden_windows.read_windows(golden_windows.golden_folder())
    assert before.keys() == windows.keys()
    return golden_windows.compare_windows(before, windows)


def test_the_windows_look_as_they_did(recognizer: Recognizer) -> None:
    """But for a few pixels; `digitbench golden --accept` accepts changes."""
    assert [change.name for change in window_changes(recognizer)] == []


def test_another_answer_is_seen(recognizer: Recognizer, monkeypatch: pytest.MonkeyPatch) -> None:
    """In every window: all show a 4, a 7, a number, or what is no digit."""
    monkeypatch.setattr(panel, "describe", lambda _: ("8", ">99.9% sure"))
    changes = window_changes(recognizer)
    assert [change.name for change in changes] == [scene.name for scene in golden_windows.SCENES]
    assert as_sheet([], changes).startswith(b"\x89PNG")


def test_a_window_may_differ_in_a_few_pixels() -> None:
    """As much as one digit of a percentage takes; and in many by rounding."""
    before = np.full((100, 100, 3), 128, np.uint8)
    after = before + np.uint8(10)
    after[0, : golden_windows.TOLERANCE] = 255
    assert golden_windows.compare_windows({"one": before}, {"one": after}) == []
    after[1, 0] = 255
    [change] = golden_windows.compare_windows({"one": before}, {"one": after})
    assert change.difference == golden_windows.TOLERANCE + 1
    [new] = golden_windows.compare_windows({}, {"one": after})
    assert new.difference == 10_000
    assert as_sheet([], [new, change]).startswith(b"\x89PNG")


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
    assert as_sheet(changes, []).startswith(b"\x89PNG")


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n", b"text"])
def test_a_damaged_file_is_reported_in_one_line(tmp_path: Path, content: bytes) -> None:
    """With its name and what to do."""
    (tmp_path / "golden.png").write_bytes(content)
    with pytest.raises(DataError, match=r"golden\.png.*--accept"):
        golden.read_golden(tmp_path / "golden.png")


def test_a_damaged_window_is_reported_in_one_line(tmp_path: Path) -> None:
    """With its name and what to do."""
    (tmp_path / "light.png").write_bytes(b"\x89PNG")
    with pytest.raises(DataError, match=r"light\.png.*--accept"):
        golden_windows.read_windows(tmp_path)


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
    windows = tmp_path / "windows"
    monkeypatch.setattr(golden_windows, "golden_folder", lambda: windows)
    run = CliRunner().invoke
    found = run(cli, ["golden", "--sheet", str(sheet)])
    assert found.exit_code == 1
    assert found.stdout.startswith(f"{name}: differs by up to ")
    assert "\nwindow light: differs in 614,400 pixels\n" in found.stdout
    with Image.open(sheet) as image:
        assert image.size[0] > 3 * 28 * 4
    assert run(cli, ["golden", "--accept"]).exit_code == 0
    assert len(list(windows.iterdir())) == len(golden_windows.SCENES)
    assert run(cli, ["golden"]).exit_code == 0
