import itertools
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from terrascope_sdk.errors import InputError
from terrascope_sdk.stac.intervals import select_per_interval, select_series
from terrascope_sdk.types import TimeRange
from tests.stac.made import scene


def radar(name, when, orbit="descending 110", platform="sentinel-1a", **fields):
    return scene(name, when, sensor="sar", quantity="gamma0_rtc", orbit=orbit, platform=platform, **fields)


def test_the_clearest_of_every_month_and_the_empty_ones():
    found = select_per_interval(
        [
            scene("jan-hazy", "2020-01-05", cloud_frac=0.5),
            scene("jan", "2020-01-20", cloud_frac=0.1),
            scene("apr", "2020-04-30T23:59", cloud_frac=0.9),
        ],
        every="month",
    )
    assert [c.scene.id for c in found.choices] == ["jan", "apr"]
    assert found.choices[0].reason == "the clearest of 2 scenes (10% cloud in the whole tile) in 2020-01"
    assert found.choices[1].reason == "the only scene in 2020-04"
    assert [str(t) for t in found.empty] == ["2020-02", "2020-03"]


def test_the_winter_is_one_season():
    found = select_per_interval(
        [scene("dec", "2019-12-31"), scene("feb", "2020-02-29"), scene("mar", "2020-03-01")], every="season"
    )
    assert [c.scene.id for c in found.choices] == ["feb", "mar"]
    assert [str(i.time) for i in found.intervals] == ["2019-12/2020-02", "2020-03/2020-05"]


def test_years():
    found = select_per_interval([scene("a", "2018-12-31T23:59:59"), scene("b", "2021-01-01")], every="year")
    assert [str(t) for t in found.empty] == ["2019", "2020"]


def test_a_time_is_filled_from_end_to_end():
    found = select_per_interval(
        [scene("in", "2020-02-10"), scene("out", "2020-05-01")], every="month", time=TimeRange.parse("2020-01/2020-04")
    )
    assert [c.scene.id for c in found.choices] == ["in"]
    assert [str(t) for t in found.empty] == ["2020-01", "2020-03", "2020-04"]
    assert len(select_per_interval([], every="year", time=TimeRange.parse("2000/2009")).empty) == 10


def test_an_interval_ends_where_the_time_ends():
    found = select_per_interval([], every="month", time=TimeRange.parse(("2020-01-15", "2020-02-10")))
    assert [str(t) for t in found.empty] == ["2020-01-15/2020-01-31", "2020-02-01/2020-02-10"]


def test_spans_of_days_are_counted_from_the_first_day():
    days = [scene(f"{d}", f"2020-01-{d:02}T12:00") for d in (1, 10, 11, 12, 31)]
    found = select_per_interval(days, every=timedelta(days=10))
    assert [None if i.choice is None else i.choice.scene.id for i in found.intervals] == ["10", "12", None, "31"]


@pytest.mark.parametrize("every", ["decade", "", timedelta(hours=3), timedelta(0), timedelta(days=-1)])
def test_an_interval_that_makes_no_sense_is_an_error(every):
    with pytest.raises(InputError):
        select_per_interval([scene("a")], every=every)


def test_other_things_that_make_no_sense():
    with pytest.raises(InputError, match="no scenes"):
        select_per_interval([], every="month")
    with pytest.raises(InputError, match="Optical and radar"):
        select_per_interval([scene("a"), radar("b", "2020-01-01")], every="month")
    with pytest.raises(InputError, match="too many"):
        select_per_interval([], every=timedelta(days=1), time=TimeRange.parse("1900/2000"))


def test_a_composite_longer_than_the_interval_warns():
    found = select_per_interval([scene("a", "2020-07-01", period_s=366 * 86400)], every="month")
    assert any("composite of a longer time" in w for w in found.choices[0].warnings)
    assert select_per_interval([scene("a", "2020-07-01", period_s=366 * 86400)], every="year").choices[0].warnings == ()


def test_a_radar_series_of_mixed_orbits_warns():
    found = select_per_interval(
        [radar("a", "2020-01-01"), radar("b", "2020-02-01", "ascending 15"), radar("c", "2020-03-01", "ascending 15",
         "sentinel-1c")],
        every="month",
    )  # fmt: skip
    assert [len(c.warnings) for c in found.choices] == [0, 1, 1]
    assert "orbit changed" in found.choices[1].warnings[0]
    assert "platform changed" in found.choices[2].warnings[0]


def test_observed_shares_decide_within_an_interval():
    months = [scene("a", "2020-01-01", cloud_frac=0.0), scene("b", "2020-01-02", cloud_frac=0.9)]
    found = select_per_interval(months, every="month", observed={"a": 0.2, "b": 0.9})
    assert found.choices[0].scene.id == "b"
    assert "90% of the area seen" in found.choices[0].reason


times = st.datetimes(datetime(2019, 11, 1), datetime(2020, 9, 1))
lengths = st.sampled_from(["month", "season", "year", timedelta(days=1), timedelta(days=16), timedelta(days=100)])


@given(st.lists(times, min_size=1, max_size=20), lengths, st.data())
def test_intervals_have_no_gap_and_every_scene_has_one(moments, every, data):
    found = [scene(f"s{i}", t.isoformat()) for i, t in enumerate(moments)]
    chosen = select_per_interval(found, every=every)
    assert select_per_interval(data.draw(st.permutations(found)), every=every) == chosen
    spans = [i.time for i in chosen.intervals]
    assert all(a.end == b.start for a, b in itertools.pairwise(spans))
    for one in found:
        assert sum(span.contains(one.acquired) for span in spans) == 1
    for interval in chosen.intervals:
        inside = [s for s in found if interval.time.contains(s.acquired)]
        assert (interval.choice is None) == (not inside)
        assert interval.choice is None or interval.choice.scene in inside


def test_the_orbit_with_the_most_dates_is_kept():
    rare = [radar(f"asc{d}", f"2020-0{d}-01", "ascending 15") for d in (1, 9)]
    frequent = [radar(f"desc{d}", f"2020-0{d}-03") for d in (4, 3, 5)]
    kept = select_series([*rare, *frequent])
    assert [c.scene.id for c in kept] == ["desc3", "desc4", "desc5"]
    assert kept[0].reason == "one of 3 dates on descending 110, which leaves the most of 2 orbits"
    assert kept[0].warnings == ()


def test_two_frames_of_one_pass_are_one_date():
    frames = [radar(f"f{i}", f"2020-01-01T05:00:{i * 15:02}", "ascending 15") for i in range(3)]
    assert select_series([*frames, radar("a", "2020-02-01"), radar("b", "2020-02-13")])[0].scene.id == "a"


def test_equally_many_dates_are_decided_by_their_span():
    short = [radar("a", "2020-02-01", "ascending 15"), radar("b", "2020-02-13", "ascending 15")]
    long = [radar("c", "2020-01-01"), radar("d", "2020-02-01")]
    assert select_series([*short, *long])[0].scene.id == "c"


def test_a_change_of_platform_within_a_series_is_a_warning():
    kept = select_series([radar("a", "2020-01-01"), radar("b", "2020-02-01", platform="Sentinel-1C")])
    assert kept[0].warnings == ("The platform changes within the series: Sentinel-1C, sentinel-1a.",)
    assert kept[1].warnings == ()
    same = select_series([radar("a", "2020-01-01"), radar("b", "2020-02-01", platform="Sentinel-1A")])
    assert same[0].warnings == ()


def test_a_stated_orbit_is_preferred_and_an_unstated_one_warned_of():
    unstated = [radar("a", "2020-01-01", ""), radar("b", "2020-02-01", "")]
    assert select_series([*unstated, radar("c", "2020-03-01")])[0].scene.id == "c"
    assert any("not stated" in w for w in select_series(unstated)[0].warnings)


def test_an_antenna_turned_to_the_other_side_is_another_series():
    left = {"properties": {"sar:observation_direction": "left"}}
    kept = select_series([radar("a", "2020-01-01"), radar("b", "2020-02-01"), radar("c", "2020-03-01", item=left)])
    assert [c.scene.id for c in kept] == ["a", "b"]


def test_optical_series_keep_everything():
    kept = select_series([scene("b", "2020-02-01"), scene("a", "2020-01-01")])
    assert [c.scene.id for c in kept] == ["a", "b"]
    with pytest.raises(InputError):
        select_series([])
    with pytest.raises(InputError):
        select_series([scene("a"), radar("b", "2020-01-01")])


@given(st.lists(st.tuples(st.integers(0, 400), st.sampled_from(["", "ascending 15", "descending 110", "descending 8"])),
                min_size=1, max_size=12), st.data())  # fmt: skip
def test_a_series_has_one_orbit_whatever_the_order(facts, data):
    start = datetime(2020, 1, 1, tzinfo=UTC)
    found = [radar(f"s{i}", (start + timedelta(days=d)).replace(tzinfo=None).isoformat(), o)
             for i, (d, o) in enumerate(facts)]  # fmt: skip
    kept = select_series(found)
    assert select_series(data.draw(st.permutations(found))) == kept
    assert len({c.scene.orbit for c in kept}) == 1
