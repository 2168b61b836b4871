"""Plants bugs in copies of the packages, and prints which commands find which of them.

uv run --all-extras tools/measure/planted_bugs.py [BUG…] [--command run]

The bugs are in planted_bugs.toml, beside this file.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import click

ROOT = Path(__file__).parents[2]
_RECORDINGS = ROOT / "packages" / "digitbench" / "src" / "digitbench" / "recordings"

_SEEDS = 8  # that `fuzz` tries in turn, as a few hundred steps find most bugs
_BENCH = (sys.executable, "-c", "from digitbench.cli import main; main()")

COMMANDS: Mapping[str, Sequence[str]] = {
    "run": (*_BENCH, "run"),
    "run --check all": (*_BENCH, "run", "--check", "all"),
    "golden": (*_BENCH, "golden"),
    "fuzz": (*_BENCH, "fuzz", "--steps", "2000", "--no-shrink"),
    "pytest": (
        *(sys.executable, "-m", "pytest", "-x", "-q", "-n0", "-p", "no:cacheprovider"),
        *(str(ROOT / "tests" / folder) for folder in ("digitdraw", "digitnet")),
        *("-m", "not slow", "--rootdir", str(ROOT), "-c", str(ROOT / "pyproject.toml")),
    ),
}
"""The commands that look for bugs, by their names in the table."""

_SAYS = {
    "run": "\nFAILED: ",
    "run --check all": "\nFAILED: ",
    "golden": " changed\n",
    "fuzz": " fails in ",
    "pytest": "\nFAILED ",
}
"""What each command prints if it has found something; other failures are its own."""


@dataclass(frozen=True)
class Bug:
    """A change of one place in one file.

    Attributes:
        name: of the bug.
        what: what is wrong, in a few words.
        file: below packages/*/src.
        before: the text to replace, which the file contains once.
        after: what to replace it with.
        found_by: the command of digitbench that finds it the soonest.
    """

    name: str
    what: str
    file: str
    before: str
    after: str
    found_by: str

    def plant(self, folder: Path) -> None:
        """Copy the package of the bug to a folder, with the bug.

        Raises:
            ValueError: the file does not contain the text once.
            SyntaxError: with the bug, the file is not Python.
        """
        package = self.file.partition("/")[0]
        shutil.copytree(ROOT / "packages" / package / "src" / package, folder / package)
        path = folder / self.file
        text = path.read_text("utf-8")
        if text.count(self.before) != 1:
            raise ValueError(
                f"{self.name}: {self.file} has the text {text.count(self.before)} times"
            )
        planted = text.replace(self.before, self.after)
        compile(planted, self.file, "exec")
        path.write_text(planted, "utf-8")


@dataclass(frozen=True)
class Finding:
    """What a command did.

    Attributes:
        command: its name.
        code: its exit code.
        output: what it printed.
        seconds: how long it took.
    """

    command: str
    code: int
    output: str
    seconds: float

    @property
    def is_found(self) -> bool:
        """Whether it found something, and did not fail itself."""
        return self.code == 1 and _SAYS[self.command] in f"\n{self.output}"

    def __str__(self) -> str:
        word = "found" if self.is_found else "—" if self.code == 0 else f"exit code {self.code}"
        return f"{word}, {self.seconds:.0f} s"


def bugs() -> dict[str, Bug]:
    """Read all bugs, by name."""
    table = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    return {name: Bug(name, **values) for name, values in table.items()}


def run(command: str, bug: Bug | None, options: Sequence[str] = ()) -> Finding:
    """Run one of `COMMANDS`, with more options, with a bug or without one."""
    with tempfile.TemporaryDirectory(prefix="bug-") as name:
        folder = Path(name)
        if bug:
            bug.plant(folder)
        (folder / "work").mkdir()
        environment = {**os.environ, "PYTHONPATH": name, "PYTHONDONTWRITEBYTECODE": "1"}
        began = time.perf_counter()
        done = subprocess.run(
            (*COMMANDS[command], *options),
            cwd=folder / "work",
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
    return Finding(command, done.returncode, done.stdout, time.perf_counter() - began)


def run_soon(command: str, bug: Bug | None) -> Finding:
    """Run a command with a bug, or without one, on as little as it takes to find most bugs."""
    if command != "fuzz":
        names = ("digit-4", "not-a-digit", "numbers")
        return run(command, bug, [str(_RECORDINGS / f"{name}.ndjson") for name in names])
    for seed in range(_SEEDS if bug else 1):
        finding = run(command, bug, ["--seed", str(seed), "--steps", "500"])
        if finding.code:
            break
    return finding


@click.command()
@click.argument("names", nargs=-1, type=click.Choice(list(bugs())), metavar="[BUG…]")
@click.option("--command", "commands", multiple=True, type=click.Choice(list(COMMANDS)))
@click.option("--jobs", type=click.IntRange(1), default=1, show_default=True)
@click.option("--verbose", is_flag=True, help="Print what the commands print.")
def main(names: tuple[str, ...], commands: tuple[str, ...], jobs: int, *, verbose: bool) -> None:
    """Print a table: a row for each bug, and a column for each command."""
    chosen = [bugs()[name] for name in names or bugs()]
    columns = commands or tuple(COMMANDS)
    for command in columns:
        if (finding := run(command, None)).code:
            raise click.ClickException(f"{command} fails without a bug:\n{finding.output}")
    click.echo(f"| bug | {' | '.join(columns)} |\n|---|{'---|' * len(columns)}")

    def look(bug: Bug) -> list[Finding]:
        return [run(command, bug) for command in columns]

    counts = [0] * len(columns)
    with ThreadPoolExecutor(jobs) as pool:
        for bug, findings in zip(chosen, pool.map(look, chosen), strict=True):
            for index, finding in enumerate(findings):
                counts[index] += finding.is_found
                if verbose:
                    click.echo(finding.output, err=True)
            click.echo(f"| {bug.what} | {' | '.join(map(str, findings))} |")
    click.echo(f"| found of {len(chosen)} | {' | '.join(map(str, counts))} |")


if __name__ == "__main__":
    main()
