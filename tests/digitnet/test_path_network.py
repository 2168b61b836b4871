"""The network for the pen's path: trained on strokes, joined with pictures, exported, used."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from digitnet import Drawing, ModelError, Recognizer, Stroke
from digitnet.manifest import PATH_ONNX_NAME, load_manifest
from digitnet.preprocessing.pen_path import CHANNELS, POINTS, pen_path
from digitnet.preprocessing.sources import Source
from digitnet.runtime import PathNetwork

pytest.importorskip("torch")

import torch

from digitnet.training.batches import views_of
from digitnet.training.config import Config
from digitnet.training.export import (
    export,
    load_pretrained,
    load_pretrained_path,
    to_path_onnx,
)
from digitnet.training.network import DIGITS, count_parameters
from digitnet.training.path_network import PathNet
from digitnet.training.path_training import fit_path

pytestmark = pytest.mark.usefixtures("one_torch_thread")

QUICK = Config(path_epochs=6, negatives=100, pairs=20, marks=20, threads=1)


@pytest.fixture(scope="module")
def trained(
    bundled: Sequence[Drawing], tmp_path_factory: pytest.TempPathFactory
) -> SimpleNamespace:
    """A network trained on half of the bundled drawings, and a model with it."""
    torch.set_num_threads(1)
    network = fit_path(QUICK, views_of([*bundled[::2]] * 4, QUICK), device="cpu")
    folder = tmp_path_factory.mktemp("joined")
    export(load_pretrained(), folder, threshold=0.5, facts={}, path_network=network)
    return SimpleNamespace(network=network, folder=folder)


def random_answers(count: int) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    generator = torch.Generator().manual_seed(count)
    probabilities = torch.softmax(3 * torch.randn(count, DIGITS, generator=generator), dim=1)
    paths = torch.randn(count, CHANNELS, POINTS, generator=generator)
    return probabilities, torch.rand(count, generator=generator), paths


def test_it_learns_digits(trained: SimpleNamespace, bundled: Sequence[Drawing]) -> None:
    """Most drawings that it was not trained on get the right label."""
    others = [drawing for drawing in bundled[1::2] if drawing.word]
    paths = np.stack([pen_path([s.xy for s in drawing.strokes]) for drawing in others])
    with torch.inference_mode():
        labels = trained.network(torch.from_numpy(paths))[:, :DIGITS].argmax(dim=1)
    right = labels == torch.tensor([int(drawing.word) for drawing in others])
    assert right.double().mean() > 0.8


def test_the_seed_decides_everything(bundled: Sequence[Drawing]) -> None:
    """The same drawings and seed give the same weights."""
    config = Config(path_epochs=1, negatives=10, pairs=2, marks=2, threads=1)
    one, other = (fit_path(config, bundled[:20], device="cpu").head.weight for _ in range(2))
    assert torch.equal(one, other)


def test_it_is_small() -> None:
    """It has a fifth of the other network's parameters."""
    assert count_parameters(PathNet()) < 60_000


def test_without_weight_the_path_changes_nothing() -> None:
    """Joined with no weight, the answers to pictures stay as they are."""
    network = PathNet(8).eval()
    network.path_weight.fill_(0)
    network.picture_weight.fill_(1)
    network.bias.fill_(0)
    network.temperature.fill_(1)
    probabilities, likelihood, paths = random_answers(20)
    joined, likely = network.join(probabilities, likelihood, paths)
    torch.testing.assert_close(joined, probabilities, atol=1e-4, rtol=0)
    torch.testing.assert_close(likely, likelihood, atol=1e-4, rtol=0)


def test_impossible_answers_can_be_joined() -> None:
    """Probabilities of exactly 0 and 1 have no finite logarithm, but an answer."""
    probabilities = torch.eye(DIGITS)
    likelihood = torch.arange(DIGITS) % 2.0
    joined, likely = (
        PathNet(8).eval().join(probabilities, likelihood, torch.zeros(DIGITS, CHANNELS, POINTS))
    )
    assert torch.isfinite(joined).all()
    assert torch.isfinite(likely).all()


@pytest.mark.parametrize("count", [1, 300])
def test_the_exported_network_agrees(count: int) -> None:
    """ONNX Runtime gives PyTorch's answers, for one path and for more than a batch."""
    torch.manual_seed(1)
    network = PathNet(8).eval()
    exported = PathNetwork(to_path_onnx(network).SerializeToString(), Path("path.onnx"))
    arguments = random_answers(count)
    with torch.inference_mode():
        expected = network.join(*arguments)
    answers = exported.join(*(argument.numpy() for argument in arguments))
    for answer, right in zip(answers, expected, strict=True):
        np.testing.assert_allclose(answer, right.numpy(), atol=1e-5)


def test_weights_survive_a_round_trip(trained: SimpleNamespace) -> None:
    """A model's folder has the network as it was trained, in both formats."""
    loaded = load_pretrained_path(trained.folder)
    assert loaded is not None
    for name, tensor in trained.network.state_dict().items():
        assert torch.equal(loaded.state_dict()[name], tensor)
    assert load_manifest(trained.folder).facts["path_parameters"] == count_parameters(loaded)


def test_ink_is_read_by_both_and_pictures_by_one(
    trained: SimpleNamespace, seven: Drawing, tmp_path: Path
) -> None:
    """The path has its say in drawings; the 28x28 on its own is answered as without it."""
    alone = tmp_path / "alone"
    export(load_pretrained(), alone, threshold=0.5, facts={})
    joined, pictured = Recognizer(trained.folder, threads=1), Recognizer(alone, threads=1)
    (ours,), (theirs,) = (r.predict(seven).digits for r in (joined, pictured))
    assert ours.label == theirs.label == 7
    assert (ours.probabilities != theirs.probabilities).any()
    np.testing.assert_array_equal(ours.image, theirs.image)
    batch = ours.image[None]
    np.testing.assert_array_equal(joined.classify(batch), pictured.classify(batch))


def test_order_and_direction_of_strokes_make_no_difference(
    trained: SimpleNamespace, bundled: Sequence[Drawing]
) -> None:
    """Drawn the other way round, ink gets the same answer."""
    recognizer = Recognizer(trained.folder, threads=1)
    for drawing in [drawing for drawing in bundled[::4] if drawing.word]:
        other = Drawing(tuple(Stroke(s.points[::-1]) for s in drawing.strokes[::-1]))
        (one,), (two,) = (recognizer.predict(Drawing(d.strokes)).digits for d in (drawing, other))
        np.testing.assert_allclose(one.probabilities, two.probabilities, atol=0.01)


def test_drawings_and_pictures_can_be_mixed(trained: SimpleNamespace, seven: Drawing) -> None:
    """In one batch, each is read as on its own."""
    recognizer = Recognizer(trained.folder, threads=1)
    picture = recognizer.predict(seven).digits[0].image
    sources: list[Source] = [seven, picture, seven]
    for source, prediction in zip(sources, recognizer.predict_many(sources), strict=True):
        expected = recognizer.predict(source).digits[0].probabilities
        np.testing.assert_allclose(prediction.digits[0].probabilities, expected, atol=1e-5)


def test_a_network_for_pictures_is_refused(trained: SimpleNamespace) -> None:
    """Each of the two files has its place."""
    content = (trained.folder / "model.onnx").read_bytes()
    with pytest.raises(ModelError, match="not a DigitNet"):
        PathNetwork(content, trained.folder / PATH_ONNX_NAME)
