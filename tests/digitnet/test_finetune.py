"""Fine-tuning: a model learns a user's handwriting, and keeps what it knew."""

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


def slanted(drawing: Drawing, slant: float = 1.6) -> Drawing:
    """Slant a drawing far to the right."""
    matrix = np.array([[1.0, 0.0], [-slant, 1.0]])
    strokes = tuple(Stroke(stroke.xy @ matrix) for stroke in drawing.strokes)
    return replace(drawing, strokes=strokes, canvas=None, pen=None)


def right(recognizer: Recognizer, drawings: Sequence[Drawing]) -> float:
    answers = [prediction.text for prediction in recognizer.predict_many(drawings)]
    return float(np.mean([text == d.word for text, d in zip(answers, drawings, strict=True)]))


@pytest.fixture(scope="module")
def own(bundled: Sequence[Drawing]) -> list[Drawing]:
    """Every third digit, slanted: eight of each."""
    return [slanted(drawing) for drawing in [d for d in bundled if d.word][::3]]


@pytest.fixture(scope="module")
def tuned(own: Sequence[Drawing], tmp_path_factory: pytest.TempPathFactory) -> SimpleNamespace:
    """A model fine-tuned on these in few steps."""
    folder = tmp_path_factory.mktemp("tuned")
    write_drawings(folder / "own.ndjson", own)
    ink = read_user_drawings([folder], QUICK.held, QUICK.seed)
    threads = torch.get_num_threads()
    report = finetune(QUICK, ink, folder / "model")
    torch.set_num_threads(threads)
    return SimpleNamespace(report=report, folder=folder / "model", ink=ink)


def test_a_handwriting_is_learned(
    tuned: SimpleNamespace, bundled: Sequence[Drawing], recognizer: Recognizer
) -> None:
    """Other drawings in that handwriting are read much better than before."""
    others = [slanted(drawing) for drawing in [d for d in bundled if d.word][1::3]]
    before, after = right(recognizer, others), right(Recognizer(tuned.folder), others)
    assert after > 0.9
    assert after - before > 0.15


def test_both_networks_learn(tuned: SimpleNamespace) -> None:
    """The network for the pen's path is fine-tuned as well as that for images."""
    manifest, shipped = load_manifest(tuned.folder), load_manifest(shipped_model())
    assert {*manifest.sha256} == {*shipped.sha256}
    assert not {*manifest.sha256.values()} & {*shipped.sha256.values()}


def test_what_was_known_is_kept(tuned: SimpleNamespace, bundled: Sequence[Drawing]) -> None:
    """Digits in other handwritings and ink that is not a digit are still read correctly."""
    assert right(Recognizer(tuned.folder), bundled) > 0.98


def test_the_report_has_the_measurements(tuned: SimpleNamespace, recognizer: Recognizer) -> None:
    """It has those on the held-out drawings, before and after; the manifest has the same."""
    report, held = tuned.report, tuned.ink.held
    assert sum(report.learned.values()) == len(tuned.ink.learned)
    assert report.held_before == right(recognizer, held) * len(held)
    assert report.held_after == right(Recognizer(tuned.folder), held) * len(held)
    assert report.held_after > report.held_before
    assert 0.9 * report.made < report.made_same <= report.made
    assert report.mnist == 0
    manifest, shipped = load_manifest(tuned.folder), load_manifest(shipped_model())
    assert manifest.facts["finetuned"]["held_after"] == report.held_after
    assert manifest.facts["began_with"] == shipped.sha256["model.safetensors"]
    assert manifest.threshold == shipped.threshold
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
    """None is held out; with MNIST, it is rehearsed and measured."""
    write_drawings(tmp_path / "seven.ndjson", [seven])
    ink = read_user_drawings([tmp_path / "seven.ndjson"], 0.2, seed=1)
    config = FinetuneConfig(steps=15, pool=200, threads=1)
    report = finetune(config, ink, tmp_path / "out", data=small_mnist)
    assert (report.learned, report.held) == ({"7": 1}, {})
    assert report.mnist == 120
    assert report.mnist_after >= report.mnist_before - 3
    assert "MNIST" in as_text(report)
    assert right(Recognizer(tmp_path / "out"), bundled) > 0.98


def test_unusable_drawings_are_counted(seven: Drawing, tmp_path: Path) -> None:
    """Unlabelled, with several digits or other labels, sessions, blank, or saved twice."""
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
    assert count_words(ink.learned) == {"7": 1, "none": 1}  # the latest label counts
    assert ink.left_out == {
        "saved twice": 1,
        "unlabelled": 1,
        "of several digits": 1,
        "with other labels": 1,
        "whole sessions": 1,
        "blank": 1,
    }


def test_some_of_each_digit_are_held_out(own: Sequence[Drawing], tmp_path: Path) -> None:
    """A rounded fifth of each, chosen by the seed; none is lost or in both splits."""
    write_drawings(tmp_path / "own.ndjson", own)
    ink = read_user_drawings([tmp_path], 0.2, seed=1)
    assert set(count_words(ink.held).values()) == {2}
    assert set(count_words(ink.learned).values()) == {6}
    both = [drawing.key_id for drawing in (*ink.learned, *ink.held)]
    assert sorted(both) == sorted(drawing.key_id for drawing in own)
    again, other = (read_user_drawings([tmp_path], 0.2, seed=seed) for seed in (1, 2))
    assert again.held == ink.held != other.held


@pytest.mark.parametrize("tags", [("unlabelled",), None], ids=["unlabelled", "empty"])
def test_no_usable_drawing_is_an_error_of_one_line(
    seven: Drawing, tmp_path: Path, tags: tuple[str, ...] | None
) -> None:
    """It names the file, what was found in it, and what to do."""
    file = tmp_path / "saved.ndjson"
    write_drawings(file, [] if tags is None else [replace(seven, tags=tags)] * 3)
    what = "3 unlabelled" if tags else "found nothing"
    with pytest.raises(DataError, match=rf"\A{re.escape(str(file))}: .*{what}; .+\Z"):
        read_user_drawings([tmp_path], 0.2, seed=1)
    with pytest.raises(RecordingError, match=r"\A.*gone: .+; .+\Z"):
        read_user_drawings([tmp_path / "gone"], 0.2, seed=1)


def test_an_unwritable_folder_is_reported(seven: Drawing, tmp_path: Path) -> None:
    """A file in place of the model's folder is a DataError of one line."""
    write_drawings(tmp_path / "seven.ndjson", [seven])
    ink = read_user_drawings([tmp_path], 0.2, seed=1)
    out = tmp_path / "file"
    out.touch()
    with pytest.raises(DataError, match=rf"\A{re.escape(str(out))}: .+; .+\Z"):
        finetune(FinetuneConfig(steps=1, pool=10, threads=1), ink, out)


def test_rehearsal_has_all_kinds(recognizer: Recognizer) -> None:
    """It has every digit and much other ink, and is reproducible."""
    images = make_rehearsal(300, np.random.default_rng(1)).numpy()
    assert images.dtype == np.uint8
    assert images.shape == (300, 28, 28)
    probabilities, likelihoods = recognizer.answer(images)
    is_digit = likelihoods > 0.5
    assert set(probabilities[is_digit].argmax(axis=1)) == set(range(10))
    assert 0.4 < is_digit.mean() < 0.8
    np.testing.assert_array_equal(images, make_rehearsal(300, np.random.default_rng(1)).numpy())


@pytest.mark.parametrize("label", [*range(10), NONE])
def test_synthetic_ink_is_finite(label: int) -> None:
    """With any seed, it is paths with points, about two units in size."""
    for seed in range(50):
        rng = np.random.default_rng(seed)
        paths = make_fragments(rng) if label == NONE else make_digit(label, rng)
        assert all(path.ndim == 2 and path.shape[1] == 2 and len(path) for path in paths)
        assert np.abs(np.concatenate(paths)).max() < 5


def test_the_command_learns_a_real_handwriting(
    pendigits: Path,
    tmp_path: Path,
    bundled: Sequence[Drawing],
    recognizer: Recognizer,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """`digitnet finetune` with its defaults, on a hundred slanted digits by one writer."""
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
    output = capfd.readouterr()
    assert output.out.startswith("learned from ")
    assert output.err == f"{out}: model written; draw with it: digitdraw --model {out}\n"
    facts = json.loads((out / "model.json").read_text())["finetuned"]
    held = sum(facts["held"].values())
    assert facts["held_before"] < facts["held_after"] >= 0.95 * held
    tuned = Recognizer(out)
    assert right(tuned, by_one[100:]) > right(recognizer, by_one[100:]) + 0.05
    assert right(tuned, by_one[100:]) > 0.93
    assert right(tuned, bundled) > 0.985
