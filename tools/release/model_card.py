"""Measures the shipped model, and writes ``MODEL_CARD.md`` and the figures in ``model.json``.

    python tools/release/model_card.py --data DIR [--other DIR …]

DIR contains MNIST, pendigits and letters, as for ``train.py``. Each ``--other`` is the folder of a
model trained with the same settings and another seed, for mean and spread.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean, stdev
from typing import Any

import click
import numpy as np

from digitnet import cli_support
from digitnet.files import write_atomically
from digitnet.manifest import MANIFEST_NAME, Manifest, load_manifest
from train import WEIGHTS

# Measurements live in the neighbouring folder.
sys.path.append(str(Path(__file__).parents[1] / "measure"))

from model_quality import measure

_PROSE = Path(__file__).with_name("model_card_prose.md")


@click.command(name="model_card")
@cli_support.data_option
@click.option(
    "--model",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=WEIGHTS,
    show_default="the shipped one",
    help="The model's folder.",
)
@click.option(
    "--other",
    "others",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="A model with the same settings and another seed; can be given more than once.",
)
@click.option(
    "--left-out",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The results of left_out.py.",
)
@click.option("--render-only", is_flag=True, help="Do not measure: use the figures in model.json.")
def main(
    data: Path | None,
    model: Path,
    others: tuple[Path, ...],
    left_out: Path | None,
    *,
    render_only: bool,
) -> None:
    """Measure a model on the test sets, and write its card."""
    if not render_only:
        _measure(data, model, others)
    if left_out:
        facts = json.loads((model / MANIFEST_NAME).read_text())
        facts["measured"]["left_out"] = json.loads(left_out.read_text())
        _write_facts(model, facts)
    write_atomically(model / "MODEL_CARD.md", render(load_manifest(model)).encode())
    click.echo(f"{model / 'MODEL_CARD.md'}: written")


def _measure(data: Path | None, model: Path, others: Sequence[Path]) -> None:
    """Measure a model, and write the figures to its manifest."""
    if data is None:
        raise click.UsageError("needs --data with MNIST, pendigits and letters.")
    measured = measure(model, data)
    measured["date"] = datetime.now(UTC).date().isoformat()
    facts = json.loads((model / MANIFEST_NAME).read_text())
    if others:
        seeds = {_seed(load_manifest(model)): _headline(measured)}
        for other in others:
            seeds[_seed(load_manifest(other))] = _headline(measure(other, data, variations=False))
        measured["seeds"] = {"date": measured["date"], "form": "as shipped", "measured": seeds}
    elif earlier := facts.get("measured", {}).get("seeds"):  # they have their own date
        measured["seeds"] = earlier
    if "left_out" in facts.get("measured", {}):  # other networks, with a date of their own
        measured["left_out"] = facts["measured"]["left_out"]
    facts["measured"] = measured
    _write_facts(model, facts)


def _write_facts(model: Path, facts: Mapping[str, Any]) -> None:
    write_atomically(model / MANIFEST_NAME, (json.dumps(facts, indent=1) + "\n").encode())


def _seed(manifest: Manifest) -> str:
    return str(manifest.facts["recipe"]["seed"])


def _headline(measured: Mapping[str, Any]) -> dict[str, float]:
    """Return the figures that are compared between seeds."""
    at_99 = measured["rejection"]["at_99"]
    return {
        "MNIST test": measured["mnist_test"]["accuracy"],
        "pendigits test": measured["pendigits_test"]["accuracy"],
        "bundled digits": measured["bundled_digits"]["accuracy"],
        "numbers": measured["numbers"]["accuracy"],
        "unseen shapes rejected": at_99["unseen_kinds"],
        "unseen letters rejected": at_99["unseen_contributor"],
    }


def render(manifest: Manifest) -> str:
    """Return the text of the model card, from the facts in the manifest."""
    facts, measured = manifest.facts, manifest.facts["measured"]
    numbers = {
        "parameters": f"{facts['parameters']:,}",
        "multiply_adds": f"{facts['multiply_adds']:,}",
        "onnx_kilobytes": f"{measured['onnx_bytes'] / 1000:,.0f}",
        "classify_one_ms": f"{measured['classify_one_ms']:.2f}",
        "path_parameters": f"{facts['path_parameters']:,}",
        "path_kilobytes": f"{measured['path_onnx_bytes'] / 1000:,.0f}",
        "path_one_ms": f"{measured['path_one_ms']:.2f}",
        "left_out": _left_out(measured["left_out"]),
        "left_out_date": measured["left_out"]["date"],
        "left_out_form": measured["left_out"]["form"],
        "threshold": f"{manifest.threshold:.4f}",
        "temperature": f"{facts['temperature']:.3f}",
        "minutes": f"{facts['seconds'] / 60:.0f}",
        "torch": facts["torch"],
        "cpu": facts["cpu"],
        "trained": facts["date"],
        "commit": facts["commit"],
        "date": measured["date"],
        "data": _table(["", "drawings"], [(_words(k), f"{v:,}") for k, v in facts["data"].items()]),
        "recipe": _table(["", ""], [(_words(k), str(v)) for k, v in facts["recipe"].items()]),
        "accuracy": _accuracy(measured),
        "seeds": _seeds(measured.get("seeds")),
        "rejection": _rejection(measured["rejection"]),
        "photos": _photos(measured["photos"]["by_difficulty"]),
        "photos_date": measured["photos"]["date"],
        "variations": _variations(measured["variations"]),
        "mnist_confusion": _confusion(measured["mnist_test"]["confusion"]),
        "pendigits_confusion": _confusion(measured["pendigits_test"]["confusion"]),
    }
    return _PROSE.read_text(encoding="utf-8").format(**numbers)


def _words(name: str) -> str:
    return name.replace("_", " ")


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def _accuracy(measured: Mapping[str, Any]) -> str:
    names = {
        "mnist_test": "MNIST test, as they are",
        "pendigits_test": "pendigits, 14 unseen writers, replayed through the app",
        "bundled_digits": "bundled recordings of digits, replayed",
        "bundled_not_digits": "bundled recordings of other ink, not accepted",
        "numbers": "numbers of 2 to 6 of pendigits' test digits, all digits correct",
    }
    rows = []
    for key, name in names.items():
        figures = measured[key]
        error = figures.get("calibration_error")
        rows.append(
            (
                name,
                f"{figures['correct']:,} of {figures['total']:,}",
                f"{figures['accuracy']:.2%}",
                "" if error is None else f"{error:.2%}",
            )
        )
    return _table(["measured", "correct", "accuracy", "calibration error"], rows)


def _seeds(report: Mapping[str, Any] | None) -> str:
    if report is None:
        return "Only one seed was trained, so the spread over seeds is unknown."
    seeds: Mapping[str, Mapping[str, float]] = report["measured"]
    rows = []
    for name in next(iter(seeds.values())):
        values = [figures[name] for figures in seeds.values()]
        cells = (f"{value:.2%}" for value in (*values, mean(values), stdev(values)))
        rows.append((name, *cells))
    head = ["", *(f"seed {seed}" for seed in seeds), "mean", "standard deviation"]
    return (
        f"Models from {len(seeds)} seeds with the same settings, measured {report['form']} on "
        f"{report['date']}; rejection at the point that accepts 99 % of pendigits' test digits:"
        f"\n\n{_table(head, rows)}"
    )


def _left_out(report: Mapping[str, Any]) -> str:
    counts: Mapping[str, Mapping[str, tuple[int, int]]] = report["counts"]
    rows = []
    for name in next(iter(counts.values())):
        cells = [each[name] for each in counts.values()]
        share = mean(count / total for count, total in cells if total)
        totals = (f"{count:,} of {total:,}" if total else "" for count, total in cells)
        rows.append((name, f"**{share:.2%}**", *totals))
    return _table(["", "mean", *counts], rows)


def _rejection(report: Mapping[str, Any]) -> str:
    names = {
        "digits": "pendigits test, accepted",
        "unseen_kinds": "shapes of unseen kinds, rejected",
        "bundled": "bundled recordings of other ink, rejected",
        "unseen_contributor": "letters by the unseen contributor, rejected",
    }
    points = ("shipped", "at_99")
    head = ["", "drawings", *(f"at {report[point]['threshold']:.4f}" for point in points)]
    rows = [
        (name, f"{report['counts'][key]:,}", *(f"{report[point][key]:.2%}" for point in points))
        for key, name in names.items()
    ]
    return _table(head, rows)


def _photos(photos: Mapping[str, Mapping[str, Any]]) -> str:
    rows = [
        (
            kind,
            f"{figures['photos']}",
            f"{figures['correct']:,} of {figures['digits']:,}",
            f"{figures['accuracy']:.2%}",
            f"{figures['false']}",
            f"{figures['in_order']:.1%}",
        )
        for kind, figures in photos.items()
    ]
    head = ["difficulty", "photos", "digits correct", "accuracy", "false digits", "in order"]
    return _table(head, rows)


def _variations(variations: Mapping[str, Mapping[str, float]]) -> str:
    return "\n\n".join(
        _table([_words(name), *cells], [("correct", *(f"{share:.1%}" for share in cells.values()))])
        for name, cells in variations.items()
    )


def _confusion(confusion: Sequence[Sequence[int]]) -> str:
    """Return the confusion matrix as a table; rows are true digits, columns are answers."""
    counts = np.array(confusion)
    rows = [
        (f"**{digit}**", *(str(count) if count else "·" for count in row))
        for digit, row in enumerate(counts)
    ]
    return _table(["", *(str(digit) for digit in range(10))], rows)


if __name__ == "__main__":
    cli_support.run(main)
