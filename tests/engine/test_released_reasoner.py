"""The released network as a reasoner over a stack: the checkpoint of the parity fixture, whose answers are known."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import torch
from affine import Affine

from terrascope_sdk.engine.released import ReleasedTerraScope
from terrascope_sdk.engine.terrascope import TerraScope
from terrascope_sdk.errors import GroundingError, InputError, NotVisible, OutOfMemory, WeightsNotFound
from terrascope_sdk.model.released.sizes import sam2_sizes
from terrascope_sdk.types.grid import PixelGrid
from terrascope_sdk.types.protocols import GroundRequest, Reasoner
from terrascope_sdk.types.series import ImageSeries
from terrascope_sdk.types.stack import ImageStack

FIXTURE = Path("tests/data/parity")
SAM2 = sam2_sizes(json.loads((FIXTURE / "sam2_sizes.json").read_text())["this_checkpoint"])
CASES = np.load(FIXTURE / "cases.npz")
DAYS = (datetime(2021, 6, 1, tzinfo=UTC), datetime(2022, 6, 1, tzinfo=UTC))
TILED = "Which is larger, water or land?\nA. water\nB. land"


@pytest.fixture(scope="module")
def network():
    return TerraScope.from_pretrained(FIXTURE / "checkpoint", sam2=SAM2)


def shown(*images):
    """A stack of display values, so that its pictures are these images."""
    height, width = images[0].shape[:2]
    grid = PixelGrid("EPSG:32632", Affine(10, 0, 600_000, 0, -10, 5_000_000), height, width)
    pixels = np.stack([i.astype(np.float32).transpose(2, 0, 1) / 255 for i in images])
    valid = np.ones((len(images), height, width), bool)
    series = ImageSeries("optical", pixels, valid, ("red", "green", "blue"), DAYS[: len(images)], "display", grid)
    return ImageStack(grid, series)


def test_a_released_folder_gives_the_released_network(network):
    assert isinstance(network, ReleasedTerraScope)
    assert isinstance(network, Reasoner)
    assert network.name.startswith("terrascope-released ")


def test_a_chain_has_the_masks_and_the_answer_of_the_original(network):
    chain = network.reason(shown(CASES["single_tiled/image0"]), TILED)
    assert chain.claim == "B. land"
    grounds = [s for s in chain.steps if s.kind == "ground"]
    truth = CASES["single_tiled/masks"]
    assert len(grounds) == len(truth) == 2
    for step, mask in zip(grounds, truth, strict=True):
        assert np.array_equal(step.mask.pixels, mask[0])
        assert step.mask.valid.all()
    assert grounds[0].text == "First the water"
    assert grounds[0].mask.label == "First the water"
    assert list(grounds[0].injected) == json.loads((FIXTURE / "cases.json").read_text())["single_tiled"][
        "selected_token_indices"
    ][0]  # fmt: skip


def test_numbers_are_measured_on_the_masks(network):
    chain = network.reason(shown(CASES["single_tiled/image0"]), TILED)
    steps = [s for s in chain.steps if s.kind in ("ground", "measure")]
    for ground, told in zip(steps[::2], steps[1::2], strict=True):
        share = told.measurements[0]
        assert share.mask_ids == (ground.mask.id,)
        assert share.value == pytest.approx(ground.mask.pixels.mean(), rel=1e-3)


def test_unobserved_ground_is_never_inside_a_mask(network):
    stack = shown(CASES["single_tiled/image0"])
    rows, columns = np.nonzero(CASES["single_tiled/masks"][0, 0])
    valid = stack.optical.valid.copy()
    valid[:, rows[len(rows) // 2], columns[len(rows) // 2]] = False
    series = replace(stack.optical, valid=valid)
    mask = next(s.mask for s in network.reason(ImageStack(stack.grid, series), TILED).steps if s.mask is not None)
    assert mask.pixels.any()
    assert not mask.pixels[~valid[0]].any()
    assert not mask.valid[~valid[0]].any()


def test_a_pair_makes_a_mask_of_each_date(network):
    first, second = CASES["pair/image0"], CASES["pair/image1"]
    size = (min(first.shape[0], second.shape[0]), min(first.shape[1], second.shape[1]))
    stack = shown(first[: size[0], : size[1]], second[: size[0], : size[1]])
    chain = network.reason(stack, "How many buildings were damaged?\nA. 1, B. 3.")
    dates = [s.mask.date for s in chain.steps if s.mask is not None]
    assert dates[:2] == list(DAYS)


def test_several_questions_about_a_stack_cost_one_encoding(network, monkeypatch):
    calls = []
    real = network.released.network.visual_tokens
    monkeypatch.setattr(network.released.network, "visual_tokens", lambda t: calls.append(1) or real(t))
    stack, fresh = shown(CASES["single_no_seg/image0"]), ReleasedTerraScope(network.released)
    for _ in range(2):
        fresh.reason(stack, "Is there snow in this image?\nA. yes\nB. no")
    assert len(calls) == 1


def test_questions_asked_together_get_the_answers_they_get_alone(network):
    stack = shown(CASES["single_tiled/image0"])
    questions = [TILED, "Is there snow in this image?\nA. yes\nB. no", TILED]
    together = network.reason_many(stack, questions)
    for question, chain in zip(questions, together, strict=True):
        assert chain == network.reason(stack, question)
    assert together[0].claim == "B. land"


def test_a_request_that_the_network_cannot_meet_is_told(network):
    stack = shown(CASES["single_no_seg/image0"])
    assert "no sar pixels" in network.unseen(stack, GroundRequest("water", "sar"))
    assert "two dates" in network.unseen(stack, GroundRequest("burned", "optical", 0))
    assert "below" in network.unseen(stack, GroundRequest("building", "optical"))
    assert network.unseen(stack, GroundRequest("water", "optical")) is None
    with pytest.raises(NotVisible):
        list(network.ground(stack, GroundRequest("water", "sar")))
    with pytest.raises(InputError, match="no date 5"):
        network.unseen(stack, GroundRequest("water", "optical", 5))


def test_a_chain_without_a_mask_is_no_ground(network, monkeypatch):
    monkeypatch.setattr("terrascope_sdk.engine.released.user_text", lambda q: json.loads(
        (FIXTURE / "cases.json").read_text())["single_no_seg"]["user_text"])  # fmt: skip
    with pytest.raises(GroundingError, match="drew no mask"):
        list(network.ground(shown(CASES["single_no_seg/image0"]), GroundRequest("water", "optical")))


def test_too_many_images_and_marks_in_a_question_are_refused(network):
    image = CASES["single_no_seg/image0"]
    stack = shown(image)
    series = ImageSeries(
        "optical", np.repeat(stack.optical.pixels, 9, 0), np.repeat(stack.optical.valid, 9, 0), stack.optical.bands,
        tuple(datetime(2000 + i, 1, 1, tzinfo=UTC) for i in range(9)), "display", stack.grid,
    )  # fmt: skip
    with pytest.raises(InputError, match="at most 8"):
        network.reason(ImageStack(stack.grid, series), "What is there?")
    with pytest.raises(InputError, match="must not hold"):
        network.reason(stack, "<image> is this?")


def test_no_cuda_no_such_name_and_wrong_settings_are_typed(tmp_path):
    if not torch.cuda.is_available():
        with pytest.raises(InputError, match="no CUDA device"):
            TerraScope.from_pretrained(FIXTURE / "checkpoint", device="cuda", sam2=SAM2)
    with pytest.raises(WeightsNotFound, match="could not be fetched"):
        TerraScope.from_pretrained("nobody/nothing", offline=True)
    with pytest.raises(InputError, match="takes no options"):
        TerraScope.from_pretrained(None, options=None)


def test_running_out_of_memory_names_a_way_out(network, monkeypatch):
    def burst(_):
        raise torch.OutOfMemoryError("CUDA out of memory")

    monkeypatch.setattr(network.released.network, "visual_tokens", burst)
    with pytest.raises(OutOfMemory, match="bfloat16"):
        network.reason(shown(CASES["single_empty_mask/image0"]), "What is there?")


def test_weights_of_eight_bits_say_nearly_the_same_and_are_not_saved(network, tmp_path):
    small = TerraScope.from_pretrained(FIXTURE / "checkpoint", sam2=SAM2, weights="int8")
    assert small.name.endswith(" int8")
    torch.manual_seed(0)
    embeddings = torch.randn(1, 9, 64)
    with torch.inference_mode():
        full, eight = (
            m.released.network.language(inputs_embeds=embeddings, use_cache=False).last_hidden_state
            for m in (network, small)
        )
    assert 0 < float((full - eight).abs().mean()) < 0.03 * float(full.abs().mean())
    question = "Is there snow in this image?\nA. yes\nB. no"
    assert small.reason(shown(CASES["single_no_seg/image0"]), question).claim == "B"
    with pytest.raises(InputError, match="not saved"):
        small.save_pretrained(tmp_path)


def test_four_bits_and_unknown_kinds_are_refused_here():
    for kind, match in (("int4", "CUDA device"), ("int3", "full, host, int8 or int4")):
        with pytest.raises(InputError, match=match):
            TerraScope.from_pretrained(FIXTURE / "checkpoint", sam2=SAM2, weights=kind)


def test_saved_in_our_layout_it_answers_alike(network, tmp_path):
    network.save_pretrained(tmp_path)
    again = TerraScope.from_pretrained(tmp_path)
    stack = shown(CASES["single_one_tile/image0"])
    question = "What share of the image is water?\nA. 12%\nB. 40%"
    assert [s.text for s in again.reason(stack, question).steps] == [
        s.text for s in network.reason(stack, question).steps
    ]
