"""The built packages can be installed and used outside this repository.

They are built once, or taken from the folder that DIGITNET_DIST names, and installed with nothing
but their dependencies: the newest versions that they allow, and the oldest.
"""

from __future__ import annotations

import email
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from email.message import Message
from pathlib import Path

import pytest
from PIL import Image

from digitbench.run.suite import bundled_recordings, read_all
from digitdraw.ink.layer import render_drawing
from digitnet import write_drawings

ROOT = Path(__file__).parents[2]
PACKAGES = ("digitnet", "digitdraw", "digitbench")
SIZE_LIMIT = 200_000_000
"""Bytes on disk that digitdraw and its dependencies may take, not counting bytecode."""

pytestmark = pytest.mark.slow

# Only for this Python do all of the oldest versions have wheels.
oldest_python = pytest.mark.skipif(
    sys.version_info[:2] != (3, 11), reason="the oldest versions are for the oldest Python, 3.11"
)

LIBRARY = """
import importlib.util
from pathlib import Path

import digitnet

assert Path(digitnet.__file__).with_name("py.typed").exists()
print(digitnet.__version__)
recognizer = digitnet.Recognizer()
[seven] = digitnet.read_drawings("seven.ndjson")
for source in (seven, "seven.png", Path("seven.png").read_bytes()):
    print(recognizer.predict(source).text)
print([name for name in ("torch", "torchvision", "onnx") if importlib.util.find_spec(name)])
"""


FOREIGN = {
    "pyproject.toml": '[tool.pytest.ini_options]\naddopts = ["--strict-config", "-Werror"]\n',
    "tests/events.ndjson": '{"event": "started"}\n{"event": "stopped"}\n',
    "tests/test_own.py": """
import sys

def test_own():
    assert not {"numpy", "pygame", "digitnet", "digitdraw"} & sys.modules.keys()
""",
}
"""A project that knows nothing of digitbench, though it is installed beside it."""

USING = {
    "pyproject.toml": FOREIGN["pyproject.toml"] + 'digitbench_recordings = ["tests/ink/*.ndjson"]',
    "tests/test_own.py": """
from digitbench.properties import AppProperties, Pilot, always

def test_pilot(pilot):
    pilot.draw([[(0.3, 0.2), (0.65, 0.2), (0.42, 0.8)]])
    assert pilot.answer == "7"
    pilot.expect_image("seven")

class Properties(AppProperties[Pilot]):
    def start(self):
        return Pilot(save_dir=self.folder)

    @always
    def a_blank_board_is_not_read(self):
        return not self.pilot.answer

TestProperties = Properties.TestCase
""",
}
"""What it adds to use the plugin, pilots and properties."""


class Sandbox:
    """A virtual environment outside the repository, next to a seven as recording and as picture."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        uv("venv", "--python", sys.executable, str(folder / "venv"))
        seven = next(drawing for drawing in read_all(bundled_recordings()) if drawing.word == "7")
        write_drawings(folder / "seven.ndjson", [seven])
        Image.fromarray(255 - render_drawing(seven)).save(folder / "seven.png")

    @property
    def scripts(self) -> Path:
        return self.folder / "venv" / ("Scripts" if sys.platform == "win32" else "bin")

    def install(self, *arguments: object) -> None:
        python = shutil.which("python", path=str(self.scripts))
        uv("pip", "install", "--python", str(python), *map(str, arguments))

    def run(self, program: str, *arguments: str) -> str:
        """Run a program of the environment and return what it prints."""
        path = shutil.which(program, path=str(self.scripts))
        assert path, f"{program} is not installed"
        return run([path, *arguments], self.folder)

    def predict(self, *files: str) -> list[str]:
        """Return what `digitnet predict` reads, from the rows below the table's head."""
        _head, *rows = self.run("digitnet", "predict", *files).splitlines()
        return [row.split()[0] for row in rows]

    def size(self) -> int:
        files = [p for p in (self.folder / "venv").rglob("*") if p.is_file() and not p.is_symlink()]
        return sum(path.stat().st_size for path in files if path.suffix != ".pyc")


class CommandFailedError(Exception):
    """What a command printed."""


def uv(*arguments: str) -> None:
    run([os.environ.get("UV", "uv"), *arguments], ROOT)


def run(command: list[str], folder: Path) -> str:
    """Run a command without the variables that would lead it to this environment."""
    leads_back = ("PYTHON", "VIRTUAL_ENV", "UV_PROJECT", "UV_PYTHON")
    environment = {k: v for k, v in os.environ.items() if not k.startswith(leads_back)}
    done = subprocess.run(
        command,
        cwd=folder,
        env={**environment, "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=600,
        check=False,
    )
    if done.returncode:
        raise CommandFailedError(done.stdout + done.stderr)
    return done.stdout


@pytest.fixture(scope="session")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with an sdist of each package and the wheel built from it.

    Skips the test if nothing can be installed: without uv, or without a package index.
    """
    if not shutil.which(os.environ.get("UV", "uv")):
        pytest.skip("needs uv, which builds and installs")
    try:
        Sandbox(tmp_path_factory.mktemp("probe")).install("--dry-run", "--refresh", "hatchling")
    except CommandFailedError as error:
        reason = " ".join(str(error).split())
        pytest.skip(f"needs a package index, but none can be reached ({reason})")
    if folder := os.environ.get("DIGITNET_DIST"):
        return Path(folder)
    built = tmp_path_factory.mktemp("dist")
    uv("build", "--all-packages", "--out-dir", str(built))
    return built


@pytest.fixture(scope="session")
def wheels(dist: Path) -> dict[str, Path]:
    """The wheel of each package, by its name."""
    return {name: next(dist.glob(f"{name}-*.whl")) for name in PACKAGES}


@pytest.fixture(scope="session")
def newest(wheels: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Sandbox:
    """All three packages with the newest versions of their dependencies."""
    sandbox = Sandbox(tmp_path_factory.mktemp("newest"))
    sandbox.install(*wheels.values())
    return sandbox


@pytest.fixture(scope="session")
def oldest(wheels: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Sandbox:
    """All three packages with the oldest versions of their dependencies.

    The dependencies are named explicitly, since `lowest-direct` is about named packages only.
    """
    sandbox = Sandbox(tmp_path_factory.mktemp("oldest"))
    dependencies = sorted({r for wheel in wheels.values() for r in requirements(wheel)})
    only_wheels = ("--resolution", "lowest-direct", "--only-binary", ":all:")
    sandbox.install(*only_wheels, *wheels.values(), *dependencies)
    return sandbox


@pytest.fixture(params=["newest", pytest.param("oldest", marks=oldest_python)])
def sandbox(request: pytest.FixtureRequest) -> Sandbox:
    """Each of the two sandboxes."""
    sandbox: Sandbox = request.getfixturevalue(request.param)
    return sandbox


def metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        [name] = [n for n in archive.namelist() if n.endswith(".dist-info/METADATA")]
        return email.message_from_bytes(archive.read(name))


def requirements(wheel: Path) -> list[str]:
    """Return a wheel's dependencies, without extras and this repository's packages."""
    return [
        requirement
        for requirement in metadata(wheel).get_all("Requires-Dist", [])
        if "extra ==" not in requirement and not requirement.startswith(PACKAGES)
    ]


def test_the_library_reads_a_drawing_and_a_picture(sandbox: Sandbox) -> None:
    """Without PyTorch, which is not a dependency of any package."""
    [version, *read] = sandbox.run("python", "-c", LIBRARY).splitlines()
    assert re.fullmatch(r"\d+\.\d+\.\d+", version)
    assert read == ["7", "7", "7", "[]"]


def test_digitnet_reads_files_and_describes_its_model(sandbox: Sandbox) -> None:
    """The command finds the model in the wheel."""
    assert sandbox.predict("seven.png", "seven.ndjson") == ["7", "7"]
    assert "architecture: DigitNet" in sandbox.run("digitnet", "info")


def test_digitdraw_starts(sandbox: Sandbox) -> None:
    """As far as its help, since there is no screen."""
    assert "--save-dir" in sandbox.run("digitdraw", "--help")


def test_digitbench_replays_recordings_through_the_app(sandbox: Sandbox) -> None:
    """The wheels include the bundled recordings, fonts and templates."""
    table = sandbox.run("digitbench", "--limit", "5", "--html", "report", "--min-accuracy", "1")
    assert re.search(r"^all +5 +5 ", table, re.MULTILINE)
    assert (sandbox.folder / "report" / "index.html").exists()


def test_tests_of_a_foreign_project(sandbox: Sandbox) -> None:
    """They run as if digitbench were not there, until they ask for something."""
    project = sandbox.folder / "project"
    (project / "tests" / "ink").mkdir(parents=True)
    shutil.copy(sandbox.folder / "seven.ndjson", project / "tests" / "ink")
    sandbox.install("pytest")
    for name, text in FOREIGN.items():
        (project / name).write_text(text)
    assert "1 passed" in sandbox.run("pytest", "-q", str(project))
    for name, text in USING.items():
        (project / name).write_text(text)
    for options in (["--digitbench-update"], ["-p", "no:cacheprovider"]):
        assert "3 passed" in sandbox.run("pytest", "-q", *options, str(project))


@oldest_python
def test_the_oldest_versions_are_installed(oldest: Sandbox, wheels: dict[str, Path]) -> None:
    """Otherwise the newest would be tested twice."""
    versions = oldest.run(
        "python", "-c", "import numpy, PIL; print(numpy.__version__, PIL.__version__)"
    )
    lowest = [r.split(">=")[1] for r in requirements(wheels["digitnet"]) if r[0] in {"n", "p"}]
    assert versions.split() == [f"{version}.0" for version in lowest]


def test_a_package_works_without_those_built_on_it(wheels: dict[str, Path], tmp_path: Path) -> None:
    """The library without the app, and the app without its tester."""
    sandbox = Sandbox(tmp_path)
    sandbox.install(wheels["digitnet"])
    assert sandbox.predict("seven.png") == ["7"]
    sandbox.install(wheels["digitnet"], wheels["digitdraw"])
    assert "--save-dir" in sandbox.run("digitdraw", "--help")


@pytest.mark.skipif(sys.platform != "linux", reason="the README states the size on Linux")
def test_the_app_takes_little_space(wheels: dict[str, Path], tmp_path: Path) -> None:
    """With the locked versions of its dependencies."""
    locked = tmp_path / "locked.txt"
    leave_out = ("--no-dev", "--no-emit-workspace", "--no-hashes", "--quiet")
    uv("export", "--locked", *leave_out, "--output-file", str(locked))
    sandbox = Sandbox(tmp_path)
    sandbox.install(wheels["digitnet"], wheels["digitdraw"], "--constraints", locked)
    assert sandbox.size() < SIZE_LIMIT


@pytest.mark.parametrize("name", PACKAGES)
def test_wheels_are_complete(wheels: dict[str, Path], name: str) -> None:
    """They have types, licence and README, and need each other in the same version."""
    facts = metadata(wheels[name])
    with zipfile.ZipFile(wheels[name]) as archive:
        files = set(archive.namelist())
        assert {f"{name}/py.typed", f"{name}-{facts['Version']}.dist-info/METADATA"} <= files
        licence = archive.read(f"{name}-{facts['Version']}.dist-info/licenses/LICENSE")
    assert licence.splitlines() == (ROOT / "LICENSE").read_bytes().splitlines()
    assert not [file for file in files if not file.startswith((f"{name}/", f"{name}-"))]
    readme = ROOT / "packages" / name / "README.md"
    assert str(facts.get_payload()).strip() == readme.read_text(encoding="utf-8").strip()
    assert facts["Description-Content-Type"] == "text/markdown"
    assert "Typing :: Typed" in facts.get_all("Classifier", [])
    siblings = [r for r in facts.get_all("Requires-Dist", []) if r.startswith(PACKAGES)]
    assert all(sibling.endswith(f"=={facts['Version']}") for sibling in siblings)


@pytest.mark.parametrize("name", PACKAGES)
def test_sdists_contain_sources_only(dist: Path, name: str) -> None:
    """What the package is built from, its README and its licence."""
    with tarfile.open(next(dist.glob(f"{name}-*.tar.gz"))) as archive:
        files = [file.partition("/")[2] for file in archive.getnames()]
    assert {"pyproject.toml", "README.md", "LICENSE", f"src/{name}/__init__.py"} <= set(files)
    assert not [
        file for file in files if "__pycache__" in file or file.startswith((".venv", "dist"))
    ]
