"""The band fields of a STAC asset, whichever version wrote them, and the one name that a band has here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from terrascope_sdk.errors import InputError, TerraScopeError
from terrascope_sdk.stac.shown_text import shown
from terrascope_sdk.types.encoding import JsonValue

__all__ = ["BandFields", "band_fields", "band_gsd_m", "band_name", "band_names", "item_gsd_m", "readable"]

band_names: tuple[str, ...] = (
    "coastal", "blue", "green", "red", "rededge1", "rededge2", "rededge3", "nir", "nir08", "nir09", "cirrus", "swir16",
    "swir22", "vv", "vh", "hh", "hv", "elevation",
)  # fmt: skip
"""Every name that a band can have in this package."""

_NAMES = frozenset(band_names)
_SAR = frozenset({"vv", "vh", "hh", "hv"})

_EXACT = {"rededge071": "rededge1", "rededge075": "rededge2", "rededge078": "rededge3"}
"""Common names of the electro-optical extension, version 2, that mean one band."""

_REDEDGE = {
    "B05": "rededge1", "B5": "rededge1", "B06": "rededge2", "B6": "rededge2", "B07": "rededge3", "B7": "rededge3",
    "B8A": "nir08", "B08A": "nir08",
    "REDEDGE1": "rededge1", "REDEDGE2": "rededge2", "REDEDGE3": "rededge3", "NIR08": "nir08",
}  # fmt: skip
"""Band and asset names that tell apart the four bands which the extension's version 1 calls ``rededge``."""

_BY_WAVELENGTH_UM = (
    (0.40, 0.455, "coastal"), (0.455, 0.52, "blue"), (0.52, 0.60, "green"), (0.62, 0.69, "red"),
    (0.69, 0.72, "rededge1"), (0.72, 0.76, "rededge2"), (0.76, 0.80, "rededge3"), (0.80, 0.855, "nir"),
    (0.855, 0.90, "nir08"), (0.93, 0.96, "nir09"), (1.35, 1.40, "cirrus"), (1.55, 1.75, "swir16"),
    (2.05, 2.35, "swir22"),
)  # fmt: skip

_SIZE = re.compile(r"[_-](\d{1,4})m$", re.IGNORECASE)


class BandFields(NamedTuple):
    """One band as an asset describes it; what is not described is None or empty."""

    name: str = ""
    common_name: str = ""
    wavelength_um: float | None = None
    dtype: str | None = None
    nodata: float | None = None
    scale: float | None = None
    offset: float | None = None
    unit: str = ""
    gsd_m: float | None = None


@contextmanager
def readable(item: dict[str, JsonValue]) -> Iterator[None]:
    """Turn what a malformed document makes of our code into an error that names the document.

    Args:
        item: What a catalogue gave as a STAC item.

    Raises:
        InputError: A field is missing or has another shape than STAC gives it.
    """
    try:
        yield
    except TerraScopeError:
        raise
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as err:
        name = item.get("id") if isinstance(item, dict) else type(item).__name__
        what = f"has no {shown(err.args[0])!r}" if isinstance(err, KeyError) else f"is malformed: {shown(err, 200)}"
        raise InputError(f"The item {shown(name)!r} {what}.", hint="Leave it out, or tell its catalogue.") from err


def band_fields(asset: dict[str, JsonValue]) -> tuple[BandFields, ...]:
    """Return the bands of an asset in file order; one without any description where the asset has no band field.

    Args:
        asset: With ``eo:bands`` and ``raster:bands`` (STAC 1.0), with ``bands`` (STAC 1.1), or with a mixture; fields
            of the asset itself count for each of its bands.
    """
    get = asset.get
    lists = [entries for entries in (get("bands"), get("eo:bands"), get("raster:bands")) if entries]
    if not lists:
        return (_fields(asset),)
    found = []
    for i in range(max(map(len, lists))):
        merged = asset.copy()
        for entries in lists:
            if i < len(entries) and entries[i]:
                merged.update(entries[i])
        found.append(_fields(merged))
    return tuple(found)


def _fields(merged: dict[str, JsonValue]) -> BandFields:
    get = merged.get
    return BandFields(
        str(get("name") or ""),
        str(get("eo:common_name") or get("common_name") or "").lower(),
        _number(get("eo:center_wavelength", get("center_wavelength"))),
        get("data_type"),
        _number(get("nodata")),
        _number(get("raster:scale", get("scale"))),
        _number(get("raster:offset", get("offset"))),
        str(get("unit") or ""),
        _number(get("raster:spatial_resolution", get("spatial_resolution", get("gsd")))),
    )


def _number(value: JsonValue) -> float | None:
    """Return a number, also the texts that STAC allows for those JSON has not: ``nan``, ``inf``."""
    return value if value is None or type(value) is float else float(value)


def band_name(asset: str, fields: BandFields) -> str | None:
    """Return what a band is called in this package, or None where nothing says it.

    Args:
        asset: Key of the asset.
        fields: The band's description.
    """
    common = fields.common_name
    if common in _EXACT:
        return _EXACT[common]
    if common == "rededge":
        bare = _SIZE.sub("", asset).upper()
        told = _REDEDGE.get(fields.name.upper()) or _REDEDGE.get(bare)
        return told or by_wavelength(fields.wavelength_um)
    if common:
        return common if common in _NAMES else None
    return _from_key(fields.name) or _from_key(asset) or by_wavelength(fields.wavelength_um)


def _from_key(key: str) -> str | None:
    """Return the name that a band's or asset's own name holds: ``VV``, ``gamma0_vv``, ``blue_20m``."""
    bare = _SIZE.sub("", key).lower()
    if bare in _NAMES:
        return bare
    last = re.split(r"[_-]", bare)[-1]
    return last if last in _SAR and not bare.startswith("schema") else None


def by_wavelength(wavelength_um: float | None) -> str | None:
    """Return the band name for a wavelength in micrometres, or None where it belongs to none."""
    if wavelength_um is None:
        return None
    return next((name for low, high, name in _BY_WAVELENGTH_UM if low <= wavelength_um < high), None)


def band_gsd_m(asset: str, document: dict[str, JsonValue], fields: BandFields) -> float | None:
    """Return the pixel size of a band in metres as its fields, its asset's key or its transform tell it, or None."""
    if fields.gsd_m is not None:
        return fields.gsd_m
    if document.get("gsd") is not None:
        return float(document["gsd"])
    size = _SIZE.search(asset)
    if size:
        return float(size[1])
    transform = document.get("proj:transform")
    if transform and abs(transform[0]) >= 0.05:  # degrees are smaller
        return abs(float(transform[0]))
    return None


def item_gsd_m(item: dict[str, JsonValue]) -> float | None:
    """Return the pixel size in metres that an item as a whole states, or that its transform has, or None.

    Args:
        item: A STAC item; a transform in degrees counts 111 320 m a degree, along the meridian.
    """
    properties = item.get("properties", {})
    for field in ("gsd", "sar:pixel_spacing_range"):
        if properties.get(field) is not None:
            return float(properties[field])
    transforms = [a.get("proj:transform") for a in item.get("assets", {}).values()] + [properties.get("proj:transform")]
    steps = [abs(float(t[4])) for t in transforms if t and len(t) >= 6 and t[4]]
    return min((s if s >= 0.05 else s * 111_320 for s in steps), default=None)
