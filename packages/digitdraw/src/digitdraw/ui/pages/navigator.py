"""Opens the page that covers the board, if any: the help, the gallery, or an image."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from digitdraw.model.reader import Reader
from digitdraw.storage.saver import Say
from digitdraw.storage.store import Store
from digitdraw.ui.pages.page import Page, PageContext
from digitnet import DigitnetError, Drawing


class Navigator:
    """Opens one page at a time, and passes it keys, clicks and the wheel.

    Args:
        store: saves drawings.
        reader: reads drawings and images.
        say: shows a line in the window.

    Attributes:
        current: the open page, or None.
    """

    def __init__(self, store: Store, reader: Reader, say: Say) -> None:
        self._context = PageContext(store, reader, say)
        self.current: Page | None = None

    def open(self, name: str) -> None:
        """Open the page of the module `digitdraw.ui.pages.NAME`, or say why that failed."""
        # Imported when it is opened: the first frame shows no page.
        module = import_module(f"digitdraw.ui.pages.{name}")
        self._attempt(lambda: module.open_page(self._context))

    def show_picture(self, path: Path) -> None:
        """Read an image file and show it, or say why that failed."""
        # Imported here for the same reason.
        from digitdraw.ui.pages.picture import PicturePage

        self._attempt(lambda: PicturePage(path, self._context.reader))

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
            self._context.say(str(error), is_warning=True)
