"""ONNX Runtime and PyTorch are two ways to the same answers."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

pytest.importorskip("torch")

import onnx
import torch
from torchvision.datasets import MNIST

from digitnet import Drawing, ModelError, Recognizer, Stroke
from digitnet.card import CARD_NAME, ONNX_NAME, SAFETENSORS_NAME, load_card, shipped_model
from digitnet.preprocessing.framing import frame_strokes
from digitnet.training.export import load_pretrained
from digitnet.training.model import DigitNet, count_multiply_adds, count_parameters

if TYPE_CHECKING:
    from numpy.typing import NDArray

pytestmark = pytest.mark.usefixtures("one_torch_thread")

COUNT = 1000


@pytest.fixture(scope="module")
def network() -> DigitNet:
    """The shipped model in PyTorch."""
    return load_pretrained()


@pytest.fixture(scope="module")
def scribbles() -> NDArray[np.uint8]:
    """Framed random ink, (1000, 28, 28): one to three strokes of one to six points."""
    rng = np.random.default_rng(0)
    images = [
        frame_strokes([rng.uniform(0, 100, (rng.integers(1, 7), 2)) for _ in range(strokes)])
        for strokes in rng.integers(1, 4, COUNT)
    ]
    return np.stack(images)


@torch.inference_mode()
def answer(network: DigitNet, images: NDArray[np.generic]) -> tuple[NDArray[np.float32], ...]:
    """Give PyTorch's probabilities (n, 10) and likelihoods (n,)."""
    probabilities, likelihoods = network.answer(torch.from_numpy(images))
    return probabilities.numpy(), likelihoods.numpy()


def test_both_runtimes_classify_ink_alike(
    recognizer: Recognizer, network: DigitNet, scribbles: NDArray[np.uint8]
) -> None:
    """The shipped ONNX and safetensors files give the same probabilities for any ink."""
    expected, _ = answer(network, scribbles)
    assert len(np.unique(expected.argmax(axis=1))) > 3, "different answers are compared"
    np.testing.assert_allclose(recognizer.classify(scribbles), expected, atol=1e-4)


def test_both_runtimes_classify_mnist_alike(
    recognizer: Recognizer, network: DigitNet, mnist: Path
) -> None:
    """On pictures that the network was trained on, the runtimes agree too, and know them."""
    dataset = MNIST(mnist, train=True, download=False)
    images = dataset.data[:COUNT].numpy()
    probabilities = recognizer.classify(images)
    np.testing.assert_allclose(probabilities, answer(network, images)[0], atol=1e-4)
    assert (probabilities.argmax(axis=1) == dataset.targets[:COUNT].numpy()).mean() > 0.9


def test_both_runtimes_find_the_same_ink_likely(recognizer: Recognizer, network: DigitNet) -> None:
    """A digit's likelihood is the network's second output, on both runtimes."""
    rng = np.random.default_rng(1)
    drawings = [Drawing((Stroke(rng.uniform(0, 200, (points, 2))),)) for points in (1, 2, 3, 5, 9)]
    for prediction in recognizer.predict_many(drawings):
        (digit,) = prediction.digits
        _, (likelihood,) = answer(network, digit.image[None])
        assert digit.likelihood == pytest.approx(likelihood, abs=1e-4)


def test_the_network_takes_bytes_and_floats_alike(
    network: DigitNet, scribbles: NDArray[np.uint8]
) -> None:
    """Bytes from 0 to 255 and floats from 0 to 1 are the same picture."""
    floats = (scribbles[:50] / 255).astype(np.float32)
    for of_bytes, of_floats in zip(
        answer(network, scribbles[:50]), answer(network, floats), strict=True
    ):
        np.testing.assert_allclose(of_bytes, of_floats, atol=1e-6)


def test_the_card_counts_what_the_network_has(network: DigitNet) -> None:
    """Parameters, multiply-adds and temperature on the card are the network's own."""
    facts = load_card(shipped_model()).facts
    assert count_parameters(network) == facts["parameters"]
    assert count_multiply_adds(network) == facts["multiply_adds"]
    assert network.temperature.item() == pytest.approx(facts["temperature"], abs=1e-4)


def test_counting_leaves_the_network_as_it_was() -> None:
    """A network in training is in training after its multiply-adds were counted, and unhooked."""
    network = DigitNet(width=8, depth=8).train()
    count_multiply_adds(network)
    assert network.training
    assert all(not module._forward_hooks for module in network.modules())


def test_damaged_weights_are_told(model_folder: Path) -> None:
    """A safetensors file that was changed is a ModelError of one line that names it."""
    weights = model_folder / SAFETENSORS_NAME
    weights.write_bytes(weights.read_bytes() + b"\0")
    with pytest.raises(ModelError, match=rf"\A.*{re.escape(SAFETENSORS_NAME)}.*; .+\Z"):
        load_pretrained(model_folder)


@pytest.mark.parametrize("content", [b"", b"no safetensors", b"\x02\0\0\0\0\0\0\0{}"])
def test_weights_of_no_digitnet_are_told(model_folder: Path, content: bytes) -> None:
    """A file without the network's weights, though its card describes it truly, is told."""
    put_in_place(model_folder / SAFETENSORS_NAME, content)
    with pytest.raises(ModelError, match=rf"\A.*{re.escape(SAFETENSORS_NAME)}.*; .+\Z"):
        load_pretrained(model_folder)


def test_an_onnx_file_of_another_network_is_told(model_folder: Path) -> None:
    """A sound ONNX file that does not take pictures is told when it is loaded, not when used."""
    ends = [onnx.helper.make_tensor_value_info(end, onnx.TensorProto.FLOAT, [None]) for end in "ab"]
    copy = onnx.helper.make_node("Identity", ["a"], ["b"])
    graph = onnx.helper.make_graph([copy], "identity", ends[:1], ends[1:])
    # Not the newest: the runtime may be older than the tool that makes the file.
    opset = [onnx.helper.make_opsetid("", 17)]
    model = onnx.helper.make_model(graph, ir_version=8, opset_imports=opset)
    put_in_place(model_folder / ONNX_NAME, model.SerializeToString())
    with pytest.raises(ModelError, match=rf"\A.*{re.escape(ONNX_NAME)}.*; .+\Z"):
        Recognizer(model_folder)


def put_in_place(file: Path, content: bytes) -> None:
    """Replace one of a model's files, with its sum on the card."""
    file.write_bytes(content)
    card = json.loads((file.parent / CARD_NAME).read_bytes())
    card["sha256"][file.name] = hashlib.sha256(content).hexdigest()
    (file.parent / CARD_NAME).write_text(json.dumps(card))
