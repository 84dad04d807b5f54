"""How to read one scene: each band's file, number, scale, offset and meaning, from its STAC item alone."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from terrascope_sdk.errors import InputError
from terrascope_sdk.stac.catalogs import catalog_of
from terrascope_sdk.stac.profile_fields import BandFields, band_fields, band_gsd_m, band_name, band_names, readable
from terrascope_sdk.stac.profile_guess import data_assets, guess_profile, quality_assets
from terrascope_sdk.stac.profiles import CollectionProfile, find_profile
from terrascope_sdk.stac.scaling import Scaling, Stated, decide_scaling, own_scaling, processing_baseline
from terrascope_sdk.stac.shown_text import shown
from terrascope_sdk.types.encoding import JsonValue

__all__ = ["Band", "Quality", "Reading", "describe_item"]

_OWN_QUALITY = ("scl", "cloud")


@dataclass(frozen=True)
class Band:
    """One band of a scene: where it lies and what its codes mean."""

    name: str
    """Common name, such as ``red`` or ``vv``."""

    asset: str
    """Key of the asset that holds it."""

    index: int = 1
    """Number of the band in the asset's file, from 1."""

    scale: float = 1.0
    """Factor from code to value."""

    offset: float = 0.0
    """Summand after the factor, in the unit of the value."""

    nodata: float | None = None
    """Code of missing pixels; None where there is none or it is not stated."""

    dtype: str | None = None
    """Type of the codes; None where it is not stated."""

    gsd_m: float | None = None
    """Pixel size in metres; None where it is not stated."""

    encoding: str = "reflectance"
    """What a code is: see :data:`terrascope_sdk.stac.profiles.encodings`."""


@dataclass(frozen=True)
class Quality:
    """The band that says where the ground was not seen."""

    asset: str
    """Key of the asset that holds it."""

    rule: str
    """How its codes are read: ``scl``, ``qa_pixel``, ``fmask`` or ``cloud``."""


@dataclass(frozen=True)
class Reading:
    """How to read one scene."""

    sensor: str
    """``optical``, ``sar`` or ``elevation``."""

    quantity: str
    """What the pixels are, once loaded; ``elevation`` for heights."""

    bands: tuple[Band, ...]
    """In the order of the catalogue."""

    quality: Quality | None
    """The quality band, or None where there is none."""

    gsd_m: float
    """Pixel size of the finest band in metres."""

    notes: tuple[str, ...]
    """Traps, and how scale and offset were decided."""

    verified: bool
    """Whether this kind of document was checked against a recorded one."""

    license: str
    """SPDX id or the name of the terms; empty where it is not known."""

    attribution: str
    """Credit line; empty where it is not known."""

    def band(self, name: str) -> Band:
        """Return the band of that name.

        Args:
            name: Common name.

        Raises:
            InputError: There is none; the closest names are in the message.
        """
        found = next((b for b in self.bands if b.name == name), None)
        if found is None:
            there = [b.name for b in self.bands]
            close = difflib.get_close_matches(str(name), there, n=2)
            meant = f"Did you mean {' or '.join(map(repr, close))}? " if close else ""
            raise InputError(f"The scene has no band {name!r}.", hint=f"{meant}It has {', '.join(there)}.")
        return found


def describe_item(item: dict[str, JsonValue], *, catalog: str | None = None) -> Reading:
    """Return how to read the pixels of a STAC item.

    Nothing is decided by date. An item of an unknown collection is read by its own fields, where they suffice.

    Args:
        item: A STAC item of version 1.0 or 1.1.
        catalog: Name of the catalogue it comes from; when left out, what the item says (``terrascope:catalog``, its
            self link, where its files lie).

    Raises:
        InputError: A field is missing without which its pixels have no meaning; the message names field and asset.

    Example:
        >>> from terrascope_sdk.stac.bundled import bundled_items
        >>> reading = describe_item(bundled_items()[-1])
        >>> reading.sensor in ("optical", "sar")
        True
    """
    with readable(item):
        own = "terrascope:sensor" in item.get("properties", {})
        return _own(item) if own else _foreign(item, catalog)


def _foreign(item: dict[str, JsonValue], catalog: str | None) -> Reading:
    where = catalog or catalog_of(item)
    profile = find_profile(item, catalog=where)
    checked = profile is not None and profile.checked(where, processing_baseline(item))
    known = profile or guess_profile(item, catalog=where)
    bands, why = _bands(item, known)
    flags = {a: rule for a, rule in known.quality.items() if a in item["assets"]} or (
        quality_assets(item) if known.sensor == "optical" else {}
    )
    return Reading(
        sensor=known.sensor,
        quantity=known.quantity,
        bands=bands,
        quality=next((Quality(a, rule) for a, rule in flags.items()), None),
        gsd_m=_finest(item, bands, known),
        notes=(*known.notes, *why),
        verified=checked,
        license=known.license or shown(item["properties"].get("license"), 120),
        attribution=known.attribution.format(year=_year(item)).strip(),
    )


def _finest(item: dict[str, JsonValue], bands: tuple[Band, ...], profile: CollectionProfile) -> float:
    sizes = [b.gsd_m for b in bands if b.gsd_m is not None]
    if profile.sensor == "elevation" and profile.gsd_m > 0:  # Earth Search states 30 m for the 90 m model
        return profile.gsd_m
    found = min(sizes) if sizes else float(item["properties"].get("gsd") or profile.gsd_m)
    if not found > 0:
        raise InputError(
            f"The item {shown(item.get('id'))!r} states no pixel size (gsd, or proj:transform).",
            hint="Register a profile with gsd_m for its collection.",
        )
    return found


def _year(item: dict[str, JsonValue]) -> str:
    """Return the year for a credit line; nothing about the pixels follows from it."""
    properties = item.get("properties", {})
    return str(properties.get("datetime") or properties.get("start_datetime") or "")[:4]


_band = lru_cache(maxsize=4096)(Band)  # the same few bands for thousands of items


class _Candidate(NamedTuple):
    name: str
    asset: str
    number: int
    fields: BandFields
    gsd_m: float | None


def _bands(item: dict[str, JsonValue], profile: CollectionProfile) -> tuple[tuple[Band, ...], list[str]]:
    """Return the bands, finest first choice of each name, and how their scales were decided."""
    chosen: dict[str, _Candidate] = {}
    for candidate in _by_profile(item, profile) or _by_fields(item, profile):  # where a provider renamed its assets
        held = chosen.get(candidate.name)
        if held is None or _preference(item, candidate) < _preference(item, held):
            chosen[candidate.name] = candidate
    if not chosen:
        wanted = ", ".join(profile.bands) or "with a common_name"
        raise InputError(
            f"Item {shown(item.get('id'))!r} of {shown(item.get('collection'))!r} has none of the assets {wanted}.",
            hint=f"It has {shown(', '.join(item.get('assets', {})), 300) or 'no assets'}; register a profile for it.",
        )
    why: dict[str, None] = {}
    made = []
    decisions: dict[tuple[float | None, float | None, str | None], Scaling] = {}
    for name, asset, index, fields, gsd in chosen.values():
        stated = (fields.scale, fields.offset, fields.dtype or profile.dtype)
        decided = decisions.get(stated)
        if decided is None:
            where = f"Asset {shown(asset)!r} of {shown(item.get('id'))!r}"
            decided = decisions[stated] = decide_scaling(profile.scaling, item, Stated(*stated), where=where)
        nodata = profile.nodata if fields.nodata is None else fields.nodata
        made.append(_band(name, asset, index, decided.scale, decided.offset, nodata, stated[2], gsd, profile.encoding))
        if decided.why:
            why[decided.why] = None
    return tuple(made), list(why)


def _by_profile(item: dict[str, JsonValue], profile: CollectionProfile) -> list[_Candidate]:
    found = []
    assets = item.get("assets", {})
    for key, named in profile.bands.items():
        asset = assets.get(key)
        if asset is None:
            continue
        names = (named,) if isinstance(named, str) else named
        fields = band_fields(asset)
        if len(names) > 1:
            own = tuple(str(band_name("", f)) for f in fields)
            names = names if "None" in own else own  # the item knows its file: three bands in old aerial photographs
        for i, name in enumerate(names):
            one = fields[min(i, len(fields) - 1)]
            found.append(_Candidate(name, key, i + 1, one, band_gsd_m(key, asset, one)))
    return found


def _by_fields(item: dict[str, JsonValue], profile: CollectionProfile) -> list[_Candidate]:
    legal = {"sar": ("vv", "vh", "hh", "hv"), "elevation": ("elevation",)}.get(profile.sensor, band_names[:13])
    found = []
    for key, asset in data_assets(item):
        if key in profile.quality:
            continue
        for i, fields in enumerate(band_fields(asset)):
            name = band_name(key, fields)
            if name in legal:
                found.append(_Candidate(str(name), key, i + 1, fields, band_gsd_m(key, asset, fields)))
    return found


def _preference(item: dict[str, JsonValue], candidate: _Candidate) -> tuple[float, bool, bool]:
    """Return a key that is smallest for the copy to read: the finest, by link, as GeoTIFF."""
    asset = item["assets"][candidate.asset]
    size = float("inf") if candidate.gsd_m is None else candidate.gsd_m
    return size, str(asset.get("href", "")).startswith("s3://"), "jp2" in str(asset.get("type"))


def _own(item: dict[str, JsonValue]) -> Reading:
    """Return the reading of an item of this package's own catalogue, which says all in fields of its own."""
    properties, assets = item["properties"], item.get("assets", {})
    sensor, quantity = properties["terrascope:sensor"], properties["terrascope:quantity"]
    gsd, credit, terms = (
        float(properties["gsd"]),
        properties["terrascope:attribution"],
        properties["terrascope:license"],
    )
    picture = "display" if quantity == "display" else "reflectance"
    encoding = str(properties.get("terrascope:encoding", "db")) if sensor == "sar" else picture
    made = []
    for key, asset in assets.items():
        if "data" not in (asset.get("roles") or ()):
            continue
        fields = band_fields(asset)[0]
        decided = own_scaling(quantity, Stated(fields.scale, fields.offset, fields.dtype))
        scale, offset = (decided.scale, decided.offset) if sensor == "optical" else (1.0, 0.0)
        size = float(asset["gsd"]) if "gsd" in asset else gsd
        made.append(Band(key, key, 1, scale, offset, fields.nodata, fields.dtype, size, encoding))
    notes = properties.get("terrascope:notes") or ()
    rule = next((name for name in _OWN_QUALITY if name in assets), None)
    return Reading(
        sensor=sensor,
        quantity=quantity,
        bands=tuple(made),
        quality=None if rule is None else Quality(rule, rule),
        gsd_m=gsd,
        notes=tuple(shown(n, 400) for n in ((notes,) if isinstance(notes, str) else tuple(notes)[:16])),
        verified="terrascope:place" in properties,
        license=shown(terms, 120),
        attribution=shown(credit, 300),
    )
