"""Questions about two dates: area gained, lost and net, buildings destroyed; the first half of the masks is before."""

import numpy as np

from terrascope_sdk.train.cot.chain_rules import ChainRules
from terrascope_sdk.train.cot.drafts import Draft
from terrascope_sdk.train.cot.labelled import LabelledScene
from terrascope_sdk.train.cot.plain_chains import any_of
from terrascope_sdk.train.cot.rle import RunMap
from terrascope_sdk.train.cot.scene_view import SceneView

__all__ = ["ScenePair", "changed_area", "destroyed"]


class ScenePair:
    """Both dates of a scene, where both have labels."""

    def __init__(self, scene: LabelledScene) -> None:
        """Look at a scene.

        Args:
            scene: A scene with labels of a second date.
        """
        after = scene.labels if scene.labels_after is None else scene.labels_after
        both = (scene.labels >= 0) & (after >= 0)
        self.scene = scene
        self.before = SceneView(scene, np.where(both, scene.labels, np.int8(-1)))
        """The first date."""
        self.after = SceneView(scene, np.where(both, after, np.int8(-1)))
        """The second date."""


def _mark_both(draft: Draft, pair: ScenePair, key: str) -> tuple[str, str]:
    title = pair.before.name(key)
    names = f"{title} before", f"{title} after"
    for date, name, view in zip((1, 2), names, (pair.before, pair.after), strict=True):
        draft.say("image", date=date)
        draft.mark(name, [view.rle(key)], count=view.count(key), total=view.total)
    return names


def changed_area(pair: ScenePair, rng: np.random.Generator, rules: ChainRules) -> Draft | None:
    """Ask for the area of a class that was gained, lost, or for the difference."""
    least = max(1, round(0.1 * rules.caption_share * pair.before.total))
    keys = [key for key in pair.scene.classes if _turnover(pair, key) >= least and pair.before.count(key)]
    if not keys:
        return None
    key = any_of(rng, keys)
    before, after = pair.before.mask(key), pair.after.mask(key)
    gained, lost = int(np.count_nonzero(after & ~before)), int(np.count_nonzero(before & ~after))
    form = ("gain", "loss", "net")[int(rng.integers(3))]
    draft = Draft(f"change_{form}", rng, pair=True)
    pixel_m2 = pair.before.pixel_m2
    draft.ask(name=pair.before.name(key), gsd=pair.before.gsd_m)
    first, second = _mark_both(draft, pair, key)
    for kind, met in (("gain", gained), ("loss", lost)):
        if form in (kind, "net"):
            draft.say(kind, name=first, other=second, met=met, pixel_m2=pixel_m2, area=met * pixel_m2)
    if form == "net":
        draft.say("net", name=first, other=second, net=gained - lost, area=(gained - lost) * pixel_m2)
    value = {"gain": gained, "loss": lost, "net": gained - lost}[form] * pixel_m2
    draft.conclude(value, topic=form)
    return draft


def _turnover(pair: ScenePair, key: str) -> int:
    return int(np.count_nonzero(pair.before.mask(key) != pair.after.mask(key)))


def destroyed(pair: ScenePair, rng: np.random.Generator, rules: ChainRules) -> Draft | None:
    """Ask how many buildings, or which share of them, were destroyed; needs single buildings."""
    if pair.scene.instances is None or "building" not in pair.scene.classes:
        return None
    outlines = np.where(pair.before.mask("building"), pair.scene.instances, 0)
    sizes = np.bincount(outlines.ravel())
    standing = np.bincount(outlines[pair.after.mask("building")], minlength=len(sizes))
    numbers = np.flatnonzero(sizes[1:]) + 1
    gone = numbers[100 * standing[numbers] < rules.standing_percent * sizes[numbers]]
    if len(numbers) < rules.min_buildings or len(gone) < rules.min_destroyed:
        return None
    task = "destroyed_count" if rng.random() < 0.5 else "destroyed_share"
    draft = Draft(task, rng, rule="destroyed buildings", pair=True)
    draft.ask()
    runs = RunMap(outlines)
    draft.say("image", date=1)
    total = pair.before.total
    draft.mark("buildings before", runs.encode_each(numbers), count=int(sizes[1:].sum()), total=total)
    draft.say("image", date=2)
    draft.mark("destroyed buildings", runs.encode_each(gone), count=int(sizes[gone].sum()), total=total)
    draft.say("rule_destroyed", limit=rules.standing_percent)
    percent = 100 * len(gone) / len(numbers)
    draft.say(
        "destroyed", name="buildings before", other="destroyed buildings", outlines=len(numbers), met=len(gone),
        percent=percent,
    )  # fmt: skip
    draft.conclude(len(gone) if task == "destroyed_count" else percent, topic=task)
    return draft
