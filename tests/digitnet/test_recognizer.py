"""The contract of `Recognizer`: its inputs, its outputs, and what never changes between them."""

from __future__ import annotations

import io
import itertools
import pickle
import subprocess
import sys
import weakref
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from PIL import Image

from digitbench.strategies import drawings
from digitnet import (
    Digit,
    Drawing,
    InkError,
    ModelError,
    PictureError,
    Prediction,
    Recognizer,
    Stroke,
)
from digitnet.preprocessing.framing import frame_mask, frame_strokes
from digitnet.preprocessing.images import ink_mask
from digitnet.preprocessing.segmentation import MIN_DIGIT_SIZE
from digitnet.preprocessing.sources import Source

BLANK = Drawing(())
ONE = Drawing((Stroke.of([100, 102, 101], [30, 120, 220]),), word="1")


@pytest.fixture
def sources(seven: Drawing, seven_picture: Image.Image) -> list[Source]:
    """One source of each kind, interleaved with blank ones."""
    file = io.BytesIO()
    seven_picture.save(file, "PNG")
    pixels = np.asarray(seven_picture)
    return [seven, pixels, BLANK, ONE, seven_picture, file.getvalue(), np.zeros((9, 9)), ~pixels]


def assert_same(prediction: Prediction, other: Prediction) -> None:
    """Check that two predictions are the same, up to rounding in the runtime."""
    assert prediction.text == other.text
    for digit, again in zip(prediction.digits, other.digits, strict=True):
        assert (digit.label, digit.box, digit.strokes) == (again.label, again.box, again.strokes)
        assert digit.accepted == again.accepted
        assert digit.likelihood == pytest.approx(again.likelihood, abs=1e-5)
        np.testing.assert_array_equal(digit.image, again.image)
        np.testing.assert_allclose(digit.probabilities, again.probabilities, atol=1e-5)


def assert_is_digit(digit: Digit) -> None:
    """Check all promises about a digit."""
    assert type(digit.label) is int
    assert type(digit.confidence) is float
    assert type(digit.likelihood) is float
    assert type(digit.accepted) is bool
    assert 0 <= digit.likelihood <= 1
    assert digit.probabilities.shape == (10,)
    assert digit.probabilities.dtype == np.float32
    assert digit.probabilities.sum() == pytest.approx(1, abs=1e-5)
    assert digit.probabilities.min() >= 0
    assert digit.label == digit.probabilities.argmax()
    assert digit.confidence == digit.probabilities[digit.label]
    assert digit.image.shape == (28, 28)
    assert digit.image.dtype == np.uint8
    assert len(digit.box) == 4


def test_a_plain_digit_is_read(recognizer: Recognizer, seven: Drawing) -> None:
    """Clear digits are read, and accepted with confidence."""
    for drawing in (seven, ONE):
        prediction = recognizer.predict(drawing)
        assert prediction.text == drawing.word
        assert prediction.confidence > 0.5


@given(drawing=drawings(min_strokes=0))
def test_every_drawing_has_a_consistent_answer(recognizer: Recognizer, drawing: Drawing) -> None:
    """Each stroke is in a digit, or joins several, and each digit matches its ink."""
    prediction = recognizer.predict(drawing)
    members = [digit.strokes or () for digit in prediction.digits]
    height = max((stroke.bounds[3] for stroke in drawing.strokes), default=0)
    assert sorted(set(itertools.chain(*members))) == list(range(len(drawing.strokes)))
    shared = {index for index, count in Counter(itertools.chain(*members)).items() if count > 1}
    for digit, strokes in zip(prediction.digits, members, strict=True):
        assert_is_digit(digit)
        if shared.intersection(strokes):
            continue
        part = Drawing(tuple(drawing.strokes[index] for index in strokes))
        assert digit.box == part.bounds
        paths = [stroke.xy for stroke in part.strokes]
        framed = frame_strokes(paths, pen=drawing.pen_pixels, smallest=MIN_DIGIT_SIZE * height)
        np.testing.assert_array_equal(digit.image, framed)
    pieces = [str(digit.label) if digit.accepted else "?" for digit in prediction.digits]
    assert prediction.text == ("".join(pieces) if set(pieces) - {"?"} else "")
    assert prediction.confidence == min((d.confidence for d in prediction.digits), default=0)


@pytest.mark.parametrize(
    "source", [BLANK, np.zeros((50, 50)), np.full((9, 9), 255, np.uint8), Image.new("RGB", (7, 7))]
)
def test_a_blank_source_has_no_digits(recognizer: Recognizer, source: Source) -> None:
    """Without ink, there are no digits, no text and no confidence."""
    prediction = recognizer.predict(source)
    assert (prediction.digits, prediction.text, prediction.confidence) == ((), "", 0)


def test_a_dot_is_not_accepted(recognizer: Recognizer) -> None:
    """A single click is found but not accepted, so the text stays empty."""
    prediction = recognizer.predict(Drawing((Stroke([(50, 50)]),), canvas=(200, 200), pen=0.05))
    assert [digit.accepted for digit in prediction.digits] == [False]
    assert prediction.text == ""


def test_a_digit_in_an_image(recognizer: Recognizer, seven_picture: Image.Image) -> None:
    """It has a box in pixels, the image that the network saw, and no strokes."""
    (digit,) = recognizer.predict(seven_picture).digits
    assert_is_digit(digit)
    ink = np.argwhere(ink_mask(seven_picture) > 0.1)
    (top, left), (bottom, right) = ink.min(axis=0), ink.max(axis=0)
    assert digit.box == (left, top, right + 1 - left, bottom + 1 - top)
    np.testing.assert_array_equal(digit.image, frame_mask(ink_mask(seven_picture)))
    assert digit.strokes is None


def test_many_sources_are_read_like_each_alone(
    recognizer: Recognizer, sources: list[Source]
) -> None:
    """`predict_many` yields what `predict` returns, in order, for any mix of sources."""
    together = list(recognizer.predict_many(sources))
    assert [prediction.text for prediction in together] == ["7", "7", "", "1", "7", "7", "", "7"]
    for prediction, source in zip(together, sources, strict=True):
        assert_same(prediction, recognizer.predict(source))


def test_more_sources_than_fit_a_batch(recognizer: Recognizer, seven: Drawing) -> None:
    """Batches follow each other without gaps."""
    texts = [p.text for p in recognizer.predict_many(itertools.islice(cycle(seven), 700))]
    assert texts == ["7", "1", ""] * 233 + ["7"]
    assert list(recognizer.predict_many([])) == []


def cycle(seven: Drawing) -> Iterator[Source]:
    yield from itertools.cycle([seven, ONE, BLANK])


def test_predict_many_is_lazy(recognizer: Recognizer, seven: Drawing) -> None:
    """Nothing is consumed before the first prediction is requested, and never the whole stream."""
    endless = cycle(seven)
    answers = recognizer.predict_many(endless)
    assert next(endless) is seven
    assert [prediction.text for prediction in itertools.islice(answers, 3)] == ["1", "", "7"]


def test_the_error_for_an_unreadable_source(recognizer: Recognizer, tmp_path: Path) -> None:
    """`predict` raises it directly; `predict_many` raises it after the earlier predictions."""
    missing = tmp_path / "missing.png"
    with pytest.raises(PictureError, match=r"missing\.png"):
        recognizer.predict(missing)
    answers = recognizer.predict_many([ONE, BLANK, missing, ONE])
    assert [next(answers).text, next(answers).text] == ["1", ""]
    with pytest.raises(PictureError, match=r"missing\.png"):
        next(answers)


def test_attempt_many_yields_errors_in_order(recognizer: Recognizer, tmp_path: Path) -> None:
    """An unreadable source yields its error, and the following ones are read."""
    bad: list[Any] = [tmp_path / "missing.png", [[(1, 2, 3, 4)]], None]
    answers = list(recognizer.attempt_many([ONE, *bad, ONE]))
    texts = [answer.text if isinstance(answer, Prediction) else type(answer) for answer in answers]
    assert texts == ["1", PictureError, InkError, PictureError, "1"]


def test_an_iterable_that_raises(recognizer: Recognizer) -> None:
    """Its exception propagates after the predictions for what it yielded."""

    def broken() -> Iterator[Source]:
        yield from [ONE, BLANK]
        raise LookupError("the disk is gone")

    answers = recognizer.predict_many(broken())
    assert [next(answers).text, next(answers).text] == ["1", ""]
    with pytest.raises(LookupError, match="the disk is gone"):
        next(answers)


def test_images_are_released_once_their_ink_is_found(recognizer: Recognizer) -> None:
    """Only one image of a stream is in memory at a time, however large they are."""
    alive: list[weakref.ref[Any]] = []
    most = 0

    def pictures() -> Iterator[Source]:
        nonlocal most
        for _ in range(300):
            picture = np.zeros((30, 30))
            alive.append(weakref.ref(picture))
            yield picture
            del picture
            most = max(most, sum(reference() is not None for reference in alive))

    assert len(list(recognizer.predict_many(pictures()))) == 300
    assert most <= 1


def test_a_batch_of_one_is_answered_at_once(recognizer: Recognizer) -> None:
    """Each prediction comes before the next source is requested."""
    stream = itertools.repeat(ONE, 5)
    answers = recognizer.attempt_many(stream, batch=1)
    next(answers)
    assert len(list(stream)) == 4


@pytest.mark.parametrize("source", ["7.png", b"7"])
def test_a_path_is_not_a_list_of_sources(recognizer: Recognizer, source: Any) -> None:
    """A path is not treated as a sequence of letters."""
    with pytest.raises(PictureError, match=r"\A.+ list.+\Z"):
        next(recognizer.predict_many(source))


@pytest.mark.parametrize("threads", [0, -1, 1.5, "2", True, 10**9])
def test_the_error_for_an_invalid_number_of_threads(threads: Any) -> None:
    """The message is one line."""
    with pytest.raises(ModelError, match=r"\Athreads=.+\Z"):
        Recognizer(threads=threads)


def test_a_pickled_recognizer_finds_its_model_from_anywhere(
    model_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A relative model path still works in a process with another working directory."""
    monkeypatch.chdir(model_folder.parent)
    bytes_ = pickle.dumps(Recognizer(model_folder.name, threads=1))
    monkeypatch.chdir("/")
    assert pickle.loads(bytes_).predict(ONE).text == "1"  # noqa: S301 - our own bytes


@pytest.mark.parametrize("count", [0, 1, 3, 600])
def test_classify_returns_ten_probabilities_per_image(recognizer: Recognizer, count: int) -> None:
    """(n, 28, 28) becomes float32 (n, 10), each row a distribution; n can be 0."""
    batch = np.random.default_rng(count).integers(0, 256, (count, 28, 28), np.uint8)
    probabilities = recognizer.classify(batch)
    assert probabilities.shape == (count, 10)
    assert probabilities.dtype == np.float32
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-5)
    assert (probabilities >= 0).all()


@pytest.mark.parametrize("dtype", ["float16", "float32", "float64"])
def test_floats_and_bytes_are_classified_alike(
    recognizer: Recognizer, seven: Drawing, dtype: str
) -> None:
    """Floats up to 1 are equivalent to bytes up to 255."""
    images = np.stack([recognizer.predict(source).digits[0].image for source in (seven, ONE)])
    floats = (images / 255).astype(dtype)
    expected = recognizer.classify(images)
    np.testing.assert_allclose(recognizer.classify(floats), expected, atol=2e-3)


def test_classify_is_what_predict_uses(recognizer: Recognizer, seven: Drawing) -> None:
    """In an image, a digit's probabilities are exactly the network's answer to its 28x28."""
    (digit,) = recognizer.predict(recognizer.predict(seven).digits[0].image).digits
    np.testing.assert_allclose(
        recognizer.classify(digit.image[None])[0], digit.probabilities, atol=1e-6
    )


@pytest.mark.parametrize(
    "batch",
    [
        pytest.param(np.zeros((28, 28), np.uint8), id="one picture, no batch"),
        pytest.param(np.zeros((1, 1, 28, 28), np.uint8), id="with channels"),
        pytest.param(np.zeros((1, 28, 20), np.uint8), id="another size"),
        pytest.param(np.zeros((1, 784), np.uint8), id="flat"),
        pytest.param(np.zeros((1, 28, 28), np.int64), id="wide integers"),
        pytest.param(np.zeros((1, 28, 28), np.uint16), id="wider than bytes"),
        pytest.param(np.zeros((1, 28, 28), bool), id="bools"),
        pytest.param(np.zeros((1, 28, 28), complex), id="complex numbers"),
        pytest.param(np.full((1, 28, 28), "7"), id="texts"),
        pytest.param(None, id="None"),
    ],
)
def test_classify_refuses_invalid_batches(recognizer: Recognizer, batch: Any) -> None:
    """Another shape or dtype is a one-line PictureError, never a wrong answer."""
    with pytest.raises(PictureError, match=r"\A.+\Z"):
        recognizer.classify(batch)


def test_a_pickled_recognizer_answers_the_same(
    recognizer: Recognizer, model_folder: Path, seven: Drawing
) -> None:
    """An unpickled recognizer has the same model, whether shipped or from a folder."""
    for original in (recognizer, Recognizer(model_folder, threads=1)):
        copy = pickle.loads(pickle.dumps(original))  # noqa: S301 - our own bytes
        assert copy.model_hash == original.model_hash
        assert_same(copy.predict(seven), original.predict(seven))


def test_threads_can_share_a_recognizer(recognizer: Recognizer, sources: list[Source]) -> None:
    """Threads that predict at the same time get the same answers as each would alone."""
    expected = [recognizer.predict(source) for source in sources] * 10
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(recognizer.predict, sources * 10))
    for answer, alone in zip(answers, expected, strict=True):
        assert_same(answer, alone)


@pytest.mark.parametrize(
    ("code", "absent"),
    [
        ("import digitnet", {"numpy", "onnxruntime", "torch"}),
        ("from digitnet import *; Recognizer().predict(Drawing(()))", {"torch"}),
    ],
)
def test_nothing_is_imported_before_it_is_needed(code: str, absent: set[str]) -> None:
    """Importing digitnet loads neither NumPy nor a runtime; predicting does not load PyTorch."""
    check = f"{code}; import sys; print(*({absent!r} & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True)
    assert (result.stdout.strip(), result.stderr, result.returncode) == ("", "", 0)
