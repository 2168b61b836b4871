"""``digitbench perf``: what is measured, how it is told, and how runs are compared.

How fast anything is is no matter here: every machine is another.
"""

from __future__ import annotations

import json
import math
import statistics
import sys
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digitbench.cli import cli
from digitbench.commands import perf as perf_cli
from digitbench.perf import fresh, measures
from digitbench.perf.figures import KINDS, Figure, p50_and_p99
from digitbench.perf.report import CompareError, as_json, read_earlier
from digitbench.perf.run import Plan
from digitbench.perf.table import as_table, is_within_spread
from digitbench.run import suite
from digitdraw.app import App
from digitnet import Drawing, Recognizer, cli_support, write_drawings

KIND = {kind.name: kind for kind in KINDS}
VALUES = st.lists(st.floats(0, 1e9), min_size=1, max_size=20)


def figure(name: str, *values: float) -> Figure:
    return Figure(KIND[name], values)


def figures(*all_: Figure) -> dict[str, Figure]:
    return {each.kind.name: each for each in all_}


def test_every_figure_has_one_name_a_unit_and_a_meaning() -> None:
    """A p99 has that of the p50 before it."""
    assert len(KIND) == len(KINDS)
    for before, kind in pairwise(KINDS):
        assert kind.unit
        assert kind.meaning or (before.family == kind.family and kind.name.endswith("_p99"))


@given(values=VALUES)
def test_the_median_lies_within_the_quartiles_and_these_within_the_values(
    values: list[float],
) -> None:
    """However many repeats there are, one included."""
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
    """To six digits, more than any clock has."""
    file = tmp_path_factory.mktemp("perf") / "perf.json"
    file.write_text(as_json(figures(figure("ready", *values)), {"python": "3"}))
    earlier = read_earlier(file)
    assert earlier.provenance == {"python": "3"}
    assert earlier.figures["ready"].values == pytest.approx(values, rel=1e-5)
    told = json.loads(file.read_text())["figures"]["ready"]
    assert told["unit"] == "ms"
    assert told["median"] == pytest.approx(statistics.median(values), rel=1e-5)


def test_the_table_shows_figures_in_their_units_with_what_they_mean() -> None:
    """A row for each, and one line of legend for each family."""
    table = as_table(
        figures(
            figure("answer_p50", 1.0, 2.0, 4.0),
            figure("answer_p99", 12.0),
            figure("classify", 12_345.6),
            figure("memory_apps_growth", -0.004),
        )
    )
    assert table.splitlines()[:6] == [
        "figure             unit     median         q1         q3   n",
        "answer_p50           ms       2.00       1.50       3.00   3",
        "answer_p99           ms      12.00      12.00      12.00   1",
        "classify             /s     12,346     12,346     12,346   1",
        "memory_apps_growth   kB       0.00       0.00       0.00   1",
        "",
    ]
    assert table.count("from the release of the pen to the answer drawn") == 1
    assert "ratio" not in table


def test_ratios_within_the_spread_stand_in_brackets() -> None:
    """And what the earlier run did not measure stays open."""
    now = figures(
        figure("first_frame", 100, 110, 120),
        figure("ready", 100, 110, 120),
        figure("recordings", 100),
        figure("memory_apps_growth", 0.5),
    )
    then = figures(
        figure("first_frame", 210, 220, 230),
        figure("ready", 104, 121, 130),
        figure("memory_apps_growth", 0.0),
    )
    table = as_table(now, then)
    assert [line.split()[-2:] for line in table.splitlines()[:5]] == [
        ["earlier", "ratio"],
        ["220.0", "0.50"],
        ["121.0", "(0.91)"],
        ["–", "–"],
        ["0.00", "–"],
    ]
    assert "means nothing" in " ".join(table.split())


@given(one=VALUES, other=VALUES)
def test_the_spread_has_no_sides(one: list[float], other: list[float]) -> None:
    """A run lies within its own spread, and two runs within each other's or not."""
    first, second = figure("ready", *one), figure("ready", *other)
    assert is_within_spread(first, first)
    assert is_within_spread(first, second) == is_within_spread(second, first)
    if max(one) < min(other):
        assert not is_within_spread(first, second)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "cannot be read: No such file or directory"),
        (b'{"figures": {', "is no JSON"),
        (b"\xff", "is no JSON"),
        (b"[" * 100_000, "is no JSON"),
        (b"[]", "holds no figures"),
        (b'{"figures": 7}', "holds no figures"),
        (b'{"figures": {"unknown": {"values": [1]}}}', "holds no figures"),
        (b'{"figures": {"ready": {"values": []}}}', "holds no figures"),
        (b'{"figures": {"ready": {"values": [null]}}}', "holds no figures"),
        (b'{"figures": {"ready": {"values": [NaN]}}}', "holds no figures"),
        (b'{"figures": {"ready": {"values": [1%s]}}}' % (b"0" * 400), "holds no figures"),
        (b'{"summary": {}, "results": []}', "holds no figures"),
    ],
    ids=str,
)
def test_a_damaged_report_is_told_before_anything_is_measured(
    tmp_path: Path,
    content: bytes | None,
    reason: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """In one line with its name, and exit code 1."""
    monkeypatch.setattr(perf_cli, "Run", None)
    file = tmp_path / "perf.json"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(CompareError, match=reason):
        read_earlier(file)
    with pytest.raises(SystemExit) as exit_:
        cli_support.run(cli, ["perf", "--compare", str(file)])
    told = capsys.readouterr()
    assert exit_.value.code == 1
    assert told.out == ""
    assert told.err.startswith(f"digitbench: {file}: {reason}")
    assert told.err.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [["--repeats", "0"], ["--digits", "0"], ["--json", "nowhere/perf.json"], ["more"]],
    ids=" ".join,
)
def test_wrong_usage_is_told_at_once(
    arguments: list[str], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that is not there, before minutes have gone."""
    monkeypatch.setattr(perf_cli, "Run", None)
    with pytest.raises(SystemExit) as exit_:
        cli_support.run(cli, ["perf", *arguments])
    assert exit_.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_answers_are_measured_through_the_app(seven: Drawing, recognizer: Recognizer) -> None:
    """Of several recordings; their parts as well, of which none is longer than time can be."""
    measured = measures.answers([seven] * 3, recognizer)
    assert measured.keys() == {"answer_p50", "answer_p99", "recordings"}
    parts = measures.parts_of_answers([seven] * 3, recognizer)
    assert {KIND[name].family for name in parts} == {"framing", "raster", "network", "view"}
    assert all(0 < value < math.inf for value in [*measured.values(), *parts.values()])


def test_measuring_parts_leaves_nothing_behind(seven: Drawing, recognizer: Recognizer) -> None:
    """Not even where the app crashes, which is told."""
    before = (App.step, Recognizer.predict, Recognizer.answer)
    measures.parts_of_answers([seven], recognizer)
    assert before == (App.step, Recognizer.predict, Recognizer.answer)
    with pytest.MonkeyPatch.context() as broken:
        broken.setattr(Recognizer, "answer", None)
        with pytest.raises(measures.MeasureError, match="seven: the app crashed"):
            measures.parts_of_answers([seven], recognizer)
    assert before == (App.step, Recognizer.predict, Recognizer.answer)


def test_recordings_without_ink_are_told(recognizer: Recognizer) -> None:
    """As there is nothing to measure."""
    with pytest.raises(measures.MeasureError, match="no ink"):
        measures.answers([Drawing(())], recognizer)
    with pytest.raises(measures.MeasureError, match="no ink"):
        measures.framed([Drawing(())], recognizer, 10)


def test_a_long_stroke_is_read_live(
    recognizer: Recognizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With every frame, but for the first point, as a dot is no digit yet."""
    sizes: list[int] = []
    predict = Recognizer.predict

    def noted(self: Recognizer, drawing: Any, **options: Any) -> Any:
        sizes.append(sum(len(stroke.points) for stroke in drawing.strokes))
        return predict(self, drawing, **options)

    monkeypatch.setattr(Recognizer, "predict", noted)
    assert measures.live_frames(12, recognizer).keys() == {"live_frame_p50", "live_frame_p99"}
    assert sizes == list(range(2, 13))


@pytest.mark.parametrize("count", [1, 7])
def test_pictures_to_classify_are_the_recordings_digits(
    seven: Drawing, recognizer: Recognizer, count: int
) -> None:
    """As many as asked for, over and over."""
    pictures = measures.framed([seven], recognizer, count)
    assert pictures.shape == (count, 28, 28)
    assert (pictures == recognizer.predict(seven).digits[0].image).all()
    assert measures.pictures_a_second(pictures, recognizer) > 0


def test_digitdraw_starts_in_a_process_of_its_own() -> None:
    """It shows a frame, loads its model, rests, and ends when it is told to."""
    measured = fresh.start_up(None)
    assert measured.keys() == {"first_frame", "ready", "memory_rest"}
    assert all(value > 0 for value in measured.values())


def test_a_model_that_is_none_is_told_in_one_line(tmp_path: Path) -> None:
    """As digitdraw itself would tell it in its window."""
    with pytest.raises(fresh.ProbeError) as error:
        fresh.start_up(tmp_path)
    assert str(tmp_path) in str(error.value)
    assert "\n" not in str(error.value)


def test_a_process_that_fails_is_told_in_one_line() -> None:
    """With the last line of its own words."""
    with pytest.raises(fresh.ProbeError, match=r"No module named 'no_such_module'; run it again$"):
        fresh.import_time("no_such_module")


@pytest.mark.parametrize(("way", "count"), [("apps", 1), ("session", 50)])
def test_memory_is_looked_at_while_digits_are_drawn(way: fresh.Way, count: int) -> None:
    """Growth needs a few of them; the peak is no less than what is there at the end."""
    measured = fresh.memory_of_digits(way, count, None)
    assert measured[f"memory_{way}_peak"] >= measured[f"memory_{way}"] > 0
    assert (f"memory_{way}_growth" in measured) == (count > 1)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems tell of peaks in another way")
def test_a_peak_is_the_processs_own() -> None:
    """And not that of a larger parent, which Linux's getrusage would count."""
    ballast = bytearray(b"x" * 400_000_000)
    assert fresh.memory_of_digits("apps", 1, None)["memory_apps_peak"] < len(ballast) / 1e6


def test_the_command_measures_all_and_compares(
    seven: Drawing,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Every figure has its row and its key, under the same name; stderr tells what differs."""
    bundled = tmp_path / "seven.ndjson"
    write_drawings(bundled, [seven])
    monkeypatch.setattr(suite, "bundled_recordings", lambda: [bundled])
    monkeypatch.setattr(perf_cli, "Plan", partial(Plan, pictures=3, points=3, crowd=5, stretch=7))
    earlier, report = tmp_path / "earlier.json", tmp_path / "perf.json"
    earlier.write_text(
        as_json(figures(figure("ready", 1)), {"options": {"digits": 5, "recordings": 9}})
    )
    arguments = ["--repeats", "1", "--digits", "5", "--json", report, "--compare", earlier]
    with pytest.raises(SystemExit) as exit_:
        cli_support.run(cli, ["perf", *map(str, arguments)])
    told = capsys.readouterr()
    assert exit_.value.code == 0
    complaint = "was measured with another machine, Python, model, number of recordings"
    assert told.err == f"digitbench: {earlier}: {complaint}\n"

    head, *rows = told.out.partition("\n\n")[0].splitlines()
    assert head.endswith("earlier    ratio")
    document = json.loads(report.read_bytes())
    assert [row.split()[0] for row in rows] == list(document["figures"]) == list(KIND)
    assert document["provenance"]["options"] == {"repeats": 1, "digits": 5, "recordings": 1}
    assert read_earlier(report).differences(document["provenance"]) == []
