"""The network: a small residual CNN with built-in normalisation and temperature."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Self

import torch
from torch import Tensor, nn

MNIST_MEAN, MNIST_STD = 0.1307, 0.3081
"""Mean and standard deviation of the pixels, 0 to 1, of MNIST's training images."""

DIGITS = 10
NONE = 10
"""The class of ink that is not a digit, after the ten digits."""


class DigitNet(nn.Module):
    """Classifies a 28x28 image of light ink on dark paper as one of ten digits, or as none.

    A strided 5x5 stem halves the resolution at once, as most of a CNN's time is spent on its first
    and largest feature maps; residual blocks (He et al., "Deep residual learning for image
    recognition", 2016) then work at 14x14 and at 7x7. Every convolution has batch normalisation.
    The default numbers of channels are multiples of 32, which suits the vector units of CPUs.

    Args:
        width: Channels at 14x14.
        depth: Channels at 7x7.
        shallow: Leave out the first and the last of the three residual blocks.
    """

    mean: Tensor
    std: Tensor
    temperature: Tensor

    def __init__(self, width: int = 32, depth: int = 64, *, shallow: bool = False) -> None:
        super().__init__()
        self.features = nn.Sequential(
            _convolution(1, width, kernel=5, stride=2),
            _convolution(width, width),
            nn.Identity() if shallow else Residual(width),
            _convolution(width, depth, stride=2),
            Residual(depth),
            nn.Identity() if shallow else Residual(depth),
        )
        self.head = nn.Sequential(nn.Flatten(), nn.Linear(depth * 7 * 7, DIGITS + 1))
        self.register_buffer("mean", torch.tensor(MNIST_MEAN))
        self.register_buffer("std", torch.tensor(MNIST_STD))
        self.register_buffer("temperature", torch.tensor(1.0))

    @classmethod
    def from_weights(cls, weights: Mapping[str, Tensor]) -> Self:
        """Make a network of the size that the weights have, and load them.

        Args:
            weights: The `state_dict` of a network of any size.

        Raises:
            RuntimeError: They are not the weights of a DigitNet.
        """
        try:
            width, depth = (len(weights[f"features.{part}.0.weight"]) for part in (0, 3))
        except (KeyError, TypeError):  # missing, or a single number
            raise RuntimeError("the weights of its convolutions are missing") from None
        model = cls(width, depth, shallow=not any(key.startswith("features.2.") for key in weights))
        model.load_state_dict(weights)
        return model

    def forward(self, pictures: Tensor) -> Tensor:
        """Return the logits.

        Args:
            pictures: uint8 (n, 28, 28) from 0 to 255, or float from 0 to 1.

        Returns:
            float (n, 11), not divided by the temperature; the last column is `NONE`.
        """
        logits: Tensor = self.head(self.stages(pictures)[-1])
        return logits

    def stages(self, pictures: Tensor) -> list[Tensor]:
        """Return the maps after each part of `features`, float (n, channels, height, width)."""
        if pictures.dtype == torch.uint8:
            pictures = pictures.float() / 255
        maps = ((pictures - self.mean) / self.std)[:, None]
        return [maps := part(maps) for part in self.features]

    def answer(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        """Answer two separate questions: which digit it is, and whether it is a digit at all.

        Args:
            pictures: As for `forward`.

        Returns:
            Calibrated probabilities of the digits, given that the ink is one, float (n, 10), and
            the likelihood that it is, float (n,), 0 to 1.
        """
        return self.interpret(self(pictures))

    def interpret(self, logits: Tensor) -> tuple[Tensor, Tensor]:
        """Turn logits, float (n, 11), into what `answer` returns."""
        logits = logits.float()
        probabilities = torch.softmax(logits[:, :DIGITS] / self.temperature, dim=1)
        return probabilities, likelihood(logits)


def likelihood(logits: Tensor) -> Tensor:
    """Return the likelihood of being a digit, float (n,), 0 to 1, from logits, float (n, 11)."""
    return 1 - torch.softmax(logits, dim=1)[:, NONE]


class Residual(nn.Module):
    """Two 3x3 convolutions whose output is added to their input."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.first = _convolution(channels, channels)
        self.second = nn.Sequential(
            nn.Conv2d(channels, channels, 3, padding=1, bias=False), nn.BatchNorm2d(channels)
        )

    def forward(self, maps: Tensor) -> Tensor:
        """Map float (n, channels, height, width) to the same shape."""
        return torch.relu(maps + self.second(self.first(maps)))


def _convolution(inputs: int, outputs: int, *, kernel: int = 3, stride: int = 1) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, stride, padding=kernel // 2, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU(inplace=True),
    )


def count_parameters(model: nn.Module) -> int:
    """Count the trainable numbers, without buffers such as running means."""
    return sum(parameter.numel() for parameter in model.parameters())


def count_multiply_adds(model: nn.Module) -> int:
    """Count the multiply-adds of convolutions and linear layers for one 28x28 image."""
    total = 0

    def count(layer: nn.Module, _inputs: object, output: Tensor) -> None:
        nonlocal total
        weight = layer.get_parameter("weight")
        positions = output[0].numel() // weight.shape[0]
        total += weight.numel() * positions

    layers = [layer for layer in model.modules() if isinstance(layer, (nn.Conv2d, nn.Linear))]
    hooks = [layer.register_forward_hook(count) for layer in layers]
    was_training = model.training
    model.eval()
    with torch.inference_mode():
        model(torch.zeros(1, 28, 28))
    model.train(was_training)
    for hook in hooks:
        hook.remove()
    return total
