"""Questions that cannot be answered: about other things, in words nobody knows, without a subject."""

from collections.abc import Sequence
from functools import cache
from itertools import chain
from typing import TypeVar

from terrascope_sdk.model.word_list import WORD_KINDS, words, words_of_kind
from terrascope_sdk.train.asking import Asking, Draw, Prepared
from terrascope_sdk.train.filling import invented_names, made_up_words
from terrascope_sdk.train.intents import task_shapes
from terrascope_sdk.train.naming import Name, name_concept, name_everyday, name_made_up, name_thing
from terrascope_sdk.types.concepts import vocabulary

__all__ = ["ask_unclear"]

T = TypeVar("T")

_KEYS = tuple(vocabulary)
_TASKS = tuple(task_shapes)
_KINDS = (("own", 0.42), ("alien", 0.8), ("joined", 0.85), ("timeless", 0.9), ("pronoun", 0.94), ("salad", 1.0))
_PRONOUNS = ("it", "that", "this", "them", "those", "these", "something", "stuff", "things", "everything", "one")
_SUBTYPES = (
    "coniferous", "deciduous", "dense", "sparse", "young", "old", "dead", "healthy", "diseased", "deep", "shallow",
    "dirty", "clean", "polluted", "industrial", "residential", "commercial", "tropical", "natural", "planted",
    "private",
    "public", "abandoned", "protected", "irrigated", "organic", "permanent", "seasonal", "tall", "low", "red", "blue",
    "salty", "mixed", "primary", "native", "invasive", "illegal", "empty", "expensive", "evergreen",
)  # fmt: skip
_NOUNS = ("person", "group", "paper", "matter", "event", "region", "object", "object")
_CROSSED = ("burned", "flooded", "urban", "wooded", "cloudy", "green", "snowy", "rocky", "built-up", "agricultural")


def ask_unclear(asking: Asking, draw: Draw) -> str:
    """Return a question that cannot be answered.

    Args:
        asking: Whose templates take part.
        draw: Source of randomness.
    """
    luck = draw()
    kind = next(name for name, below in _KINDS if luck < below)
    if kind == "own":
        return _own(asking, draw)
    if kind == "joined":
        return _joined(asking, draw)
    if kind == "timeless":
        return _timeless(asking, draw)
    return _salad(draw) if kind == "salad" else _about_others(asking, draw, pronoun=kind == "pronoun")


def _pick(options: Sequence[T], draw: Draw) -> T:
    return options[int(draw() * len(options))]


def _own(asking: Asking, draw: Draw) -> str:
    template = _pick(asking.templates("unclear"), draw)
    names = template.named(_keys(3, draw), draw)
    for letter in "xy":
        names[letter] = _alien(draw, definite=letter in template.definite)
    return asking.ask(template, names, draw, dates=0, n_dates=2).text


def _keys(count: int, draw: Draw) -> list[str]:
    left = list(_KEYS)
    return [left.pop(int(draw() * len(left))) for _ in range(count)]


def _task(asking: Asking, draw: Draw) -> tuple[Prepared, dict[str, Name], int]:
    task = _pick(_TASKS, draw)
    concepts = _keys(task_shapes[task].concepts, draw)
    fitting = asking.fitting(task, concepts)
    template = _pick(fitting, draw)
    return template, template.named(concepts, draw), task_shapes[task].dates


def _about_others(asking: Asking, draw: Draw, *, pronoun: bool) -> str:
    """Ask a good question about something that is not in the vocabulary."""
    template, names, dates = _task(asking, draw)
    letters = [letter for letter in names if letter in template.marks]
    if not letters:
        return _own(asking, draw)
    spoilt = [letter for letter in letters if draw() < 0.5] or [_pick(letters, draw)]
    for letter in spoilt:
        names[letter] = _pronoun(draw) if pronoun else _alien(draw, definite=letter in template.definite)
    return asking.ask(template, names, draw, dates=dates, n_dates=2 + int(draw() * 2)).text


def _alien(draw: Draw, *, definite: bool) -> Name:
    luck = draw()
    if luck < 0.44:
        return name_thing(draw, definite=definite)
    if luck < 0.56:
        return name_everyday(_pick(words_of_kind(_pick(_NOUNS, draw)), draw), draw, definite=definite)
    if luck < 0.76:
        return name_made_up(_pick(made_up_words(), draw), draw)
    if luck < 0.84:
        name = _pick(invented_names(), draw)
        return Name(name, name, name, name, name, is_plural=False)
    if luck < 0.96:
        word = _pick(_SUBTYPES if draw() < 0.7 else words_of_kind("quality"), draw)
    else:
        word = _pick(_CROSSED, draw)
    concepts = ("tree", "grass", "crop", "building", "road", "wetland") if luck >= 0.96 else _KEYS
    return _narrowed(name_concept(_pick(concepts, draw), frozenset(), draw, definite=definite), word)


def _narrowed(name: Name, word: str) -> Name:
    article, _, noun = name.definite.rpartition(name.noun)
    return Name(
        noun=f"{word} {name.noun}",
        definite=f"{article}{word} {noun or name.noun}",
        modifier=f"{word} {name.modifier}",
        plural=f"{word} {name.plural}",
        one=f"a {word} {name.one.partition(' ')[2]}",
        is_plural=name.is_plural,
    )


def _pronoun(draw: Draw) -> Name:
    word = _pick(_PRONOUNS, draw)
    return Name(word, word, word, word, word, is_plural=word in ("them", "those", "these", "things"))


def _joined(asking: Asking, draw: Draw) -> str:
    """Ask two questions at once."""
    asked: list[str] = []
    for _ in range(2):
        template, names, dates = _task(asking, draw)
        asked.append(asking.ask(template, names, draw, dates=dates, n_dates=2).text)
    return _pick((" and ", "? ", ", and ", " or ", "; ", " and also "), draw).join(asked)


def _timeless(asking: Asking, draw: Draw) -> str:
    """Ask a good question about a time that has no image."""
    template, names, _ = _task(asking, draw)
    when = Prepared("k", (asking.grammar.shared("vague_time"),), frozenset(), {}, frozenset(), dated=True, placed=True)
    time = asking.ask(when, {}, draw, dates=0, n_dates=2).text
    asked = asking.ask(template, names, draw, dates=0, n_dates=2).text
    return f"{time}, {asked}" if draw() < 0.4 else f"{asked} {time}"


def _salad(draw: Draw) -> str:
    """Return words that make no sense."""
    listed = _listed()
    return " ".join(_pick(listed, draw) for _ in range(1 + int(draw() * 9)))


@cache
def _listed() -> tuple[str, ...]:
    everyday = (words_of_kind(kind)[::8] for kind in WORD_KINDS)
    return (*sorted(word for word in words() if word.isalpha()), *chain.from_iterable(everyday))
