"""The check `devices`: each bug planted in one device is found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

from digitbench.run import suite
from digitdraw.input.pointer import Pointer
from digitdraw.model.document import Document

if TYPE_CHECKING:
    from tests.digitbench.conftest import Violations

Patch: TypeAlias = pytest.MonkeyPatch
Paths: TypeAlias = list[Any]

FOUR = next(
    drawing
    for drawing in suite.read_all(suite.bundled_recordings())
    if drawing.word == "4" and len(drawing.strokes) == 2
)


def fingers_are_off(patch: Patch) -> None:
    """A finger is off by three pixels."""
    finger = Pointer._finger

    def off(pointer: Pointer, event: Any, window: tuple[int, int]) -> Any:
        return finger(pointer, type(event)(event.type, event.dict | {"x": event.x + 0.003}), window)

    patch.setattr(Pointer, "_finger", off)


def strokes_by_mouse_are_lost(patch: Patch) -> None:
    """A stroke by mouse is lost."""
    end = Document.end_stroke

    def lose(document: Document) -> bool:
        if document._device == "mouse":
            document.board._current = []
        return end(document)

    patch.setattr(Document, "end_stroke", lose)


DEVICES: dict[Callable[[Patch], None], str] = {
    fingers_are_off: "devices: by touch stroke 1 reaches from and to ",
    strokes_by_mouse_are_lost: "devices: by touch it is read as 4, by mouse 2",
}


@pytest.mark.parametrize("plant", DEVICES, ids=lambda plant: plant.__name__)
def test_a_bug_of_one_device_is_found(
    violations: Violations, plant: Callable[[Patch], None], monkeypatch: Patch
) -> None:
    """By comparison with the other device."""
    plant(monkeypatch)
    broken = violations(replace(FOUR, device="mouse"), "devices")
    assert broken[0].startswith(DEVICES[plant])


def test_a_crash_with_the_other_device_is_reported(
    violations: Violations, monkeypatch: Patch
) -> None:
    """The recording itself has not crashed."""

    def crash(*_: object) -> None:
        raise IndexError("a finger")

    monkeypatch.setattr(Pointer, "_finger", crash)
    drawing = replace(FOUR, device="mouse")
    assert violations(drawing, "devices") == [
        "devices: by touch the app crashed: IndexError: a finger"
    ]
