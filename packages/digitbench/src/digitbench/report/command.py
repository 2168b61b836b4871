"""The command that replays one recording of a run again."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from digitbench.checks.registry import DEFAULT_CHECKS
from digitbench.replay.replayer import Setup
from digitbench.run import suite
from digitnet import Drawing


def command_for(drawing: Drawing, options: Mapping[str, Any]) -> str:
    """Return the command line that replays a recording as a run did.

    Args:
        drawing: the recording.
        options: of the run, as in its provenance; those that are missing have their defaults.
    """
    words = ["digitbench"]
    if drawing.place and Path(drawing.place.file) not in _bundled():
        words.append(str(drawing.place.file))
    words += ["--key-id", drawing.key_id]
    if (window := tuple(options.get("window") or Setup.window)) != Setup.window:
        words += ["--window", "{}x{}".format(*window)]
    for name in ("input", "pen", "model"):
        if (value := options.get(name)) is not None:
            words += [f"--{name}", str(value)]
    if (checks := tuple(options.get("check", DEFAULT_CHECKS))) != tuple(DEFAULT_CHECKS):
        words += ["--check", ",".join(checks) or "none"]
    return shlex.join(words)


@cache
def _bundled() -> frozenset[Path]:
    return frozenset(suite.bundled_recordings())
