"""Search against `rustac serve`: a real server that takes no filter, whose answers must come out right all the same."""

import warnings

import pytest

from terrascope_sdk.errors import NoScenesFound
from terrascope_sdk.stac import search
from terrascope_sdk.stac.notices import QueryIgnored
from tests.servers.made import PLACE
from tests.servers.test_real_api import expected, ids

pytestmark = [pytest.mark.servers, pytest.mark.allow_hosts(["127.0.0.1"])]


def warned(call):
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        result = call()
    return result, sorted(w.message.part for w in told if isinstance(w.message, QueryIgnored))


def test_what_it_can_do_it_does_without_a_word(plain_api):
    scenes = search(PLACE, catalog=plain_api, collections=["sentinel-2-l2a"], time="2021-02")
    assert ids(scenes) == expected("sentinel-2-l2a", keep=lambda p: p["datetime"][:7] == "2021-02")
    assert ids(search((178, -19, -178, -16), catalog=plain_api)) == ["S2A_fiji_west", "S2A_fiji_east"]
    assert ids(search(PLACE, catalog=plain_api, time="2022-12-31")) == ["S2A_edge_last"]


def test_filters_are_applied_here_and_named(plain_api):
    scenes, parts = warned(
        lambda: search(PLACE, catalog=plain_api, max_cloud_frac=0.2, query="platform = 'Sentinel-2A'")
    )
    assert ids(scenes) == expected("sentinel-2-l2a", keep=lambda p: p["eo:cloud_cover"] <= 20 and "2A" in p["platform"])
    assert parts == ["max_cloud_frac", "query"]


def test_an_empty_answer_says_what_to_change(plain_api):
    with pytest.raises(NoScenesFound, match="Without time there are scenes"):
        search(PLACE, catalog=plain_api, time="2019")
