"""The page that covers the board, if any: the help, the gallery, or a picture."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from digitdraw.model.reader import Reader
from digitdraw.storage.library import Gallery
from digitdraw.storage.store import Store
from digitdraw.ui.pages.gallery import GalleryPage
from digitdraw.ui.pages.help import HelpPage
from digitdraw.ui.pages.page import Page, Say
from digitnet import DigitnetError, Drawing


class Pages:
    """Opens pages one at a time, and hands them keys, clicks and the wheel.

    Args:
        store: where the gallery's drawings are.
        reader: reads pictures.
        on_open: takes a drawing from the gallery to the board.
        say: tells a line in the window.

    Attributes:
        current: the page that is open, or None.
    """

    def __init__(
        self, store: Store, reader: Reader, on_open: Callable[[Drawing], None], say: Say
    ) -> None:
        self._store = store
        self._reader = reader
        self._on_open = on_open
        self._say = say
        self.current: Page | None = None

    def show_help(self) -> None:
        """Open the help."""
        self.current = HelpPage()

    def show_gallery(self) -> None:
        """Open the gallery, or tell why that is impossible."""
        self._attempt(lambda: GalleryPage(Gallery(self._store.folder), self._on_open, self._say))

    def show_picture(self, path: Path) -> None:
        """Read a picture's file and open it, or tell why that is impossible."""
        # Here and not above: the first frame need not wait for what reads pictures.
        from digitdraw.ui.pages.picture import PicturePage

        self._attempt(lambda: PicturePage(path, self._reader))

    def press(self, action: str) -> None:
        """Hand the open page a key, by its action's name."""
        if self.current:
            self.current.press(action)
            self._turn()

    def click(self, x: float, y: float) -> None:
        """Hand it a click in window pixels."""
        if self.current:
            self.current.click(x, y)
            self._turn()

    def scroll(self, steps: int) -> None:
        """Hand it the wheel."""
        if self.current:
            self.current.scroll(steps)

    def close(self) -> None:
        """Go back to the board."""
        self.current = None

    def _turn(self) -> None:
        if self.current and not self.current.is_open:
            self.close()

    def _attempt(self, make: Callable[[], Page]) -> None:
        try:
            self.current = make()
        except DigitnetError as error:
            self._say(str(error), is_warning=True)
