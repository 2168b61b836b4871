"""The examples in docstrings are true."""

from __future__ import annotations

import doctest
import importlib
from pathlib import Path

import pytest
from PIL import Image

from digitbench.run.suite import bundled_recordings, read_all
from digitdraw.ink.layer import render_drawing

ROOT = Path(__file__).parents[2]
SOURCES = sorted(ROOT.glob("packages/*/src/**/*.py"))


def module_of(path: Path) -> str:
    _packages, _name, _src, *parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts).removesuffix(".__init__")


# Only modules with examples are imported: those of digitnet.training need PyTorch.
MODULES = [module_of(path) for path in SOURCES if ">>> " in path.read_text(encoding="utf-8")]


@pytest.mark.parametrize("name", MODULES)
def test_examples_in_docstrings_are_true(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What they show is what happens, in a folder with a picture of a seven, digit.png."""
    if name.startswith("digitnet.training"):
        pytest.importorskip("torch")
    seven = next(drawing for drawing in read_all(bundled_recordings()) if drawing.word == "7")
    Image.fromarray(255 - render_drawing(seven)).save(tmp_path / "digit.png")
    monkeypatch.chdir(tmp_path)
    results = doctest.testmod(importlib.import_module(name))
    assert results.attempted
    assert results.failed == 0


def test_modules_that_people_meet_first_show_their_use() -> None:
    """The package, ink, and what reads it."""
    assert {"digitnet", "digitnet.ink", "digitnet.recognizer"} <= set(MODULES)
