"""Lessons: a question, the chain that answers it and the masks along the way, over scenes of known labels."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, UInt8
from scipy import ndimage

from terrascope_sdk.model.chain_grammar import Find
from terrascope_sdk.model.config import CLASS_KEYS, MARK_KEYS, change_keys, single_keys
from terrascope_sdk.model.result_words import result_words
from terrascope_sdk.model.tokens import RESULTS
from terrascope_sdk.model.words import split_question
from terrascope_sdk.train.phrasing import Intent, PhraseBook
from terrascope_sdk.train.pixel_truth import centre_place, pixel_result
from terrascope_sdk.train.programs import TWO_DATES, Program, find_words, measure_words, program_of
from terrascope_sdk.types.concepts import vocabulary

__all__ = ["LabelledPair", "Lesson", "Piece", "compose_lesson", "true_mask"]

_GREEN = tuple(CLASS_KEYS.index(k) for k in ("tree", "shrub", "grass", "crop"))
_ODDS = {
    "present": 9, "share": 12, "area": 10, "compare": 7, "rank": 8, "touch": 7, "distance": 7, "count": 6, "where": 7,
    "gain": 7, "loss": 7, "change": 8, "lost_part": 5, "unclear": 14,
}  # fmt: skip

_OF_CHANGE = frozenset({"gain", "loss", "change", "lost_part"})
_OF_SEVERAL = {"compare": 2, "rank": 3, "touch": 2, "distance": 2}


@dataclass(frozen=True)
class LabelledPair:
    """The labels of one scene at two dates."""

    labels: UInt8[np.ndarray, "2 y x"]
    """Class codes; 255 without a class."""

    marks: Bool[np.ndarray, "2 3 y x"]
    """Building, road, cloud."""

    burned: Bool[np.ndarray, "y x"]
    """Burned between the dates."""

    gsd_m: float
    """Metres a pixel."""


@dataclass(frozen=True)
class Piece:
    """A part of a chain: words the network must write, words the runtime writes, or the tokens of a mask."""

    words: tuple[str, ...] = ()
    """Tokens; empty for a mask."""

    learned: bool = True
    """Whether the network must write them."""

    mask: int | None = None
    """Number of the mask whose tokens stand here, from 1."""


@dataclass(frozen=True)
class Lesson:
    """One sample for the language model."""

    question: tuple[str, ...]
    """The split question."""

    dates: tuple[int, ...]
    """For each date of the stack, which of the scene's two dates it shows: 0 or 1."""

    direct: bool
    """Whether the network writes numbers itself."""

    pieces: tuple[Piece, ...]
    """The chain."""

    finds: tuple[Find, ...]
    """What each mask shows."""

    masks: tuple[Bool[np.ndarray, "y x"], ...]
    """The masks that are fed back."""


def true_mask(pair: LabelledPair, concept: str, way: str, dates: Sequence[int]) -> Bool[np.ndarray, "y x"]:
    """Return where a concept is, or where it came or went, by the labels.

    Args:
        pair: The labels.
        concept: Key of the vocabulary.
        way: ``gain``, ``loss`` or empty.
        dates: Positions 0 or 1 of the scene's dates; two for a change.
    """

    def at(when: int) -> np.ndarray:
        if concept in MARK_KEYS:
            return np.asarray(pair.marks[when, MARK_KEYS.index(concept)])
        if concept == "vegetation":
            return np.isin(pair.labels[when], _GREEN)
        return np.asarray(pair.labels[when] == CLASS_KEYS.index(concept))

    if concept == "burned":
        return pair.burned if dates[0] < dates[-1] else np.zeros_like(pair.burned)
    if not way:
        return at(dates[-1])
    before, after = at(dates[0]), at(dates[-1])
    both = ((pair.labels[0] != 255) & (pair.labels[1] != 255)) | (concept == "building")
    return np.asarray((after & ~before if way == "gain" else before & ~after) & both)


def _worn(mask: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return a mask as a network might draw it: without specks, sometimes shifted, grown, shrunk or with a bite."""
    regions, count = ndimage.label(mask)
    if count:
        keep = np.bincount(regions.ravel(), minlength=count + 1) >= 6
        keep[0] = False
        mask = keep[regions]
    kind = rng.integers(5)
    if kind == 0:
        mask = ndimage.shift(mask.astype(np.uint8), rng.integers(-2, 3, 2), order=0) > 0
    elif kind == 1:
        mask = ndimage.binary_dilation(mask)
    elif kind == 2:
        mask = ndimage.binary_erosion(mask, iterations=int(rng.integers(1, 3)))
    elif kind == 3:
        height, width = mask.shape
        y, x = rng.integers(0, height), rng.integers(0, width)
        mask = mask.copy()
        mask[y : y + height // 4, x : x + width // 4] = rng.random() < 0.3
    return mask


def _pick_concepts(pair: LabelledPair, task: str, when: int, rng: np.random.Generator) -> tuple[str, ...]:
    """Return concepts for a task, mostly ones that are there."""
    fine = pair.gsd_m < 3
    pool = [k for k in single_keys() if fine or k not in {"building", "road"}]
    if task in {"gain", "loss", "lost_part"}:
        pool = [k.partition(":")[2] for k in change_keys() if k.startswith("loss:")]
        pool = [k for k in pool if fine or k != "building"]
    if task == "count":
        pool = [k for k in pool if vocabulary[k].countable]
    burned = task not in _OF_CHANGE and rng.random() < 0.09
    if burned and task not in _OF_SEVERAL:
        return ("burned",)
    way = {"gain": "gain", "loss": "loss", "lost_part": "loss"}.get(task, "")
    there = [k for k in pool if true_mask(pair, k, way, (0, 1) if way else (when,)).sum() >= 40]
    need = _OF_SEVERAL.get(task, 1)
    chosen: list[str] = []
    while len(chosen) < need:
        source = there if there and rng.random() < 0.75 else pool
        concept = str(source[rng.integers(len(source))])
        overlap = {"vegetation", "tree", "shrub", "grass", "crop"}
        if concept in chosen or ("vegetation" in {concept, *chosen} and overlap & set(chosen) and concept in overlap):
            there = [k for k in there if k != concept]
            continue
        chosen.append(concept)
    if burned:
        chosen[rng.integers(len(chosen))] = "burned"
    return tuple(chosen)


def _statement(program: Program, masks: Sequence[np.ndarray]) -> list[Piece]:
    pieces = []
    for find, mask in zip(program.finds, masks, strict=True):
        place = centre_place(mask)
        pieces += [
            Piece(tuple(find_words(find))),
            Piece(mask=find.mask),
            Piece(("absent", ".") if place is None else ("seen", place, ".")),
        ]
    return pieces


def compose_lesson(
    pair: LabelledPair,
    book: PhraseBook,
    rng: np.random.Generator,
    *,
    drawn: Sequence[UInt8[np.ndarray, "y x"]] | None = None,
    direct_frac: float = 0.2,
    intent: Intent | None = None,
) -> Lesson:
    """Return a lesson over a scene.

    Args:
        pair: The scene's labels.
        book: Phrasings; only those for training are used.
        rng: Source of randomness.
        drawn: Class maps that the network itself draws of both dates; some lessons feed back its own masks.
        direct_frac: Share of lessons in which the network writes numbers itself, 0-1.
        intent: What to ask; drawn at random when left out.
    """
    count = int(rng.choice([1, 2, 3, 4, 6, 8], p=[0.42, 0.38, 0.08, 0.06, 0.03, 0.03]))
    switch = int(rng.integers(1, count)) if count > 1 else int(rng.integers(2))
    dates = tuple(int(i >= switch) for i in range(count)) if count > 1 else (switch,)
    task = str(rng.choice(list(_ODDS), p=np.array(list(_ODDS.values())) / sum(_ODDS.values())))
    if task in TWO_DATES and count == 1 and rng.random() < 0.85:
        count, dates = 2, (0, 1)
    if task == "unclear":
        text, meant = book.sample_unclear(rng, "train")
    else:
        concepts = _pick_concepts(pair, task, dates[-1], rng)
        if "burned" in concepts and count == 1:
            count, dates = 2, (0, 1)
        needed = 2 if task in TWO_DATES else 1  # asked of one date only, such a question cannot be answered
        text, meant = book.sample(task, rng, concepts=concepts, n_dates=max(count, needed), split="train")
    program = program_of(meant, count)
    question = tuple(split_question(text))
    if program.measure is None:
        return Lesson(question, dates, False, (Piece(("answer", "unclear", "<eos>")),), (), ())
    masks = []
    for find in program.finds:
        positions = [dates[d - 1] for d in find.dates]
        mask = true_mask(pair, find.concept, find.way, positions)
        if drawn is not None and not find.way and find.concept in CLASS_KEYS and rng.random() < 0.5:
            mask = drawn[positions[-1]] == CLASS_KEYS.index(find.concept)
        masks.append(_worn(mask, rng))
    pieces = _statement(program, masks)
    asked = program.measure
    result = pixel_result(asked.kind, asked.masks, [masks[i - 1] for i in asked.masks], pair.gsd_m)
    words = result_words(asked.kind, result)
    direct = bool(rng.random() < direct_frac)
    if direct:
        pieces.append(Piece(("answer", *words, "<eos>")))
    else:
        pieces += [
            Piece(tuple(measure_words(asked))),
            Piece((*words, "</result>"), learned=False),
            Piece(("answer", RESULTS[0], "<eos>")),
        ]
    return Lesson(question, dates, direct, tuple(pieces), program.finds, tuple(masks))
