"""Knowledge distillation: an ensemble's opinion of an image says more than the label alone.

Hinton, Vinyals, Dean: "Distilling the knowledge in a neural network", 2015. The network and its
teachers see exactly the same augmented image (Beyer, Zhai, Royer, Markeeva, Anil, Kolesnikov:
"Knowledge distillation: a good teacher is patient and consistent", 2022).
"""

from __future__ import annotations

import copy
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional


class TeacherEnsemble:
    """An ensemble of trained networks.

    Args:
        networks: At least one, in evaluation mode.
        temperature: Divides all logits, so that the small probabilities, which show how similar
            the digits are, have more weight.
        device: Where the networks run.
    """

    def __init__(
        self, networks: Sequence[nn.Module], temperature: float, device: torch.device
    ) -> None:
        self._networks = [
            copy.deepcopy(network).to(device).to(memory_format=torch.channels_last)
            for network in networks
        ]
        self._temperature = temperature

    @torch.no_grad()
    def soft_targets(self, pictures: Tensor) -> Tensor:
        """Return the mean probability of each class.

        Args:
            pictures: What the networks take; n images or paths.

        Returns:
            float (n, 11)
        """
        logits = torch.stack([network(pictures).float() for network in self._networks])
        return torch.softmax(logits / self._temperature, dim=2).mean(dim=0)

    def loss(self, logits: Tensor, targets: Tensor) -> Tensor:
        """Return the mean Kullback-Leibler divergence of logits, float (n, 11), from soft targets.

        Dividing by the temperature shrinks the gradients by its square. Multiplying by the square
        makes them comparable to the gradients of the loss on labels again.
        """
        own = torch.log_softmax(logits / self._temperature, dim=1)
        return functional.kl_div(own, targets, reduction="batchmean") * self._temperature**2
