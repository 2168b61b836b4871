"""The examples in the READMEs run as shown, and print what is shown."""

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
from PIL import Image, ImageDraw

from digitbench.checks.inspector import Inspector
from digitbench.checks.registry import CHECKS
from digitbench.replay.replayer import Setup
from digitbench.run.suite import bundled_recordings, judge, read_all
from digitdraw.ink.layer import render_drawing
from digitnet import Drawing, Recognizer, read_drawings, write_drawings
from digitnet.preprocessing.framing import frame_strokes
from digitnet.recordings import parse_drawing

ROOT = Path(__file__).parents[2]
READMES = [ROOT / "README.md", *sorted(ROOT.glob("packages/*/README.md"))]
DIGITNET = ROOT / "packages" / "digitnet" / "README.md"

CALL_THE_SERVICE = """
from pathlib import Path

from fastapi.testclient import TestClient

client = TestClient(app)
for content in (Path("digit.png").read_bytes(), b"not an image"):
    answer = client.post("/digits", files={"picture": content})
    print(answer.status_code, answer.json())
"""

# By default, Ray starts a worker per core and reserves a third of the memory.
START_RAY = """
import runpy
import sys

import ray

ray.init(num_cpus=2, include_dashboard=False, object_store_memory=100 * 2**20, log_to_driver=False)
runpy.run_path(sys.argv[1], run_name="__main__")
ray.shutdown()
"""


PEN_TXT = """\
1 7 40 210 1
1 7 160 210 1
1 7 90 40 1
1 7 90 40 0
2 1 50 200 0
2 1 50 200 1
2 1 50 20 1
"""


@dataclass(frozen=True)
class Example:
    """A block of Python in a README, and its output if the README shows it.

    Attributes:
        name: the README's folder and the line where the example starts.
        code: the block's text.
        output: the text of the block below it, or None.
    """

    name: str
    code: str
    output: str | None

    @property
    def needs(self) -> set[str]:
        """The packages that it imports, and PyTorch if it trains."""
        imported = set(re.findall(r"^(?:import|from) (\w+)", self.code, re.MULTILINE))
        return imported | ({"torch"} if "digitnet.training" in self.code else set())

    @property
    def has_own_test(self) -> bool:
        """Whether running it is not enough to see whether it works."""
        return self.is_test or bool(self.needs & {"fastapi", "ray"})

    @property
    def is_test(self) -> bool:
        """Whether pytest runs it."""
        return "def test_" in self.code or ".TestCase" in self.code

    def run(self, folder: Path, *, starter: str = "", after: str = "") -> str:
        """Run it and return what it prints; skip the test if a package is missing.

        Args:
            folder: contains the files that the READMEs mention.
            starter: a program that runs the example, whose file name is its argument.
            after: code to append to the example.
        """
        missing = {name for name in self.needs if not importlib.util.find_spec(name)}
        if missing:
            pytest.skip(f"needs {' and '.join(sorted(missing))}: run with --all-extras")
        file = folder / f"{self.name}.py"
        file.write_text(self.code + after, encoding="utf-8")
        if not starter:
            return run(sys.executable, "-P", file.name, folder=folder)
        start = file.with_stem(file.stem + "_start")
        start.write_text(starter, encoding="utf-8")
        return run(sys.executable, "-P", start.name, file.name, folder=folder)


def run(*command: str, folder: Path) -> str:
    environment = {
        **os.environ,
        "PYTHONUTF8": "1",
        "RAY_ENABLE_UV_RUN_RUNTIME_ENV": "0",  # its workers need no `uv run`, though we do
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
TO_RUN = [
    pytest.param(example, id=example.name, marks=[pytest.mark.slow] * ("torch" in example.needs))
    for example in EXAMPLES
    if not example.has_own_test
]
TESTS = [example for example in EXAMPLES if example.is_test]

GUIDES = [
    commands
    for block in re.findall(r"```console\n(.*?)```", DIGITNET.read_text("utf-8"), re.DOTALL)
    if (commands := re.findall(r"^\$ (digitnet .*)$", block, re.MULTILINE))
]
"""The commands in each block of digitnet's README."""


def example_with(code: str) -> Example:
    [example] = [example for example in EXAMPLES if code in example.code]
    return example


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files that the READMEs mention."""
    folder = tmp_path_factory.mktemp("readme")
    drawings = list(read_all(bundled_recordings()))
    for name, word in (("digit.png", "7"), ("number.png", "10")):
        save(next(drawing for drawing in drawings if drawing.word == word), folder / name)
    save_form(drawings, folder / "form.png")
    (folder / "notes.txt").write_text("not a picture")
    (folder / "pen.txt").write_text(PEN_TXT)
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
    Image.fromarray(255 - render_drawing(drawing)).save(path)


def save_form(drawings: list[Drawing], path: Path) -> None:
    """Save a picture of two rows of boxes, with 7 and a blank box above 1 and 0."""
    form = Image.new("L", (284, 284), "white")
    pen = ImageDraw.Draw(form)
    for word, box in (("7", (1, 1)), ("", (141, 1)), ("1", (1, 141)), ("0", (141, 141))):
        pen.rectangle((*box, box[0] + 140, box[1] + 140), outline="black", width=2)
        if word:
            ink = 255 - render_drawing(
                next(drawing for drawing in drawings if drawing.word == word)
            )
            shown = Image.fromarray(ink).resize((120, 120))
            form.paste(shown, (box[0] + 10, box[1] + 10))
    form.save(path)


def write_as_mnist(
    folder: Path, images: np.ndarray[tuple[int, ...], np.dtype[np.uint8]], labels: np.ndarray
) -> None:
    """Write pictures in MNIST's layout, the same ones for training and for testing."""
    raw = folder / "MNIST" / "raw"
    raw.mkdir(parents=True)
    for part in ("train", "t10k"):
        for kind, values in (("images-idx3", images), ("labels-idx1", labels)):
            head = np.array([0x0800 + values.ndim, *values.shape], ">u4").tobytes()
            (raw / f"{part}-{kind}-ubyte").write_bytes(head + values.astype(np.uint8).tobytes())


@pytest.mark.parametrize("example", TO_RUN)
def test_an_example_prints_what_is_shown(example: Example, folder: Path) -> None:
    """It runs unchanged and, if output is shown below it, prints exactly that."""
    printed = example.run(folder)
    assert example.output is None or printed == example.output


@pytest.mark.parametrize("example", TESTS, ids=lambda example: example.name)
def test_an_example_is_a_test(example: Example, folder: Path) -> None:
    """Pytest finds the fixtures, and the test passes; golden images are written at first."""
    file = folder / f"test_{example.name.replace('-', '_')}.py"
    file.write_text(example.code)
    pytest_ = (sys.executable, "-m", "pytest", "-p", "no:cacheprovider", file.name)
    for options in (["--digitbench-update"], []):
        assert "1 passed" in run(*pytest_, *options, folder=folder)


def test_the_recordings_of_the_own_format_are_read(folder: Path, recognizer: Recognizer) -> None:
    """As their labels say, and their samples are apart."""
    example_with("pen.txt").run(folder)
    drawings = list(read_drawings(folder / "mine.ndjson"))
    assert [(each.key_id, each.word) for each in drawings] == [("pen-1", "7"), ("pen-2", "1")]
    assert [recognizer.predict(each).text for each in drawings] == ["7", "1"]


def test_the_web_service_answers(folder: Path) -> None:
    """With the digit of an image, or with the reason why something is not an image."""
    printed = example_with("fastapi").run(folder, after=CALL_THE_SERVICE).splitlines()
    assert re.fullmatch(r"200 \{'text': '7', 'confidence': (0\.9\d+|1\.0)\}", printed[0])
    assert re.fullmatch(r"422 \{'detail': '.*is not a readable image.*'\}", printed[1])


@pytest.mark.slow
def test_ray_reads_all_pictures(folder: Path, recognizer: Recognizer) -> None:
    """With the same answers as the recogniser, and none for a damaged one."""
    damaged = folder / "pictures" / "damaged.jpg"
    damaged.write_bytes(b"not an image")
    try:
        example_with("import ray").run(folder, starter=START_RAY)
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


@pytest.mark.slow
@pytest.mark.parametrize("number", range(len(GUIDES)))
def test_commands_of_the_guides_run(number: int, folder: Path) -> None:
    """Those of a block one after the other, since they use the files written by earlier ones."""
    if not importlib.util.find_spec("torch"):
        pytest.skip("needs torch: run with --all-extras")
    for command in GUIDES[number]:
        program, *arguments = shlex.split(command)
        path = shutil.which(program, path=str(Path(sys.executable).parent))
        run(str(path), *arguments, folder=folder)


def test_the_guides_have_commands() -> None:
    """Otherwise none would have been run."""
    assert GUIDES


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.parent.name)
def test_links_to_files_work(readme: Path) -> None:
    """Every relative link and picture in a README names a file of the repository.

    A package's README has none, since package indexes show it without the files.
    """
    targets = re.findall(r"\]\(([^)]+)\)", readme.read_text(encoding="utf-8"))
    relative = [target for target in targets if not target.startswith("http")]
    assert not [target for target in relative if not (readme.parent / target).exists()]
    assert readme == READMES[0] or not relative


def test_the_recordings_are_valid(recognizer: Recognizer) -> None:
    """They are read as their words say, meet their expectations, and pass all checks."""
    shown = re.findall(r"(?ms)^```json\n(.+?)^```", READMES[0].read_text("utf-8"))
    drawings = [parse_drawing(" ".join(block.split())) for block in shown]
    assert [drawing.word for drawing in drawings] == ["4", "7"]
    assert {event[1] for event in drawings[0].events} >= {"expect", "undo"}
    inspector = Inspector(recognizer, Setup(), CHECKS)
    results = [judge(drawing, inspector.inspect(drawing)) for drawing in drawings]
    assert all(result.is_right for result in results)
