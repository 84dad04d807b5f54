"""From the codes of a label raster to keys of the vocabulary: published legends by name, or a file of your own."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np

from terrascope_sdk.errors import InputError, ParseError
from terrascope_sdk.types.concepts import Concept, get_concept, vocabulary

__all__ = ["CROSSWALKS", "apply_crosswalk", "get_crosswalk", "read_crosswalk"]

_CORINE = (
    111, 112, 121, 122, 123, 124, 131, 132, 133, 141, 142, 211, 212, 213, 221, 222, 223, 231, 241, 242, 243, 244, 311,
    312, 313, 321, 322, 323, 324, 331, 332, 333, 334, 335, 411, 412, 421, 422, 423, 511, 512, 521, 522, 523,
)  # fmt: skip
"""The 44 classes of CORINE 2018; the raster product numbers them from 1 in this order."""


def _by(codes_of: Callable[[Concept], tuple[int, ...]]) -> dict[int, str]:
    single = (c for c in vocabulary.values() if not c.members and c.dates == 1)
    return {code: concept.key for concept in single for code in codes_of(concept)}


def _corine(numbered: bool) -> dict[int, str]:
    found = _by(lambda c: tuple(code for code in _CORINE if str(code).startswith(c.corine)) if c.corine else ())
    return {(_CORINE.index(code) + 1 if numbered else code): key for code, key in sorted(found.items())}


CROSSWALKS: Mapping[str, Mapping[int, str]] = {
    "worldcover": _by(lambda c: c.worldcover),
    "nlcd": _by(lambda c: c.nlcd),
    "corine": _corine(numbered=False),
    "corine-grid": _corine(numbered=True),
}
"""Code to key. Classes without a single-date concept (mangroves, lichen, woody wetlands, burnt areas) stay unlabelled.

``corine`` has the three-digit codes, ``corine-grid`` the numbers 1 to 44 of the raster product.
"""


def get_crosswalk(name: str | Path) -> Mapping[int, str]:
    """Return a crosswalk by its name, or read it from a JSON file.

    Raises:
        InputError: There is neither such a name nor such a file, or a key is not in the vocabulary.
        ParseError: The file is not as :func:`read_crosswalk` wants it.
    """
    if str(name) in CROSSWALKS:
        return CROSSWALKS[str(name)]
    path = Path(name)
    if not path.is_file():
        raise InputError(
            f"{str(name)!r} is neither a known legend nor a file.",
            hint=f"Known are {', '.join(CROSSWALKS)}; a file says {{'1': 'crop', '2': 'tree'}}.",
        )
    return read_crosswalk(path)


def read_crosswalk(path: Path) -> Mapping[int, str]:
    """Read ``{"code": "key"}`` from a JSON file; null for codes without a class.

    Raises:
        ParseError: It is no JSON object of whole numbers and keys.
        InputError: A key is not in the vocabulary.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        found = {int(code): str(key) for code, key in document.items() if key is not None}
    except (ValueError, AttributeError) as err:
        raise ParseError(f"{path} is no legend: {err}.", hint="Write {'1': 'crop', '2': 'tree'} as JSON.") from err
    for key in found.values():
        get_concept(key)
    return found


def apply_crosswalk(codes: np.ndarray, crosswalk: Mapping[int, str]) -> tuple[np.ndarray, tuple[str, ...]]:
    """Return labels int8[y x] and the classes that they are positions in; -1 where a code has no class.

    Args:
        codes: Whole numbers [y x].
        crosswalk: Key of the vocabulary by code.

    Raises:
        InputError: None of the codes is in the crosswalk.
    """
    keys = tuple(dict.fromkeys(crosswalk.values()))
    found, where = np.unique(codes, return_inverse=True)
    table = np.array([keys.index(crosswalk[int(c)]) if int(c) in crosswalk else -1 for c in found], np.int8)
    if table.max() < 0:
        raise InputError(
            f"None of the codes {found[:8].tolist()} has a class in the legend.",
            hint=f"It knows {sorted(crosswalk)[:12]}; CORINE as raster product is 'corine-grid'.",
        )
    return table[where.reshape(codes.shape)], keys
