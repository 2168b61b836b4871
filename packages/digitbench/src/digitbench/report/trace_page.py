"""The page of one recording: its replay, moment by moment, and what came of it."""

from __future__ import annotations

from digitbench.report.cards import make_card
from digitbench.report.pages import render_page
from digitbench.report.ranking import rank
from digitbench.report.timeline_report import Camera
from digitbench.run.suite import Result

MOST_PICTURES = 24
"""The maximum number of pictures of the app, unless another is asked for."""


def trace_html(
    result: Result, camera: Camera, *, pictures: int = MOST_PICTURES, command: str = ""
) -> bytes:
    """Replay a recording, and return its trace as an HTML page that needs no other files.

    The recording is replayed once more for its pictures, unless it killed a process before.

    Args:
        result: what came of the recording, with what the checks found.
        camera: takes the pictures, such as `digitbench.report.timeline_report.open_camera`.
        pictures: the maximum number of them, at least 1.
        command: replays the recording again, to be copied from the page; "" for none.
    """
    [ranked] = rank([result])
    card = make_card(ranked, camera, pictures, command=command)
    return render_page("trace.html", card=card).encode()
