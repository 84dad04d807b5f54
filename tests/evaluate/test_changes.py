import numpy as np
import pytest
from affine import Affine

from tests.evaluate.made import UTM, ask, halves, write_tif

FINE = Affine(5, 0, 500_000, 0, -5, 5_000_000)


@pytest.fixture
def instances(tmp_path):
    codes = np.zeros((20, 30), np.uint16)
    codes[0:2, 0:2], codes[5:10, 5:10], codes[12, 0:11] = 1, 2, 300  # 4, 25 and 11 pixels
    write_tif(tmp_path / "scene" / "roofs.tif", codes)
    write_tif(tmp_path / "scene" / "later.tif", np.where(codes == 2, 0, codes).astype(np.uint16))
    return tmp_path / "scene"


def change(scene, measure, question="How much changed?", **fields):
    return ask(scene, task="change", measure=measure, question=question, label_values=None, **fields)


def test_lost_instances_by_number_and_by_area(instances):
    fields = {"label": "roofs.tif", "removed_instances": [2, 300, 300, 77]}  # one twice, one that is not there
    assert change(instances, "count_share", **fields).value == pytest.approx(100 * 2 / 3)
    given = change(instances, "area_share", **fields)
    assert given.value == pytest.approx(100 * 36 / 40)
    assert given.unit == "%"
    asked = "How many square metres of roof were lost?"
    assert change(instances, "area_share", asked, **fields).value == pytest.approx(3600)
    assert change(instances, "count_share", label="roofs.tif", removed_instances=[]).value == 0
    assert change(instances, "count_share", label="roofs.tif + later.tif").value == pytest.approx(100 / 3)


def test_shares_need_no_georeference_and_square_metres_do(instances):
    codes = np.array([[1, 1, 2, 0]], np.uint8)
    write_tif(instances / "roofs.tif", codes, crs=None)
    fields = {"label": "roofs.tif", "removed_instances": [1]}
    assert change(instances, "area_share", **fields).value == pytest.approx(100 * 2 / 3)
    assert change(instances, "area_share", "How many m2 were lost?", **fields).outcome == "refused"


def test_no_instances_have_no_share(instances):
    write_tif(instances / "roofs.tif", np.zeros((2, 2), np.uint8))
    assert change(instances, "count_share", label="roofs.tif", removed_instances=[1]).outcome == "refused"


@pytest.fixture
def years(tmp_path):
    scene = tmp_path / "scene"
    write_tif(scene / "naf_2016.tif", halves(20, 30, split=6))
    later = halves(40, 60, split=20)
    later[:, 50:] = 0
    write_tif(scene / "naf_2019.tif", later, transform=FINE)
    return scene


def test_growth_is_second_minus_first_each_on_its_own_grid(years):
    two = {"label": "naf_2016.tif + naf_2019.tif", "task": "change", "measure": "area_growth"}
    before, after = 6 * 20 * 100, 20 * 40 * 25
    grew = ask(years, question="By how many square metres did it grow?", **two)
    assert (grew.value, grew.unit) == (pytest.approx(after - before), "m2")
    assert ask(years, question="By how much did it grow?", **two).unit == "m2"
    reverse = two | {"label": "naf_2019.tif + naf_2016.tif"}
    assert ask(years, question="By how many m2 did it grow?", **reverse).value == pytest.approx(before - after)
    share = ask(years, question="By what percentage did the area grow?", **two)
    assert (share.value, share.unit) == (pytest.approx(100 * (after - before) / before), "%")
    points = ask(years, question="By how many percentage points did its share grow?", **two)
    assert points.value == pytest.approx(100 * 20 / 50 - 100 * 6 / 30)
    none = two | {"label_values": [9]}
    assert ask(years, question="By how many square metres did it grow?", **none).value == 0
    assert ask(years, question="By what percentage did it grow?", **none).outcome == "refused"
    both = two | {"label_values": [1, 2]}
    assert ask(years, question="By how many square metres?", **both).value == pytest.approx(
        50 * 40 * 25 - 30 * 20 * 100
    )


def test_growth_without_a_georeference(tmp_path):
    scene = tmp_path / "scene"
    write_tif(scene / "a.tif", halves(split=6), crs=None)
    write_tif(scene / "b.tif", halves(split=12), crs=None)
    write_tif(scene / "c.tif", halves(split=12))
    two = {"label": "a.tif + b.tif", "task": "change", "measure": "area_growth"}
    assert ask(scene, question="By how many square metres did it grow?", **two).outcome == "refused"
    assert ask(scene, question="By what percentage did it grow?", **two).value == pytest.approx(100)
    mixed = two | {"label": "a.tif + c.tif"}
    assert ask(scene, question="By what percentage did it grow?", **mixed).outcome == "refused"


def test_bands_and_arrays_can_be_the_two_dates(tmp_path):
    scene = tmp_path / "scene"
    write_tif(scene / "both.tif", np.stack([halves(split=6), halves(split=9)]))
    growth = {"task": "change", "measure": "area_growth", "question": "By how many square metres did it grow?"}
    assert ask(scene, label="both.tif band 1 + both.tif band 2", **growth).value == pytest.approx(3 * 20 * 100)
    stamps = np.array(["2016-05-01", "2017-05-01", "2019-05-01"])
    np.savez(scene / "s.npz", map=np.stack([halves(split=s) for s in (3, 6, 9)]), timestamps=stamps)
    share = growth | {"question": "By what percentage did water grow between 2019 and 2016?", "label": "s.npz:map"}
    assert ask(scene, **share).value == pytest.approx(200)


def test_differing_counts_what_both_labels_know(tmp_path):
    scene = tmp_path / "scene"
    first, second = halves(split=6), halves(split=9)
    second[:2] = 0
    write_tif(scene / "naf_2016.tif", first)
    write_tif(scene / "naf_2019.tif", second)
    write_tif(scene / "urbain_2016.tif", first)
    write_tif(scene / "urbain_2019.tif", second)
    assert change(scene, "differing_area", label="naf_2016.tif + naf_2019.tif").value == pytest.approx(3 * 18 * 100)
    zero_counts = change(scene, "differing_area", label="urbain_2016.tif + urbain_2019.tif")
    assert zero_counts.value == pytest.approx((3 * 18 + 60) * 100)
    share = change(scene, "differing_area", "What percentage differs?", label="naf_2016.tif + naf_2019.tif")
    assert (share.value, share.unit) == (pytest.approx(10), "%")


def test_labels_on_different_grids_do_not_differ_pixel_by_pixel(years):
    given = change(years, "differing_area", label="naf_2016.tif + naf_2019.tif")
    assert given.outcome == "failed"
    shifted = UTM[1] @ Affine.translation(3, 0)
    write_tif(years / "naf_2019.tif", halves(split=6), transform=shifted)
    assert change(years, "differing_area", label="naf_2016.tif + naf_2019.tif").outcome == "failed"
    hair = UTM[1] @ Affine.translation(0.01, 0)
    write_tif(years / "naf_2019.tif", halves(split=6), transform=hair)
    assert change(years, "differing_area", label="naf_2016.tif + naf_2019.tif").value == 0


def test_differing_without_a_georeference(tmp_path):
    scene = tmp_path / "scene"
    for name, crs in (("a", None), ("b", "EPSG:32632")):
        write_tif(scene / f"{name}.tif", halves(split=6), crs=crs)
    for label in ("a.tif + b.tif", "b.tif + a.tif", "a.tif + a.tif"):
        assert change(scene, "differing_area", label=label).outcome == "refused"
        assert change(scene, "differing_area", "What percentage differs?", label=label).value == 0
