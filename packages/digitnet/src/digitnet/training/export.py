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
from collections.abc import Mapping
from pathlib import Path
from typing import Any

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
    SAFETENSORS_NAME,
    load_manifest,
    shipped_model,
)
from digitnet.training.network import DigitNet, count_multiply_adds, count_parameters
from digitnet.training.quantization import quantize


def export(model: DigitNet, folder: Path, *, threshold: float, facts: Mapping[str, Any]) -> None:
    """Write the three files of a model.

    The manifest is written last: without one, a folder is not a model, so an interrupted export
    does not look like one.

    Args:
        model: The trained network.
        folder: Created if missing.
        threshold: Answers with at least this likelihood of being a digit are accepted, 0 to 1.
        facts: Further entries of the manifest.

    Raises:
        OSError: The folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    network = quantize(to_onnx(model))
    files = {
        ONNX_NAME: network.SerializeToString(deterministic=True),
        SAFETENSORS_NAME: to_safetensors(model),
    }
    manifest = {
        "sha256": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
        "threshold": threshold,
        "architecture": "DigitNet",
        "parameters": count_parameters(model),
        "multiply_adds": count_multiply_adds(model),
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
    example = (torch.zeros(2, 28, 28),)
    model = model.to(memory_format=torch.contiguous_format).eval()
    # Silence the exporter, which prints its progress and warns about its own code.
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        program = torch.onnx.export(
            _OnnxOutputs(model).eval(),
            example,
            dynamo=True,
            input_names=["pictures"],
            output_names=["probabilities", "likelihood", *(f"stage_{n}" for n in STAGES)],
            dynamic_shapes={"pictures": {0: torch.export.Dim("n")}},
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


def to_safetensors(model: DigitNet) -> bytes:
    """Return a safetensors file of the weights, running statistics and temperature."""
    return save({name: tensor.contiguous() for name, tensor in model.state_dict().items()})


def load_pretrained(folder: Path | None = None) -> DigitNet:
    """Load a network from its safetensors file, in evaluation mode.

    Args:
        folder: A model's folder with its manifest; None for the shipped model.

    Raises:
        ModelError: The model is missing, damaged, or of another architecture.
    """
    manifest = load_manifest(folder or shipped_model())
    content = manifest.read(SAFETENSORS_NAME)
    try:
        model = DigitNet.from_weights(load(content))
    except (RuntimeError, SafetensorError) as error:
        reason = str(error).splitlines()[0]
        path = manifest.folder / SAFETENSORS_NAME
        raise ModelError(f"{path}: is not a DigitNet ({reason}); export the model again") from None
    return model.eval()
