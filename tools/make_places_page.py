"""Write docs/places.md from the bundled catalogue, so that the page cannot drift. Prints JSON."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from terrascope_sdk.stac import places

PAGE = Path(__file__).parents[1] / "docs" / "places.md"

HEAD = """# Bundled places

Real scenes inside the package: pass a name as `aoi`. This page is written by `python tools/make_places_page.py`.
"""


def page() -> str:
    """Return the page as Markdown."""
    parts = [HEAD]
    for place in places():
        west, south, east, north = place.bbox
        when = (
            place.dates[0]
            if len(place.dates) == 1
            else f"{len(place.dates)} dates, {place.dates[0]} to {place.dates[-1]}"
        )
        traps = "\n".join(f"- {trap}" for trap in place.traps)
        parts.append(
            f"## {place.name}\n\n**{place.title}.** {place.description}\n\n"
            f"| | |\n|---|---|\n| sensors | {' and '.join(place.sensors)} |\n| dates | {when} |\n"
            f"| pixels | {place.quantity} |\n"
            f"| west, south, east, north | {west:.4f}, {south:.4f}, {east:.4f}, {north:.4f} |\n"
            f"| credit | {place.attribution} |\n| terms | {place.license} |\n\nTraps:\n\n{traps}\n"
        )
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
    print(json.dumps({"page": "docs/places.md", "up_to_date": current or not check}))
    return 1 if check and not current else 0


if __name__ == "__main__":
    sys.exit(main())
