"""HTML that cannot be broken from outside: every string is escaped unless our own code made it as markup.

Labels, questions and model texts come from strangers. :func:`tag` escapes each child and each attribute that is not an
:class:`Html`, so forgetting to escape is not possible; only this package's own constants are marked as safe by hand.
"""

import html as _html
import re
from collections.abc import Iterable, Mapping

__all__ = ["Html", "escape", "joined", "printable", "tag"]

_VOID = {"img", "br", "meta"}
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class Html(str):
    """Markup that is safe to show as it is."""

    __slots__ = ()


def printable(text: str) -> str:
    """Return the text with control characters made visible as ``\ufffd``: no terminal escapes, no direction overrides.

    Line feeds and tabs stay; carriage returns become line feeds.
    """
    return _CONTROL.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def escape(text: str) -> Html:
    """Return text as markup that shows it, quotes included; what is markup already stays."""
    return text if isinstance(text, Html) else Html(_html.escape(printable(str(text)), quote=True))


def joined(parts: Iterable[str], separator: str = "") -> Html:
    """Return the parts one after the other, each escaped unless it is markup."""
    return Html(escape(separator).join(escape(p) for p in parts))


def tag(name: str, *children: str, attributes: Mapping[str, str] | None = None) -> Html:
    """Return one element.

    Args:
        name: Element with its classes, for example ``td.ts-number``. From our own code only.
        children: Content in order; plain strings are escaped.
        attributes: Names (from our own code only) and values (escaped).

    >>> tag("b.ts-name", "a < b", attributes={"title": 'say "hi"'})
    '<b class="ts-name" title="say &quot;hi&quot;">a &lt; b</b>'
    """
    element, *classes = name.split(".")
    pairs = ({"class": " ".join(classes)} if classes else {}) | dict(attributes or {})
    inside = "".join(f' {key}="{escape(value)}"' for key, value in pairs.items())
    if element in _VOID:
        return Html(f"<{element}{inside}>")
    return Html(f"<{element}{inside}>{joined(children)}</{element}>")
