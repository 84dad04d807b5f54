from pathlib import Path

import numpy as np
import pytest
from affine import Affine

from terrascope_sdk import measure
from terrascope_sdk.errors import InputError, ParseError
from terrascope_sdk.stac.rasters import Raster, read_raster
from terrascope_sdk.train.cot.crosswalks import CROSSWALKS, apply_crosswalk, get_crosswalk
from terrascope_sdk.train.cot.label_rasters import picture_of, scene_from_raster
from terrascope_sdk.train.cot.labelled import LabelledScene
from terrascope_sdk.train.cot.nearness import closest_px
from terrascope_sdk.train.cot.scene_view import SceneView
from terrascope_sdk.types import Mask, PixelGrid
from tests.train.cot.label_scenes import CLASSES, TREE, WATER, ground, rough_scene, scene_of

LULC = Path(__file__).parents[3] / "terrascope_sdk/stac/data/slovenia/reference/lulc.tif"
LEGEND = {1: "crop", 2: "tree", 3: "grass", 4: "shrub", 5: "water", 6: "wetland", 8: "developed", 9: "bare", 10: "snow"}


def test_the_slovenian_labels_become_a_scene_that_measures_as_the_masks_do():
    scene = scene_from_raster(LULC, LEGEND, licence="public data")
    raster = read_raster(LULC)
    assert scene.shape == (101, 100)
    assert scene.gsd_m == pytest.approx(10, rel=2e-3)
    view = SceneView(scene)
    codes = raster.band(1)
    grid = PixelGrid(None, raster.grid.transform, 101, 100)
    masks = {key: Mask(codes == code, codes != 0, grid, key) for code, key in LEGEND.items()}
    assert view.total == 9945
    for key in view.present:
        assert view.share(key) == pytest.approx(float(measure.share(masks[key], of="pixels").value))
        assert len(view.regions(key)) == len(measure.components(masks[key]))
    codes_of = {key: scene.classes.index(key) for key in view.present}
    for a in view.present:
        for b in view.present:
            if a != b:
                touching = bool(measure.touches(masks[a], masks[b]).value)
                assert bool(view.edges[codes_of[a], codes_of[b]]) == touching
    placed = [Mask(masks[key].pixels, masks[key].valid, raster.grid, key) for key in ("crop", "tree")]
    metres = float(measure.distance(*placed, mode="centre", ground="planar").value)
    assert closest_px(view.mask("crop"), view.mask("tree")) * scene.gsd_m == pytest.approx(metres, rel=2e-3)


def test_windows_cover_everything_and_the_last_ones_end_at_the_border():
    scene = scene_of(ground(height=70, width=50))
    windows = scene.windows(32)
    assert [w.id for w in windows] == [f"made@{r},{c}" for r in (0, 32, 38) for c in (0, 18)]
    assert {w.shape for w in windows} == {(32, 32)}
    assert [w.shape for w in scene.windows(256)] == [(70, 50)]
    assert len(scene.windows(32, stride_px=19)) == 6


def test_windows_without_labels_are_left_out():
    labels = ground(height=32, width=64)
    labels[:, 30:] = -1
    assert [w.id for w in scene_of(labels).windows(32)] == ["made@0,0"]
    assert scene_of(ground(-1)).windows(32) == []


def test_eight_ways_to_turn_keep_what_is_there():
    rng = np.random.default_rng(0)
    scene = rough_scene(rng, unlabelled=True)
    turned = [scene.turned(way) for way in range(8)]
    assert len({t.labels.tobytes() for t in turned}) == 8
    counts = SceneView(scene).counts
    assert all(SceneView(t).counts == counts for t in turned)


def test_pictures_turn_with_the_labels():
    labels = ground(height=4, width=6)
    labels[0, 5] = WATER
    picture = np.repeat((labels == WATER)[..., None], 3, axis=2).astype(np.uint8) * 255
    for way in range(8):
        turned = scene_of(labels, images={"optical": picture}, labels_after=labels).turned(way)
        assert ((turned.images["optical"][..., 0] == 255) == (turned.labels == WATER)).all()
        assert (turned.labels_after == turned.labels).all()


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"labels": np.full((4, 4), 7, np.int8)}, "5 classes"),
        ({"labels": np.zeros((4, 4), np.int64)}, "int64"),
        ({"gsd_m": 0.0}, "no size"),
        ({"classes": ("tree", "tree")}, "different"),
        ({"classes": ("tree", "building")}, "2 m or finer"),
        ({"classes": ("tree", "moss")}, "vocabulary"),
        ({"images": {"optical": np.zeros((4, 4), np.uint8)}}, "picture"),
        ({"instances": np.zeros((4, 5), np.int32)}, "instances"),
    ],
)
def test_scenes_that_make_no_sense_are_refused(fields, message):
    good = {"labels": np.zeros((4, 4), np.int8), "classes": CLASSES, "gsd_m": 10.0}
    with pytest.raises(InputError, match=message):
        LabelledScene(**good | fields)


def test_a_pixels_area_is_the_square_of_its_side_unless_said():
    assert scene_of(ground(), gsd_m=0.5).pixel_area_m2 == 0.25
    assert scene_of(ground(), pixel_area_m2=99.7).pixel_area_m2 == 99.7


def test_legends_by_name():
    assert CROSSWALKS["worldcover"][10] == "tree"
    assert CROSSWALKS["nlcd"][24] == "developed"
    assert 90 not in CROSSWALKS["nlcd"]  # woody wetlands are neither herbaceous wetland nor plain tree cover
    assert CROSSWALKS["corine"][512] == "water"
    assert CROSSWALKS["corine-grid"][44] == "water"
    assert CROSSWALKS["corine-grid"][23] == CROSSWALKS["corine"][311] == "tree"
    assert set(CROSSWALKS["worldcover"]) == {10, 20, 30, 40, 50, 60, 70, 80, 90}


def test_a_legend_from_a_file(tmp_path):
    path = tmp_path / "legend.json"
    path.write_text('{"0": null, "1": "tree", "2": "water"}')
    labels, classes = apply_crosswalk(np.array([[0, 1], [2, 9]]), get_crosswalk(path))
    assert classes == ("tree", "water")
    assert labels.tolist() == [[-1, 0], [1, -1]]
    path.write_text('{"1": "moss"}')
    with pytest.raises(InputError, match="moss"):
        get_crosswalk(path)
    path.write_text("[1]")
    with pytest.raises(ParseError, match="no legend"):
        get_crosswalk(path)
    with pytest.raises(InputError, match="corine-grid"):
        apply_crosswalk(np.array([[111]]), CROSSWALKS["worldcover"])
    with pytest.raises(InputError, match="neither"):
        get_crosswalk("worldcovr")


def raster_of(bands, names=None):
    count = len(bands)
    return Raster(
        Path("made.tif"), np.stack(bands), PixelGrid(None, Affine(1, 0, 0, 0, -1, 0), *bands[0].shape),
        tuple(range(1, count + 1)), names or ("",) * count, (None,) * count, ("gray",) * count, {},
    )  # fmt: skip


def test_pictures_of_rasters():
    ramp = np.arange(12, dtype=np.float32).reshape(3, 4)
    grey = picture_of(raster_of([ramp]))
    assert grey.dtype == np.uint8
    assert (grey[..., 0] == grey[..., 2]).all()
    assert grey.min() == 0
    assert grey.max() == 255
    vh, vv = np.full((3, 4), 10, np.uint8), np.full((3, 4), 31, np.uint8)
    shown = picture_of(raster_of([vh, vv], ("VH", "VV")), radar=True)
    assert shown[0, 0].tolist() == [10, 31, 20]
    assert TREE == 0


def test_labels_without_a_place_need_a_pixel_size(tmp_path):
    import rasterio

    path = tmp_path / "plain.tif"
    with (
        pytest.warns(rasterio.errors.NotGeoreferencedWarning),
        rasterio.open(path, "w", driver="GTiff", height=4, width=4, count=1, dtype="uint8") as file,
    ):
        file.write(np.full((4, 4), 10, np.uint8), 1)
    with pytest.raises(InputError, match="gsd"):
        scene_from_raster(path, CROSSWALKS["worldcover"])
    scene = scene_from_raster(path, CROSSWALKS["worldcover"], gsd_m=3.0, after=path)
    assert scene.pixel_area_m2 == 9.0
    assert (scene.labels_after == scene.labels).all()
    with pytest.raises(InputError, match="pixels"):
        scene_from_raster(LULC, LEGEND, after=path)
