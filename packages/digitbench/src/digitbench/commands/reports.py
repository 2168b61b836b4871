"""The reports of ``digitbench run``: an option for each, checked before the run, written after."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import click

from digitbench.commands.output import prepare, write
from digitbench.report.registry import REPORTS
from digitbench.report.report import FinishedRun, Report
from digitnet import cli_support
from digitnet.files import is_stream


def report_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add an option for each report, passed together as `reports`: the file of each to write."""
    for report in reversed(REPORTS):
        command = _option_of(report)(command)

    @functools.wraps(command)
    def with_reports(*arguments: Any, **options: Any) -> Any:
        paths = {report: options.pop(report.name.replace("-", "_")) for report in REPORTS}
        reports = {report: path / report.file_in_folder for report, path in paths.items() if path}
        return command(*arguments, reports=reports, **options)

    return with_reports


def _option_of(report: Report) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    is_folder = bool(report.file_in_folder)
    type_ = click.Path(file_okay=not is_folder, dir_okay=is_folder, path_type=Path)
    metavar = "DIR" if is_folder else "FILE"
    return click.option(f"--{report.name}", type=type_, metavar=metavar, help=report.help)


def prepare_reports(files: Mapping[Report, Path], recordings: Iterable[Path]) -> None:
    """Make the folders of reports, and check that these can be written.

    Args:
        files: the file of each report.
        recordings: files that no report may replace.

    Raises:
        UsageError: a report cannot be written, or would replace recordings or another report.
    """
    taken = {path.resolve(): f"the recordings in {path}" for path in recordings}
    for report, path in files.items():
        option = f"--{report.name}"
        prepare(path, option)
        if is_stream(path):
            continue
        other = taken.setdefault(path.resolve(), option)
        if other != option:
            raise click.UsageError(f"{option}: {path} would replace {other}; name another file.")


def write_reports(files: Mapping[Report, Path], finished: FinishedRun) -> bool:
    """Write reports; one that cannot be written is reported, and the others are written.

    Returns:
        whether all were written.
    """
    are_written = True
    for report, path in files.items():
        try:
            write(path, report.render(finished))
        except click.ClickException as error:
            are_written = False
            cli_support.complain("digitbench", error.format_message())
    return are_written
