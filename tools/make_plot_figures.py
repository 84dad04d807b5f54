"""Make the figures of docs/plots.md by running the code on that page; their alternative texts are written into it.

Prints JSON. The bytes depend on the version of matplotlib, so --check compares the alternative texts only.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import re
import sys
import tempfile
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "plots.md"
IMAGES = ROOT / "docs" / "images"

BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
PICTURE = re.compile(r"!\[[^\]]*\]\(images/([\w.-]+)\)")


def run(text: str, folder: Path) -> None:
    """Run the Python blocks of a page, in order, as one program that writes into a folder."""
    names: dict[str, object] = {}
    here = Path.cwd()
    os.chdir(folder)
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            for block in BLOCK.findall(text):
                exec(compile(block, str(PAGE), "exec"), names)  # our own page
    finally:
        os.chdir(here)


def described(text: str, folder: Path) -> str:
    """Return the page with each picture's alternative text as its file tells it."""

    def told(match: re.Match[str]) -> str:
        with Image.open(folder / match.group(1)) as image:
            words = str(image.info["Description"]).replace("[", "(").replace("]", ")")
        return f"![{words}](images/{match.group(1)})"

    return PICTURE.sub(told, text)


def main() -> int:
    """Make the figures, or with --check say whether the page tells what they show."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when the page is out of date")
    check = parser.parse_args().check
    text = PAGE.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run(text, folder)
        page = described(text, folder)
        made = sorted(set(PICTURE.findall(text)))
        current = page == text and all((IMAGES / picture).exists() for picture in made)
        if not check:
            PAGE.write_text(page, encoding="utf-8")
            for picture in made:
                (IMAGES / picture).write_bytes((folder / picture).read_bytes())
    print(json.dumps({"page": "docs/plots.md", "figures": made, "up_to_date": current or not check}))
    return 1 if check and not current else 0


if __name__ == "__main__":
    sys.exit(main())
