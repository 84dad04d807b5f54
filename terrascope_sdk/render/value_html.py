"""Cards: how single values show themselves in a notebook, with plain text for places that strip styles."""

import numpy as np
from jaxtyping import Bool, UInt8

from terrascope_sdk.render.figure import GroundScale, Sheet, figure, legend, mask_layer
from terrascope_sdk.render.html import Html, joined, tag
from terrascope_sdk.render.palette import Colour, colour_of
from terrascope_sdk.render.style import STYLE

__all__ = ["facts_table", "framed", "mask_card", "mask_legend", "picture_card", "titled"]

_CARD_PX = 640


def framed(content: str, *, text: str, rules: str = "", card: bool = True) -> Html:
    """Return content with the style sheet; where styles are stripped the plain text shows instead.

    Args:
        content: Markup.
        text: Plain text of the same.
        rules: Further style rules, for example :attr:`Sheet.rules`.
        card: Whether it is a small card rather than a page-wide view.
    """
    body = tag("div.ts.ts-card" if card else "div.ts", content, attributes={"style": "display:none"})
    return tag("div", tag("style", Html(STYLE + rules)), tag("pre.ts-text", text), body)


def titled(title: str) -> Html:
    """Return a section's title: a heading for screen readers, none for the notebook's table of contents."""
    return tag("div.ts-title", title, attributes={"role": "heading", "aria-level": "3"})


def mask_legend(codes: UInt8[np.ndarray, "y x"], label: str, colour: Colour) -> Html:
    """Return the legend of a mask: its class, and unobserved pixels where there are any."""
    unseen: list[tuple[str, Colour | None]] = [("not observed", None)] if (codes == 255).any() else []
    return legend([(label, colour), *unseen])


def mask_card(
    codes: UInt8[np.ndarray, "y x"], *, title: str, text: str, caption: str = "", scale: GroundScale | None = None
) -> str:
    """Return a mask by itself, with its pixels counted.

    Args:
        codes: 0 no, 1 yes, 255 unobserved.
        title: What the mask shows; chooses its colour.
        text: Plain text for places that strip styles.
        caption: Date and sensor.
        scale: How it lies on the ground, where that is known.
    """
    inside, unseen = int((codes == 1).sum()), int((codes == 255).sum())
    seen = codes.size - unseen
    share = f" ({inside / seen:.1%} of what was observed)" if seen else ""
    counted = f"{inside:,} of {codes.size:,} pixels{share}; {unseen:,} not observed"
    colour = colour_of(title)
    layer = mask_layer(
        codes, colour, aspect=scale.aspect if scale else 1.0, description=f"{title}: {counted}", limit_px=_CARD_PX
    )
    shown = figure(
        [layer], shape=codes.shape, scale=scale, caption=counted, below=mask_legend(codes, title, colour), plain=True
    )
    head = tag("div.ts-name", title, tag("span.ts-mute", f" {caption}") if caption else Html(""))
    return framed(joined([head, shown]), text=text)


def picture_card(
    rgb: UInt8[np.ndarray, "y x 3"],
    valid: Bool[np.ndarray, "y x"],
    *,
    title: str,
    credit: str,
    text: str,
    caption: str = "",
    scale: GroundScale | None = None,
) -> str:
    """Return a picture with its title and credit line; pixels that were not seen are hatched.

    Args:
        rgb: Red, green, blue.
        valid: Where the ground was seen.
        title: What is shown, with its date.
        credit: Whom to credit.
        text: Plain text for places that strip styles.
        caption: How values became grey levels.
        scale: How it lies on the ground, where that is known.
    """
    sheet = Sheet(_CARD_PX)
    layer = sheet.picture_layer(rgb, valid, description=title)
    missing = Html("") if valid.all() else legend([(f"not observed ({1 - valid.mean():.1%})", None)])
    shown = figure([layer], shape=valid.shape, scale=scale, caption=caption, below=missing)
    head = tag("div.ts-name", title)
    foot = tag("div.ts-small", credit) if credit else Html("")
    return framed(joined([head, shown, foot]), text=text, rules=sheet.rules)


def facts_table(title: str, facts: dict[str, str]) -> str:
    """Return names and values in two columns; empty values are left out."""
    known = {name: value for name, value in facts.items() if value}
    rows = [tag("tr", tag("th", name, attributes={"scope": "row"}), tag("td", value)) for name, value in known.items()]
    table = tag("table.ts-t.ts-facts", tag("tbody", *rows))
    text = "\n".join([title, *(f"  {name}: {value}" for name, value in known.items())])
    return framed(joined([tag("div.ts-name", title), table]), text=text)
