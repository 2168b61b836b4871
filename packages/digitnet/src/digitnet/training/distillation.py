"""Learning from other networks: what an ensemble thinks of a picture says more than its label.

Hinton, Vinyals, Dean: "Distilling the knowledge in a neural network", 2015. The network and its
teachers see the very same varied picture (Beyer, Zhai, Royer, Markeeva, Anil, Kolesnikov:
"Knowledge distillation: a good teacher is patient and consistent", 2022).
"""

from __future__ import annotations

import copy
from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

from digitnet.training.network import DigitNet


class Teachers:
    """An ensemble of trained networks.

    Args:
        networks: at least one, in evaluation mode.
        temperature: by which all logits are divided, so that the small probabilities, which tell
            the digits' likeness, weigh more.
        place: where they work.
    """

    def __init__(
        self, networks: Sequence[DigitNet], temperature: float, place: torch.device
    ) -> None:
        self._networks = [
            copy.deepcopy(network).to(place).to(memory_format=torch.channels_last)
            for network in networks
        ]
        self._temperature = temperature

    @torch.no_grad()
    def opinions(self, pictures: Tensor) -> Tensor:
        """Give the mean probability of each class.

        Args:
            pictures: float (n, 28, 28), 0 to 1.

        Returns:
            float (n, 11)
        """
        logits = torch.stack([network(pictures).float() for network in self._networks])
        return torch.softmax(logits / self._temperature, dim=2).mean(dim=0)

    def loss(self, logits: Tensor, opinions: Tensor) -> Tensor:
        """Give the mean divergence (Kullback, Leibler) of logits, float (n, 11), from opinions.

        Dividing by the temperature makes its gradients as much smaller as the temperature's square,
        which is taken back, so that they weigh as much as those of the loss by labels.
        """
        own = torch.log_softmax(logits / self._temperature, dim=1)
        return functional.kl_div(own, opinions, reduction="batchmean") * self._temperature**2
