"""How weights change: the optimizer, the learning-rate schedule and the moving average."""

from __future__ import annotations

import math

import torch
from torch import nn


def make_optimizer(model: nn.Module, weight_decay: float) -> torch.optim.AdamW:
    """Make AdamW (Loshchilov, Hutter: "Decoupled weight decay regularization", 2019).

    Biases and the parameters of batch normalisation are not decayed, as they add no capacity.
    """
    decayed = [parameter for parameter in model.parameters() if parameter.ndim > 1]
    exempt = [parameter for parameter in model.parameters() if parameter.ndim <= 1]
    groups = [
        {"params": decayed, "weight_decay": weight_decay},
        {"params": exempt, "weight_decay": 0.0},
    ]
    return torch.optim.AdamW(groups, fused=True)


def set_learning_rate(
    optimizer: torch.optim.AdamW, peak: float, progress: float, *, linear: bool = False
) -> float:
    """Set the learning rate for a moment of the run, and return it.

    It warms up linearly over the first tenth, then decays to zero along a cosine, or linearly,
    which is better in short runs (Defazio, Cutkosky, Mehta, Mishchenko: "Optimal linear decay
    learning rate schedules and further refinements", 2023).

    Args:
        optimizer: All its parameter groups get the rate.
        peak: The rate at the end of the warm-up.
        progress: 0 at the start of the run to 1 at its end.
        linear: Decay linearly.
    """
    if progress < 0.1:
        share = progress / 0.1 + 1e-3
    elif linear:
        share = (1 - progress) / 0.9
    else:
        share = (1 + math.cos(math.pi * (progress - 0.1) / 0.9)) / 2
    for group in optimizer.param_groups:
        group["lr"] = peak * share
    return peak * share


@torch.no_grad()
def update_ema(average: nn.Module, model: nn.Module, decay: float) -> None:
    """Update the moving average of the weights and of batch normalisation's statistics."""
    current = model.state_dict()
    for name, averaged in average.state_dict().items():
        if averaged.is_floating_point():
            averaged.lerp_(current[name], 1 - decay)
        else:
            averaged.copy_(current[name])
