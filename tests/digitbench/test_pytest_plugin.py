"""The pytest plugin in other projects: what it collects, what a failure tells, and its fixtures."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from PIL import Image

from digitbench.run.suite import bundled_recordings
from digitnet import read_drawings

pytest_plugins = ["pytester"]

SEVEN = "[[(0.3, 0.2), (0.65, 0.2), (0.42, 0.8)]]"
ZERO = bundled_recordings()[0].read_text().splitlines()[0]


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    """A project with a recording in tests/ and one beside it, and a file that is none."""
    for name in ("tests/ink.ndjson", "more/ink.ndjson"):
        write(pytester.path / name, ZERO)
    write(pytester.path / "tests" / "unrelated.ndjson", '{"event": "started"}')
    write(pytester.path / "tests" / "test_one.py", "def test_one(): pass")
    return pytester


def write(path: Path, *lines: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n")


def changed(**changes: object) -> str:
    return json.dumps({**json.loads(ZERO), **changes})


def collected(project: pytest.Pytester, *arguments: str) -> list[str]:
    """Return the files of the tests that are collected."""
    result = project.runpytest("--collect-only", "-q", *arguments)
    assert result.ret == 0, result.outlines
    return sorted({line.partition("::")[0] for line in result.outlines if "::" in line})


def test_nothing_is_collected_that_was_not_asked_for(project: pytest.Pytester) -> None:
    """Other files may have the same suffix, whatever is in them."""
    assert collected(project) == ["tests/test_one.py"]


@pytest.mark.parametrize(
    ("patterns", "files"),
    [
        ("tests/ink.ndjson", ["tests/ink.ndjson"]),
        ("*/i*.ndjson", ["more/ink.ndjson", "tests/ink.ndjson"]),
        ("**/ink.ndjson", ["more/ink.ndjson", "tests/ink.ndjson"]),
        ("*.ndjson", []),
        ("ink.ndjson more/*", ["more/ink.ndjson"]),
    ],
)
def test_patterns_in_the_configuration_are_relative_to_its_folder(
    project: pytest.Pytester, patterns: str, files: list[str]
) -> None:
    """Like those of a shell: a star is within a folder."""
    project.makeini(f"[pytest]\ndigitbench_recordings = {patterns}")
    assert collected(project) == [*files, "tests/test_one.py"]


def test_patterns_that_match_nothing_are_told(project: pytest.Pytester) -> None:
    """If all tests are run; a run of some may well have none."""
    project.makeini("[pytest]\ndigitbench_recordings = ink/*.ndjson\ntestpaths = tests")
    told = "digitbench_recordings: no file that pytest visits matches ink/*"
    project.runpytest().stdout.fnmatch_lines([told])
    project.runpytest("tests").stdout.no_fnmatch_line(told)


def test_the_command_line_names_recordings(project: pytest.Pytester) -> None:
    """As an argument like any other, or by the option, beside what is collected anyway."""
    one = ["tests/ink.ndjson"]
    assert collected(project, "tests/ink.ndjson") == one
    assert collected(project, "more", "--digitbench-recordings=tests/i*.ndjson") == one
    both = [*one, "tests/test_one.py"]
    assert collected(project, "tests", "--digitbench-recordings=tests/ink.ndjson") == both
    assert collected(project, "tests/test_one.py", "--digitbench-recordings=more") == [
        "more/ink.ndjson",
        "tests/test_one.py",
    ]


def test_a_file_that_holds_no_recordings_is_one_line(project: pytest.Pytester) -> None:
    """If it was asked for."""
    result = project.runpytest("tests/unrelated.ndjson")
    assert result.ret == pytest.ExitCode.INTERRUPTED
    result.stdout.fnmatch_lines(["*unrelated.ndjson:1: *"])
    result.stdout.no_fnmatch_line("*Traceback*")


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ("recordings=none.ndjson", "*none.ndjson: there is no such file or folder*"),
        ("window=big", "'big' is not the size of a window; use for example 960x640*"),
        ("window=100x640", "'100x640' is not the size of a window*"),
        ("input=pen", "'pen' draws nothing; use mouse or touch"),
        ("live=maybe", "'maybe' is neither on nor off"),
        ("model=none.onnx", "*none.onnx does not exist; name the file of a model"),
    ],
)
def test_a_wrong_option_is_one_line(project: pytest.Pytester, option: str, message: str) -> None:
    """On the command line and, but for the recordings, in the configuration."""
    result = project.runpytest(f"--digitbench-{option}")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    name, _, value = option.partition("=")
    result.stderr.fnmatch_lines([f"ERROR: --digitbench-{name}: {message}"])
    if name != "recordings":
        project.makeini(f"[pytest]\ndigitbench_{name} = {value}")
        result = project.runpytest()
        assert result.ret == pytest.ExitCode.USAGE_ERROR
        result.stderr.fnmatch_lines([f"ERROR: digitbench_{name}: {message}"])


def test_the_options_in_the_readme_are_accepted(project: pytest.Pytester) -> None:
    """All of them, as they stand there."""
    readme = Path(__file__).parents[2] / "packages" / "digitbench" / "README.md"
    [options] = re.findall(r"(?ms)^```toml\n(.+?)^```", readme.read_text("utf-8"))
    project.makepyprojecttoml(options)
    write(project.path / "mine.onnx", "not used")
    write(project.path / "tests" / "recordings" / "ink.ndjson", ZERO)
    assert "tests/recordings/ink.ndjson" in collected(project, "--strict-config")


def test_a_recording_is_a_test(project: pytest.Pytester) -> None:
    """A line each, named by its key_id or its place."""
    name = json.loads(ZERO)["key_id"]
    write(project.path / "tests" / "ink.ndjson", ZERO, changed(key_id=""))
    result = project.runpytest("-v", "tests/ink.ndjson")
    result.assert_outcomes(passed=2)
    result.stdout.fnmatch_lines(
        [f"*ink.ndjson::{name} PASSED*", "*ink.ndjson::ink.ndjson:2 PASSED*"]
    )


def test_a_failing_recording_tells_all_that_is_known(project: pytest.Pytester) -> None:
    """The answer, its facts and probabilities, and files that show it."""
    write(
        project.path / "tests" / "ink.ndjson",
        changed(word="5", key_id="not a five", tags=["slashed", "small"], writer="Ada"),
        changed(key_id="unmet", events=[[9999, "expect", "4"]]),
    )
    base = project.path / "base"
    result = project.runpytest("tests/ink.ndjson", f"--basetemp={base}")
    result.assert_outcomes(failed=2)
    folder = base / "not_a_five0"
    result.stdout.fnmatch_lines(
        [
            "not a five: meant as 5, read as 0 (*%)",
            "tags: slashed, small",
            "writer: Ada",
            "read as* 0 * 5 * 9  any digit",
            "0 *100.0% * 0.0% *",
            f"app: *{folder / 'app.png'}",
            f"trace: *{folder / 'trace.html'}",
            f"recording: *{folder / 'recording.ndjson'}",
            "expect: at 10.00 s, after stroke 1: expected 4, read as 0 (*",
        ]
    )
    with Image.open(folder / "app.png") as app:
        assert app.size == (960, 640)
    assert "not a five" in (folder / "trace.html").read_text("utf-8")
    assert [drawing.word for drawing in read_drawings(folder / "recording.ndjson")] == ["5"]


def test_a_crash_of_the_app_is_told(project: pytest.Pytester) -> None:
    """With the traceback of the app, and what it showed last."""
    project.makeconftest(
        """
        from digitdraw.app import App

        def fail(app):
            raise RuntimeError("broken")

        App._ink_has_changed = fail
        """
    )
    result = project.runpytest_subprocess("tests/ink.ndjson")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*: crashed: RuntimeError: broken", "*line*in fail", "app: *.png"])


def test_the_options_start_the_apps(project: pytest.Pytester) -> None:
    """Those of recordings, and those of pilots; the command line comes first."""
    project.makeini("[pytest]\ndigitbench_window = 500x400\ndigitbench_live = off")
    write(
        project.path / "test_pilot.py",
        "import pytest",
        "def test_started(pilot, pytestconfig):",
        "    assert pilot.surface.get_size() == (500, 600)",
        "    assert not pilot.app.settings.live",
        "    assert hasattr(pilot.pen_event('down', (1, 1)), 'finger_id')",
        f"    pilot.draw({SEVEN})",
        "    assert pilot.answer == '7'",
    )
    write(project.path / "tests" / "ink.ndjson", changed(word="5", key_id="five"))
    options = ("--digitbench-window=500x600", "--digitbench-input=touch")
    base = project.path / "base"
    result = project.runpytest("test_pilot.py", "tests/ink.ndjson", *options, f"--basetemp={base}")
    result.assert_outcomes(passed=1, failed=1)
    with Image.open(base / "five0" / "app.png") as app:
        assert app.size == (500, 600)


def test_all_tests_share_one_recognizer(project: pytest.Pytester) -> None:
    """And go on with a new window if one of them has closed theirs."""
    write(
        project.path / "tests" / "test_one.py",
        "import pygame, pytest, digitnet",
        "made = []",
        "original = digitnet.Recognizer.__init__",
        "def count(self, *values, **options):",
        "    made.append(self)",
        "    original(self, *values, **options)",
        "digitnet.Recognizer.__init__ = count",
        "@pytest.mark.parametrize('number', range(3))",
        "def test_seven(pilot, number):",
        f"    pilot.draw({SEVEN})",
        "    assert pilot.answer == '7'",
        "    pygame.quit()",
        "def test_made():",
        "    assert len(made) == 1",
    )
    write(project.path / "tests" / "zero.ndjson", ZERO)
    result = project.runpytest_subprocess("tests/test_one.py", "tests/zero.ndjson")
    result.assert_outcomes(passed=5)


def test_a_model_that_cannot_be_used_is_one_line(project: pytest.Pytester) -> None:
    """For recordings and for pilots."""
    write(project.path / "bad.onnx", "nothing")
    write(project.path / "test_pilot.py", "def test_it(pilot): pass")
    result = project.runpytest("--digitbench-model=bad.onnx", "test_pilot.py", "tests/ink.ndjson")
    result.assert_outcomes(errors=1, failed=1)
    result.stdout.no_fnmatch_line("*Traceback*")
    assert len([line for line in result.outlines if line.startswith(("E ", "bad"))]) < 3


def test_golden_images_stand_beside_the_test(project: pytest.Pytester) -> None:
    """Missing at first, written by an option, and then compared."""
    file = project.path / "tests" / "test_look.py"
    write(
        file,
        "def test_board(pilot):",
        f"    pilot.draw({SEVEN})",
        "    pilot.expect_image('seven')",
    )
    missing = project.runpytest("tests/test_look.py")
    missing.assert_outcomes(failed=1)
    missing.stdout.fnmatch_lines(
        ["*test_look*seven.png does not exist*", "*actual: *seven-actual*"]
    )
    project.runpytest("tests/test_look.py", "--digitbench-update").assert_outcomes(passed=1)
    assert (project.path / "tests" / "test_look" / "seven.png").exists()
    project.runpytest("tests/test_look.py").assert_outcomes(passed=1)
    file.write_text(file.read_text().replace("0.65", "0.6"))
    base = project.path / "base"
    differs = project.runpytest("tests/test_look.py", f"--basetemp={base}")
    differs.assert_outcomes(failed=1)
    shown = base / "test_board0" / "images" / "seven-difference.png"
    differs.stdout.fnmatch_lines([f"*difference: {shown}"])
    assert shown.exists()


def test_other_apps_have_golden_images(project: pytest.Pytester) -> None:
    """By the fixture, each under the name that the test gives."""
    write(
        project.path / "test_blank.py",
        "from digitbench.replay.app_pilot import AppPilot",
        "class Blank:",
        "    def handle(self, event): pass",
        "    def update(self, now): pass",
        "    def draw(self, surface): surface.fill('red')",
        "def test_blank(golden_images):",
        "    pilot = AppPilot(Blank, window=(64, 48), images=golden_images)",
        "    pilot.expect_image('red')",
    )
    for options in ("--digitbench-update", "-q"):
        project.runpytest("test_blank.py", options).assert_outcomes(passed=1)
    with Image.open(project.path / "test_blank" / "red.png") as image:
        assert image.size == (64, 48)


def test_a_mistake_of_a_test_is_shown_in_the_test(project: pytest.Pytester) -> None:
    """Not within the pilot; an error of the app is shown with the pilot's lines."""
    write(
        project.path / "test_pilot.py",
        "def test_wrong(pilot):",
        "    pilot.click('udno')",
        "def test_broken(pilot):",
        "    pilot.app.step = None",
        "    pilot.press('z')",
    )
    result = project.runpytest("test_pilot.py")
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines(["*did you mean 'undo'?", "*pilot.py:*: TypeError"])
    text = str(result.stdout)
    assert "pilot.py" not in text[text.index("test_wrong _") : text.index("did you mean")]


def test_a_failing_test_leaves_a_picture_of_the_window(project: pytest.Pytester) -> None:
    """If it uses the fixture, and has not closed the window."""
    write(
        project.path / "test_pilot.py",
        "import pygame",
        "def test_ink(pilot):",
        f"    pilot.draw({SEVEN})",
        "    assert pilot.answer == '1'",
        "def test_closed(pilot):",
        "    pygame.quit()",
        "    assert pilot.answer == '1'",
    )
    base = project.path / "base"
    result = project.runpytest_subprocess("test_pilot.py", f"--basetemp={base}")
    result.assert_outcomes(failed=2)
    picture = base / "test_ink0" / "window.png"
    result.stdout.fnmatch_lines([f"window at the failure: {picture}"])
    with Image.open(picture) as image:
        assert image.size == (960, 640)
    assert str(result.stdout).count("window at the failure") == 1


UNUSED = """
import sys
sys.argv = ["pytest", "-q", "--collect-only"]
import pytest
pytest.main()
print(sorted(name for name in sys.modules if name.startswith("digit")))
print(sorted({"numpy", "pygame", "PIL", "onnxruntime", "click"} & sys.modules.keys()))
"""


def test_a_project_that_uses_nothing_loads_nothing(project: pytest.Pytester) -> None:
    """Only the plugin itself is imported."""
    result = project.runpython_c(UNUSED)
    result.stdout.fnmatch_lines(["['digitbench', 'digitbench.pytest_plugin']", "[[]]"])


def test_workers_of_xdist_collect_the_same(project: pytest.Pytester) -> None:
    """Named files as well."""
    arguments = ("-n2", "tests", "--digitbench-recordings=more")
    project.runpytest_subprocess(*arguments).assert_outcomes(passed=2)
