"""L2-Semantic: what masks mean by a stated rule: riparian buffers, fragmentation, urban heat, exposure to floods."""

import numpy as np

from terrascope_sdk.train.cot.chain_rules import ChainRules
from terrascope_sdk.train.cot.drafts import Draft
from terrascope_sdk.train.cot.rle import encode_rle
from terrascope_sdk.train.cot.scene_view import ALL_BUILT, ALL_PLANTS, SceneView

__all__ = ["exposure", "fragmentation", "heat", "riparian"]


def _enough(view: SceneView, rules: ChainRules, *keys: str) -> bool:
    return all(view.share(key) >= rules.caption_share for key in keys)


def riparian(view: SceneView, rng: np.random.Generator, rules: ChainRules) -> Draft | None:
    """Ask which share of the land along water is vegetation."""
    if not _enough(view, rules, "water", ALL_PLANTS):
        return None
    land = view.near("water", rules.riparian_m) & view.valid & ~view.mask("water")
    strip = int(np.count_nonzero(land))
    if strip < rules.min_region_px:
        return None
    met = int(np.count_nonzero(land & view.mask(ALL_PLANTS)))
    draft = Draft("riparian", rng, rule="riparian buffer")
    draft.ask(within=rules.riparian_m, gsd=view.gsd_m)
    water, plants = (draft.mark_class(view, key) for key in ("water", ALL_PLANTS))
    draft.say("rule_riparian", within=rules.riparian_m)
    percent = 100 * met / strip
    draft.say(
        "riparian", within=rules.riparian_m, name=water, other=plants, strip=strip, met=met, percent=percent
    )  # fmt: skip
    draft.conclude(percent, topic="riparian")
    return draft


def fragmentation(view: SceneView, rng: np.random.Generator, rules: ChainRules) -> Draft | None:
    """Ask whether a class of plants is fragmented."""
    keys = [key for key in ("tree", "shrub", "grass", "wetland") if view.share(key) >= rules.min_share]
    if not keys:
        return None
    key = keys[int(rng.integers(len(keys)))]
    regions = view.regions(key)
    if len(regions) > 1 and regions.sizes_px[0] == regions.sizes_px[1]:
        return None
    met, count = int(regions.sizes_px[0]), view.count(key)
    percent = 100 * met / count
    yes = percent < rules.fragmented_percent
    draft = Draft("fragmentation", rng, rule="fragmentation")
    draft.ask(name=view.name(key))
    name = draft.mark_class(view, key)
    largest = f"the largest region of {name}"
    draft.mark(largest, [encode_rle(regions.mask(0))], count=met, total=view.total)
    draft.say("rule_fragmentation", limit=rules.fragmented_percent)
    draft.say(
        "fragmented" if yes else "fragmented_not", name=largest, other=name, met=met, count=count, percent=percent
    )
    draft.conclude("yes" if yes else "no", options=("yes", "no"))
    return draft


def heat(view: SceneView, rng: np.random.Generator, rules: ChainRules) -> Draft | None:
    """Ask which share of built-up land has no vegetation nearby."""
    if not _enough(view, rules, ALL_BUILT, ALL_PLANTS):
        return None
    hot = view.mask(ALL_BUILT) & ~view.near(ALL_PLANTS, rules.cooling_m)
    return _part_of_built("heat", view, rng, (hot, ALL_PLANTS, rules.cooling_m))


def exposure(view: SceneView, rng: np.random.Generator, rules: ChainRules) -> Draft | None:
    """Ask which share of built-up land is close to water."""
    if not _enough(view, rules, ALL_BUILT, "water"):
        return None
    wet = view.mask(ALL_BUILT) & view.near("water", rules.exposure_m)
    return _part_of_built("exposure", view, rng, (wet, "water", rules.exposure_m))


def _part_of_built(
    task: str, view: SceneView, rng: np.random.Generator, case: tuple[np.ndarray, str, float]
) -> Draft | None:
    part, key, metres = case
    count, met = view.count(ALL_BUILT), int(np.count_nonzero(part))
    draft = Draft(task, rng, rule="urban heat proxy" if task == "heat" else "flood exposure")
    draft.ask(within=metres, gsd=view.gsd_m)
    built, other = (draft.mark_class(view, name) for name in (ALL_BUILT, key))
    draft.say(f"rule_{task}", within=metres)
    percent = 100 * met / count
    draft.say(
        "far" if task == "heat" else "near", name=built, other=other, within=metres, count=count, met=met,
        percent=percent,
    )  # fmt: skip
    draft.conclude(percent, topic=task)
    return draft
