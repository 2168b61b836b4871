"""XML to elements that know their line number.

This uses Expat directly because the elements of ElementTree do not know their line number, which
error messages need. It is safe for untrusted documents: it refuses entity declarations, which no
format of ink needs, before any entity expands, fetches nothing from outside the document, and
limits the depth and the number of elements.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from digitnet.errors import RecordingError

INKML = "http://www.w3.org/2003/InkML"
"""The namespace of InkML."""

_XML = "http://www.w3.org/XML/1998/namespace"
_DEEPEST = 100  # nested elements; InkML needs about ten
_MOST = 1_000_000  # elements; as many points fill two drawings


@dataclass(slots=True)
class Element:
    """An element.

    Attributes:
        name: ``name`` if it is in InkML's namespace or none, otherwise ``namespace}name``.
        attributes: values by name, which is written in the same way.
        line: the line on which it starts, counted from 1.
        children: the elements directly within it, in order.
        text: the text directly within it.
    """

    name: str
    attributes: dict[str, str]
    line: int
    children: list[Element] = field(default_factory=list)
    text: str = ""

    def all(self, *names: str) -> Iterator[Element]:
        """Yield the children with any of these names."""
        return (child for child in self.children if child.name in names)

    def first(self, name: str) -> Element | None:
        """Return the first child with this name, or None."""
        return next(self.all(name), None)

    def within(self) -> Iterator[Element]:
        """Yield this element and all elements within it, in document order."""
        yield self
        for child in self.children:
            yield from child.within()


def parse_xml(content: bytes, name: str) -> Element:
    """Parse an XML document.

    Args:
        content: the document.
        name: the file name, for messages.

    Returns:
        the root element.

    Raises:
        RecordingError: it is not XML, declares entities, or is too deep or too large; the message
            names the line.
    """
    builder = _Builder(name)
    try:
        builder.parser.Parse(content, True)  # noqa: FBT003 - accepts no keywords
    except expat.ExpatError as error:
        reason = expat.ErrorString(error.code)
        raise RecordingError(f"{name}:{error.lineno}: is not XML ({reason}); repair it") from None
    except (LookupError, ValueError) as error:  # an encoding that Python or Expat does not know
        raise RecordingError(f"{name}:1: cannot be read: {error}; save it as UTF-8") from None
    return builder.root.children[0]


def root_name(head: bytes) -> str | None:
    """Return the name of a document's root element, from its start; None if it cannot be told."""
    parser = expat.ParserCreate(namespace_separator="}")
    # A document type is named after the root, and nothing within it is read.
    parser.StartDoctypeDeclHandler = parser.StartElementHandler = _stop
    try:
        parser.Parse(head)
    except _FoundError as found:
        return str(found).rpartition("}")[2].rpartition(":")[2]
    except (expat.ExpatError, LookupError, ValueError):
        pass
    return None


def has_root(head: bytes, name: str) -> bool:
    """Whether a document has a root of this name, or one that only parsing all of it may find."""
    root = root_name(head)
    return root == name or (root is None and is_xml(head))


def is_xml(head: bytes) -> bool:
    """Whether a document starts like XML, in an encoding like ASCII."""
    return head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")


class _FoundError(Exception):
    """Ends parsing, with the name of the root element."""


def _stop(name: str, *_others: object) -> None:
    raise _FoundError(name)


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
        self._count = 0

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        line = self.parser.CurrentLineNumber
        if len(self._open) > _DEEPEST:
            raise RecordingError(f"{self._name}:{line}: is nested too deeply to hold ink")
        self._count += 1
        if self._count > _MOST:
            raise RecordingError(f"{self._name}:{line}: has over {_MOST:,} elements; split it")
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
            f"{self._name}:{line}: declares an entity, which ink does not need; remove it"
        )


def _plain(name: str) -> str:
    namespace, _, local = name.rpartition("}")
    return local if namespace in ("", INKML, _XML) else name
