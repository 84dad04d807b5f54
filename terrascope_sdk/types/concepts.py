"""The vocabulary: one key for each thing that can be asked about, its definition, its other names, its crosswalks.

Planner, networks, chains, benchmarks and reports all use these keys. The land-cover words are TerraScope's own
(arXiv 2603.19039, Terra-CoT); crosswalks name the classes of ESA WorldCover 2021 v200, NLCD 2021 and CORINE 2018.
Every name is a whole word or phrase in lower case; plurals are made from it. Words such as *area*, *land* and *cover*
are left to the reader: "urban area" is found as "urban".
"""

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType

from terrascope_sdk.errors import InputError

__all__ = [
    "Concept",
    "ConceptMatch",
    "LooseNames",
    "closest_concept_words",
    "concept_words",
    "find_concepts",
    "get_concept",
    "vocabulary",
]


@dataclass(frozen=True)
class LooseNames:
    """Words that are taken as a concept although they mean something narrower or wider, and what to say about it."""

    words: tuple[str, ...]
    """The words, singular, lower case."""

    caveat: str
    """How the sentence "'forest' is taken as tree cover" goes on, with its leading space or comma."""


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
    """Words for the same thing, singular, lower case."""

    loose: tuple[LooseNames, ...] = ()
    """Words for something near enough, which an answer has to admit to."""

    countable: tuple[str, ...] = ()
    """Those of its names whose single things show as one connected region each, so that they can be counted."""

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

    warning: str = ""
    """What every answer about it has to warn of; empty when there is nothing."""

    @property
    def words(self) -> tuple[str, ...]:
        """Key, title and all other names, without repeats."""
        loose = (word for names in self.loose for word in names.words)
        return tuple(dict.fromkeys((self.key, self.title, *self.synonyms, *loose)))

    def counts(self, word: str) -> bool:
        """Return whether single things called `word` show as one connected region each, so that counting makes sense.

        Args:
            word: One of its names as written, singular or plural.
        """
        return any(_folded(word) in _forms(name) for name in self.countable)

    def taken_as(self, word: str) -> str | None:
        """Return the sentence that is due when `word` is taken as this concept, or None when it means the same.

        Args:
            word: One of its names as written, singular or plural.
        """
        for names in self.loose:
            if any(_folded(word) in _forms(name) for name in names.words):
                return f"'{word}' is taken as {self.title}{names.caveat}."
        return None


_ALL_WATER = ": all open water in the area counts"
_KINDS = " (its kinds are not told apart)"

vocabulary: Mapping[str, Concept] = MappingProxyType({
    c.key: c
    for c in (
        Concept(
            "water", "open water", "Surface covered by water at the time of acquisition, permanent or not.",
            ("surface water", "water body", "body of water", "waterbody", "under water", "underwater"),
            loose=(
                LooseNames(("river", "lake", "reservoir", "sea", "ocean", "pond", "lagoon", "canal", "stream", "creek",
                            "waterway"), _ALL_WATER),
                LooseNames(("flood water", "floodwater", "flood", "flooded", "flooding", "inundation", "inundated",
                            "submerged"), " at that time, permanent water included"),
            ),
            countable=("lake", "reservoir", "pond", "lagoon", "water body", "body of water", "waterbody"),
            worldcover=(80,), nlcd=(11,), corine=("51", "52"),
        ),
        Concept(
            "tree", "tree cover", "Land under tree crowns. Not forest in FAO's sense, which also asks for land use.",
            ("treed", "tree covered"),
            loose=(LooseNames(("forest", "forested", "woodland", "wood", "wooded", "canopy"),
                              " (not forest in FAO's sense)"),),
            countable=("forest", "woodland", "wood"),
            worldcover=(10,), nlcd=(41, 42, 43), corine=("31",),
        ),
        Concept(
            "shrub", "shrubland", "Land under woody plants below tree height.",
            ("scrub", "scrubland", "bush", "bushland"),
            worldcover=(20,), nlcd=(52,), corine=("322", "323", "324"),
        ),
        Concept(
            "grass", "grassland", "Land under herbaceous plants that are not sown each year.",
            ("grassy", "herbaceous", "herbaceous vegetation"),
            loose=(LooseNames(("meadow", "pasture", "lawn"), " (its use is not told apart)"),),
            countable=("meadow",),
            worldcover=(30,), nlcd=(71, 81), corine=("231", "321"),
        ),
        Concept(
            "crop", "cropland", "Land that is sown and harvested.",
            ("agriculture", "agricultural", "farmland", "farm land", "arable", "cultivated"),
            loose=(LooseNames(("field",), ": all cropland in the area counts"),),
            worldcover=(40,), nlcd=(82,), corine=("21", "22", "24"),
        ),
        Concept(
            "developed", "built-up land", "Artificial surfaces: buildings, roads, paved and built land together.",
            ("urban", "urbanised", "urbanized", "built up", "built", "artificial surface", "artificial",
             "impervious surface", "impervious"),
            loose=(LooseNames(("city", "town", "village", "settlement"), ": all built-up land in the area counts"),),
            worldcover=(50,), nlcd=(21, 22, 23, 24), corine=("1",),
        ),
        Concept(
            "bare", "bare land", "Rock, sand or soil without plants or artificial cover.",
            ("bareland", "barren"),
            loose=(LooseNames(("sand", "sandy", "rock", "rocky", "soil", "desert", "beach"), _KINDS),),
            worldcover=(60,), nlcd=(31,), corine=("331", "332", "333"),
        ),
        Concept(
            "wetland", "herbaceous wetland", "Land under herbaceous plants in standing water for part of the year.",
            (), loose=(LooseNames(("marsh", "marshland", "bog", "fen", "peatland"), _KINDS),),
            countable=("wetland", "marsh", "bog", "fen"),
            worldcover=(90,), nlcd=(95,), corine=("41", "42"),
        ),
        Concept(
            "snow", "snow and ice", "Snow or ice cover at the time of acquisition, seasonal or not.",
            ("ice", "snowy", "snow covered", "ice covered"),
            loose=(LooseNames(("glacier", "ice cap"), ": seasonal snow counts as well"),),
            countable=("glacier",),
            worldcover=(70,), nlcd=(12,), corine=("335",),
        ),
        Concept(
            "vegetation", "vegetation", "Green plants of any kind: trees, shrubs, grass and crops together.",
            ("vegetated", "greenery", "green vegetation", "plant cover"),
            loose=(LooseNames(("green", "green space", "plant"), " of any kind"),),
            members=("tree", "shrub", "grass", "crop"), worldcover=(10, 20, 30, 40),
        ),
        Concept(
            "building", "buildings", "Single buildings, as roof outlines.",
            ("building", "roof", "rooftop"),
            loose=(LooseNames(("house", "hut"), ": kinds of building are not told apart"),),
            countable=("building", "roof", "rooftop", "house", "hut"), max_gsd_m=2.0,
        ),
        Concept(
            "road", "roads", "Carriageways.", (),
            loose=(LooseNames(("street", "highway", "motorway"), ": kinds of road are not told apart"),), max_gsd_m=5.0,
        ),
        Concept(
            "burned", "burn scar", "Land burned between two dates.",
            ("burnt", "burned area", "burnt area", "fire scar"), countable=("burn scar", "fire scar"),
            corine=("334",), dates=2,
            warning="Harvested, felled or dried-out land looks like a burn scar: check with a record of fires.",
        ),
        Concept(
            "cloud", "cloud and its shadow", "Clouds and the shadows they cast.",
            ("cloudy", "clouded", "overcast", "cloud covered"),
            loose=(LooseNames(("cloud shadow",), ": a cloud and its shadow are one class"),),
        ),
    )
})  # fmt: skip
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
        close = difflib.get_close_matches(key, vocabulary, n=1)
        also = f"Did you mean {close[0]!r}? " if close else ""
        raise InputError(f"{key[:60]!r} is not in the vocabulary.", hint=f"{also}Known are {', '.join(vocabulary)}.")
    return vocabulary[key]


def _folded(word: str) -> str:
    return " ".join(word.lower().replace("-", " ").split())


@cache
def _forms(name: str) -> tuple[str, str]:
    """Return singular and plural, hyphens as spaces."""
    word = name.replace("-", " ")
    if word.endswith(("s", "x", "ch", "sh")):
        return word, f"{word}es"
    if word.endswith("y") and word[-2] not in "aeiou":
        return word, f"{word[:-1]}ies"
    return word, f"{word}s"


@cache
def concept_words() -> Mapping[str, str]:
    """Return every name of every concept, singular and plural, with its key; lower case, hyphens as spaces."""
    return MappingProxyType(
        {form: concept.key for concept in vocabulary.values() for name in concept.words for form in _forms(name)}
    )


@cache
def _pattern() -> re.Pattern[str]:
    longest_first = sorted(concept_words(), key=lambda word: (-len(word), word))
    joined = "|".join(re.escape(word).replace(r"\ ", r"[\s-]+") for word in longest_first)
    return re.compile(rf"(?<![\w-])(?:{joined})(?![\w-])", re.IGNORECASE)


def find_concepts(text: str) -> Iterator[ConceptMatch]:
    """Yield the concepts that a text names, in order; the longest name wins where several fit.

    Words that are no concept are passed over: whether that matters is for the planner to say.
    """
    for match in _pattern().finditer(text):
        key = concept_words().get(_folded(match.group()))
        if key is not None:  # the pattern also takes letters that only look alike, such as a dotless i
            yield ConceptMatch(key, match.group(), match.start(), match.end())


def closest_concept_words(word: str, n: int = 3) -> tuple[str, ...]:
    """Return the names that are spelled most like an unknown word; none when nothing is near.

    Args:
        word: Any text; only its first 60 characters count.
        n: At most so many.
    """
    return tuple(difflib.get_close_matches(word[:60].lower(), concept_words(), n=n, cutoff=0.75))
