"""The examples in docstrings work."""

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
def test_docstring_examples(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They give the output shown, in a folder with digit.png, an image of a seven."""
    if name.startswith("digitnet.training"):
        pytest.importorskip("torch")
    seven = next(drawing for drawing in read_all(bundled_recordings()) if drawing.word == "7")
    Image.fromarray(255 - render_drawing(seven)).save(tmp_path / "digit.png")
    monkeypatch.chdir(tmp_path)
    results = doctest.testmod(importlib.import_module(name))
    assert results.attempted
    assert results.failed == 0


def test_the_main_modules_have_examples() -> None:
    """The package, the ink and the recognizer."""
    assert {"digitnet", "digitnet.ink", "digitnet.recognizer"} <= set(MODULES)
