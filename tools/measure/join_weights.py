"""Shows how pictures and paths are best joined, for people whom a network has never met.

    python tools/measure/join_weights.py --data DIR --work DIR

Reads the ink of each contributor with the network in --work that `left_out.py` trained without that
contributor, joined with different weights. The release's are the defaults of
`digitnet.training.path_network.PathNet`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

import click
import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

import contributors
from contributors import CONTRIBUTORS, contributor_of
from digitnet import Drawing, Recognizer, cli_support
from digitnet.preprocessing.framing import frame_strokes
from digitnet.preprocessing.pen_path import pen_path
from digitnet.training.data import labels_of
from digitnet.training.evaluation import fit_temperature
from digitnet.training.export import load_pretrained_path
from digitnet.training.network import DIGITS, NONE

WEIGHTS = ((1.0, 0.0), (0.0, 1.0), (0.5, 0.5), (0.7, 0.5), (0.7, 0.7), (0.5, 0.9), (1.0, 1.0))
"""Of pictures and paths."""

BIASES = (-1.25, -1.0, -0.75, -0.5, 0.0)

Answers: TypeAlias = "tuple[Tensor, Tensor, Tensor]"
"""Log probabilities by the picture and by the path, float (n, 11) each, and labels, int64 (n,)."""


@click.command(name="join_weights")
@cli_support.data_option
@click.option(
    "--work",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    required=True,
    help="Folder with the networks of left_out.py.",
)
def main(data: Path | None, work: Path) -> None:
    """Compare weights, each by its mean over contributors."""
    if data is None:
        raise click.UsageError("needs --data with pendigits, letters and unipen.")
    signs, _ = contributors.read_signs(data)
    ink = [*contributors.read_digits(data), *contributors.read_letters(data), *signs]
    answers = [
        answer(work / name, [drawing for drawing in ink if contributor_of(drawing) == name])
        for name in CONTRIBUTORS
        if (work / name).is_dir()
    ]
    for picture, path in WEIGHTS:
        for bias in BIASES if picture == path else (0.0,):
            rows = [list(_shares(each, picture, path, bias)) for each in answers]
            # Pendigits has nothing but digits.
            right, turned_away, rejected, loss, temperature = np.nanmean(rows, axis=0)
            click.echo(
                f"picture {picture:.1f}, path {path:.1f}, bias {bias:+.2f}: digits right "
                f"{right:.2%}, legible but turned away {turned_away:.2%}, other ink turned away "
                f"{rejected:.2%}, log loss {loss:.4f}, temperature {temperature:.2f}"
            )


def answer(model: Path, drawings: Sequence[Drawing]) -> Answers:
    """Let both networks of a model answer drawings, each on its own."""
    paths = [[stroke.xy for stroke in drawing.strokes] for drawing in drawings]
    images = [frame_strokes(ink, pen=d.pen_pixels) for ink, d in zip(paths, drawings, strict=True)]
    recognizer = Recognizer(model, threads=1)
    pictured = recognizer.answer(np.stack(images))
    probabilities, likelihood = map(torch.from_numpy, pictured)
    is_digit = likelihood[:, None]
    by_picture = torch.cat([is_digit * probabilities, 1 - is_digit], dim=1).clamp(min=1e-6).log()
    network = load_pretrained_path(model)
    assert network is not None  # noqa: S101 - left_out.py trains one
    with torch.inference_mode():
        logits = network(torch.from_numpy(np.stack([pen_path(ink) for ink in paths])))
    return by_picture, functional.log_softmax(logits, dim=1), labels_of(drawings)


def _shares(answers: Answers, picture: float, path: float, bias: float) -> Iterator[float]:
    """Yield the shares that `main` prints, the log loss and the best temperature."""
    by_picture, by_path, labels = answers
    joined = picture * by_picture + path * by_path
    joined[:, NONE] += bias
    joined = functional.log_softmax(joined, dim=1)
    is_digit = labels != NONE
    is_accepted = joined[:, NONE].exp() <= 0.5
    is_right = joined[:, :DIGITS].argmax(dim=1) == labels
    yield float((is_right & is_accepted)[is_digit].double().mean())
    yield float((is_right & ~is_accepted)[is_digit].double().mean())
    yield float((~is_accepted)[~is_digit].double().mean())
    yield functional.nll_loss(joined, labels).item()
    yield fit_temperature(joined[is_digit, :DIGITS], labels[is_digit])


if __name__ == "__main__":
    cli_support.run(main)
