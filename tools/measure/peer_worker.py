"""Runs one recogniser in a process of its own, for `peers`.

    python peer_worker.py NAME FOLDER

It runs in the recogniser's environment, so it imports only the recogniser, NumPy and Pillow. The
folder has the images. When the recogniser is ready, the worker writes a line of JSON to stdout.
Then it reads the names of tasks from stdin, a line each, and answers each with a line of JSON.
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PIL.Image import Image

    Pictures: TypeAlias = NDArray[np.uint8]

ONE_BY_ONE = 240  # images in a round of single calls
AT_ONCE = 1000  # images in a round with one call


@dataclass(frozen=True)
class Reader:
    """How to use a recogniser.

    Attributes:
        models: For each of its models, the default one first, a function from any image to its
            label.
        framed: Reads an image framed like MNIST's, uint8 (28, 28), light on dark.
        many: Reads such images, (n, 28, 28), in the fastest way available; returns their labels.
    """

    models: Mapping[str, Callable[[Image], Any]]
    framed: Callable[[Pictures], Any]
    many: Callable[[Pictures], Sequence[Any]]


def digitnet() -> Reader:
    """Use digitnet as its README shows."""
    from digitnet import Recognizer

    recognizer = Recognizer(threads=1)
    return Reader(
        models={"": lambda picture: recognizer.predict(picture).text},
        framed=lambda picture: recognizer.classify(picture[None]).argmax(),
        many=lambda pictures: recognizer.classify(pictures).argmax(axis=1).tolist(),
    )


def digitnet_in_torch() -> Reader:
    """Run digitnet's network in eager PyTorch; each image is framed by digitnet as one digit."""
    import torch

    from digitnet.preprocessing.framing import frame_mask
    from digitnet.preprocessing.images import ink_mask
    from digitnet.training import load_pretrained

    network = load_pretrained()

    @torch.inference_mode()
    def many(pictures: Pictures) -> list[int]:
        probabilities, _ = network.answer(torch.from_numpy(pictures))
        labels: list[int] = probabilities.argmax(dim=1).tolist()
        return labels

    def framed(picture: Pictures) -> int:
        return many(picture[None])[0]

    return Reader({"": lambda picture: framed(frame_mask(ink_mask(picture)))}, framed, many)


def digit_recognizer() -> Reader:
    """Use it as its README shows; for many images, which it has no call for, use its network."""
    import torch
    from digit_recognizer import DigitRecognizer

    recognizer = DigitRecognizer(device="cpu")

    @torch.inference_mode()
    def many(pictures: Pictures) -> list[int]:
        labels: list[int] = recognizer.model(_normalized(pictures)).argmax(dim=1).tolist()
        return labels

    return Reader(
        models={"": recognizer.predict},
        framed=lambda picture: recognizer.predict(picture, invert=False),
        many=many,
    )


def ccexam() -> Reader:
    """Use each of its models; its MNIST model also accepts tensors."""
    from ccexam.inference import InferenceFactory

    @cache
    def inference(model: str) -> Any:
        return InferenceFactory.create(model, device="cpu")

    def read(picture: Image, model: str) -> Any:
        return inference(model).predict(picture)

    default = inference("mnist")  # the others are loaded on demand, as memory and time count
    return Reader(
        models={model: partial(read, model=model) for model in ("mnist", "usps", "svhn")},
        framed=lambda picture: default.predict_batch_tensor(_normalized(picture[None])),
        many=lambda pictures: default.predict_batch_tensor(_normalized(pictures)),
    )


READERS: Mapping[str, Callable[[], Reader]] = {
    "digitnet": digitnet,
    "digitnet[train]": digitnet_in_torch,
    "digit-recognizer-py": digit_recognizer,
    "ccexam": ccexam,
}
"""How to use each recogniser, by the name of its distribution."""


def _normalized(pictures: Pictures) -> Any:
    """Return the usual input of MNIST networks in PyTorch, float (n, 1, 28, 28)."""
    import torch

    return (torch.from_numpy(pictures).float()[:, None] / 255 - 0.1307) / 0.3081


def tasks(name: str, reader: Reader, folder: Path) -> dict[str, Callable[[], Any]]:
    """Return all tasks: "facts", "correct", and timings in seconds of CPU time per image."""
    from PIL.Image import fromarray

    drawn, mnist = np.load(folder / "drawn.npy"), np.load(folder / "mnist.npy")
    picture = next(iter(reader.models.values()))
    boards = [fromarray(array) for array in drawn[:ONE_BY_ONE]]
    return {
        "facts": lambda: facts(name),
        "correct": lambda: {
            kind: count_correct(reader, folder, kind) for kind in ("mnist", "drawn")
        },
        "picture": lambda: _time_of_each(picture, boards),
        "framed": lambda: _time_of_each(reader.framed, mnist[:ONE_BY_ONE]),
        "many": lambda: _time_of_each(reader.many, [mnist[:AT_ONCE]]) / len(mnist[:AT_ONCE]),
    }


def facts(name: str) -> dict[str, Any]:
    """Return the metadata of a distribution, and whether it has loaded PyTorch."""
    metadata = importlib.metadata.metadata(name.partition("[")[0])
    return {
        "version": metadata["Version"],
        "licence": metadata["License-Expression"] or metadata["License"],
        "python": metadata["Requires-Python"],
        "torch": "torch" in sys.modules,
    }


def count_correct(reader: Reader, folder: Path, kind: str) -> dict[str, int]:
    """Count the images that are read correctly in each way, as they are and as negatives."""
    from PIL.Image import fromarray

    pictures, labels = np.load(folder / f"{kind}.npy"), np.load(folder / f"{kind}_labels.npy")

    def each(images: Pictures, read: Callable[[Image], Any]) -> list[Any]:
        return [read(fromarray(picture)) for picture in images]

    ways: dict[str, Callable[[Pictures], Sequence[Any]]] = {
        f"{model} one by one".strip(): partial(each, read=read)
        for model, read in reader.models.items()
    }
    if pictures.shape[1:] == (28, 28):
        ways["many at once"] = reader.many
    return {
        f"{way}, {polarity}": int((np.array(read(images)).astype(str) == labels.astype(str)).sum())
        for polarity, images in (("as they are", pictures), ("negatives", 255 - pictures))
        for way, read in ways.items()
    }


def _time_of_each(read: Callable[[Any], Any], sources: Sequence[Any]) -> float:
    # CPU time, so that other work on the machine does not count.
    began = time.process_time()
    for source in sources:
        read(source)
    return (time.process_time() - began) / len(sources)


def main(name: str, folder: Path) -> None:
    """Load a recogniser, and run tasks until stdin ends."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", buffering=1)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # keeps the recogniser's own output apart
    reader = READERS[name]()
    print(json.dumps({"pid": os.getpid(), "start": time.process_time()}), file=answers)
    by_name: dict[str, Callable[[], Any]] = {}
    for line in sys.stdin:
        by_name = by_name or tasks(name, reader, folder)
        print(json.dumps(by_name[line.strip()]()), file=answers)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
