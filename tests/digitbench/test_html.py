"""The report for people: one self-contained page that no recording can break."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import replace
from html.parser import HTMLParser
from importlib import resources
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from digitbench.replay.replayer import Replayed
from digitbench.report.html import MOST_SHOWN, as_html
from digitbench.report.timeline_report import Moment, TimelineReport
from digitbench.run import suite
from digitbench.run.verdict import Requirement, Verdict
from digitbench.text import printable
from digitnet import Drawing
from digitnet.recordings import dump_drawing, parse_drawing

if TYPE_CHECKING:
    from tests.digitbench.conftest import Judged

TRACEBACK = 'Traceback (most recent call last):\n  File "app.py", line 1\nRuntimeError: <boom>\n'
PROVENANCE = {
    "time": "2026-01-02T03:04:05+00:00",
    "commit": None,
    "versions": {"digitnet": "1.0", "pygame": "2.0"},
    "options": {"limit": None, "jobs": 2, "tag": (), "window": (960, 640)},
}
WITHOUT_END = {"meta", "img", "br", "input"}


class Page(HTMLParser):
    """A parsed page.

    Attributes:
        elements: the name and attributes of each element, in order.
        text: all text, including script and style.
        is_balanced: whether every opened element was closed, in order.
    """

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.is_balanced = True
        self._open: list[str] = []
        self.feed(html)
        self.close()
        self.is_balanced = self.is_balanced and not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in WITHOUT_END:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        self.is_balanced = self.is_balanced and bool(self._open) and self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data

    def values(self, name: str) -> Iterator[str]:
        """Yield all values of an attribute."""
        return (attributes[name] for _, attributes in self.elements if name in attributes)

    @property
    def structure(self) -> list[tuple[str, tuple[str, ...]]]:
        """Elements and the names of their attributes, without the values."""
        return [(tag, tuple(attributes)) for tag, attributes in self.elements]


@pytest.fixture
def results(judged: Judged) -> list[suite.Result]:
    """One of each outcome, a number, and a digit that the app read as several."""
    return [
        judged("seven-1", "7", "7", latency_ms=(2.0, 3.0)),
        judged("seven-2", "7", "1", confidence=0.625, latency_ms=(4.0,)),
        judged("seven-3", "7", "11", latency_ms=(4.0,)),
        judged("one-1", "1", "7", confidence=0.5, accepted=False, latency_ms=(1.5,)),
        judged("year-1", "2026", "2020", latency_ms=(4.0,)),
        judged("dash-1", "", "1", accepted=False, latency_ms=(2.5,)),
        judged("dash-2", "", None, error=TRACEBACK),
        judged("three-1", "3", None),
    ]


def photograph(drawing: Drawing, pictures: int, wanted: Collection[int]) -> TimelineReport:
    """Return two moments with pictures in place of the app's."""
    first, last = (
        Moment(at, deed, "read as <b>", Image.new("RGB", (1200, 90), colour), (("up", 1, 2),))
        for at, deed, colour in ((100, "stroke 1", "white"), (200, "undo", "black"))
    )
    return TimelineReport(suite.judge(drawing, Replayed(None, ())), (first, last), drawing)


def page_of(results: list[suite.Result], gates: tuple[str, ...] = ()) -> str:
    """Return the page of a run of two seconds."""
    verdict = Verdict([Requirement("gate", sentence) for sentence in gates])
    return as_html(results, suite.summarize(results, 2.0), verdict, PROVENANCE, photograph)


def test_the_page_is_self_contained(results: list[suite.Result]) -> None:
    """It refers to nothing outside, and its policy forbids loading anything."""
    html = page_of(results)
    page = Page(html)
    sources = list(page.values("src"))
    assert sources
    assert all(source.startswith("data:") for source in sources)
    ids = Counter(page.values("id"))
    assert set(ids.values()) == {1}
    assert all(link[0] == "#" and link[1:] in ids for link in page.values("href"))
    assert not re.search(r"https?:|@import|url\(|<link", html)
    assert any("default-src 'none'" in content for content in page.values("content"))


def test_a_recording_that_killed_a_process_is_not_replayed_for_its_picture(
    results: list[suite.Result],
) -> None:
    """That would end the run before the page is written."""
    drawings: list[Drawing] = []

    def note(drawing: Drawing, pictures: int, wanted: Collection[int]) -> TimelineReport:
        drawings.append(drawing)
        return photograph(drawing, pictures, wanted)

    crash = next(result for result in results if result.outcome == suite.CRASHED)
    killed = replace(crash, replayed=replace(crash.replayed, killed=True))
    as_html([killed, results[1]], suite.summarize(results, 2.0), Verdict(), PROVENANCE, note)
    assert drawings == [results[1].drawing]


def test_the_page_is_accessible(results: list[suite.Result]) -> None:
    """Images have texts, header cells a scope, regions names, and headings skip no level."""
    page = Page(page_of(results))
    assert page.is_balanced
    images = [attributes for tag, attributes in page.elements if tag == "img"]
    # What is put on a picture of the app to change it says nothing by itself.
    assert all(each["alt"] for each in images if each.get("class") != "patch")
    assert all("scope" in attributes for tag, attributes in page.elements if tag == "th")
    pictures = [attributes for tag, attributes in page.elements if tag == "svg"]
    assert all(each["role"] == "img" and each["aria-label"] for each in pictures)
    ids = set(page.values("id"))
    assert set(page.values("aria-labelledby")) <= ids
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))


def test_the_same_run_makes_the_same_page(results: list[suite.Result]) -> None:
    """Byte for byte."""
    assert page_of(results) == page_of(results)


def test_a_sentence_summarizes_the_run(results: list[suite.Result]) -> None:
    """How many recordings are right, and the confidence interval."""
    text = " ".join(Page(page_of(results)).text.split())
    assert "25.00% of 8 recordings are right" in text
    assert "With 95% confidence, between 7.1% and 59.1% of recordings like these are right" in text
    assert "Passed." in text


def test_the_page_shows_where_results_come_from(results: list[suite.Result]) -> None:
    """Without options that were not set."""
    html = page_of(results)
    assert re.findall(r"<div><dt>(.*)</dt><dd>(.*)</dd></div>", html) == [
        ("took", "2.0 s"),
        ("time", "2026-01-02T03:04:05+00:00"),
        ("versions", "digitnet 1.0, pygame 2.0"),
        ("options", "jobs 2, window [960, 640]"),
    ]


def test_failed_gates_are_at_the_top(results: list[suite.Result]) -> None:
    """Each with its sentence."""
    text = Page(page_of(results, ("too few are <right>", "too slow"))).text
    assert text.index("too few are <right>") < text.index("too slow") < text.index("Accuracy")
    assert "Passed" not in text


def test_what_is_allowed_is_said(results: list[suite.Result]) -> None:
    """A run that passes though recordings are not right says why."""
    verdict = Verdict(not_right=6, recordings=8, no_fail=True)
    page = as_html(results, suite.summarize(results, 2.0), verdict, PROVENANCE, photograph)
    assert "Passed, though 6 of 8 recordings are not right (--no-fail)." in Page(page).text


def test_each_failure_is_shown(results: list[suite.Result]) -> None:
    """With the ink, what the network saw of each digit, the app, and the line to copy."""
    html = page_of(results)
    articles = html.split("<article")[1:]
    names = [re.search(r"<h3.*</h3>", article) for article in articles]
    headings = [" ".join(Page(name[0]).text.split()) for name in names if name]
    assert headings == [
        "Meant as no digit, crashed: RuntimeError: <boom>",
        "Meant as 7, read as 11",
        "Meant as 2026, read as 2020",
        "Meant as 7, read as 1",
        "Meant as 1, not accepted, perhaps 7",
        "Meant as 3, nothing found",
    ]
    articles[-1] = articles[-1].split("<template")[0]
    assert [article.count('class="seen"') for article in articles] == [0, 2, 4, 1, 1, 0]
    assert all(article.count("<svg") == 1 for article in articles)
    assert all(article.count('class="screen"') == 1 for article in articles)
    assert "RuntimeError: &lt;boom&gt;" in articles[0]


def test_a_copied_line_is_the_recording(results: list[suite.Result]) -> None:
    """As it would be read from a file."""
    odd = replace(results[1].drawing, key_id="a<b>&'\"", tags=("\u202e",), extra={"x": "</pre>"})
    page = page_of([replace(results[1], drawing=odd)])
    line = Page(page[page.index('<pre class="line"') : page.index("</pre></div>")]).text
    assert parse_drawing(line.strip()) == odd
    assert line.strip() == dump_drawing(odd)


def test_of_many_failures_some_of_each_kind_are_shown(judged: Judged) -> None:
    """With their number; pictures of the app are smaller, so that the page stays small."""
    ones = [judged(f"one-{number}", "1", "7") for number in range(3 * MOST_SHOWN)]
    rare = [judged("nine", "9", "4"), judged("crash", "2", None, error=TRACEBACK)]
    html = page_of([*ones, *rare])
    assert html.count("<article") == MOST_SHOWN
    assert "<code>nine</code>" in html
    assert "<code>crash</code>" in html
    of = 3 * MOST_SHOWN + 2
    assert f"{MOST_SHOWN} of {of} failures are shown, the same number of each kind" in html
    assert len(html) < 5_000_000


def test_a_cell_of_the_confusion_matrix_links_to_what_it_counts(
    results: list[suite.Result],
) -> None:
    """To the first failure that is shown."""
    html = page_of(results)
    target = re.search(r'<a href="#(recording-\d+)">1<span class="hidden">: 7 read as 1<', html)
    assert target
    assert "seven-2" in html.split(f'id="{target[1]}"')[1].split("</article>")[0]


@pytest.mark.parametrize("count", [0, 1])
def test_a_run_of_nothing_and_a_run_without_failures_can_be_shown(
    judged: Judged, count: int
) -> None:
    """Neither divides by zero."""
    page = Page(page_of([judged("seven", "7", "7")] * count))
    assert page.is_balanced
    assert ("Nothing was replayed", "There are no failures")[count] in page.text


@settings(max_examples=30)
@given(text=st.text(st.characters(codec=None), min_size=1) | st.just("</script><img onerror=x>"))
def test_no_text_of_a_recording_becomes_markup(judged: Judged, text: str) -> None:
    """Names, words, tags and errors with any content leave the structure of the page as it is."""

    def page_with(text: str) -> Page:
        result = judged(text, f"x{text}", None, error=f"Error: {text}")
        drawing = replace(result.drawing, writer=text, device=text, source=text, tags=(text,))
        html = page_of([replace(result, drawing=drawing)], (text,))
        html.encode()
        return Page(html)

    page = page_with(text)
    assert page.structure == page_with("plain").structure
    assert "".join(printable(text, keep="\n").split()) in "".join(page.text.split())


def colours() -> list[dict[str, str]]:
    """Return the named colours of the light page and of the dark page."""
    templates = resources.files("digitbench") / "report" / "templates"
    light, dark = (templates / "page.css").read_text("utf-8").split("prefers-color-scheme: dark")
    names = re.compile(r"--([a-z0-9-]+): (#[0-9a-f]{6});")
    return [dict(names.findall(light)), dict(names.findall(dark))]


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour as WCAG 2 defines it, 0 to 1."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_texts_contrast_with_their_background(scheme: int) -> None:
    """By at least 4.5 to 1 (WCAG AA), in light and dark."""
    named = colours()[scheme]
    pairs = [
        *((text, paper) for text in ("text", "quiet", "accent", "warning")
          for paper in ("background", "paper")),
        ("on-accent", "accent"),
        *((text, "accent-wash") for text in ("text", "quiet", "warning")),
        *(("on-heat", f"heat-{step}") for step in range(1, 5)),
        ("on-heat-5", "heat-5"),
    ]  # fmt: skip
    for text, paper in pairs:
        lighter, darker = sorted((luminance(named[text]), luminance(named[paper])), reverse=True)
        assert (lighter + 0.05) / (darker + 0.05) >= 4.5, (text, paper)
