"""L1 questions about two classes: whether they share a boundary, and how far apart they are."""

import math

import numpy as np
from scipy import ndimage

from terrascope_sdk.train.cot.chain_rules import ChainRules
from terrascope_sdk.train.cot.drafts import Draft
from terrascope_sdk.train.cot.nearness import closest_px, grown_square
from terrascope_sdk.train.cot.rle import encode_rle
from terrascope_sdk.train.cot.scene_view import SceneView
from terrascope_sdk.train.cot.tasks import NARROW

__all__ = ["boundary", "distance", "mark_opened"]


def boundary(view: SceneView, rng: np.random.Generator, rules: ChainRules) -> Draft | None:
    """Ask whether two classes share a boundary; a pair that does not is taken half of the time, if there is one."""
    keys = [
        key
        for key in view.classes_from(rules.min_boundary_share)
        if len(view.regions(key, rules.min_region_px)) <= rules.max_boundary_regions
    ]
    pairs = [(a, b) for i, a in enumerate(keys) for b in keys[i + 1 :]]
    if not pairs:
        return None
    codes = {key: view.scene.classes.index(key) for key in keys}
    apart = [(a, b) for a, b in pairs if not view.edges[codes[a], codes[b]]]
    touching = [pair for pair in pairs if pair not in apart]
    among = apart if apart and (not touching or rng.random() < 0.5) else touching
    first, second = among[int(rng.integers(len(among)))]
    if rng.random() < 0.5:
        first, second = second, first
    met = int(np.count_nonzero(grown_square(view.mask(first)) & view.mask(second)))
    draft = Draft("boundary", rng)
    draft.ask(name=view.name(first), other=view.name(second))
    names = [draft.mark_class(view, key) for key in (first, second)]
    draft.say("touch" if met else "touch_not", name=names[0], other=names[1], met=met)
    draft.conclude("yes" if met else "no", options=("yes", "no"))
    return draft


def mark_opened(draft: Draft, view: SceneView, key: str) -> str:
    """Point at a class without its narrow parts; return how the chain calls it."""
    mask = view.opened(key)
    name = view.name(key) + NARROW
    draft.mark(name, [encode_rle(mask)], count=int(np.count_nonzero(mask)), total=view.total)
    return name


def distance(view: SceneView, rng: np.random.Generator, rules: ChainRules) -> Draft | None:
    """Ask for the shortest distance of two classes, between pixel centres, after opening by 3 x 3."""
    keys = [
        key
        for key in view.classes_from(0.5 * rules.caption_share)
        if 1 <= ndimage.label(view.opened(key))[1] <= rules.max_distance_regions
    ]
    pairs = [(a, b) for i, a in enumerate(keys) for b in keys[i + 1 :]]
    codes = {key: view.scene.classes.index(key) for key in keys}
    pairs = [(a, b) for a, b in pairs if view.edges[codes[a], codes[b]] < view.height]  # long contacts are never far
    for index in rng.permutation(len(pairs))[:4].tolist():
        first, second = pairs[index]
        px = closest_px(view.opened(first), view.opened(second))
        if not rules.min_distance_px < px < math.inf:
            continue
        draft = Draft("distance", rng)
        draft.ask(name=view.name(first), other=view.name(second), gsd=view.gsd_m)
        names = [mark_opened(draft, view, key) for key in (first, second)]
        draft.say("distance", name=names[0], other=names[1], px=px, gsd=view.gsd_m, metres=px * view.gsd_m)
        draft.conclude(px * view.gsd_m, topic="distance")
        return draft
    return None
