"""How one written word becomes a listed one: contractions, spellings, inflections, one slip."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

__all__ = ["contractions", "folds", "one_slip_apart", "slips"]

_CONTRACTIONS: dict[str, tuple[str, ...]] = {
    **{f"{word}'s": (word, "is") for word in ("what", "where", "there", "how", "who", "it", "that", "here", "which")},
    **{f"{word}'re": (word, "are") for word in ("you", "we", "they", "there", "what", "how", "where")},
    **{f"{word}'ve": (word, "have") for word in ("i", "you", "we", "they")},
    **{f"{word}'ll": (word, "will") for word in ("i", "you", "we", "they", "it", "that", "there")},
    **{f"{word}'d": (word, "would") for word in ("i", "you", "we", "they", "it", "that")},
    **{
        f"{word}n't": (word, "not")
        for word in ("do", "does", "did", "is", "are", "was", "were", "has", "have", "had", "would", "could", "should")
    },
    "i'm": ("i", "am"), "let's": ("let", "us"), "can't": ("can", "not"), "won't": ("will", "not"),
    "cannot": ("can", "not"), "gimme": ("give", "me"), "wanna": ("want", "to"),
    "u": ("you",), "ur": ("your",), "r": ("are",), "plz": ("please",), "pls": ("please",), "thx": ("thanks",),
    "sqkm": ("km2",), "sqm": ("m2",), "kms": ("km",), "mtrs": ("metres",), "mtr": ("metre",), "pct": ("percent",),
    "percents": ("percent",), "percentages": ("percentage",), "hectare": ("hectares",), "nr": ("number",),
    "num": ("number",), "vs": ("versus",), "approx": ("approximately",), "pic": ("picture",), "pics": ("pictures",),
    "img": ("image",), "asap": ("now",), "ok": ("okay",), "kilometre": ("kilometres",), "kilometer": ("kilometres",),
    "sq": ("square",), "pixelated": ("pixels",), "thru": ("through",), "btw": ("between",), "til": ("until",),
    "till": ("until",),
}  # fmt: skip
_WORDS_WITHOUT = frozenset(("were", "well", "ill", "wed", "its"))

contractions: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {word.replace("'", ""): full for word, full in _CONTRACTIONS.items() if word.replace("'", "") not in _WORDS_WITHOUT}
    | _CONTRACTIONS
)
"""Contractions with and without their apostrophe, abbreviations and habits of typing, with what they stand for."""

_SWAPS = (
    ("our", "or"), ("or", "our"), ("iz", "is"), ("is", "iz"), ("yz", "ys"), ("ys", "yz"), ("ll", "l"), ("l", "ll"),
    ("ense", "ence"), ("ence", "ense"), ("ogue", "og"), ("og", "ogue"), ("ray", "rey"), ("ae", "e"), ("ough", "ow"),
)  # fmt: skip
_ENDS = (("er", "re"), ("ers", "res"), ("re", "er"), ("ered", "red"))
_INFLECTIONS = (
    ("ies", "y"), ("ves", "f"), ("es", ""), ("s", ""), ("", "s"), ("ied", "y"), ("ed", ""), ("d", ""),
    ("ing", ""), ("ing", "e"), ("", "ed"), ("", "d"), ("", "ing"), ("e", "ing"),
)  # fmt: skip


def folds(word: str) -> Iterator[str]:
    """Yield what a word may be listed as: the other side's spelling first, then its plain inflections.

    Args:
        word: In lower case.
    """
    yield from _other_spellings(word)
    if len(word) < 4:
        return
    for end, other in _INFLECTIONS:
        if word.endswith(end):
            stem = word.removesuffix(end) if end else word
            if len(stem) < 3:
                continue
            yield stem + other
            if end in ("ed", "ing") and not other and stem[-1] == stem[-2]:
                yield stem[:-1]
            yield from _other_spellings(stem + other)


def _other_spellings(word: str) -> Iterator[str]:
    for end, other in _ENDS:
        if word.endswith(end):
            yield word.removesuffix(end) + other
    for mine, other in _SWAPS:
        at = word.find(mine, 1)
        if at > 0:
            yield word[:at] + other + word[at + len(mine) :]


def slips(word: str) -> Iterator[str]:
    """Yield the word with each one of its letters left out."""
    for i in range(len(word)):
        yield word[:i] + word[i + 1 :]


def one_slip_apart(word: str, other: str) -> bool:
    """Return whether one letter left out, put in, mistaken or swapped with its neighbour turns one into the other.

    >>> one_slip_apart("forset", "forest"), one_slip_apart("forrest", "forest"), one_slip_apart("frost", "forest")
    (True, True, False)
    """
    if abs(len(word) - len(other)) > 1 or word == other:
        return False
    start = next((i for i, (x, y) in enumerate(zip(word, other, strict=False)) if x != y), min(len(word), len(other)))
    rest, rest_other = word[start:], other[start:]
    if len(rest) == len(rest_other):
        swapped = rest[:2] == rest_other[1::-1] and rest[2:] == rest_other[2:]
        return swapped or rest[1:] == rest_other[1:]
    longer, shorter = (rest, rest_other) if len(rest) > len(rest_other) else (rest_other, rest)
    return longer[1:] == shorter
