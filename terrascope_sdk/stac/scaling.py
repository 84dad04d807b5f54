"""What stored codes mean: scale and offset, decided from an item's fields, never from its date, applied once."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from terrascope_sdk.errors import InputError
from terrascope_sdk.types.encoding import JsonValue

__all__ = [
    "Scaling",
    "Stated",
    "decide_scaling",
    "offset_removed",
    "own_scaling",
    "processing_baseline",
    "scaling_rules",
]

_OFFSET_SINCE = (4, 0)
"""Sentinel-2 processing baseline from which the codes carry an offset of 1000."""

_SENTINEL2_SCALE = 1e-4
_SENTINEL2_OFFSET_DN = -1000
_LANDSAT_SCALE, _LANDSAT_OFFSET = 2.75e-5, -0.2

_VERSION = re.compile(r"^(\d{1,2})\.(\d{1,2})$")
_IN_PRODUCT = re.compile(r"_N(\d{2})\.?(\d{2})(?![0-9])")

_BASELINE_FIELDS = ("s2:processing_baseline", "sentinel:processing_baseline", "processing:version")
_PRODUCT_FIELDS = (
    "s2:product_uri", "s2:tile_id", "s2:granule_id", "s2:datastrip_id", "s2:datatake_id", "sentinel:product_id",
)  # fmt: skip
_REMOVED_FIELDS = ("earthsearch:boa_offset_applied", "sentinel:boa_offset_applied")


@dataclass(frozen=True)
class Stated:
    """What the metadata of one band say of its codes."""

    scale: float | None = None
    """Factor, or None where it is not stated."""

    offset: float | None = None
    """Summand, or None where it is not stated."""

    dtype: str | None = None
    """Type of the stored codes, such as ``uint16``."""


@dataclass(frozen=True)
class Scaling:
    """A decision: value = code x scale + offset."""

    scale: float
    """Factor."""

    offset: float
    """Summand, in the unit of the value."""

    why: str
    """How it was decided, for a person to read."""


def processing_baseline(item: dict[str, JsonValue]) -> tuple[int, int] | None:
    """Return the Sentinel-2 processing baseline, (4, 0) for 04.00, or None where no field and no product name has it.

    Args:
        item: A STAC item; its date is not looked at.
    """
    properties = item.get("properties", {})
    for field in _BASELINE_FIELDS:
        found = _VERSION.match(str(properties.get(field, "")))
        if found:
            return int(found[1]), int(found[2])
    for name in (*(properties.get(f) for f in _PRODUCT_FIELDS), item.get("id")):
        part = _IN_PRODUCT.search(str(name or ""))
        if part:
            return int(part[1]), int(part[2])
    return None


def offset_removed(item: dict[str, JsonValue]) -> bool:
    """Return whether the item says that its provider has taken the offset of Sentinel-2 out of the pixels already."""
    properties = item.get("properties", {})
    return any(properties.get(field) is True for field in _REMOVED_FIELDS)


def _sentinel2(item: dict[str, JsonValue], stated: Stated, where: str) -> Scaling:
    found = _sentinel2_of(processing_baseline(item), offset_removed(item), stated)
    if found is None:
        raise InputError(
            f"{where} states no offset, and the item no processing baseline (s2:processing_baseline).",
            hint="Without one of them reflectance may be 0.1 too high; take the item from another catalogue, or "
            "register a profile with scaling='hls' (scale 0.0001, no offset) if you know that there is none.",
        )
    return found


@lru_cache(maxsize=512)  # the same few decisions for thousands of items
def _sentinel2_of(baseline: tuple[int, int] | None, removed: bool, stated: Stated) -> Scaling | None:
    if (stated.dtype or "").startswith("float") and stated.scale is None:
        return _as_float(stated)
    scale, said = _SENTINEL2_SCALE if stated.scale is None else stated.scale, stated.offset
    if removed:
        although = f", although the band's fields still say {said:g}" if said else ""
        return Scaling(scale, 0.0, f"offset 0: the provider took it out of the pixels already{although}")
    if baseline is None:
        why = (
            f"offset {said:g} as the band's fields say; the item states no processing baseline"
            if said is not None
            else ""
        )
        return None if said is None else Scaling(scale, said, why)
    offset = _SENTINEL2_OFFSET_DN * scale if baseline >= _OFFSET_SINCE else 0.0
    why = f"offset {offset:g} by processing baseline {baseline[0]:02d}.{baseline[1]:02d}"
    if said is not None and abs(said - offset) > 1e-9:
        why += (
            f"; the band's fields say {said:g}, which contradicts it: the baseline was followed "
            "(a registered profile with scaling='stated' follows the fields)"
        )
    return Scaling(scale, offset, why)


def _landsat(item: dict[str, JsonValue], stated: Stated, where: str) -> Scaling:
    del item, where
    why = f"scale {_LANDSAT_SCALE:g}, offset {_LANDSAT_OFFSET:g} by Landsat Collection 2 Level 2"
    said = (stated.scale, stated.offset)
    if said != (None, None) and said != (_LANDSAT_SCALE, _LANDSAT_OFFSET):
        why += f"; the band's fields say {stated.scale} and {stated.offset}, which contradicts it: not followed"
    return Scaling(_LANDSAT_SCALE, _LANDSAT_OFFSET, why)


def _hls(item: dict[str, JsonValue], stated: Stated, where: str) -> Scaling:
    del item, where
    why = "scale 0.0001, offset 0 by HLS version 2"
    if stated.scale not in (None, 1e-4) or stated.offset not in (None, 0):
        why += f"; the band's fields say {stated.scale} and {stated.offset}, which contradicts it: not followed"
    return Scaling(1e-4, 0.0, why)


def _stated(item: dict[str, JsonValue], stated: Stated, where: str) -> Scaling:
    del item
    if stated.scale is None and (stated.dtype or "").startswith("float"):
        return _as_float(stated)
    if stated.scale is None:
        kind = "no data_type and no scale" if stated.dtype is None else f"data_type {stated.dtype} but no scale"
        raise InputError(
            f"{where} states {kind} (raster:bands[].scale, or raster:scale in bands).",
            hint="Say what its codes mean: terrascope_sdk.stac.profiles.register_collection(CollectionProfile(...)).",
        )
    offset = stated.offset or 0.0
    return Scaling(stated.scale, offset, f"scale {stated.scale:g}, offset {offset:g} as the band's fields say")


def _as_float(stated: Stated) -> Scaling:
    return Scaling(1.0, stated.offset or 0.0, f"stored as {stated.dtype} with no scale: taken as it is")


def _display(item: dict[str, JsonValue], stated: Stated, where: str) -> Scaling:
    del item
    if stated.scale not in (None, 1.0):
        return Scaling(stated.scale or 1.0, stated.offset or 0.0, f"scale {stated.scale:g} as the band's fields say")
    if stated.dtype is None:
        raise InputError(
            f"{where} holds picture codes and states no data_type (raster:bands[].data_type).",
            hint="Register a profile with its dtype, for example dtype='uint8'.",
        )
    whole = _largest_code(stated.dtype)
    return Scaling(1 / whole, 0.0, f"picture codes 0 to {whole:g} as 0 to 1")


def _largest_code(dtype: str) -> float:
    bits = dtype.removeprefix("uint")
    return float(2 ** int(bits) - 1) if dtype.startswith("uint") and bits.isdigit() else 1.0


def _as_stored(item: dict[str, JsonValue], stated: Stated, where: str) -> Scaling:
    del item, where
    return Scaling(stated.scale or 1.0, stated.offset or 0.0, "")


scaling_rules: dict[str, Callable[[dict[str, JsonValue], Stated, str], Scaling]] = {
    "sentinel2": _sentinel2,
    "landsat_c2_l2": _landsat,
    "hls": _hls,
    "stated": _stated,
    "display": _display,
    "as_stored": _as_stored,
}
"""How scale and offset are decided, by the name that a collection's profile gives."""


def decide_scaling(rule: str, item: dict[str, JsonValue], stated: Stated, *, where: str = "The band") -> Scaling:
    """Return scale and offset of a band, and how they were decided.

    Args:
        rule: ``sentinel2`` (by processing baseline and the provider's own flag), ``landsat_c2_l2``, ``hls``, ``stated``
            (the band's fields), ``display`` (picture codes to 0-1), ``as_stored`` (radar and elevation).
        item: The STAC item.
        stated: What its metadata say of the band.
        where: How a message names the band.

    Raises:
        InputError: The rule is unknown, or a field that it needs is missing; the message names the field.

    Example:
        >>> item = {"id": "a", "properties": {"s2:processing_baseline": "05.11"}}
        >>> decide_scaling("sentinel2", item, Stated(scale=1e-4, offset=-0.1)).why
        'offset -0.1 by processing baseline 05.11'
    """
    if rule not in scaling_rules:
        raise InputError(f"{rule!r} is no rule of scale and offset.", hint=f"Known are {', '.join(scaling_rules)}.")
    return scaling_rules[rule](item, stated, where)


def own_scaling(quantity: str, stated: Stated) -> Scaling:
    """Return scale and offset of a band in this package's own catalogue, whose fields are right as they stand.

    Args:
        quantity: What the scene's pixels are; picture codes without a scale become 0-1.
        stated: What its metadata say of the band.
    """
    scale = stated.scale
    if quantity == "display" and scale in (None, 1.0) and (stated.dtype or "").startswith("uint"):
        scale = 1 / _largest_code(stated.dtype or "")
    scale, offset = scale or 1.0, stated.offset or 0.0
    return Scaling(scale, offset, f"values: code x {scale:g} + {offset:g}")
