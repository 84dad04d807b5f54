"""Where optical bands lie in the spectrum, by sensor: the network sees wavelengths, never band numbers.

Sources: Sentinel-2 MSI, ESA Sentinel-2 User Handbook (2015), table 1; Landsat 4-5 TM and 8-9 OLI, USGS Landsat data
users handbooks; NAIP and drones: nominal values of frame cameras.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from terrascope_sdk.errors import InputError

__all__ = ["MAX_BANDS", "Band", "band_table", "bands_for", "usable"]

MAX_BANDS = 11
"""Most bands that the network takes at once."""


@dataclass(frozen=True)
class Band:
    """One optical band."""

    name: str
    """Common name, as in :class:`~terrascope_sdk.types.ImageSeries`."""

    centre_nm: float
    """Centre wavelength, nanometres."""

    width_nm: float
    """Full width at half maximum, nanometres."""


def _sensor(text: str) -> Mapping[str, Band]:
    rows = (row.split() for row in text.strip().splitlines())
    return MappingProxyType({name: Band(name, float(centre), float(width)) for name, centre, width in rows})


band_table: Mapping[str, Mapping[str, Band]] = MappingProxyType(
    {
        "sentinel-2": _sensor("""
        coastal 443 21
        blue 490 66
        green 560 36
        red 665 31
        rededge1 705 15
        rededge2 740 15
        rededge3 783 20
        nir 842 106
        nir08 865 21
        swir16 1610 91
        swir22 2190 175"""),
        "landsat-tm": _sensor("""
        blue 485 70
        green 560 80
        red 660 60
        nir 830 140
        swir16 1650 200
        swir22 2215 270"""),
        "landsat-oli": _sensor("""
        coastal 443 16
        blue 482 60
        green 561 57
        red 655 37
        nir 865 28
        nir08 865 28
        swir16 1609 85
        swir22 2201 187"""),
        "camera": _sensor("""
        blue 460 100
        green 550 100
        red 650 100
        nir 830 120"""),
    }
)
"""Bands by sensor and common name."""

_ALIASES = {"rededge071": "rededge1", "rededge075": "rededge2", "rededge078": "rededge3", "nir09": "", "cirrus": ""}


def _family(platform: str, gsd_m: float) -> str:
    name = platform.lower()
    if "landsat" in name or "hls" in name:
        old = any(name.endswith(f"-{n}") for n in (4, 5, 7))
        return "landsat-tm" if old else "landsat-oli"
    return "camera" if "drone" in name or "naip" in name or gsd_m < 3 else "sentinel-2"


def usable(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return those band names whose place in the spectrum is known and of use for land cover, in order."""
    known = {n for bands in band_table.values() for n in bands}
    return tuple(n for n in names if _ALIASES.get(n, n) in known)


def bands_for(names: tuple[str, ...], *, platform: str = "", gsd_m: float = 10.0) -> tuple[Band, ...]:
    """Return the bands of a series; those for water vapour and cirrus are left out.

    Args:
        names: Common names in the order of the band axis.
        platform: Platform as the catalogue names it; decides between sensors that use the same names.
        gsd_m: Ground sample distance, metres; below 3 m a frame camera is assumed.

    Raises:
        InputError: No band is known, or one band cannot show land cover; the message names the bands.
    """
    table = band_table[_family(platform, gsd_m)]
    fallback = band_table["sentinel-2"]
    kept = usable(names)
    if len(kept) < 2:
        listed = ", ".join(names) or "none"
        raise InputError(
            f"The network cannot map land cover from the bands {listed}.",
            hint="It needs at least two of: coastal, blue, green, red, rededge1-3, nir, nir08, swir16, swir22.",
        )
    found = (_ALIASES.get(n, n) for n in kept)
    return tuple(table.get(n) or fallback[n] for n in found)
