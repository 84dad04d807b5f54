from itertools import combinations

import numpy as np
import pytest

from terrascope_sdk.render.palette import colour_of, concept_colours, hex_of
from terrascope_sdk.types.concepts import vocabulary

SEEN_WITH = {  # Machado et al. (2009), severity 1, on linear RGB
    "normal vision": np.eye(3),
    "protanopia": np.array(
        [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    ),
    "deuteranopia": np.array(
        [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    ),
    "tritanopia": np.array(
        [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    ),
}
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.119192, 0.9503041]]
)


def cielab(colour, seen_with):
    c = np.array(colour) / 255
    linear = np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)
    xyz = TO_XYZ @ np.clip(seen_with @ linear, 0, 1) / [0.95047, 1, 1.08883]
    x, y, z = np.where(xyz > 0.008856, np.cbrt(xyz), 7.787 * xyz + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("eyes", SEEN_WITH)
def test_every_two_concepts_can_be_told_apart(eyes):
    for (a, one), (b, two) in combinations(concept_colours.items(), 2):
        distance = np.linalg.norm(cielab(one, SEEN_WITH[eyes]) - cielab(two, SEEN_WITH[eyes]))
        assert distance > 15, (a, b, distance)


def test_every_concept_has_a_colour():
    assert set(vocabulary) <= set(concept_colours)


def test_labels_map_to_colours():
    assert colour_of(" Water ") == concept_colours["water"]
    assert colour_of("water gain") == concept_colours["gain"]
    assert colour_of("tree loss") == concept_colours["loss"]
    assert hex_of((1, 16, 255)) == "#0110ff"


def test_free_text_has_a_stable_colour():
    assert colour_of("salt pans") == colour_of("Salt pans ") == (204, 187, 68)  # the same in every process
    assert len({colour_of(f"label {i}") for i in range(50)}) == 8
    assert colour_of("lone \ud800 surrogate")
