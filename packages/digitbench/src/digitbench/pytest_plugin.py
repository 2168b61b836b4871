"""pytest plugin: fixtures that use apps, and recordings as tests.

The fixture ``pilot`` is a `digitbench.replay.pilot.Pilot` with a new app, and ``golden_images``
serves other pilots. Each recording in a file that pytest is told to take as recordings is a test:
the app must answer with its word, and the default checks of `digitbench run` must hold.

pytest imports this module in every project, so it imports nothing else until something is used.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from digitbench.replay.golden_images import GoldenImages
    from digitbench.replay.pilot import Pilot

_SUFFIX = ".ndjson"
_HAS_RECORDINGS = pytest.StashKey[bool]()
_PILOT: pytest.StashKey[tuple[Pilot, Path]] = pytest.StashKey()
_OPTIONS = {
    "model": ("FILE", "Model that the app reads with, instead of the shipped one."),
    "window": ("WxH", "Size of the app's window in pixels; 960x640 by default."),
    "input": ("DEVICE", "What draws, mouse or touch; by default what a recording was drawn with."),
    "live": (
        "SWITCH",
        "Whether the app reads while drawing, on or off; by default as recorded, or on.",
    ),
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options, each on the command line and in the configuration file."""
    group = parser.getgroup("digitbench", "digitbench: recordings and pilots")
    group.addoption(
        "--digitbench-recordings",
        action="append",
        default=[],
        metavar="FILE",
        help="Recordings to run as tests, in addition: a file, a folder or a pattern. "
        "May be repeated.",
    )
    group.addoption(
        "--digitbench-update",
        action="store_true",
        help="Write what a window shows as golden image, instead of comparing it.",
    )
    for name, (value, text) in _OPTIONS.items():
        group.addoption(f"--digitbench-{name}", metavar=value, help=text)
        parser.addini(f"digitbench_{name}", text, default="")
    parser.addini(
        "digitbench_recordings",
        "Patterns of the files to take as recordings, relative to rootdir, such as tests/*.ndjson; "
        "** stands for any number of folders.",
        type="args",
        default=[],
    )


def pytest_configure(config: pytest.Config) -> None:
    """Check the options that are given, and have the named files collected."""
    names = ("recordings", "update", *_OPTIONS)
    if any(config.getoption(f"digitbench_{name}") for name in names) or any(
        config.getini(f"digitbench_{name}") for name in ("recordings", *_OPTIONS)
    ):
        from digitbench.pytest_support.options import options_of

        named = map(str, sorted(options_of(config).named))
        config.args += [path for path in named if path not in config.args]


def pytest_collect_file(parent: pytest.Collector, file_path: Path) -> pytest.Collector | None:
    """Collect a file of recordings if it was asked for."""
    config = parent.config
    is_named = file_path.suffix == _SUFFIX and parent.session.isinitpath(file_path)
    if not is_named:
        if not (
            config.getini("digitbench_recordings") or config.getoption("digitbench_recordings")
        ):
            return None
        from digitbench.pytest_support.options import options_of

        if not options_of(config).ask_for(file_path):
            return None
    from digitbench.pytest_support.recordings import RecordingsFile

    config.stash[_HAS_RECORDINGS] = True
    file: pytest.Collector = RecordingsFile.from_parent(parent, path=file_path)
    return file


def pytest_report_collectionfinish(config: pytest.Config) -> list[str]:
    """Tell if the configuration asks for recordings, and a run of all tests finds none."""
    patterns = config.getini("digitbench_recordings")
    is_all = config.args_source is not pytest.Config.ArgsSource.ARGS
    is_elsewhere = config.getoption("dist", "no") != "no"  # pytest-xdist's workers collect
    if not patterns or not is_all or is_elsewhere or config.stash.get(_HAS_RECORDINGS, False):
        return []
    return [f"digitbench_recordings: no file that pytest visits matches {' '.join(patterns)}"]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Save what the window of the fixture `pilot` shows when its test fails, and say where."""
    report = yield
    if report.when == "call" and report.failed and _PILOT in item.stash:
        from pygame import error

        used, picture = item.stash[_PILOT]
        with suppress(error, OSError):  # the test may have closed the window
            used.screenshot(picture)
            report.sections.append(("digitbench", f"window at the failure: {picture}"))
    return report


@pytest.fixture
def golden_images(request: pytest.FixtureRequest, tmp_path: Path) -> GoldenImages:
    """The golden images of a test module, in the folder beside it that has its name."""
    from digitbench.replay.golden_images import GoldenImages

    update = request.config.getoption("digitbench_update")
    return GoldenImages(request.path.with_suffix(""), tmp_path / "images", update=update)


@pytest.fixture
def pilot(request: pytest.FixtureRequest, tmp_path: Path, golden_images: GoldenImages) -> Pilot:
    """Uses a new app like a person; the app saves in the test's temporary folder."""
    from digitbench.pytest_support.workbench import workbench_of
    from digitnet.errors import ModelError

    try:
        pilot = workbench_of(request.config).pilot(tmp_path / "saved", golden_images)
    except ModelError as error:
        pytest.fail(str(error), pytrace=False)
    request.node.stash[_PILOT] = pilot, tmp_path / "window.png"
    return pilot
