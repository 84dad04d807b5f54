"""The recorded public documents, and short ones written by hand."""

import json
from pathlib import Path

TIFF = "image/tiff; application=geotiff; profile=cloud-optimized"
FOLDER = Path(__file__).parents[1] / "data" / "stac"


def document(name):
    """Return one document, such as ``api/earth-search_collections.json``."""
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def recorded_items():
    """Return every recorded item, by ``file/id``."""
    found = {f"items/{p.name}": json.loads(p.read_text(encoding="utf-8")) for p in sorted(FOLDER.glob("items/*.json"))}
    for path in sorted(FOLDER.glob("api/*_search_*.json")):
        for item in json.loads(path.read_text(encoding="utf-8"))["features"]:
            found[f"api/{path.name}/{item['id']}"] = item
    return found


def item(assets, collection="lab", **properties):
    """Return an item with these assets; ``__`` in the name of a property is a colon."""
    made = {
        key: {"href": f"https://a.org/{key}.tif", "type": TIFF, "roles": ["data"]} | asset
        for key, asset in assets.items()
    }
    facts = {"datetime": "2023-06-01T10:00:00Z", "gsd": 10} | {k.replace("__", ":"): v for k, v in properties.items()}
    return {"id": "x", "collection": collection, "bbox": [0, 0, 1, 1], "properties": facts, "assets": made}


def eo(name, common, **raster):
    """Return an asset of one band as STAC 1.0 describes it."""
    return {"eo:bands": [{"name": name, "common_name": common}], "raster:bands": [raster]}


def named(reading):
    """Return band -> asset."""
    return {b.name: b.asset for b in reading.bands}
