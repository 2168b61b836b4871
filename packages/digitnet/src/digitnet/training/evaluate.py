"""Measures of a network; none of them changes it."""

from __future__ import annotations

import torch
from torch import Tensor

from digitnet.training.data import Pictures
from digitnet.training.model import DigitNet


@torch.inference_mode()
def predict_logits(model: DigitNet, pictures: Pictures, batch_size: int = 1000) -> Tensor:
    """Give the logits of all pictures, float (n, 10)."""
    model.eval()
    return torch.cat([model(batch) for batch in pictures.images.split(batch_size)])


def accuracy(model: DigitNet, pictures: Pictures) -> float:
    """Give the share of pictures read rightly, 0 to 1."""
    right = predict_logits(model, pictures).argmax(dim=1) == pictures.labels
    return float(right.double().mean())
