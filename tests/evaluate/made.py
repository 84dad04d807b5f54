"""Label files and questions by formula."""

import json
import warnings

import numpy as np
import rasterio
from affine import Affine

from terrascope_sdk.evaluate import Question, answer_question

UTM = ("EPSG:32632", Affine(10, 0, 500_000, 0, -10, 5_000_000))


def write_tif(path, codes, *, crs=UTM[0], transform=UTM[1], nodata=None, names=None, tags=None, compress="deflate"):
    """Write a label or an image; codes are (y, x) or (band, y, x). Without a CRS the file has no georeference."""
    bands = codes[None] if codes.ndim == 2 else codes
    path.parent.mkdir(parents=True, exist_ok=True)
    place = {} if crs is None else {"crs": crs, "transform": transform}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)
        with rasterio.open(
            path, "w", driver="GTiff", height=bands.shape[1], width=bands.shape[2], count=len(bands),
            dtype=bands.dtype, nodata=nodata, compress=compress, photometric="MINISBLACK", **place,
        ) as file:  # fmt: skip
            file.write(bands)
            for number, name in enumerate(names or [], start=1):
                file.set_band_description(number, name)
            file.update_tags(**(tags or {}))
    return path


def record(**fields):
    """Return the fields of a question; what is left out is empty."""
    blank = {"id": "q", "scene": "here", "task": "coverage", "question": "What percentage is water?", "images": [],
             "label": "label.tif", "label_values": [1]}  # fmt: skip
    return blank | fields


def ask(folder, *, reasoner=None, **fields):
    """Answer a question about the scene that `folder` is."""
    question = Question.from_record(record(scene=folder.name, **fields))
    return answer_question(question, folder.parent, reasoner=reasoner)


def write_lines(path, *records):
    path.write_text("\n".join(r if isinstance(r, str) else json.dumps(r) for r in records) + "\n", encoding="utf-8")
    return path


def halves(height=20, width=30, *, split=12):
    """Return a map of 1 (left) and 2 (right), split at a column."""
    codes = np.full((height, width), 2, np.uint8)
    codes[:, :split] = 1
    return codes
