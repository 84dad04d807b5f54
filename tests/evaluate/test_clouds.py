import numpy as np
import pytest

from tests.evaluate.made import ask, halves, write_tif

ALL, NONE = np.ones((20, 30), np.uint8), np.zeros((20, 30), np.uint8)
SOME = (halves() == 1).astype(np.uint8)


@pytest.fixture
def scene(tmp_path):
    folder = tmp_path / "scene"
    write_tif(folder / "label.tif", halves(split=6))
    return folder


def outcome(scene, **fields):
    given = ask(scene, **fields)
    assert given.outcome == "refused" or given.value == pytest.approx(20)
    return given.outcome


@pytest.mark.parametrize(("flag", "expected"), [(ALL, "refused"), (SOME, "answered"), (NONE, "answered")])
@pytest.mark.parametrize("form", ["clouds.tif", "clouds.tif band 2", "clouds.npz:mask", "clouds.tif bit 3"])
def test_only_a_date_that_is_all_cloud_is_refused(scene, flag, expected, form):
    codes = flag << 3 if "bit" in form else flag
    write_tif(scene / "clouds.tif", np.stack([NONE, codes]) if "band" in form else codes.astype(np.uint16))
    np.savez(scene / "clouds.npz", mask=codes[..., None])
    assert outcome(scene, cloud=form) == expected


def test_the_date_is_looked_up_in_words_then_in_image_names(scene):
    stamps = np.array(["2015-07-11T10:00:08", "2015-07-31T10:00:09", "2015-08-20T10:07:28"])
    np.savez(scene / "series.npz", cloud=np.stack([NONE, ALL, SOME])[..., None], timestamps=stamps)
    cloud = "series.npz:cloud"
    assert outcome(scene, cloud=cloud, question="What percentage of the image of 2015-07-31 is water?") == "refused"
    assert outcome(scene, cloud=cloud, question="Water on 31 July 2015?") == "refused"
    assert outcome(scene, cloud=cloud, question="Water on 2015-08-20?", images=["x_2015-07-31.tif"]) == "answered"
    assert outcome(scene, cloud=cloud, images=["x_20150731T1000.tif"]) == "refused"
    assert outcome(scene, cloud=cloud, images=["x_20150711.tif"]) == "answered"
    assert outcome(scene, cloud=cloud, question="Water in July 2015?", images=["x_20150731.tif"]) == "refused"
    assert outcome(scene, cloud=cloud, question="Water in July 2015?") == "answered"  # one of its dates is clear
    assert outcome(scene, cloud=cloud, question="Water on 2018-01-01?") == "answered"  # not known, not refused
    assert outcome(scene, cloud=cloud) == "answered"


def test_two_passes_on_one_day_hide_it_only_together(scene):
    stamps = np.array(["2015-07-31T10:00:00", "2015-07-31T10:30:00"])
    np.savez(scene / "series.npz", cloud=np.stack([ALL, SOME]), both=np.stack([ALL, ALL]), timestamps=stamps)
    assert outcome(scene, cloud="series.npz:cloud", question="Water on 2015-07-31?") == "answered"
    assert outcome(scene, cloud="series.npz:both", question="Water on 2015-07-31?") == "refused"


def test_fill_is_neither_cloud_nor_clear(scene):
    qa = np.where(SOME == 1, 8, 1).astype(np.uint16)
    write_tif(scene / "X_QA_PIXEL.TIF", qa)
    assert outcome(scene, cloud="X_QA_PIXEL.TIF bit 3") == "refused"
    write_tif(scene / "tagged.tif", np.where(SOME == 1, 1, 255).astype(np.uint8), nodata=255)
    assert outcome(scene, cloud="tagged.tif") == "refused"
    write_tif(scene / "zero.tif", SOME, nodata=0)  # 0 is clear, whatever the tag says
    assert outcome(scene, cloud="zero.tif") == "answered"


def test_what_no_image_of_the_date_holds_is_fill(scene):
    write_tif(scene / "clouds.tif", SOME)
    picture = np.stack([SOME * 90, SOME * 80])
    write_tif(scene / "half.tif", picture, nodata=0)
    write_tif(scene / "whole.tif", picture + 1, nodata=0)
    write_tif(scene / "small.tif", picture[:, :5, :5], nodata=0)
    assert outcome(scene, cloud="clouds.tif", images=["half.tif"]) == "refused"
    assert outcome(scene, cloud="clouds.tif", images=["half.tif", "whole.tif"]) == "answered"
    assert outcome(scene, cloud="clouds.tif", images=["small.tif"]) == "answered"
    assert outcome(scene, cloud="clouds.tif", images=["missing.tif"]) == "answered"


def test_an_image_of_another_date_says_nothing_about_fill(scene):
    write_tif(scene / "c_2015-07-11.tif", SOME)
    write_tif(scene / "c_2015-07-31.tif", SOME)
    write_tif(scene / "i_2015-07-31.tif", SOME * 90, nodata=0)
    two = "c_2015-07-11.tif + c_2015-07-31.tif"
    images = ["i_2015-07-31.tif"]
    assert outcome(scene, cloud=two, question="Water on 2015-07-11?", images=images) == "answered"
    assert outcome(scene, cloud=two, question="Water on 2015-07-31?", images=images) == "refused"


def test_a_change_needs_both_dates(tmp_path):
    scene = tmp_path / "scene"
    for year, flag in ((2016, NONE), (2019, ALL)):
        write_tif(scene / f"map_{year}.tif", halves())
        write_tif(scene / f"cloud_{year}.tif", flag)
        write_tif(scene / f"clear_{year}.tif", NONE)
    fields = {"task": "change", "measure": "differing_area", "label": "map_2016.tif + map_2019.tif"}
    fields["question"] = "By how many square metres do the maps differ?"
    assert ask(scene, cloud="cloud_2016.tif + cloud_2019.tif", **fields).outcome == "refused"
    assert ask(scene, cloud="clear_2016.tif + clear_2019.tif", **fields).value == 0


def test_a_flag_that_cannot_be_read_is_a_failure(scene):
    assert ask(scene, cloud="missing.tif").outcome == "failed"
    assert ask(scene, cloud="label.tif bit 99").outcome == "failed"
    assert ask(scene, cloud="no such form.npz").outcome == "failed"
