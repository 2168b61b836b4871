"""The tools that leave contributors out, to measure how unseen people are read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("torch")

import torch

import contributors
import join_weights
from digitnet import Drawing, Recognizer, Stroke
from digitnet.training.export import export, load_pretrained
from digitnet.training.path_network import PathNet
from left_out import count_digits, describe, describe_means

pytestmark = pytest.mark.usefixtures("one_torch_thread")


def test_outcomes_of_digits_add_up(seven: Drawing, recognizer: Recognizer) -> None:
    """Each digit is counted once: as right, or by what is wrong with its answer."""
    dot = replace(seven, strokes=(Stroke([(100, 100)]),))
    mislabelled = replace(seven, word="3")
    counts = count_digits(recognizer, [seven, seven, mislabelled, dot])
    assert counts["digits right"] == (2, 4)
    assert counts["digits wrong, accepted"] == (1, 4)
    assert sum(count for count, _ in counts.values()) == 4


def test_means_are_over_contributors() -> None:
    """A contributor counts once, however much ink there is; one without such ink does not."""
    measured = [{"a": (1, 2), "b": (1, 1)}, {"a": (100, 100), "b": (0, 0)}]
    assert describe_means(measured) == "a 75.00%; b 100.00%"
    assert describe({"a": (1, 2)}) == "a 1 of 2 (9.45% to 90.55%)"


def test_nothing_is_learned_from_the_letters_for_measuring(seven: Drawing) -> None:
    """They are left out, but not the same contributor's signs."""
    ink = {
        name: replace(seven, word="", writer=writer, tags=(tag,))
        for name, writer, tag in (
            ("mine", "app", "k"),
            ("theirs", "apb", "k"),
            ("sign", "app", "&"),
        )
    }
    learned = contributors.learned([ink["mine"], ink["theirs"]], [ink["sign"]])
    assert learned == [ink["theirs"], ink["sign"]]
    assert contributors.contributor_of(replace(seven, writer="apb 12")) == "apb"


def test_contributors_are_told_apart(data: Path) -> None:
    """Everybody wrote digits; letters that both sets have are read once."""
    if not (data / "unipen" / "digits.ndjson").is_file():
        pytest.skip(f"needs UNIPEN: {data} has no unipen/digits.ndjson")
    digits = contributors.read_digits(data)
    assert {contributors.contributor_of(d) for d in digits} == {*contributors.CONTRIBUTORS}
    assert len(contributors.read_letters(data)) < 12_000
    signs, lookalikes = contributors.read_signs(data)
    assert {sign.tags[0] for sign in lookalikes} <= contributors.LOOKALIKES
    assert not {sign.tags[0] for sign in signs} & contributors.LOOKALIKES


def test_weights_join_what_the_model_answers(seven: Drawing, tmp_path: Path) -> None:
    """With all the weight on pictures, the answer is that of the network for pictures."""
    torch.manual_seed(1)
    export(load_pretrained(), tmp_path, threshold=0.5, facts={}, path_network=PathNet(8).eval())
    by_picture, by_path, labels = join_weights.answer(tmp_path, [seven, seven])
    assert by_picture.shape == by_path.shape == (2, 11)
    assert by_picture.argmax(dim=1).tolist() == labels.tolist() == [7, 7]
    torch.testing.assert_close(by_path.exp().sum(dim=1), torch.ones(2))
