"""The quick preset: a small network, trained in seconds, that is a model like any other."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

pytest.importorskip("torch")

import torch
from safetensors.torch import save

from digitnet import ModelError, Recognizer
from digitnet.cli.train import PRESETS as NAMES
from digitnet.manifest import MANIFEST_NAME, SAFETENSORS_NAME, load_manifest
from digitnet.training import Config, DigitNet, export, fit, load_pretrained
from digitnet.training.batches import batches
from digitnet.training.config import PRESETS, QUICK
from digitnet.training.data import mnist_train, split
from digitnet.training.evaluation import accuracy
from digitnet.training.network import count_multiply_adds
from digitnet.training.optimization import make_optimizer, set_learning_rate

if TYPE_CHECKING:
    from tests.digitnet.conftest import Command

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("one_torch_thread")]


def test_the_command_offers_all_presets() -> None:
    """The command has a copy of the names, as it must work without PyTorch; release is first."""
    assert tuple(PRESETS) == NAMES
    assert PRESETS[NAMES[0]] == Config()


def test_the_quick_network_is_smaller_than_the_release() -> None:
    """It has less than an eighth of the multiply-adds."""
    quick = DigitNet(QUICK.width, QUICK.depth, shallow=QUICK.shallow)
    assert count_multiply_adds(quick) < count_multiply_adds(DigitNet()) / 8


@pytest.mark.parametrize(("width", "depth", "shallow"), [(16, 32, True), (8, 32, False)])
def test_a_network_of_any_size_is_exported_and_loaded(
    tmp_path: Path, width: int, depth: int, *, shallow: bool
) -> None:
    """Its size is inferred from the weights; quantisation changes little; maps are available."""
    torch.manual_seed(1)
    network = DigitNet(width, depth, shallow=shallow).eval()
    export(network, tmp_path, threshold=0.0, facts={})
    loaded = load_pretrained(tmp_path)
    pictures = np.random.default_rng(1).integers(0, 256, (5, 28, 28)).astype(np.uint8)
    with torch.inference_mode():
        probabilities, _ = network.answer(torch.from_numpy(pictures))
        assert torch.equal(loaded(torch.from_numpy(pictures)), network(torch.from_numpy(pictures)))
    recognizer = Recognizer(tmp_path, threads=1)
    np.testing.assert_allclose(recognizer.classify(pictures), probabilities.numpy(), atol=0.01)
    shapes = [maps.shape for maps in recognizer.feature_maps(pictures[0])]
    assert shapes == [(width, 14, 14)] * 2 + [(depth, 7, 7)] * 2


@pytest.mark.parametrize("part", ["features.0.0.weight", "features.3.0.weight", "head.1.bias"])
@pytest.mark.parametrize("value", [None, torch.tensor(1.0), torch.zeros(3)])
def test_other_weights_are_refused(part: str, value: torch.Tensor | None) -> None:
    """Missing tensors and those of another shape are errors."""
    weights = {**DigitNet(8, 8).state_dict(), part: value}
    with pytest.raises(RuntimeError):
        DigitNet.from_weights(
            {name: tensor for name, tensor in weights.items() if tensor is not None}
        )


def test_a_model_of_another_architecture_is_reported(model_folder: Path) -> None:
    """The error is one line that names the file and says what to do."""
    content = save({"weight": torch.zeros(3)})
    (model_folder / SAFETENSORS_NAME).write_bytes(content)
    manifest = json.loads((model_folder / MANIFEST_NAME).read_text())
    manifest["sha256"][SAFETENSORS_NAME] = hashlib.sha256(content).hexdigest()
    (model_folder / MANIFEST_NAME).write_text(json.dumps(manifest))
    with pytest.raises(ModelError, match=r"\A.+model\.safetensors: is not a DigitNet .+; .+\Z"):
        load_pretrained(model_folder)


def test_the_quick_preset_writes_a_model_like_any_other(
    command: Command, small_mnist: Path, tmp_path: Path
) -> None:
    """It needs no ink; other options override it; it reports how long it took."""
    out = tmp_path / "out"
    options = ["--data", small_mnist, "--out", out, "--threads", 1]
    outcome = command("train", "--preset", "quick", *options, "--epochs", 2, "--seed", 7)
    assert outcome.code == 0
    assert outcome.err.count("epoch ") == 2
    assert "\ntrained in " in outcome.err
    assert load_manifest(out).facts["recipe"] == asdict(replace(QUICK, epochs=2, seed=7, threads=1))
    assert sorted(file.name for file in out.iterdir()) == [
        "confusion.png",
        "curves.png",
        "log.csv",
        "model.json",
        "model.onnx",
        "model.safetensors",
    ]
    evaluated = command("evaluate", "--data", small_mnist, "--model", out)
    assert (evaluated.code, evaluated.err) == (0, "")


@pytest.mark.parametrize(("augmented", "same"), [(0.0, 40), (0.5, 20), (1.0, 0)])
def test_a_share_of_each_batch_is_augmented(small_mnist: Path, augmented: float, same: int) -> None:
    """The other images are unchanged."""
    pictures = mnist_train(small_mnist)[:40]
    none = pictures[:0]
    config = Config(batch_size=40, augmented=augmented)
    order = torch.randperm(40, generator=torch.Generator().manual_seed(1))
    ((images, labels),) = batches(pictures, none, config, torch.Generator().manual_seed(1))
    unchanged = (images == pictures.images[order].float() / 255).flatten(1).all(dim=1)
    assert torch.equal(labels, pictures.labels[order])
    assert unchanged.sum() == same


@pytest.mark.parametrize("linear", [False, True])
def test_the_learning_rate_rises_and_falls_to_zero(*, linear: bool) -> None:
    """The peak is at a tenth; halfway down, both schedules are the same."""
    optimizer = make_optimizer(DigitNet(8, 8), weight_decay=0.0)
    rates = [
        set_learning_rate(optimizer, 0.02, progress, linear=linear)
        for progress in (0.0, 0.1, 0.55, 1.0)
    ]
    assert rates == pytest.approx([2e-5, 0.02, 0.01, 0.0])
    assert optimizer.param_groups[0]["lr"] == rates[-1]


def test_training_can_start_from_a_network_of_another_size(small_mnist: Path) -> None:
    """The network keeps its size; the configuration's size is for new networks."""
    pictures = mnist_train(small_mnist)[:80]
    start = DigitNet(8, 16, shallow=True)
    trained = fit(Config(epochs=1, batch_size=40, threads=1), pictures, pictures, start=start)
    assert {n: t.shape for n, t in trained.state_dict().items()} == {
        n: t.shape for n, t in start.state_dict().items()
    }


def test_the_quick_preset_learns_from_a_fifth_of_mnist(mnist: Path) -> None:
    """It reads more than nine in ten of held-out training images, but not all of them."""
    learned, validation = split(mnist_train(mnist), 48_000, seed=1)
    network = fit(replace(QUICK, threads=1), learned, validation[:2000])
    assert 0.9 < accuracy(network, validation[:2000]) < 1
