from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from terrascope_sdk.errors import InputError
from terrascope_sdk.stac.select import (
    comparability,
    hidden_frac,
    look_side,
    select_clearest,
    select_nearest,
    select_pair,
    select_sensor_pair,
)
from terrascope_sdk.types.instant import season_gap_days
from tests.stac.made import scene

facts = st.tuples(st.integers(0, 9000), st.sampled_from([None, 0.0, 0.05, 0.5, 1.0]))
pairs = st.lists(facts, min_size=1, max_size=8)


def scenes_from(facts):
    start = datetime(2000, 1, 1)
    return [scene(f"s{i}", when=(start + timedelta(d)).isoformat(), cloud_frac=c) for i, (d, c) in enumerate(facts)]


@given(pairs, pairs, st.data())
def test_the_order_of_what_was_found_does_not_matter(one, other, data):
    before, after = scenes_from(one), scenes_from(other)
    mixed = [data.draw(st.permutations(before)), data.draw(st.permutations(after))]
    assert select_clearest(mixed[0]) == select_clearest(before)
    assert select_pair(*mixed) == select_pair(before, after)
    when = after[0].acquired
    assert select_nearest(mixed[0], when, max_days=1e4) == select_nearest(before, when, max_days=1e4)


def test_the_clearest_wins_and_says_why():
    choice = select_clearest([scene("a", cloud_frac=0.4), scene("b", cloud_frac=0.1), scene("c", cloud_frac=1.0)])
    assert choice.scene.id == "b"
    assert "clearest of 3" in choice.reason


def test_equally_clear_scenes_are_decided_by_date():
    assert select_clearest([scene("a", "2020-01-01"), scene("b", "2021-01-01")]).scene.id == "b"


def test_a_comparison_keeps_the_season():
    before = [scene("winter", "2019-01-10", cloud_frac=0.0), scene("summer", "2019-07-10", cloud_frac=0.05)]
    after = [scene("later", "2023-07-20", cloud_frac=0.0)]
    first, last = select_pair(before, after)
    assert (first.scene.id, last.scene.id) == ("summer", "later")
    assert first.warnings == ()


def test_a_comparison_over_seasons_warns():
    first, _ = select_pair([scene("a", "2019-01-10")], [scene("b", "2023-07-20")])
    assert any("days apart in the year" in w for w in first.warnings)


def test_composites_of_unknown_day_warn():
    first, _ = select_pair([scene("a", "1985-07-01", period_s=3e7)], [scene("b", "2020-07-01", period_s=3e7)])
    assert any("day of the year" in w for w in first.warnings)


def test_radar_keeps_its_orbit_and_warns_when_it_cannot():
    def radar(name, when, orbit, platform="sentinel-1a"):
        return scene(name, when, sensor="sar", quantity="gamma0_rtc", orbit=orbit, platform=platform)

    first, _ = select_pair(
        [radar("x", "2020-01-01", "ascending 15"), radar("y", "2020-06-01", "descending 110")],
        [radar("z", "2021-01-01", "descending 110")],
    )
    assert first.scene.id == "y"
    first, _ = select_pair(
        [radar("x", "2020-01-01", "ascending 15")], [radar("z", "2021-01-01", "descending 110", "sentinel-1b")]
    )
    assert any("different orbits" in w for w in first.warnings)
    assert any("platform changed" in w for w in first.warnings)


def test_the_nearest_states_its_gap_or_is_none():
    when = scene("a", "2020-06-01").acquired
    later = [scene("b", "2020-06-02"), scene("c", "2020-07-01")]
    assert "1 day later" in select_nearest(later, when, max_days=12).reason
    assert select_nearest(later[1:], when, max_days=12) is None


def test_the_year_is_a_circle():
    assert season_gap_days(scene(when="2019-12-31").acquired, scene(when="2020-01-02").acquired) == pytest.approx(
        2, abs=1
    )
    assert season_gap_days(scene(when="2019-01-01").acquired, scene(when="2020-07-01").acquired) <= 183


def test_nothing_to_choose_from_is_an_error():
    with pytest.raises(InputError):
        select_clearest([])
    with pytest.raises(InputError):
        select_pair([], [scene()])


def radar(name, when, orbit="descending 110", platform="sentinel-1a", **fields):
    return scene(name, when, sensor="sar", quantity="gamma0_rtc", orbit=orbit, platform=platform, **fields)


def test_what_was_seen_inside_the_area_beats_the_cloud_of_the_tile():
    clear_tile, clear_area = scene("tile", cloud_frac=0.02), scene("area", "2020-05-01", cloud_frac=0.6)
    assert select_clearest([clear_tile, clear_area]).reason == "the clearest of 2 scenes (2% cloud in the whole tile)"
    choice = select_clearest([clear_tile, clear_area], observed={"tile": 0.3, "area": 0.97})
    assert choice.scene.id == "area"
    assert choice.reason == "the clearest of 2 scenes (97% of the area seen)"
    assert choice.warnings == ()


def test_scenes_that_were_not_looked_at_fall_back_on_their_tile_with_a_warning():
    found = [scene("a", cloud_frac=0.5), scene("b", cloud_frac=0.1), scene("c", cloud_frac=0.4)]
    choice = select_clearest(found, observed={"a": 0.8})
    assert choice.scene.id == "b"
    assert "in the whole tile" in choice.reason
    assert any("Only 1 of 3 scenes were looked at" in w for w in choice.warnings)


def test_an_unstated_cloud_share_is_told():
    choice = select_clearest([scene("stated", cloud_frac=0.2), scene("unstated")])
    assert choice.scene.id == "unstated"
    assert any("no cloud share for unstated" in w for w in choice.warnings)
    assert select_clearest([scene("a"), scene("b")]).warnings == ()


@pytest.mark.parametrize("share", [-0.1, 1.2, 97, float("nan")])
def test_an_observed_share_is_a_share(share):
    with pytest.raises(InputError, match="shares, 0-1"):
        select_clearest([scene("a")], observed={"a": share})


def test_a_pair_is_chosen_by_what_was_seen():
    before = [scene("a", "2019-07-01", cloud_frac=0.0), scene("b", "2019-07-10", cloud_frac=0.5)]
    after = [scene("c", "2023-07-05", cloud_frac=0.0)]
    assert select_pair(before, after)[0].scene.id == "a"
    assert select_pair(before, after, observed={"a": 0.2, "b": 1.0})[0].scene.id == "b"


def test_optical_scenes_are_compared_across_orbits():
    before = [scene("hazy", "2019-07-01", orbit="descending 65", cloud_frac=0.9),
              scene("clear", "2019-07-02", orbit="descending 22", cloud_frac=0.0)]  # fmt: skip
    first, _ = select_pair(before, [scene("z", "2023-07-01", orbit="descending 65", cloud_frac=0.0)])
    assert first.scene.id == "clear"


def plain_pair(before, after, observed=None):
    """Every pair, one by one."""

    def cost(pair):
        a, b = pair
        haze = sum(int(round(hidden_frac(s, observed) * 10, 6)) for s in pair)
        known = a.period_s < 60 * 86400 and b.period_s < 60 * 86400
        season = season_gap_days(a.acquired, b.acquired) if known else 0.0
        span = -(b.acquired - a.acquired).total_seconds()
        return (a.sensor == "sar" and a.orbit != b.orbit, haze, season, span, a.id, b.id)

    return min(((a, b) for a in before for b in after), key=cost)


any_facts = st.lists(
    st.tuples(
        st.sampled_from([0, 1, 30, 200, 365, 366, 400, 1461, 2000]),
        st.sampled_from(["", "ascending 15", "descending 110"]),
        st.sampled_from([None, 0.0, 0.05, 0.31, 0.99]),
        st.sampled_from([0.0, 3e7]),
    ),
    min_size=1,
    max_size=12,
)


def any_scenes(prefix, facts, sensor="optical"):
    quantity = {} if sensor == "optical" else {"sensor": "sar", "quantity": "gamma0_rtc"}
    return [
        scene(
            f"{prefix}{i}",
            (datetime(2015, 1, 1) + timedelta(days)).isoformat(),
            orbit=orbit,
            cloud_frac=cloud,
            period_s=period,
            **quantity,
        )
        for i, (days, orbit, cloud, period) in enumerate(facts)
    ]


@settings(max_examples=300)
@given(any_facts, any_facts, st.sampled_from(["optical", "sar"]))
def test_the_fast_pair_is_the_best_of_all_pairs(one, other, sensor):
    before, after = any_scenes("a", one, sensor), any_scenes("b", other, sensor)
    first, last = select_pair(before, after)
    assert (first.scene, last.scene) == plain_pair(before, after)


def test_the_nearest_sensors_state_their_gap():
    optical = [scene("o1", "2020-06-01T10:00"), scene("o2", "2020-06-20T10:00")]
    sar = [radar("s1", "2020-06-04T05:00"), radar("s2", "2020-06-20T17:00")]
    seen, beside = select_sensor_pair(optical, sar, max_days=12)
    assert (seen.scene.id, beside.scene.id) == ("o2", "s2")
    assert seen.reason == beside.reason == "the nearest pair of 2 optical and 2 radar scenes, 7 hours apart"
    assert select_sensor_pair(optical[:1], sar[1:], max_days=12) is None
    assert "3 days" not in select_sensor_pair(optical[:1], sar, max_days=12)[0].reason
    assert "2.8 days apart" in select_sensor_pair(optical[:1], sar, max_days=12)[0].reason
    assert select_sensor_pair([], sar, max_days=12) is None
    with pytest.raises(InputError):
        select_sensor_pair(optical, sar, max_days=-1)


def test_a_clearer_image_of_the_same_day_wins_but_not_one_of_another_day():
    sar = [radar("s", "2020-06-10T06:00")]
    hazy = scene("hazy", "2020-06-10T07:00", cloud_frac=0.8)
    clear = scene("clear", "2020-06-10T10:00", cloud_frac=0.0)
    later = scene("later", "2020-06-12T10:00", cloud_frac=0.0)
    assert select_sensor_pair([hazy, clear], sar, max_days=12)[0].scene.id == "clear"
    assert select_sensor_pair([hazy, later], sar, max_days=12)[0].scene.id == "hazy"
    assert (
        select_sensor_pair([hazy, clear], sar, max_days=12, observed={"hazy": 1.0, "clear": 0.1})[0].scene.id == "hazy"
    )


def test_the_gap_to_a_composite_is_not_known():
    seen, _ = select_sensor_pair([scene("o", "2020-06-01", period_s=3e7)], [radar("s", "2020-06-01")], max_days=1)
    assert any("not known" in w for w in seen.warnings)


@given(any_facts, any_facts, st.data())
def test_the_order_does_not_matter_for_two_sensors(seen, beside, data):
    one, other = any_scenes("a", seen), any_scenes("b", beside, "sar")
    expected = select_sensor_pair(one, other, max_days=400)
    mixed = select_sensor_pair(data.draw(st.permutations(one)), data.draw(st.permutations(other)), max_days=400)
    assert mixed == expected
    if expected is not None:
        nearest = min(abs((a.acquired - b.acquired).total_seconds()) for a in one for b in other)
        gap = abs((expected[0].scene.acquired - expected[1].scene.acquired).total_seconds())
        assert gap // 86400 == nearest // 86400


@pytest.mark.parametrize(
    ("orbit", "antenna", "side"),
    [
        ("ascending 15", None, "east"),
        ("descending 110", None, "west"),
        ("descending 110", "left", "east"),
        ("ascending 15", "left", "west"),
        ("", "right", ""),
    ],
)
def test_where_a_radar_looks(orbit, antenna, side):
    properties = {} if antenna is None else {"sar:observation_direction": antenna}
    assert look_side(radar("a", "2020-01-01", orbit, item={"properties": properties})) == side


def test_another_look_direction_is_a_warning_and_another_spelling_no_other_platform():
    one, other = radar("a", "2020-01-01", "ascending 15"), radar("b", "2021-01-01", "descending 110")
    assert any("looked east on the first date and west on the last" in w for w in comparability(one, other))
    assert comparability(one, radar("b", "2021-01-01", "ascending 15", "Sentinel-1A")) == ()
