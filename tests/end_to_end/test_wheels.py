"""What is built installs and works where nothing of this repository is.

The packages are built once and installed with nothing but what they ask for: in the newest versions
that they allow, and in the oldest.
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
LIGHT = 200_000_000
"""Bytes on disk, compiled files aside, that what draws and reads digits must stay below."""

# With this Python alone, all of the oldest versions have wheels.
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


class Place:
    """A folder outside of the repository: an environment, and a seven as recording and picture."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        uv("venv", "--python", sys.executable, str(folder / "venv"))
        seven = next(drawing for drawing in read_all(bundled_recordings()) if drawing.word == "7")
        write_drawings(folder / "seven.ndjson", [seven])
        Image.fromarray(255 - render_drawing(seven)).save(folder / "seven.png")

    @property
    def programs(self) -> Path:
        return self.folder / "venv" / ("Scripts" if sys.platform == "win32" else "bin")

    def install(self, *arguments: object) -> None:
        python = shutil.which("python", path=str(self.programs))
        uv("pip", "install", "--python", str(python), *map(str, arguments))

    def run(self, program: str, *arguments: str) -> str:
        """Run a program of the environment, and give what it prints."""
        path = shutil.which(program, path=str(self.programs))
        assert path, f"{program} is not installed"
        return succeed([path, *arguments], self.folder)

    def size(self) -> int:
        files = [p for p in (self.folder / "venv").rglob("*") if p.is_file() and not p.is_symlink()]
        return sum(path.stat().st_size for path in files if path.suffix != ".pyc")


class CommandFailedError(Exception):
    """What a command said on stderr."""


def uv(*arguments: str) -> None:
    succeed([os.environ.get("UV", "uv"), *arguments], ROOT)


def succeed(command: list[str], folder: Path) -> str:
    """Run a command with nothing in its environment that leads back to this one."""
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
        raise CommandFailedError(done.stderr)
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with an sdist of each package and the wheel that is built from it.

    Skips the test where nothing can be installed: without uv, or without a package index.
    """
    if not shutil.which(os.environ.get("UV", "uv")):
        pytest.skip("needs uv, which builds and installs")
    try:
        Place(tmp_path_factory.mktemp("probe")).install("--dry-run", "--refresh", "hatchling")
    except CommandFailedError as error:
        reason = " ".join(str(error).split())
        pytest.skip(f"needs a package index, and none can be reached ({reason})")
    folder = tmp_path_factory.mktemp("dist")
    uv("build", "--all-packages", "--out-dir", str(folder))
    return folder


@pytest.fixture(scope="module")
def wheels(built: Path) -> dict[str, Path]:
    """The wheels by their packages' names."""
    return {name: next(built.glob(f"{name}-*.whl")) for name in PACKAGES}


def metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        [name] = [n for n in archive.namelist() if n.endswith(".dist-info/METADATA")]
        return email.message_from_bytes(archive.read(name))


def requirements(wheel: Path) -> list[str]:
    """Give what a wheel asks for, extras and the other packages of this repository aside."""
    return [
        requirement
        for requirement in metadata(wheel).get_all("Requires-Dist", [])
        if "extra ==" not in requirement and not requirement.startswith(PACKAGES)
    ]


@pytest.fixture(scope="module")
def newest(wheels: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A place with all three packages and the newest versions of what they ask for."""
    place = Place(tmp_path_factory.mktemp("newest"))
    place.install(*wheels.values())
    return place


@pytest.fixture(scope="module")
def oldest(wheels: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A place with all three packages and the oldest versions that they allow.

    uv counts as direct what it is asked for itself, so it is asked for what the wheels ask for.
    """
    place = Place(tmp_path_factory.mktemp("oldest"))
    asked = sorted({r for wheel in wheels.values() for r in requirements(wheel)})
    only_wheels = ("--resolution", "lowest-direct", "--only-binary", ":all:")
    place.install(*only_wheels, *wheels.values(), *asked)
    return place


@pytest.fixture(params=["newest", pytest.param("oldest", marks=oldest_python)])
def place(request: pytest.FixtureRequest) -> Place:
    """Each of the two places."""
    place: Place = request.getfixturevalue(request.param)
    return place


def test_the_library_reads_a_drawing_and_a_picture(place: Place) -> None:
    """Without PyTorch, which no package asks for."""
    [version, *read] = place.run("python", "-c", LIBRARY).splitlines()
    assert re.fullmatch(r"\d+\.\d+\.\d+", version)
    assert read == ["7", "7", "7", "[]"]


def test_digitnet_reads_files_and_tells_of_its_model(place: Place) -> None:
    """The command finds the model in the wheel."""
    assert answers(place, "seven.png", "seven.ndjson") == ["7", "7"]
    assert "architecture: DigitNet" in place.run("digitnet", "info")


def answers(place: Place, *files: str) -> list[str]:
    """What the command reads, below the table's head."""
    _head, *rows = place.run("digitnet", "predict", *files).splitlines()
    return [row.split()[0] for row in rows]


def test_digitdraw_starts(place: Place) -> None:
    """Up to its help: there is no screen."""
    assert "--save-dir" in place.run("digitdraw", "--help")


def test_digitbench_replays_recordings_through_the_app(place: Place) -> None:
    """The bundled recordings, fonts and templates are in the wheel, too."""
    told = place.run("digitbench", "--limit", "5", "--html", "report", "--min-accuracy", "1")
    assert re.search(r"^all +5 +5 ", told, re.MULTILINE)
    assert (place.folder / "report" / "index.html").exists()


@oldest_python
def test_the_oldest_versions_are_those_that_the_packages_allow(
    oldest: Place, wheels: dict[str, Path]
) -> None:
    """Or else it would be the newest that are tested twice."""
    told = oldest.run(
        "python", "-c", "import numpy, PIL; print(numpy.__version__, PIL.__version__)"
    )
    lowest = [r.split(">=")[1] for r in requirements(wheels["digitnet"]) if r[0] in {"n", "p"}]
    assert told.split() == [f"{version}.0" for version in lowest]


def test_a_package_needs_nothing_of_those_built_on_it(
    wheels: dict[str, Path], tmp_path: Path
) -> None:
    """The library works without the app, and the app without its tester."""
    place = Place(tmp_path)
    place.install(wheels["digitnet"])
    assert answers(place, "seven.png") == ["7"]
    place.install(wheels["digitnet"], wheels["digitdraw"])
    assert "--save-dir" in place.run("digitdraw", "--help")


@pytest.mark.skipif(sys.platform != "linux", reason="README says how large it is on Linux")
def test_what_draws_and_reads_digits_is_light(wheels: dict[str, Path], tmp_path: Path) -> None:
    """With the versions that are locked here."""
    locked = tmp_path / "locked.txt"
    leave_out = ("--no-dev", "--no-emit-workspace", "--no-hashes", "--quiet")
    uv("export", "--locked", *leave_out, "--output-file", str(locked))
    place = Place(tmp_path)
    place.install(wheels["digitnet"], wheels["digitdraw"], "--constraints", locked)
    assert place.size() < LIGHT


@pytest.mark.parametrize("name", PACKAGES)
def test_wheels_hold_what_they_should(wheels: dict[str, Path], name: str) -> None:
    """Types, licence and README; and the packages of this repository in the same version."""
    told = metadata(wheels[name])
    with zipfile.ZipFile(wheels[name]) as archive:
        files = set(archive.namelist())
        assert {f"{name}/py.typed", f"{name}-{told['Version']}.dist-info/METADATA"} <= files
        licence = archive.read(f"{name}-{told['Version']}.dist-info/licenses/LICENSE")
    assert licence == (ROOT / "LICENSE").read_bytes()
    assert not [file for file in files if not file.startswith((f"{name}/", f"{name}-"))]
    readme = ROOT / "packages" / name / "README.md"
    assert str(told.get_payload()).strip() == readme.read_text(encoding="utf-8").strip()
    assert told["Description-Content-Type"] == "text/markdown"
    assert "Typing :: Typed" in told.get_all("Classifier", [])
    siblings = [r for r in told.get_all("Requires-Dist", []) if r.startswith(PACKAGES)]
    assert all(sibling.endswith(f"=={told['Version']}") for sibling in siblings)


@pytest.mark.parametrize("name", PACKAGES)
def test_sdists_hold_sources_only(built: Path, name: str) -> None:
    """What the package is built from, its README and its licence."""
    with tarfile.open(next(built.glob(f"{name}-*.tar.gz"))) as archive:
        files = [file.partition("/")[2] for file in archive.getnames()]
    assert {"pyproject.toml", "README.md", "LICENSE", f"src/{name}/__init__.py"} <= set(files)
    assert not [
        file for file in files if "__pycache__" in file or file.startswith((".venv", "dist"))
    ]
