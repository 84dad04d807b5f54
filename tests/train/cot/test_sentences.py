import re

import numpy as np
import pytest

from terrascope_sdk.train.cot.frame_places import DIRECTIONS, PLACES, direction_of, place_of, sector_margin_deg
from terrascope_sdk.train.cot.sentences import SENTENCES, capital, read, say, written

SAMPLES = {"place": "lower middle", "quarter": "upper right", "direction": "bottom", "date": 2, "letter": "C"}
NAMES = {"name": "the largest region of snow and ice", "other": "open water", "third": "tree cover", "absent": "roads"}


def slots(way):
    return {slot.lower() for slot in re.findall(r"\{(\w+)\}", way)}


@pytest.mark.parametrize("kind", SENTENCES)
def test_what_is_said_reads_back_in_every_way(kind):
    assert len({frozenset(slots(way)) for way in SENTENCES[kind]}) == 1
    values = {s: SAMPLES.get(s, NAMES.get(s, 1234.5678)) for s in slots(SENTENCES[kind][0])}
    said = {say(kind, np.random.default_rng(seed), **values) for seed in range(12)}
    assert len(said) == len(SENTENCES[kind])
    for text in said:
        claims, unread = read(f"  {text} {text}")
        assert not unread
        assert [claim.kind for claim in claims] == [kind, kind]
        assert claims[0].values == {slot: written(slot, value) for slot, value in values.items()}
        assert text == capital(text)


def test_what_cannot_be_said_is_not_read():
    claims, unread = read("Image: t1. It is 7 o'clock. Open water [SEG]: 5 of 10 pixels.")
    assert [c.kind for c in claims] == ["image", "point"]
    assert unread == ["It is 7 o'clock."]
    assert read("Open water [SEG]: 5 of 10 pixels")[1]


def test_places_and_directions():
    assert place_of(0.0, 0.0) == "upper left"
    assert place_of(1.0, 1.0) == "lower right"
    assert place_of(0.5, 0.34) == "centre"
    assert {place_of(x, y) for x in (0.1, 0.5, 0.9) for y in (0.1, 0.5, 0.9)} == set(PLACES)
    around = [direction_of(np.cos(a), np.sin(a)) for a in np.deg2rad(np.arange(0, 360, 45))]
    assert around == list(DIRECTIONS)
    assert sector_margin_deg(1.0, 0.0) == pytest.approx(22.5)
    assert sector_margin_deg(np.cos(np.deg2rad(22)), np.sin(np.deg2rad(22))) == pytest.approx(0.5)
