"""The architecture page shows the code as it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import architecture

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / ".github").glob("*.md"))


def test_the_picture_is_current() -> None:
    """Its diagram and table are what `tools/release/architecture.py` draws from the code."""
    page = architecture.PAGE.read_text("utf-8")
    assert architecture.render(page) == page, "run tools/release/architecture.py"


def test_edges_that_follow_from_others_are_left_out() -> None:
    """A chain is drawn as a chain, even where its ends also import each other directly."""
    graph = {"a": {"b", "c"}, "b": {"c"}, "c": set[str]()}
    assert architecture.reduce(graph) == {"a": {"b"}, "b": {"c"}, "c": set()}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_pages_name_files_that_exist(page: Path) -> None:
    """Every path in backticks, of a package, of tests or of tools, is there."""
    packages = [
        ROOT / "packages" / name / "src" for name in ("digitnet", "digitdraw", "digitbench")
    ]
    named = re.findall(r"`((?:digit\w+|tests|tools)/[\w./]+)`", page.read_text("utf-8"))
    missing = [
        path for path in named if not any((base / path).exists() for base in [ROOT, *packages])
    ]
    assert not missing
