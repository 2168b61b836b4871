"""The tool that measures how well unknown hands are read."""

from __future__ import annotations

import pytest

pytest.importorskip("torch")

import torch

from cross_validate import Found, measure
from digitnet.training.data import Pictures
from digitnet.training.evaluation import predict_logits
from digitnet.training.network import DIGITS, DigitNet

pytestmark = pytest.mark.usefixtures("one_torch_thread")


def test_a_network_is_measured_by_what_it_says_of_each_picture() -> None:
    """With the labels that it gives itself, nothing is misread; with the next ones, all is."""
    torch.manual_seed(1)
    network = DigitNet(4, 4, shallow=True)
    images = torch.randint(0, 256, (9, 28, 28), dtype=torch.uint8)
    unlabelled = Pictures(images, torch.zeros(9, dtype=torch.int64))
    logits = predict_logits(network, unlabelled)
    labels = logits[:, :DIGITS].argmax(dim=1)
    right = measure(network, Pictures(images, labels))
    wrong = measure(network, Pictures(images, (labels + 1) % DIGITS))
    assert (right.drawings, right.misread, wrong.misread) == (9, 0, 9)
    assert right.turned_away == wrong.turned_away == (logits.argmax(dim=1) == DIGITS).sum()
    assert wrong.loss > right.loss > 0


def test_parts_add_up_to_one_line_of_figures() -> None:
    """All that the parts found is counted; the log loss is told for each drawing."""
    both = Found(10, 1, 0, 2.0) + Found(1190, 3, 2, 4.0)
    assert str(both) == "4 of 1,200 misread, 2 turned away, log loss 0.00500"
    assert str(Found()) == "0 of 0 misread, 0 turned away, log loss 0.00000"
