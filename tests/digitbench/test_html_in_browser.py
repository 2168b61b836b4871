"""The report for people in a browser; skipped if there is no Chromium."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Collection
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
import pytest
from PIL import Image

from digitbench.replay.replayer import Replayed
from digitbench.report.html import as_html
from digitbench.report.timeline_report import Moment, TimelineReport
from digitbench.run import suite
from digitbench.run.verdict import Verdict
from digitnet import Drawing

if TYPE_CHECKING:
    from tests.digitbench.conftest import Judged

FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--hide-scrollbars",
]  # fmt: skip
BACKGROUNDS = {"light": (244, 243, 240), "dark": (20, 22, 27)}
ACCENTS = {"light": (20, 92, 158), "dark": (132, 184, 236)}


@pytest.fixture
def chromium() -> str:
    """The command of the browser; skips the test if there is none."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    pytest.skip("needs Chromium, to look at the report")


@pytest.fixture
def browse(chromium: str, tmp_path: Path) -> Callable[..., str]:
    """Open a page with further flags, and return what the browser prints."""

    def run(page: str, *flags: str) -> str:
        file = tmp_path / "index.html"
        file.write_text(page, "utf-8")
        profile = f"--user-data-dir={tmp_path / 'profile'}"
        done = subprocess.run(
            [chromium, *FLAGS, profile, *flags, file.as_uri()],
            check=True,
            capture_output=True,
            encoding="utf-8",
            timeout=120,
        )
        return done.stdout

    return run


def film(drawing: Drawing, pictures: int, wanted: Collection[int]) -> TimelineReport:
    """Return three moments of a magenta app on which a black square grows."""
    moments = []
    for index, (at, deed) in enumerate([(0, ""), (40, "stroke 1"), (80, "undo")]):
        app = Image.new("RGB", (96, 64), (255, 0, 255))
        app.paste((0, 0, 0), (0, 0, 8 * index, 8 * index))
        moments.append(Moment(at, deed, f"reading {index}", app, ink=(50 * index,)))
    return TimelineReport(suite.judge(drawing, Replayed(None, ())), tuple(moments), drawing)


@pytest.mark.parametrize(
    ("scheme", "size"), [("light", (1280, 2400)), ("dark", (390, 3600))], ids=str
)
def test_the_page_is_shown(
    browse: Callable[..., str],
    judged: Judged,
    tmp_path: Path,
    scheme: Literal["light", "dark"],
    size: tuple[int, int],
) -> None:
    """On a desktop and on a phone, light and dark, with its colours and graphics."""
    results = [judged("seven-1", "7", "7", latency_ms=(2.0,)), judged("seven-2", "7", "1")]
    shot = tmp_path / "shot.png"
    browse(
        as_html(results, suite.summarize(results, 1.0), Verdict(), {}, film),
        f"--blink-settings=preferredColorScheme={('dark', 'light').index(scheme)}",
        f"--window-size={size[0]},{size[1]}",
        f"--screenshot={shot}",
    )
    with Image.open(shot) as picture:
        pixels = np.asarray(picture.convert("RGB"))
    assert pixels.shape[:2] == size[::-1]
    background, accent = np.array(BACKGROUNDS[scheme]), np.array(ACCENTS[scheme])
    assert (pixels[0, 0] == background).all()
    assert 0.02 < (pixels != background).any(axis=2).mean() < 0.9
    # The bar of what was read, and the picture of the app.
    assert (pixels == accent).all(axis=2).sum() > 300
    magenta = (pixels[..., 0] > 200) & (pixels[..., 1] < 20) & (pixels[..., 2] > 200)
    assert magenta.sum() > 10_000


USER = """
const said = [], player = document.querySelector(".player");
const find = selector => player.querySelector(selector);
const say = () => said.push([
  find(".caption").textContent.trim(), find("input").value, find(".patch").hidden,
  find(".moments [aria-current] .deed")?.textContent ?? "",
]);
const press = (key, selector = "input") => {
  find(selector).dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
  say();
};
say();
press("Home"); press("ArrowLeft"); press("ArrowRight"); press("End"); press("ArrowRight");
find(".moments button").click(); say();
press("ArrowLeft", ".moments button"); press(" ");
said.push(find(".play").getAttribute("aria-label"));
const count = () => said.push(document.querySelectorAll(".card:not([hidden])").length);
count();
for (const kind of ["all", "rejected", "right"]) {
  document.querySelector(`[value="${kind}"]`).click(); count();
}
setTimeout(() => {
  say();
  said.push(document.documentElement.scrollWidth <= innerWidth);
  document.title = JSON.stringify(said);
}, 1000);
"""
"""What a person does with the page, and what it shows then."""


def test_the_replay_follows_keys_and_clicks(browse: Callable[..., str], judged: Judged) -> None:
    """A step, the ends, a moment of the list, and playing; and recordings can be filtered."""
    results = [
        judged("a", "7", "1"),
        judged("b", "7", "7", accepted=False),
        judged("c", "7", "7"),
    ]
    page = as_html(results, suite.summarize(results, 1.0), Verdict(), {}, film, has_all=True)
    # The page allows no other script, so its policy is taken out.
    page = re.sub("<meta http-equiv[^>]*>", "", page)
    page = page.replace("</body>", f"<script>{USER}</script></body>")
    dump = browse(page, "--window-size=500,900", "--virtual-time-budget=5000", "--dump-dom")
    title = re.search("<title>(.*)</title>", dump)
    assert title
    first = ["0.00 s  reading 0", "0", False, ""]
    second = ["0.04 s stroke 1 reading 1", "1", False, "stroke 1"]
    third = ["0.08 s undo reading 2", "2", True, "undo"]
    assert json.loads(unescape(title[1])) == [
        third, first, first, second, third, third, second, first, first, "Pause",
        2, 3, 1, 1, third, True,
    ]  # fmt: skip
