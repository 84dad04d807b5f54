"""L1 questions about one class: whether it is there, how many regions it has, where it lies, how large it is."""

import numpy as np

from terrascope_sdk.train.cot.chain_rules import ChainRules
from terrascope_sdk.train.cot.drafts import Draft
from terrascope_sdk.train.cot.frame_places import PLACES, QUARTERS, place_of, quarter_counts
from terrascope_sdk.train.cot.nearness import centre_of
from terrascope_sdk.train.cot.rle import RunMap, encode_rle
from terrascope_sdk.train.cot.scene_view import SceneView

__all__ = ["any_of", "area", "counting", "existence", "localisation"]


def any_of(rng: np.random.Generator, among: list[str]) -> str:
    """Return one of some names."""
    return among[int(rng.integers(len(among)))]


def existence(view: SceneView, rng: np.random.Generator, rules: ChainRules) -> Draft | None:
    """Ask whether a class is there; half of the time for one that is not, if the classes that are leave no room."""
    few = len(view.present) <= rules.caption_classes
    missing = [key for key in view.scene.classes if not view.count(key)] if few else []
    draft = Draft("existence", rng, topic="existence")
    if missing and rng.random() < 0.5:
        absent = view.name(any_of(rng, missing))
        draft.ask(name=absent)
        for key in view.present:
            draft.mark_class(view, key)
        draft.say("all_filled", total=view.total, absent=absent)
        draft.conclude("no", options=("yes", "no"))
        return draft
    keys = view.classes_from(rules.caption_share)
    if not keys:
        return None
    key = any_of(rng, keys)
    draft.ask(name=view.name(key))
    draft.say("exists", name=draft.mark_class(view, key))
    draft.conclude("yes", options=("yes", "no"))
    return draft


def _outlines(view: SceneView) -> np.ndarray:
    """Return the number of the building at each pixel, int32[y x]; 0 everywhere where they are not told apart."""
    if view.scene.instances is None or "building" not in view.present:
        return np.zeros((1, 1), np.int32)
    return np.where(view.mask("building"), view.scene.instances, 0)


def counting(view: SceneView, rng: np.random.Generator, rules: ChainRules) -> Draft | None:
    """Ask for the number of buildings where they are told apart, else of connected regions."""
    shown = _outlines(view)
    numbers = [int(n) for n in np.unique(shown) if n]
    if 0 < len(numbers) <= rules.max_buildings and rng.random() < 0.7:
        draft = Draft("count_buildings", rng)
        draft.ask()
        masks = RunMap(shown).encode_each(numbers)
        draft.mark(view.name("building"), masks, count=int(np.count_nonzero(shown)), total=view.total)
        draft.say("outlines", name=view.name("building"), outlines=len(numbers))
        draft.conclude(len(numbers), topic="building")
        return draft
    keys = [key for key in view.present if view.counts[key] >= rules.min_region_px]
    for key in rng.permutation(keys).tolist():
        n = len(view.regions(key, rules.min_region_px))
        if not 1 <= n <= rules.max_count:
            continue
        draft = Draft("count_regions", rng)
        draft.ask(name=view.name(key), least=rules.min_region_px)
        name = draft.mark_class(view, key)
        draft.say("regions", name=name, least=rules.min_region_px, regions=n)
        draft.conclude(n, topic=key)
        return draft
    return None


def localisation(view: SceneView, rng: np.random.Generator, rules: ChainRules) -> Draft | None:
    """Ask for the quarter that holds most of a class, or for the place of its largest region."""
    for key in rng.permutation(view.classes_from(rules.caption_share)).tolist():
        draft = _most(view, rng, rules, key) if rng.random() < 0.5 else _largest(view, rng, rules, key)
        if draft is not None:
            return draft
    return None


def _most(view: SceneView, rng: np.random.Generator, rules: ChainRules, key: str) -> Draft | None:
    counts = quarter_counts(view.mask(key))
    first, second = sorted(counts, reverse=True)[:2]
    if first < rules.quarter_gap * second or 2 * first < sum(counts):
        return None
    draft = Draft("locate_most", rng)
    draft.ask(name=view.name(key))
    name = draft.mark_class(view, key)
    draft.say("quarters", name=name, **dict(zip(("ul", "ur", "ll", "lr"), counts, strict=True)))
    quarter = QUARTERS[int(np.argmax(counts))]
    draft.say("most", name=name, quarter=quarter)
    draft.conclude(quarter, options=QUARTERS)
    return draft


def _largest(view: SceneView, rng: np.random.Generator, rules: ChainRules, key: str) -> Draft | None:
    regions = view.regions(key, rules.min_region_px)
    if not len(regions) or (len(regions) > 1 and regions.sizes_px[0] == regions.sizes_px[1]):
        return None
    mask = regions.mask(0)
    row, column = centre_of(mask)
    across, down = column / view.width, row / view.height
    draft = Draft("locate_largest", rng)
    draft.ask(name=view.name(key))
    name = f"the largest region of {view.name(key)}"
    draft.mark(name, [encode_rle(mask)], count=int(regions.sizes_px[0]), total=view.total)
    place = place_of(across, down)
    draft.say("centre", name=name, across=100 * across, down=100 * down, place=place)
    draft.conclude(place, options=PLACES)
    return draft


def area(view: SceneView, rng: np.random.Generator, rules: ChainRules) -> Draft | None:
    """Ask for an area in percent, in m2, or for the larger of two."""
    keys = view.classes_from(rules.min_share)
    if not keys:
        return None
    form = int(rng.integers(3))
    if form == 2:
        draft = _ranking(view, rng, rules, keys)
        if draft is not None:
            return draft
    key = any_of(rng, keys)
    if form == 1:
        draft = Draft("area_absolute", rng)
        draft.ask(name=view.name(key), gsd=view.gsd_m)
        name = draft.mark_class(view, key)
        m2 = view.count(key) * view.pixel_m2
        draft.say("area", name=name, count=view.count(key), pixel_m2=view.pixel_m2, area=m2)
        draft.conclude(m2, topic=key)
        return draft
    draft = Draft("area_percent", rng)
    draft.ask(name=view.name(key))
    name = draft.mark_class(view, key)
    percent = 100 * view.share(key)
    draft.say("percent", name=name, count=view.count(key), total=view.total, percent=percent)
    draft.conclude(percent, topic=key)
    return draft


def _ranking(view: SceneView, rng: np.random.Generator, rules: ChainRules, keys: list[str]) -> Draft | None:
    pairs = [
        (larger, smaller)
        for i, larger in enumerate(keys)
        for smaller in keys[i + 1 :]
        if view.counts[larger] - view.counts[smaller] > rules.ranking_gap * view.counts[larger]
    ]
    if not pairs:
        return None
    larger, smaller = pairs[int(rng.integers(len(pairs)))]
    first, second = (larger, smaller) if rng.random() < 0.5 else (smaller, larger)
    draft = Draft("area_ranking", rng)
    draft.ask(name=view.name(first), other=view.name(second))
    for key in (first, second):
        draft.mark_class(view, key)
    gap = view.counts[larger] - view.counts[smaller]
    draft.say(
        "ranking", name=view.name(larger), other=view.name(smaller), difference=gap,
        percent=100 * gap / view.counts[larger],
    )  # fmt: skip
    draft.conclude(view.name(larger), options=(view.name(first), view.name(second)))
    return draft
