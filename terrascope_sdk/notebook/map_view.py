"""A map of what was looked at and found: dates, swipe, opacity, legend, and an area drawn for the next question."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import ipywidgets
import numpy as np
import traitlets
from ipyleaflet import (
    DrawControl,
    GeoJSON,
    ImageOverlay,
    Map,
    ScaleControl,
    SplitMapControl,
    TileLayer,
    WidgetControl,
    basemaps,
)

from terrascope_sdk.errors import InputError
from terrascope_sdk.notebook.map_layers import mask_overlay, picture_overlay
from terrascope_sdk.notebook.mercator import to_mercator
from terrascope_sdk.notebook.twin import Twin, WithTwin, answer_static, hiding_rule
from terrascope_sdk.render.html import Html, tag
from terrascope_sdk.render.palette import colour_of, hex_of
from terrascope_sdk.types import Answer, Aoi, Mask, Picture
from terrascope_sdk.types.answer_text import mask_names

__all__ = ["MapView"]

_AREA_STYLE = {"color": "#ffffff", "weight": 2, "dashArray": "6 4", "fill": False}
_USUAL_WIDTH_PX = 760
"""Width of a map in a notebook, for the first view of it."""

_WORLD_M, _TILE_PX = 40_075_016.7, 256
"""Width of the world in Web Mercator, and of the one tile that shows all of it."""

_SHAPE = {"shapeOptions": {"color": "#c98a00", "weight": 2, "fillOpacity": 0.05}}


class MapView(WithTwin, ipywidgets.VBox):
    """A map over an answer, or over pictures and masks.

    Nothing is fetched: imagery and masks go through the widget's own channel as PNG, warped to the map's projection. A
    base map from the network appears only when one is asked for.
    """

    selected = traitlets.Unicode("")
    """Id of the mask that is lit up; empty for none. Shared with a :class:`ChainView` of the same answer."""

    when = traitlets.Int(0)
    """Which picture is shown, from 0."""

    def __init__(
        self,
        shown: Answer | Sequence[Picture | Mask],
        *,
        aoi: Aoi | None = None,
        online: bool = False,
        height_px: int = 460,
        on_draw: Callable[[Aoi], None] | None = None,
    ) -> None:
        """Make a map.

        Args:
            shown: An answer, or pictures and masks.
            aoi: Area to outline; an answer's own when left out.
            online: Whether to lay OpenStreetMap underneath, which asks its servers for tiles.
            height_px: Height of the map in pixels.
            on_draw: Called with each area that is drawn.

        Raises:
            InputError: There is nothing to show, or it has no CRS.
        """
        self._answer = shown if isinstance(shown, Answer) else None
        values = [*shown.pictures, *shown.masks] if isinstance(shown, Answer) else list(shown)
        self._pictures = sorted((v for v in values if isinstance(v, Picture)), key=lambda p: p.date)
        self._masks = list({v.id: v for v in values if isinstance(v, Mask)}.values())
        if not values:
            raise InputError("There is nothing to put on a map.", hint="Pass an answer, pictures or masks.")
        self._names = mask_names(shown) if isinstance(shown, Answer) else {}
        self.aoi: Aoi | None = None
        """The area that was drawn last, or None."""
        self._on_draw = on_draw
        self.map = self._new_map(height_px, online=online)
        """The ipyleaflet map, for layers of your own."""
        self.pictures = [picture_overlay(p, pane=f"ts-picture-{i}") for i, p in enumerate(self._pictures)]
        self.masks = {m.id: self._mask_layer(m) for m in self._masks}
        for layer in (*self.pictures, *self.masks.values()):
            self.map.add(layer)
        self._outline(aoi)
        self.map.center, self.map.zoom = self._view(height_px)
        self._split: SplitMapControl | None = None
        self.position = ipywidgets.HTML("", layout=ipywidgets.Layout(min_width="190px"))
        self._twin = Twin()
        hiding = ipywidgets.HTML(tag("style", Html(hiding_rule(self._twin.name))), layout={"display": "none"})
        super().__init__([self.map, self._controls(), hiding])
        self.observe(self._show, ["when", "selected"])
        self._show()

    # ------------------------------------------------------------------------------------------------------ layers

    def _new_map(self, height_px: int, *, online: bool) -> Map:
        pane = {"pointerEvents": "none"}
        panes = {f"ts-picture-{i}": {"zIndex": 410 + i} | pane for i in range(len(self._pictures))}
        panes |= {f"ts-mask-{i}": {"zIndex": 470 + i} | pane for i in range(len(self._pictures) + 1)}
        base = [TileLayer(**_tiles())] if online else []
        made = Map(
            layers=base, panes=panes, attribution_control=online, scroll_wheel_zoom=True, zoom_snap=0.25,
            layout=ipywidgets.Layout(height=f"{height_px}px"),
        )  # fmt: skip
        made.add(ScaleControl(position="bottomleft", imperial=False))
        drawing = DrawControl(rectangle=_SHAPE, polygon=_SHAPE, polyline={}, circlemarker={}, edit=False)
        drawing.on_draw(self._drawn)
        made.add(drawing)
        made.on_interaction(self._moved)
        return made

    def _date_of(self, mask: Mask) -> int:
        """Return which picture a mask belongs to; one past the last when to none, so that it always shows."""
        same = (i for i, p in enumerate(self._pictures) if p.date == mask.date and p.sensor == mask.sensor)
        return next(same, len(self._pictures))

    def _mask_layer(self, mask: Mask) -> ImageOverlay:
        return mask_overlay(mask, name=self._title(mask), pane=f"ts-mask-{self._date_of(mask)}")

    def _title(self, mask: Mask) -> str:
        when = "" if mask.date is None else f"{mask.date:%Y-%m-%d}"
        return " ".join(p for p in (self._names.get(mask.id, ""), mask.label, when, mask.sensor) if p)

    def _outline(self, aoi: Aoi | None) -> None:
        stated = self._answer.provenance.aoi if self._answer is not None else None
        area = aoi or (Aoi.from_json(stated) if stated else None)
        if area is not None:
            self.map.add(GeoJSON(data={"type": "Feature", "properties": {}, "geometry": area.__geo_interface__},
                                 style=_AREA_STYLE, name="area"))  # fmt: skip

    def _view(self, height_px: int) -> tuple[tuple[float, float], float]:
        """Return centre and zoom at which everything is seen."""
        corners = [layer.bounds for layer in (*self.pictures, *self.masks.values())]
        south, west = (min(b[0][k] for b in corners) for k in (0, 1))
        north, east = (max(b[1][k] for b in corners) for k in (0, 1))
        (left, right), (bottom, top) = to_mercator(np.array([west, east]), np.array([south, north]))
        metres_px = max((right - left) / _USUAL_WIDTH_PX, (top - bottom) / height_px)
        zoom = math.log2(_WORLD_M / _TILE_PX / max(metres_px, 1e-6))
        return ((south + north) / 2, (west + east) / 2), min(math.floor(4 * zoom) / 4, 18.0)

    # ---------------------------------------------------------------------------------------------------- controls

    def _controls(self) -> ipywidgets.HBox:
        parts: list[ipywidgets.Widget] = []
        if len(self._pictures) > 1:
            dates = [(f"{p.date:%Y-%m-%d} {p.sensor}", i) for i, p in enumerate(self._pictures)]
            self.slider = ipywidgets.SelectionSlider(options=dates, description="Image", layout={"width": "360px"})
            traitlets.link((self, "when"), (self.slider, "value"))
            self.swipe = ipywidgets.ToggleButton(
                False, description="Swipe", tooltip="First image on the left, the chosen one on the right"
            )
            self.swipe.observe(self._swiped, "value")
            parts += [self.slider, self.swipe]
        self.opacity = ipywidgets.FloatSlider(
            1.0, min=0, max=1, step=0.05, description="Masks", readout=False, tooltip="Opacity of the masks"
        )
        self.opacity.observe(self._show, "value")
        self.boxes = {
            m.id: ipywidgets.Checkbox(True, description=self._title(m), indent=False, layout={"width": "auto"})
            for m in self._masks
        }
        for box in self.boxes.values():
            box.observe(self._show, "value")
        legend = ipywidgets.VBox([ipywidgets.HBox([_swatch(m), self.boxes[m.id]]) for m in self._masks])
        if self._masks:
            parts.append(self.opacity)
            self.map.add(WidgetControl(widget=legend, position="topright", max_width=320, max_height=260))
        return ipywidgets.HBox([*parts, self.position], layout=ipywidgets.Layout(flex_flow="row wrap"))

    def _show(self, change: object = None) -> None:
        """Set what is visible; nothing is sent but flags and numbers."""
        swiping = self._split is not None
        for i, layer in enumerate(self.pictures):
            layer.visible = i == self.when or (swiping and i == 0)
        for mask in self._masks:
            layer, date = self.masks[mask.id], self._date_of(mask)
            on_this_date = date in (self.when, len(self.pictures)) or (swiping and date == 0)
            layer.visible = bool(self.boxes[mask.id].value) and on_this_date
            lit = self.selected in ("", mask.id)
            layer.opacity = self.opacity.value if lit else 0.25 * self.opacity.value

    def _swiped(self, change: dict[str, Any]) -> None:  # traitlets' own document
        if self._split is not None:
            self.map.remove(self._split)
            self._split = None
        if change["new"]:
            last = self.when or len(self.pictures) - 1
            self.when = last
            sides = ([self.pictures[i], *self._masks_of(i)] for i in (0, last))
            left, right = sides
            self._split = SplitMapControl(left_layer=left, right_layer=right)
            self.map.add(self._split)
        self._show()

    def _masks_of(self, when: int) -> list[ImageOverlay]:
        return [self.masks[m.id] for m in self._masks if self._date_of(m) == when]

    # ------------------------------------------------------------------------------------------------------ people

    def _drawn(self, control: object, action: str, geo_json: dict[str, Any]) -> None:  # GeoJSON from the browser
        if action != "created":
            return
        self.aoi = Aoi.from_geometry(geo_json["geometry"], name="drawn on the map")
        if self._on_draw is not None:
            self._on_draw(self.aoi)

    def _moved(self, **event: Any) -> None:  # ipyleaflet's own document
        if event.get("type") == "mousemove":
            lat, lon = event["coordinates"]
            self.position.value = tag("code", f"{lat:.5f}° N, {lon:.5f}° E")

    def _repr_mimebundle_(self, **given: Any) -> dict[str, Any]:  # IPython's protocol
        bundle: dict[str, Any] = super()._repr_mimebundle_(**given)
        return bundle | self._static()

    def _static(self) -> dict[str, Any]:  # MIME types to content
        if self._answer is not None:
            return answer_static(self._answer)
        values: list[Picture | Mask] = [*self._pictures, *self._masks]
        return {"text/html": "".join(v._repr_html_() for v in values), "text/plain": repr(self)}

    def __repr__(self) -> str:
        return f"MapView({len(self._pictures)} images, {len(self._masks)} masks)"


def _swatch(mask: Mask) -> ipywidgets.HTML:
    style = f"display:inline-block;width:14px;height:14px;margin:4px 6px;background:{hex_of(colour_of(mask.label))}"
    return ipywidgets.HTML(tag("span", attributes={"style": style}))


def _tiles() -> dict[str, Any]:  # what a TileLayer takes
    source = basemaps.OpenStreetMap.Mapnik
    return {"url": source.build_url(), "attribution": source.html_attribution, "name": "OpenStreetMap"}
