"""Colours of masks: one for each concept, told apart by every kind of colour vision, and a stable one for free text.

Found by maximising the smallest CIELAB distance between any two colours as seen with normal vision and with simulated
protanopia, deuteranopia and tritanopia, while each stays near the hue that people expect of its concept; the smallest
distance is 15 (a just noticeable difference is 2.3).

References:
    Machado, Oliveira and Fernandes (2009), doi:10.1109/TVCG.2009.113, for the simulation of colour vision deficiency.
"""

import hashlib

__all__ = ["HATCH", "UNOBSERVED", "Colour", "colour_of", "concept_colours", "hex_of"]

Colour = tuple[int, int, int]
"""Red, green, blue, 0-255."""

UNOBSERVED: Colour = (200, 200, 200)
"""Ground of what nobody saw."""

HATCH: Colour = (138, 138, 138)
"""Lines over it."""

concept_colours: dict[str, Colour] = {
    "water": (32, 112, 255),
    "tree": (5, 188, 133),
    "shrub": (126, 96, 0),
    "grass": (172, 245, 80),
    "crop": (255, 181, 10),
    "developed": (240, 39, 45),
    "bare": (208, 192, 111),
    "wetland": (135, 181, 183),
    "snow": (239, 249, 242),
    "vegetation": (23, 149, 58),
    "building": (184, 125, 234),
    "road": (103, 22, 131),
    "burned": (98, 22, 39),
    "cloud": (135, 131, 177),
    "gain": (5, 230, 255),
    "loss": (240, 126, 14),
}
"""Colour by concept key; ``gain`` and ``loss`` are for what changed."""

_FREE: tuple[Colour, ...] = (
    (238, 51, 119),
    (0, 153, 136),
    (51, 187, 238),
    (204, 187, 68),
    (170, 68, 153),
    (102, 204, 153),
    (255, 112, 67),
    (68, 102, 187),
)
"""Colours for labels outside the vocabulary."""


def colour_of(label: str) -> Colour:
    """Return the colour of a label: the concept's own, that of gain or loss, else one chosen by the label's hash.

    The same label has the same colour in every process and every picture.

    >>> colour_of("water") == concept_colours["water"]
    True
    >>> colour_of("tree loss") == concept_colours["loss"]
    True
    """
    name = label.strip().casefold()
    if name in concept_colours:
        return concept_colours[name]
    last = name.rpartition(" ")[2]
    if last in ("gain", "loss"):
        return concept_colours[last]
    return _FREE[hashlib.sha256(name.encode("utf-8", "replace")).digest()[0] % len(_FREE)]


def hex_of(colour: Colour) -> str:
    """Return for example ``#2070ff``."""
    return "#{:02x}{:02x}{:02x}".format(*colour)
