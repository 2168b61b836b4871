"""The command ``digitnet predict``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click

from digitnet import console
from digitnet.errors import DigitnetError
from digitnet.recognizer import Prediction, Recognizer, Source
from digitnet.recordings import read_drawings


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE…")
@console.json_option
@console.model_option
@click.pass_context
def predict(
    context: click.Context, files: tuple[Path, ...], model: Path | None, *, as_json: bool
) -> None:
    """Read pictures, and recordings (.ndjson).

    A file that cannot be read is told on stderr and does not stop the rest; the exit code is
    then 1.
    """
    recognizer = Recognizer(model)
    failed = False
    for file in files:
        try:
            for name, source in _sources(file):
                prediction = recognizer.predict(source)
                click.echo(_as_json(name, prediction) if as_json else _as_row(name, prediction))
        except DigitnetError as error:
            console.complain("digitnet", str(error))
            failed = True
    context.exit(1 if failed else 0)


def _sources(file: Path) -> Iterator[tuple[str, Source]]:
    if file.suffix != ".ndjson":
        yield str(file), file
        return
    for number, drawing in enumerate(read_drawings(file), start=1):
        yield drawing.key_id or f"{file}:{number}", drawing


def _as_row(name: str, prediction: Prediction) -> str:
    if not prediction.digits:
        return f"{name}: nothing there"
    if not prediction.text:
        guess = "".join(str(digit.label) for digit in prediction.digits)
        return f"{name}: unsure, perhaps {guess} ({prediction.confidence:.1%})"
    return f"{name}: {prediction.text} ({prediction.confidence:.1%})"


def _as_json(name: str, prediction: Prediction) -> str:
    digits = [
        {
            "label": digit.label,
            "confidence": round(digit.confidence, 6),
            "probabilities": [round(float(p), 6) for p in digit.probabilities],
            "accepted": digit.accepted,
            "box": list(digit.box),
        }
        for digit in prediction.digits
    ]
    record = {
        "source": name,
        "text": prediction.text,
        "confidence": round(prediction.confidence, 6),
        "digits": digits,
    }
    return json.dumps(record)
