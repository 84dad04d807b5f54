"""Take a picture of an HTML file with headless Chromium (Debian's package `chromium`), as docs/images are made.

For example: python tools/shoot.py out/demo/report.html docs/images/report.png --width 1000 --height 1340
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--hide-scrollbars",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip


MARGIN = 600  # headless Chromium may leave the last rows of a window unpainted


def shoot(page: Path, picture: Path, *, width: int, height: int, colours: int) -> None:
    """Write a PNG of the upper part of a page, with few colours so that it stays small."""
    browser = shutil.which("chromium")
    if browser is None:
        raise SystemExit("Chromium is not installed: apt-get install chromium")
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "shot.png"
        command = [browser, *FLAGS, f"--user-data-dir={folder}/profile", f"--window-size={width},{height + MARGIN}"]
        subprocess.run(
            [*command, f"--screenshot={raw}", page.resolve().as_uri()], check=True, capture_output=True, timeout=120
        )
        picture.parent.mkdir(parents=True, exist_ok=True)
        with Image.open(raw) as image:
            image.convert("RGB").crop((0, 0, width, height)).quantize(colours, method=Image.Quantize.MEDIANCUT).save(
                picture, optimize=True
            )


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("page", type=Path, help="an HTML file")
    parser.add_argument("picture", type=Path, help="the PNG to write")
    parser.add_argument("--width", type=int, default=1000, help="window width, px")
    parser.add_argument("--height", type=int, default=1300, help="window height, px")
    parser.add_argument("--colours", type=int, default=128, help="colours of the palette")
    asked = parser.parse_args()
    shoot(asked.page, asked.picture, width=asked.width, height=asked.height, colours=asked.colours)
    print(json.dumps({"picture": str(asked.picture), "bytes": asked.picture.stat().st_size}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
