"""Mutation testing: how much of the code can be changed without a test failing.

uv run --all-extras --group mutants tools/measure/mutants.py TARGET
"""

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
"""mutmut's words for mutants that tests detect."""

# Each takes seconds, and the tests of `decode` try most of the same.
SLOW = [
    "tests/digitnet/test_sources.py::test_any_array_gives_an_answer_or_an_error",
    "tests/digitnet/test_sources.py::test_any_object_gives_an_answer_or_an_error",
]


@dataclass(frozen=True)
class Target:
    """Code to mutate, and the tests that should detect it.

    Attributes:
        mutated: Patterns of source files, relative to the folder made by `lay_out`.
        tests: Fast test files.
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
            "bad_images clutter components decode filters framing framing_images grey_image images"
            " lattice ligatures numbers paper pen_path raster ruling sources text_lines",
        ),
    ),
    "replay": Target(
        ["src/digitbench/replay/*.py"],
        _tests_of(
            "digitbench",
            "expectations moments recorded_events replay replay_events replay_isolation timeline",
        ),
    ),
}


def lay_out(folder: Path, target: Target) -> None:
    """Create the folder of links and settings that mutmut expects, with src/ and tests/.

    Raises:
        ClickException: A test file does not exist.
    """
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
        # Seconds; a busy machine must not look like a mutant that made a loop infinite.
        "timeout_constant": "10",
        "timeout_multiplier": "4",
    }
    with (folder / "setup.cfg").open("w") as file:
        settings.write(file)


def _lines(values: Iterable[str]) -> str:
    return "".join(f"\n{value}" for value in values)


def read_results(folder: Path) -> dict[str, str]:
    """Return mutmut's result for each mutant, by the mutant's name."""
    command = ["mutmut", "results", "--all", "true"]
    listed = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout
    results = (line.strip().rpartition(": ") for line in listed.splitlines())
    return {name: result for name, _, result in results if name}


@click.command()
@click.argument("target", type=click.Choice(list(TARGETS)))
@click.argument("names", nargs=-1)
@click.option("--jobs", default=1, show_default=True, help="Mutants to test at a time.")
def main(target: str, names: tuple[str, ...], jobs: int) -> None:
    """Test the mutants of TARGET, and report for each file how many were caught.

    mutmut mutates each operator, number, text and argument in a function, and runs the tests that
    reach the function; those with Hypothesis use few examples, always the same. Tested mutants are
    not tested again until their function changes, unless they match NAMES, such as
    'digitnet.preprocessing.framing.*'. To see the survivors, run `mutmut results` and `mutmut show
    NAME` in runs/mutants/TARGET.
    """
    folder = ROOT / "runs" / "mutants" / target
    lay_out(folder, TARGETS[target])
    subprocess.run(["mutmut", "run", "--max-children", str(jobs), *names], cwd=folder, check=True)
    tested: dict[str, Counter[bool]] = {}
    for name, result in read_results(folder).items():
        if result != "not checked":
            tested.setdefault(name.rpartition(".")[0], Counter())[result in CAUGHT] += 1
    tested["all"] = sum(tested.values(), Counter[bool]())
    for file, counts in tested.items():
        share = counts[True] / max(counts.total(), 1)
        click.echo(f"{file:40} {counts[True]:5} of {counts.total():5} caught {share:6.1%}")


if __name__ == "__main__":
    main()
