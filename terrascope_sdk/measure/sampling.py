"""Reference points to interpret: a stratified random sample of a map, drawn so that areas can be adjusted for errors.

References:
    Olofsson, P., Foody, G. M., Herold, M., Stehman, S. V., Woodcock, C. E., Wulder, M. A. (2014), Good practices for
    estimating area and assessing accuracy of land change, Remote Sensing of Environment 148, 42-57.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Bool, Float64, Int64

from terrascope_sdk.errors import InputError, UndefinedMeasurement
from terrascope_sdk.measure.choice import require_choice
from terrascope_sdk.measure.frame import frame_of, total
from terrascope_sdk.measure.ground import require_crs
from terrascope_sdk.measure.sample_size import allocate, sample_size
from terrascope_sdk.types import Aoi, Mask, PixelGrid
from terrascope_sdk.types.encoding import JsonValue

__all__ = ["SAMPLE_KEY", "SampleDesign", "sample_design"]

SAMPLE_KEY = "terrascope_sample"
"""Member of the GeoJSON document that carries mapped areas, seed and mask ids."""


@dataclass(frozen=True, eq=False)
class SampleDesign:
    """Points to interpret, in random order, with what is needed to weigh them."""

    lon_deg: Float64[np.ndarray, " point"]
    """Longitude of each point (a pixel centre), EPSG:4326."""

    lat_deg: Float64[np.ndarray, " point"]
    """Latitude of each point."""

    rows: Int64[np.ndarray, " point"]
    """Row of the pixel."""

    columns: Int64[np.ndarray, " point"]
    """Column of the pixel."""

    strata: tuple[str, ...]
    """Map class at each point."""

    mapped_area_m2: dict[str, float]
    """Mapped area of each class in m2 of true ground: the stratum weights."""

    seed: int
    """What the random numbers started from."""

    mask_ids: tuple[str, ...] = ()
    """The masks the strata came from."""

    notes: tuple[str, ...] = ()
    """What the sample does not cover."""

    def __len__(self) -> int:
        return len(self.strata)

    def __repr__(self) -> str:
        each = ", ".join(f"{name} {n}" for name, n in self.points_per_stratum.items())
        return f"SampleDesign({len(self)} points: {each}; seed {self.seed})"

    @property
    def points_per_stratum(self) -> dict[str, int]:
        """Number of points in each class."""
        return {name: self.strata.count(name) for name in self.mapped_area_m2}

    def to_geojson(self) -> dict[str, JsonValue]:
        """Return a FeatureCollection to interpret: fill in ``reference`` with a class name at every point.

        Interpreters should not see ``stratum`` while they work; hide that column.
        """
        digits = len(str(len(self)))
        features = []
        for i, (lon, lat, stratum) in enumerate(zip(self.lon_deg, self.lat_deg, self.strata, strict=True), start=1):
            name = f"p{i:0{digits}d}"
            features.append(
                {
                    "type": "Feature",
                    "id": name,
                    "geometry": {"type": "Point", "coordinates": [round(float(lon), 8), round(float(lat), 8)]},
                    "properties": {"id": name, "stratum": stratum, "reference": ""},
                }
            )
        design = {"mapped_area_m2": self.mapped_area_m2, "seed": self.seed, "masks": list(self.mask_ids)}
        return {"type": "FeatureCollection", "features": features, SAMPLE_KEY: design}


def sample_design(
    classes: Mapping[str, Mask],
    *,
    n_total: int | None = None,
    target_standard_error: float | None = None,
    users_accuracy: Mapping[str, float] | None = None,
    allocation: Literal["proportional", "equal"] = "proportional",
    minimum_per_stratum: int = 50,
    seed: int = 0,
    aoi: Aoi | None = None,
) -> SampleDesign:
    """Draw a stratified random sample of pixels from a map, one stratum a class.

    Within a class, pixels are drawn without replacement with probability in proportion to their true ground area.
    A class smaller than its share of points is taken whole.

    Args:
        classes: Masks by class name, on one grid, excluding each other. Name the remainder too (``"other"``): ground
            in no class is not represented.
        n_total: Points in all. Give this or `target_standard_error`.
        target_standard_error: Wanted standard error of the overall accuracy, 0-1.
        users_accuracy: Expected user's accuracies, for `target_standard_error`; 0.7 each when left out.
        allocation: Points in proportion to area (no fewer than the minimum), or the same number in each class.
        minimum_per_stratum: Fewest points in a class.
        seed: Start of the random numbers; the same seed draws the same points.
        aoi: Sample pixels whose centre lies inside.

    Raises:
        InputError: Both or neither of `n_total` and `target_standard_error`; classes that overlap; too few points.
        UndefinedMeasurement: No CRS, or a class without an observed pixel.

    Examples:
        >>> from terrascope_sdk.testing import disc_mask, utm_grid
        >>> lake = disc_mask(utm_grid(), radius_m=300.0)
        >>> sample_design({"water": lake, "other": lake.complement()}, n_total=200)
        SampleDesign(200 points: water 50, other 150; seed 0)
    """
    require_choice("allocation", allocation, ("proportional", "equal"))
    if not classes:
        raise InputError("There is no class to sample.")
    if (n_total is None) == (target_standard_error is None):
        raise InputError("Give either n_total or target_standard_error.")
    masks = tuple(classes.values())
    require_crs(masks[0].grid, "The area of a class")
    frame = frame_of(*masks, aoi=aoi)
    pixels = {name: mask.pixels & frame.observed for name, mask in classes.items()}
    sizes = masks[0].grid.pixel_area_m2
    areas = {name: total(inside, sizes) for name, inside in pixels.items()}
    unmapped = _exclusive(pixels, frame.observed)
    whole = sum(areas.values())
    shares = {name: area / whole for name, area in areas.items()}
    if n_total is None and target_standard_error is not None:
        expected = dict.fromkeys(classes, 0.7) if users_accuracy is None else users_accuracy
        wanted = sample_size(shares, users_accuracy=expected, standard_error=target_standard_error)
        n_total = max(wanted, minimum_per_stratum * len(classes))
    counts = allocate(
        shares, n_total=n_total or 0, minimum_per_stratum=minimum_per_stratum, equal=allocation == "equal"
    )
    rows, columns, strata = _draw(pixels, counts, masks[0].grid, seed)
    lon, lat = masks[0].grid.lonlat(rows + 0.5, columns + 0.5)
    notes = (f"{unmapped:.1%} of the observed pixels are in no class and are not represented",) if unmapped else ()
    return SampleDesign(
        lon_deg=lon,
        lat_deg=lat,
        rows=rows,
        columns=columns,
        strata=strata,
        mapped_area_m2=areas,
        seed=seed,
        mask_ids=tuple(m.id for m in masks),
        notes=(*notes, *frame.notes),
    )


def _exclusive(pixels: Mapping[str, Bool[np.ndarray, "y x"]], observed: Bool[np.ndarray, "y x"]) -> float:
    """Return the share of observed pixels in no class; refuse pixels in several, and empty classes."""
    classes = np.sum(np.stack(list(pixels.values())), axis=0, dtype=np.int32)
    if (classes > 1).any():
        raise InputError(
            f"{int((classes > 1).sum())} pixels are in more than one of the classes {', '.join(pixels)}.",
            hint="Subtract one class from the other first.",
        )
    empty = [name for name, inside in pixels.items() if not inside.any()]
    if empty:
        raise UndefinedMeasurement(f"No observed pixel of {', '.join(empty)}.", hint="Leave that class out.")
    return float((observed & (classes == 0)).sum() / observed.sum())


def _draw(
    pixels: Mapping[str, Bool[np.ndarray, "y x"]], counts: Mapping[str, int], grid: PixelGrid, seed: int
) -> tuple[Int64[np.ndarray, " point"], Int64[np.ndarray, " point"], tuple[str, ...]]:
    generator = np.random.default_rng(seed)
    sizes = np.broadcast_to(grid.pixel_area_m2, grid.shape)
    drawn, strata = [], []
    for name, inside in pixels.items():
        candidates = np.flatnonzero(inside)
        weight = sizes[inside]
        n = min(counts[name], len(candidates))
        drawn.append(generator.choice(candidates, n, replace=False, p=weight / weight.sum()))
        strata += [name] * n
    order = generator.permutation(len(strata))
    rows, columns = np.unravel_index(np.concatenate(drawn)[order], grid.shape)
    return rows.astype(np.int64), columns.astype(np.int64), tuple(strata[i] for i in order)
