"""What the page for people says of each recording: the order, the crash, the run before."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

import digitdraw
import digitnet
from digitbench.replay.outcome import CheckOutcome, Violation
from digitbench.replay.replayer import Replayed
from digitbench.report import cards
from digitbench.report.command import command_for
from digitbench.report.crash import CrashSite, crash_site
from digitbench.report.html import as_html
from digitbench.report.ranking import choose, rank
from digitbench.report.timeline_report import Moment, TimelineReport
from digitbench.run import suite
from digitbench.run.baseline import Baseline, Before
from digitbench.run.verdict import Verdict
from digitnet import Drawing
from digitnet.ink import Place

if TYPE_CHECKING:
    from tests.digitbench.conftest import Judged

APP = Path(digitdraw.__path__[0]) / "app.py"
INK = Path(digitnet.__path__[0]) / "ink.py"
TRACEBACK = f"""\
Traceback (most recent call last):
  File "/elsewhere/replayer.py", line 160, in replay
    prediction = self._use_app(drawing)
  File "{APP}", line 12, in undo
    self.edit("undo")
    ^^^^^^^^^^^^^^^^^
  File "{INK}", line 345, in bounds
    raise InkError
  File "/elsewhere/pygame/draw.py", line 6, in line
    draw()
InkError: no <ink>
"""
HUNG = f"""\
Timeout (0:00:01)!
Thread 0x00007f (most recent call first):
  File "/elsewhere/numpy/core.py", line 5 in add
  File "{INK}", line 345 in bounds
  File "{APP}", line 12 in undo
TimedOut: not done after 1 seconds
"""


def film(drawing: Drawing, pictures: int, wanted: Collection[int]) -> TimelineReport:
    """Return two moments, the second of which is a crash."""
    crash = Moment(200, "undo", "the app crashed", Image.new("RGB", (9, 9)), is_crash=True)
    moments = (Moment(100, "stroke 1", "read as 7", Image.new("RGB", (9, 9))), crash)
    return TimelineReport(suite.judge(drawing, Replayed(None, ())), moments, drawing)


def page_of(results: list[suite.Result], **options: Any) -> str:
    """Return the page of a run."""
    return as_html(results, suite.summarize(results, 2.0), Verdict(), {}, film, **options)


def test_the_line_of_the_app_is_found_in_a_traceback() -> None:
    """The innermost that is its own, also where the calls are in the other order."""
    error = "InkError: no <ink>"
    site = CrashSite(error, "digitnet/ink.py:345", "bounds", "raise InkError")
    assert crash_site(TRACEBACK) == site
    hung = replace(site, error="TimedOut: not done after 1 seconds", code="")
    assert crash_site(HUNG) == hung
    without = "\n".join(line for line in TRACEBACK.splitlines() if ", line 345" not in line)
    assert crash_site(without).code == 'self.edit("undo")'
    assert crash_site("ValueError: boom\n") == CrashSite("ValueError: boom")


def test_a_crash_starts_with_the_line_of_the_app(judged: Judged) -> None:
    """Then what was done, and the rest on demand."""
    page = page_of([judged("a", "7", None, error=TRACEBACK)])
    places = [
        page.index(text)
        for text in (
            '<code class="place">digitnet/ink.py:345</code>',
            "raise InkError",
            "At 0.20 s: undo, after stroke 1",
            "<summary>Traceback</summary>",
            "Traceback (most recent call last)",
        )
    ]
    assert places == sorted(places)


def test_the_worst_comes_first(judged: Judged) -> None:
    """Crashes, what was right before, failed checks, wrong answers, and doubts; surest first."""
    broken = judged("broken", "7", "7")
    check = CheckOutcome("moments", 1, (Violation("bad"),))
    results = [
        judged("right", "7", "7"),
        judged("doubt", "7", "7", accepted=False),
        judged("unsure", "7", "1", confidence=0.6),
        judged("sure", "7", "1", confidence=0.8),
        replace(broken, replayed=replace(broken.replayed, checks=(check,))),
        judged("lost", "7", "1", confidence=0.55),
        judged("crash", "7", None, error="ValueError: boom\n"),
    ]
    baseline = Baseline("base.json", {("lost", 0): True}, {("lost", 0): Before("7", 0.9)})
    ranked = rank(results, baseline)
    names = [each.result.key_id for each in ranked]
    assert names == ["crash", "lost", "broken", "sure", "unsure", "doubt", "right"]
    assert [each.kinds for each in ranked][1:3] == [("lost", "wrong"), ("broken",)]
    assert [each.before for each in ranked if each.before] == [Before("7", 0.9)]
    # Of two failures, those of different sorts are chosen, and right ones only after all of them.
    assert [each.result.key_id for each in choose(ranked, 2)] == ["crash", "lost"]
    assert choose(ranked, 7) == ranked


def test_an_earlier_run_is_beside_this_one(judged: Judged) -> None:
    """What was read then, with the probabilities that its report has."""
    result = judged("a", "7", "1")
    then = (*[0.0] * 7, 0.75, 0.0, 0.25)
    key = ("a", 0)
    before = {key: Before("7", 0.75, "correct", (then,))}
    source = {"time": "2026-01-02T03:04:05+00:00", "commit": "0123456789"}
    baseline = Baseline("<base>.json", {key: True}, before, source)
    page = page_of([result], baseline=baseline)
    assert "Compared with &lt;base&gt;.json (2026-01-02, commit 01234567): 1 no longer" in page
    card = page[page.index("<article") : page.index("</article>")]
    text = " ".join(re.sub("<[^>]*>", "", card).split())
    assert "No longer right. Before: read as 7 (75.0%) in &lt;base&gt;.json" in text
    assert re.findall(r'class="number was">([\d.]+)%', card) == [f"{100 * p:.1f}" for p in then]
    other = Baseline("base.json", {key: True}, {key: Before("77", 0.5, "", (then, then))})
    assert 'table class="probabilities beside' not in page_of([result], baseline=other)


def test_a_page_that_is_full_says_so(judged: Judged, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worst have pictures, the others all the rest."""
    monkeypatch.setattr(cards, "MOST_BYTES", 1)
    page = page_of([judged("a", "7", "1"), judged("b", "7", "1", confidence=0.6)])
    first, second = re.findall("<article.*?</article>", page, re.DOTALL)
    assert "data-trace" in first
    assert "data-trace" not in second
    assert "Its pictures are left out to keep this page small." in second
    assert 'class="seen"' in second


def test_what_is_right_is_shown_on_demand(judged: Judged) -> None:
    """After the failures."""
    results = [judged("a", "7", "7"), judged("b", "7", "1")]
    assert re.findall("<code>(.)</code>", page_of(results)) == ["b"]
    assert re.findall("<code>(.)</code>", page_of(results, has_all=True)) == ["b", "a"]


@pytest.mark.parametrize(
    ("options", "command"),
    [
        ({}, "digitbench 'my file.ndjson' --key-id a"),
        ({"window": [960, 640], "input": None}, "digitbench 'my file.ndjson' --key-id a"),
        (
            {"window": (480, 800), "pen": 0.1, "model": "m.onnx"},
            "digitbench 'my file.ndjson' --key-id a --window 480x800 --pen 0.1 --model m.onnx",
        ),
        ({"check": []}, "digitbench 'my file.ndjson' --key-id a --check none"),
        ({"check": ["devices"]}, "digitbench 'my file.ndjson' --key-id a --check devices"),
    ],
    ids=str,
)
def test_a_command_replays_the_recording_again(options: dict[str, Any], command: str) -> None:
    """With the options of the run that matter for it."""
    drawing = Drawing((), key_id="a", place=Place("my file.ndjson", 3))
    assert command_for(drawing, options) == command


def test_a_bundled_recording_needs_no_file() -> None:
    """Its name is enough."""
    file = suite.bundled_recordings()[0]
    drawing = next(iter(suite.read([file])))
    assert command_for(drawing, {}) == f"digitbench --key-id {drawing.key_id}"
