"""The report for people in a browser; skipped if there is no Chromium."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
import pytest
from PIL import Image

from digitbench.report.html import as_html
from digitbench.run import suite

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


@pytest.mark.parametrize(
    ("scheme", "size"), [("light", (1280, 2400)), ("dark", (390, 3600))], ids=str
)
def test_the_page_is_shown(
    chromium: str,
    judged: Judged,
    tmp_path: Path,
    scheme: Literal["light", "dark"],
    size: tuple[int, int],
) -> None:
    """On a desktop and on a phone, light and dark, with its colours and graphics."""
    results = [judged("seven-1", "7", "7", latency_ms=(2.0,)), judged("seven-2", "7", "1")]
    page, shot = tmp_path / "index.html", tmp_path / "shot.png"
    app = Image.new("RGB", (96, 64), (255, 0, 255))
    page.write_text(
        as_html(results, suite.summarize(results, 1.0), [], {}, lambda _drawing, _at: app), "utf-8"
    )
    preferred = {"dark": 0, "light": 1}[scheme]
    subprocess.run(
        [
            chromium,
            *FLAGS,
            f"--user-data-dir={tmp_path / 'profile'}",
            f"--blink-settings=preferredColorScheme={preferred}",
            f"--window-size={size[0]},{size[1]}",
            f"--screenshot={shot}",
            page.as_uri(),
        ],
        check=True,
        capture_output=True,
        timeout=120,
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
