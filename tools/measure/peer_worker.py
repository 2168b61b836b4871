"""One recogniser in a process of its own, which does what `compare_peers` asks of it.

    python peer_worker.py NAME FOLDER

It runs in the recogniser's own environment, of which it imports nothing but the recogniser, NumPy
and Pillow. The folder holds the pictures. When the recogniser is ready to read, and after each line
on stdin, which is the name of a task, it answers with a line of JSON on stdout.
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

ONE_BY_ONE = 240  # pictures of a round of single calls
AT_ONCE = 1000  # pictures of a round of one call


@dataclass(frozen=True)
class Reader:
    """How a recogniser is used.

    Attributes:
        models: for each of its models, the usual one first, a function that takes any picture and
            gives its label.
        framed: takes a picture that is framed as MNIST's are, uint8 (28, 28), light on dark.
        many: takes such pictures, (n, 28, 28), in the fastest way that there is, and gives their
            labels.
    """

    models: Mapping[str, Callable[[Image], Any]]
    framed: Callable[[Pictures], Any]
    many: Callable[[Pictures], Sequence[Any]]


def digitnet() -> Reader:
    """Read as this repository's README shows."""
    from digitnet import Recognizer

    recognizer = Recognizer(threads=1)
    return Reader(
        models={"": lambda picture: recognizer.predict(picture).text},
        framed=lambda picture: recognizer.classify(picture[None]).argmax(),
        many=lambda pictures: recognizer.classify(pictures).argmax(axis=1).tolist(),
    )


def digitnet_in_torch() -> Reader:
    """Run the same network, framed by digitnet as one digit, in eager PyTorch."""
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
    """Read as its README shows; it has no call for many, so its network is called for these."""
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
    """Read with each of its models; its MNIST model takes tensors, too."""
    from ccexam.inference import InferenceFactory

    @cache
    def inference(model: str) -> Any:
        return InferenceFactory.create(model, device="cpu")

    def read(picture: Image, model: str) -> Any:
        return inference(model).predict(picture)

    usual = inference("mnist")  # the others when they are asked for: memory and time count
    return Reader(
        models={model: partial(read, model=model) for model in ("mnist", "usps", "svhn")},
        framed=lambda picture: usual.predict_batch_tensor(_normalized(picture[None])),
        many=lambda pictures: usual.predict_batch_tensor(_normalized(pictures)),
    )


READERS: Mapping[str, Callable[[], Reader]] = {
    "digitnet": digitnet,
    "digitnet[train]": digitnet_in_torch,
    "digit-recognizer-py": digit_recognizer,
    "ccexam": ccexam,
}
"""How to use each recogniser, by what is asked of the package index."""


def _normalized(pictures: Pictures) -> Any:
    """Give what networks that learned MNIST with PyTorch usually take, float (n, 1, 28, 28)."""
    import torch

    return (torch.from_numpy(pictures).float()[:, None] / 255 - 0.1307) / 0.3081


def tasks(name: str, reader: Reader, folder: Path) -> dict[str, Callable[[], Any]]:
    """List what can be asked: "facts", "right", and times in seconds of CPU a picture."""
    from PIL.Image import fromarray

    drawn, mnist = np.load(folder / "drawn.npy"), np.load(folder / "mnist.npy")
    picture = next(iter(reader.models.values()))
    seen = [fromarray(array) for array in drawn[:ONE_BY_ONE]]
    return {
        "facts": lambda: facts(name),
        "right": lambda: {kind: right(reader, folder, kind) for kind in ("mnist", "drawn")},
        "picture": lambda: _time_of_each(picture, seen),
        "framed": lambda: _time_of_each(reader.framed, mnist[:ONE_BY_ONE]),
        "many": lambda: _time_of_each(reader.many, [mnist[:AT_ONCE]]) / len(mnist[:AT_ONCE]),
    }


def facts(name: str) -> dict[str, Any]:
    """Tell what an installed distribution says of itself, and whether it has loaded PyTorch."""
    told = importlib.metadata.metadata(name.partition("[")[0])
    return {
        "version": told["Version"],
        "licence": told["License-Expression"] or told["License"],
        "python": told["Requires-Python"],
        "torch": "torch" in sys.modules,
    }


def right(reader: Reader, folder: Path, kind: str) -> dict[str, int]:
    """Count the pictures that are read rightly, in each way, as they are and as negatives."""
    from PIL.Image import fromarray

    pictures, labels = np.load(folder / f"{kind}.npy"), np.load(folder / f"{kind}_labels.npy")

    def each(seen: Pictures, read: Callable[[Image], Any]) -> list[Any]:
        return [read(fromarray(picture)) for picture in seen]

    ways: dict[str, Callable[[Pictures], Sequence[Any]]] = {
        f"{model} one by one".strip(): partial(each, read=read)
        for model, read in reader.models.items()
    }
    if pictures.shape[1:] == (28, 28):
        ways["many at once"] = reader.many
    return {
        f"{way}, {polarity}": int((np.array(read(seen)).astype(str) == labels.astype(str)).sum())
        for polarity, seen in (("as they are", pictures), ("negatives", 255 - pictures))
        for way, read in ways.items()
    }


def _time_of_each(read: Callable[[Any], Any], sources: Sequence[Any]) -> float:
    # CPU time, and not the clock's: what else the machine does must not count.
    began = time.process_time()
    for source in sources:
        read(source)
    return (time.process_time() - began) / len(sources)


def main(name: str, folder: Path) -> None:
    """Load a recogniser, and do what is asked until there is no more."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", buffering=1)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # for whatever the recogniser may print
    reader = READERS[name]()
    print(json.dumps({"pid": os.getpid(), "start": time.process_time()}), file=answers)
    known: dict[str, Callable[[], Any]] = {}
    for line in sys.stdin:
        known = known or tasks(name, reader, folder)
        print(json.dumps(known[line.strip()]()), file=answers)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
