"""The tasks: to which tier and kind each belongs, how its question is put, and which sentence holds its answer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from terrascope_sdk.train.cot.sentences import Claim

__all__ = ["NARROW", "TASKS", "TIERS", "Task", "answer_of"]

NARROW = " without narrow parts"
"""How a chain calls a class after opening; an answer leaves it out."""

TIERS: Mapping[str, str] = {"cap": "Cap-CoT", "l1": "L1", "l2": "L2"}
"""Tier by the short name that commands use."""


@dataclass(frozen=True)
class Task:
    """One kind of question."""

    tier: str
    """Name of the tier, as samples write it."""

    kind: str
    """What is asked for: existence, counting, localisation, area, boundary, distance, spatial, semantic, change."""

    questions: tuple[str, ...]
    """Ways to put it, with slots for names and the ground sample distance."""

    claim: str = ""
    """Sentence whose slot is the answer."""

    slot: str = ""
    """That slot."""

    unit: str = ""
    """What follows the number."""

    verdicts: Mapping[str, str] = field(default_factory=dict)
    """Answer by the sentence that gives it, for questions of yes and no."""

    apart: float = 0.0
    """Smallest difference of two options, in the unit; 0 for answers in words."""

    apart_frac: float = 0.0
    """Smallest difference of two options, relative to the larger."""


def _verdicts(yes: str, *no: str) -> dict[str, str]:
    return {yes: "yes"} | dict.fromkeys(no, "no")


TASKS: Mapping[str, Task] = {
    "caption": Task(
        "Cap-CoT", "caption",
        ("Describe the land cover of this image. Point at each region.",
         "What does this image show? Give each class, its share and its place, and point at it.",
         "Write a caption of the scene, grounded in its regions."),
    ),
    "existence": Task(
        "L1", "existence",
        ("Does this image show any {name}?", "Does the image show {name}?", "Can {name} be found in this scene?"),
        verdicts=_verdicts("exists", "all_filled"),
    ),
    "count_regions": Task(
        "L1", "counting",
        ("How many separate regions of {name} of at least {least} pixels are there?",
         "Count the edge-connected regions of {name} that have {least} pixels or more."),
        "regions", "regions", apart=1,
    ),
    "count_buildings": Task(
        "L1", "counting", ("How many buildings are there?", "Count the buildings in this image."),
        "outlines", "outlines", apart=1, apart_frac=0.05,
    ),
    "locate_most": Task(
        "L1", "localisation",
        ("Which quarter of the image holds most of the {name}?", "In which quarter is the largest part of the {name}?"),
        "most", "quarter",
    ),
    "locate_largest": Task(
        "L1", "localisation",
        ("Where in the image is the largest region of {name}?", "Locate the largest connected region of {name}."),
        "centre", "place",
    ),
    "area_percent": Task(
        "L1", "area",
        ("What percentage of the image is {name}?", "How much of the labelled image, in percent, is covered by {name}?",
         "Which share of this scene is {name}?"),
        "percent", "percent", "%", apart=1, apart_frac=0.08,
    ),
    "area_absolute": Task(
        "L1", "area",
        ("What is the area of {name} in square metres? The ground sample distance is {gsd} m.",
         "At {gsd} m a pixel, how many square metres of {name} are there?"),
        "area", "area", " m2", apart_frac=0.08,
    ),
    "area_ranking": Task(
        "L1", "area",
        ("Which covers the larger area, {name} or {other}?", "Is there more {name} or more {other}?"),
        "ranking", "name",
    ),
    "boundary": Task(
        "L1", "boundary",
        ("Is there a direct boundary between {name} and {other}?", "Do {name} and {other} touch?"),
        verdicts=_verdicts("touch", "touch_not"),
    ),
    "distance": Task(
        "L1", "distance",
        ("What is the shortest distance in metres from {name} to {other}, without narrow parts? A pixel is {gsd} m.",
         "How far apart, in metres, are {name} and {other} at their closest, without parts narrower than three pixels? "
         "The ground sample distance is {gsd} m."),
        "distance", "metres", " m", apart_frac=0.08,
    ),
    "containment": Task(
        "L2", "spatial",
        ("Is {name} contained in {other}?", "Does {other} surround {name}?"),
        verdicts=_verdicts("contained", "contained_not", "open_border"),
    ),
    "between": Task(
        "L2", "spatial",
        ("Does the centre of {third} lie between those of {name} and {other}?",
         "Going from {name} to {other} by their centres, is {third} in between?"),
        verdicts=_verdicts("between", "between_not"),
    ),
    "nearest": Task(
        "L2", "spatial",
        ("Which class is nearest to {name}: {choices}?", "Of {choices}, which comes closest to {name}?"),
        "nearest", "other",
    ),
    "direction": Task(
        "L2", "spatial",
        ("In which direction of the image does {other} lie, seen from {name}, by their centres?",
         "Going from the centre of {name} to the centre of {other}, which way is it in the image?"),
        "direction", "direction",
    ),
    "riparian": Task(
        "L2", "semantic",
        ("How well do plants protect the water: what percentage of the land within {within} m of it is vegetation? "
         "A pixel is {gsd} m.",
         "Riparian buffer: which share of the land within {within} m of water is vegetated? The pixels are {gsd} m."),
        "riparian", "percent", "%", apart=1, apart_frac=0.08,
    ),
    "fragmentation": Task(
        "L2", "semantic",
        ("Is the {name} habitat fragmented?", "Does {name} form one main block here (no), or is it fragmented (yes)?"),
        verdicts=_verdicts("fragmented", "fragmented_not"),
    ),
    "heat": Task(
        "L2", "semantic",
        ("Where do residents lack the cooling of plants: what percentage of built-up land has no vegetation within "
         "{within} m? A pixel is {gsd} m.",
         "Urban heat proxy: which share of built-up land is farther than {within} m from plants? Pixels of {gsd} m."),
        "far", "percent", "%", apart=1, apart_frac=0.08,
    ),
    "exposure": Task(
        "L2", "semantic",
        ("What percentage of built-up land is exposed to floods, lying within {within} m of water? A pixel is {gsd} m.",
         "Flood exposure: which share of built-up land lies within {within} m of water? The pixels are {gsd} m."),
        "near", "percent", "%", apart=1, apart_frac=0.08,
    ),
    "change_gain": Task(
        "L1", "change",
        ("How many square metres of {name} appeared between the two images? A pixel is {gsd} m.",
         "What area of {name}, in square metres, was gained? The ground sample distance is {gsd} m."),
        "gain", "area", " m2", apart_frac=0.08,
    ),
    "change_loss": Task(
        "L1", "change",
        ("How many square metres of {name} were lost between the two images? A pixel is {gsd} m.",
         "What area of {name}, in square metres, disappeared? The ground sample distance is {gsd} m."),
        "loss", "area", " m2", apart_frac=0.08,
    ),
    "change_net": Task(
        "L1", "change",
        ("By how many square metres did {name} change, gain minus loss? A pixel is {gsd} m.",
         "What is the net change of {name} in square metres? The ground sample distance is {gsd} m."),
        "net", "area", " m2", apart_frac=0.08,
    ),
    "destroyed_count": Task(
        "L1", "change", ("How many buildings were destroyed?", "Count the buildings that were destroyed."),
        "destroyed", "met", apart=1, apart_frac=0.05,
    ),
    "destroyed_share": Task(
        "L1", "change",
        ("What percentage of the buildings was destroyed?", "Which share of the buildings, in percent, was destroyed?"),
        "destroyed", "percent", "%", apart=1, apart_frac=0.08,
    ),
}  # fmt: skip
"""All tasks by name."""


def answer_of(task: Task, claims: Iterable[Claim]) -> str | None:
    """Return the answer that the sentences of a chain give, or None when none does.

    Args:
        task: What was asked.
        claims: The sentences, in their order; the last that answers counts.
    """
    answer = None
    for claim in claims:
        if claim.kind in task.verdicts:
            answer = task.verdicts[claim.kind]
        elif claim.kind == task.claim:
            answer = claim.values[task.slot].removesuffix(NARROW) + task.unit
    return answer
