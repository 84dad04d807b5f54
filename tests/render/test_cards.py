import numpy as np
import pytest

from terrascope_sdk.render.page import page
from terrascope_sdk.render.value_html import facts_table, mask_card, picture_card
from tests.export.answers import EVIL

CODES = np.array([[0, 1, 255], [1, 1, 0]], np.uint8)
SEEN = np.array([[True, True, False], [True, True, True]])
CARDS = {
    "mask": lambda: mask_card(CODES, title=EVIL, text=EVIL, caption=EVIL),
    "picture": lambda: picture_card(
        np.zeros((2, 3, 3), np.uint8), SEEN, title=EVIL, credit=EVIL, text=EVIL, caption=EVIL
    ),
    "facts": lambda: facts_table(EVIL, {EVIL: EVIL, "empty": ""}),
    "page": lambda: page(EVIL, EVIL, generator=EVIL),
}


@pytest.mark.parametrize("name", CARDS)
def test_nothing_from_outside_becomes_markup(name):
    shown = CARDS[name]()
    assert "&lt;script&gt;" in shown
    for bad in ("<script", "<img src=https", "'quoted'"):
        assert bad not in shown


@pytest.mark.parametrize("name", ["mask", "picture", "facts"])
def test_where_styles_are_stripped_the_plain_text_shows(name):
    shown = CARDS[name]()
    assert shown.count('<pre class="ts-text">') == 1
    assert 'style="display:none"' in shown  # our style sheet shows it again
    assert ".ts-text{display:none}" in shown


def test_a_mask_counts_its_pixels():
    shown = mask_card(CODES, title="water", text="")
    assert "3 of 6 pixels (60.0% of what was observed); 1 not observed" in shown
    assert "not observed</span>" in shown
    assert "not observed</span>" not in mask_card(CODES[:, :1], title="water", text="")


def test_an_unobserved_mask_has_no_share():
    assert "0 of 4 pixels; 4 not observed" in mask_card(np.full((2, 2), 255, np.uint8), title="", text="")


def test_empty_facts_are_left_out():
    shown = facts_table("t", {"a": "1", "b": ""})
    assert ">a</th>" in shown
    assert ">b</th>" not in shown


def test_a_page_forbids_loading_anything():
    shown = page("t", "c")
    assert shown.startswith('<!doctype html>\n<html lang="en">')
    assert "default-src &#x27;none&#x27;" in shown
    assert '<meta charset="utf-8">' in shown
