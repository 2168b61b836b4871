"""What README shows is true."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
READMES = [ROOT / "README.md", *sorted(ROOT.glob("packages/*/README.md"))]


def test_the_library_example_prints_what_readme_shows() -> None:
    """The first Python block of README runs, and prints the block below it."""
    text = READMES[0].read_text(encoding="utf-8")
    match = re.search(r"```python\n(.*?)```\n+```\n(.*?)```", text, re.DOTALL)
    assert match is not None
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(match[1], {})  # noqa: S102
    assert printed.getvalue() == match[2]


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.parent.name)
def test_links_to_files_lead_somewhere(readme: Path) -> None:
    """Every relative link and picture in a README names a file of the repository."""
    targets = re.findall(r"\]\(([^)]+)\)", readme.read_text(encoding="utf-8"))
    missing = [
        target
        for target in targets
        if not target.startswith("http") and not (readme.parent / target).exists()
    ]
    assert not missing
