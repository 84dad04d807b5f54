"""Words whose meaning hangs on the words around them, put right before a question is read."""

from collections.abc import Sequence
from dataclasses import replace

from terrascope_sdk.plan.questions.lexicon import Language
from terrascope_sdk.plan.questions.tagging import Tag
from terrascope_sdk.plan.questions.tokens import fold

__all__ = ["straightened"]

_SMALL = frozenset({"filler", "article", "in", "when"})


def straightened(tags: Sequence[Tag], language: Language) -> list[Tag]:
    """Return the tags with words that mean something else here.

    *How has cropland developed* is a development and no built-up land; German *wurde zu* is a conversion.

    Args:
        tags: The question.
        language: In which language it was read.
    """
    found = list(tags)
    for i, tag in enumerate(found):
        word = fold(tag.text)
        if language == "en" and word == "developed" and tag.kind == "concept" and _develops(found, i):
            found[i] = replace(tag, kind="trend", value="")
        if tag.kind == "of" and i == _first_word(found) and _whole_first(found, i):
            found[i] = replace(tag, kind="share", value="")
            found = [
                replace(t, kind="filler") if t.kind == "howmuch" or (t.kind == "share" and n > i) else t
                for n, t in enumerate(found)
            ]
            return straightened(
                [*found[: i + 1], replace(tag, start=tag.start, end=tag.end), *found[i + 1 :]], language
            )
        if language == "de":
            found[i] = _german(found, i, tag, word)
    return found


def _first_word(tags: Sequence[Tag]) -> int:
    return next((i for i, t in enumerate(tags) if t.kind not in {"filler", "stop"}), 0)


def _whole_first(tags: Sequence[Tag], i: int) -> bool:
    """Whether a sentence begins like *Of all the cropland, how much is flooded*."""
    kinds = [t.kind for t in tags]
    return (
        "comma" in kinds
        and ("howmuch" in kinds[i:] or "share" in kinds[i:])
        and "concept" in kinds[i : kinds.index("comma")]
        and "unit" not in kinds
    )


def _develops(tags: Sequence[Tag], i: int) -> bool:
    """Whether *developed* is the verb: *how has cropland developed*, *how the forest developed*."""
    before = [t for t in tags[:i] if t.kind not in _SMALL]
    asked = any(fold(t.text).split()[:1] in (["how"], ["describe"]) and t.kind == "wh" for t in before)
    amount = any(t.kind in {"many", "howmuch", "share", "size"} for t in before)
    named = bool(before) and before[-1].kind in {"concept", "area", "time", "cover"}
    last = i + 1 >= len(tags) or tags[i + 1].kind not in {"area", "land", "concept"}
    return asked and not amount and named and last


def _german(tags: Sequence[Tag], i: int, tag: Tag, word: str) -> Tag:
    words = {fold(t.text) for t in tags}
    following = next((t for t in tags[i + 1 :] if t.kind not in {"filler", "article"}), None)
    became = word in {"zu", "zum", "zur"} and {"wurde", "wurden", "worden", "geworden"} & words
    if became and following is not None and following.kind == "concept":
        return replace(tag, kind="turn", value="", text="zu")
    if word == "noch" and "weder" in words:
        return replace(tag, kind="not", value="")
    took = {"nahm", "nahmen", "nimmt", "nehmen"} & words
    if took and word in {"ab", "zu"} and (following is None or following.kind in {"stop", "comma", "and"}):
        return replace(tag, kind="change", value="net loss" if word == "ab" else "net gain")
    return tag
