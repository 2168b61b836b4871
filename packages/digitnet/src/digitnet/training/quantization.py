"""A network in 32-bit floats to one whose convolutions reckon in 8-bit integers.

Integers of 8 bits take a quarter of the memory, and processors multiply two to four times as many
of them at once. Maps are scaled, each by one number, and weights, those of each channel by one,
such that their range fills the bits (Jacob, Kligys, Chen, Zhu, Tang, Howard, Adam, Kalenichenko:
"Quantization and training of neural networks for efficient integer-arithmetic-only inference",
2018; Krishnamoorthi: "Quantizing deep convolutional networks for efficient inference", 2018).

The first convolution, which sees the picture itself, and the linear layer stay in floats: they are
cheap, and what is lost in either would be seen in every answer.
"""

from __future__ import annotations

import contextlib
import io
import logging
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import onnx

from digitnet.runtime import import_onnxruntime
from digitnet.training.rehearsal import make_rehearsal

if TYPE_CHECKING:
    from numpy.typing import NDArray

_INTEGER_LAYERS = ["Conv", "Add", "Relu"]

# Of a map's values, the share that its range holds, in per cent. Without the few beyond, the steps
# between the rest are smaller: on varied training pictures, probabilities then change by a sixth
# less.
_WITHIN = 99.9995

_EXAMPLES = 1000  # pictures by which the ranges of the maps are found
_EXAMPLES_AT_ONCE = 125


def quantize(network: onnx.ModelProto) -> onnx.ModelProto:
    """Let the convolutions of a network reckon in integers.

    The ranges of its maps are those on ink that is made for this, always the same: digits, and what
    is none. So a network is all that its quantised form depends on.

    Args:
        network: as `digitnet.training.export.to_onnx` makes it.
    """
    import_onnxruntime()
    from onnxruntime.quantization import (
        CalibrationMethod,
        QuantFormat,
        QuantType,
        quantize_static,
    )

    # It advises, on the root logger, to optimise the network first, which changes nothing here, and
    # tells its progress on stdout.
    logging.disable(logging.WARNING)
    try:
        with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()):
            file = Path(folder) / "quantized.onnx"
            quantize_static(
                network,
                file,
                _Examples(),
                quant_format=QuantFormat.QDQ,
                op_types_to_quantize=_INTEGER_LAYERS,
                calibrate_method=CalibrationMethod.Percentile,
                extra_options={"CalibPercentile": _WITHIN},
                nodes_to_exclude=[_first_convolution(network)],
                activation_type=QuantType.QUInt8,
                weight_type=QuantType.QInt8,
                per_channel=True,
                # Weights of 7 bits: without instructions made for it, processors add two products
                # in 16 bits, which those of 8 bits overflow; so answers are the same everywhere.
                reduce_range=True,
            )
            return onnx.load(file)
    finally:
        logging.disable(logging.NOTSET)


def _first_convolution(network: onnx.ModelProto) -> str:
    names = (node.name for node in network.graph.node if node.op_type == "Conv")
    return str(next(names))


class _Examples:
    """Pictures in the form in which ONNX Runtime asks for them."""

    def __init__(self) -> None:
        self._batches = _made_pictures()

    def get_next(self) -> dict[str, NDArray[np.float32]] | None:
        """Give the next batch, (n, 28, 28); None after the last."""
        return next(self._batches, None)


def _made_pictures() -> Iterator[dict[str, NDArray[np.float32]]]:
    images = make_rehearsal(_EXAMPLES, np.random.default_rng(0)).numpy()
    for start in range(0, _EXAMPLES, _EXAMPLES_AT_ONCE):
        batch = images[start : start + _EXAMPLES_AT_ONCE]
        yield {"pictures": batch.astype(np.float32) / np.float32(255)}
