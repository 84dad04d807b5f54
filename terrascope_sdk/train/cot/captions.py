"""Cap-CoT: a caption whose chain points at each region, with its share, its place in the frame and its neighbour."""

import re

import numpy as np

from terrascope_sdk.train.cot.chain_rules import ChainRules
from terrascope_sdk.train.cot.drafts import Draft
from terrascope_sdk.train.cot.frame_places import place_of
from terrascope_sdk.train.cot.nearness import centre_of
from terrascope_sdk.train.cot.scene_view import SceneView
from terrascope_sdk.train.cot.sentences import written

__all__ = ["caption", "read_caption"]

_HEADS = ("The image shows ", "This scene holds ", "Seen from above: ")
_ITEM = re.compile(r"(?P<name>[a-z][a-z' -]*?) \((?P<percent>\d+\.\d)%, (?P<place>[a-z ]+)\)")


def caption(view: SceneView, rng: np.random.Generator, rules: ChainRules) -> Draft | None:
    """Return a caption of what covers enough of the scene, largest first; None where nothing does.

    Args:
        view: The scene.
        rng: Chooses wordings.
        rules: Which classes are worth a mention.
    """
    keys = view.classes_from(rules.caption_share)[: rules.caption_classes]
    if not keys:
        return None
    draft = Draft("caption", rng)
    draft.ask()
    items = []
    for key in keys:
        name = draft.mark_class(view, key)
        draft.say("percent", name=name, count=view.count(key), total=view.total, percent=100 * view.share(key))
        row, column = centre_of(view.mask(key))
        across, down = column / view.width, row / view.height
        place = place_of(across, down)
        draft.say("centre", name=name, across=100 * across, down=100 * down, place=place)
        items.append(f"{name} ({written('percent', 100 * view.share(key))}%, {place})")
    _say_borders(draft, view, keys)
    joined = items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}"
    draft.answer = _HEADS[int(rng.integers(len(_HEADS)))] + joined + "."
    return draft


def _say_borders(draft: Draft, view: SceneView, keys: list[str]) -> None:
    codes = [view.scene.classes.index(key) for key in keys]
    among = view.edges[np.ix_(codes, codes)]
    for i, key in enumerate(keys):
        other = int(np.argmax(among[i]))
        if among[i, other]:
            draft.say("border", name=view.name(key), other=view.name(keys[other]), edges=int(among[i, other]))


def read_caption(text: str) -> list[tuple[str, str, str]] | None:
    """Return name, percent and place of each class that a caption names; None when it is no such caption.

    >>> read_caption("The image shows tree cover (60.0%, centre) and open water (40.0%, upper left).")
    [('tree cover', '60.0', 'centre'), ('open water', '40.0', 'upper left')]
    """
    head = next((h for h in _HEADS if text.startswith(h)), None)
    if head is None or not text.endswith("."):
        return None
    body = text[len(head) : -1]
    items = list(_ITEM.finditer(body))
    rest = re.sub(r"\s+|,|\band\b", "", _ITEM.sub("", body))
    return None if rest or not items else [(m["name"].removeprefix("and "), m["percent"], m["place"]) for m in items]
