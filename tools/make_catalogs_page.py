"""Write docs/catalogs.md from the catalogues, the profiles and the recorded documents of the tests. Prints JSON."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from terrascope_sdk.stac.catalogs import catalog_of, known_catalogs
from terrascope_sdk.stac.describe import Band, describe_item
from terrascope_sdk.stac.profile_table import built_in_profiles
from terrascope_sdk.stac.profiles import CollectionProfile
from terrascope_sdk.stac.scaling import Stated, decide_scaling, processing_baseline

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "catalogs.md"
RECORDED = ROOT / "tests" / "data" / "stac"

HEAD = """# Catalogues

Where scenes come from, and how their pixels are read: which band is which, what a stored code means, which band says
where the ground was not seen. Scale and offset are applied once, decided by processing baseline and by the provider's
own flags, never by date. This page is written by `python tools/make_catalogs_page.py`.

Pass a name as `catalog`, the address of any STAC API, or the path of a `catalog.json` or a stac-geoparquet file.
"""

CHECKED = """## Checked against recorded documents

Each row is a kind of document that public catalogues published and that the tests read: value = code x scale + offset.
A document of no catalogue was written by the packages of stactools, for files that lie anywhere.
"""

UNCHECKED = """## Unverified

These work by what their providers describe, but no item of theirs is recorded: **unverified**. Look at the first values
you load. For NAIP, the Copernicus DEM and `sentinel-2-pre-c1-l2a` of Earth Search and for `landsat-c2-l2` of the
Planetary Computer, asset and band names were checked against the recorded description of the collection.
"""

OWN = """## Add a catalogue or a collection

```python
from terrascope_sdk.stac.catalogs import Catalog, register_catalog
from terrascope_sdk.stac.profiles import CollectionProfile, register_collection

register_catalog(Catalog("my-lab", "Our own scenes", "https://stac.example.org/api", license="CC-BY-4.0"))
register_collection(
    CollectionProfile(
        "my-lab",
        ("mosaics",),
        "optical",
        "surface_reflectance",
        "stated",
        bands={"B1": "blue", "B2": "green", "B3": "red"},
        gsd_m=3.0,
    )
)
```

A collection that nobody registered is read by its own fields (`eo:bands` and `raster:bands`, or `bands`); where they do
not suffice, the error names field and asset. The fifth argument is the rule of scale and offset: `stated` follows the
fields of a band, `sentinel2` the processing baseline and the flag `boa_offset_applied`, `landsat_c2_l2` and `hls`
their product guides, `display` makes picture codes 0 to 1, `as_stored` leaves radar and heights alone.
"""


def recorded_items() -> Iterator[dict]:
    """Yield every recorded item."""
    for path in sorted(RECORDED.glob("items/*.json")):
        yield json.loads(path.read_text(encoding="utf-8"))
    for path in sorted(RECORDED.glob("api/*_search_*.json")):
        yield from json.loads(path.read_text(encoding="utf-8"))["features"]


def numbers(values: set[float]) -> str:
    """Return the values of a column that are the same for all bands of a row."""
    return " and ".join(f"{v:g}" for v in sorted(values))


def unit(encoding: str) -> str:
    """Return what a code is, where it is not reflectance."""
    return "" if encoding in ("reflectance", "display", "elevation") else f" ({encoding.replace('_', ' ')})"


def recorded_rows() -> list[list[str]]:
    """Return one row for each kind of recorded document."""
    rows = {}
    for item in recorded_items():
        reading, baseline = describe_item(item), processing_baseline(item)
        catalog, collection = catalog_of(item), item.get("collection") or ""
        row = [
            "(none)" if catalog == "unknown" else catalog,
            collection or "(none)",
            f"{baseline[0]:02d}.{baseline[1]:02d}" if baseline else "",
            names(reading.bands),
            numbers({b.scale for b in reading.bands}),
            numbers({b.offset for b in reading.bands}),
            reading.quantity + unit(reading.bands[0].encoding),
            reading.quality.asset if reading.quality else "",
            "yes" if reading.verified else "**unverified**",
        ]
        kind = (*row[:3], *row[4:])
        if len(row[3]) > len(rows.get(kind, [""] * 4)[3]):  # scenes of a kind may lack a band
            rows[kind] = row
    return sorted(rows.values())


def names(bands: tuple[Band, ...]) -> str:
    """Return the bands of a scene, with the asset where it goes by another name."""
    return ", ".join(b.name if b.name == b.asset else f"{b.name} ({b.asset})" for b in bands)


def profile_names(profile: CollectionProfile) -> str:
    """Return the bands of a profile."""
    parts = [
        f"{n}" if n == asset else f"{n} ({asset})"
        for asset, named in profile.bands.items()
        for n in ((named,) if isinstance(named, str) else named)
    ]
    return ", ".join(parts) or "by the item's fields"


def profile_rows() -> list[list[str]]:
    """Return one row for each profile, and each side of the baseline, that no recorded item shows."""
    rows = []
    for profile in built_in_profiles():
        sides = [None] if profile.scaling != "sentinel2" else [(3, 1), (4, 0)]
        for side in sides:
            if profile.checked("unknown" if profile.catalog == "*" else profile.catalog, side):
                continue
            if profile.collections == ("sentinel-2-c1-l2a",) and side == (3, 1):
                continue  # Collection 1 begins with baseline 05.00
            rows.append(profile_row(profile, side))
    return sorted(rows)


def profile_row(profile: CollectionProfile, side: tuple[int, int] | None) -> list[str]:
    """Return the row of a profile, for baselines before or since 04.00 where they matter."""
    properties = {"s2:processing_baseline": f"{side[0]:02d}.{side[1]:02d}"} if side else {}
    decided = decide_scaling(profile.scaling, {"properties": properties}, Stated(dtype=profile.dtype))
    return [
        "any" if profile.catalog == "*" else profile.catalog,
        ", ".join(profile.collections),
        "" if side is None else ("since 04.00" if side >= (4, 0) else "before 04.00"),
        profile_names(profile),
        f"{decided.scale:g}",
        f"{decided.offset:g}",
        profile.quantity + unit(profile.encoding),
        next(iter(profile.quality), ""),
        "**unverified**",
    ]


def table(head: list[str], rows: list[list[str]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "/") for cell in line) + " |" for line in lines) + "\n"


def catalogs_table() -> str:
    """Return the table of catalogues by name."""
    rows = [
        [f"`{c.name}`", c.title, c.url or "", c.license, "; ".join(c.notes), "yes" if c.verified else "**unverified**"]
        for c in known_catalogs()
    ]
    return table(["name", "title", "address", "terms", "careful", "verified"], rows)


def page() -> str:
    """Return the page as Markdown."""
    columns = [
        "catalogue",
        "collection",
        "baseline",
        "bands (asset)",
        "scale",
        "offset",
        "quantity",
        "quality band",
        "verified",
    ]
    parts = [
        HEAD,
        catalogs_table(),
        CHECKED,
        table(columns, recorded_rows()),
        UNCHECKED,
        table(columns, profile_rows()),
        OWN,
    ]
    return "\n".join(parts)


def main() -> int:
    """Write the page, or with --check say whether it is up to date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when the page is out of date")
    check = parser.parse_args().check
    text = page()
    current = PAGE.exists() and PAGE.read_text(encoding="utf-8") == text
    if not check:
        PAGE.write_text(text, encoding="utf-8")
    print(json.dumps({"page": "docs/catalogs.md", "up_to_date": current or not check}))
    return 1 if check and not current else 0


if __name__ == "__main__":
    sys.exit(main())
