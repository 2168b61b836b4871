"""InkML's XML to elements that know their line.

Expat is used directly, and not through ElementTree, whose elements do not know where they stand,
so that what is wrong can be told with its line. Of what an XML document may do to its reader,
nothing is left: entities that are declared are refused before any of them grows (InkML has no use
for them), nothing outside the document is ever fetched, and depth is limited.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from digitnet.errors import RecordingError

INKML = "http://www.w3.org/2003/InkML"
"""The namespace of InkML."""

_XML = "http://www.w3.org/XML/1998/namespace"
_DEEPEST = 100  # elements within each other; ink needs about ten


@dataclass
class Element:
    """One element.

    Attributes:
        name: without its namespace where that is InkML's or none; else ``namespace}name``.
        attributes: by their names, likewise.
        line: on which it begins, from 1.
        children: the elements within it, in their order.
        text: all text within it that is not within its children.
    """

    name: str
    attributes: dict[str, str]
    line: int
    children: list[Element] = field(default_factory=list)
    text: str = ""

    def all(self, *names: str) -> Iterator[Element]:
        """List the children of these names."""
        return (child for child in self.children if child.name in names)

    def first(self, name: str) -> Element | None:
        """Give the first child of this name."""
        return next(self.all(name), None)

    def within(self) -> Iterator[Element]:
        """List this element and all within it, in the document's order."""
        yield self
        for child in self.children:
            yield from child.within()


def parse_xml(content: bytes, name: str) -> Element:
    """Read an XML document.

    Args:
        content: all of it.
        name: of the file, for messages.

    Returns:
        its root element.

    Raises:
        RecordingError: it is no XML, declares entities, or is nested too deeply; names the line.
    """
    builder = _Builder(name)
    try:
        builder.parser.Parse(content, True)  # noqa: FBT003 - takes no keywords
    except expat.ExpatError as error:
        reason = expat.ErrorString(error.code)
        raise RecordingError(f"{name}:{error.lineno}: is no XML ({reason}); mend it") from None
    except (LookupError, ValueError) as error:  # an encoding that Python or expat does not have
        raise RecordingError(f"{name}:1: cannot be read: {error}; save it as UTF-8") from None
    return builder.root.children[0]


class _Builder:
    def __init__(self, name: str) -> None:
        self.parser = expat.ParserCreate(namespace_separator="}")
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.EntityDeclHandler = self._refuse_entity
        self.root = Element("", {}, 0)
        self._open = [self.root]
        self._texts: list[list[str]] = [[]]
        self._name = name

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        line = self.parser.CurrentLineNumber
        if len(self._open) > _DEEPEST:
            raise RecordingError(f"{self._name}:{line}: is nested too deeply to be ink")
        plain = {_plain(key): value for key, value in attributes.items()}
        element = Element(_plain(name), plain, line)
        self._open[-1].children.append(element)
        self._open.append(element)
        self._texts.append([])

    def _end(self, _name: str) -> None:
        self._open.pop().text = "".join(self._texts.pop())

    def _text(self, text: str) -> None:
        self._texts[-1].append(text)

    def _refuse_entity(self, *_declaration: object) -> None:
        line = self.parser.CurrentLineNumber
        raise RecordingError(
            f"{self._name}:{line}: declares an entity, which ink has no use for; take it out"
        )


def _plain(name: str) -> str:
    namespace, _, local = name.rpartition("}")
    return local if namespace in ("", INKML, _XML) else name
