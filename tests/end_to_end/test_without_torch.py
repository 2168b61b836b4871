"""Drawing and recognition work without PyTorch."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import sys

class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"torch", "torchvision", "safetensors", "onnx", "onnxscript"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Refuse())

import digitnet
from digitbench.replay.replayer import Replayer
from digitbench.run import suite

drawings = suite.read_all(suite.bundled_recordings())
[drawing] = [drawing for drawing in drawings if drawing.key_id == "three-round-01"]
[result] = suite.run([drawing], Replayer(digitnet.Recognizer()))
print(result.outcome, result.answer)
try:
    import torch
except ModuleNotFoundError:
    print("no torch")
"""


def test_a_recording_is_read_without_pytorch() -> None:
    """The whole app gives the right answer when PyTorch is not installed."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.stderr == ""
    assert done.stdout == "correct 3\nno torch\n"
    assert done.returncode == 0
