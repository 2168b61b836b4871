"""The gallery: what was saved, in files and on its page."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pygame
import pytest

from digitdraw.ink.layer import render_drawing
from digitdraw.storage.library import Library, SavedDrawing
from digitdraw.storage.store import Store, StoreError
from digitnet import Drawing, Stroke, read_drawings, write_drawings
from digitnet.recordings import dump_drawing

if TYPE_CHECKING:
    from tests.digitdraw.conftest import Hand, Shown

SEVEN = Drawing(
    (Stroke.of([200, 400, 350, 270], [120, 120, 260, 480], [0, 100, 200, 300]),),
    word="7",
    canvas=(597, 590),
    pen=0.05,
    tags=("unlabelled",),
)
MOMENT = datetime.fromisoformat("2026-01-31T12:00:00+00:00")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where hands' apps save."""
    return tmp_path / "saved"


@pytest.fixture
def filled(folder: Path) -> Path:
    """Hold five sevens of five seconds: of nobody, a 7, a 1, no digit, and nobody again."""
    labels = (None, "7", "1", "", None)
    for second, label in enumerate(labels):
        drawing = SEVEN if label is None else replace(SEVEN, word=label, tags=())
        save(folder, drawing, second)
    return folder


def save(folder: Path, drawing: Drawing, second: int = 0, digits: int = 1) -> str:
    """Save as the app does, so many seconds after noon; gives the name."""
    seen = [np.full((28, 28), digit, np.uint8) for digit in range(digits)]
    moment = MOMENT + timedelta(seconds=second)
    return Store(folder).save(drawing, render_drawing(drawing), seen, moment).stem


def name(second: int) -> str:
    """Name what was saved so many seconds after noon."""
    return f"{MOMENT + timedelta(seconds=second):%Y%m%d-%H%M%S}"


def files(folder: Path) -> dict[str, bytes]:
    """Read all files below a folder."""
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def drawing_in(folder: Path, second: int = 0) -> Drawing:
    """Read a saved recording."""
    return next(read_drawings(folder / "recordings" / f"{name(second)}.ndjson"))


def pixels(hand: Hand) -> bytes:
    """Copy what the window shows."""
    return pygame.image.tobytes(hand.surface, "RGB")


def test_the_newest_is_first(folder: Path) -> None:
    """By second, and within a second by number."""
    assert Library(folder).names() == []
    for second in (3, 1, 2, *[1] * 11):
        save(folder, SEVEN, second)
    ones = [f"{name(1)}-{n}" for n in range(11, 0, -1)]
    assert Library(folder).names() == [name(3), name(2), *ones, name(1)]


def test_a_saved_drawing_is_what_was_drawn(filled: Path) -> None:
    """With the label that its author gave it, or the folder of those without one."""
    gallery = Library(filled)
    loaded = [gallery.load(one) for one in gallery.names()]
    assert [saved.label for saved in loaded] == ["unlabelled", "none", "1", "7", "unlabelled"]
    assert all(saved.drawing.strokes == SEVEN.strokes for saved in loaded)


@pytest.mark.parametrize("content", [None, b"", b"{}", b"\xff\xfe", b'{"word": 7}\n'], ids=str)
def test_what_is_gone_or_damaged_is_told(filled: Path, content: bytes | None) -> None:
    """In one line that names the file."""
    path = filled / "recordings" / f"{name(0)}.ndjson"
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(Exception, match=path.name) as raised:
        Library(filled).load(name(0))
    assert raised.type.__name__ in ("StoreError", "RecordingError")
    assert "\n" not in str(raised.value)


def test_a_file_of_several_drawings_is_left_alone(folder: Path) -> None:
    """To relabel the first one would lose the others."""
    (folder / "recordings").mkdir(parents=True)
    write_drawings(folder / "recordings" / "mine.ndjson", [SEVEN, SEVEN])
    with pytest.raises(StoreError, match=r"mine\.ndjson: contains several drawings"):
        Library(folder).load("mine")


@pytest.mark.parametrize("label", ["7", "3", ""])
@pytest.mark.parametrize("second", range(4))
def test_relabelling_moves_the_pictures(filled: Path, second: int, label: str) -> None:
    """To where they would be, had they been saved with that label; nothing else is touched."""
    before = files(filled)
    gallery = Library(filled)
    saved = gallery.relabel(gallery.load(name(second)), label)
    assert saved.label == (label or "none")
    drawing = drawing_in(filled, second)
    assert (drawing.word, drawing.tags) == (label, ())
    assert drawing.strokes == SEVEN.strokes
    expected = {path: it for path, it in before.items() if name(second) not in path}
    for path in before.keys() - expected.keys():
        kind, *_, file = path.split("/")
        moved = path if kind == "recordings" else f"{kind}/{label or 'none'}/{file}"
        expected[moved] = before[path]
    after = files(filled)
    recording = f"recordings/{name(second)}.ndjson"
    assert after.pop(recording) != b""
    expected.pop(recording)
    assert after == expected


def test_relabelling_a_number_moves_each_digits_picture(folder: Path) -> None:
    """Where the label has as many digits; otherwise all go where the number goes."""
    number = replace(SEVEN, word="74", tags=())
    save(folder, number, digits=2)
    gallery = Library(folder)
    assert {path for path in files(folder) if path.startswith("28x28")} == {
        f"28x28/7/{name(0)}_1.png",
        f"28x28/4/{name(0)}_2.png",
    }
    first, second = (files(folder)[f"28x28/{d}/{name(0)}_{n}.png"] for d, n in (("7", 1), ("4", 2)))
    for label, folders in (("19", ("1", "9")), ("", ("none", "none")), ("5", ("5", "5"))):
        gallery.relabel(gallery.load(name(0)), label)
        assert {path: it for path, it in files(folder).items() if path.startswith("28x28")} == {
            f"28x28/{folders[0]}/{name(0)}_1.png": first,
            f"28x28/{folders[1]}/{name(0)}_2.png": second,
        }
        assert f"pictures/{label or 'none'}/{name(0)}.png" in files(folder)


@pytest.mark.parametrize("second", range(5))
def test_what_was_deleted_comes_back_bit_by_bit(filled: Path, second: int) -> None:
    """All its files go, and only these, and all come back."""
    before = files(filled)
    gallery = Library(filled)
    deleted = gallery.delete(name(second))
    assert files(filled) == {path: it for path, it in before.items() if name(second) not in path}
    gallery.restore(deleted)
    assert files(filled) == before


def test_no_label_is_left_without_pictures(filled: Path) -> None:
    """A folder that holds none is refused by torchvision's ImageFolder."""
    gallery = Library(filled)
    gallery.relabel(gallery.load(name(1)), "3")
    gallery.delete(name(2))
    for kind in ("pictures", "28x28"):
        assert sorted(p.name for p in (filled / kind).iterdir()) == ["3", "none", "unlabelled"]
        assert all(any(label.iterdir()) for label in (filled / kind).iterdir())


def test_a_half_deleted_drawing_is_brought_back(
    filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where one file cannot be deleted, none is."""
    before = files(filled)
    unlink = Path.unlink

    def refuse(path: Path, *, missing_ok: bool = False) -> None:
        if "28x28" in path.parts:
            raise PermissionError(13, "Permission denied", str(path))
        unlink(path, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(StoreError, match="Permission denied"):
        Library(filled).delete(name(1))
    assert files(filled) == before


def test_an_empty_folder_is_told(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> None:
    """And all keys are harmless there."""
    lines: list[str] = []
    monkeypatch.setattr("digitdraw.ui.text.Writer.write", lambda *it, **_: lines.append(it[2]))
    hand.key(pygame.K_g)
    assert "No saved drawings yet" in lines
    for key in (*KEYS.values(), pygame.K_7, pygame.K_n, pygame.K_DELETE, pygame.K_RETURN):
        hand.key(key)
    hand.key(pygame.K_z, pygame.KMOD_LCTRL)
    hand.key(pygame.K_ESCAPE)
    hand.draw(hand.SEVEN)
    assert hand.text == "7"


KEYS = {"left": pygame.K_LEFT, "right": pygame.K_RIGHT, "up": pygame.K_UP, "down": pygame.K_DOWN}


def words(hand: Hand, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let the window be drawn anew; gives all lines that stand in it."""
    lines: list[str] = []
    with monkeypatch.context() as patch:
        patch.setattr("digitdraw.ui.text.Writer.write", lambda *it, **_: lines.append(it[2]))
        hand.step(pygame.event.Event(pygame.WINDOWEXPOSED))
    hand.step(pygame.event.Event(pygame.WINDOWEXPOSED))
    return lines


def test_the_page_shows_what_each_is(
    hand: Hand, filled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """How many there are, and of each its label."""
    hand.key(pygame.K_g)
    lines = words(hand, monkeypatch)
    assert "5 saved drawings" in lines
    labels = [line for line in lines if line in ("unlabelled", "not a digit", "1", "7")]
    assert labels == ["unlabelled", "not a digit", "1", "7", "unlabelled"]


STRANGE = [
    Drawing((Stroke.of([0, 50], [0, 50]),), word="1"),
    Drawing((Stroke.of([-500, 50], [-900, 50]),), word="1"),
    Drawing((), word=""),
    Drawing((), word="", canvas=(1e6, 1e6)),
    Drawing((Stroke.of([0, 9e5], [0, 9e5]),), word="1", canvas=(1e6, 1e6), pen=0.05),
    Drawing((Stroke.of([0, 1], [0, 1]),), word="1", canvas=(1e-3, 1e-3), pen=0.05),
    Drawing((Stroke.of([5], [5]),), word="one/../1", canvas=(10, 1e5), answer={"text": 3}),
    Drawing((Stroke.of([5], [5]),), word="x" * 999, canvas=(10, 10), answer={}),
]
"""Recordings that other programs may write."""


@pytest.mark.parametrize("drawing", STRANGE, ids=range(len(STRANGE)))
@pytest.mark.parametrize("size", [(480, 360), (960, 640)], ids=str)
def test_any_recording_can_be_looked_at(
    hand: Hand, folder: Path, drawing: Drawing, size: tuple[int, int]
) -> None:
    """Without a canvas, with a huge or a tiny one, with an answer of another program's."""
    hand.resize(size)
    (folder / "recordings").mkdir(parents=True)
    write_drawings(folder / "recordings" / "strange [1].ndjson", [drawing])
    for keys in ([pygame.K_RETURN], [pygame.K_3], [pygame.K_DELETE, pygame.K_u]):
        hand.key(pygame.K_g)
        for key in keys:
            hand.key(key)
        hand.key(pygame.K_ESCAPE)
        assert hand.step() == []
    assert [path.name for path in (folder / "recordings").iterdir()] == ["strange [1].ndjson"]


def test_a_damaged_recording_is_shown_as_damaged(
    hand: Hand, filled: Path, shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others are shown as ever; it can be deleted, and nothing else be done with it."""
    path = filled / "recordings" / f"{name(4)}.ndjson"
    path.write_bytes(path.read_bytes()[:99])
    hand.key(pygame.K_g)
    lines = words(hand, monkeypatch)
    assert lines.count("damaged") == 1
    assert "not a digit" in lines
    for key in (pygame.K_RETURN, pygame.K_7):
        hand.key(key)
        assert path.name in shown.line("status")
    hand.key(pygame.K_DELETE)
    assert not path.exists()
    hand.key(pygame.K_z, pygame.KMOD_LCTRL)
    assert path.stat().st_size == 99


def test_keys_relabel_delete_and_bring_back(hand: Hand, filled: Path, shown: Shown) -> None:
    """The chosen one, and the window tells what was done."""
    hand.key(pygame.K_g)
    hand.key(pygame.K_RIGHT)
    hand.key(pygame.K_7)
    assert shown.line("status") == f"{name(3)} is now labelled 7."
    assert drawing_in(filled, 3).word == "7"
    hand.key(pygame.K_n)
    assert shown.line("status") == f"{name(3)} is now labelled not a digit."
    before = files(filled)
    hand.key(pygame.K_DELETE)
    assert shown.line("status") == f"Deleted {name(3)}; Ctrl+Z restores it."
    hand.key(pygame.K_DELETE)
    assert not any(name(3) in path or name(2) in path for path in files(filled))
    for _ in range(3):
        hand.key(pygame.K_z, pygame.KMOD_LCTRL)
    assert shown.line("status") == "The drawing is restored."
    assert files(filled) == before


def test_everything_can_be_deleted_and_brought_back(hand: Hand, filled: Path) -> None:
    """The last one too."""
    before = files(filled)
    hand.key(pygame.K_g)
    for _ in range(6):
        hand.key(pygame.K_DELETE)
    assert files(filled) == {}
    for _ in range(6):
        hand.key(pygame.K_u)
    assert files(filled) == before


@pytest.mark.parametrize("size", [(480, 360), (500, 900), (960, 640), (1920, 1080)], ids=str)
@pytest.mark.parametrize("path", ["SEVEN", "FOUR", "SEVENTY_FOUR"])
def test_what_is_opened_is_read_the_same_in_any_window(
    hand: Hand, path: str, size: tuple[int, int]
) -> None:
    """With the same digits and a pen as thick beside them, and undo takes it off again."""
    strokes = getattr(hand, path)
    hand.draw(*(strokes if isinstance(strokes[0], list) else [strokes]))
    told, digits = hand.text, hand.app.prediction
    thickness = hand.app.board.pen_pixels / ink_height(hand)
    assert hand.app.save()
    hand.resize(size)
    hand.app.clear()
    hand.draw([(30, 30), (60, 60)])
    hand.key(pygame.K_g)
    hand.key(pygame.K_RETURN)
    assert hand.text == told
    assert hand.app.prediction is not None
    assert digits is not None
    for one, two in zip(hand.app.prediction.digits, digits.digits, strict=True):
        assert one.strokes == two.strokes
        assert np.abs(one.image.astype(int) - two.image).mean() < 2
    assert list(hand.app.board.canvas) == list(hand.app.board_area.size)
    assert hand.app.board.pen_pixels / ink_height(hand) == pytest.approx(thickness, rel=0.01)
    for _ in hand.app.board.strokes:
        hand.app.undo()
    hand.app.undo()
    assert hand.strokes == [[(30, 30), (60, 60)]]


def ink_height(hand: Hand) -> float:
    """Measure the ink on the board from top to bottom, in canvas pixels."""
    ys = [y for stroke in hand.strokes for _, y in stroke]
    return max(ys) - min(ys)


def test_arrows_go_where_they_point_and_stop_at_the_ends(hand: Hand, folder: Path) -> None:
    """The newest is chosen at first, and what is chosen is always in sight."""
    for second in range(32):
        save(folder, SEVEN, second)
    hand.key(pygame.K_g)
    first = pixels(hand)
    for key in ("left", "up"):
        hand.key(KEYS[key])
        assert pixels(hand) == first
    hand.key(KEYS["down"])
    down = pixels(hand)
    assert down != first
    hand.key(KEYS["up"])
    assert pixels(hand) == first
    steps = 0
    while pixels(hand) != down:
        hand.key(KEYS["right"])
        steps += 1
    assert steps > 1
    for _ in range(40):
        hand.key(KEYS["down"])
    hand.key(pygame.K_5)
    assert drawing_in(folder, 0).word == "5"
    last = pixels(hand)
    for key in ("right", "down"):
        hand.key(KEYS[key])
        assert pixels(hand) == last


def test_the_wheel_goes_by_rows(hand: Hand, folder: Path) -> None:
    """As the arrows up and down do."""
    for second in range(32):
        save(folder, SEVEN, second)
    hand.key(pygame.K_g)
    first = pixels(hand)
    hand.key(KEYS["down"])
    down = pixels(hand)
    hand.key(KEYS["up"])
    for way, seen in ((-1, down), (1, first), (1, first)):
        hand.step(pygame.event.Event(pygame.MOUSEWHEEL, x=0, y=way, flipped=False, which=0))
        assert pixels(hand) == seen


@pytest.mark.parametrize("device", ["mouse", "finger"])
def test_a_click_chooses_and_another_one_opens(hand: Hand, filled: Path, device: str) -> None:
    """A click beside all drawings closes the page and does nothing else."""
    click = hand.draw if device == "mouse" else hand.touch
    hand.key(pygame.K_g)
    cell = (190, 110)
    click([cell])
    hand.key(pygame.K_9)
    assert [drawing_in(filled, second).word for second in range(5)] == ["7", "7", "1", "9", "7"]
    click([cell])
    assert hand.text == "7"
    assert len(hand.strokes) == 1
    before = pixels(hand)
    hand.key(pygame.K_g)
    click([(400, 500)])
    assert pixels(hand) == before


def test_files_that_have_gone_meanwhile_are_told(hand: Hand, filled: Path, shown: Shown) -> None:
    """Another program deleted them while they were looked at; the page stays usable."""
    hand.key(pygame.K_g)
    (filled / "recordings" / f"{name(4)}.ndjson").unlink()
    for key in (pygame.K_RETURN, pygame.K_3, pygame.K_DELETE):
        hand.key(pygame.K_t)
        hand.key(pygame.K_t)
        hand.key(pygame.K_g)
        hand.key(key)
        hand.key(pygame.K_ESCAPE)
    shutil.rmtree(filled)
    hand.key(pygame.K_g)
    hand.key(pygame.K_ESCAPE)
    hand.draw(hand.SEVEN)
    assert hand.app.save() is not None


@pytest.mark.parametrize("key", [pygame.K_3, pygame.K_DELETE], ids=["3", "Del"])
def test_a_folder_that_goes_while_the_page_is_open_is_told(
    hand: Hand, filled: Path, shown: Shown, key: int
) -> None:
    """Whatever is tried says which file is missing, and the app goes on."""
    hand.key(pygame.K_g)
    shutil.rmtree(filled)
    hand.key(KEYS["right"])
    hand.key(key)
    assert f"{name(3)}.ndjson" in shown.line("status")
    hand.key(pygame.K_ESCAPE)
    hand.draw(hand.SEVEN)
    assert hand.text == "7"


def test_a_folder_that_is_full_keeps_the_old_label(
    hand: Hand, filled: Path, shown: Shown, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The window says so, and the files are as they were."""
    before = files(filled)
    hand.key(pygame.K_g)

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        hand.key(pygame.K_3)
    assert "No space left on device" in shown.line("status")
    assert files(filled) == before


def test_hundreds_of_drawings_are_looked_through(
    hand: Hand, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only those in sight are read from the disk."""
    (folder / "recordings").mkdir(parents=True)
    line = dump_drawing(replace(SEVEN, tags=())).encode()
    for number in range(700):
        (folder / "recordings" / f"20260131-{number:06}.ndjson").write_bytes(line)
    read: set[str] = set()
    load = Library.load

    def note(gallery: Library, name: str) -> SavedDrawing:
        read.add(name)
        return load(gallery, name)

    monkeypatch.setattr(Library, "load", note)
    hand.key(pygame.K_g)
    assert "700 saved drawings" in words(hand, monkeypatch)
    assert 0 < len(read) < 100
    for _ in range(20):
        hand.step(pygame.event.Event(pygame.MOUSEWHEEL, x=0, y=-9, flipped=False, which=0))
    hand.key(pygame.K_DELETE)
    assert not (folder / "recordings" / "20260131-000000.ndjson").exists()


def test_the_gallery_can_be_opened_over_a_stroke(hand: Hand) -> None:
    """The stroke ends and stays."""
    hand.press((100, 100))
    hand.move((200, 200))
    hand.key(pygame.K_g)
    hand.release((300, 300))
    hand.key(pygame.K_ESCAPE)
    assert hand.strokes == [[(100, 100), (200, 200)]]
