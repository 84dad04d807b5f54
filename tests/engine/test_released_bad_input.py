"""What no one would ask for: odd sizes, odd bands, no pixels, too little memory. A right answer or a typed error."""

from datetime import UTC, datetime

import numpy as np
import pytest
import torch
from affine import Affine

from terrascope_sdk.engine import released_showing
from terrascope_sdk.engine.released import ReleasedTerraScope
from terrascope_sdk.engine.released_memory import enough_memory
from terrascope_sdk.errors import InputError, NotVisible, OutOfMemory, TooLarge
from terrascope_sdk.model.released.sizes import sam2_sizes
from terrascope_sdk.types.grid import PixelGrid
from terrascope_sdk.types.series import ImageSeries
from terrascope_sdk.types.stack import ImageStack
from tests.evaluate.parity.other_fixture import SAM2, write_checkpoint

DAY = datetime(2021, 6, 1, tzinfo=UTC)
THIRTEEN = ("coastal", "blue", "green", "red", "rededge1", "rededge2", "rededge3", "nir", "nir08", "nir09", "cirrus",
            "swir16", "swir22")  # fmt: skip


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    folder = write_checkpoint(tmp_path_factory.mktemp("tiny") / "checkpoint")
    return ReleasedTerraScope.from_pretrained(folder, sam2=sam2_sizes(SAM2))


def stack_of(height, width, bands=("red", "green", "blue"), *, valid=True, clouded=None, sensor="optical"):
    grid = PixelGrid("EPSG:32632", Affine(10, 0, 600_000, 0, -10, 5_000_000), height, width)
    pixels = np.random.default_rng(0).random((1, len(bands), height, width), np.float32)
    quantity = "surface_reflectance" if sensor == "optical" else "gamma0_rtc"
    series = ImageSeries(
        sensor, pixels, np.full((1, height, width), valid), bands, (DAY,), quantity, grid, clouded=clouded
    )
    return ImageStack(grid, **{sensor: series})


@pytest.mark.parametrize(
    ("height", "width", "bands"),
    [
        (1, 1, ("red", "green", "blue")),
        (3, 20_000, ("red", "green", "blue")),
        (20_000, 1, ("nir",)),
        (40, 30, ("red",)),
        (40, 30, THIRTEEN),
        (40, 30, ("b1", "b2")),
    ],
)
def test_odd_sizes_and_bands_get_masks_of_their_own_size(network, height, width, bands):
    stack = stack_of(height, width, bands)
    chain = network.reason(stack, "Where is water?")
    masks = [s.mask for s in chain.steps if s.mask is not None]
    assert len(masks) == 1
    assert masks[0].pixels.shape == (height, width)
    assert masks[0].grid == stack.grid
    tiles = network._seen.pictures.pictures[0].tiles
    assert len(tiles) <= 13


@pytest.mark.parametrize("clouded", [False, True])
def test_nothing_observed_is_not_reasoned_about(network, clouded):
    cloud = np.ones((1, 20, 20), bool) if clouded else None
    for ask in (network.reason, lambda s, q: list(network.stream(s, q)), lambda s, q: network.reason_many(s, [q])):
        with pytest.raises(NotVisible, match="Not one pixel"):
            ask(stack_of(20, 20, valid=False, clouded=cloud), "Where is water?")


def test_one_observed_pixel_bounds_every_mask(network):
    stack = stack_of(20, 20)
    valid = np.zeros((1, 20, 20), bool)
    valid[0, 4, 5] = True
    grid, series = stack.grid, stack.optical
    one = ImageSeries("optical", series.pixels.copy(), valid, series.bands, (DAY,), series.quantity, grid)
    mask = next(s.mask for s in network.reason(ImageStack(grid, one), "Where?").steps if s.mask is not None)
    assert mask.valid.sum() == 1
    assert not mask.pixels[~valid[0]].any()


def test_more_pixels_than_a_mask_can_hold_are_refused_before_anything_is_made(network, monkeypatch):
    monkeypatch.setattr(released_showing, "true_colour_picture", None)
    assert released_showing._MAX_PIXELS < 20_000**2
    monkeypatch.setattr(released_showing, "_MAX_PIXELS", 399)
    with pytest.raises(TooLarge, match=r"20 x 20 pixels, 400 in all; at most 399.*coarser grid"):
        network.reason(stack_of(20, 20), "Where is water?")


def test_series_without_bands_or_with_one_polarisation_are_refused(network):
    with pytest.raises(InputError, match="no band"):
        network.reason(stack_of(20, 20, ()), "Where is water?")
    with pytest.raises(InputError, match="VV and VH"):
        network.reason(stack_of(20, 20, ("vv",), sensor="sar"), "Where is water?")


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20 GiB"),
        RuntimeError("CUDA error: out of memory"),
        RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`"),
        RuntimeError("[enforce fail at alloc_cpu.cpp:117] . DefaultCPUAllocator: can't allocate memory: you tried"),
        MemoryError("Unable to allocate 3 GiB for an array"),
    ],
)
@pytest.mark.parametrize("where", ["visual_tokens", "segmenter_features", "read"])
def test_too_little_memory_names_a_way_out_and_the_next_question_is_answered(network, monkeypatch, error, where):
    def burst(*_):
        raise error

    fresh, stack = ReleasedTerraScope(network.released), stack_of(12, 12)
    with monkeypatch.context() as patched:
        patched.setattr(network.released.network, where, burst)
        with pytest.raises(OutOfMemory, match="int8"):
            fresh.reason(stack, "Where is water?")
        with pytest.raises(OutOfMemory, match="int8"):
            fresh.reason_many(stack, ["Where is water?"])
    if where == "read" and isinstance(error, MemoryError):
        assert any(s.mask is not None for s in fresh.reason(stack, "Where is water?").steps)


def test_other_failures_stay_what_they_are():
    with pytest.raises(RuntimeError, match=r"^no such memory format$"), enough_memory():
        raise RuntimeError("no such memory format")
    with pytest.raises(InputError), enough_memory():
        raise InputError("out of memory is what it says")


@pytest.mark.parametrize("question", ["", " " * 5, "\x00", "x" * 3000, "[SEG] <|im_end|>", "سؤال 水"])
def test_odd_questions_are_answered(network, question):
    assert network.reason(stack_of(12, 12), question).steps[-1].kind == "answer"
