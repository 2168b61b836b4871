"""The network that reads the pen's path: a small 1-D CNN, which is joined with that of pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

import torch
from torch import Tensor, nn

from digitnet.preprocessing.pen_path import CHANNELS
from digitnet.training.network import DIGITS

if TYPE_CHECKING:
    from collections.abc import Mapping

_TINY = 1e-6  # the smallest probability of which a logarithm is taken


class PathNet(nn.Module):
    """Classifies a path of 64 points as one of ten digits, or as none.

    Convolutions along the path see turns, loops and hooks wherever they are; the mean and the
    maximum over the whole path say which there are.

    Its logits are joined with the answers of a network for pictures as a weighted product of
    experts (Hinton: "Training products of experts by minimizing contrastive divergence", 2002).

    Args:
        width: Channels.
    """

    picture_weight: Tensor
    path_weight: Tensor
    bias: Tensor
    temperature: Tensor

    def __init__(self, width: int = 56) -> None:
        super().__init__()
        self.features = nn.Sequential(
            _convolution(CHANNELS, width, kernel=5),
            _convolution(width, width, kernel=5, stride=2),
            _convolution(width, width, kernel=3),
            _convolution(width, width, kernel=3, stride=2),
            _convolution(width, width, kernel=3),
        )
        self.head = nn.Linear(2 * width, DIGITS + 1)
        # How both are joined, chosen on ink of contributors that neither was trained on
        # (tools/measure/join_weights.py). The bias is against "not a digit".
        self.register_buffer("picture_weight", torch.tensor(0.5))
        self.register_buffer("path_weight", torch.tensor(0.5))
        self.register_buffer("bias", torch.tensor(-0.75))
        self.register_buffer("temperature", torch.tensor(1.0))

    @classmethod
    def from_weights(cls, weights: Mapping[str, Tensor]) -> Self:
        """Make a network of the size that the weights have, and load them.

        Raises:
            RuntimeError: They are not the weights of a PathNet.
        """
        try:
            model = cls(len(weights["features.0.0.weight"]))
        except (KeyError, TypeError):  # missing, or a single number
            raise RuntimeError("the weights of its convolutions are missing") from None
        model.load_state_dict(weights)
        return model

    def forward(self, paths: Tensor) -> Tensor:
        """Return the logits, float (n, 11), of paths, float (n, CHANNELS, POINTS)."""
        maps = self.features(paths)
        pooled = torch.cat([maps.mean(dim=2), maps.amax(dim=2)], dim=1)
        logits: Tensor = self.head(pooled)
        return logits

    def join(
        self, probabilities: Tensor, likelihood: Tensor, paths: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Change the answers to pictures by what the paths tell.

        Args:
            probabilities: Of the digits, given that the ink is one, float (n, 10).
            likelihood: That it is, float (n,).
            paths: As for `forward`.

        Returns:
            Both, as changed.
        """
        is_digit = likelihood[:, None]
        pictured = torch.cat([is_digit * probabilities, 1 - is_digit], dim=1).clamp(min=_TINY).log()
        logits = self.picture_weight * pictured + self.path_weight * self(paths).float()
        digits, none = logits[:, :DIGITS], logits[:, DIGITS] + self.bias
        joined = torch.softmax(digits / self.temperature, dim=1)
        return joined, torch.sigmoid(torch.logsumexp(digits, dim=1) - none)


def _convolution(inputs: int, outputs: int, *, kernel: int, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv1d(inputs, outputs, kernel, stride, padding=kernel // 2, bias=False),
        nn.BatchNorm1d(outputs),
        nn.ReLU(inplace=True),
    )
