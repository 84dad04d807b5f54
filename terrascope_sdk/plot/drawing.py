"""A finished figure: a matplotlib Figure that knows what it shows and where its numbers came from."""

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO

from matplotlib.backend_bases import RendererBase
from matplotlib.figure import Figure

from terrascope_sdk.errors import InputError
from terrascope_sdk.plot.style import Width, styled, width_in
from terrascope_sdk.render.html import tag
from terrascope_sdk.render.png import data_uri
from terrascope_sdk.types import Answer, Mask, Measurement

__all__ = ["Drawing", "Sources", "describe"]

_SCREEN_DPI = 200
_CSS_PX_PER_INCH = 120
_MOST_BYTES = 1_000_000
_PAD_IN, _CLOSE_IN, _MOST_FITS = 0.04167, 0.01, 8  # the padding of constrained layout


@dataclass(frozen=True)
class Sources:
    """What a figure was drawn from."""

    answer: Answer | None = None
    """The answer, where one was given."""

    masks: tuple[Mask, ...] = ()
    """The masks that are drawn."""

    measurements: tuple[Measurement, ...] = ()
    """The numbers that are drawn."""

    credit: str = ""
    """Credit line of the imagery."""

    @classmethod
    def of(
        cls,
        answer: Answer | None,
        *,
        masks: Iterable[Mask] = (),
        measurements: Iterable[Measurement] = (),
        credit: str = "",
    ) -> "Sources":
        """Return the sources of a figure; the credit is the answer's where none is given."""
        credit = credit or (answer.provenance.attribution if answer is not None else "")
        return cls(answer, tuple(masks), tuple(measurements), credit)


class Drawing(Figure):
    """A figure that is always drawn in the house's style, is told by no window system, and shows itself in notebooks.

    It is not known to ``matplotlib.pyplot``: it is shown once, where it stands, and is freed like any other value.
    """

    def __init__(self, width: Width, height_mm: float, *, title: str, sources: Sources) -> None:
        super().__init__(figsize=(width_in(width), height_mm / 25.4), dpi=_SCREEN_DPI, layout="constrained")
        self.set_label(title)
        self.title = title
        self.sources = sources
        self.description = title
        self.foot_in = 0.0

    def settle(self, *, fit: bool = False) -> None:
        """Lay everything out above the foot.

        Args:
            fit: Make the figure as high as what is on it, for maps of fixed proportions; else its axes keep the height
                that was asked for, and the foot is added to it.
        """
        width, above = (float(v) for v in self.get_size_inches())
        self._lay_out(width, above)
        for _ in range(_MOST_FITS if fit else 0):
            boxes = [box for axes in self.axes if (box := axes.get_tightbbox()) is not None]
            top, bottom = max(b.y1 for b in boxes), min(b.y0 for b in boxes)
            needed = (top - bottom) / self.dpi + 2 * _PAD_IN
            if abs(needed - above) < _CLOSE_IN and top <= self.bbox.y1:
                return
            above = needed
            self._lay_out(width, above)

    def _lay_out(self, width: float, above: float) -> None:
        whole = above + self.foot_in
        self.set_size_inches(width, whole)
        engine = self.get_layout_engine()
        if engine is not None:
            engine.set(rect=(0, self.foot_in / whole, 1, above / whole))  # type: ignore[call-arg]
        self.draw_without_rendering()

    def draw(self, renderer: RendererBase) -> None:
        """Draw everything in the house's style, whatever the session's settings are."""
        with styled():
            super().draw(renderer)

    def png(self, dpi: float = _SCREEN_DPI) -> bytes:
        """Return the figure as a PNG for the screen; :func:`~terrascope_sdk.plot.save` writes the one to publish."""
        buffer = BytesIO()
        with styled():
            self.savefig(buffer, format="png", dpi=dpi, metadata={"Software": None})
        return buffer.getvalue()

    def __repr__(self) -> str:
        width, height = (round(25.4 * float(inches)) for inches in self.get_size_inches())
        return f"Drawing({self.title!r}, {width} x {height} mm)"

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, str | bytes], dict[str, dict[str, str]]]:
        picture = self.png()
        if len(picture) > _MOST_BYTES:  # many images: fewer pixels, so that a notebook stays light
            picture = self.png(max(80.0, _SCREEN_DPI * (0.9 * _MOST_BYTES / len(picture)) ** 0.5))
        wide = round(float(self.get_size_inches()[0]) * _CSS_PX_PER_INCH)
        style = f"width:{wide}px;max-width:100%;height:auto;background:#fff"
        shown = tag("img", attributes={"src": data_uri(picture), "alt": self.description, "style": style})
        plain = f"{self!r}\n{self.description}"
        return {"text/html": shown, "image/png": picture, "text/plain": plain}, {"image/png": {"alt": self.description}}


def describe(figure: Figure) -> str:
    """Return what a plot of this module shows, in words and numbers: its alternative text.

    Args:
        figure: Made by a function of this module.

    Raises:
        InputError: It was made elsewhere, so nobody knows what it shows.

    Examples:
        >>> from terrascope_sdk import measure, plot
        >>> from terrascope_sdk.testing import disc_mask, utm_grid
        >>> lake = measure.area(disc_mask(utm_grid(), radius_m=500.0), prefer="ha")
        >>> plot.describe(plot.area_bars([lake]))
        'Bars of area in ha. water: 78.66 ha (75.86 to 81.51 ha if the edge moved by one pixel), 100 % observed. ...'
    """
    if not isinstance(figure, Drawing):
        raise InputError(
            f"Only figures of terrascope_sdk.plot describe themselves, not a {type(figure).__name__}.",
            hint="Write the alternative text by hand.",
        )
    return figure.description
