"""How fast views are there: a chain of twelve masks, a saved notebook of ten answers, a step of the map's slider.

A real JupyterLab in Debian's Chromium. Prints JSON; --json writes it to a file. Times are medians of the repeats.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from tests.ui.lab import FLAGS, Book, Lab, chromium  # noqa: E402  # the harness of the browser tests

if TYPE_CHECKING:
    from playwright.sync_api import Browser

MADE = """
import time
import numpy as np
from dataclasses import replace
from datetime import UTC, datetime
from terrascope_sdk.testing import disc_mask, utm_grid
from terrascope_sdk.types import Answer, Picture, ReasoningChain, Step
from terrascope_sdk.notebook.chain_view import ChainView
from terrascope_sdk.notebook.map_view import MapView
grid, rng = utm_grid(size_px={side}), np.random.default_rng(0)
y, x = np.mgrid[:{side}, :{side}]
ground = 110 + 60 * np.sin(x / 37) * np.cos(y / 53) + rng.normal(0, 12, ({side}, {side}))
rgb = np.clip(np.dstack([ground, 0.9 * ground, 0.8 * ground]), 0, 255).astype(np.uint8)
days = [datetime(2020 + i, 7, 1, tzinfo=UTC) for i in range(2)]
pictures = tuple(Picture(rgb, np.ones(grid.shape, bool), grid, f"image {{d:%Y}}", "optical", d) for d in days)
steps = []
for i in range({masks}):
    mask = disc_mask(grid, radius_m=300.0 + 350 * i)
    wavy = mask.pixels & (np.sin(x / (7 + i)) + np.cos(y / (9 + i)) > -1.2)
    mask = replace(mask, pixels=wavy, date=days[i % 2], sensor="optical", label=f"class {{i}}")
    steps.append(Step("ground", f"Step {{i}}: something was found here.", mask))
answer = Answer("A question", "answered", "An answer.", chains=(ReasoningChain("A question", tuple(steps)),),
                pictures=pictures[:{pictures}])
"""

SHOWN = (
    "document.querySelectorAll('.tsv-step').length >= {masks}"
    " && [...document.querySelectorAll('.tsv-frame img')].every(i => i.complete && i.naturalWidth)"
)


def shown(book: Book, masks: int) -> float:
    """Return seconds from the call that shows an answer to its last picture."""
    page = book.page
    book.run_next()
    page.wait_for_selector(".tsv-question", timeout=120_000)
    started = page.evaluate("() => performance.now()")
    book.run_next()
    page.wait_for_function(f"() => {SHOWN.format(masks=masks)}", timeout=60_000, polling=20)
    ended = page.evaluate("() => performance.now()")
    return (ended - started) / 1000


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--masks", type=int, default=12)
    parser.add_argument("--side", type=int, default=1024, help="side of the scene in pixels")
    parser.add_argument("--answers", type=int, default=10, help="answers in the saved notebook")
    parser.add_argument("--json", type=Path, help="where the result goes")
    given = parser.parse_args()
    if chromium() is None:
        print("Chromium is not installed: apt-get install chromium", file=sys.stderr)
        return 2
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        lab = Lab(Path(folder), Path(folder) / "workspace")
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        try:
            result = {
                "masks": given.masks, "side_px": given.side, "repeats": given.repeats,
                **chain_times(lab, browser, given), **slider_times(lab, browser, given),
                **reopening(lab, browser, given),
            }  # fmt: skip
        finally:
            browser.close()
            lab.stop()
    text = json.dumps(result, indent=1)
    print(text)
    if given.json:
        given.json.write_text(text + "\n")
    return 0


def chain_times(lab: Lab, browser: Browser, given: argparse.Namespace) -> dict[str, float]:
    """Return how long a chain takes until it is seen, and what went over the wire."""
    made = MADE.format(side=given.side, masks=given.masks, pictures=1)
    sizes = "print(sum(len(v) for v in view.images.values()) + len(__import__('json').dumps(view.document)))"
    times = []
    for number in range(given.repeats):
        name = f"chain-{number}.ipynb"
        lab.write(name, made + "view = ChainView()\ndisplay(view)", "view.show(answer); None", sizes)
        page = browser.new_page(viewport={"width": 1280, "height": 1000})
        book = Book(lab, page, name)
        times.append(shown(book, given.masks))
        book.run_next()
        found = "[...document.querySelectorAll('.jp-OutputArea-output pre')].map(p => p.innerText.trim())"
        number_of = f"{found}.find(t => /^[0-9]+$/.test(t))"
        sent = int(page.wait_for_function(f"() => {number_of}").json_value())
        page.close()
    return {"chain_shown_s": round(statistics.median(times), 3), "chain_sent_bytes": sent}


def slider_times(lab: Lab, browser: Browser, given: argparse.Namespace) -> dict[str, float]:
    """Return how long a step of the date slider takes until the other image is shown."""
    made = MADE.format(side=given.side, masks=given.masks, pictures=2)
    lab.write("slider.ipynb", made + "world = MapView(answer)\ndisplay(world)")
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    book = Book(lab, page, "slider.ipynb")
    book.run_next()
    page.wait_for_selector("img.leaflet-image-layer", state="attached", timeout=120_000)
    page.wait_for_timeout(1500)
    layers = "[...document.querySelectorAll('img.leaflet-image-layer')]"
    visible = f"() => {layers}.map(i => getComputedStyle(i).display + i.style.opacity).join()"
    times = []
    slider = page.locator(".widget-slider .noUi-handle, .widget-slider .ui-slider-handle, [role=slider]").first
    for number in range(2 * given.repeats):
        before = page.evaluate(visible)
        slider.focus()
        started = page.evaluate("() => performance.now()")
        page.keyboard.press("ArrowRight" if number % 2 == 0 else "ArrowLeft")
        page.wait_for_function(f"b => ({visible})() !== b", arg=before, polling=5)
        times.append(page.evaluate("() => performance.now()") - started)
    page.close()
    return {"slider_step_ms": round(statistics.median(times), 1)}


def reopening(lab: Lab, browser: Browser, given: argparse.Namespace) -> dict[str, float]:
    """Return how long a saved notebook of several answers takes to open, beyond an empty one."""
    made = MADE.format(side=256, masks=3, pictures=1)
    cells = [made, *(["display(ChainView(answer))"] * given.answers)]
    lab.write("many.ipynb", *cells)
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    book = Book(lab, page, "many.ipynb")
    for _ in cells:
        book.run_next()
    page.wait_for_function(f"() => document.querySelectorAll('.tsv').length >= {given.answers}", timeout=180_000)
    page.wait_for_timeout(1000)
    book.save()
    book.shut_down()
    page.close()
    lab.write("empty.ipynb", "1")
    times = {"many.ipynb": [], "empty.ipynb": []}
    for _ in range(given.repeats):
        for name, found in times.items():
            page = browser.new_page(viewport={"width": 1280, "height": 1000})
            page.goto(lab.address(name))
            ready = (
                f"document.querySelectorAll('.ts-question').length >= {given.answers}"
                if name == "many.ipynb"
                else "document.querySelectorAll('.jp-Notebook .jp-Cell').length >= 1"
            )
            page.wait_for_function(f"() => {ready}", timeout=60_000, polling=20)
            found.append(page.evaluate("() => performance.now()") / 1000)
            page.close()
    many, empty = (statistics.median(times[n]) for n in ("many.ipynb", "empty.ipynb"))
    return {"saved_open_s": round(many - empty, 3), "saved_open_with_jupyterlab_s": round(many, 3)}


if __name__ == "__main__":
    raise SystemExit(main())
