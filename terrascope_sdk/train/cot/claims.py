"""What each sentence of a chain has to say, given its masks: the plain computation beside the one that wrote it."""

from collections.abc import Callable, Mapping

import numpy as np

from terrascope_sdk.train.cot.evidence import Evidence
from terrascope_sdk.train.cot.frame_places import QUARTERS, direction_of, place_of, quarter_counts

__all__ = ["EXPECTED", "Expected", "Values"]

Values = Mapping[str, str]
"""What stands in each slot of a sentence."""

Expected = dict[str, float | str]
"""What should stand there; ``kind`` is the sentence that should stand there."""


def _number(text: str) -> float:
    return float(text.replace(",", ""))


def _point(e: Evidence, v: Values) -> Expected:
    return {"count": e.count(v["name"]), "total": int(e.valid.sum())}


def _percent(e: Evidence, v: Values) -> Expected:
    count, total = e.count(v["name"]), int(e.valid.sum())
    return {"count": count, "total": total, "percent": 100 * count / total}


def _area(e: Evidence, v: Values) -> Expected:
    count = e.count(v["name"])
    return {"count": count, "pixel_m2": e.pixel_m2, "area": count * e.pixel_m2}


def _all_filled(e: Evidence, v: Values) -> Expected:
    union = np.logical_or.reduce([e.mask(name) for name in e.parts])
    return {"total": int((union & e.valid).sum()), "kind": "exists" if v["absent"] in e.parts else "all_filled"}


def _exists(e: Evidence, v: Values) -> Expected:
    return {"kind": "exists" if e.count(v["name"]) else "all_filled"}


def _regions(e: Evidence, v: Values) -> Expected:
    return {"regions": int((e.regions_px(v["name"]) >= _number(v["least"])).sum())}


def _outlines(e: Evidence, v: Values) -> Expected:
    e.mask(v["name"])
    return {"outlines": len(e.parts[v["name"]])}


def _quarters(e: Evidence, v: Values) -> Expected:
    return dict(zip(("ul", "ur", "ll", "lr"), quarter_counts(e.mask(v["name"])), strict=True))


def _most(e: Evidence, v: Values) -> Expected:
    return {"quarter": QUARTERS[int(np.argmax(quarter_counts(e.mask(v["name"]))))]}


def _centre(e: Evidence, v: Values) -> Expected:
    row, column = e.centre(v["name"])
    across, down = column / e.valid.shape[1], row / e.valid.shape[0]
    return {"across": 100 * across, "down": 100 * down, "place": place_of(across, down)}


def _edges(e: Evidence, name: str, other: str) -> int:
    a, b = e.mask(name), e.mask(other)
    across = (a[:, :-1] & b[:, 1:]).sum() + (b[:, :-1] & a[:, 1:]).sum()
    return int(across + (a[:-1] & b[1:]).sum() + (b[:-1] & a[1:]).sum())


def _border(e: Evidence, v: Values) -> Expected:
    lengths = {other: _edges(e, v["name"], other) for other in e.parts if other != v["name"]}
    edges = lengths.get(v["other"], 0)
    longest = max(lengths, key=lambda other: lengths[other], default="")
    return {"edges": edges, "other": v["other"] if edges == lengths.get(longest, 0) else longest}


def _ranking(e: Evidence, v: Values) -> Expected:
    larger, smaller = e.count(v["name"]), e.count(v["other"])
    return {"difference": larger - smaller, "percent": 100 * (larger - smaller) / max(larger, 1)}


def _touch(e: Evidence, v: Values) -> Expected:
    a, b = e.mask(v["name"]), e.mask(v["other"])
    met = int(((e.around(v["name"]) | a) & b).sum())
    return {"met": met, "kind": "touch" if met else "touch_not"}


def _distance(e: Evidence, v: Values) -> Expected:
    apart = e.apart_px(v["name"], v["other"])
    return {"px": apart, "gsd": e.gsd_m, "metres": apart * e.gsd_m}


def _nearest(e: Evidence, v: Values) -> Expected:
    apart = {other: e.apart_px(v["name"], other) for other in e.parts if other != v["name"]}
    return {"other": min(apart, key=lambda other: (apart[other], other != v["other"]))}


def _direction(e: Evidence, v: Values) -> Expected:
    (row, column), (row2, column2) = e.centre(v["name"]), e.centre(v["other"])
    right, down = column2 - column, row2 - row
    return {"right_px": right, "down_px": down, "direction": direction_of(right, down)}


def _between(e: Evidence, v: Values) -> Expected:
    start, end, point = (np.array(e.centre(v[slot])) for slot in ("name", "other", "third"))
    path = float(np.hypot(*(end - start)))
    along = float((point - start) @ (end - start)) / path
    aside = abs(float((end - start)[0] * (point - start)[1] - (end - start)[1] * (point - start)[0])) / path
    low, high, limit = (e.stated[f"between {slot}"] for slot in ("low", "high", "limit"))
    inside = low * path <= 100 * along <= high * path and 100 * aside <= limit * path
    return {
        "path": path, "percent": 100 * along / path, "aside": aside, "kind": "between" if inside else "between_not",
    }  # fmt: skip


def _contained(e: Evidence, v: Values) -> Expected:
    ring = e.around(v["name"]) & e.valid
    met, n = int((ring & e.mask(v["other"])).sum()), int(ring.sum())
    percent = 100 * met / n if n else 0.0
    inside = percent >= e.stated["containment limit"] and not _at_border(e, v["name"])
    return {"ring": n, "met": met, "percent": percent, "kind": "contained" if inside else "contained_not"}


def _at_border(e: Evidence, name: str) -> bool:
    mask = e.mask(name)
    return bool(mask[0].any() or mask[-1].any() or mask[:, 0].any() or mask[:, -1].any())


def _open_border(e: Evidence, v: Values) -> Expected:
    return {"kind": "open_border" if _at_border(e, v["name"]) else "contained"}


def _riparian(e: Evidence, v: Values) -> Expected:
    land = e.within(v["name"], e.stated["riparian within"]) & e.valid & ~e.mask(v["name"])
    strip, met = int(land.sum()), int((land & e.mask(v["other"])).sum())
    percent = 100 * met / max(strip, 1)
    return {"within": e.stated["riparian within"], "strip": strip, "met": met, "percent": percent}


def _near(e: Evidence, v: Values) -> Expected:
    metres = e.stated["exposure within"]
    count, met = e.count(v["name"]), int((e.mask(v["name"]) & e.within(v["other"], metres)).sum())
    return {"count": count, "met": met, "within": metres, "percent": 100 * met / max(count, 1)}


def _far(e: Evidence, v: Values) -> Expected:
    metres = e.stated["heat within"]
    count, met = e.count(v["name"]), int((e.mask(v["name"]) & ~e.within(v["other"], metres)).sum())
    return {"count": count, "met": met, "within": metres, "percent": 100 * met / max(count, 1)}


def _fragmented(e: Evidence, v: Values) -> Expected:
    count, largest = e.count(v["other"]), int(e.regions_px(v["other"]).max(initial=0))
    percent = 100 * largest / max(count, 1)
    whole = percent >= e.stated["fragmentation limit"]
    met = largest if e.count(v["name"]) == largest else e.count(v["name"]) - largest
    return {"met": met, "count": count, "percent": percent, "kind": "fragmented_not" if whole else "fragmented"}


def _change(wanted: str) -> Callable[[Evidence, Values], Expected]:
    def expected(e: Evidence, v: Values) -> Expected:
        before, after = e.mask(v["name"]), e.mask(v["other"])
        met = int((after & ~before if wanted == "gain" else before & ~after).sum())
        return {"met": met, "pixel_m2": e.pixel_m2, "area": met * e.pixel_m2}

    return expected


def _net(e: Evidence, v: Values) -> Expected:
    net = e.count(v["other"]) - e.count(v["name"])
    return {"net": net, "area": net * e.pixel_m2}


def _destroyed(e: Evidence, v: Values) -> Expected:
    e.mask(v["name"]), e.mask(v["other"])
    standing = {part.tobytes() for part in e.parts[v["name"]]}
    gone = [part.tobytes() in standing for part in e.parts[v["other"]]]
    met = len(gone) if all(gone) else -1  # an outline that never stood was not destroyed
    outlines = len(e.parts[v["name"]])
    return {"outlines": outlines, "met": met, "percent": 100 * met / max(outlines, 1)}


EXPECTED: Mapping[str, Callable[[Evidence, Values], Expected]] = {
    "point": _point, "percent": _percent, "area": _area, "all_filled": _all_filled, "exists": _exists,
    "regions": _regions, "outlines": _outlines, "quarters": _quarters, "most": _most, "centre": _centre,
    "border": _border, "ranking": _ranking, "touch": _touch, "touch_not": _touch, "distance": _distance,
    "nearest": _nearest, "direction": _direction, "between": _between, "between_not": _between,
    "contained": _contained, "contained_not": _contained, "open_border": _open_border, "riparian": _riparian,
    "near": _near, "far": _far, "fragmented": _fragmented, "fragmented_not": _fragmented, "gain": _change("gain"),
    "loss": _change("loss"), "net": _net, "destroyed": _destroyed,
}  # fmt: skip
"""How to recompute a sentence; sentences that state a rule, name an image or an option have no number of the masks."""
