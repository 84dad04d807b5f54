"""Numbers in digits and words, and the lengths, areas and percentages that they make with a unit."""

from collections.abc import Mapping, Sequence

from terrascope_sdk.plan.questions.tokens import Token

__all__ = ["number_at"]

_SMALL = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_SMALL_DE = [
    "null",
    "eins",
    "zwei",
    "drei",
    "vier",
    "fuenf",
    "sechs",
    "sieben",
    "acht",
    "neun",
    "zehn",
    "elf",
    "zwoelf",
    "dreizehn",
    "vierzehn",
    "fuenfzehn",
    "sechzehn",
    "siebzehn",
    "achtzehn",
    "neunzehn",
]
_TENS_DE = ["zwanzig", "dreissig", "vierzig", "fuenfzig", "sechzig", "siebzig", "achtzig", "neunzig"]

_WORDS: Mapping[str, float] = {
    **{w: float(i) for i, w in enumerate(_SMALL)},
    **{w: float(i) for i, w in enumerate(_SMALL_DE)},
    **{w: 10.0 * i for i, w in enumerate(_TENS, 2)},
    **{w: 10.0 * i for i, w in enumerate(_TENS_DE, 2)},
    "dozen": 12.0, "half": 0.5, "halb": 0.5, "halben": 0.5, "halber": 0.5, "halbe": 0.5, "halbes": 0.5,
    "quarter": 0.25, "viertel": 0.25, "anderthalb": 1.5, "eineinhalb": 1.5, "zweieinhalb": 2.5, "½": 0.5, "¼": 0.25,
    "¾": 0.75,
}  # fmt: skip
_SCALES: Mapping[str, float] = {"hundred": 100.0, "thousand": 1000.0, "million": 1e6, "hundert": 100.0, "tausend": 1e3}
_ONE = frozenset(["a", "an", "ein", "eine", "einen", "einem", "einer"])


def number_at(tokens: Sequence[Token], i: int) -> tuple[float, int] | None:
    """Return the number that begins at a token and how many tokens it takes up, or None.

    Args:
        tokens: A question.
        i: Where to look.
    """
    if i >= len(tokens):
        return None
    token = tokens[i]
    if token.kind == "number" and token.word not in _WORDS:
        value = _digits(token.word)
        if value is None:
            return None
        scale = _SCALES.get(tokens[i + 1].word) if i + 1 < len(tokens) else None
        return (value, 1) if scale is None else (value * scale, 2)
    return _spelled(tokens, i)


def _digits(text: str) -> float | None:
    """Read 1,000 and 1.000 as a thousand, 0,5 and 0.5 as a half."""
    if text.replace(",", "").replace(".", "") == text:
        return float(text)
    groups = text.replace(".", ",").split(",")
    if len(groups) == 2 and (len(groups[1]) != 3 or groups[0] in {"0", "00"}):
        return float(".".join(groups))
    if all(len(g) == 3 for g in groups[1:]) and len(groups[0]) <= 3:
        return float("".join(groups))
    if text.count(".") == 1 and text.rfind(".") > text.rfind(","):
        return float(text.replace(",", ""))
    if text.count(",") == 1 and text.rfind(",") > text.rfind("."):
        return float(text.replace(".", "").replace(",", "."))
    return None


def _spelled(tokens: Sequence[Token], i: int) -> tuple[float, int] | None:
    total, j, seen = 0.0, i, False
    while j < len(tokens):
        word = tokens[j].word
        value = _WORDS.get(word, _compound(word))
        if value is not None and value >= 1:
            total, seen = total + value, True
        elif value is not None:
            total, seen = (total + value if seen else value), True
        elif word in _SCALES:
            total, seen = max(total, 1.0) * _SCALES[word], True
        elif not _joins(tokens, j, seen=seen):
            break
        j += 1
    return (total, j - i) if seen else None


def _joins(tokens: Sequence[Token], j: int, *, seen: bool) -> bool:
    """Whether a small word belongs to the number: the *a* of *half a*, the *and* of *two and a half*, a hyphen."""
    word = tokens[j].word
    after = tokens[j + 1].word if j + 1 < len(tokens) else ""
    if word in _ONE:
        before = tokens[j - 1].word if j else ""
        return (
            before in {"half", "quarter"}
            or after in _SCALES
            or after in {"half", "quarter"}
            or after.startswith("halb")
            or after == "viertel"
        )
    if word in {"and", "und"} and seen:
        rest = tokens[j + 1 : j + 3]
        return bool(rest) and (
            (rest[-1].word in {"half", "quarter"} and rest[0].word in _ONE)
            or (tokens[j - 1].word in {"hundred", "thousand"} and rest[0].word in _WORDS)
        )
    return word == "-" and seen and after in _WORDS and tokens[j - 1].word in _TENS


def _compound(word: str) -> float | None:
    """Read German numbers written in one word: *zweihundert*, *fünfhundert*, *dreitausend*."""
    for scale, size in (("tausend", 1000.0), ("hundert", 100.0)):
        head, found, tail = word.partition(scale)
        if found and word not in _SCALES:
            first = 1.0 if head in {"", "ein"} else _WORDS.get(head) or _compound(head)
            last = 0.0 if not tail else _WORDS.get(tail) or _compound(tail)
            return None if first is None or last is None else first * size + last
    for i, tens in enumerate(_TENS_DE, 2):
        head = word.removesuffix("und" + tens)
        if head != word and head in {*_WORDS, "ein"}:
            return 10.0 * i + (1.0 if head == "ein" else _WORDS[head])
    return None
