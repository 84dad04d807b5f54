"""L2-Spatial: how several classes lie to each other: contained in, between, nearest to, in which direction."""

import numpy as np

from terrascope_sdk.train.cot.chain_rules import ChainRules
from terrascope_sdk.train.cot.contact_chains import mark_opened
from terrascope_sdk.train.cot.drafts import Draft
from terrascope_sdk.train.cot.frame_places import DIRECTIONS, direction_of, sector_margin_deg
from terrascope_sdk.train.cot.nearness import centre_of, closest_px, grown_square
from terrascope_sdk.train.cot.plain_chains import any_of
from terrascope_sdk.train.cot.rle import encode_rle
from terrascope_sdk.train.cot.scene_view import SceneView

__all__ = ["between", "containment", "direction", "nearest"]

_RANKS = ("largest", "second largest", "third largest", "fourth largest", "fifth largest")
_CLEAR = 0.02  # a value this near to a threshold, relative to it, is not asked for


def _some(view: SceneView, rng: np.random.Generator, rules: ChainRules, n: int) -> list[str] | None:
    keys = view.classes_from(rules.caption_share)[: rules.caption_classes]
    return None if len(keys) < n else rng.permutation(keys)[:n].tolist()


def containment(view: SceneView, rng: np.random.Generator, rules: ChainRules) -> Draft | None:
    """Ask whether one of the larger regions of a class lies in another class; one that does, half of the time."""
    keys = _some(view, rng, rules, 2)
    if keys is None:
        return None
    found: list[tuple[bool, int, np.ndarray, np.ndarray]] = []
    regions = view.regions(keys[0], rules.min_region_px)
    for rank in range(min(len(regions), len(_RANKS))):
        mask = regions.mask(rank)
        ring = grown_square(mask) & ~mask & view.valid
        counts = np.bincount(view.labels[ring], minlength=len(view.scene.classes))
        total, counts[view.scene.classes.index(keys[0])] = int(counts.sum()), 0  # its own class only meets at corners
        border = bool(mask[0].any() or mask[-1].any() or mask[:, 0].any() or mask[:, -1].any())
        if counts.any():
            inside = not border and 100 * counts.max() >= rules.contained_percent * total
            found.append((inside, rank, mask, counts))
    if not found:
        return None
    yes = [case for case in found if case[0]]
    among = yes if yes and rng.random() < 0.6 else found
    inside, rank, mask, counts = among[int(rng.integers(len(among)))]
    return _contained(view, rng, rules, (keys[0], rank, mask, counts))


def _contained(
    view: SceneView, rng: np.random.Generator, rules: ChainRules, case: tuple[str, int, np.ndarray, np.ndarray]
) -> Draft:
    key, rank, mask, counts = case
    other = view.scene.classes[int(np.argmax(counts))]
    around = [k for k in view.present if k not in (key, other) and counts[view.scene.classes.index(k)]]
    if around and rng.random() < 0.3:
        other = any_of(rng, around)
    met = int(counts[view.scene.classes.index(other)])
    ring = int(np.count_nonzero(grown_square(mask) & ~mask & view.valid))
    name = f"the {_RANKS[rank]} region of {view.name(key)}"
    draft = Draft("containment", rng, rule="containment")
    draft.ask(name=name, other=view.name(other))
    draft.mark(name, [encode_rle(mask)], count=int(np.count_nonzero(mask)), total=view.total)
    draft.mark_class(view, other)
    draft.say("rule_containment", limit=rules.contained_percent)
    if mask[0].any() or mask[-1].any() or mask[:, 0].any() or mask[:, -1].any():
        draft.say("open_border", name=name, other=view.name(other))
        draft.conclude("no", options=("yes", "no"))
        return draft
    percent = 100 * met / ring
    yes = percent >= rules.contained_percent
    draft.say(
        "contained" if yes else "contained_not", name=name, other=view.name(other), ring=ring, met=met, percent=percent
    )
    draft.conclude("yes" if yes else "no", options=("yes", "no"))
    return draft


def between(view: SceneView, rng: np.random.Generator, rules: ChainRules) -> Draft | None:
    """Ask whether the centre of a class lies between those of two others."""
    keys = _some(view, rng, rules, 3)
    if keys is None:
        return None
    a, b, c = (np.array(centre_of(view.mask(key))) for key in keys)
    way, off = b - a, c - a
    path = float(np.hypot(*way))
    if path < rules.direction_share * min(view.height, view.width):
        return None
    along = float(off @ way) / path
    aside = abs(float(way[0] * off[1] - way[1] * off[0])) / path
    limits = (
        (along / path, rules.between_low_percent), (along / path, rules.between_high_percent),
        (aside / path, rules.between_aside_percent),
    )  # fmt: skip
    if any(abs(100 * value - limit) < _CLEAR * limit for value, limit in limits):
        return None
    yes = rules.between_low_percent <= 100 * along / path <= rules.between_high_percent
    yes = yes and 100 * aside / path <= rules.between_aside_percent
    draft = Draft("between", rng, rule="between")
    names = [view.name(key) for key in keys]
    draft.ask(name=names[0], other=names[1], third=names[2])
    for key in keys:
        draft.mark_class(view, key)
    draft.say(
        "rule_between", low=rules.between_low_percent, high=rules.between_high_percent,
        limit=rules.between_aside_percent,
    )  # fmt: skip
    draft.say(
        "between" if yes else "between_not", name=names[0], other=names[1], third=names[2], path=path,
        percent=100 * along / path, aside=aside,
    )  # fmt: skip
    draft.conclude("yes" if yes else "no", options=("yes", "no"))
    return draft


def nearest(view: SceneView, rng: np.random.Generator, rules: ChainRules) -> Draft | None:
    """Ask which of two or three classes is nearest to another, after opening by 3 x 3."""
    keys = [key for key in _some(view, rng, rules, 3) or [] if view.opened(key).any()]
    more = [key for key in view.classes_from(rules.caption_share) if key not in keys and view.opened(key).any()]
    keys += more[:1] if len(keys) == 3 and rng.random() < 0.5 else []
    if len(keys) < 3:
        return None
    apart = [closest_px(view.opened(keys[0]), view.opened(key)) for key in keys[1:]]
    first, second = sorted(apart)[:2]
    if second < first + 1:
        return None
    draft = Draft("nearest", rng)
    choices = [view.name(key) for key in keys[1:]]
    draft.ask(name=view.name(keys[0]), choices=f"{', '.join(choices[:-1])} or {choices[-1]}")
    names = [mark_opened(draft, view, key) for key in keys]
    for name, px in zip(names[1:], apart, strict=True):
        draft.say("distance", name=names[0], other=name, px=px, gsd=view.gsd_m, metres=px * view.gsd_m)
    closest = 1 + apart.index(first)
    draft.say("nearest", name=names[0], other=names[closest])
    draft.conclude(choices[closest - 1], options=tuple(choices))
    return draft


def direction(view: SceneView, rng: np.random.Generator, rules: ChainRules) -> Draft | None:
    """Ask in which direction of the image one class lies from another, by their centres."""
    keys = _some(view, rng, rules, 2)
    if keys is None:
        return None
    (row, column), (row2, column2) = (centre_of(view.mask(key)) for key in keys)
    right, down = column2 - column, row2 - row
    far = np.hypot(right, down) >= rules.direction_share * min(view.height, view.width)
    if not far or sector_margin_deg(right, down) < 5:
        return None
    draft = Draft("direction", rng)
    draft.ask(name=view.name(keys[0]), other=view.name(keys[1]))
    names = [draft.mark_class(view, key) for key in keys]
    way = direction_of(right, down)
    draft.say("direction", name=names[0], other=names[1], right_px=right, down_px=down, direction=way)
    draft.conclude(way, options=DIRECTIONS)
    return draft
