"""Check a sample against its own masks: read the text again, recompute every number, compare."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from terrascope_sdk.errors import InputError, ParseError
from terrascope_sdk.train.cot.captions import read_caption
from terrascope_sdk.train.cot.claims import EXPECTED
from terrascope_sdk.train.cot.evidence import Evidence
from terrascope_sdk.train.cot.frame_places import place_of
from terrascope_sdk.train.cot.rle import decode_rle
from terrascope_sdk.train.cot.sample import Sample
from terrascope_sdk.train.cot.sentences import SEG, Claim, read
from terrascope_sdk.train.cot.tasks import TASKS, answer_of

__all__ = ["verify_sample"]

_CHAIN = re.compile(r"<think>(?P<chain>.*?)</think>\s*<answer>(?P<answer>.*?)</answer>", re.DOTALL)
_OPTION = re.compile(r"^([A-Z])\. (.+)$", re.MULTILINE)
_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")
_ASKED = ("least", "within")


def verify_sample(sample: Sample) -> list[str]:
    """Return what is wrong with a sample made by this package; nothing when all of it follows from its masks.

    Every sentence of the chain has to be one that the package can say; every number in it, and every word that a number
    decides, is computed again from the encoded masks; the answer has to be the one that the chain gives.

    Args:
        sample: As the writer yields it. Published samples have texts of their own and do not pass.
    """
    try:
        question, chain, answer = _texts(sample)
        evidence = _evidence(sample)
    except (ParseError, InputError, KeyError, TypeError, ValueError) as err:
        return [f"the sample cannot be read: {err}"]
    claims, unread = read(chain)
    faults = [f"no known sentence: {part!r}" for part in unread]
    faults += _pointing(sample, chain, claims)
    for claim in claims:
        faults += _faults_of(claim, evidence)
    faults += _images(claims)
    faults += _stated(sample, claims)
    faults += _asked_numbers(question, claims, evidence)
    return faults + _answered(sample, question, answer, claims, evidence)


def _texts(sample: Sample) -> tuple[str, str, str]:
    human, gpt = (turn["value"] for turn in sample["conversations"])
    match = _CHAIN.fullmatch(gpt.strip())
    if match is None:
        raise ParseError("the answer is not <think>...</think><answer>...</answer>")
    return human, match["chain"].strip(), match["answer"].strip()


def _evidence(sample: Sample) -> Evidence:
    parts = {
        name: [decode_rle(rle) for rle in masks] for name, masks in zip(sample["labels"], sample["masks"], strict=True)
    }
    if len(parts) != len(sample["labels"]):
        raise InputError("two masks have one label")
    shapes = {mask.shape for masks in parts.values() for mask in masks}
    given = sample.get("valid")
    valid = decode_rle(given) if given else np.ones(next(iter(shapes), (0, 0)), bool)
    if shapes - {valid.shape}:
        raise InputError(f"the masks have different sizes: {sorted(shapes)}")
    return Evidence(parts, valid, sample["gsd_m"], sample["pixel_area_m2"])


def _pointing(sample: Sample, chain: str, claims: Sequence[Claim]) -> list[str]:
    """Return what is wrong with the marks: each ``[SEG]`` names the next label."""
    named = [claim.values["name"] for claim in claims if claim.kind == "point"]
    if chain.count(SEG) != len(sample["masks"]):
        return [f"{chain.count(SEG)} {SEG} for {len(sample['masks'])} masks"]
    return [] if named == sample["labels"] else [f"the text points at {named}, the labels are {sample['labels']}"]


def _faults_of(claim: Claim, evidence: Evidence) -> list[str]:
    if claim.kind.startswith("rule_"):
        for slot, text in claim.values.items():
            evidence.stated[f"{claim.kind.removeprefix('rule_')} {slot}"] = float(text)
    if claim.kind not in EXPECTED:
        return []
    try:
        expected = EXPECTED[claim.kind](evidence, claim.values)
    except (InputError, KeyError, ZeroDivisionError) as err:
        return [f"{claim.kind}: {err}"]
    faults = []
    for slot, wanted in expected.items():
        found = claim.kind if slot == "kind" else claim.values[slot]
        if not _same(found, wanted):
            faults.append(f"{claim.kind}: {slot} is {found}, the masks say {wanted}")
    return faults


def _same(found: str, wanted: float | str) -> bool:
    if isinstance(wanted, str):
        return found == wanted
    decimals = len(found.partition(".")[2])
    return abs(float(found.replace(",", "")) - wanted) <= 0.5 * 10.0**-decimals + 1e-6 + 1e-9 * abs(wanted)


def _images(claims: Sequence[Claim]) -> list[str]:
    """Return what is wrong with the dates: what is said of image t1 was before, of t2 after."""
    faults = []
    for claim, after in pairwise(claims):
        if claim.kind == "image":
            name, first = after.values.get("name", ""), claim.values["date"] == "1"
            if after.kind != "point" or name.endswith(" before") != first:
                faults.append(f"image t{claim.values['date']} does not show {name!r}")
    return faults


def _stated(sample: Sample, claims: Sequence[Claim]) -> list[str]:
    """Return rules of the chain whose numbers are not those of the sample's rule."""
    rules = (claim.values for claim in claims if claim.kind.startswith("rule_"))
    told = [", ".join(f"{slot}={value}" for slot, value in sorted(values.items())) for values in rules]
    match = re.search(r"\(([^)]*=[^)]*)\)", sample["rule"])
    named = [", ".join(sorted(match[1].split(", ")))] if match else []
    return [] if told == named else [f"the chain states {told}, the rule is {sample['rule']!r}"]


def _asked_numbers(question: str, claims: Sequence[Claim], evidence: Evidence) -> list[str]:
    """Return numbers that the question and its chain do not share: each must take up those of the other."""
    asked = {float(n.replace(",", "")) for n in _NUMBER.findall(_OPTION.sub("", question))}
    told = {float(claim.values[slot].replace(",", "")) for claim in claims for slot in _ASKED if slot in claim.values}
    faults = [f"the question's number {n:g} is nowhere used" for n in sorted(asked - told - {evidence.gsd_m})]
    return faults + [f"the chain's number {n:g} was not asked for" for n in sorted(told - asked)]


def _answered(sample: Sample, question: str, answer: str, claims: Sequence[Claim], evidence: Evidence) -> list[str]:
    if sample["task"] == "caption":
        return _caption(answer, evidence)
    wanted = answer_of(TASKS[sample["task"]], claims)
    options = dict(_OPTION.findall(question))
    said = [claim.values["letter"] for claim in claims if claim.kind == "option"]
    text = options.get(answer, answer) if options else answer
    faults = [] if text == wanted else [f"the answer is {text!r}, the chain says {wanted!r}"]
    if options and (said != [answer] or answer not in options):
        faults.append(f"the chain ends at option {said}, the answer is {answer!r}")
    if len(set(options.values())) < len(options):
        faults.append("two options are the same")
    return faults + ([] if sample["answer"] == wanted else [f"the field answer is {sample['answer']!r}"])


def _caption(answer: str, evidence: Evidence) -> list[str]:
    found = read_caption(answer)
    if found is None or [name for name, _, _ in found] != list(evidence.parts):
        return [f"the caption does not name what is pointed at: {answer!r}"]
    faults = []
    for name, percent, place in found:
        row, column = evidence.centre(name)
        height, width = evidence.valid.shape
        share = 100 * evidence.count(name) / int(evidence.valid.sum())
        if not _same(percent, share) or place != place_of(column / width, row / height):
            faults.append(f"the caption says {name} {percent}% in the {place}")
    return faults
