"""Record a search and the pixels of a small public catalogue, for tutorials that run without a network.

The catalogue is a static one: the bundled scenes of one place, served over HTTP from this machine for the time of the
recording. What is recorded (answers and pieces of files) goes into the folder given; `ts.replay` serves it again.
Prints a JSON summary.
"""

from __future__ import annotations

import argparse
import copy
import json
import shutil
import tempfile
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import terrascope_sdk as ts
from terrascope_sdk.stac.bundled import asset_path, bundled_items

if TYPE_CHECKING:
    from collections.abc import Iterator


def write_catalog(folder: Path, place: str, url: str) -> None:
    """Write the scenes of a place as a static catalogue whose links lead to a server."""
    links = [{"rel": "root", "href": f"{url}/catalog.json"}]
    for item in copy.deepcopy(bundled_items()):
        if not str(item["id"]).startswith(place):
            continue
        for asset in item["assets"].values():
            target = folder / asset["href"]
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(asset_path(asset["href"]), target)
            asset["href"] = f"{url}/{asset['href']}"
        item["links"] = []
        (folder / f"{item['id']}.json").write_text(json.dumps(item))
        links.append({"rel": "item", "href": f"{url}/{item['id']}.json"})
    catalog = {
        "type": "Catalog", "stac_version": "1.1.0", "id": f"{place}-over-http", "links": links,
        "description": f"The scenes of {place} that come with the package, served over HTTP.",
    }  # fmt: skip
    (folder / "catalog.json").write_text(json.dumps(catalog))


@contextmanager
def serving(folder: Path, port: int) -> Iterator[None]:
    """Serve a folder on loopback, with ranges, as long as the context lasts."""
    import uvicorn
    from starlette.applications import Starlette
    from starlette.routing import Mount
    from starlette.staticfiles import StaticFiles

    app = Starlette(routes=[Mount("/", StaticFiles(directory=folder))])
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="warning"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()


def main() -> int:
    """Record."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where the recording goes; emptied first")
    parser.add_argument("--place", default="slovenia", help="bundled place")
    parser.add_argument("--time", default="2015-07/2015-09", help="window of time")
    parser.add_argument("--port", type=int, default=8765, help="port of the address that the recording holds")
    given = parser.parse_args()
    shutil.rmtree(given.folder, ignore_errors=True)
    url = f"http://localhost:{given.port}"
    with tempfile.TemporaryDirectory() as scratch, tempfile.TemporaryDirectory() as site:
        folder = Path(site)
        write_catalog(folder, given.place, url)
        with serving(folder, given.port), ts.record(Path(scratch) / "tape"):
            scenes = ts.search(given.place, catalog=f"{url}/catalog.json", time=given.time, sensor="optical")
            stack = ts.load(scenes, aoi=given.place)
        shutil.move(Path(scratch) / "tape", given.folder)
    files = [f for f in given.folder.rglob("*") if f.is_file()]
    size = sum(f.stat().st_size for f in files)
    print(json.dumps({"scenes": len(scenes), "stack": stack.id, "files": len(files), "bytes": size}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
