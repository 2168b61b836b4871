"""``digitbench perf``: its figures, its table, and its JSON report."""

from __future__ import annotations

import json
import statistics
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitbench.commands import perf as perf_command
from digitbench.perf.figures import KINDS, Figure, p50_and_p99
from digitbench.perf.json import Earlier, as_json, read_earlier
from digitbench.perf.slower import slower
from digitbench.perf.table import as_table, is_within_spread
from digitbench.run.earlier_report import ReportError

if TYPE_CHECKING:
    from tests.digitbench.conftest import Bench

KIND = {kind.name: kind for kind in KINDS}
VALUES = st.lists(st.floats(0, 1e9), min_size=1, max_size=20)


def figure(name: str, *values: float) -> Figure:
    return Figure(KIND[name], values)


def figures(*all_: Figure) -> dict[str, Figure]:
    return {each.kind.name: each for each in all_}


def test_every_figure_has_a_unique_name_a_unit_and_a_meaning() -> None:
    """A p99 shares the meaning of the p50 before it."""
    assert len(KIND) == len(KINDS)
    for before, kind in pairwise(KINDS):
        assert kind.unit
        assert kind.meaning or (before.family == kind.family and kind.name.endswith("_p99"))


@given(values=VALUES)
def test_the_median_lies_within_the_quartiles_and_these_within_the_values(
    values: list[float],
) -> None:
    """For any number of repeats, including one."""
    measured = figure("ready", *values)
    inner = [measured.q1, measured.median, measured.q3]
    slack = 1e-9 * max(values)
    for low, high in zip([min(values), *inner], [*inner, max(values)], strict=True):
        assert low <= high + slack


@given(values=VALUES)
def test_at_most_one_of_a_hundred_is_beyond_p99(values: list[float]) -> None:
    """And p99 is one of the values."""
    p99 = p50_and_p99("answer", values)["answer_p99"]
    assert p99 in values
    assert sum(value > p99 for value in values) <= len(values) / 100


@given(values=st.lists(st.floats(1e-3, 1e6), min_size=1, max_size=9))
def test_a_report_is_read_as_it_was_written(
    values: list[float], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """To six significant digits, more than any clock has."""
    file = tmp_path_factory.mktemp("perf") / "perf.json"
    file.write_text(as_json(figures(figure("ready", *values)), {"python": "3"}))
    earlier = read_earlier(file)
    assert earlier.provenance == {"python": "3"}
    assert earlier.figures["ready"].values == pytest.approx(values, rel=1e-5)
    entry = json.loads(file.read_text())["figures"]["ready"]
    assert entry["unit"] == "ms"
    assert entry["median"] == pytest.approx(statistics.median(values), rel=1e-5)


def test_the_table_shows_figures_in_their_units_with_their_meaning() -> None:
    """A row for each figure, and a line of the legend for each family."""
    table = as_table(
        figures(
            figure("answer_p50", 1.0, 2.0, 4.0),
            figure("answer_p99", 12.0),
            figure("classify", 12_345.6),
            figure("memory_session_growth", -0.004),
        )
    )
    assert table.splitlines()[:6] == [
        "figure                unit     median         q1         q3   n",
        "answer_p50              ms       2.00       1.50       3.00   3",
        "answer_p99              ms      12.00      12.00      12.00   1",
        "classify                /s     12,346     12,346     12,346   1",
        "memory_session_growth   kB       0.00       0.00       0.00   1",
        "",
    ]
    assert table.count("from the release of the pen until the app has drawn the answer") == 1
    assert "ratio" not in table


def test_ratios_that_are_not_significant_are_in_brackets() -> None:
    """There is no ratio for what the earlier run did not measure."""
    now = figures(
        figure("first_frame", 100, 110, 120),
        figure("ready", 100, 110, 120),
        figure("recordings", 100),
        figure("memory_session_growth", 0.5),
    )
    then = figures(
        figure("first_frame", 210, 220, 230),
        figure("ready", 104, 121, 130),
        figure("memory_session_growth", 0.0),
    )
    table = as_table(now, then)
    assert [line.split()[-2:] for line in table.splitlines()[:5]] == [
        ["earlier", "ratio"],
        ["220.0", "0.50"],
        ["121.0", "(0.91)"],
        ["–", "–"],
        ["0.00", "–"],
    ]
    assert "not significant" in " ".join(table.split())


@given(one=VALUES, other=VALUES)
def test_overlapping_spreads_are_symmetric(one: list[float], other: list[float]) -> None:
    """A run overlaps with itself, and two runs with each other or not."""
    first, second = figure("ready", *one), figure("ready", *other)
    assert is_within_spread(first, first)
    assert is_within_spread(first, second) == is_within_spread(second, first)
    if max(one) < min(other):
        assert not is_within_spread(first, second)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is not JSON"),
        (b'{"figures": {', "is not JSON"),
        (b"\xff", "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b"[]", "is not a report of 'digitbench perf --json'"),
        (b'{"figures": 7}', "is not a report of 'digitbench perf --json'"),
        (
            b'{"figures": {"unknown": {"values": [1]}}}',
            "is not a report of 'digitbench perf --json'",
        ),
        (b'{"figures": {"ready": {"values": []}}}', "is not a report of 'digitbench perf --json'"),
        (
            b'{"figures": {"ready": {"values": [null]}}}',
            "is not a report of 'digitbench perf --json'",
        ),
        (
            b'{"figures": {"ready": {"values": [NaN]}}}',
            "is not a report of 'digitbench perf --json'",
        ),
        (
            b'{"figures": {"ready": {"values": [1%s]}}}' % (b"0" * 400),
            "is not a report of 'digitbench perf --json'",
        ),
        (b'{"summary": {}, "results": []}', "is not a report of 'digitbench perf --json'"),
    ],
    ids=str,
)
def test_a_damaged_report_is_reported_before_anything_is_measured(
    bench: Bench,
    tmp_path: Path,
    content: bytes,
    reason: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In one line with its name, and exit code 1."""
    monkeypatch.setattr(perf_command, "Benchmark", None)
    file = tmp_path / "perf.json"
    file.write_bytes(content)
    with pytest.raises(ReportError, match=reason):
        read_earlier(file)
    done = bench("perf", "--compare", file)
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith(f"digitbench: {file}: {reason}")
    assert done.err.count("\n") == 1


@pytest.mark.parametrize(
    ("then", "now", "by"),
    [
        (figure("ready", 100, 100), figure("ready", 110, 110), None),
        (figure("ready", 100, 100), figure("ready", 111, 111), "11.0%"),
        (figure("ready", 100, 200), figure("ready", 150, 250), None),
        (figure("ready", 100, 100), figure("ready", 50, 50), None),
        (figure("classify", 100), figure("classify", 91), None),
        (figure("classify", 100), figure("classify", 50), "100.0%"),
        (figure("memory_rest", 100), figure("memory_rest", 900), None),
    ],
    ids=["at the limit", "above", "overlap", "faster", "rate", "low rate", "memory"],
)
def test_a_run_fails_if_it_is_slower(then: Figure, now: Figure, by: str | None) -> None:
    """By more than is allowed, and significantly; what more memory is taken does not count."""
    ready = figure("ready", 100, 100)
    earlier = Earlier("earlier.json", {"ready": ready, then.kind.name: then}, {})
    sentences = slower({"ready": ready, now.kind.name: now}, earlier, 0.1)
    assert len(sentences) == (by is not None)
    for sentence in sentences:
        assert sentence.startswith(f"{now.kind.name} is {by} slower than in earlier.json, ")
        assert sentence.endswith(", and at most 10% is allowed")


def test_a_comparison_of_nothing_fails() -> None:
    """It proves nothing."""
    earlier = Earlier("earlier.json", figures(figure("memory_rest", 1)), {})
    assert slower(figures(figure("ready", 1)), earlier, 0.1) == [
        "earlier.json has no figure of speed to compare with"
    ]
