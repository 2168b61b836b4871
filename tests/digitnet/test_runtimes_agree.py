"""ONNX Runtime and PyTorch give the same answers."""

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
import onnxruntime
import torch
from torchvision.datasets import MNIST

from digitnet import ModelError, Recognizer
from digitnet.manifest import (
    MANIFEST_NAME,
    ONNX_NAME,
    SAFETENSORS_NAME,
    load_manifest,
    shipped_model,
)
from digitnet.preprocessing.framing import frame_strokes
from digitnet.training.export import STAGES, load_pretrained, to_onnx
from digitnet.training.network import DigitNet, count_multiply_adds, count_parameters

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
    """Return PyTorch's probabilities (n, 10) and likelihoods (n,)."""
    probabilities, likelihoods = network.answer(torch.from_numpy(images))
    return probabilities.numpy(), likelihoods.numpy()


def test_the_runtimes_agree_before_quantization(
    network: DigitNet, scribbles: NDArray[np.uint8]
) -> None:
    """In floating point, ONNX gives PyTorch's answers for any ink, and the first image's maps."""
    session = onnxruntime.InferenceSession(to_onnx(network).SerializeToString())
    pictures = (scribbles / 255).astype(np.float32)
    probabilities, likelihoods, *maps = session.run(None, {"pictures": pictures})
    expected = answer(network, scribbles)
    assert len(np.unique(expected[0].argmax(axis=1))) > 3, "different answers are compared"
    np.testing.assert_allclose(probabilities, expected[0], atol=1e-4)
    np.testing.assert_allclose(likelihoods, expected[1], atol=1e-4)
    with torch.inference_mode():
        stages = network.stages(torch.from_numpy(pictures[:1]))
    for stage, picture in zip(STAGES, maps, strict=True):
        np.testing.assert_allclose(picture, stages[stage], atol=1e-3)


def test_quantization_changes_little_for_any_ink(
    recognizer: Recognizer, network: DigitNet, scribbles: NDArray[np.uint8]
) -> None:
    """Nearly all scribbles, where the network is least confident, keep label and confidence."""
    before, likely_before = answer(network, scribbles)
    now, likely_now = recognizer.answer(scribbles)
    assert (now.argmax(axis=1) == before.argmax(axis=1)).mean() > 0.98
    assert np.abs(now - before).mean() < 0.01
    assert np.abs(likely_now - likely_before).mean() < 0.01


def test_quantization_changes_no_clear_digits(
    recognizer: Recognizer, network: DigitNet, mnist: Path
) -> None:
    """Training images are answered as before, and correctly."""
    dataset = MNIST(mnist, train=True, download=False)
    images = dataset.data[:COUNT].numpy()
    probabilities, likelihoods = recognizer.answer(images)
    before, likely_before = answer(network, images)
    np.testing.assert_array_equal(probabilities.argmax(axis=1), before.argmax(axis=1))
    assert np.abs(probabilities - before).mean() < 1e-3
    assert np.abs(likelihoods - likely_before).mean() < 1e-3
    assert (probabilities.argmax(axis=1) == dataset.targets[:COUNT].numpy()).mean() > 0.9


def test_likelihood_is_the_second_output(recognizer: Recognizer) -> None:
    """In an image, a digit's likelihood is the network's second output for its 28x28."""
    rng = np.random.default_rng(1)
    images = [frame_strokes([rng.uniform(0, 200, (points, 2))]) for points in (2, 3, 5, 9)]
    for prediction in recognizer.predict_many(images):
        (digit,) = prediction.digits
        _, (likelihood,) = recognizer.answer(digit.image[None])
        assert digit.likelihood == likelihood


def test_the_network_uses_int8_arithmetic() -> None:
    """All convolutions of the shipped file except the first have int8 weights."""
    graph = onnx.load(shipped_model() / ONNX_NAME).graph
    kinds = {tensor.name: tensor.data_type for tensor in graph.initializer}
    scaled = {
        node.output[0]: kinds.get(node.input[0])
        for node in graph.node
        if node.op_type == "DequantizeLinear"
    }
    first, *rest = [scaled.get(node.input[1]) for node in graph.node if node.op_type == "Conv"]
    assert first is None
    assert set(rest) == {onnx.TensorProto.INT8}
    assert len(rest) == 8


@pytest.mark.parametrize("threads", [1, 2, 5])
@pytest.mark.parametrize("count", [0, 1, 31, 33, 65, 300])
def test_threads_share_images(
    recognizer: Recognizer, scribbles: NDArray[np.uint8], threads: int, count: int
) -> None:
    """With any number of threads, the answers keep the order of the images."""
    probabilities, likelihoods = Recognizer(threads=threads).answer(scribbles[:count])
    expected, likely = recognizer.answer(scribbles)
    assert probabilities.shape == (count, 10)
    np.testing.assert_allclose(probabilities, expected[:count], atol=1e-5)
    np.testing.assert_allclose(likelihoods, likely[:count], atol=1e-5)


def test_the_network_treats_bytes_and_floats_alike(
    network: DigitNet, scribbles: NDArray[np.uint8]
) -> None:
    """Bytes from 0 to 255 and floats from 0 to 1 are the same image."""
    floats = (scribbles[:50] / 255).astype(np.float32)
    for of_bytes, of_floats in zip(
        answer(network, scribbles[:50]), answer(network, floats), strict=True
    ):
        np.testing.assert_allclose(of_bytes, of_floats, atol=1e-6)


def test_the_manifest_describes_the_network(network: DigitNet) -> None:
    """The manifest's parameters, multiply-adds and temperature are the network's."""
    facts = load_manifest(shipped_model()).facts
    assert count_parameters(network) == facts["parameters"]
    assert count_multiply_adds(network) == facts["multiply_adds"]
    assert network.temperature.item() == pytest.approx(facts["temperature"], abs=1e-4)


def test_counting_does_not_change_the_network() -> None:
    """After counting multiply-adds, a network is still in training mode and has no hooks."""
    network = DigitNet(width=8, depth=8).train()
    count_multiply_adds(network)
    assert network.training
    assert all(not module._forward_hooks for module in network.modules())


def test_the_error_for_damaged_weights(model_folder: Path) -> None:
    """A modified safetensors file is a one-line ModelError that names it."""
    weights = model_folder / SAFETENSORS_NAME
    weights.write_bytes(weights.read_bytes() + b"\0")
    with pytest.raises(ModelError, match=rf"\A.*{re.escape(SAFETENSORS_NAME)}.*; .+\Z"):
        load_pretrained(model_folder)


@pytest.mark.parametrize("content", [b"", b"no safetensors", b"\x02\0\0\0\0\0\0\0{}"])
def test_the_error_for_other_weights(model_folder: Path, content: bytes) -> None:
    """A file without the network's weights is refused even if its manifest matches."""
    put_in_place(model_folder / SAFETENSORS_NAME, content)
    with pytest.raises(ModelError, match=rf"\A.*{re.escape(SAFETENSORS_NAME)}.*; .+\Z"):
        load_pretrained(model_folder)


def test_the_error_for_another_onnx_network(model_folder: Path) -> None:
    """A valid ONNX file with other inputs is refused when loaded, not when used."""
    ends = [onnx.helper.make_tensor_value_info(end, onnx.TensorProto.FLOAT, [None]) for end in "ab"]
    copy = onnx.helper.make_node("Identity", ["a"], ["b"])
    graph = onnx.helper.make_graph([copy], "identity", ends[:1], ends[1:])
    # Not the newest opset: the runtime may be older than the tool that creates the file.
    opset = [onnx.helper.make_opsetid("", 17)]
    model = onnx.helper.make_model(graph, ir_version=8, opset_imports=opset)
    put_in_place(model_folder / ONNX_NAME, model.SerializeToString())
    with pytest.raises(ModelError, match=rf"\A.*{re.escape(ONNX_NAME)}.*; .+\Z"):
        Recognizer(model_folder)


def put_in_place(file: Path, content: bytes) -> None:
    """Replace one of a model's files, and update its hash in the manifest."""
    file.write_bytes(content)
    card = json.loads((file.parent / MANIFEST_NAME).read_bytes())
    card["sha256"][file.name] = hashlib.sha256(content).hexdigest()
    (file.parent / MANIFEST_NAME).write_text(json.dumps(card))
