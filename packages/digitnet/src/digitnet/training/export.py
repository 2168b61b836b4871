"""Export of a trained network to a model folder: ONNX, safetensors and their manifest.

The ONNX file is quantised (see `digitnet.training.quantization`); the safetensors file has the
weights as they were trained.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import warnings
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import onnx
import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor, nn

from digitnet.errors import ModelError
from digitnet.files import write_atomically
from digitnet.manifest import (
    MANIFEST_NAME,
    ONNX_NAME,
    PATH_ONNX_NAME,
    PATH_SAFETENSORS_NAME,
    SAFETENSORS_NAME,
    load_manifest,
    shipped_model,
)
from digitnet.preprocessing.pen_path import CHANNELS, POINTS
from digitnet.training.network import DIGITS, DigitNet, count_multiply_adds, count_parameters
from digitnet.training.path_network import PathNet
from digitnet.training.quantization import quantize

_Network = TypeVar("_Network", bound=nn.Module)


def export(
    model: DigitNet,
    folder: Path,
    *,
    threshold: float,
    facts: Mapping[str, Any],
    path_network: PathNet | None = None,
) -> None:
    """Write the files of a model.

    The manifest is written last: without one, a folder is not a model, so an interrupted export
    does not look like one.

    Args:
        model: The trained network.
        folder: Created if missing.
        threshold: Answers with at least this likelihood of being a digit are accepted, 0 to 1.
        facts: Further entries of the manifest.
        path_network: The trained network for the pen's path, in two more files; None for a model
            that reads ink as pictures only.

    Raises:
        OSError: The folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    network = quantize(to_onnx(model))
    files = {
        ONNX_NAME: network.SerializeToString(deterministic=True),
        SAFETENSORS_NAME: to_safetensors(model),
    }
    counts = {"parameters": count_parameters(model), "multiply_adds": count_multiply_adds(model)}
    if path_network:
        files[PATH_ONNX_NAME] = to_path_onnx(path_network).SerializeToString(deterministic=True)
        files[PATH_SAFETENSORS_NAME] = to_safetensors(path_network)
        counts["path_parameters"] = count_parameters(path_network)
    manifest = {
        "sha256": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
        "threshold": threshold,
        "architecture": "DigitNet",
        **counts,
        "temperature": round(model.temperature.item(), 4),
        **facts,
    }
    for name, content in files.items():
        write_atomically(folder / name, content)
    _write_manifest(folder, manifest)


def add_facts(folder: Path, facts: Mapping[str, Any]) -> None:
    """Add entries to the manifest of an exported model.

    Raises:
        OSError: The manifest cannot be written.
    """
    manifest = json.loads((folder / MANIFEST_NAME).read_bytes())
    _write_manifest(folder, {**manifest, **facts})


def _write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    write_atomically(folder / MANIFEST_NAME, (json.dumps(manifest, indent=2) + "\n").encode())


STAGES = (0, 2, 3, 5)
"""The parts of `DigitNet.features` whose maps are outputs in ONNX, for looking inside."""


class _PathOutputs(nn.Module):
    """`PathNet.join` as a module."""

    network: PathNet

    def __init__(self, network: PathNet) -> None:
        super().__init__()
        self.network = network

    def forward(
        self, probabilities: Tensor, likelihood: Tensor, paths: Tensor
    ) -> tuple[Tensor, Tensor]:
        return self.network.join(probabilities, likelihood, paths)


class _OnnxOutputs(nn.Module):
    """The network with the outputs that it has in ONNX."""

    model: DigitNet

    def __init__(self, model: DigitNet) -> None:
        super().__init__()
        self.model = model

    def forward(self, pictures: Tensor) -> tuple[Tensor, ...]:
        stages = self.model.stages(pictures)
        logits = self.model.head(stages[-1])
        return (*self.model.interpret(logits), *(stages[index][:1] for index in STAGES))


def to_onnx(model: DigitNet) -> onnx.ModelProto:
    """Convert the model to ONNX, in floating point.

    Its input is ``pictures``, float32 (n, 28, 28), 0 for paper to 1 for ink. Its outputs are
    ``probabilities``, float32 (n, 10), and ``likelihood``, float32 (n,), as `DigitNet.answer`
    returns them, and ``stage_…``, the maps of its `STAGES`, float32 (1, channels, height, width),
    of the first image only: those of all would cost time in every run. Normalisation and
    temperature are inside.
    """
    model = model.to(memory_format=torch.contiguous_format).eval()
    return _to_onnx(
        _OnnxOutputs(model),
        {"pictures": torch.zeros(2, 28, 28)},
        ["probabilities", "likelihood", *(f"stage_{n}" for n in STAGES)],
    )


def to_path_onnx(network: PathNet) -> onnx.ModelProto:
    """Convert the network for the pen's path to ONNX, in floating point.

    Its inputs are the two outputs of the network for pictures, and ``paths``, float32 (n, 6, 64),
    as made by `digitnet.preprocessing.pen_path`. Its outputs are as `PathNet.join` returns them.
    """
    return _to_onnx(
        _PathOutputs(network),
        {
            "probabilities": torch.full((2, DIGITS), 0.1),
            "likelihood": torch.full((2,), 0.5),
            "paths": torch.zeros(2, CHANNELS, POINTS),
        },
        ["joined_probabilities", "joined_likelihood"],
    )


def _to_onnx(
    module: nn.Module, example: Mapping[str, Tensor], outputs: Sequence[str]
) -> onnx.ModelProto:
    """Convert a module to ONNX; the first dimension of all inputs, n, may have any size."""
    # Silence the exporter, which prints its progress and warns about its own code.
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        program = torch.onnx.export(
            module.eval(),
            tuple(example.values()),
            dynamo=True,
            input_names=list(example),
            output_names=list(outputs),
            dynamic_shapes={name: {0: torch.export.Dim("n")} for name in example},
            external_data=False,
        )
    assert program is not None  # noqa: S101 - always so with dynamo=True
    proto = program.model_proto
    # Remove what the exporter records of the exporting machine: source files and lines per node.
    for entity in (proto, proto.graph, *proto.graph.node, *proto.graph.initializer):
        entity.ClearField("metadata_props")
        entity.ClearField("doc_string")
    for value in (*proto.graph.input, *proto.graph.output, *proto.graph.value_info):
        value.ClearField("metadata_props")
    onnx.checker.check_model(proto)
    return proto


def to_safetensors(model: nn.Module) -> bytes:
    """Return a safetensors file of the weights, running statistics and temperature."""
    return save({name: tensor.contiguous() for name, tensor in model.state_dict().items()})


def load_pretrained(folder: Path | None = None) -> DigitNet:
    """Load a network from its safetensors file, in evaluation mode.

    Args:
        folder: A model's folder with its manifest; None for the shipped model.

    Raises:
        ModelError: The model is missing, damaged, or of another architecture.
    """
    return _load(folder, SAFETENSORS_NAME, DigitNet.from_weights)


def load_pretrained_path(folder: Path | None = None) -> PathNet | None:
    """Load the network for the pen's path, as `load_pretrained`; None if the model has none."""
    if PATH_SAFETENSORS_NAME not in load_manifest(folder or shipped_model()).sha256:
        return None
    return _load(folder, PATH_SAFETENSORS_NAME, PathNet.from_weights)


def _load(
    folder: Path | None, name: str, from_weights: Callable[[Mapping[str, Tensor]], _Network]
) -> _Network:
    manifest = load_manifest(folder or shipped_model())
    content = manifest.read(name)
    try:
        return from_weights(load(content)).eval()
    except (RuntimeError, SafetensorError) as error:
        reason = str(error).splitlines()[0]
        path = manifest.folder / name
        raise ModelError(f"{path}: is not a DigitNet ({reason}); export the model again") from None
