"""Tiles, tokens under masks, prompts, transcripts and fusion of the released network."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from terrascope_sdk.errors import InputError
from terrascope_sdk.model.chain_grammar import Find
from terrascope_sdk.model.released.choosing import TILE_CELLS, chosen_tokens, covered_cells, thinned
from terrascope_sdk.model.released.fusing import likeness, nearer_sensor
from terrascope_sdk.model.released.options import PAPER, ReleasedOptions
from terrascope_sdk.model.released.prompt import instruction, templated, user_text
from terrascope_sdk.model.released.tiles import TileLayout, tile_layout
from terrascope_sdk.model.released.transcript import Transcript

ONE = TileLayout(1, 1, thumbnail=False)


@given(st.integers(1, 3000), st.integers(1, 3000))
def test_a_layout_has_at_most_twelve_tiles_and_a_thumbnail_only_with_several(width, height):
    layout = tile_layout(width, height)
    assert 1 <= layout.cols * layout.rows <= 12
    assert layout.thumbnail == (layout.cols * layout.rows > 1)


def test_the_shape_of_the_layout_is_the_nearest_one():
    assert (tile_layout(4000, 1000).cols, tile_layout(4000, 1000).rows) == (4, 1)
    assert tile_layout(300, 300).count == 1
    assert tile_layout(20_000, 20_000).cols == tile_layout(20_000, 20_000).rows == 3


@given(st.integers(0, 15), st.integers(0, 15), st.integers(1, 3), st.integers(1, 3))
def test_a_token_lies_where_its_mask_lies(row, col, cols, rows):
    layout = TileLayout(cols, rows, thumbnail=True)
    mask = np.zeros((rows * 64, cols * 64), bool)
    y, x = (rows - 1) * 16 + row, (cols - 1) * 16 + col
    mask[y * 4 : y * 4 + 4, x * 4 : x * 4 + 4] = True
    for rule in ("nearest", "half"):
        chosen, covered = chosen_tokens(mask, layout, rule=rule)
        assert covered == 1
        assert chosen == [(rows * cols - 1) * TILE_CELLS**2 + row * TILE_CELLS + col]


def test_half_of_a_cell_is_not_more_than_half():
    mask = np.zeros((64, 64), bool)
    mask[:2, :4] = True
    assert not covered_cells(mask, ONE, rule="half").any()
    mask[:3, :4] = True
    assert covered_cells(mask, ONE, rule="half").sum() == 1


@given(st.sets(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=60), st.integers(1, 20))
def test_thinning_keeps_few_and_no_place_twice(places, most):
    listed = sorted(places)
    kept = thinned(listed, most)
    assert len(kept) == len(set(kept)) <= most
    assert (len(kept) == len(listed)) or len(listed) > most


def test_an_empty_mask_feeds_back_the_first_token_or_nothing():
    empty = np.zeros((50, 50), bool)
    assert chosen_tokens(empty, ONE) == ([0], 0)
    assert chosen_tokens(empty, ONE, when_empty="none") == ([], 0)


def test_the_prompt_has_a_place_for_every_visual_token():
    text = templated(user_text("Where?", {"A": "here"}), [256, 512])
    assert text.count("<IMG_CONTEXT>") == 768
    assert text.count("<img>") == 2
    assert instruction() in text
    assert text.endswith("Where?\nA. here\n<|im_end|>\n<|im_start|>assistant\n")


@pytest.mark.parametrize("text", ["no image", "<image> and <image>"])
def test_a_text_with_no_image_or_two_is_refused(text):
    with pytest.raises(InputError, match="once"):
        templated(text, [256])


def test_a_question_cannot_smuggle_in_an_image():
    with pytest.raises(InputError, match="must not hold"):
        user_text("What is <image>?")


def read_all(transcript, words):
    return [transcript.read(w) for w in words]


def test_each_seg_takes_the_next_image_in_turn():
    transcript = Transcript(2, ReleasedOptions())
    read_all(transcript, ["Before", "[SEG]", "\u0120after", "[SEG]", "\u0120and", "[SEG]"])
    assert [f.dates for f in transcript.finds] == [(1,), (2,), (1,)]
    assert transcript.finds[1] == Find("", "", (2,), 2)


def test_a_seg_takes_the_image_named_before_it():
    transcript = Transcript(3, PAPER)
    read_all(transcript, ["Image", ":", "\u0120t", "3", "\u0120water", "[SEG]", "\u0120Image", ":", "\u01201", "[SEG]"])
    assert [f.dates for f in transcript.finds] == [(3,), (1,)]


@pytest.mark.parametrize("stop", ["<|im_end|>", "<|end|>"])
def test_a_chain_ends_at_a_stop_token(stop):
    transcript = Transcript(1, ReleasedOptions())
    assert not transcript.read("word").done
    assert transcript.read(stop).done
    assert transcript.stopped == "ended"


def test_a_chain_ends_after_its_last_mask_or_at_its_length():
    masks = Transcript(1, ReleasedOptions(max_masks=1))
    assert [a.done for a in read_all(masks, ["[SEG]", "more"])] == [False, True]
    assert masks.stopped == "masks"
    length = Transcript(1, ReleasedOptions(max_tokens=5))
    length.read("[SEG]")
    length.fed_back(3)
    assert length.read("word").done
    assert length.stopped == "length"


def test_without_images_seg_is_only_a_word():
    assert Transcript(0, ReleasedOptions()).read("[SEG]").ground is None


def test_likeness_is_a_share_and_the_nearer_sensor_wins():
    torch.manual_seed(0)
    words = torch.randn(4, 16)
    optical, sar = torch.randn(6, 16), torch.randn(6, 16)
    assert float(likeness(optical, words).sum()) == pytest.approx(1, abs=1e-5)
    sar[2] = words.mean(0) * 40
    assert bool(nearer_sensor(optical, sar, words)[2])
    by_hand = torch.stack([torch.softmax(optical @ w / 4, 0) for w in words]).mean(0)
    torch.testing.assert_close(likeness(optical, words), by_hand)


@pytest.mark.parametrize("name", ["region_tokens", "max_masks", "max_tokens"])
def test_limits_below_one_are_refused(name):
    with pytest.raises(InputError, match=name):
        ReleasedOptions(**{name: 0})
