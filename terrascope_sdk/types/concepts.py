"""The vocabulary: one key for each thing that can be asked about, its definition, its other names, its crosswalks.

Planner, networks, chains, benchmarks and reports all use these keys. The land-cover words are TerraScope's own
(arXiv 2603.19039, Terra-CoT); crosswalks name the classes of ESA WorldCover 2021 v200, NLCD 2021 and CORINE 2018.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from terrascope_sdk.errors import InputError

__all__ = ["Concept", "ConceptMatch", "find_concepts", "get_concept", "vocabulary"]


@dataclass(frozen=True)
class Concept:
    """One entry of the vocabulary."""

    key: str
    """The name used everywhere."""

    title: str
    """How to say it in a sentence."""

    definition: str
    """What belongs to it, and what does not."""

    synonyms: tuple[str, ...]
    """Everyday words for it, singular or plural, lower case."""

    members: tuple[str, ...] = ()
    """Keys it is the union of; empty for a simple class."""

    max_gsd_m: float | None = None
    """Coarsest ground sample distance at which it can be seen, metres; None without a limit."""

    worldcover: tuple[int, ...] = ()
    """ESA WorldCover 2021 classes."""

    nlcd: tuple[int, ...] = ()
    """NLCD 2021 classes."""

    corine: tuple[str, ...] = ()
    """CORINE Land Cover 2018 classes, as prefixes of the three-digit code."""

    dates: int = 1
    """How many dates are needed to see it."""


vocabulary: dict[str, Concept] = {
    c.key: c
    for c in (
        Concept(
            "water", "open water", "Surface covered by water at the time of acquisition, permanent or not.",
            ("water", "open water", "surface water", "river", "lake", "reservoir", "sea", "ocean", "pond", "lagoon",
             "canal", "flood water", "floodwater", "flood", "flooded area", "flooded land", "inundation",
             "inundated area", "water body", "water bodies", "under water"),
            worldcover=(80,), nlcd=(11,), corine=("51", "52"),
        ),
        Concept(
            "tree", "tree cover", "Land under tree crowns. Not forest in FAO's sense, which also asks for land use.",
            ("tree", "tree cover", "forest", "woodland", "wood", "woods", "canopy", "trees"),
            worldcover=(10,), nlcd=(41, 42, 43), corine=("31",),
        ),
        Concept(
            "shrub", "shrubland", "Land under woody plants below tree height.",
            ("shrub", "shrubland", "scrub", "scrubland", "bush", "bushes", "bushland"),
            worldcover=(20,), nlcd=(52,), corine=("322", "323", "324"),
        ),
        Concept(
            "grass", "grassland", "Land under herbaceous plants that are not sown each year.",
            ("grass", "grassland", "meadow", "pasture", "lawn"),
            worldcover=(30,), nlcd=(71, 81), corine=("231", "321"),
        ),
        Concept(
            "crop", "cropland", "Land that is sown and harvested.",
            ("crop", "cropland", "field", "agriculture", "agricultural land", "farmland", "arable land",
             "cultivated land"),
            worldcover=(40,), nlcd=(82,), corine=("21", "22", "24"),
        ),
        Concept(
            "developed", "built-up land", "Artificial surfaces: buildings, roads, paved and built land together.",
            ("developed", "developed area", "developed land", "urban", "urban area", "urban land", "city", "town",
             "built-up", "built up", "built-up area", "built-up land", "built up area", "artificial surface",
             "settlement", "impervious surface"),
            worldcover=(50,), nlcd=(21, 22, 23, 24), corine=("1",),
        ),
        Concept(
            "bare", "bare land", "Rock, sand or soil without plants or artificial cover.",
            ("bare", "bare land", "bare ground", "bare soil", "bareland", "barren", "barren land", "sand", "rock",
             "soil", "desert", "beach"),
            worldcover=(60,), nlcd=(31,), corine=("331", "332", "333"),
        ),
        Concept(
            "wetland", "herbaceous wetland", "Land under herbaceous plants in standing water for part of the year.",
            ("wetland", "marsh", "marshland", "bog", "fen", "peatland"),
            worldcover=(90,), nlcd=(95,), corine=("41", "42"),
        ),
        Concept(
            "snow", "snow and ice", "Snow or ice cover at the time of acquisition, seasonal or not.",
            ("snow", "ice", "snow and ice", "snow cover", "glacier", "ice cover"),
            worldcover=(70,), nlcd=(12,), corine=("335",),
        ),
        Concept(
            "vegetation", "vegetation", "Green plants of any kind: trees, shrubs, grass and crops together.",
            ("vegetation", "greenery", "green vegetation", "green cover", "green space", "plants", "plant cover"),
            members=("tree", "shrub", "grass", "crop"), worldcover=(10, 20, 30, 40),
        ),
        Concept(
            "building", "buildings", "Single buildings, as roof outlines.",
            ("building", "house", "roof", "rooftop", "hut"), max_gsd_m=2.0,
        ),
        Concept("road", "roads", "Carriageways.", ("road", "street", "highway", "motorway"), max_gsd_m=5.0),
        Concept(
            "burned", "burn scar", "Land burned between two dates.",
            ("burned", "burnt", "burned area", "burnt area", "burned land", "burn scar", "fire scar", "burnt land"),
            corine=("334",), dates=2,
        ),
        Concept(
            "cloud", "cloud and its shadow", "Clouds and the shadows they cast.",
            ("cloud", "cloud shadow", "cloud cover", "overcast"),
        ),
    )
}  # fmt: skip
"""All concepts by key, in the order of the design."""


@dataclass(frozen=True)
class ConceptMatch:
    """A concept found in a text."""

    key: str
    """Key of the vocabulary."""

    word: str
    """The word it was called by, as written."""

    start: int
    """Position of its first character."""

    end: int
    """Position after its last character."""


def get_concept(key: str) -> Concept:
    """Return a concept by its key.

    Raises:
        InputError: There is no such key.
    """
    if key not in vocabulary:
        raise InputError(f"{key!r} is not in the vocabulary.", hint=f"Known are {', '.join(vocabulary)}.")
    return vocabulary[key]


def _plural(word: str) -> str:
    if word.endswith(("s", "x", "ch", "sh")):
        return f"{word}(?:es)?"
    if word.endswith("y") and word[-2] not in "aeiou":
        return f"{word[:-1]}(?:y|ies)"
    return f"{word}s?"


@cache
def _pattern() -> tuple[re.Pattern[str], dict[str, str]]:
    owner: dict[str, str] = {}
    alternatives = []
    for concept in vocabulary.values():
        for word in dict.fromkeys((concept.key, concept.title, *concept.synonyms)):
            group = f"w{len(owner)}"
            owner[group] = concept.key
            stem, _, last = word.rpartition(" ")
            spaced = (re.escape(stem).replace(r"\ ", r"[\s-]+") + r"[\s-]+" if stem else "") + _plural(re.escape(last))
            alternatives.append((len(word), f"(?P<{group}>{spaced})"))
    alternatives.sort(key=lambda pair: -pair[0])
    joined = "|".join(text for _, text in alternatives)
    return re.compile(rf"(?<![\w-])(?:{joined})(?![\w-])", re.IGNORECASE), owner


def find_concepts(text: str) -> Iterator[ConceptMatch]:
    """Yield the concepts that a text names, in order; the longest name wins where several fit.

    Words that are no concept are passed over: whether that matters is for the planner to say.
    """
    pattern, owner = _pattern()
    for match in pattern.finditer(text):
        yield ConceptMatch(owner[str(match.lastgroup)], match.group(), match.start(), match.end())
