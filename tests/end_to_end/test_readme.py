"""What the READMEs show is true: each example runs just as it stands there."""

from __future__ import annotations

import csv
import importlib.util
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from digitbench.checks.inspector import Inspector
from digitbench.checks.registry import CHECKS
from digitbench.replay.replayer import Setup
from digitbench.run.suite import bundled_recordings, judge, read_all
from digitdraw.ink.layer import ink_of
from digitnet import Drawing, Recognizer, write_drawings
from digitnet.preprocessing.framing import frame_strokes
from digitnet.recordings import parse_drawing

ROOT = Path(__file__).parents[2]
READMES = [ROOT / "README.md", *sorted(ROOT.glob("packages/*/README.md"))]

CALL_THE_SERVICE = """
from pathlib import Path

from fastapi.testclient import TestClient

client = TestClient(app)
for content in (Path("digit.png").read_bytes(), b"no picture"):
    answer = client.post("/digits", files={"picture": content})
    print(answer.status_code, answer.json())
"""

# Ray would start as many workers as there are cores, and take a third of the memory.
ON_A_SMALL_RAY = """
import runpy
import sys

import ray

ray.init(num_cpus=2, include_dashboard=False, object_store_memory=100 * 2**20, log_to_driver=False)
runpy.run_path(sys.argv[1], run_name="__main__")
ray.shutdown()
"""


@dataclass(frozen=True)
class Example:
    """A block of Python in a README, and what it prints where README tells."""

    name: str
    code: str
    output: str | None

    def needs(self) -> set[str]:
        """Give the packages that it is about, and PyTorch where it trains."""
        imported = set(re.findall(r"^(?:import|from) (\w+)", self.code, re.MULTILINE))
        return imported | ({"torch"} if "digitnet.training" in self.code else set())

    def run(self, folder: Path, *, before: str = "", after: str = "") -> str:
        """Run it in a folder, and give what it prints; skip the test where a package is missing.

        Args:
            folder: with the files that READMEs speak of.
            before: another program, which runs the example that is named on its command line.
            after: more of the same program.
        """
        missing = {name for name in self.needs() if not importlib.util.find_spec(name)}
        if missing:
            pytest.skip(f"needs {' and '.join(sorted(missing))}: run with --all-extras")
        file = folder / f"{self.name}.py"
        file.write_text(self.code + after, encoding="utf-8")
        if not before:
            return run(sys.executable, "-P", file.name, folder=folder)
        starter = file.with_stem(file.stem + "_start")
        starter.write_text(before, encoding="utf-8")
        return run(sys.executable, "-P", starter.name, file.name, folder=folder)


def run(*command: str, folder: Path) -> str:
    environment = {
        **os.environ,
        "PYTHONUTF8": "1",
        "RAY_ENABLE_UV_RUN_RUNTIME_ENV": "0",  # or its workers would start by `uv run`, as we did
        "RAY_USAGE_STATS_ENABLED": "0",
    }
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        timeout=600,
        check=False,
    )
    assert done.returncode == 0, done.stderr + done.stdout
    return done.stdout


def examples_of(readme: Path) -> Iterator[Example]:
    text = readme.read_text(encoding="utf-8")
    for match in re.finditer(r"```python\n(.*?)```\n(?:\n```\n(.*?)```\n)?", text, re.DOTALL):
        line = text[: match.start()].count("\n") + 1
        yield Example(f"{readme.parent.name}-{line}", match[1], match[2])


EXAMPLES = [example for readme in READMES for example in examples_of(readme)]


def is_special(example: Example) -> bool:
    """Say whether an example has a test of its own, since to run it is not to use it."""
    return "def test_" in example.code or bool(example.needs() & {"fastapi", "ray"})


def the_example(of: str) -> Example:
    [example] = [example for example in EXAMPLES if of in example.code]
    return example


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files that READMEs speak of."""
    folder = tmp_path_factory.mktemp("readme")
    drawings = list(read_all(bundled_recordings()))
    for name, word in (("digit.png", "7"), ("number.png", "10")):
        save(next(drawing for drawing in drawings if drawing.word == word), folder / name)
    (folder / "notes.txt").write_text("not a picture")
    single = [drawing for drawing in drawings if len(drawing.word) <= 1]
    people = [replace(drawing, writer=f"person {i % 5}") for i, drawing in enumerate(single)]
    write_drawings(folder / "drawings.ndjson", people)
    digits = [drawing for drawing in single if drawing.word]
    (folder / "pictures").mkdir()
    for digit in digits[::12]:
        save(digit, folder / "pictures" / f"{digit.key_id}.png")
    images = np.stack([frame_strokes([s.xy for s in digit.strokes]) for digit in digits])
    np.save(folder / "mnist.npy", images)
    write_as_mnist(folder / "data", images, np.array([int(digit.word) for digit in digits]))
    return folder


def save(drawing: Drawing, path: Path) -> None:
    Image.fromarray(255 - ink_of(drawing)).save(path)


def write_as_mnist(
    folder: Path, images: np.ndarray[tuple[int, ...], np.dtype[np.uint8]], labels: np.ndarray
) -> None:
    """Write pictures in MNIST's layout, the same for training and for tests."""
    raw = folder / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for part in ("train", "t10k"):
        for kind, values in (("images-idx3", images), ("labels-idx1", labels)):
            head = np.array([0x0800 + values.ndim, *values.shape], ">u4").tobytes()
            (raw / f"{part}-{kind}-ubyte").write_bytes(head + values.astype(np.uint8).tobytes())


@pytest.mark.parametrize(
    "example", [e for e in EXAMPLES if not is_special(e)], ids=lambda example: example.name
)
def test_an_example_prints_what_is_said(example: Example, folder: Path) -> None:
    """It runs as it stands and, where output is shown below it, prints that and nothing else."""
    printed = example.run(folder)
    assert example.output is None or printed == example.output


def test_the_pilots_example_is_a_test(folder: Path) -> None:
    """Pytest finds the fixture and the test passes."""
    file = folder / "test_example.py"
    file.write_text(the_example("def test_").code)
    told = run(sys.executable, "-m", "pytest", "-p", "no:cacheprovider", file.name, folder=folder)
    assert "1 passed" in told


def test_the_web_service_answers(folder: Path) -> None:
    """With the digit for a picture, and with the reason for what is none."""
    printed = the_example("fastapi").run(folder, after=CALL_THE_SERVICE).splitlines()
    assert re.fullmatch(r"200 \{'text': '7', 'confidence': (0\.9\d+|1\.0)\}", printed[0])
    assert re.fullmatch(r"422 \{'detail': '.*is not a readable image.*'\}", printed[1])


def test_ray_reads_all_pictures(folder: Path, recognizer: Recognizer) -> None:
    """As the recogniser reads them here; those that are damaged have no answer."""
    damaged = folder / "pictures" / "damaged.jpg"
    damaged.write_bytes(b"no picture")
    try:
        the_example("import ray").run(folder, before=ON_A_SMALL_RAY)
    finally:
        damaged.unlink()
    read = {}
    for file in (folder / "answers").iterdir():
        with file.open(newline="") as rows:
            read.update({Path(row["path"]).stem: row["text"] for row in csv.DictReader(rows)})
    assert read.pop("damaged") == ""
    pictures = sorted((folder / "pictures").iterdir())
    answers = recognizer.predict_many(pictures)
    assert read == {path.stem: answer.text for path, answer in zip(pictures, answers, strict=True)}


def test_commands_of_the_guides_run(folder: Path) -> None:
    """One after the other, with the files that those before them have written."""
    if not importlib.util.find_spec("torch"):
        pytest.skip("needs torch: run with --all-extras")
    text = (ROOT / "packages" / "digitnet" / "README.md").read_text(encoding="utf-8")
    commands = re.findall(r"^\$ (digitnet .*)$", text, re.MULTILINE)
    assert commands
    programs = str(Path(sys.executable).parent)
    for command in commands:
        program, *arguments = shlex.split(command)
        run(str(shutil.which(program, path=programs)), *arguments, folder=folder)


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.parent.name)
def test_links_to_files_lead_somewhere(readme: Path) -> None:
    """Every relative link and picture in a README names a file of the repository.

    A package's README has none: it is also read where it is installed from, without the files.
    """
    targets = re.findall(r"\]\(([^)]+)\)", readme.read_text(encoding="utf-8"))
    relative = [target for target in targets if not target.startswith("http")]
    assert not [target for target in relative if not (readme.parent / target).exists()]
    assert readme == READMES[0] or not relative


def test_the_recordings_are_read_and_hold(recognizer: Recognizer) -> None:
    """As what they mean, with all that they expect and all that is checked."""
    shown = re.findall(r"(?ms)^```json\n(.+?)^```", READMES[0].read_text("utf-8"))
    drawings = [parse_drawing(" ".join(block.split())) for block in shown]
    assert [drawing.word for drawing in drawings] == ["4", "7"]
    assert {event[1] for event in drawings[0].events} >= {"expect", "undo"}
    inspector = Inspector(recognizer, Setup(), CHECKS)
    results = [judge(drawing, inspector.inspect(drawing)) for drawing in drawings]
    assert all(result.is_right for result in results)
