"""Fine-tuning: a model learns somebody's hand, and keeps what it knew."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

pytest.importorskip("torch")

import torch

from digitbench.formats.unipen.reader import read_unipen
from digitbench.run import suite
from digitnet import DataError, Drawing, Recognizer, RecordingError, Stroke, write_drawings
from digitnet.cli.main import cli
from digitnet.cli_support import run
from digitnet.manifest import load_manifest, shipped_model
from digitnet.training.finetune import FinetuneConfig, finetune
from digitnet.training.finetune_report import as_text
from digitnet.training.network import NONE
from digitnet.training.rehearsal import make_rehearsal
from digitnet.training.synthetic.prototypes import make_digit, make_fragments
from digitnet.training.user_drawings import count_words, read_user_drawings

pytestmark = pytest.mark.slow

QUICK = FinetuneConfig(steps=60, pool=1000, threads=1)


def slanted(drawing: Drawing, slant: float = 1.3) -> Drawing:
    """Write a drawing as somebody would whose hand leans far to the right."""
    matrix = np.array([[1.0, 0.0], [-slant, 1.0]])
    strokes = tuple(Stroke(stroke.xy @ matrix) for stroke in drawing.strokes)
    return replace(drawing, strokes=strokes, canvas=None, pen=None)


def right(recognizer: Recognizer, drawings: Sequence[Drawing]) -> float:
    answers = [prediction.text for prediction in recognizer.predict_many(drawings)]
    return float(np.mean([text == d.word for text, d in zip(answers, drawings, strict=True)]))


@pytest.fixture(scope="module")
def bundled() -> list[Drawing]:
    """The bundled recordings of digits, and of what is none."""
    return [d for d in suite.read_all(suite.bundled_recordings()) if len(d.word) < 2]


@pytest.fixture(scope="module")
def own(bundled: Sequence[Drawing]) -> list[Drawing]:
    """Every third of the digits, slanted: eight of each."""
    return [slanted(drawing) for drawing in [d for d in bundled if d.word][::3]]


@pytest.fixture(scope="module")
def tuned(own: Sequence[Drawing], tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """A model that was fine-tuned on these, in few steps."""
    folder = tmp_path_factory.mktemp("tuned")
    write_drawings(folder / "own.ndjson", own)
    ink = read_user_drawings([folder], QUICK.held, QUICK.seed)
    threads = torch.get_num_threads()
    report = finetune(QUICK, ink, folder / "model")
    torch.set_num_threads(threads)
    return SimpleNamespace(report=report, folder=folder / "model", ink=ink)


def test_a_hand_is_learned(
    tuned: SimpleNamespace, bundled: Sequence[Drawing], recognizer: Recognizer
) -> None:
    """Drawings of that hand that were not learned from are read much better than before."""
    others = [slanted(drawing) for drawing in [d for d in bundled if d.word][1::3]]
    before, after = right(recognizer, others), right(Recognizer(tuned.folder), others)
    assert after > 0.9
    assert after - before > 0.15


def test_what_was_known_is_kept(tuned: SimpleNamespace, bundled: Sequence[Drawing]) -> None:
    """Digits as other people write them, and ink that is no digit, are answered as before."""
    assert right(Recognizer(tuned.folder), bundled) > 0.98


def test_the_report_says_what_was_measured(tuned: SimpleNamespace, recognizer: Recognizer) -> None:
    """Before and after, on drawings that were put aside; the card holds the same."""
    report, held = tuned.report, tuned.ink.held
    assert sum(report.learned.values()) == len(tuned.ink.learned)
    assert report.held_before == right(recognizer, held) * len(held)
    assert report.held_after == right(Recognizer(tuned.folder), held) * len(held)
    assert report.held_after > report.held_before
    assert 0.9 * report.made < report.made_same <= report.made
    assert report.mnist == 0
    card = load_manifest(tuned.folder)
    assert card.facts["finetuned"]["held_after"] == report.held_after
    assert card.facts["began_with"] == load_manifest(shipped_model()).sha256["model.safetensors"]
    assert card.threshold == load_manifest(shipped_model()).threshold
    text = as_text(report)
    assert f"{report.held_before} of {len(held)} before, {report.held_after} now" in text
    assert "MNIST" not in text


def test_the_seed_decides_everything(own: Sequence[Drawing], tmp_path: Path) -> None:
    """The same drawings and seed give the same model."""
    write_drawings(tmp_path / "own.ndjson", own[:10])
    ink = read_user_drawings([tmp_path], 0.2, seed=1)
    made = []
    for name in ("a", "b"):
        finetune(FinetuneConfig(steps=2, pool=50, threads=1), ink, tmp_path / name)
        made.append(load_manifest(tmp_path / name).sha256["model.safetensors"])
    assert made[0] == made[1]


def test_one_drawing_does_no_harm(
    seven: Drawing, small_mnist: Path, tmp_path: Path, bundled: Sequence[Drawing]
) -> None:
    """With so few none is put aside; MNIST is gone over again where it is, and measured."""
    write_drawings(tmp_path / "seven.ndjson", [seven])
    ink = read_user_drawings([tmp_path / "seven.ndjson"], 0.2, seed=1)
    config = FinetuneConfig(steps=15, pool=200, threads=1)
    report = finetune(config, ink, tmp_path / "out", data=small_mnist)
    assert (report.learned, report.held) == ({"7": 1}, {})
    assert report.mnist == 120
    assert report.mnist_after >= report.mnist_before - 3
    assert "MNIST" in as_text(report)
    assert right(Recognizer(tmp_path / "out"), bundled) > 0.98


def test_drawings_that_cannot_be_learned_from_are_counted(seven: Drawing, tmp_path: Path) -> None:
    """Unlabelled, of several digits, sessions, blank, labelled otherwise, or saved twice."""
    moved = replace(seven, strokes=(Stroke(seven.strokes[0].xy + 1),))
    drawings = [
        replace(seven, word="1"),
        seven,
        replace(moved, word=""),
        replace(seven, tags=("unlabelled",)),
        replace(seven, word="42"),
        replace(seven, word="x"),
        replace(seven, events=((5, "undo"),)),
        Drawing((), word="7"),
    ]
    (tmp_path / "recordings").mkdir()
    write_drawings(tmp_path / "recordings" / "a.ndjson", drawings)
    ink = read_user_drawings([tmp_path], 0.2, seed=1)
    assert count_words(ink.learned) == {"7": 1, "none": 1}  # what was said last counts
    assert ink.left_out == {
        "saved twice": 1,
        "unlabelled": 1,
        "of several digits": 1,
        "with other labels": 1,
        "whole sessions": 1,
        "blank": 1,
    }


def test_of_each_digit_some_are_put_aside(own: Sequence[Drawing], tmp_path: Path) -> None:
    """A fifth of each, rounded, by the seed's will; none is lost, none on both sides."""
    write_drawings(tmp_path / "own.ndjson", own)
    ink = read_user_drawings([tmp_path], 0.2, seed=1)
    assert set(count_words(ink.held).values()) == {2}
    assert set(count_words(ink.learned).values()) == {6}
    both = [drawing.key_id for drawing in (*ink.learned, *ink.held)]
    assert sorted(both) == sorted(drawing.key_id for drawing in own)
    again, other = (read_user_drawings([tmp_path], 0.2, seed=seed) for seed in (1, 2))
    assert again.held == ink.held != other.held


@pytest.mark.parametrize("tags", [("unlabelled",), None], ids=["unlabelled", "empty"])
def test_nothing_to_learn_from_is_one_line(
    seven: Drawing, tmp_path: Path, tags: tuple[str, ...] | None
) -> None:
    """It names the file, says what is in it, and what to do."""
    file = tmp_path / "saved.ndjson"
    write_drawings(file, [] if tags is None else [replace(seven, tags=tags)] * 3)
    what = "3 unlabelled" if tags else "found nothing"
    with pytest.raises(DataError, match=rf"\A{re.escape(str(file))}: .*{what}; .+\Z"):
        read_user_drawings([tmp_path], 0.2, seed=1)
    with pytest.raises(RecordingError, match=r"\A.*gone: .+; .+\Z"):
        read_user_drawings([tmp_path / "gone"], 0.2, seed=1)


def test_a_place_that_cannot_be_written_is_told(seven: Drawing, tmp_path: Path) -> None:
    """A file where the model's folder should be is a DataError, in one line."""
    write_drawings(tmp_path / "seven.ndjson", [seven])
    ink = read_user_drawings([tmp_path], 0.2, seed=1)
    out = tmp_path / "file"
    out.touch()
    with pytest.raises(DataError, match=rf"\A{re.escape(str(out))}: .+; .+\Z"):
        finetune(FinetuneConfig(steps=1, pool=10, threads=1), ink, out)


def test_rehearsal_is_of_all_kinds(recognizer: Recognizer) -> None:
    """Every digit is among it, and much that is none; chance is the generator's."""
    images = make_rehearsal(300, np.random.default_rng(1)).numpy()
    assert images.dtype == np.uint8
    assert images.shape == (300, 28, 28)
    probabilities, likelihoods = recognizer.answer(images)
    is_digit = likelihoods > 0.5
    assert set(probabilities[is_digit].argmax(axis=1)) == set(range(10))
    assert 0.4 < is_digit.mean() < 0.8
    np.testing.assert_array_equal(images, make_rehearsal(300, np.random.default_rng(1)).numpy())


@pytest.mark.parametrize("label", [*range(10), NONE])
def test_made_ink_is_finite(label: int) -> None:
    """Whatever chance decides, it is paths with points, about two units in size."""
    for seed in range(50):
        rng = np.random.default_rng(seed)
        paths = make_fragments(rng) if label == NONE else make_digit(label, rng)
        assert all(path.ndim == 2 and path.shape[1] == 2 and len(path) for path in paths)
        assert np.abs(np.concatenate(paths)).max() < 5


def test_a_real_hand_is_learned_by_the_command(
    pendigits: Path,
    tmp_path: Path,
    bundled: Sequence[Drawing],
    capfd: pytest.CaptureFixture[str],
) -> None:
    """`digitnet finetune` as a user gives it, on a hundred slanted digits by one writer."""
    by_one = [
        slanted(drawing)
        for drawing in read_unipen(pendigits / "pendigits-orig.tra")
        if drawing.writer == "12"
    ]
    write_drawings(tmp_path / "own.ndjson", by_one[:100])
    out = tmp_path / "out"
    with pytest.raises(SystemExit) as caught:
        run(cli, ["finetune", str(tmp_path / "own.ndjson"), "--out", str(out), "--threads", "1"])
    assert not caught.value.code
    said = capfd.readouterr()
    assert said.out.startswith("learned from ")
    assert said.err == f"{out}: model written; draw with it: digitdraw --model {out}\n"
    facts = json.loads((out / "model.json").read_text())["finetuned"]
    held = sum(facts["held"].values())
    assert facts["held_before"] < 0.8 * held < 0.9 * held <= facts["held_after"]
    tuned = Recognizer(out)
    assert right(tuned, by_one[100:]) > 0.93
    assert right(tuned, bundled) > 0.985
