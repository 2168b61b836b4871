"""How to put another network behind `Recognizer`: an ONNX file and its manifest in a folder.

The network takes ``pictures``, float32 (n, 28, 28) from 0 for paper to 1 for ink, and returns
``probabilities``, float32 (n, 10), and ``likelihood`` of being a digit, float32 (n,).
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from digitnet import Drawing, Recognizer
from digitnet.manifest import MANIFEST_NAME, ONNX_NAME
from digitnet.preprocessing.framing import frame_strokes

pytest.importorskip("torch")

import torch

from digitnet.training import export
from digitnet.training.network import DigitNet

if TYPE_CHECKING:
    from torch import Tensor


class NearestPrototype(torch.nn.Module):
    """A network of one's own: compares an image with one prototype of each digit."""

    prototypes: Tensor

    def __init__(self, prototypes: Tensor) -> None:
        super().__init__()
        self.register_buffer("prototypes", prototypes)

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        distances = (pictures[:, None] - self.prototypes).square().sum(dim=(2, 3))
        probabilities = torch.softmax(-distances, dim=1)
        return probabilities, torch.exp(-distances.amin(dim=1) / 100)


def write_model(network: torch.nn.Module, folder: Path) -> None:
    """Write the two files that `Recognizer` needs."""
    folder.mkdir()
    path = folder / ONNX_NAME
    torch.onnx.export(
        network.eval(),
        (torch.zeros(2, 28, 28),),
        path,
        dynamo=True,
        input_names=["pictures"],
        output_names=["probabilities", "likelihood"],
        dynamic_shapes={"pictures": {0: torch.export.Dim("n")}},
        external_data=False,
    )
    sha256 = {ONNX_NAME: hashlib.sha256(path.read_bytes()).hexdigest()}
    manifest = {"sha256": sha256, "threshold": 0.5, "architecture": type(network).__name__}
    (folder / MANIFEST_NAME).write_text(json.dumps(manifest))


def test_a_network_of_ones_own_reads_drawings(tmp_path: Path, seven: Drawing) -> None:
    """Any network with these inputs and outputs works, however it is built."""
    prototypes = np.ones((10, 28, 28), np.float32)
    prototypes[7] = frame_strokes([stroke.xy for stroke in seven.strokes]) / 255
    write_model(NearestPrototype(torch.from_numpy(prototypes)), tmp_path / "model")
    recognizer = Recognizer(tmp_path / "model", threads=1)
    assert recognizer.manifest.facts == {"architecture": "NearestPrototype"}
    (digit,) = recognizer.predict(seven).digits
    assert (digit.label, digit.accepted) == (7, True)
    assert recognizer.predict(seven).text == "7"
    assert recognizer.classify(np.zeros((300, 28, 28), np.uint8)).shape == (300, 10)


def test_a_digitnet_of_another_size_is_exported_in_one_call(tmp_path: Path, seven: Drawing) -> None:
    """`export` writes the ONNX file, the weights and the manifest."""
    torch.manual_seed(0)
    export(DigitNet(width=8, depth=16), tmp_path / "model", threshold=0.0, facts={})
    recognizer = Recognizer(tmp_path / "model", threads=1)
    (digit,) = recognizer.predict(seven).digits
    assert digit.probabilities.shape == (10,)
    assert digit.probabilities.sum() == pytest.approx(1, abs=1e-4)
