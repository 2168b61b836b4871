"""All that a training run has become, kept after each epoch, so that a run that was killed goes on.

One safetensors file holds the tensors and, as JSON in its metadata, the rest: it is wholly there or
not at all, and nothing in it can run. A run that goes on ends with the very weights with which it
would have ended without a stop.
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
import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
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
"""The file's name in the model's folder."""


@dataclass
class Run:
    """What changes while a network is trained.

    Attributes:
        model: being trained.
        average: of its weights.
        optimizer: of the model's parameters.
        chance: shuffles and varies pictures.
        rng: varies ink.
        epochs: what is known of those that are done.
    """

    model: DigitNet
    average: DigitNet
    optimizer: torch.optim.AdamW
    chance: torch.Generator
    rng: np.random.Generator
    epochs: list[Epoch] = field(default_factory=list)

    @property
    def parameters(self) -> list[Tensor]:
        """The model's parameters in the optimiser's order."""
        return [tensor for group in self.optimizer.param_groups for tensor in group["params"]]


def keep(path: Path, run: Run, identity: Mapping[str, Any]) -> None:
    """Write a checkpoint over an older one.

    Args:
        path: the file.
        run: at the end of an epoch.
        identity: what `identify` says of the run.

    Raises:
        OSError: the file cannot be written.
    """
    tensors = {"chance": run.chance.get_state()}
    for name, network in (("model", run.model), ("average", run.average)):
        tensors |= {f"{name}.{key}": value for key, value in network.state_dict().items()}
    for index, parameter in enumerate(run.parameters):
        state = run.optimizer.state[parameter]
        tensors |= {f"optimizer.{index}.{key}": value for key, value in state.items()}
    facts = {
        "identity": identity,
        "epochs": [dataclasses.asdict(epoch) for epoch in run.epochs],
        "rng": run.rng.bit_generator.state,
    }
    # Safetensors knows no memory format: what is kept is contiguous.
    kept = {name: tensor.cpu().contiguous() for name, tensor in tensors.items()}
    write_atomically(path, save(kept, metadata={"run": json.dumps(facts)}))


def go_on(path: Path, run: Run, identity: Mapping[str, Any]) -> None:
    """Bring a run to where it was when its checkpoint was written; without one, leave it as it is.

    Args:
        path: the file; the leader's is that of all processes.
        run: at its start.
        identity: what `identify` says of it.

    Raises:
        DataError: the checkpoint is damaged, or is another run's.
    """
    content = distributed.shared(_read(path) if distributed.leads() else b"")
    if not content:
        return
    try:
        tensors = load(content)
        facts = json.loads(_metadata(content)["run"])
        difference = _difference(facts["identity"], identity)
        if not difference:
            _restore(run, tensors, facts)
    except (
        SafetensorError,
        RuntimeError,
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
    ) as error:
        reason = str(error).splitlines()[0]
        raise DataError(
            f"{path}: is damaged or no checkpoint ({reason}); remove it, or begin with --restart"
        ) from None
    if difference:
        raise DataError(
            f"{path}: is of a run that was stopped, with {difference}; "
            "go on with what it had, give another --out, or begin anew with --restart"
        )


def identify(
    config: Config,
    data: Sequence[Pictures],
    drawings: Sequence[Drawing],
    networks: Sequence[DigitNet],
) -> dict[str, Any]:
    """Say what a run is, so that no other run goes on from its checkpoint.

    Args:
        config: how it trains.
        data: all its pictures.
        drawings: all its ink.
        networks: all that it starts from or learns from.

    Returns:
        plain values, the same for the same arguments.
    """
    parts = hashlib.sha256()
    for pictures in data:
        parts.update(pictures.images.numpy().tobytes() + pictures.labels.numpy().tobytes())
    for drawing in drawings:
        ink = b"".join(stroke.xy.tobytes() for stroke in drawing.strokes)
        parts.update(f"{drawing.word} {[len(s.points) for s in drawing.strokes]}".encode() + ink)
    weights = hashlib.sha256()
    for network in networks:
        for tensor in network.state_dict().values():
            weights.update(tensor.cpu().contiguous().numpy().tobytes())
    return {"config": describe(config), "data": parts.hexdigest(), "networks": weights.hexdigest()}


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""


def _metadata(content: bytes) -> dict[str, str]:
    length = int.from_bytes(content[:8], "little")
    metadata: dict[str, str] = json.loads(content[8 : 8 + length])["__metadata__"]
    return metadata


def _restore(run: Run, tensors: Mapping[str, Tensor], facts: Mapping[str, Any]) -> None:
    for name, network in (("model", run.model), ("average", run.average)):
        network.load_state_dict(_within(tensors, name))
    for index, parameter in enumerate(run.parameters):
        run.optimizer.state[parameter] = {
            key: _like(parameter, value)
            for key, value in _within(tensors, f"optimizer.{index}").items()
        }
    run.chance.set_state(tensors["chance"])
    run.rng.bit_generator.state = facts["rng"]
    run.epochs[:] = [Epoch(**epoch) for epoch in facts["epochs"]]


def _within(tensors: Mapping[str, Tensor], name: str) -> dict[str, Tensor]:
    start = f"{name}."
    return {key.removeprefix(start): t for key, t in tensors.items() if key.startswith(start)}


def _like(parameter: Tensor, value: Tensor) -> Tensor:
    """Lay a moment out in memory as its parameter is, which the fused optimiser takes as given."""
    if value.shape != parameter.shape:  # the count of steps
        return value.to(parameter.device)
    return torch.empty_like(parameter, requires_grad=False).copy_(value)


def _difference(theirs: Mapping[str, Any], ours: Mapping[str, Any]) -> str:
    for name, value in ours["config"].items():
        if theirs["config"].get(name) != value:
            return f"{name} {theirs['config'].get(name)}, not {value}"
    if theirs["data"] != ours["data"]:
        return "other data"
    return "" if theirs["networks"] == ours["networks"] else "other networks to learn from"
