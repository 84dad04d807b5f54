from hypothesis import given
from hypothesis import strategies as st

from terrascope_sdk.stac.reprocessed import newest_processing
from tests.stac.made import scene

TAKEN = "20190212T192646"


def tile(
    name, when="2019-02-12T19:26:51", *, baseline="02.12", strip=TAKEN, square="07HFE", platform="sentinel-2a", **other
):
    properties = {
        "grid:code": f"MGRS-{square}",
        "s2:datatake_id": f"GS2A_20190212T192651_019029_N{baseline}",
        "s2:datastrip_id": f"S2A_OPER_MSI_L2A_DS_ESRI_20201007T160858_S{strip}_N{baseline}",
        "s2:processing_baseline": baseline,
    } | other
    return scene(name, when, platform=platform, item={"id": name, "properties": properties})


def left(*scenes):
    return [s.id for s in newest_processing(scenes)]


def test_the_highest_baseline_wins():
    old, new = tile("a-new-name"), tile("b", baseline="05.00")
    assert left(old, new) == left(new, old) == ["b"]
    assert left(tile("x", baseline="04.00"), tile("y", baseline="10.00")) == ["y"]  # numbers, not text


def test_then_the_latest_made_then_the_latest_listed_then_the_last_name():
    assert left(
        tile("z", **{"s2:generation_time": "2020-01-01T00:00:00.9Z", "created": "2025-01-01T00:00:00Z"}),
        tile("a", **{"s2:generation_time": "2020-01-01T00:00:01Z", "created": "2021-01-01T00:00:00Z"}),
    ) == ["a"]
    assert left(
        tile("z", created="2021-01-01T00:00:00Z"),
        tile("a", created="2020-01-01T00:00:00Z", updated="2022-01-01T00:00:00Z"),
    ) == ["a"]
    assert left(tile("a"), tile("b")) == ["b"]


def test_a_product_made_at_home_is_not_the_newest_for_its_baseline_of_9999():
    assert left(tile("home", baseline="99.99"), tile("official", baseline="02.12")) == ["official"]


def test_times_that_differ_by_a_little_are_one_acquisition():
    assert left(
        tile("a", "2019-02-12T19:26:51.999"),
        tile("b", "2019-02-12T19:26:52.001", baseline="05.00", strip="20190212T192648"),
    ) == ["b"]


def test_two_strips_of_one_tile_are_both_kept():
    assert left(tile("a"), tile("b", "2019-02-12T19:26:55", strip="20190212T192712")) == ["a", "b"]


def test_other_tiles_platforms_collections_and_datatakes_stay():
    other = scene("d", "2019-02-12T19:26:51", collection="other", platform="sentinel-2a", item=tile("x").item)
    found = [tile("a"), tile("b", square="07HGE"), tile("c", platform="sentinel-2b"), other]
    assert left(*found) == ["a", "b", "c", "d"]


def test_tiles_named_in_other_fields():
    def named(name, square, **fields):
        return scene(name, platform="p", item={"properties": fields | {"created": f"202{square}-01-01T00:00:00Z"}})

    for fields in ({"s2:mgrs_tile": "07HFE"}, {"landsat:wrs_path": "028", "landsat:wrs_row": "030"},
                   {"mgrs:utm_zone": 7, "mgrs:latitude_band": "H", "mgrs:grid_square": "FE"}):  # fmt: skip
        assert left(named("a", 2, **fields), named("b", 1, **fields)) == ["a"]
        for key, value in fields.items():
            if key != "mgrs:utm_zone":
                assert left(named("a", 2, **fields), named("b", 1, **(fields | {key: f"{value}X"}))) == ["a", "b"]


def test_scenes_without_a_tile_are_told_apart_by_their_box():
    quads = [scene(f"q{i}", bbox=(i * 0.0625, 0, i * 0.0625 + 0.07, 0.07)) for i in range(4)]
    assert left(*quads) == ["q0", "q1", "q2", "q3"]
    assert left(*quads, scene("q4", bbox=quads[0].bbox)) == ["q1", "q2", "q3", "q4"]


def test_slices_of_a_radar_pass_are_not_the_same():
    found = [scene(f"s{i}", f"2021-08-09T17:40:{i * 25 % 60:02}", sensor="sar", quantity="sigma0_ellipsoid") for i in
             range(2)]  # fmt: skip
    assert left(*found) == ["s0", "s1"]


def test_dates_and_baselines_that_are_none_do_no_harm():
    assert left(tile("a", created="yesterday"), tile("b", created=None, **{"s2:processing_baseline": "N.A."})) == ["a"]
    assert newest_processing([]) == ()


facts = st.lists(
    st.tuples(st.sampled_from(["02.12", "04.00", "05.11"]), st.sampled_from(["A", "B"]), st.integers(0, 2)), max_size=10
)


@given(facts, st.data())
def test_one_of_every_acquisition_is_left_whatever_the_order(facts, data):
    found = [tile(f"s{i}", f"2019-02-{12 + day}T19:26:51", baseline=b, square=q, strip=f"201902{12 + day}T192646")
             for i, (b, q, day) in enumerate(facts)]  # fmt: skip
    kept = newest_processing(found)
    assert newest_processing(data.draw(st.permutations(found))) == kept
    assert newest_processing(kept) == kept
    assert len(kept) == len({(q, day) for _, q, day in facts})
