"""What other projects copy: the snippets in the README, and the hook for pre-commit."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from digitnet import Drawing, write_drawings

if TYPE_CHECKING:
    from tests.digitbench.conftest import Bench

ROOT = Path(__file__).parents[2]
README = ROOT / "packages" / "digitbench" / "README.md"
HOOKS = ROOT / ".pre-commit-hooks.yaml"
yaml: Any = pytest.importorskip("yaml")  # which pre-commit needs


def snippets() -> list[Any]:
    """Return the YAML in the README: for GitHub, GitLab and pre-commit."""
    blocks = re.findall(r"```yaml\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    return [yaml.safe_load(block) for block in blocks]


def test_the_command_of_both_snippets_writes_what_they_upload(
    bench: Bench, seven: Drawing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also if the run fails, when the upload is needed most."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "recordings").mkdir()
    write_drawings(tmp_path / "recordings" / "a.ndjson", [seven])
    github, gitlab, _ = snippets()
    [*_, run, upload] = github["jobs"]["digits"]["steps"]
    [command] = gitlab["digits"]["script"]
    assert run["run"] == command
    program, name, *arguments = shlex.split(command)
    assert (program, name) == ("uvx", "digitbench")
    assert bench(*arguments).code == 0
    artifacts = gitlab["digits"]["artifacts"]
    assert [upload["with"]["path"]] == artifacts["paths"]
    assert (upload["if"], artifacts["when"]) == ("${{ !cancelled() }}", "always")
    assert Path(artifacts["reports"]["junit"]).is_file()
    assert {path.name for path in Path(upload["with"]["path"]).iterdir()} == {
        "junit.xml",
        "index.html",
    }


def test_the_hook_is_valid(bench: Bench, seven: Drawing, tmp_path: Path) -> None:
    """It is the one in the README, lints what it is given, and installs packages that exist."""
    command = [sys.executable, "-m", "pre_commit", "validate-manifest", str(HOOKS)]
    assert subprocess.run(command, check=False, timeout=60).returncode == 0
    [hook] = yaml.safe_load(HOOKS.read_text("utf-8"))
    [repository] = snippets()[2]["repos"]
    assert repository["hooks"] == [{"id": hook["id"]}]
    assert all(
        (ROOT / path / "pyproject.toml").is_file() for path in hook["additional_dependencies"]
    )
    program, *arguments = shlex.split(hook["entry"])
    assert program == "digitbench"
    file = tmp_path / "a.ndjson"
    write_drawings(file, [seven])
    assert re.search(hook["files"], file.name)
    assert bench(*arguments, file).code == 0


def test_ci_reports_to_a_folder_that_the_environment_names() -> None:
    """The script says so, and the workflow uploads it."""
    script = (ROOT / ".ci" / "run").read_text("utf-8")
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8"))
    test = workflow["jobs"]["test"]
    assert "DIGITBENCH_REPORTS" in script
    assert test["steps"][-1]["with"]["path"] == test["env"]["DIGITBENCH_REPORTS"]
