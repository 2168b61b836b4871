"""A trained network to the files that are shipped: ONNX, safetensors and their card.

The ONNX file is quantised (see `digitnet.training.quantization`); the safetensors file holds the
weights as trained.
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
    """Write a model's three files.

    The card is written last: a folder without a card is no model, so a crash on the way leaves
    nothing that looks like one.

    Args:
        model: the trained network.
        folder: made where it is missing.
        threshold: the likelihood of being a digit from which on an answer is accepted.
        facts: what else the card shall say.

    Raises:
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    network = quantize(to_onnx(model))
    files = {
        ONNX_NAME: network.SerializeToString(deterministic=True),
        SAFETENSORS_NAME: to_safetensors(model),
    }
    card = {
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
    _write_card(folder, card)


def add_facts(folder: Path, facts: Mapping[str, Any]) -> None:
    """Add to the card of an exported model what was found out about it since.

    Raises:
        OSError: the card cannot be written.
    """
    card = json.loads((folder / MANIFEST_NAME).read_bytes())
    _write_card(folder, {**card, **facts})


def _write_card(folder: Path, card: Mapping[str, Any]) -> None:
    write_atomically(folder / MANIFEST_NAME, (json.dumps(card, indent=2) + "\n").encode())


STAGES = (0, 2, 3, 5)
"""The parts of `DigitNet.features` whose maps ONNX gives, for those who want to look inside."""


class _Answer(nn.Module):
    """The network with its softmax, its temperature and its stages, as ONNX holds it."""

    model: DigitNet

    def __init__(self, model: DigitNet) -> None:
        super().__init__()
        self.model = model

    def forward(self, pictures: Tensor) -> tuple[Tensor, ...]:
        stages = self.model.stages(pictures)
        logits = self.model.head(stages[-1])
        return (*self.model.judge(logits), *(stages[index][:1] for index in STAGES))


def to_onnx(model: DigitNet) -> onnx.ModelProto:
    """Give the model as one ONNX network, in floats.

    Its input is ``pictures``, float32 (n, 28, 28), 0 for paper to 1 for ink; its outputs are
    ``probabilities``, float32 (n, 10), and ``likelihood``, float32 (n,), as `DigitNet.answer` gives
    them, and the maps of its `STAGES`, float32 (1, channels, height, width), for the first picture
    alone: those of all would cost time in every run. Normalisation and temperature are inside.
    """
    example = (torch.zeros(2, 28, 28),)
    model = model.to(memory_format=torch.contiguous_format).eval()
    # The exporter reports its progress on stdout and warns about its own code.
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        program = torch.onnx.export(
            _Answer(model).eval(),
            example,
            dynamo=True,
            input_names=["pictures"],
            output_names=["probabilities", "likelihood", *(f"stage_{n}" for n in STAGES)],
            dynamic_shapes={"pictures": {0: torch.export.Dim("n")}},
            external_data=False,
        )
    assert program is not None  # noqa: S101 - always so with dynamo=True
    proto = program.model_proto
    # The exporter notes for each node the files and lines it came from on the exporting machine.
    for entity in (proto, proto.graph, *proto.graph.node, *proto.graph.initializer):
        entity.ClearField("metadata_props")
        entity.ClearField("doc_string")
    for value in (*proto.graph.input, *proto.graph.output, *proto.graph.value_info):
        value.ClearField("metadata_props")
    onnx.checker.check_model(proto)
    return proto


def to_safetensors(model: DigitNet) -> bytes:
    """Give the weights, running statistics and temperature as one safetensors file."""
    return save({name: tensor.contiguous() for name, tensor in model.state_dict().items()})


def load_pretrained(folder: Path | None = None) -> DigitNet:
    """Load a network from its safetensors file, ready to predict or to train on.

    Args:
        folder: a model's folder with its card; None for the shipped model.

    Raises:
        ModelError: the model is missing, damaged, or of another architecture.
    """
    card = load_manifest(folder or shipped_model())
    content = card.read(SAFETENSORS_NAME)
    try:
        model = DigitNet.holding(load(content))
    except (RuntimeError, SafetensorError) as error:
        reason = str(error).splitlines()[0]
        path = card.folder / SAFETENSORS_NAME
        raise ModelError(f"{path}: holds no DigitNet ({reason}); export the model anew") from None
    return model.eval()
