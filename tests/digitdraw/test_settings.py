"""Settings that are kept between sessions, and the options of the command line."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click
import pygame
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from platformdirs import user_config_path, user_documents_path

from digitdraw import cli
from digitdraw.app import App
from digitdraw.model.board import THICKEST, THINNEST
from digitdraw.storage.settings import (
    LARGEST,
    SMALLEST,
    Settings,
    default_settings,
    load_settings,
    save_settings,
)
from digitdraw.ui.theme import THEMES
from digitnet import read_drawings

SIZES = st.tuples(*(st.integers(low, high) for low, high in zip(SMALLEST, LARGEST, strict=True)))
SETTINGS = st.builds(
    Settings,
    size=SIZES,
    theme=st.sampled_from(list(THEMES)),
    pen=st.floats(THINNEST, THICKEST),
    live=st.booleans(),
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)


def refusal(*arguments: str) -> str:
    """Run the command with wrong arguments; return its error message, one line."""
    with pytest.raises(click.UsageError) as raised:
        cli.cli.main(list(arguments), standalone_mode=False)
    message = raised.value.format_message()
    assert "\n" not in message
    return message


def use(monkeypatch: pytest.MonkeyPatch, *arguments: str, keys: tuple[int, ...] = ()) -> App:
    """Run the command in this process, press keys, close the window; return the app."""
    apps: list[App] = []

    def press_and_close(app: App, **options: Any) -> None:
        apps.append(app)
        for key in keys:
            pygame.event.post(pygame.event.Event(pygame.KEYDOWN, key=key, mod=0, unicode=""))
        pygame.event.post(pygame.event.Event(pygame.QUIT))
        loop(app, **options)

    loop = cli.run
    with monkeypatch.context() as patch:
        patch.setattr(cli, "run", press_and_close)
        cli.cli.main(list(arguments), standalone_mode=False)
    return apps[0]


def test_tests_do_not_touch_the_users_files(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Configuration and documents are in a temporary folder."""
    if sys.platform == "win32":
        pytest.skip("environment variables do not set these folders on Windows")
    for path in (user_config_path("digitdraw"), user_documents_path()):
        assert path.is_relative_to(tmp_path_factory.getbasetemp())


@given(settings=SETTINGS)
def test_settings_are_read_back_unchanged(tmp_path: Path, settings: Settings) -> None:
    """Any that a user can choose; missing folders are created."""
    path = tmp_path / "a" / "b" / "settings.json"
    save_settings(path, settings)
    assert load_settings(path, Settings()) == (settings, "")
    assert [file.name for file in path.parent.iterdir()] == ["settings.json"]


def test_the_first_start_has_the_default_settings(tmp_path: Path) -> None:
    """And nothing to report."""
    assert load_settings(tmp_path / "none" / "settings.json", Settings()) == (Settings(), "")


@given(content=st.binary(max_size=60))
@example(b"")
@example(b"[" * 100_000)
@example(b"9" * 5000)
def test_a_damaged_file_gives_the_default_settings(tmp_path: Path, content: bytes) -> None:
    """And a line that names the file."""
    path = tmp_path / "settings.json"
    path.write_bytes(content)
    assert load_settings(path, Settings()) == (
        Settings(),
        f"{path}: not a valid settings file; using the default settings",
    )


@given(value=JSON | st.fixed_dictionaries({"size": JSON}))
@example(value={"size": [320, 240]})
def test_other_json_gives_the_default_settings(tmp_path: Path, value: Any) -> None:
    """Any that another program may have written."""
    path = tmp_path / "settings.json"
    path.write_text(json.dumps(value))
    settings, notice = load_settings(path, Settings())
    assert settings == Settings()
    assert notice


DEFAULTS: dict[str, Any] = {"size": [960, 640], "theme": "light", "pen": 0.05, "live": True}


@given(key=st.sampled_from(list(DEFAULTS)), value=JSON)
@example("live", 1)
@example("live", 0.0)
@example("pen", float("nan"))
@example("pen", 1)
@example("pen", 10**400)
@example("size", [True, 640])
@example("size", [10**400, 640])
@example("size", [960.0, 640])
def test_an_invalid_value_gives_the_default_settings(tmp_path: Path, key: str, value: Any) -> None:
    """Values that are accepted have the right types and are within bounds."""
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({**DEFAULTS, key: value}))
    settings, notice = load_settings(path, Settings())
    if notice:
        assert settings == Settings()
    assert [type(side) for side in settings.size] == [int, int]
    assert all(SMALLEST[i] <= side <= LARGEST[i] for i, side in enumerate(settings.size))
    assert settings.theme in THEMES
    assert THINNEST <= settings.pen <= THICKEST
    assert type(settings.live) is bool


@given(size=st.tuples(st.integers(1, 20_000), st.integers(1, 20_000)))
def test_any_window_size_can_be_saved(size: tuple[int, int]) -> None:
    """Sizes out of bounds are clamped."""
    width, height = Settings().with_size(size).size
    assert width == min(max(size[0], SMALLEST[0]), LARGEST[0])
    assert height == min(max(size[1], SMALLEST[1]), LARGEST[1])


def test_an_unreadable_file_is_reported(tmp_path: Path) -> None:
    """A folder in its place is not a crash."""
    settings, notice = load_settings(tmp_path, Settings())
    assert settings == Settings()
    assert notice.startswith(f"{tmp_path}: cannot be read (")


def test_choices_are_kept_for_the_next_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Theme, pen and live reading."""
    folder = ("--save-dir", str(tmp_path))
    first = use(monkeypatch, *folder, keys=(pygame.K_t, pygame.K_l, pygame.K_RIGHTBRACKET)).settings
    assert first == Settings(theme="dark", live=False, pen=0.0575)
    assert use(monkeypatch, *folder).settings == first
    assert use(monkeypatch, *folder, keys=(pygame.K_t,)).settings.theme == "light"


def test_size_and_theme_of_the_command_line_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They override the saved settings."""
    folder = ("--save-dir", str(tmp_path))
    app = use(monkeypatch, *folder, "--size", "1000X700", "--theme", "dark")
    assert (app.settings.size, app.settings.theme) == ((1000, 700), "dark")
    app = use(monkeypatch, *folder)
    assert (app.settings.size, app.settings.theme) == ((1000, 700), "dark")
    assert app.board_area.bottom > 600


def test_a_damaged_file_is_reported_and_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The window reports it, and it is overwritten at the end."""
    path = user_config_path("digitdraw") / "settings.json"
    path.parent.mkdir(parents=True)
    path.write_text("{")
    lines: list[str] = []
    with monkeypatch.context() as patch:
        patch.setattr("digitdraw.ui.text.Writer.write", lambda *it, **_: lines.append(it[2]))
        use(monkeypatch, "--save-dir", str(tmp_path), "--theme", "dark")
    assert f"{path}: not a valid settings file; using the default settings" in lines
    assert load_settings(path, Settings()) == (Settings(theme="dark"), "")


def test_settings_that_cannot_be_written_do_not_crash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the settings are lost."""
    user_config_path("digitdraw").parent.mkdir(parents=True, exist_ok=True)
    user_config_path("digitdraw").write_text("a file where the folder should be")
    record = tmp_path / "session.ndjson"
    use(monkeypatch, "--save-dir", str(tmp_path), "--record", str(record))
    assert next(read_drawings(record)).events[0][1:] == ("resize", 960, 640)


@pytest.mark.parametrize("size", ["", "960", "960x", "x640", "960x640x1", "96x64", "9999x9999"])
def test_an_invalid_size_is_explained(size: str) -> None:
    """With the bounds and an example."""
    message = refusal("--size", size)
    assert "320x240 to 7680x4320" in message
    assert "960x640" in message


def test_an_unknown_theme_is_explained() -> None:
    """With the names of the themes."""
    message = refusal("--theme", "pink")
    assert "light" in message
    assert "dark" in message


def test_the_size_of_a_full_screen_is_not_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The size of the window is, and full screen applies to one session."""
    app = use(monkeypatch, "--save-dir", str(tmp_path), "--fullscreen")
    assert app.is_fullscreen
    assert load_settings(user_config_path("digitdraw") / "settings.json", Settings())[0].size == (
        960,
        640,
    )
    assert not use(monkeypatch, "--save-dir", str(tmp_path)).is_fullscreen


def test_a_recording_is_written_at_the_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the whole session."""
    record = tmp_path / "session.ndjson"
    keys = (pygame.K_RIGHTBRACKET, pygame.K_r)
    use(monkeypatch, "--save-dir", str(tmp_path / "saved"), "--record", str(record), keys=keys)
    (drawing,) = read_drawings(record)
    assert [event[1:] for event in drawing.events] == [("resize", 960, 640), ("pen", 0.0575)]


@pytest.mark.parametrize("kind", ["file", "folder", "no folder"])
def test_a_recording_that_cannot_be_written_is_reported_at_the_start(
    tmp_path: Path, kind: str
) -> None:
    """No existing file is overwritten, and no session is lost because of a missing folder."""
    record = tmp_path / "session.ndjson"
    if kind == "file":
        record.write_text("older")
    elif kind == "folder":
        record.mkdir()
    else:
        record = record / "session.ndjson"
    message = refusal("--record", str(record))
    assert "session.ndjson" in message
    assert kind != "file" or record.read_text() == "older"


@pytest.mark.parametrize(
    ("screen", "size"),
    [
        ((1024, 768), (960, 640)),
        ((1920, 1080), (960, 640)),
        ((2560, 1440), (1280, 853)),
        ((3840, 2160), (1920, 1280)),
        ((30_000, 20_000), LARGEST),
    ],
    ids=str,
)
def test_the_first_window_scales_with_the_screen(
    screen: tuple[int, int], size: tuple[int, int]
) -> None:
    """With a higher resolution, the window has more pixels and looks equally large."""
    assert default_settings(screen).size == size
