"""Questions of a user over the bundled places, through the public front door."""

import json
from pathlib import Path

import pytest

import terrascope_sdk as ts
from terrascope_sdk.errors import InputError, NoScenesFound
from terrascope_sdk.types.scene import optical_quantities, sar_quantities

HAND_DRAWN_SHARE = 0.2673
"""Water in the hand-drawn map of the flood chip (Sen1Floods11, Spain_7370579; Bonafilia et al. 2020)."""

FITNESS = json.loads(Path("terrascope_sdk/weights/fitness.json").read_text())["concepts"]
BUILT_UP_IOU = FITNESS["developed"]["optical"]["3 to 25 m"]["iou"]
"""What the network reaches on built-up land, of the fitness file beside the weights."""


@pytest.fixture(scope="module")
def ask(tmp_path_factory):
    workspace = tmp_path_factory.mktemp("workspace")

    def asked(question, aoi=None, **fields):
        return ts.ask(question, aoi=aoi, workspace=workspace, **fields)

    return asked


def number(answer, name):
    return next(m for m in answer.measurements if m.name == name)


@pytest.mark.parametrize("sensor", [None, "optical", "sar"])
def test_the_flood_comes_within_five_points_of_the_hand_drawn_map(ask, sensor):
    answer = ask("What share of the scene is water, and how many hectares is that?", "spain", sensor=sensor)
    share, area = number(answer, "share"), number(answer, "area")
    assert answer.status == "answered"
    assert share.value == pytest.approx(HAND_DRAWN_SHARE, abs=0.05)
    scene_m2 = 512 * 512 * 78.56
    assert area.value == pytest.approx(share.value * scene_m2, rel=2e-3)
    assert area.low < area.value < area.high
    assert " ha" in answer.text
    assert {m.sensor for m in answer.masks} >= ({sensor} if sensor else {"optical", "sar"})


def test_two_sensors_are_compared_as_independent_evidence(ask):
    answer = ask("What share of the scene is water?", "spain")
    (check,) = [c for c in answer.checks if c.independent]
    assert check.passed or any(check.detail in w for w in answer.warnings)


def test_forest_is_mapped_by_the_network_and_the_answer_says_how_well(ask):
    answer = ask("What share of the scene is forest?", "slovenia")
    assert answer.status == "answered"
    assert "Tree cover is mapped by the network: IoU 0." in answer.text
    assert "labelled pixels of Slovenia" in answer.text
    share, (mask, *_) = number(answer, "share"), answer.masks
    assert mask.probability is not None
    assert share.value == ts.measure.share(mask).value
    assert 0.4 < share.value < 0.95


def test_the_other_method_stands_beside_and_is_compared(ask):
    answer = ask("What share of the scene is water?", "spain", sensor="optical")
    network = [m for m in answer.masks if m.probability is not None]
    rule = [m for m in answer.masks if m.probability is None]
    assert len(network) == len(rule) == 1
    compared = next(c for c in answer.checks if c.name == "two ways agree")
    assert not compared.independent  # both looked at the same pixels


@pytest.mark.parametrize(
    ("question", "place", "says"),
    [
        ("How many hectares of cropland are there?", "bolzano", "was not tested"),
        ("What share of the scene is built up?", "slovenia", f"reached only IoU {BUILT_UP_IOU:.2f} "),
    ],
)
def test_what_the_network_was_not_shown_to_map_needs_to_be_asked_for(ask, question, place, says):
    declined = ask(question, place)
    assert declined.status == "cannot_answer"
    assert says in declined.text
    assert "allow_low_confidence=True" in declined.text
    assert declined.measurements == ()
    given = ask(question, place, allow_low_confidence=True)
    assert given.status == "answered"
    assert "with low confidence" in given.text
    assert given.measurements


def test_contact(ask):
    answer = ask("Does vegetation touch the water?", "bolzano")
    assert answer.status == "answered"
    assert answer.text.startswith("Yes")
    assert number(answer, "touches").value is True


def test_change_over_the_years_states_both_dates_by_year(ask):
    answer = ask("How much did the river change between 1985 and 2020?", "pucallpa")
    assert answer.status == "answered"
    assert "between 1985 and 2020" in answer.text
    assert number(answer, "gain").value > 1e6
    assert number(answer, "net").value == pytest.approx(number(answer, "gain").value - number(answer, "loss").value)


def test_radar_alone(ask):
    answer = ask("How much water is there with radar?", "spain")
    assert {m.sensor for m in answer.masks} == {"sar"}


def test_absent_is_zero_and_says_so(ask):
    answer = ask("How many hectares of water are there?", "slovenia")
    assert answer.status == "answered"
    assert number(answer, "area").value == 0
    assert "No open water was found" in answer.text


def test_order_and_number(ask):
    ranked = ask("Which covers the larger area, water or vegetation?", "bolzano")
    assert ranked.text.startswith("Vegetation covers the larger area")
    counted = ask("How many lakes are there?", "spain")
    assert number(counted, "count").value >= 1


def test_a_polygon_cuts_the_scene(ask):
    import shapely

    west, south, east, north = next(p for p in ts.places() if p.name == "spain").bbox
    triangle = shapely.Polygon([(west, south), (east, south), (west, north)])
    answer = ask("How many hectares of water are there?", triangle)
    whole = ask("How many hectares of water are there?", "spain")
    assert 0 < number(answer, "area").value < number(whole, "area").value
    assert number(answer, "area").observed_frac == pytest.approx(1, abs=5e-3)


def test_an_all_cloud_date_is_refused_by_name(ask):
    answer = ask("What share is vegetation?", "slovenia", time="2015-08-20")
    assert answer.status == "cannot_answer"
    assert "2015-08-20" in answer.text
    assert answer.measurements == ()


@pytest.mark.parametrize(
    ("question", "place", "says"),
    [
        ("How many hectares of cropland are there?", "bolzano", "cannot tell cropland"),
        ("How many buildings are there?", "bolzano", "2 m or finer"),
        ("What share is vegetation?", "kampala", "nir is missing"),
        ("What share is vegetation?", "santa-barbara", "Radar alone cannot show vegetation"),
        ("What is the population?", "spain", "People"),
        ("What is the dominant class?", "spain", "cannot be told"),
        ("How many hectares burned between 2020-11 and 2021-08?", "belgium", "look like fire"),
        ("Why is there a flood?", "spain", "causes"),
    ],
)
def test_what_cannot_be_seen_or_measured_is_refused_with_the_reason(ask, question, place, says):
    answer = ask(question, place)
    assert answer.status == "cannot_answer"
    assert says in answer.text
    assert answer.measurements == ()


@pytest.mark.parametrize(
    "question", ["How many hectares of lithium?", "asdf qwer", "How much water is there in Atlantis?"]
)
def test_what_is_not_understood_is_asked_back(ask, question):
    answer = ask(question, "spain")
    assert answer.status == "needs_input"
    assert "?" in answer.text


def test_no_area_is_asked_back_with_the_places(ask):
    answer = ask("How much water is there?")
    assert answer.status == "needs_input"
    assert "bolzano" in answer.text


@pytest.mark.parametrize(
    ("aoi", "time", "error"),
    [
        ((0, 0, 1, 1), None, NoScenesFound),
        ((11.4, 46.46, 11.28, 46.52), None, InputError),
        ((11.28, 46.52, 11.40, 46.46), None, InputError),
        ((179.0, 0.0, -179.0, 1.0), None, InputError),
        ((11.28, 46.46, 400.0, 46.52), None, InputError),
        ("nowhere", None, InputError),
        ("bolzano", "2019", NoScenesFound),
        ("bolzano", "2023/2022", InputError),
        ("bolzano", "soon", InputError),
    ],
)
def test_bad_places_and_times_are_typed_errors_with_a_next_step(ask, aoi, time, error):
    with pytest.raises(error) as caught:
        ask("How much water is there?", aoi, time=time)
    assert caught.value.hint


@pytest.mark.parametrize("question", ["", "   ", "\n\t"])
def test_an_empty_question_is_an_error(ask, question):
    with pytest.raises(InputError, match="empty"):
        ask(question, "spain")


def test_provenance_names_scenes_quantities_and_versions_and_no_machine(ask, tmp_path):
    answer = ask("What share of the scene is water?", "spain")
    record = answer.provenance.to_json()
    assert {s["id"] for s in record["scenes"]} == {"spain-s2-2019-09-18", "spain-s1-2019-09-17"}
    assert record["quantities"]["optical"] in optical_quantities
    assert record["quantities"]["sar"] in sar_quantities
    assert record["versions"]["terrascope-sdk"] == ts.__version__
    links = [href for s in record["scenes"] for href in s["links"].values()]
    assert links
    assert not any(href.startswith("/") for href in links)
    assert "Copernicus" in answer.provenance.attribution


def test_answers_are_the_same_twice(ask):
    one, other = (ask("What share of the scene is water?", "spain").to_json() for _ in range(2))
    assert {k: v for k, v in one.items() if k != "created"} == {k: v for k, v in other.items() if k != "created"}


def test_a_workspace_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ts.errors.ExportError, match="TERRASCOPE_WORKSPACE"):
        ts.ask("How much water is there?", aoi="spain", workspace=tmp_path / "file" / "deeper")
