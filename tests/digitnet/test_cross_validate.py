"""The tool that measures how well the ink of unseen writers is read."""

from __future__ import annotations

import pytest

pytest.importorskip("torch")

import torch

from cross_validate import Result, measure
from digitnet.training.data import Pictures
from digitnet.training.evaluation import predict_logits
from digitnet.training.network import DIGITS, DigitNet

pytestmark = pytest.mark.usefixtures("one_torch_thread")


def test_a_network_is_measured_by_its_answers() -> None:
    """With its own answers as labels, nothing is misread; with the next digits, everything is."""
    torch.manual_seed(1)
    network = DigitNet(4, 4, shallow=True)
    images = torch.randint(0, 256, (9, 28, 28), dtype=torch.uint8)
    unlabelled = Pictures(images, torch.zeros(9, dtype=torch.int64))
    logits = predict_logits(network, unlabelled)
    labels = logits[:, :DIGITS].argmax(dim=1)
    correct = measure(network, Pictures(images, labels))
    wrong = measure(network, Pictures(images, (labels + 1) % DIGITS))
    assert (correct.drawings, correct.misread, wrong.misread) == (9, 0, 9)
    assert correct.rejected == wrong.rejected == (logits.argmax(dim=1) == DIGITS).sum()
    assert wrong.loss > correct.loss > 0


def test_results_add_up_to_one_line() -> None:
    """Counts are summed; the log loss is per drawing."""
    total = Result(10, 1, 0, 2.0) + Result(1190, 3, 2, 4.0)
    assert str(total) == "4 of 1,200 misread, 2 rejected, log loss 0.00500"
    assert str(Result()) == "0 of 0 misread, 0 rejected, log loss 0.00000"
