import numpy as np
import pytest

from terrascope_sdk.errors import InputError, RasterError
from terrascope_sdk.evaluate.labels import label_at
from terrascope_sdk.evaluate.layers import read_layer
from terrascope_sdk.evaluate.sources import parse_sources
from tests.evaluate.made import ask, halves, write_tif

CODES = np.array([[0, 0, 1, 2], [0, 1, 2, 2]], np.uint8)


def label(folder, text, **kwargs):
    return label_at(read_layer(parse_sources(text)[0], folder), **kwargs)


@pytest.mark.parametrize(
    ("name", "band", "code", "nodata", "tag"),
    [
        ("lulc.tif", 1, 0, True, None),
        ("naf_2031.tif", 1, 0, True, None),
        ("Bolivia_23014_LabelHand.tif", 1, -1, True, None),
        ("nlcd.tif", 1, 255, True, None),
        ("S2_L2A_sample.tif", 5, 0, True, None),
        ("S2_L2A_sample.tif", 4, 0, False, None),
        ("urbain_2016.tif", 1, 0, False, 0),
        ("buildings.tif", 1, 0, False, 0),
        ("building_instances.tif", 1, 0, False, 0),
        ("change_reference.tif", 1, 0, False, 0),
        ("other.tif", 1, 0, False, None),
        ("other.tif", 1, 0, True, 0),
        ("other.tif", 1, 255, True, 255),
        ("other.tif", 1, -9999, True, None),
    ],
)
def test_no_data_is_what_the_readme_lists_and_else_what_the_file_says(tmp_path, name, band, code, nodata, tag):
    codes = np.where(CODES == 0, code, CODES.astype(np.int16))
    bands = np.stack([codes] * band)
    write_tif(tmp_path / name, bands, nodata=tag)
    found = label(tmp_path, f"{name} band {band}")
    assert np.array_equal(found.valid, (CODES != 0) | (not nodata))
    assert found.mask([1]).pixels.sum() == 2


def test_a_tagged_zero_is_a_class_where_a_question_or_a_plain_mask_needs_it(tmp_path):
    write_tif(tmp_path / "water.tif", np.minimum(CODES, 1), nodata=0)
    assert label(tmp_path, "water.tif").valid.all()
    write_tif(tmp_path / "classes.tif", CODES, nodata=0)
    assert label(tmp_path, "classes.tif", asked=(1, 0)).valid.all()
    assert not label(tmp_path, "classes.tif", asked=(1, 2)).valid.all()


def test_nan_is_no_data_in_float_labels_listed_or_not(tmp_path):
    codes = CODES.astype(np.float32)
    codes[0, 0] = np.nan
    for name, zero_is_class in (("other.tif", True), ("urbain_1.tif", True), ("lulc.tif", False)):
        write_tif(tmp_path / name, codes)
        found = label(tmp_path, name)
        assert found.valid.sum() == (7 if zero_is_class else 5)
        assert found.mask([1.0, 2]).pixels.sum() == 5
        assert list(found.instances()) == [1, 2]


def test_fractions_survive_in_float_labels(tmp_path):
    write_tif(tmp_path / "other.tif", np.array([[0.1, 0.7], [0.1, 3.3]], np.float32))
    assert label(tmp_path, "other.tif").mask([0.1]).pixels.sum() == 2
    write_tif(tmp_path / "low.tif", np.array([[1, 2], [-3.4e38, 2]], np.float32), nodata=-3.4e38)
    assert label(tmp_path, "low.tif").valid.sum() == 3


def test_classes_beyond_the_type_are_simply_absent(tmp_path):
    write_tif(tmp_path / "other.tif", CODES)
    assert not label(tmp_path, "other.tif").mask([300, -5, 1.5]).pixels.any()


def test_bits_are_flags_with_bit_zero_as_fill(tmp_path):
    codes = np.array([[1, 8, 16], [24, 0, 9]], np.uint16)  # fill; cloud; shadow; both; clear; fill that says cloud
    write_tif(tmp_path / "X_QA_PIXEL.TIF", codes)
    found = label(tmp_path, "X_QA_PIXEL.TIF bit 3")
    assert found.valid.tolist() == [[False, True, True], [True, True, False]]
    assert found.mask(None).pixels.tolist() == [[False, True, False], [True, False, False]]
    assert found.mask([0]).pixels.sum() == 2
    assert label(tmp_path, "X_QA_PIXEL.TIF bit 0").valid.all()
    write_tif(tmp_path / "HLS.Fmask.tif", codes, nodata=24)
    assert label(tmp_path, "HLS.Fmask.tif bit 4").valid.sum() == 5


def test_bits_need_whole_numbers_that_have_them(tmp_path):
    write_tif(tmp_path / "a.tif", CODES)
    with pytest.raises(InputError, match="no bit 8"):
        label(tmp_path, "a.tif bit 8")
    write_tif(tmp_path / "b.tif", CODES.astype(np.float32))
    with pytest.raises(InputError, match="no bit 0"):
        label(tmp_path, "b.tif bit 0")


def test_arrays_drop_a_last_axis_of_one_and_have_no_place(tmp_path):
    np.savez(tmp_path / "a.npz", msk=CODES[..., None], flag=CODES == 2, flat=CODES.ravel())
    found = label(tmp_path, "a.npz:msk")
    assert found.codes.shape == (2, 4)
    assert found.grid.crs is None
    assert found.valid.all()
    assert label(tmp_path, "a.npz:flag").mask(None).pixels.sum() == 3
    with pytest.raises(InputError, match="not numbers over"):
        label(tmp_path, "a.npz:flat")
    with pytest.raises(InputError, match="It has msk, flag, flat"):
        label(tmp_path, "a.npz:mask")


def test_damaged_archives_are_raster_errors(tmp_path):
    np.savez_compressed(tmp_path / "a.npz", msk=np.arange(10_000).reshape(100, 100))
    whole = (tmp_path / "a.npz").read_bytes()
    for cut in (0, 10, len(whole) // 2, len(whole) - 1):
        (tmp_path / "a.npz").write_bytes(whole[:cut])
        with pytest.raises(RasterError):
            label(tmp_path, "a.npz:msk")
    np.savez(tmp_path / "b.npz", msk=np.array([{"a": 1}], object))
    with pytest.raises(RasterError):
        label(tmp_path, "b.npz:msk")
    with pytest.raises(RasterError, match="no file"):
        label(tmp_path, "c.npz:msk")


def test_an_array_over_time_is_looked_up_by_date(tmp_path):
    scene = tmp_path / "scene"
    scene.mkdir()
    stack = np.stack([halves(split=s) == 1 for s in (3, 6, 15)])
    stamps = np.array(["2015-07-11T10:00:08", "2015-07-31T10:00:09", "2015-08-20T10:07:28"])
    np.savez(scene / "series.npz", water=stack, timestamps=stamps, bare=stack)
    np.savez(scene / "undated.npz", water=stack)
    fields = {"label": "series.npz:water", "question": "What percentage was water on 31 July 2015?"}
    assert ask(scene, **fields).value == pytest.approx(20)
    fields["question"] = "What percentage of the image is water?"
    assert ask(scene, images=["s2_2015-08-20.tif"], **fields).value == pytest.approx(50)
    assert ask(scene, **fields).outcome == "failed"
    assert ask(scene, label="undated.npz:water", question="Water on 2015-07-31?").outcome == "failed"


def test_timestamps_may_be_times_or_bytes(tmp_path):
    scene = tmp_path / "scene"
    scene.mkdir()
    stack = np.stack([halves(split=s) == 1 for s in (3, 6)])
    days = ["2015-07-11", "2015-07-31"]
    for stamps in (np.array(days, "datetime64[s]"), np.array(days, "S10"), np.array(days)[:, None]):
        np.savez(scene / "series.npz", water=stack, timestamps=stamps)
        given = ask(scene, label="series.npz:water", question="Water on 2015-07-31?")
        assert given.value == pytest.approx(20)


def test_two_labels_are_told_apart_by_the_date_asked(tmp_path):
    scene = tmp_path / "scene"
    write_tif(scene / "map_2016.tif", halves(split=3))
    write_tif(scene / "map_2019.tif", halves(split=6))
    two = "map_2016.tif + map_2019.tif"
    assert ask(scene, label=two, question="What percentage was water in 2016?").value == pytest.approx(10)
    assert ask(scene, label=two, question="What percentage is water in 2019?").value == pytest.approx(20)
    assert ask(scene, label=two, question="What percentage is water?").outcome == "failed"
    assert ask(scene, label=two, question="What percentage is water on the second date?").value == pytest.approx(20)
    assert ask(scene, label=two, question="What percentage was water at first?").value == pytest.approx(10)
    given = ask(scene, task="ranking", label=two, question="Which year has more water, 2019 or 2016?")
    assert given.value == "2019"
