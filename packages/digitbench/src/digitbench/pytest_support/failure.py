"""What is told about a recording that failed: in words, in a picture, and in a page."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from PIL import Image

from digitbench.pytest_support.workbench import Workbench
from digitbench.report.command import command_for
from digitbench.report.timeline_report import Camera, open_camera
from digitbench.report.trace_page import trace_html
from digitbench.run.suite import Result
from digitbench.text import printable
from digitnet import write_drawings


def describe_failure(result: Result) -> list[str]:
    """Return lines about a result: the answer, what failed, facts, and all probabilities."""
    drawing = result.drawing
    lines = [f"{result.key_id}: {result.verdict}"]
    if result.replayed.error:
        lines.append(result.replayed.error.rstrip())
    lines += [f"{name}: {violation}" for name, violation in result.violations]
    facts = {
        "tags": ", ".join(drawing.tags),
        "writer": drawing.writer,
        "device": drawing.device,
    }
    lines += [f"{name}: {fact}" for name, fact in facts.items() if fact]
    if result.digits:
        lines.append("read as" + "".join(f"{label:>7}" for label in range(10)) + "  any digit")
    for digit in result.digits:
        read = str(digit.label) if digit.accepted else f"? ({digit.label})"
        shares = "".join(f"{share:>7.1%}" for share in digit.probabilities)
        lines.append(f"{read:<7}{shares}{digit.likelihood:>11.1%}")
    return [printable(line, keep="\n") for line in lines]


def write_files(result: Result, workbench: Workbench, folder: Path) -> list[str]:
    """Replay a recording again, and write what the app showed; return lines that name the files.

    Args:
        result: what failed.
        workbench: replays it.
        folder: of the files; must exist.

    Raises:
        OSError: a picture or a page cannot be written.
        RecordingError: the recording cannot be written.
    """
    setup, drawing = workbench.setup, result.drawing
    camera = open_camera(workbench.recognizer, setup)
    files = {name: folder / name for name in ("app.png", "trace.html", "recording.ndjson")}
    if picture := _picture(result, camera):
        picture.save(files["app.png"])
    else:
        del files["app.png"]
    command = command_for(drawing, {**asdict(setup), "model": workbench.model})
    files["trace.html"].write_bytes(trace_html(result, camera, command=command))
    write_drawings(files["recording.ndjson"], [drawing])
    return [f"{Path(name).stem + ':':<10} {path}" for name, path in files.items()]


def _picture(result: Result, camera: Camera) -> Image.Image | None:
    """Return what the window showed at the first check that failed, or else at the end."""
    at = next((each.at for _, each in result.violations if each.at is not None), None)
    moments = camera(result.drawing, 1, [] if at is None else [at]).moments
    shown = [each.picture for each in moments if each.picture and at in (None, each.at)]
    return shown[-1] if shown else None
