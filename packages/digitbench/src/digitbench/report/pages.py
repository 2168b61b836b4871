"""The templates of the pages for people, and what all pages share."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from typing import TYPE_CHECKING, Any

from digitbench.run.suite import CRASHED, Result
from digitbench.text import last_line, printable

if TYPE_CHECKING:
    from jinja2 import Environment

_SCRIPTS = ("copy.js", "player.js", "filter.js")


def render_page(template: str, **values: Any) -> str:
    """Return a page as one HTML document that needs no other files and no network.

    Args:
        template: the name of its template.
        values: that the template names.
    """
    from markupsafe import Markup

    environment = _environment()
    script = "".join(environment.get_template(name).render() for name in _SCRIPTS)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    return environment.get_template(template).render(
        script=Markup(script),  # noqa: S704 - our own
        script_hash=digest,
        **values,
    )


@cache
def _environment() -> Environment:
    # Imported here because it takes a while to load, and most runs need no page.
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("digitbench", "report/templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        # Texts from recordings may hold what cannot be encoded or seen, or reverses a line.
        finalize=lambda value: printable(value, keep="\n") if type(value) is str else value,
    )
    environment.filters |= {"count": "{:,}".format, "percent": _percent, "read_as": _read_as}
    environment.globals |= {"seconds": _seconds}
    return environment


def _percent(share: float, digits: int = 2) -> str:
    return f"{share:.{digits}%}"


def _read_as(result: Result) -> str:
    """Describe the outcome of a recording that failed."""
    if result.outcome == CRASHED:
        return f"crashed: {last_line(result.replayed.error)}"
    if result.answer:
        return f"read as {result.answer}"
    likely = "".join(str(digit.label) for digit in result.digits)
    return f"not accepted, perhaps {likely}" if likely else "nothing found"


def _seconds(milliseconds: int) -> str:
    return f"{milliseconds / 1000:.2f} s"
