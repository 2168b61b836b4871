"""Plots of a training run, as PNG."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from digitnet.training.log import Epoch

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

_BLUE, _ORANGE, _QUIET = "#145c9e", "#c2571a", "#62646e"


def draw_curves(epochs: Sequence[Epoch]) -> bytes:
    """Plot loss and accuracy over the epochs, of which there must be at least one."""
    figure = Figure(figsize=(9, 3.6), layout="constrained")
    left, right = figure.subplots(1, 2)
    numbers = [epoch.number for epoch in epochs]
    for axes, title in ((left, "loss (nats)"), (right, "correct on validation data")):
        _plain(axes, title)
        axes.set_xlabel("epoch", color=_QUIET)
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
        axes.grid(axis="y", color="#e5e3de")
    _curve(left, numbers, [epoch.loss for epoch in epochs], _QUIET, "training")
    _curve(left, numbers, [epoch.validation_loss for epoch in epochs], _BLUE, "validation")
    left.set_ylim(bottom=0)
    # Plot the error rate on a logarithmic scale that includes zero, so that 99 % and 99.9 % are
    # far apart.
    errors = [1 - epoch.accuracy for epoch in epochs]
    ink_errors = [1 - epoch.ink_accuracy for epoch in epochs if epoch.ink_accuracy is not None]
    _curve(right, numbers, errors, _BLUE, "images")
    if len(ink_errors) == len(epochs):
        _curve(right, numbers, ink_errors, _ORANGE, "ink")
    right.set_yscale("symlog", linthresh=1e-3)
    right.set_ylim(max(1e-2, 1.2 * max(errors + ink_errors)), 0)
    right.yaxis.set_major_formatter(FuncFormatter(lambda share, _: f"{100 * (1 - share):.5g} %"))
    for axes in (left, right):
        axes.set_xlim(0.5, len(epochs) + 0.5)
        axes.legend(frameon=False, labelcolor=_QUIET)
    return _png(figure)


def draw_confusion(confusion: NDArray[np.int64], title: str) -> bytes:
    """Plot a confusion matrix.

    Args:
        confusion: (10, 10); rows are true digits, columns are answers.
        title: Describes what was read; the count and the share of correct answers are added.
    """
    figure = Figure(figsize=(5.6, 5.6), layout="constrained")
    axes = figure.subplots()
    total, correct = int(confusion.sum()), int(np.trace(confusion))
    _plain(axes, f"{correct:,} of {total:,} {title} correct, {correct / max(total, 1):.2%}")
    share = confusion / np.maximum(confusion.sum(axis=1, keepdims=True), 1)
    axes.imshow(
        np.sqrt(share), cmap="Blues", vmin=0, vmax=1
    )  # the square root makes rare errors visible
    for row, column in np.ndindex(*confusion.shape):
        if count := confusion[row, column]:
            colour = "white" if share[row, column] > 0.3 else "#1c202c"
            axes.text(column, row, f"{count:,}", ha="center", va="center", color=colour)
    digits = range(len(confusion))
    axes.set_xticks(digits, map(str, digits))
    axes.set_yticks(digits, map(str, digits))
    axes.set_xlabel("read as", color=_QUIET)
    axes.set_ylabel("true digit", color=_QUIET)
    return _png(figure)


def _plain(axes: Axes, title: str) -> None:
    axes.set_title(title, loc="left", color="#1c202c", fontsize=11)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0, labelcolor=_QUIET)


def _curve(
    axes: Axes, numbers: Sequence[int], values: Sequence[float], colour: str, label: str
) -> None:
    # Markers, because a single epoch has no line.
    axes.plot(numbers, values, color=colour, label=label, marker="o", markersize=3)


def _png(figure: Figure) -> bytes:
    content = io.BytesIO()
    figure.savefig(content, format="png", dpi=150, metadata={"Software": None})
    return content.getvalue()
