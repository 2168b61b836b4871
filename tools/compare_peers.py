"""Compares digitnet with the recognisers of handwritten digits that are published with weights.

    python tools/compare_peers.py --data DIR

Each is installed into an environment of its own, which is thrown away, with what it asks for; this
repository's digitnet too. All read the same pictures on one thread: MNIST's 10,000 test pictures
as they are, and the bundled recordings of single digits, drawn black on a white board of 280x280,
where and as large as they were written. Where a recogniser has several models or calls, each is
tried on the pictures and on their negatives, and the best counts. Nothing is chosen or trained by
this.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np

from digitbench.suite import bundled_recordings, read_all
from digitdraw.fitting import fitted
from digitdraw.ink_layer import ink_of
from digitnet import console
from digitnet.training.data import mnist_test

ROOT = Path(__file__).parents[1]
BOARD = (280, 280)
STARTS = 3  # whose median is told, after one that fills the disk's cache


@dataclass(frozen=True)
class Peer:
    """A recogniser, and how it is used.

    Attributes:
        name: of its distribution.
        source: what is installed.
        start: a program that imports it and loads a model, ready to read.
        ways: a program after it, which defines `ways`: functions, by name, that take uint8 arrays
            (n, height, width) and give n labels.
    """

    name: str
    source: str
    start: str
    ways: str


PEERS = (
    Peer(
        "digitnet",
        str(ROOT / "packages" / "digitnet"),
        "from digitnet import Recognizer\nrecognizer = Recognizer(threads=1)",
        """
def classify(pictures):  # takes no others
    is_framed = pictures.shape[1:] == (28, 28)
    return recognizer.classify(pictures).argmax(axis=1) if is_framed else [""] * len(pictures)

ways = {"predict": lambda pictures: [p.text for p in recognizer.predict_many(pictures)],
        "classify": classify}
""",
    ),
    Peer(
        "digit-recognizer-py",
        "digit-recognizer-py",
        "from digit_recognizer import DigitRecognizer\nrecognizer = DigitRecognizer(device='cpu')",
        "ways = {'predict': lambda pictures: [recognizer.predict(p) for p in pictures]}",
    ),
    Peer(
        "ccexam",
        "ccexam",
        """
from ccexam.inference import InferenceFactory
InferenceFactory.create("mnist", device="cpu")
""",
        """
from PIL import Image

def reader(model):
    inference = InferenceFactory.create(model, device="cpu")
    return lambda pictures: inference.predict_batch([Image.fromarray(p) for p in pictures])

ways = {model: reader(model) for model in ("mnist", "usps", "svhn")}
""",
    ),
)

# CPU time, and not the clock's: what else the machine does must not count.
TIME = """
import time
began = time.process_time()
{start}
print(time.process_time() - began)
"""

READ = """
import importlib.metadata, json, sys
import numpy as np
{start}
{ways}
right = {{}}
for name in ("mnist", "drawn"):
    pictures, labels = np.load(f"{{name}}.npy"), np.load(f"{{name}}_labels.npy").astype(str)
    right[name] = {{
        f"{{way}}, {{polarity}}": int((np.array(read(seen)).astype(str) == labels).sum())
        for polarity, seen in (("as they are", pictures), ("negatives", 255 - pictures))
        for way, read in ways.items()
    }}
told = importlib.metadata.metadata("{name}")
print(json.dumps({{
    "version": told["Version"],
    "licence": told["License-Expression"] or told["License"],
    "python": told["Requires-Python"],
    "torch": "torch" in sys.modules,
    "right": right,
}}))
"""


class FailedError(Exception):
    """What a program said last before it failed."""


@click.command(name="compare_peers")
@console.data_option
@click.option("--peer", "names", multiple=True, type=click.Choice([p.name for p in PEERS]))
def main(data: Path | None, names: tuple[str, ...]) -> None:
    """Measure digitnet and its peers, and print a table in Markdown."""
    measured: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as folder:
        totals = write_pictures(Path(folder), data)
        for peer in PEERS:
            if names and peer.name not in names:
                continue
            try:
                measured[peer.name] = measure(peer, Path(folder))
            except FailedError as error:
                click.echo(f"{peer.name}: left out: {error}", err=True)
    click.echo(table(measured, totals))
    click.echo("\n" + json.dumps({name: m["right"] for name, m in measured.items()}, indent=2))


def write_pictures(folder: Path, data: Path | None) -> dict[str, int]:
    """Write both sets of pictures, and give how many each has."""
    mnist = mnist_test(data)
    digits = [drawing for drawing in read_all(bundled_recordings()) if len(drawing.word) == 1]
    sets = {
        "mnist": (mnist.images.numpy(), mnist.labels.numpy()),
        "drawn": (
            np.stack([255 - ink_of(fitted(digit, BOARD)) for digit in digits]),
            np.array([int(digit.word) for digit in digits]),
        ),
    }
    for name, (pictures, labels) in sets.items():
        np.save(folder / f"{name}.npy", pictures)
        np.save(folder / f"{name}_labels.npy", labels)
    return {name: len(labels) for name, (_, labels) in sets.items()}


def measure(peer: Peer, folder: Path) -> dict[str, Any]:
    """Install a recogniser, measure it, and throw it away.

    Args:
        peer: the recogniser.
        folder: with the pictures.

    Returns:
        what `READ` prints, "bytes" on disk, and "seconds" to start.

    Raises:
        FailedError: it cannot be installed, or fails.
    """
    with tempfile.TemporaryDirectory() as environment:
        place = Path(environment) / "venv"
        python = place / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
        run("uv", "venv", "--quiet", "--python", sys.executable, str(place), folder=folder)
        installed = ("uv", "pip", "install", "--quiet", "--python", str(python), peer.source)
        run(*installed, folder=folder)
        size = sum(path.lstat().st_size for path in place.rglob("*") if path.suffix != ".pyc")
        start = TIME.format(start=peer.start)
        starts = [float(run(str(python), "-c", start, folder=folder)) for _ in range(STARTS + 1)]
        read = READ.format(name=peer.name, start=peer.start, ways=peer.ways)
        told: dict[str, Any] = json.loads(run(str(python), "-c", read, folder=folder))
    return {**told, "bytes": size, "seconds": float(np.median(starts[1:]))}


def run(*command: str, folder: Path) -> str:
    """Run a program on one thread, and give what it prints."""
    one_thread = dict.fromkeys(("OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, **one_thread},
            capture_output=True,
            text=True,
            check=True,
        )
    except FileNotFoundError:
        raise FailedError(f"{command[0]} is not installed") from None
    except subprocess.CalledProcessError as error:
        raise FailedError(" ".join(error.stderr.split()[-40:])) from None
    return done.stdout


def table(measured: dict[str, dict[str, Any]], totals: dict[str, int]) -> str:
    """Lay out what was measured, a column for each recogniser."""

    def share(name: str) -> Callable[[dict[str, Any]], str]:
        return lambda m: f"{max(m['right'][name].values()) / totals[name]:.2%}"

    rows: Sequence[tuple[str, Callable[[dict[str, Any]], str]]] = (
        ("version", lambda m: m["version"]),
        ("licence", lambda m: m["licence"]),
        ("Python", lambda m: m["python"]),
        ("PyTorch", lambda m: "needed" if m["torch"] else "not needed"),
        ("on disk, with all it needs", lambda m: f"{m['bytes'] / 1e6:,.0f} MB"),
        ("import and loading the model", lambda m: f"{m['seconds']:.2f} s"),
        (f"MNIST, {totals['mnist']:,} test pictures", share("mnist")),
        (f"drawn, {totals['drawn']:,} bundled recordings", share("drawn")),
    )
    lines = ["| | " + " | ".join(measured) + " |", "|---" * (len(measured) + 1) + "|"]
    lines += [
        f"| {name} | " + " | ".join(map(cell, measured.values())) + " |" for name, cell in rows
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    console.run(main)
