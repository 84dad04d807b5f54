"""Make this folder again from the development samples: python make_data.py SAMPLES (a folder with the scenes' folders).

Copies label files whose licence is clear, drops what tests do not need, and keeps the questions about them.
"""

import json
import shutil
import sys
from pathlib import Path

import numpy as np
import rasterio

HERE = Path(__file__).parent
WHOLE = {
    "s2-slovenia-timeseries": ["lulc.tif"],
    "nlcd-zion-labels": ["nlcd.tif"],
    "labels-france-2016-2019": ["naf_2016.tif", "naf_2019.tif", "urbain_2016.tif", "urbain_2019.tif"],
    "landsat8-l2-overview": ["LC08_L2SP_008059_20191201_20200825_02_T1_QA_PIXEL.TIF"],
}
REDUCED = {
    "s2-slovenia-timeseries": "`timeseries.npz` holds only `cloud_mask` and `timestamps`; the images are left out.",
    "cloudmask-landsat7": "`landsat7.npz` holds only `msk`; the image is left out.",
    "s2-l2a-bolzano": "bands 1 to 4 of `S2_L2A_sample.tif` are emptied (0); band 5, the classes, is unchanged.",
    "landsat8-l2-overview": "only the QA band is here.",
}
ABOUT = """
## In this repository

`questions.jsonl` holds the questions about those scenes whose label has a clear licence; the labels lie in the sibling
folders, each with its README (source, licence, what was left out). `more_questions.jsonl` holds further ones over the
same scenes and other label forms; their answers were counted by brute force, apart from the package: counts over the
arrays, geodesic polygons of pixels, every pair of border pixels. `make_data.py` makes
the folder again, but for that file.
"""


def main(samples: Path) -> None:
    for scene in sorted({*WHOLE, *REDUCED}):
        folder = HERE / scene
        folder.mkdir(exist_ok=True)
        for name in WHOLE.get(scene, []):
            shutil.copyfile(samples / scene / name, folder / name)
        readme = (samples / scene / "README.md").read_text(encoding="utf-8")
        if scene in REDUCED:
            readme += f"\nReduced for these tests: {REDUCED[scene]}\n"
        (folder / "README.md").write_text(readme, encoding="utf-8")
    with np.load(samples / "s2-slovenia-timeseries" / "timeseries.npz") as series:
        kept = {name: series[name] for name in ("cloud_mask", "timestamps")}
    np.savez_compressed(HERE / "s2-slovenia-timeseries" / "timeseries.npz", **kept)
    with np.load(samples / "cloudmask-landsat7" / "landsat7.npz") as chip:
        np.savez_compressed(HERE / "cloudmask-landsat7" / "landsat7.npz", msk=chip["msk"])
    with rasterio.open(samples / "s2-l2a-bolzano" / "S2_L2A_sample.tif") as source:
        classes, profile = source.read(5), source.profile
        names = [source.tags(band)["DESCRIPTION"] for band in source.indexes]
    empty = np.zeros_like(classes)
    profile.update(interleave="band", compress="deflate", zlevel=9)
    with rasterio.open(HERE / "s2-l2a-bolzano" / "S2_L2A_sample.tif", "w", **profile) as target:
        for band, name in enumerate(names, start=1):
            target.write(classes if band == 5 else empty, band)
            target.update_tags(band, DESCRIPTION=name)
    lines = (samples / "questions" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    kept_lines = [line for line in lines if json.loads(line)["scene"] in {*WHOLE, *REDUCED}]
    (HERE / "questions.jsonl").write_text("\n".join(kept_lines) + "\n", encoding="utf-8")
    convention = (samples / "questions" / "README.md").read_text(encoding="utf-8")
    (HERE / "README.md").write_text(convention + ABOUT, encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
