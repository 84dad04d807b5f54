"""What the amounts in a question are for: distances of zones, least sizes of patches, limits on clouds."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from terrascope_sdk.plan.outcomes import CannotPlan, NeedsInput, NotPlanned
from terrascope_sdk.plan.questions.tagging import Tag

__all__ = ["Limits", "with_limits"]

_PASSED = frozenset({"filler", "of", "article", "in", "to", "as", "link", "rel"})


@dataclass(frozen=True)
class Limits:
    """What holds for the whole question."""

    min_area_m2: float | None = None
    """Smallest patch that counts, m2."""

    cloud_max_frac: float | None = None
    """Largest share of clouds on a scene, 0-1."""


def with_limits(tags: Sequence[Tag]) -> tuple[list[Tag], Limits]:
    """Return the tags with zones as ``zone`` (value near or far), and what limits sizes and clouds.

    Raises:
        NotPlanned: An amount has no part in the question that is understood.
    """
    left, cloud = _clouds(_single_units(tags))
    left, size = _sizes(left)
    return _plain(_zones(left)), Limits(size, cloud)


def _before(tags: Sequence[Tag], i: int) -> int:
    """Return the position of the tag before that is no small word, or -1."""
    i -= 1
    while i >= 0 and tags[i].kind in _PASSED:
        i -= 1
    return i


def _behind(tags: Sequence[Tag], i: int, passed: frozenset[str] = _PASSED) -> int:
    i += 1
    while i < len(tags) and tags[i].kind in passed:
        i += 1
    return i


def _kind(tags: Sequence[Tag], i: int) -> str:
    return tags[i].kind if 0 <= i < len(tags) else ""


def _drop(tags: list[Tag], positions: set[int]) -> list[Tag]:
    return [replace(t, kind="filler", value="") if i in positions else t for i, t in enumerate(tags)]


def _apart(tags: Sequence[Tag], i: int, j: int) -> bool:
    return any(t.kind == "stop" for t in tags[min(i, j) : max(i, j)])


_METRES = {"m": 1.0, "km": 1000.0, "mi": 1609.344, "nmi": 1852.0}


def _single_units(tags: Sequence[Tag]) -> list[Tag]:
    """Read *within a mile of*: a unit of length that leads to a zone and has no number is one."""
    found = list(tags)
    for i, tag in enumerate(found):
        if tag.kind == "unit" and tag.value in _METRES and _kind(found, _before(found, i)) in {"near", "far"}:
            found[i] = replace(tag, kind="length_m", amount=_METRES[tag.value])
    return found


# ------------------------------------------------------------------------------------------------------------- clouds


def _clouds(tags: list[Tag]) -> tuple[list[Tag], float | None]:
    for i, tag in enumerate(tags):
        if tag.kind != "percent":
            continue
        cloud = next(
            (
                j
                for j in sorted(range(len(tags)), key=lambda j: abs(j - i))
                if tags[j].value == "cloud" and abs(i - j) <= 9 and not _apart(tags, i, j)
            ),
            None,
        )
        if cloud is None and any(t.kind in {"share", "cover", "dominant"} or t.value == "inside" for t in tags):
            lead = _before(tags, i)  # does forest cover more than 50 %: the share is told
            return _drop(tags, {i, lead} if _kind(tags, lead) in {"least", "atmost"} else {i}), None
        if cloud is None:
            raise NotPlanned(
                NeedsInput(f"What does {tag.text} stand for?", f"The amount {tag.text} is not understood here.")
            )
        low, high = sorted((i, cloud))
        used = {j for j in range(low, high + 1) if tags[j].kind not in {"stop", "comma"}}
        for j in range(max(0, low - 5), min(len(tags), high + 3)):
            if tags[j].kind in {"near", "atmost", "least", "only", "ignore", "with", "cover", "total"}:
                used.add(j)
        return _drop(tags, used), round(tag.amount, 6)
    return tags, None


# -------------------------------------------------------------------------------------------------------------- sizes


def _sizes(tags: list[Tag]) -> tuple[list[Tag], float | None]:
    found: float | None = None
    for i, tag in enumerate(tags):
        if tag.kind != "area_m2":
            continue
        role, used = _size_role(tags, i)
        if role != "min":
            asked = CannotPlan("Only a least size of patches is understood, not a largest one.")
            unclear = NeedsInput(f"Patches of at least {tag.text}?", f"It is not clear what {tag.text} stands for.")
            raise NotPlanned(asked if role == "max" else unclear)
        found = tag.amount
        tags = _drop(tags, {i, *used})
    return tags, None if found is None else round(found, 4)


def _size_role(tags: Sequence[Tag], i: int) -> tuple[str, set[int]]:
    before, behind = _before(tags, i), _behind(tags, i)
    sized = _kind(tags, before) in {"size", "area"}
    used = {before} if sized else set()
    if sized:
        before = _before(tags, before)
    kind = _kind(tags, before)
    reach = range(max(0, i - 8), min(len(tags), i + 5))
    ignored = {j for j in reach if tags[j].kind == "ignore"}
    if kind in {"atmost", "near"}:
        ignored |= {j for j in range(max(0, before - 4), before) if tags[j].kind == "without"}
    exceeds = kind == "rank" and tags[before].value == "largest" and "exceed" in tags[before].text.lower()
    if (kind in {"least", "far"} or exceeds) and not ignored:
        return "min", used | {before}
    if kind in {"atmost", "near"}:
        pronouns = {j for j in reach if j < before and tags[j].kind in {"rest", "patch", "pronoun"}}
        return ("min" if ignored or _negated(tags, before) else "max"), used | {before} | ignored | pronouns
    if _kind(tags, behind) in {"least", "atmost"}:
        return ("min" if _kind(tags, behind) == "least" else "max"), used | {behind}
    return "", used


def _negated(tags: Sequence[Tag], i: int) -> bool:
    return _kind(tags, _before(tags, i)) in {"not", "without"}


# -------------------------------------------------------------------------------------------------------------- zones


def _zones(tags: list[Tag]) -> list[Tag]:
    """Turn lengths into zones: near or far, with what leads into them dropped."""
    for i, tag in enumerate(tags):
        if tag.kind != "length_m":
            continue
        near, used = _zone_role(tags, i)
        tags = _drop(tags, used)
        tags[i] = replace(tag, kind="zone", value="near" if near else "far")
    return tags


_LEADS = frozenset({"near", "far", "least", "atmost"})


def _zone_role(tags: Sequence[Tag], i: int) -> tuple[bool, set[int]]:
    """Return whether a length means *within* and not *farther than*, and the positions of the words that say so."""
    before, behind = _before(tags, i), _behind(tags, i)
    used: set[int] = set()
    near = True
    if _kind(tags, before) == "distance":
        used.add(before)
        before = _before(tags, before)
    kind = _kind(tags, before)
    if kind in _LEADS:
        near = kind in {"near", "atmost"}
        used.add(before)
    elif _kind(tags, behind) in {"least", "atmost"}:
        near = _kind(tags, behind) == "atmost"
        used.add(behind)
    elif kind == "between" and _kind(tags, behind) == "and":
        near = False
        used |= {before, behind}
    apart = _behind(tags, i, _PASSED | {"around", "near"})
    for j in (behind, apart):
        if _kind(tags, j) in {"away", "around", "near", "distance", "far", "least", "atmost"} and j < len(tags):
            used.add(j)
    further = _before(tags, before)
    if kind in _LEADS and _kind(tags, further) in {"near", "far", "distance"}:
        near = near and _kind(tags, further) != "far"
        used.add(further)
        before = further
    position = before if before in used else i
    lead = _kind(tags, _before_plain(tags, position))
    if lead in {"not", "without"} and near:
        near = False
        used.add(_before_plain(tags, position))
    return near, used


def _before_plain(tags: Sequence[Tag], i: int) -> int:
    i -= 1
    while i >= 0 and tags[i].kind in {"filler", "link", "rel", "article"}:
        i -= 1
    return i


def _plain(tags: list[Tag]) -> list[Tag]:
    """Give words of amounts without an amount their other meaning: *larger than cropland*, *inside the town*."""
    meant = {"near": "inside", "far": "without", "around": "filler", "away": "filler", "smaller": "filler"}
    found = []
    for _i, tag in enumerate(tags):
        text = tag.text.lower()
        if tag.kind in meant:
            inside = tag.kind != "near" or text in {"within", "inside", "innerhalb", "innerhalb von", "unter"}
            outside = tag.kind != "far" or text in {
                "outside",
                "beyond",
                "ausserhalb",
                "außerhalb",
                "außerhalb von",
                "outside of",
            }
            kind = meant[tag.kind]
            if tag.kind == "smaller":
                tag = replace(tag, kind="rank", value="smallest")
            elif inside and outside:
                tag = replace(
                    tag, kind="link" if kind == "inside" else kind, value="inside" if kind == "inside" else ""
                )
            else:
                tag = replace(tag, kind="open")
        elif tag.kind == "least" and text in {
            "or more",
            "or larger",
            "or bigger",
            "and more",
            "and larger",
            "oder mehr",
            "und mehr",
            "oder größer",
        }:
            found += [replace(tag, kind="or" if text[0] == "o" else "and"), replace(tag, kind="rank", value="largest")]
            continue
        elif tag.kind == "least":
            rank = "than" in text or "als" in text
            tag = replace(tag, kind="rank", value="largest") if rank else replace(tag, kind=_LEAST.get(text, "filler"))
        elif tag.kind == "atmost":
            rank = "than" in text or "als" in text
            kind = "link" if text in {"under", "unter", "below"} else "filler"
            tag = replace(tag, kind="rank", value="smallest") if rank else replace(tag, kind=kind)
        elif tag.kind == "ignore":
            tag = replace(tag, kind="without")
        found.append(tag)
    return found


_LEAST = {"plus": "and"}
