"""Which recordings are replayed: files, folders and patterns, filters, order and limit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitbench.run import suite
from digitbench.run.selection import Selection, select
from digitnet import Drawing, RecordingError, Stroke, write_drawings
from digitnet.recordings import find_recordings

TAP = Drawing((Stroke([(1, 1)]),))


def drawn(
    key_id: str, word: str = "7", *tags: str, device: str = "mouse", writer: str = ""
) -> Drawing:
    return Drawing(TAP.strokes, word=word, key_id=key_id, tags=tags, device=device, writer=writer)


SET = [
    drawn("a", "7", "crossed", "small", writer="ann"),
    drawn("b", "7", "plain", device="touch", writer="bob"),
    drawn("c", "0", "slashed", "small", writer="ann"),
    drawn("d", "", "dot", device="touch"),
    drawn("e", "2026", "number"),
]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Recordings next to and within folders, and files of other kinds."""
    for name in ("b.ndjson", "a.ndjson", "deep/er/c.ndjson", "notes.txt", "single.json"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path


@pytest.mark.parametrize(
    ("paths", "found"),
    [
        (["."], ["a.ndjson", "b.ndjson", "deep/er/c.ndjson"]),
        (["single.json", "."], ["single.json", "a.ndjson", "b.ndjson", "deep/er/c.ndjson"]),
        (["?.ndjson"], ["a.ndjson", "b.ndjson"]),
        (["[b-z].ndjson"], ["b.ndjson"]),
        (["**/*.ndjson"], ["a.ndjson", "b.ndjson", "deep/er/c.ndjson"]),
        (["d*"], ["deep/er/c.ndjson"]),
        (["b.ndjson", "*.ndjson", "deep/../a.ndjson"], ["b.ndjson", "a.ndjson"]),
    ],
    ids=str,
)
def test_files_folders_and_patterns_are_found(
    tree: Path, paths: list[str], found: list[str]
) -> None:
    """In the given order; the matches of a folder or a pattern sorted; each file once."""
    files = find_recordings([tree / path for path in paths])
    assert [file.relative_to(tree).as_posix() for file in files] == found


def test_a_file_may_be_named_like_a_pattern(tmp_path: Path) -> None:
    """An existing file is used by its literal name."""
    file = tmp_path / "[a].ndjson"
    file.touch()
    (tmp_path / "a.ndjson").touch()
    assert find_recordings([file]) == [file]


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("gone", "there is no such file or folder"),
        ("gone/*.ndjson", "matches no file or folder"),
        (".", r"holds no \.ndjson file"),
        ("long" * 1000, "cannot be read|there is no such"),
    ],
    ids=["file", "pattern", "folder", "name"],
)
def test_a_missing_file_is_reported(tmp_path: Path, path: str, reason: str) -> None:
    """With its name, whether a file, a pattern or a folder without recordings."""
    with pytest.raises(RecordingError, match=reason) as error:
        find_recordings([tmp_path / path])
    assert str(tmp_path / path) in str(error.value)


def test_recordings_without_a_name_are_named_after_their_place(tmp_path: Path) -> None:
    """So that every failure can be found again."""
    file = tmp_path / "mine.ndjson"
    write_drawings(file, [TAP, Drawing(TAP.strokes, key_id="named"), TAP])
    names = [drawing.key_id for drawing in suite.read_all([file])]
    assert names == ["mine.ndjson:1", "named", "mine.ndjson:3"]


@pytest.mark.parametrize(
    ("selection", "chosen"),
    [
        (Selection(), "abcde"),
        (Selection(word=("7",)), "ab"),
        (Selection(word=("",)), "d"),
        (Selection(word=("0", "2026")), "ce"),
        (Selection(tag=("small",)), "ac"),
        (Selection(tag=("small", "number")), "ace"),
        (Selection(device=("touch",)), "bd"),
        (Selection(key_id=("d", "a")), "ad"),
        (Selection(writer=("ann", "bob")), "abc"),
        (Selection(word=("7", "0"), tag=("small",), writer=("ann",)), "ac"),
        (Selection(tag=("small",), device=("mouse",), limit=1), "a"),
        (Selection(limit=9), "abcde"),
    ],
    ids=str,
)
def test_filters_choose(selection: Selection, chosen: str) -> None:
    """Values of one kind are alternatives, kinds are combined, the limit counts what is left."""
    assert "".join(drawing.key_id for drawing in select(SET, selection)) == chosen


@given(seed=st.integers(0, 2**32), limit=st.integers(1, 6))
def test_shuffling_comes_before_the_limit(seed: int, limit: int) -> None:
    """All are shuffled, identically for the same seed, and then the first ones are selected."""
    shuffled = select(SET, Selection(shuffle=seed))
    assert sorted(drawing.key_id for drawing in shuffled) == list("abcde")
    assert select(SET, Selection(shuffle=seed, limit=limit)) == shuffled[:limit]


def test_seeds_give_different_orders() -> None:
    """Otherwise one seed would do."""
    orders = {tuple(d.key_id for d in select(SET, Selection(shuffle=seed))) for seed in range(20)}
    assert len(orders) > 5


def test_no_more_is_read_than_is_needed() -> None:
    """With a limit, a large file is not read to its end."""

    def endless() -> Iterator[Drawing]:
        while True:
            yield from SET

    assert len(select(endless(), Selection(tag=("small",), limit=100))) == 100


@pytest.mark.parametrize(
    ("selection", "message"),
    [
        (
            Selection(tag=("crosed",)),
            (
                "--tag crosed: selects none of 5 recordings; their tags are crossed, dot, number, "
                "plain, slashed, small"
            ),
        ),
        (
            Selection(word=("7",), tag=("slashed", "two words")),
            (
                "--tag slashed --tag 'two words': selects none of the 2 recordings that --word 7 "
                "selects; their tags are crossed, plain, small"
            ),
        ),
        (
            Selection(word=("",), device=("touch",), writer=("ann",)),
            (
                "--writer ann: selects none of the 1 recording that --word none --device touch "
                "selects; they name no writer"
            ),
        ),
        (
            Selection(word=("9",), tag=("small",), shuffle=1, limit=3),
            "--word 9: selects none of 5 recordings; their words are 0, 2026, 7, none",
        ),
    ],
    ids=["alone", "after another", "last of three", "first of two"],
)
def test_a_filter_that_selects_nothing_is_reported(selection: Selection, message: str) -> None:
    """Which filter, among how many recordings, and the possible values."""
    with pytest.raises(RecordingError) as error:
        select(SET, selection)
    assert str(error.value) == message


def test_many_values_are_not_all_told() -> None:
    """The first twelve, and how many others."""
    many = [drawn(str(number), writer=f"writer-{number:02}") for number in range(20)]
    with pytest.raises(RecordingError, match=r"writer-00, .*, writer-11 and 8 others$"):
        select(many, Selection(writer=("ann",)))


def test_of_nothing_nothing_is_chosen() -> None:
    """If there are no recordings, no filter is to blame."""
    assert select([], Selection(word=("7",))) == []
