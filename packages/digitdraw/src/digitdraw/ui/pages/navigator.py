"""Opens the page that covers the board, if any: the help, the gallery, or an image."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from digitdraw.model.reader import Reader
from digitdraw.storage.library import Library
from digitdraw.storage.saver import Say
from digitdraw.storage.store import Store
from digitdraw.ui.pages.gallery import GalleryPage
from digitdraw.ui.pages.help import HelpPage
from digitdraw.ui.pages.page import Page
from digitnet import DigitnetError, Drawing


class Navigator:
    """Opens one page at a time, and passes it keys, clicks and the wheel.

    Args:
        store: saves the drawings that the gallery shows.
        reader: reads images.
        say: shows a line in the window.

    Attributes:
        current: the open page, or None.
    """

    def __init__(self, store: Store, reader: Reader, say: Say) -> None:
        self._store = store
        self._reader = reader
        self._say = say
        self.current: Page | None = None

    def show_help(self) -> None:
        """Open the help."""
        self.current = HelpPage()

    def show_gallery(self) -> None:
        """Open the gallery, or say why that failed."""
        self._attempt(lambda: GalleryPage(Library(self._store.folder), self._say))

    def show_picture(self, path: Path) -> None:
        """Read an image file and show it, or say why that failed."""
        # Imported here: the first frame does not need what reads images.
        from digitdraw.ui.pages.picture import PicturePage

        self._attempt(lambda: PicturePage(path, self._reader))

    def press(self, action: str) -> Drawing | None:
        """Pass a key to the open page, as the name of its action.

        Returns:
            a drawing that the user wants on the board, or None.
        """
        if not self.current:
            return None
        self.current.press(action)
        return self._opened()

    def click(self, x: float, y: float) -> Drawing | None:
        """Pass it a click in window pixels; returns what `press` does."""
        if not self.current:
            return None
        self.current.click(x, y)
        return self._opened()

    def scroll(self, steps: int) -> None:
        """Pass it the wheel."""
        if self.current:
            self.current.scroll(steps)

    def close(self) -> None:
        """Return to the board."""
        self.current = None

    def _opened(self) -> Drawing | None:
        page = self.current
        if not page or page.is_open:
            return None
        self.close()
        return page.opened

    def _attempt(self, make: Callable[[], Page]) -> None:
        try:
            self.current = make()
        except DigitnetError as error:
            self._say(str(error), is_warning=True)
