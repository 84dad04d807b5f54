"""From a labelled scene to samples: a caption, two to four kinds of plain questions, one or two derived ones."""

from collections.abc import Callable, Collection, Iterator, Mapping

import numpy as np

from terrascope_sdk.errors import InputError
from terrascope_sdk.train.cot.answer_options import AnswerPool, options_for
from terrascope_sdk.train.cot.captions import caption
from terrascope_sdk.train.cot.chain_rules import RULES, ChainRules
from terrascope_sdk.train.cot.change_chains import ScenePair, changed_area, destroyed
from terrascope_sdk.train.cot.contact_chains import boundary, distance
from terrascope_sdk.train.cot.drafts import Draft
from terrascope_sdk.train.cot.labelled import LabelledScene
from terrascope_sdk.train.cot.plain_chains import area, counting, existence, localisation
from terrascope_sdk.train.cot.rle import encode_rle
from terrascope_sdk.train.cot.sample import Sample
from terrascope_sdk.train.cot.scene_view import SceneView
from terrascope_sdk.train.cot.semantic_chains import exposure, fragmentation, heat, riparian
from terrascope_sdk.train.cot.sentences import say
from terrascope_sdk.train.cot.spatial_chains import between, containment, direction, nearest
from terrascope_sdk.train.cot.tasks import TASKS, TIERS

__all__ = ["make_drafts", "make_samples", "require_tiers"]

_Maker = Callable[[SceneView, np.random.Generator, ChainRules], Draft | None]
_PLAIN: tuple[_Maker, ...] = (existence, counting, localisation, area, boundary, distance)
_DERIVED: tuple[_Maker, ...] = (
    containment, between, nearest, direction, riparian, fragmentation, heat, exposure,
)  # fmt: skip
_FIELDS = {"image": ("optical", "pre", "image"), "sar_image": ("sar",)}
_PAIR_FIELDS = {"pre_image": ("pre",), "post_image": ("post",), "sar_image": ("sar",)}
"""Modalities that a field of a sample shows, the first that there is."""


def require_tiers(tiers: Collection[str]) -> None:
    """Refuse unknown tiers.

    Raises:
        InputError: A tier is not known, or there is none.
    """
    odd = [tier for tier in tiers if tier not in TIERS]
    if odd or not tiers:
        raise InputError(f"{odd[0] if odd else ''!r} is no tier.", hint=f"Known are {', '.join(TIERS)}.")


def _first(
    makers: tuple[_Maker, ...], wanted: int, view: SceneView, rng: np.random.Generator, rules: ChainRules
) -> Iterator[Draft]:
    for index in rng.permutation(len(makers)).tolist():
        if wanted == 0:
            return
        draft = makers[index](view, rng, rules)
        if draft is not None:
            wanted -= 1
            yield draft


def make_drafts(
    scene: LabelledScene, rng: np.random.Generator, *, rules: ChainRules, tiers: Collection[str] = tuple(TIERS)
) -> Iterator[Draft]:
    """Yield what can be asked about a scene this time: other draws ask other things.

    Args:
        scene: One date or two.
        rng: Chooses kinds, classes and wordings.
        rules: What may be asked.
        tiers: Short names of the tiers that are wanted.
    """
    view = SceneView(scene)
    if view.total == 0:
        return
    if "cap" in tiers:
        found = caption(view, rng, rules)
        if found is not None:
            yield found
    if "l1" in tiers:
        yield from _first(_PLAIN, int(rng.integers(2, 5)), view, rng, rules)
        if scene.labels_after is not None:
            yield from _of_two_dates(scene, rng, rules)
    if "l2" in tiers:
        yield from _first(_DERIVED, int(rng.integers(1, 3)), view, rng, rules)


def _of_two_dates(scene: LabelledScene, rng: np.random.Generator, rules: ChainRules) -> Iterator[Draft]:
    pair = ScenePair(scene)
    if pair.before.total:
        for maker in (changed_area, destroyed):
            draft = maker(pair, rng, rules)
            if draft is not None:
                yield draft


def make_samples(
    scene: LabelledScene,
    rng: np.random.Generator,
    *,
    rules: ChainRules | None = None,
    tiers: Collection[str] = tuple(TIERS),
    pool: AnswerPool | None = None,
    files: Mapping[str, str] | None = None,
) -> list[Sample]:
    """Return samples about a scene.

    Args:
        scene: One date or two.
        rng: Chooses kinds, classes, wordings and options.
        rules: What may be asked; those of TerraScope-Bench when left out.
        tiers: Short names of the tiers that are wanted: cap, l1, l2.
        pool: Real answers to draw wrong options from; without any, questions for numbers are open.
        files: File of each picture, by modality.

    Raises:
        InputError: A tier is not known.

    Examples:
        >>> import numpy as np
        >>> labels = np.zeros((64, 64), np.int8)
        >>> labels[:, 48:] = 1
        >>> scene = LabelledScene(labels, ("tree", "water"), gsd_m=10.0, id="shore")
        >>> sample = make_samples(scene, np.random.default_rng(0), tiers=["cap"])[0]
        >>> sample["conversations"][1]["value"].partition("</think>")[2]
        '<answer>The image shows tree cover (75.0%, centre) and open water (25.0%, middle right).</answer>'
    """
    require_tiers(tiers)
    given = rules or ChainRules()
    known = pool or AnswerPool()
    drafts = make_drafts(scene, rng, rules=given, tiers=tiers)
    return [_finished(draft, scene, f"{scene.id}/{i}", (given, known, files or {})) for i, draft in enumerate(drafts)]


def _finished(
    draft: Draft, scene: LabelledScene, name: str, around: tuple[ChainRules, AnswerPool, Mapping[str, str]]
) -> Sample:
    rules, pool, files = around
    task = TASKS[draft.task]
    closed = draft.task != "caption" and draft.rng.random() < rules.choice_share
    options = options_for(draft, pool) if closed else {}
    answer = draft.answer
    if options:
        answer = next(letter for letter, text in options.items() if text == draft.answer)
        draft.steps.append(say("option", draft.rng, letter=answer))
    question = "\n".join([draft.question, *(f"{letter}. {text}" for letter, text in options.items())])
    labelled = scene.labels >= 0
    if draft.pair and scene.labels_after is not None:
        labelled = labelled & (scene.labels_after >= 0)
    sample: Sample = {
        "id": name,
        "conversations": [
            {"from": "human", "value": f"<image>\n{question}"},
            {"from": "gpt", "value": f"<think>{' '.join(draft.steps)}</think><answer>{answer}</answer>"},
        ],
        "masks": draft.masks,
        "labels": draft.labels,
        "tier": task.tier,
        "task": draft.task,
        "kind": task.kind,
        "rule": f"{draft.rule} ({draft.stated}): {RULES[draft.rule]}" if draft.rule else "",
        "answer": draft.answer,
        "valid": None if labelled.all() else encode_rle(labelled),
        "gsd_m": float(f"{scene.gsd_m:.4g}"),
        "pixel_area_m2": float(f"{scene.pixel_area_m2:.4g}"),
        "source": scene.source,
        "licence": scene.licence,
    }
    _show(sample, files, _PAIR_FIELDS if draft.pair else _FIELDS)
    return sample


def _show(sample: Sample, files: Mapping[str, str], fields: Mapping[str, tuple[str, ...]]) -> None:
    """Name the pictures of a sample, and what they show."""
    shown = []
    for field, modalities in fields.items():
        modality = next((m for m in modalities if m in files), None)
        if modality is not None:
            sample[field] = files[modality]  # type: ignore[literal-required]  # names of the table above
            shown.append(modality)
    sample["modalities"] = shown
