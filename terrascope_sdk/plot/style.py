"""How plots look: sizes of print columns, one typeface, few lines; set for one figure at a time, never for the user."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Literal

import matplotlib
from matplotlib.font_manager import FontProperties, findfont, get_font
from matplotlib.ft2font import FT2Font

from terrascope_sdk.errors import InputError
from terrascope_sdk.render.html import printable
from terrascope_sdk.render.palette import HATCH, UNOBSERVED, hex_of

__all__ = [
    "GREY",
    "HATCHING",
    "INK",
    "SMALL_PT",
    "UNSEEN",
    "UNSEEN_LINE",
    "Width",
    "plain",
    "styled",
    "typeface",
    "width_in",
]

Width = Literal["one", "two"] | float
"""``one`` or ``two`` columns of a journal page, or millimetres."""

INK = "#1a1a1a"
"""Text, axes and outlines."""

GREY = "#595959"
"""Secondary text; 7 to 1 against white."""

UNSEEN, UNSEEN_LINE = hex_of(UNOBSERVED), hex_of(HATCH)
"""Ground and lines of what nobody saw."""

HATCHING = "//////"
"""Pattern of what nobody saw; no class is ever drawn with it."""

SMALL_PT = 6.5
"""Smallest type, points."""

_COLUMNS_MM = {"one": 89.0, "two": 183.0}
_NARROWEST_MM, _WIDEST_MM = 80.0, 400.0
_FONT = "DejaVu Sans"  # comes with matplotlib, so that a figure is the same everywhere

_STYLE = {
    "font.family": [_FONT],
    "font.size": 7.5,
    "axes.titlesize": 7.5,
    "axes.labelsize": 7.5,
    "xtick.labelsize": 7,
    "ytick.labelsize": 7,
    "legend.fontsize": SMALL_PT,
    "text.color": INK,
    "text.parse_math": False,  # a dollar sign in a label is a dollar sign
    "text.usetex": False,
    "text.hinting": "none",
    "axes.labelcolor": INK,
    "axes.edgecolor": INK,
    "axes.facecolor": "white",
    "axes.titlecolor": INK,
    "axes.titlelocation": "left",
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": False,
    "axes.unicode_minus": True,
    "axes.formatter.use_mathtext": False,
    "axes.formatter.useoffset": False,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 2.5,
    "ytick.major.size": 2.5,
    "xtick.direction": "out",
    "ytick.direction": "out",
    "timezone": "UTC",
    "legend.frameon": False,
    "legend.handlelength": 1.6,
    "lines.linewidth": 0.9,
    "lines.markersize": 4,
    "patch.linewidth": 0.5,
    "hatch.linewidth": 0.5,
    "hatch.color": UNSEEN_LINE,
    "figure.facecolor": "white",
    "figure.edgecolor": "white",
    "savefig.facecolor": "auto",
    "savefig.edgecolor": "auto",
    "savefig.bbox": None,  # the width that was asked for
    "savefig.transparent": False,
    "image.interpolation": "nearest",
    "image.composite_image": False,
    "pdf.fonttype": 42,  # outlines that journals accept and text that can be searched
    "pdf.compression": 6,
    "svg.fonttype": "path",
    "svg.hashsalt": "terrascope",
    "path.simplify": True,
}
"""Every setting that changes what is drawn here, on top of the defaults of matplotlib."""

_LEFT_ALONE = ("backend", "backend_fallback", "date.epoch", "interactive")
"""Settings of the session, not of a picture."""


@contextmanager
def styled() -> Iterator[None]:
    """Draw in the house's style inside, whatever the user has set; nothing is changed outside."""
    kept = {k: v for k, v in matplotlib.rcParamsDefault.items() if k not in _LEFT_ALONE}
    settings: dict[Any, Any] = kept | _STYLE  # as many kinds of values as there are settings
    with matplotlib.rc_context(settings):
        yield


def width_in(width: Width) -> float:
    """Return a width in inches.

    Args:
        width: ``one`` (89 mm) or ``two`` (183 mm) columns, or a number of millimetres between 80 and 400.

    Raises:
        InputError: It is none of these.
    """
    mm = _COLUMNS_MM.get(width) if isinstance(width, str) else width
    if isinstance(mm, bool) or not isinstance(mm, int | float) or not _NARROWEST_MM <= mm <= _WIDEST_MM:
        raise InputError(
            f"A figure is 'one' or 'two' columns wide, or {_NARROWEST_MM:g} to {_WIDEST_MM:g} mm, not {width!r}.",
            hint="Give for example width='two' or width=120.",
        )
    return float(mm) / 25.4


def typeface() -> FT2Font:
    """Return the typeface, for measuring."""
    return get_font(findfont(FontProperties(family=_FONT)))


@lru_cache(maxsize=1)
def _drawable() -> frozenset[int]:
    return frozenset(typeface().get_charmap())


def plain(text: str) -> str:
    """Return text as the typeface can draw it: signs that it lacks, and control characters, become ``\ufffd``."""
    known = _drawable()
    return "".join(c if ord(c) in known or c == "\n" else "\ufffd" for c in printable(text).expandtabs(4))
