"""Map water and vegetation with the index-based reasoner on every bundled scene; print JSON, write the docs' table.

Where the package ships a reference (Bolzano's scene classification, Slovenia's land-use register), the mask is compared
with it. The classification is itself an algorithm's output on the same pixels: agreement with it is not accuracy.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path

import numpy as np
import rasterio

from terrascope_sdk.engine.built_up import built_or_bare
from terrascope_sdk.engine.indices import IndexReasoner
from terrascope_sdk.errors import GroundingError
from terrascope_sdk.stac import load, places, search
from terrascope_sdk.stac.bundled import asset_path
from terrascope_sdk.types import GroundRequest, Mask, Scene

PAGE = Path(__file__).parents[1] / "docs" / "indices.md"
BEGIN, END = "<!-- table: python tools/report_indices.py --write -->", "<!-- end of table -->"
REFERENCES = {  # place -> (asset, no data, classes by concept)
    "bolzano": ("scl", 0, {"water": (6,), "vegetation": (4,)}),
    "slovenia": ("lulc", 0, {"water": (5,), "vegetation": (1, 2, 3, 4)}),
}


def reference_of(scene: Scene, place: str, concept: str, mask: Mask) -> dict[str, float] | None:
    """Return the reference share and the intersection over union, on commonly observed pixels; None without one."""
    if place not in REFERENCES:
        return None
    asset, missing, classes = REFERENCES[place]
    with rasterio.open(asset_path(scene.item["assets"][asset]["href"])) as file:
        codes = file.read(1)
    seen = mask.valid & (codes != missing)
    truth, found = np.isin(codes, classes[concept]) & seen, mask.pixels & seen
    either = int((truth | found).sum())
    iou = float((truth & found).sum() / either) if either else float("nan")
    return {"reference_share": round(float(truth.sum() / seen.sum()), 4), "iou": round(iou, 3) if either else None}


def rows() -> list[dict[str, object]]:
    """Return one row for each place, date, sensor and concept."""
    reasoner, found = IndexReasoner(), []
    for place in places():
        scenes = search(place.name)
        stack = load(scenes, aoi=place.name)
        by_id = {s.id: s for s in scenes}
        for sensor in stack.sensors:
            series = stack.series(sensor)
            for when in range(len(series)):
                for concept in ("water", "vegetation"):
                    row: dict[str, object] = {
                        "place": place.name, "date": series.when(when), "sensor": sensor, "concept": concept
                    }  # fmt: skip
                    start = time.perf_counter()
                    try:
                        mask = list(reasoner.ground(stack, GroundRequest(concept, sensor, when)))[-1].mask
                    except GroundingError as err:
                        row["refused"] = str(err)
                    else:
                        assert mask is not None
                        row["share"] = round(float(mask.pixels.sum() / mask.valid.sum()), 4)
                        row |= reference_of(by_id[series.scene_ids[when][0]], place.name, concept, mask) or {}
                    row["seconds"] = round(time.perf_counter() - start, 3)
                    found.append(row)
    return found


def built_up_index() -> dict[str, float]:
    """Return, by month, the share of the Belgian scene that NDBI would call built-up."""
    series = load(search("belgium", sensor="optical"), aoi="belgium").series("optical")
    shares = {}
    for when in range(len(series)):
        marked = built_or_bare(series, when)
        if marked is not None:
            shares[series.when(when)] = round(float(marked[series.valid[when]].mean()), 4)
    return shares


def table(found: list[dict[str, object]]) -> str:
    """Return the rows as Markdown: one line for each place, sensor and concept, dates side by side."""
    lines = ["| place | sensor | concept | mapped share by date | reference share, IoU |", "|---|---|---|---|---|"]
    keys = dict.fromkeys((r["place"], r["sensor"], r["concept"]) for r in found)
    for place, sensor, concept in keys:
        group = [r for r in found if (r["place"], r["sensor"], r["concept"]) == (place, sensor, concept)]
        if all("refused" in r and "Undecided" not in str(r["refused"]) for r in group):
            continue
        shares = ", ".join(f"{r['date']}: {_share(r)}" for r in group)
        told = dict.fromkeys(f"{r['reference_share']:.1%}, {r['iou']}" for r in group if "reference_share" in r)
        lines.append(f"| {place} | {sensor} | {concept} | {shares} | {'; '.join(told)} |")
    return "\n".join(lines)


def _share(row: dict[str, object]) -> str:
    if "share" in row:
        return f"{row['share']:.1%}" if row["share"] else "absent"
    return "undecided" if "Undecided" in str(row["refused"]) else "not seen"


def main() -> int:
    """Run everything."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help="put the table into docs/indices.md")
    write = parser.parse_args().write
    found = rows()
    if write:
        text = PAGE.read_text(encoding="utf-8")
        head, _, rest = text.partition(BEGIN)
        PAGE.write_text(f"{head}{BEGIN}\n\n{table(found)}\n\n{END}{rest.partition(END)[2]}", encoding="utf-8")
    print(json.dumps({"rows": found, "ndbi_belgium": built_up_index()}, indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
