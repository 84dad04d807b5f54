"""What is known of collections beyond their own metadata: band names, meaning of codes, quality band, terms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from terrascope_sdk.errors import InputError
from terrascope_sdk.stac.profile_fields import band_names
from terrascope_sdk.stac.scaling import scaling_rules
from terrascope_sdk.types.encoding import JsonValue
from terrascope_sdk.types.scene import optical_quantities, sar_quantities

__all__ = ["CollectionProfile", "collection_profiles", "encodings", "find_profile", "register_collection"]

encodings: tuple[str, ...] = (
    "reflectance", "display", "linear_power", "db", "amplitude_dn", "amplitude_code", "complex", "elevation",
)  # fmt: skip
"""What a stored code can be; ``amplitude_dn`` needs the product's calibration, ``amplitude_code`` is
20 log10(code) - 83 dB."""

_QUANTITIES = {"optical": optical_quantities, "sar": sar_quantities, "elevation": ("elevation",)}
_SINCE_OFFSET = (4, 0)


@dataclass(frozen=True)
class CollectionProfile:
    """One collection of one catalogue, as this package reads it."""

    catalog: str
    """Name of the catalogue; ``*`` for any."""

    collections: tuple[str, ...]
    """Its ids there."""

    sensor: str
    """``optical``, ``sar`` or ``elevation``."""

    quantity: str
    """What the pixels are, once loaded; ``elevation`` for heights."""

    scaling: str
    """Rule of scale and offset, a key of :data:`terrascope_sdk.stac.scaling.scaling_rules`."""

    encoding: str = "reflectance"
    """What a stored code is: one of :data:`encodings`."""

    bands: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    """Asset -> name of its band, or names of its bands in file order; read from the item's fields when empty."""

    quality: Mapping[str, str] = field(default_factory=dict)
    """Asset -> rule of the quality band; the first asset that an item has counts."""

    gsd_m: float = 10.0
    """Pixel size of the finest band in metres, where an item does not state it."""

    revisit_days: float | None = None
    """Days between two looks at one place, with all satellites of the collection; None where it does not repeat."""

    nodata: float | None = None
    """Code of missing pixels, where an item does not state it."""

    dtype: str | None = None
    """Type of the codes, where an item does not state it."""

    license: str = ""
    """SPDX id or the name of the terms."""

    attribution: str = ""
    """Credit line; ``{year}`` becomes the year of acquisition."""

    notes: tuple[str, ...] = ()
    """What to be careful about, for every scene."""

    verified: bool = False
    """Whether the reading was checked against a recorded document of this collection."""

    baselines: tuple[str, ...] = ()
    """Processing baselines of the recorded documents, such as ``02.12``; empty where baselines do not matter."""

    def checked(self, catalog: str, baseline: tuple[int, int] | None) -> bool:
        """Return whether such an item was among the recorded documents.

        Args:
            catalog: Where the item comes from.
            baseline: Its processing baseline; before and since 04.00 are two kinds.
        """
        kinds = {tuple(int(n) for n in b.split(".")) >= _SINCE_OFFSET for b in self.baselines}
        known = self.catalog == catalog or (self.catalog == "*" and catalog == "unknown")
        return self.verified and known and (not kinds or baseline is None or (baseline >= _SINCE_OFFSET) in kinds)


_registered: dict[tuple[str, str], CollectionProfile] = {}


@cache
def _built_in() -> dict[tuple[str, str], CollectionProfile]:
    from terrascope_sdk.stac.profile_table import built_in_profiles

    return {(p.catalog, c): p for p in built_in_profiles() for c in p.collections}


def collection_profiles() -> tuple[CollectionProfile, ...]:
    """Return every profile, those a user registered first."""
    found = {id(p): p for p in (*_registered.values(), *_built_in().values())}
    return tuple(found.values())


def register_collection(profile: CollectionProfile) -> None:
    """Make a collection known, or say how to read one that is known already; later ones win.

    Args:
        profile: What is known of it.

    Raises:
        InputError: A name in it is not known here; the message has the known ones.

    Example:
        >>> from terrascope_sdk.stac.profiles import CollectionProfile, register_collection
        >>> lab = CollectionProfile("my-lab", ("mosaics",), "optical", "surface_reflectance", "stated",
        ...                         bands={"B1": "blue", "B2": "green", "B3": "red"}, gsd_m=3.0)
        >>> register_collection(lab)
    """
    if profile.sensor not in _QUANTITIES:
        raise InputError(f"{profile.sensor!r} is no sensor.", hint=f"Known are {', '.join(_QUANTITIES)}.")
    _known(profile.quantity, _QUANTITIES[profile.sensor], f"quantity of {profile.sensor} pixels")
    _known(profile.scaling, tuple(scaling_rules), "rule of scale and offset")
    _known(profile.encoding, encodings, "encoding")
    for names in profile.bands.values():
        for name in (names,) if isinstance(names, str) else names:
            _known(name, band_names, "band name")
    if not profile.collections:
        raise InputError("A profile names at least one collection.", hint="For example collections=('mosaics',).")
    for collection in profile.collections:
        _registered[profile.catalog, collection] = profile


def _known(value: str, legal: tuple[str, ...], what: str) -> None:
    if value not in legal:
        raise InputError(f"{value!r} is no {what}.", hint=f"Known are {', '.join(legal)}.")


def find_profile(item: dict[str, JsonValue], *, catalog: str) -> CollectionProfile | None:
    """Return what is known of an item's collection, or None.

    A collection of that catalogue comes first, then one of that id in any catalogue, then the mission and product that
    the item's own properties name.

    Args:
        item: A STAC item.
        catalog: Name of the catalogue, or ``unknown``.
    """
    collection = item.get("collection") or ""
    for known in (_registered, _built_in()):
        for key in ((catalog, collection), ("*", collection)):
            if key in known:
                return known[key]
    sign = _product(item.get("properties", {}))
    return _built_in().get(("*", sign)) if sign else None


def _product(properties: dict[str, JsonValue]) -> str:
    """Return the name of the mission's product that the properties declare, or an empty text."""
    kind = str(properties.get("s2:product_type") or properties.get("product:type") or "")
    if kind in ("S2MSI2A", "S2MSI1C"):
        return kind
    level = str(properties.get("landsat:correction") or properties.get("landsat:processing_level") or "")
    if level.startswith(("L2SP", "L2SR")) and properties.get("landsat:collection_number") == "02":
        return "landsat-c2-l2 by properties"
    radar = str(properties.get("sar:product_type") or "")
    mission = f"{properties.get('constellation')} {properties.get('platform')}".lower()
    return f"sentinel-1 {radar}" if "sentinel-1" in mission and radar in ("GRD",) else ""
