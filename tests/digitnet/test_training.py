"""Training, end to end and small: it learns, it repeats itself, and what it writes can be used."""

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

# Shapes that nobody could mix up: an upright, an angle, a ring, and crossed lines, no digit.
ANGLES = np.linspace(0, 2 * np.pi, 17)
SHAPES: dict[str, Sequence[NDArray[np.float64]]] = {
    "1": [np.array([[50.0, 0.0], [50.0, 100.0]])],
    "7": [np.array([[0.0, 0.0], [70.0, 0.0], [30.0, 100.0]])],
    "0": [50 + 50 * np.stack([np.sin(ANGLES), -np.cos(ANGLES)], axis=1)],
    "": [np.array([[0.0, 0.0], [99.0, 99.0]]), np.array([[99.0, 0.0], [0.0, 99.0]])],
}


def shaky(word: str, rng: np.random.Generator) -> Drawing:
    """Draw a shape with a hand that is never quite where it should be."""
    stretch = rng.uniform(0.8, 1.2, 2)
    strokes = [Stroke(path * stretch + rng.normal(0, 3, path.shape)) for path in SHAPES[word]]
    return Drawing(tuple(strokes), word=word, writer=str(rng.integers(5)))


def shaky_drawings(count: int, seed: int) -> list[Drawing]:
    rng = np.random.default_rng(seed)
    return [shaky(word, rng) for word in itertools.islice(itertools.cycle(SHAPES), count)]


def digits_of(drawings: Sequence[Drawing]) -> Pictures:
    """Give pictures as MNIST gives them: of digits only."""
    return render_drawings([drawing for drawing in drawings if drawing.word])


@pytest.fixture(scope="module")
def validation() -> Pictures:
    return render_drawings(shaky_drawings(100, seed=9))


@pytest.fixture(scope="module")
def trained(validation: Pictures) -> SimpleNamespace:
    """A network that was trained on 400 drawings, half of them as pictures, and what it told."""
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
    """A few epochs on a few hundred drawings suffice for shapes that nobody could mix up."""
    assert accuracy(trained.model, validation) > 0.95
    _, likelihoods = trained.model.answer(validation.images)
    is_digit = validation.labels != NONE
    assert likelihoods[is_digit].median() > 0.5 > likelihoods[~is_digit].median()


def test_training_tells_each_step_and_each_epoch(trained: SimpleNamespace) -> None:
    """Progress is told as often as was announced; losses are finite and fall."""
    assert trained.steps == SMALL.epochs * SMALL.steps_per_epoch(200, 200)
    assert [epoch.number for epoch in trained.epochs] == list(range(1, SMALL.epochs + 1))
    losses = [epoch.loss for epoch in trained.epochs]
    assert np.isfinite(losses).all()
    assert losses[-1] < losses[0]
    for epoch in trained.epochs:
        assert 0 <= epoch.accuracy <= 1
        assert 0 <= epoch.ink_accuracy <= 1


def test_the_result_is_ready_to_predict(trained: SimpleNamespace) -> None:
    """The network comes back in evaluation mode, with a temperature fitted to it."""
    assert not trained.model.training
    assert 0.25 <= trained.model.temperature.item() <= 4


@pytest.mark.parametrize("with_ink", [False, True])
def test_the_seed_decides_everything(with_ink: bool) -> None:  # noqa: FBT001
    """The same seed gives the same weights to the last bit, another seed gives others."""
    pictures, drawings = digits_of(shaky_drawings(80, seed=1)), shaky_drawings(40, seed=2)

    def weights(seed: int) -> dict[str, torch.Tensor]:
        config = Config(
            epochs=1, batch_size=20, negatives=10, pairs=10, marks=10, seed=seed, threads=1
        )
        torch.rand(7)  # what was drawn before must not matter
        return fit(config, pictures, pictures, drawings if with_ink else ()).state_dict()

    first, again, other = weights(1), weights(1), weights(2)
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert not torch.equal(first["head.1.weight"], other["head.1.weight"])


def test_the_network_is_the_same_in_onnx(trained: SimpleNamespace, validation: Pictures) -> None:
    """Before it is quantised, the ONNX network answers as the one in PyTorch does."""
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
    """The recogniser loads the folder; 8-bit integers change what it answers by little."""
    recognizer = Recognizer(folder, threads=1)
    with torch.inference_mode():
        probabilities, likelihoods = trained.model.answer(validation.images)
    classified = recognizer.classify(validation.images.numpy())
    np.testing.assert_allclose(classified, probabilities.numpy(), atol=0.05)
    predictions = recognizer.predict_many(shaky_drawings(100, seed=9)[:3])
    for prediction, likelihood in zip(predictions, likelihoods.tolist(), strict=False):
        assert prediction.digits[0].likelihood == pytest.approx(likelihood, abs=0.05)
        assert prediction.digits[0].accepted == (prediction.digits[0].likelihood >= 0.25)


def test_the_exported_weights_are_the_trained_ones(trained: SimpleNamespace, folder: Path) -> None:
    """The safetensors file brings back each weight, statistic and temperature."""
    ours, theirs = trained.model.state_dict(), load_pretrained(folder).state_dict()
    assert set(ours) == set(theirs)
    assert all(torch.equal(ours[name], theirs[name]) for name in ours)


def test_the_card_says_how_the_model_was_made(folder: Path) -> None:
    """Beside what is measured of the network, the card holds the facts that it was given."""
    card = load_manifest(folder)
    assert card.threshold == 0.25
    assert card.facts["recipe"]["epochs"] == SMALL.epochs
    assert {"architecture", "parameters", "multiply_adds", "temperature"} <= set(card.facts)
    assert sorted(file.name for file in folder.iterdir()) == [
        "model.json",
        "model.onnx",
        "model.safetensors",
    ]


def test_the_exported_model_holds_nothing_of_the_machine(folder: Path) -> None:
    """No path or line of the exporting program is in the files."""
    for content in (file.read_bytes() for file in folder.iterdir()):
        for trace in (sys.prefix, str(Path.home()), "site-packages", "/digitnet/", "/torch/"):
            assert trace.encode() not in content


def test_a_model_is_exported_to_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    """Exporting again what was loaded gives the same files, so their sums identify a model."""
    export(load_pretrained(folder), tmp_path, threshold=0.25, facts={})
    assert load_manifest(tmp_path).sha256 == load_manifest(folder).sha256


def test_a_place_that_cannot_be_written_is_told_before_training(tmp_path: Path) -> None:
    """A file where the model's folder should be is a DataError, in one line, at once."""
    out = tmp_path / "file"
    out.touch()
    with pytest.raises(DataError, match=rf"\A{re.escape(str(out))}: .+; .+\Z"):
        train(SMALL, tmp_path, [], out)


@pytest.fixture
def few_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put 150 pictures of clear shapes in MNIST's place."""
    pictures = digits_of(shaky_drawings(200, seed=4))
    monkeypatch.setattr("digitnet.training.pipeline.mnist_train", lambda _root: pictures)


TINY = Config(epochs=1, batch_size=40, negatives=10, pairs=10, marks=10, threads=1)


@pytest.mark.usefixtures("few_pictures")
def test_the_recipe_leads_from_files_to_a_model(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Given MNIST and recordings, `train` writes a model that can be used, and tells its course."""
    ink, out = tmp_path / "ink.ndjson", tmp_path / "out"
    write_drawings(ink, shaky_drawings(100, seed=5))
    train(TINY, None, [ink], out, limit=100, facts={"note": "small"})

    card = Recognizer(out, threads=1).manifest
    assert card.facts["note"] == "small"
    assert card.facts["data"]["mnist_pictures"] + card.facts["data"]["mnist_validation"] == 100
    assert card.facts["data"]["ink_drawings"] + card.facts["data"]["ink_validation"] == 100
    said = capfd.readouterr()
    assert said.out == ""
    assert "epoch   1: loss " in said.err
    assert said.err.endswith(f"{out}: model written\n")


@pytest.mark.usefixtures("few_pictures")
@pytest.mark.parametrize(
    ("words", "writers"), [("", 1), ("17", 1), ("17", 5), ("1-", 1), ("1-", 5), ("-", 1)]
)
def test_the_recipe_takes_any_ink(tmp_path: Path, words: str, writers: int) -> None:
    """However few write, and whether or not all ink is digits, the model's card is sound."""
    rng, out = np.random.default_rng(6), tmp_path / "out"
    drawings = [shaky(word.strip("-"), rng) for word in words * 20]
    drawings = [replace(d, writer=str(index % writers)) for index, d in enumerate(drawings)]
    write_drawings(tmp_path / "ink.ndjson", drawings)
    train(TINY, None, [tmp_path / "ink.ndjson"], out)
    data = Recognizer(out, threads=1).manifest.facts["data"]
    assert data["ink_drawings"] + data["ink_validation"] == len(drawings)
    assert "NaN" not in (out / "model.json").read_text()


@pytest.mark.usefixtures("few_pictures")
def test_too_few_pictures_for_one_step_are_told(tmp_path: Path) -> None:
    """Where there is less than a batch to learn from, nothing is learned, and that is said."""
    with pytest.raises(DataError, match=r"\A.+\Z"):
        train(TINY, None, [], tmp_path / "out", limit=20)
    assert not (tmp_path / "out" / "model.json").exists()


def test_a_network_learns_from_its_teachers_what_no_label_tells(validation: Pictures) -> None:
    """Taught by networks that swap 1 and 7, a network swaps them too, whatever the labels say."""

    class Swapped(DigitNet):
        def forward(self, pictures: torch.Tensor) -> torch.Tensor:
            order = torch.arange(DIGITS + 1)
            order[[1, 7]] = order[[7, 1]]
            return super().forward(pictures)[:, order]

    pictures = digits_of(shaky_drawings(266, seed=1))
    start = fit(replace(SMALL, epochs=5), pictures, pictures)
    teacher = Swapped()
    teacher.load_state_dict(start.state_dict())
    config = replace(SMALL, epochs=3, distillation_weight=1.0)
    taught = fit(config, pictures, pictures, start=start, teachers=[teacher.eval()])

    is_one = validation.labels == 1
    assert is_one.any()
    answers = predict_logits(taught, validation)[is_one, :DIGITS].argmax(dim=1)
    assert (answers == 7).float().mean() > 0.9


def test_teachers_that_agree_with_the_network_teach_nothing() -> None:
    """The divergence is zero from the network's own opinion, and above for any other."""
    torch.manual_seed(1)
    network, pictures = DigitNet().eval(), torch.rand(8, 28, 28)
    teachers = TeacherEnsemble([network, network], 3.0, torch.device("cpu"))
    opinions = teachers.soft_targets(pictures)
    logits = network(pictures)
    torch.testing.assert_close(opinions.sum(dim=1), torch.ones(8))
    assert teachers.loss(logits, opinions).item() == pytest.approx(0, abs=1e-6)
    assert teachers.loss(logits.roll(1, dims=1), opinions).item() > 1e-4
