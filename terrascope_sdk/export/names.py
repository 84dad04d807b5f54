"""File names of masks: safe on every system, whatever a label says."""

import re
import unicodedata
from collections.abc import Iterable

from terrascope_sdk.types.encoding import JsonValue

__all__ = ["mask_stems", "slug"]

_LONGEST = 60


def slug(text: str) -> str:
    """Return lower-case ASCII letters, digits and hyphens, at most 60; empty when nothing is left.

    >>> slug("../../Água  <b>gain</b>")
    'agua-b-gain-b'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST].rstrip("-")


def mask_stems(heads: Iterable[dict[str, JsonValue]]) -> dict[str, str]:
    """Return a file name without ending for each mask, by id: ``mask_water_2019-09-18_optical``.

    Masks of the same name are numbered in the order in which they come.

    Args:
        heads: ``id``, ``label``, ``date`` (ISO text or None) and ``sensor`` of each mask.
    """
    stems: dict[str, str] = {}
    taken: set[str] = set()
    for head in heads:
        parts = (slug(str(head["label"])), slug(str(head["date"] or "")[:10]), slug(str(head["sensor"])))
        base = "_".join(["mask", *(p for p in parts if p)])
        stem = next(s for s in (base, *(f"{base}_{i}" for i in range(2, len(taken) + 3))) if s not in taken)
        if head["id"] not in stems:
            stems[str(head["id"])] = stem
            taken.add(stem)
    return stems
