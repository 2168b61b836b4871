"""Checkpoints: the whole state of a training run after an epoch, to resume a run that was killed.

A checkpoint is one safetensors file, with the tensors and, as JSON in its metadata, the rest. It is
written atomically, and nothing in it is executed. A resumed run ends with exactly the same weights
as one that was never interrupted.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import safetensors.torch
import torch
from torch import Tensor

from digitnet.errors import DataError
from digitnet.files import write_atomically
from digitnet.ink import Drawing
from digitnet.training import distributed
from digitnet.training.config import Config, describe
from digitnet.training.data import Pictures
from digitnet.training.log import Epoch
from digitnet.training.network import DigitNet

NAME = "checkpoint.safetensors"
"""The name of the file in the model's folder."""


@dataclass
class TrainingState:
    """Everything that changes while a network is trained.

    Attributes:
        model: The network being trained.
        average: The same network with the moving average of the weights.
        optimizer: The optimizer of the model's parameters.
        torch_rng: Shuffles, and augments images.
        numpy_rng: Makes and augments ink.
        epochs: The epochs so far.
    """

    model: DigitNet
    average: DigitNet
    optimizer: torch.optim.AdamW
    torch_rng: torch.Generator
    numpy_rng: np.random.Generator
    epochs: list[Epoch] = field(default_factory=list)

    @property
    def parameters(self) -> list[Tensor]:
        """The model's parameters, in the optimizer's order."""
        return [tensor for group in self.optimizer.param_groups for tensor in group["params"]]


def save(path: Path, state: TrainingState, fingerprint: Mapping[str, Any]) -> None:
    """Write a checkpoint, replacing an older one.

    Args:
        path: The file.
        state: The state at the end of an epoch.
        fingerprint: The run's `fingerprint`.

    Raises:
        OSError: The file cannot be written.
    """
    tensors = {"torch_rng": state.torch_rng.get_state()}
    for name, network in (("model", state.model), ("average", state.average)):
        tensors |= {f"{name}.{key}": value for key, value in network.state_dict().items()}
    for index, parameter in enumerate(state.parameters):
        moments = state.optimizer.state[parameter]
        tensors |= {f"optimizer.{index}.{key}": value for key, value in moments.items()}
    facts = {
        "fingerprint": fingerprint,
        "epochs": [dataclasses.asdict(epoch) for epoch in state.epochs],
        "numpy_rng": state.numpy_rng.bit_generator.state,
    }
    # Safetensors stores contiguous tensors only.
    contiguous = {name: tensor.cpu().contiguous() for name, tensor in tensors.items()}
    content = safetensors.torch.save(contiguous, metadata={"run": json.dumps(facts)})
    write_atomically(path, content)


def resume(path: Path, state: TrainingState, fingerprint: Mapping[str, Any]) -> None:
    """Restore the state from a checkpoint; without one, leave it as it is.

    Args:
        path: The file; all processes use the leader's.
        state: The initial state, which is modified.
        fingerprint: The run's `fingerprint`.

    Raises:
        DataError: The checkpoint is damaged, or belongs to another run.
    """
    content = distributed.broadcast_bytes(_read(path) if distributed.is_leader() else b"")
    if not content:
        return
    try:
        tensors = safetensors.torch.load(content)
        facts = json.loads(_metadata(content)["run"])
        difference = _difference(facts["fingerprint"], fingerprint)
        if not difference:
            _restore(state, tensors, facts)
    except (
        safetensors.SafetensorError,
        RuntimeError,
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
    ) as error:
        reason = str(error).splitlines()[0]
        raise DataError(
            f"{path}: is damaged or not a checkpoint ({reason}); delete it, or use --restart"
        ) from None
    if difference:
        raise DataError(
            f"{path}: belongs to an interrupted run with {difference}; "
            "resume it with the same settings, choose another --out, or start over with --restart"
        )


def fingerprint(
    config: Config,
    data: Sequence[Pictures],
    drawings: Sequence[Drawing],
    networks: Sequence[DigitNet],
) -> dict[str, Any]:
    """Identify a run by its inputs, so that no other run resumes from its checkpoint.

    Args:
        config: The training settings.
        data: All its images, of both splits.
        drawings: All its training ink.
        networks: The networks that it starts from or learns from.

    Returns:
        Plain values, the same for the same arguments.
    """
    samples = hashlib.sha256()
    for pictures in data:
        samples.update(pictures.images.numpy().tobytes() + pictures.labels.numpy().tobytes())
    for drawing in drawings:
        ink = b"".join(stroke.xy.tobytes() for stroke in drawing.strokes)
        samples.update(f"{drawing.word} {[len(s.points) for s in drawing.strokes]}".encode() + ink)
    weights = hashlib.sha256()
    for network in networks:
        for tensor in network.state_dict().values():
            weights.update(tensor.cpu().contiguous().numpy().tobytes())
    return {
        "config": describe(config),
        "data": samples.hexdigest(),
        "networks": weights.hexdigest(),
    }


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def _metadata(content: bytes) -> dict[str, str]:
    length = int.from_bytes(content[:8], "little")
    metadata: dict[str, str] = json.loads(content[8 : 8 + length])["__metadata__"]
    return metadata


def _restore(state: TrainingState, tensors: Mapping[str, Tensor], facts: Mapping[str, Any]) -> None:
    for name, network in (("model", state.model), ("average", state.average)):
        network.load_state_dict(_within(tensors, name))
    for index, parameter in enumerate(state.parameters):
        state.optimizer.state[parameter] = {
            key: _like(parameter, value)
            for key, value in _within(tensors, f"optimizer.{index}").items()
        }
    state.torch_rng.set_state(tensors["torch_rng"])
    state.numpy_rng.bit_generator.state = facts["numpy_rng"]
    state.epochs[:] = [Epoch(**epoch) for epoch in facts["epochs"]]


def _within(tensors: Mapping[str, Tensor], name: str) -> dict[str, Tensor]:
    prefix = f"{name}."
    return {key.removeprefix(prefix): t for key, t in tensors.items() if key.startswith(prefix)}


def _like(parameter: Tensor, value: Tensor) -> Tensor:
    """Copy a moment into the memory layout of its parameter, as the fused optimizer requires."""
    if value.shape != parameter.shape:  # the step count
        return value.to(parameter.device)
    return torch.empty_like(parameter, requires_grad=False).copy_(value)


def _difference(theirs: Mapping[str, Any], ours: Mapping[str, Any]) -> str:
    """Return how the fingerprint of a checkpoint differs from a run's, or ""."""
    for name, value in ours["config"].items():
        if theirs["config"].get(name) != value:
            return f"{name} {theirs['config'].get(name)}, not {value}"
    if theirs["data"] != ours["data"]:
        return "other data"
    return "" if theirs["networks"] == ours["networks"] else "other networks to learn from"
