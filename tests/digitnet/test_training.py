"""Small trainings from end to end: they learn, are reproducible, and export usable models."""

from __future__ import annotations

import itertools
import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import numpy as np
import pytest

pytest.importorskip("torch")

import onnxruntime
import torch

from digitnet import DataError, Drawing, Recognizer, Stroke, write_drawings
from digitnet.manifest import load_manifest
from digitnet.training.config import Config, describe
from digitnet.training.data import Pictures, render_drawings
from digitnet.training.distillation import TeacherEnsemble
from digitnet.training.evaluation import accuracy, predict_logits
from digitnet.training.export import export, load_pretrained, to_onnx
from digitnet.training.fit import fit
from digitnet.training.log import Epoch
from digitnet.training.network import DIGITS, NONE, DigitNet
from digitnet.training.pipeline import train

if TYPE_CHECKING:
    from numpy.typing import NDArray

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("one_torch_thread")]

SMALL = Config(
    epochs=8,
    batch_size=40,
    ema_decay=0.9,
    negatives=20,
    pairs=10,
    marks=10,
    label_smoothing=0,
    threads=1,
)

# Shapes that are easy to tell apart: a vertical line, an angle, a ring, and a cross (not a digit).
ANGLES = np.linspace(0, 2 * np.pi, 17)
SHAPES: dict[str, Sequence[NDArray[np.float64]]] = {
    "1": [np.array([[50.0, 0.0], [50.0, 100.0]])],
    "7": [np.array([[0.0, 0.0], [70.0, 0.0], [30.0, 100.0]])],
    "0": [50 + 50 * np.stack([np.sin(ANGLES), -np.cos(ANGLES)], axis=1)],
    "": [np.array([[0.0, 0.0], [99.0, 99.0]]), np.array([[99.0, 0.0], [0.0, 99.0]])],
}


def shaky(word: str, rng: np.random.Generator) -> Drawing:
    """Draw a shape with a shaky hand."""
    stretch = rng.uniform(0.8, 1.2, 2)
    strokes = [Stroke(path * stretch + rng.normal(0, 3, path.shape)) for path in SHAPES[word]]
    return Drawing(tuple(strokes), word=word, writer=str(rng.integers(5)))


def shaky_drawings(count: int, seed: int) -> list[Drawing]:
    rng = np.random.default_rng(seed)
    return [shaky(word, rng) for word in itertools.islice(itertools.cycle(SHAPES), count)]


def digits_of(drawings: Sequence[Drawing]) -> Pictures:
    """Render the digits, and only these, as MNIST does."""
    return render_drawings([drawing for drawing in drawings if drawing.word])


@pytest.fixture(scope="module")
def validation() -> Pictures:
    return render_drawings(shaky_drawings(100, seed=9))


@pytest.fixture(scope="module")
def trained(validation: Pictures) -> SimpleNamespace:
    """A network trained on 400 drawings, half of them as images, and what `fit` reported."""
    epochs: list[Epoch] = []
    steps: list[None] = []
    model = fit(
        SMALL,
        digits_of(shaky_drawings(266, seed=1)),
        digits_of(shaky_drawings(100, seed=2)),
        shaky_drawings(200, seed=3),
        validation,
        on_step=lambda: steps.append(None),
        on_epoch=epochs.append,
    )
    return SimpleNamespace(model=model, epochs=epochs, steps=len(steps))


@pytest.fixture(scope="module")
def folder(trained: SimpleNamespace, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The trained network, exported."""
    place = tmp_path_factory.mktemp("models") / "deep" / "small"
    export(trained.model, place, threshold=0.25, facts={"recipe": describe(SMALL)})
    return place


def test_clear_shapes_are_learned(trained: SimpleNamespace, validation: Pictures) -> None:
    """A few epochs on a few hundred drawings suffice for shapes that are easy to tell apart."""
    assert accuracy(trained.model, validation) > 0.95
    _, likelihoods = trained.model.answer(validation.images)
    is_digit = validation.labels != NONE
    assert likelihoods[is_digit].median() > 0.5 > likelihoods[~is_digit].median()


def test_each_step_and_each_epoch_is_reported(trained: SimpleNamespace) -> None:
    """There are as many steps as `steps_per_epoch` says; losses are finite and fall."""
    assert trained.steps == SMALL.epochs * SMALL.steps_per_epoch(200, 200)
    assert [epoch.number for epoch in trained.epochs] == list(range(1, SMALL.epochs + 1))
    losses = [epoch.loss for epoch in trained.epochs]
    assert np.isfinite(losses).all()
    assert losses[-1] < losses[0]
    for epoch in trained.epochs:
        assert 0 <= epoch.accuracy <= 1
        assert 0 <= epoch.ink_accuracy <= 1


def test_the_result_is_ready_to_predict(trained: SimpleNamespace) -> None:
    """The network is in evaluation mode, with a fitted temperature."""
    assert not trained.model.training
    assert 0.25 <= trained.model.temperature.item() <= 4


@pytest.mark.parametrize("with_ink", [False, True])
def test_the_seed_decides_everything(with_ink: bool) -> None:  # noqa: FBT001
    """The same seed gives the same weights to the last bit; another seed gives others."""
    pictures, drawings = digits_of(shaky_drawings(80, seed=1)), shaky_drawings(40, seed=2)

    def weights(seed: int) -> dict[str, torch.Tensor]:
        config = Config(
            epochs=1, batch_size=20, negatives=10, pairs=10, marks=10, seed=seed, threads=1
        )
        torch.rand(7)  # the global generator's state must not matter
        return fit(config, pictures, pictures, drawings if with_ink else ()).state_dict()

    first, again, other = weights(1), weights(1), weights(2)
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert not torch.equal(first["head.1.weight"], other["head.1.weight"])


def test_the_network_is_the_same_in_onnx(trained: SimpleNamespace, validation: Pictures) -> None:
    """Before quantisation, the ONNX network gives the same answers as the one in PyTorch."""
    session = onnxruntime.InferenceSession(to_onnx(trained.model).SerializeToString())
    pictures = validation.images.numpy().astype(np.float32) / 255
    answers = session.run(["probabilities", "likelihood"], {"pictures": pictures})
    with torch.inference_mode():
        expected = trained.model.answer(validation.images)
    for ours, theirs in zip(answers, expected, strict=True):
        np.testing.assert_allclose(ours, theirs.numpy(), atol=1e-5)


def test_the_exported_model_answers_as_the_trained_one(
    trained: SimpleNamespace, folder: Path, validation: Pictures
) -> None:
    """A recogniser loads the folder; quantisation changes its answers only a little."""
    recognizer = Recognizer(folder, threads=1)
    with torch.inference_mode():
        probabilities, likelihoods = trained.model.answer(validation.images)
    classified = recognizer.classify(validation.images.numpy())
    changes = np.abs(classified - probabilities.numpy())
    assert np.quantile(changes, 0.99) < 0.05
    assert changes.max() < 0.1  # where two digits are about as likely
    predictions = recognizer.predict_many(shaky_drawings(100, seed=9)[:3])
    for prediction, likelihood in zip(predictions, likelihoods.tolist(), strict=False):
        assert prediction.digits[0].likelihood == pytest.approx(likelihood, abs=0.05)
        assert prediction.digits[0].accepted == (prediction.digits[0].likelihood >= 0.25)


def test_the_exported_weights_are_the_trained_ones(trained: SimpleNamespace, folder: Path) -> None:
    """The safetensors file restores all weights, statistics and the temperature."""
    ours, theirs = trained.model.state_dict(), load_pretrained(folder).state_dict()
    assert set(ours) == set(theirs)
    assert all(torch.equal(ours[name], theirs[name]) for name in ours)


def test_the_manifest_says_how_the_model_was_made(folder: Path) -> None:
    """The manifest has the properties of the network and the facts passed to `export`."""
    manifest = load_manifest(folder)
    assert manifest.threshold == 0.25
    assert manifest.facts["recipe"]["epochs"] == SMALL.epochs
    assert {"architecture", "parameters", "multiply_adds", "temperature"} <= set(manifest.facts)
    assert sorted(file.name for file in folder.iterdir()) == [
        "model.json",
        "model.onnx",
        "model.safetensors",
    ]


def test_the_exported_model_reveals_nothing_of_the_machine(folder: Path) -> None:
    """The files have no paths and no source lines of the exporting program."""
    for content in (file.read_bytes() for file in folder.iterdir()):
        for trace in (sys.prefix, str(Path.home()), "site-packages", "/digitnet/", "/torch/"):
            assert trace.encode() not in content


def test_a_model_is_exported_to_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    """Exporting a loaded model again gives the same files, so their sums identify a model."""
    export(load_pretrained(folder), tmp_path, threshold=0.25, facts={})
    assert load_manifest(tmp_path).sha256 == load_manifest(folder).sha256


def test_an_unwritable_folder_fails_before_training(tmp_path: Path) -> None:
    """A file in place of the model's folder is a DataError of one line."""
    out = tmp_path / "file"
    out.touch()
    with pytest.raises(DataError, match=rf"\A{re.escape(str(out))}: .+; .+\Z"):
        train(SMALL, tmp_path, [], out)


@pytest.fixture
def few_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replace MNIST with 150 images of clear shapes."""
    pictures = digits_of(shaky_drawings(200, seed=4))
    monkeypatch.setattr("digitnet.training.pipeline.mnist_train", lambda _root: pictures)


TINY = Config(
    width=8,
    depth=8,
    shallow=True,
    epochs=1,
    path_epochs=1,
    batch_size=40,
    negatives=10,
    pairs=10,
    marks=10,
    threads=1,
)


@pytest.mark.usefixtures("few_pictures")
def test_the_pipeline_leads_from_files_to_a_model(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Given MNIST and recordings, `train` writes a usable model and reports its progress."""
    ink, out = tmp_path / "ink.ndjson", tmp_path / "out"
    write_drawings(ink, shaky_drawings(100, seed=5))
    train(TINY, None, [ink], out, limit=100, facts={"note": "small"})

    manifest = Recognizer(out, threads=1).manifest
    assert {"model.onnx", "path.onnx"} < manifest.sha256.keys()
    facts = manifest.facts
    assert facts["note"] == "small"
    assert facts["data"]["mnist_pictures"] + facts["data"]["mnist_validation"] == 100
    assert facts["data"]["ink_drawings"] + facts["data"]["ink_validation"] == 100
    output = capfd.readouterr()
    assert output.out == ""
    assert "epoch   1: loss " in output.err
    assert output.err.endswith(f"{out}: model written\n")


@pytest.mark.usefixtures("few_pictures")
@pytest.mark.parametrize(
    ("words", "writers"), [("", 1), ("17", 1), ("17", 5), ("1-", 1), ("1-", 5), ("-", 1)]
)
def test_the_pipeline_accepts_any_ink(tmp_path: Path, words: str, writers: int) -> None:
    """With one writer or several, and with or without digits, the manifest is valid."""
    rng, out = np.random.default_rng(6), tmp_path / "out"
    drawings = [shaky(word.strip("-"), rng) for word in words * 20]
    drawings = [replace(d, writer=str(index % writers)) for index, d in enumerate(drawings)]
    write_drawings(tmp_path / "ink.ndjson", drawings)
    train(TINY, None, [tmp_path / "ink.ndjson"], out)
    data = Recognizer(out, threads=1).manifest.facts["data"]
    assert data["ink_drawings"] + data["ink_validation"] == len(drawings)
    assert "NaN" not in (out / "model.json").read_text()


@pytest.mark.usefixtures("few_pictures")
def test_too_few_images_for_one_step_fail(tmp_path: Path) -> None:
    """Less than a batch of data is a DataError of one line, and no model is written."""
    with pytest.raises(DataError, match=r"\A.+\Z"):
        train(TINY, None, [], tmp_path / "out", limit=20)
    assert not (tmp_path / "out" / "model.json").exists()


def test_a_network_learns_from_its_teachers_what_no_label_says(validation: Pictures) -> None:
    """With a teacher that swaps 1 and 7, a network swaps them too, against the labels."""

    class Swapped(DigitNet):
        def forward(self, pictures: torch.Tensor) -> torch.Tensor:
            order = torch.arange(DIGITS + 1)
            order[[1, 7]] = order[[7, 1]]
            return super().forward(pictures)[:, order]

    pictures = digits_of(shaky_drawings(266, seed=1))
    start = fit(replace(SMALL, epochs=5), pictures, pictures)
    teacher = Swapped(SMALL.width, SMALL.depth)
    teacher.load_state_dict(start.state_dict())
    config = replace(SMALL, epochs=3, distillation_weight=1.0)
    distilled = fit(config, pictures, pictures, start=start, teachers=[teacher.eval()])

    is_one = validation.labels == 1
    assert is_one.any()
    answers = predict_logits(distilled, validation)[is_one, :DIGITS].argmax(dim=1)
    assert (answers == 7).float().mean() > 0.9


def test_teachers_that_agree_with_the_network_teach_nothing() -> None:
    """The divergence from the network's own prediction is zero; from any other, it is positive."""
    torch.manual_seed(1)
    network, pictures = DigitNet().eval(), torch.rand(8, 28, 28)
    teachers = TeacherEnsemble([network, network], 3.0, torch.device("cpu"))
    soft_targets = teachers.soft_targets(pictures)
    logits = network(pictures)
    torch.testing.assert_close(soft_targets.sum(dim=1), torch.ones(8))
    assert teachers.loss(logits, soft_targets).item() == pytest.approx(0, abs=1e-6)
    assert teachers.loss(logits.roll(1, dims=1), soft_targets).item() > 1e-4
