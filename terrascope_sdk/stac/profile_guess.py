"""A profile for a collection that nobody registered: from the item's own fields, or the name of the field it lacks."""

from __future__ import annotations

from collections.abc import Iterator

from terrascope_sdk.errors import InputError
from terrascope_sdk.stac.profile_fields import BandFields, band_fields, band_name, item_gsd_m
from terrascope_sdk.stac.profiles import CollectionProfile
from terrascope_sdk.stac.shown_text import shown
from terrascope_sdk.types.encoding import JsonValue

__all__ = ["data_assets", "guess_profile", "quality_assets"]

_NO_DATA_ROLES = frozenset({"thumbnail", "overview", "visual", "metadata", "tiles", "graphic"})
_NO_DATA_KEYS = ("visual", "preview", "thumbnail", "tci", "rendered_preview", "tilejson")
_QUALITY = {"scl": "scl", "scl_20m": "scl", "qa_pixel": "qa_pixel", "fmask": "fmask"}
_SAR = ("vv", "vh", "hh", "hv")
_METRES = ("m", "meter", "metre", "meters", "metres")
_REGISTER = (
    "Describe the collection once: terrascope_sdk.stac.profiles.register_collection(CollectionProfile(catalog, "
    "(collection,), sensor, quantity, scaling, bands={asset: band name}))."
)


def data_assets(item: dict[str, JsonValue]) -> Iterator[tuple[str, dict[str, JsonValue]]]:
    """Yield the assets that may hold measured pixels: no previews, pictures and side files."""
    for key, asset in item.get("assets", {}).items():
        media = str(asset.get("type") or "image/")
        if not media.startswith(("image/", "application/x-geotiff")) or media in ("image/png", "image/jpeg"):
            continue
        if key.lower().startswith(_NO_DATA_KEYS) or _NO_DATA_ROLES.intersection(asset.get("roles") or ()):
            continue
        yield key, asset


def quality_assets(item: dict[str, JsonValue]) -> dict[str, str]:
    """Return asset -> rule of the quality bands that go by a name everyone uses."""
    return {key: _QUALITY[key.lower()] for key in item.get("assets", {}) if key.lower() in _QUALITY}


def guess_profile(item: dict[str, JsonValue], *, catalog: str) -> CollectionProfile:
    """Return how to read an item of an unknown collection, from its fields alone.

    Args:
        item: A STAC item.
        catalog: Where it comes from.

    Raises:
        InputError: A field is missing without which its pixels have no meaning; the message names field and asset.
    """
    collection, gsd = item.get("collection") or "", item_gsd_m(item) or float("nan")
    named = [(k, f, band_name(k, f)) for k, asset in data_assets(item) for f in band_fields(asset)]
    found = [(key, fields, name) for key, fields, name in named if name is not None]
    quality = quality_assets(item)
    if any(name in _SAR for _, _, name in found):
        quantity, encoding = _radar(item, [(k, f) for k, f, name in found if name in _SAR])
        return CollectionProfile(catalog, (collection,), "sar", quantity, "as_stored", encoding, gsd_m=gsd)
    heights = [key for key, fields, name in named if _is_height(item, key, fields, name)]
    if heights and not found:
        return CollectionProfile(
            catalog,
            (collection,),
            "elevation",
            "elevation",
            "as_stored",
            "elevation",
            {heights[0]: "elevation"},
            gsd_m=gsd,
        )
    if not found:
        raise InputError(_nameless(item, named), hint=_REGISTER)
    if all(fields.scale is None and fields.dtype == "uint8" for _, fields, _ in found):
        quantity, rule, encoding = "display", "display", "display"
        notes: tuple[str, ...] = ()
    else:
        rule, encoding = "stated", "reflectance"
        quantity, notes = _level(item)
    return CollectionProfile(
        catalog, (collection,), "optical", quantity, rule, encoding, quality=quality, gsd_m=gsd, notes=notes
    )


def _is_height(item: dict[str, JsonValue], key: str, fields: BandFields, name: str | None) -> bool:
    roles = item["assets"][key].get("roles") or ()
    return name == "elevation" or (name is None and fields.unit.lower() in _METRES) or "elevation" in roles


def _nameless(item: dict[str, JsonValue], named: list[tuple[str, BandFields, str | None]]) -> str:
    who = f"Item {shown(item.get('id'))!r} of the unknown collection {shown(item.get('collection'))!r}"
    if not named:
        return f"{who} has no asset with pixels: {shown(', '.join(item.get('assets', {})), 300) or 'it has no assets'}."
    key, fields, _ = named[0]
    if fields.common_name:
        return (
            f"{who}: the common_name {shown(fields.common_name)!r} of asset {shown(key)!r} is no band of this package."
        )
    return f"{who}: asset {shown(key)!r} has no common_name (eo:bands[].common_name, or eo:common_name in bands)."


def _radar(item: dict[str, JsonValue], bands: list[tuple[str, BandFields]]) -> tuple[str, str]:
    """Return quantity and encoding of radar bands."""
    key, fields = bands[0]
    properties, dtype = item.get("properties", {}), (fields.dtype or "").lower()
    kind, roles = str(properties.get("sar:product_type") or "").upper(), item["assets"][key].get("roles") or ()
    if "complex" in dtype or dtype.startswith("cint") or kind in ("SLC", "SSC"):
        return "sigma0_ellipsoid", "complex"
    if kind == "GRD" and dtype.startswith(("uint", "int")):
        return "sigma0_ellipsoid", "amplitude_dn"
    terrain = kind in ("RTC", "NRB") or "gamma0" in roles or "gamma0" in key.lower()
    sigma = "sigma0" in roles or "sigma0" in key.lower()
    if not (terrain or sigma):
        raise InputError(
            f"Item {shown(item.get('id'))!r}: the product type {shown(kind) or 'that is missing'} (sar:product_type) "
            f"and the roles of asset {shown(key)!r} do not say what its backscatter is.",
            hint=_REGISTER,
        )
    quantity = "gamma0_rtc" if terrain else "sigma0_ellipsoid"
    if fields.unit.lower() == "db":
        return quantity, "db"
    if not dtype.startswith("float"):
        missing = f"data_type {shown(dtype)} without a unit" if dtype else "no data_type"
        raise InputError(
            f"Item {shown(item.get('id'))!r}: asset {shown(key)!r} states {missing} (raster:bands[].data_type and "
            ".unit), so its codes may be power, amplitude or dB.",
            hint=_REGISTER,
        )
    return quantity, "linear_power"


def _level(item: dict[str, JsonValue]) -> tuple[str, tuple[str, ...]]:
    """Return the quantity of reflectance, and a note where it had to be assumed."""
    level = str(item.get("properties", {}).get("processing:level") or "").upper()
    if level.startswith("L1"):
        return "toa_reflectance", ("top-of-atmosphere reflectance: haze is in the values",)
    if level.startswith(("L2", "L3")):
        return "surface_reflectance", ()
    collection = str(item.get("collection") or "").lower()
    if any(part in collection for part in ("l1c", "l1t", "toa")):
        return "toa_reflectance", ("top-of-atmosphere reflectance, as the collection's name says",)
    note = "taken as surface reflectance: the item does not say (processing:level), and it may be top of the atmosphere"
    return "surface_reflectance", (note,)
