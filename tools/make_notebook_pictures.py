"""Make the pictures of docs/notebook.md from the screenshots that `make test-ui` writes to out/ui."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parents[1]
CUT = {  # screenshot -> left, top, right, bottom in pixels: the output, without JupyterLab around it
    "chain-lit": (375, 235, 1230, 965),
    "map-swipe": (375, 245, 1230, 735),
    "ask-plan": (375, 260, 1230, 1045),
    "correct-painted": (375, 300, 1145, 815),
}


def main() -> int:
    """Cut, reduce the colours, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shots", type=Path, default=ROOT / "out" / "ui", help="folder of the screenshots")
    given = parser.parse_args()
    sizes = {}
    for name, box in CUT.items():
        target = ROOT / "docs" / "images" / f"notebook-{name}.png"
        with Image.open(given.shots / f"{name}.png") as image:
            small = image.convert("RGB").crop(box).quantize(192, method=Image.Quantize.MEDIANCUT)
            small.save(target, optimize=True)
        sizes[target.name] = target.stat().st_size
    print(json.dumps(sizes))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
