"""A question answered over a real STAC API: search, choice, load, mask, number, provenance."""

import pytest

import terrascope_sdk as ts
from tests.stac.made import GRID

pytestmark = [pytest.mark.servers, pytest.mark.allow_hosts(["127.0.0.1"])]
PLACE = tuple(GRID.bounds_lonlat)


def test_a_question_is_answered_from_a_catalogue(real_api, pixels, tmp_path):
    agent = ts.Agent(reasoner=ts.IndexReasoner(), workspace=tmp_path / "workspace", catalog=real_api)
    answer = agent.ask("What share of the scene is vegetation in July 2020?", aoi=PLACE)
    assert answer.status == "answered", answer.text
    assert [s["id"] for s in answer.provenance.scenes] == ["S2A_pixels_1"]
    assert answer.measurements[0].value == 1.0  # NDVI is 0.6 everywhere
    assert "clearest" in answer.chains[0].steps[0].text
    assert answer.plan.run().measurements == answer.measurements


def test_a_time_without_scenes_says_what_there_is(real_api, pixels, tmp_path):
    agent = ts.Agent(reasoner=ts.IndexReasoner(), workspace=tmp_path / "workspace", catalog=real_api)
    with pytest.raises(ts.errors.NoScenesFound, match="1999"):
        agent.ask("What share of the scene is vegetation in 1999?", aoi=PLACE)
