"""The import contracts in pyproject.toml hold, and PyTorch is loaded only by training."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from importlinter.cli import lint_imports

ROOT = Path(__file__).parents[2]

IMPORT_ALL_BUT_TRAINING = """
import importlib
import sys
from pathlib import Path

import digitbench
import digitdraw
import digitnet

imported = set()
for package in (digitnet, digitdraw, digitbench):
    folder = Path(package.__path__[0])
    for file in folder.rglob("*.py"):
        name = ".".join([package.__name__, *file.relative_to(folder).with_suffix("").parts])
        if not name.startswith("digitnet.training.") and not name.endswith("__main__"):
            importlib.import_module(name.removesuffix(".__init__"))
            imported.add(name)
assert {"digitnet.ink", "digitdraw.app", "digitbench.replay.replayer"} <= imported
heavy = {"matplotlib", "onnx", "onnxscript", "safetensors", "torch", "torchvision"}
print([name for name in sys.modules if name in heavy or name.startswith("digitnet.training")])
"""


def test_the_contracts_hold(capsys: pytest.CaptureFixture[str]) -> None:
    """As `lint-imports` checks them."""
    code = lint_imports(str(ROOT / "pyproject.toml"), no_cache=True)
    assert code == 0, capsys.readouterr().out


def test_training_is_imported_only_when_it_is_called() -> None:
    """By the function that trains, so that everything else starts quickly and without PyTorch."""
    command = [sys.executable, "-W", "ignore", "-c", IMPORT_ALL_BUT_TRAINING]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert (done.stdout, done.stderr) == ("[]\n", "")
