"""Check what `make demo` wrote: the answer, the report, the masks. Prints JSON; exits 1 when something is wrong."""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path

REFERENCE_SHARE = 0.2673
"""Share of water in the hand-drawn map of this chip (Sen1Floods11, Spain_7370579; Bonafilia et al. 2020)."""

TOLERANCE = 0.05


def problems(folder: Path) -> list[str]:
    """Return what is wrong with a demo folder, as sentences."""
    found = []
    answer = json.loads((folder / "answer.json").read_text(encoding="utf-8"))
    shares = [m["value"] for m in answer["measurements"] if m["name"] == "share"]
    areas = [m for m in answer["measurements"] if m["name"] == "area"]
    if answer["status"] != "answered":
        found.append(f"status is {answer['status']}")
    if not shares or abs(shares[0] - REFERENCE_SHARE) > TOLERANCE:
        found.append(f"share {shares} is not within {TOLERANCE} of {REFERENCE_SHARE}")
    if not areas or areas[0]["unit"] != "m2" or not areas[0]["low"] <= areas[0]["value"] <= areas[0]["high"]:
        found.append(f"no area in m2 with bounds: {areas}")
    report = (folder / "report.html").read_text(encoding="utf-8")
    loads = re.findall(r"""(?:src|href)\s*=\s*["']?(?!data:|#)([^"'\s>]+)""", report)
    if loads:
        found.append(f"the report loads {loads[:3]}")
    tifs, outlines = sorted(folder.glob("*.tif")), sorted(folder.glob("*.geojson"))
    masks = {m for c in answer["chain"] for s in c["steps"] if s["mask"] for m in [s["mask"]["id"]]}
    if not len(tifs) == len(outlines) == len(masks) > 0:
        found.append(f"{len(masks)} masks, but {len(tifs)} GeoTIFFs and {len(outlines)} GeoJSONs")
    return found


def main() -> int:
    """Run the check."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="what the demo wrote, for example out/demo")
    folder = parser.parse_args().folder
    found = problems(folder)
    print(json.dumps({"folder": str(folder), "problems": found}))
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
