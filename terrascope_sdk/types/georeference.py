"""To and from xarray, with the CF ``spatial_ref`` coordinate that rioxarray and GDAL read."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
from affine import Affine

from terrascope_sdk.errors import InputError
from terrascope_sdk.types.grid import PixelGrid
from terrascope_sdk.types.instant import parse_instant, utc
from terrascope_sdk.types.mask import UNOBSERVED, Mask
from terrascope_sdk.types.scene import Sensor
from terrascope_sdk.types.series import ImageSeries

if TYPE_CHECKING:
    import xarray

__all__ = [
    "grid_coordinates",
    "grid_from_xarray",
    "mask_from_xarray",
    "mask_to_xarray",
    "series_from_xarray",
    "series_to_xarray",
]


def grid_coordinates(grid: PixelGrid) -> dict[str, Any]:  # what xarray takes as coords
    """Return the coordinates of a grid's pixel centres, with CF ``spatial_ref``."""
    import xarray

    t = grid.transform
    attributes: dict[str, Any] = {"GeoTransform": " ".join(repr(float(v)) for v in t.to_gdal())}
    if grid.crs is not None:
        wkt = grid.projection.to_wkt()
        attributes |= grid.projection.to_cf() | {"crs_wkt": wkt, "spatial_ref": wkt}
    reference = xarray.Variable((), np.int32(0), attributes)
    if t.b or t.d:
        return {"spatial_ref": reference}
    columns, rows = np.arange(grid.width) + 0.5, np.arange(grid.height) + 0.5
    return {"x": ("x", t.a * columns + t.c), "y": ("y", t.e * rows + t.f), "spatial_ref": reference}


_Y_NAMES, _X_NAMES = ("y", "lat", "latitude"), ("x", "lon", "longitude")


def _axes(array: "xarray.DataArray | xarray.Dataset") -> tuple[str, str]:
    """Return the names of the y and x axes.

    Raises:
        InputError: There are none.
    """
    names = {str(n).lower(): str(n) for n in array.sizes}
    y, x = (next((names[n] for n in wanted if n in names), None) for wanted in (_Y_NAMES, _X_NAMES))
    if y is None or x is None:
        found = list(names.values())
        raise InputError(f"The data have axes {found}, not y and x.", hint="Rename the spatial axes to y and x.")
    return y, x


def grid_from_xarray(array: "xarray.DataArray | xarray.Dataset") -> PixelGrid:
    """Read the grid of georeferenced data: ``spatial_ref`` if there is one, else regular x and y coordinates.

    Raises:
        InputError: There are no y and x axes, or the coordinates are irregular.
    """
    y_name, x_name = _axes(array)
    attributes = array.coords["spatial_ref"].attrs if "spatial_ref" in array.coords else {}
    crs = attributes.get("crs_wkt") or attributes.get("spatial_ref")
    if "GeoTransform" in attributes:
        transform = Affine.from_gdal(*(float(v) for v in str(attributes["GeoTransform"]).split()))
        return PixelGrid(crs, transform, array.sizes[y_name], array.sizes[x_name])
    if x_name not in array.coords or y_name not in array.coords:
        raise InputError(
            "The data have neither spatial_ref nor x and y coordinates.", hint="Write them with rioxarray."
        )
    x, y = np.asarray(array.coords[x_name], float), np.asarray(array.coords[y_name], float)
    if x.size < 2 or y.size < 2:
        raise InputError("One row or column alone does not say how large a pixel is.", hint="Write spatial_ref.")
    dx, dy = (x[-1] - x[0]) / (x.size - 1), (y[-1] - y[0]) / (y.size - 1)
    if np.abs(np.diff(x) - dx).max() > 0.01 * abs(dx) or np.abs(np.diff(y) - dy).max() > 0.01 * abs(dy):
        raise InputError("The x or y coordinates are not evenly spaced.", hint="Resample to a regular grid first.")
    transform = Affine(dx, 0, x[0] - dx / 2, 0, dy, y[0] - dy / 2)
    return PixelGrid(crs, transform, y.size, x.size)


def mask_to_xarray(mask: Mask) -> "xarray.DataArray":
    """Return a uint8 DataArray: 0 no, 1 yes, 255 unobserved."""
    import xarray

    attributes: dict[str, Any] = {
        "long_name": mask.label or "mask",
        "flag_values": np.array([0, 1, UNOBSERVED], np.uint8),
        "flag_meanings": "no yes unobserved",
        "_FillValue": np.uint8(UNOBSERVED),
        "grid_mapping": "spatial_ref",
    }
    if mask.date is not None:
        attributes["date"] = mask.date.isoformat()
    return xarray.DataArray(mask.to_uint8(), dims=("y", "x"), coords=grid_coordinates(mask.grid), attrs=attributes)


def mask_from_xarray(array: "xarray.DataArray", *, label: str | None = None, date: datetime | None = None) -> Mask:
    """Make a mask from a boolean array, or one of 0 and 1 with 255, NaN or its ``_FillValue`` where unobserved."""
    axes = _axes(array)
    array = array.squeeze([d for d, n in array.sizes.items() if n == 1 and d not in axes], drop=True)
    array = array.transpose(*axes, ...)
    values = np.asarray(array)
    if values.ndim != 2:
        raise InputError(f"A mask has two axes; this array has {values.ndim}.", hint="Select one date and band.")
    name = label if label is not None else str(array.attrs.get("long_name", array.name or ""))
    when = date or (parse_instant(array.attrs["date"]) if "date" in array.attrs else None)
    grid = grid_from_xarray(array)
    if values.dtype == bool:
        return Mask(values, np.ones(values.shape, bool), grid, name, when)
    fill = array.attrs.get("_FillValue", array.encoding.get("_FillValue", UNOBSERVED))
    unobserved = (values == fill) | (np.isnan(values) if values.dtype.kind == "f" else False)
    codes = np.where(unobserved, UNOBSERVED, values)
    if not np.isin(codes, [0, 1, UNOBSERVED]).all():
        raise InputError("The array holds other values than 0, 1 and unobserved.", hint="Compare it first: array == 3.")
    return Mask.from_uint8(codes.astype(np.uint8), grid, label=name, date=when)


def series_to_xarray(series: ImageSeries) -> "xarray.Dataset":
    """Return one variable a band over (time, y, x), plus ``valid``; attributes say quantity and unit."""
    import xarray

    unit = "dB" if series.sensor == "sar" else "1"
    axes = ("time", "y", "x")
    variables = {
        name: (axes, series.pixels[:, i], {"units": unit, "grid_mapping": "spatial_ref"})
        for i, name in enumerate(series.bands)
    }
    variables["valid"] = (axes, series.valid, {"grid_mapping": "spatial_ref"})
    times = np.array([t.replace(tzinfo=None) for t in series.acquired], "datetime64[ns]")
    attributes = {"sensor": series.sensor, "quantity": series.quantity, "attribution": series.attribution}
    return xarray.Dataset(variables, coords=grid_coordinates(series.grid) | {"time": times}, attrs=attributes)


def series_from_xarray(
    dataset: "xarray.Dataset", *, sensor: Sensor, quantity: str | None, bands: Mapping[str, str], attribution: str
) -> ImageSeries:
    """Make a series from a Dataset with one variable a band; see :meth:`ImageStack.from_xarray`."""
    named = dataset.rename({k: v for k, v in bands.items() if k in dataset})
    y, x = _axes(named)
    stated = quantity or named.attrs.get("quantity")
    if stated is None:
        raise InputError(
            f"What the {sensor} values are is not stated.",
            hint=f"Pass {sensor}_quantity, for example "
            + ("'surface_reflectance'." if sensor == "optical" else "'gamma0_rtc'."),
        )
    if "time" not in named.coords:
        raise InputError("The data have no time coordinate.", hint="Add one: ds.assign_coords(time=...).")
    if "time" not in named.dims:
        named = named.expand_dims("time")
    named = named.sortby("time")
    grid = grid_from_xarray(named)
    names = tuple(str(n) for n in named.data_vars if n != "valid" and {y, x} <= set(named[n].dims))
    arrays = [np.asarray(named[n].transpose("time", y, x), np.float32) for n in names]
    if not arrays:
        raise InputError("The dataset has no band over y and x.", hint="One variable a band, each over (time, y, x).")
    pixels = np.stack(arrays, axis=1)
    valid = np.asarray(np.isfinite(pixels).all(axis=1))
    if "valid" in named:
        valid = valid & np.asarray(named["valid"].transpose("time", y, x), bool)
    stamps = np.asarray(named["time"], "datetime64[us]")
    return ImageSeries(
        sensor=sensor,
        pixels=pixels,
        valid=valid,
        bands=names,
        acquired=tuple(utc(t) for t in stamps.tolist()),
        quantity=str(stated),
        grid=grid,
        attribution=attribution or str(named.attrs.get("attribution", "")),
    )
