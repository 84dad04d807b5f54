from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terrascope_sdk.errors import InputError
from terrascope_sdk.stac.select import select_clearest, select_nearest, select_pair
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
