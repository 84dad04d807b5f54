"""A whole page in one file: nothing is loaded, and the page itself forbids that anything be."""

from terrascope_sdk.render.html import Html, escape, tag
from terrascope_sdk.render.style import STYLE

__all__ = ["page"]

_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_AROUND = Html(
    "html{background:#eceff2}@media (prefers-color-scheme:dark){html{background:#0c0e10}}"
    "@media print{html{background:#fff}}body{margin:24px auto;padding:0 16px;max-width:1012px}"
)


def page(title: str, content: str, *, rules: str = "", generator: str = "") -> str:
    """Return a complete HTML document.

    Args:
        title: Plain text for the browser's tab.
        content: Markup.
        rules: Further style rules, for example :attr:`Sheet.rules`.
        generator: Name and version of what made the page.
    """
    head = tag(
        "head",
        tag("meta", attributes={"charset": "utf-8"}),
        tag("meta", attributes={"http-equiv": "Content-Security-Policy", "content": _POLICY}),
        tag("meta", attributes={"name": "viewport", "content": "width=device-width,initial-scale=1"}),
        tag("meta", attributes={"name": "generator", "content": generator}) if generator else Html(""),
        tag("title", title),
        tag("style", Html(STYLE + _AROUND + rules)),
    )
    body = tag("body", tag("main", tag("div.ts", escape(content))))
    return f"<!doctype html>\n{tag('html', head, body, attributes={'lang': 'en'})}\n"
