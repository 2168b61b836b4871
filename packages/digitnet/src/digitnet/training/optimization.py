"""How weights move: what the optimiser does to which of them, how fast, and their average."""

from __future__ import annotations

import math

import torch

from digitnet.training.network import DigitNet


def new_optimizer(model: DigitNet, weight_decay: float) -> torch.optim.AdamW:
    """Make AdamW (Loshchilov, Hutter: "Decoupled weight decay regularization", 2019).

    Batch normalisation's scales and all biases are not decayed: they are no capacity.
    """
    decayed = [parameter for parameter in model.parameters() if parameter.ndim > 1]
    free = [parameter for parameter in model.parameters() if parameter.ndim <= 1]
    groups = [
        {"params": decayed, "weight_decay": weight_decay},
        {"params": free, "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, fused=True)


def set_learning_rate(
    optimizer: torch.optim.AdamW, highest: float, progress: float, *, linear: bool = False
) -> float:
    """Rise in a line over the first tenth, then fall as a cosine, or in a line; progress is 0 to 1.

    In a short run a line is ahead (Defazio, Cutkosky, Mehta, Mishchenko: "Optimal linear decay
    learning rate schedules and further refinements", 2023).
    """
    if progress < 0.1:
        share = progress / 0.1 + 1e-3
    elif linear:
        share = (1 - progress) / 0.9
    else:
        share = (1 + math.cos(math.pi * (progress - 0.1) / 0.9)) / 2
    for group in optimizer.param_groups:
        group["lr"] = highest * share
    return highest * share


@torch.no_grad()
def follow(average: DigitNet, model: DigitNet, decay: float) -> None:
    """Move the averaged weights and batch normalisation's statistics towards the model's."""
    theirs = model.state_dict()
    for name, ours in average.state_dict().items():
        if ours.is_floating_point():
            ours.lerp_(theirs[name], 1 - decay)
        else:
            ours.copy_(theirs[name])
