"""Measure tests by mutants: how much of the code can be changed so that none of them fails."""

from __future__ import annotations

import subprocess
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from configparser import ConfigParser
from dataclasses import dataclass
from pathlib import Path

import click

ROOT = Path(__file__).parents[2]
PACKAGES = ("digitnet", "digitdraw", "digitbench")

CAUGHT = ("killed", "timeout", "segfault")
"""What mutmut says of mutants that tests notice."""

# Most of what they try is tried in `decode`, and each takes seconds.
SLOW = [
    "tests/digitnet/test_sources.py::test_any_array_gives_an_answer_or_one_error",
    "tests/digitnet/test_sources.py::test_nonsense_gives_an_answer_or_one_error",
]


@dataclass(frozen=True)
class Target:
    """What is mutated, and what should notice.

    Attributes:
        mutated: patterns of source files, from the folder that holds the packages.
        tests: files in tests/ that are quick.
    """

    mutated: Sequence[str]
    tests: Sequence[str]


def _tests_of(package: str, names: str) -> list[str]:
    return [f"tests/{package}/test_{name}.py" for name in names.split()]


TARGETS: Mapping[str, Target] = {
    "preprocessing": Target(
        ["src/digitnet/preprocessing/*.py"],
        _tests_of(
            "digitnet",
            "bad_pictures clutter components decode filters framing framing_pictures greys images"
            " numbers paper raster ruling segment sources text_lines",
        ),
    ),
    "replay": Target(
        ["src/digitbench/replay/*.py"],
        _tests_of("digitbench", "events expectations moments replay replay_events"),
    ),
}


def lay_out(folder: Path, target: Target) -> None:
    """Make a folder of links and settings as mutmut wants it, which knows src/ and tests/ only."""
    for test in target.tests:
        if not (ROOT / test).is_file():
            raise click.ClickException(f"{test}: does not exist; update TARGETS in {__file__}")
    (folder / "src").mkdir(parents=True, exist_ok=True)
    links = {f"src/{name}": f"packages/{name}/src/{name}" for name in PACKAGES}
    for link, original in {**links, "tests": "tests", "pyproject.toml": "pyproject.toml"}.items():
        if not (folder / link).is_symlink():
            (folder / link).symlink_to(ROOT / original)
    options = ["--hypothesis-profile=mutants", "-pno:cacheprovider", "--numprocesses=0"]
    settings = ConfigParser()
    settings["mutmut"] = {
        "source_paths": _lines(f"src/{name}" for name in PACKAGES),
        "only_mutate": _lines(target.mutated),
        "pytest_add_cli_args": _lines([*options, *(f"--deselect={test}" for test in SLOW)]),
        "pytest_add_cli_args_test_selection": _lines(target.tests),
        "on_dependency_change": "ignore",
        # Seconds; other work on the machine must not look like a mutant that makes a loop endless.
        "timeout_constant": "10",
        "timeout_multiplier": "4",
    }
    with (folder / "setup.cfg").open("w") as file:
        settings.write(file)


def _lines(values: Iterable[str]) -> str:
    return "".join(f"\n{value}" for value in values)


def what_became_of(folder: Path) -> dict[str, str]:
    """Give mutmut's word for each mutant's end, by the mutant's name."""
    command = ["mutmut", "results", "--all", "true"]
    listed = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout
    ends = (line.strip().rpartition(": ") for line in listed.splitlines())
    return {name: end for name, _, end in ends if name}


@click.command()
@click.argument("target", type=click.Choice(list(TARGETS)))
@click.argument("names", nargs=-1)
@click.option("--jobs", default=1, show_default=True, help="Mutants that are tested at a time.")
def main(target: str, names: tuple[str, ...], jobs: int) -> None:
    """Test the mutants of TARGET, and tell for each file how many were caught.

    mutmut makes a mutant of each operator, number, text and argument in a function, and tests it by
    the tests that reach the function, those of Hypothesis with few examples that are always the
    same. Mutants that were tested are not tested again until their function changes, unless NAMES
    or patterns of them say so, such as 'digitnet.preprocessing.framing.*'. What survived is told by
    `mutmut results` in runs/mutants/TARGET, and shown by `mutmut show NAME`.
    """
    folder = ROOT / "runs" / "mutants" / target
    lay_out(folder, TARGETS[target])
    subprocess.run(["mutmut", "run", "--max-children", str(jobs), *names], cwd=folder, check=True)
    tested: dict[str, Counter[bool]] = {}
    for name, end in what_became_of(folder).items():
        if end != "not checked":
            tested.setdefault(name.rpartition(".")[0], Counter())[end in CAUGHT] += 1
    tested["all"] = sum(tested.values(), Counter[bool]())
    for file, counts in tested.items():
        share = counts[True] / max(counts.total(), 1)
        click.echo(f"{file:40} {counts[True]:5} of {counts.total():5} caught {share:6.1%}")


if __name__ == "__main__":
    main()
