"""Pen strokes of real people, read by the whole app."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from digitbench.formats.unipen.reader import read_unipen
from digitbench.replay.replayer import Replayer
from digitbench.run import suite
from digitbench.run.gates import Gates
from digitbench.run.verdict import reach_verdict

if TYPE_CHECKING:
    from pathlib import Path

    from digitnet import Recognizer


def test_real_ink_is_read_right(pendigits: Path, recognizer: Recognizer, tmp_path: Path) -> None:
    """At least 97% of pendigits' training digits; its test writers are only for measuring."""
    drawings = list(islice(read_unipen(pendigits / "pendigits-orig.tra"), 200))
    results = list(suite.run(drawings, Replayer(recognizer, save_dir=tmp_path)))
    summary = suite.summarize(results, seconds=0.0)
    assert summary.recordings == 200
    assert reach_verdict(results, summary, Gates({"all": 0.97})).failures == []
