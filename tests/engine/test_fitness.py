"""What the fitness file says decides whose mask counts, and whether a number is given at all."""

import json

import pytest

from terrascope_sdk.engine.fitness import Fit, Fitness, read_fitness
from terrascope_sdk.engine.indices import IndexReasoner
from terrascope_sdk.engine.weighed import WeighedReasoner
from terrascope_sdk.errors import GroundingError, InputError, NotVisible
from terrascope_sdk.testing import disc_mask, lake_stack, utm_grid
from terrascope_sdk.types import GroundRequest, Step

GRID = utm_grid(size_px=48)
STACK = lake_stack((150.0,), grid=GRID)
WATER = GroundRequest("water", "optical")
CROP = GroundRequest("crop", "optical")


class Drawn:
    """Draws a disc for whatever is asked, with a fitness that a test decides."""

    name = "drawn"

    def __init__(self, fit, blind=None):
        self.fit, self.blind = fit, blind

    def unseen(self, stack, request):
        return self.blind

    def fit_of(self, stack, request):
        return self.fit

    def ground(self, stack, request):
        yield Step("ground", "a disc", disc_mask(GRID, radius_m=90.0, label=request.concept))


def fit(iou, index_iou=None):
    return Fit(iou, (iou - 0.05, iou + 0.05), ("somewhere",), 900, index_iou)


def weighed(made, *, allow=False, blind=None):
    return WeighedReasoner(Drawn(made, blind), allow_low_confidence=allow)


def drawn_by(reasoner, request):
    """Return who drew the mask that counts, who drew others, and what is said of the choice."""
    steps = list(reasoner.ground(STACK, request))
    who = ["network" if s.text == "a disc" else "index" for s in steps if s.mask is not None]
    return who[-1], who[:-1], steps[0].text


@pytest.mark.parametrize(
    ("made", "first", "beside", "says"),
    [
        (fit(0.7, 0.6), "network", ["index"], "by the network: IoU 0.70 (0.65-0.75) on labelled pixels of Somewhere"),
        (fit(0.6, 0.7), "index", ["network"], "did better than the network: IoU 0.70 on labelled pixels of Somewhere"),
        (fit(0.7), "network", ["index"], "by the network"),
        (None, "index", [], "was not tested"),
        (fit(0.3), "index", [], "reached only IoU 0.30"),
    ],
)
def test_the_method_that_did_better_draws_the_mask(made, first, beside, says):
    who, others, text = drawn_by(weighed(made), WATER)
    assert (who, others) == (first, beside)
    assert says in text


@pytest.mark.parametrize(("made", "says"), [(None, "was not tested"), (fit(0.3), "reached only IoU 0.30")])
def test_what_is_untested_or_badly_mapped_is_declined_unless_low_confidence_is_allowed(made, says):
    declined = weighed(made).unseen(STACK, CROP)
    assert says in declined
    assert "allow_low_confidence=True" in declined
    assert "Spectral indices" in declined  # and why the other method does not help
    with pytest.raises(NotVisible, match="labelled pixels"):
        list(weighed(made).ground(STACK, CROP))
    allowed = weighed(made, allow=True)
    assert allowed.unseen(STACK, CROP) is None
    who, _, text = drawn_by(allowed, CROP)
    assert who == "network"
    assert "with low confidence" in text


def test_two_bad_methods_give_no_number():
    assert "Nor did the index rule" in weighed(fit(0.3, 0.4)).unseen(STACK, WATER)
    assert drawn_by(weighed(fit(0.3, 0.4), allow=True), WATER)[0] == "network"


def test_where_the_network_is_blind_the_index_rule_serves_and_where_both_are_both_say_why():
    assert drawn_by(weighed(fit(0.9), blind="No eyes."), WATER)[:2] == ("index", [])
    assert weighed(fit(0.9), blind="No eyes.").unseen(STACK, CROP).startswith("No eyes. Spectral indices")


def test_radar_is_left_out_where_only_the_optical_image_was_tested():
    class Joins(Drawn):
        def fit_of(self, stack, request):
            return fit(0.8) if stack.sar is None else self.fit

        def ground(self, stack, request):
            yield Step("ground", "joined" if stack.sar is not None else "alone", disc_mask(GRID, radius_m=90.0))

    def said(joined):
        return list(WeighedReasoner(Joins(joined)).ground(STACK, CROP))[-1].text

    assert said(None) == said(fit(0.6)) == "alone"
    assert said(fit(0.9)) == "joined"


def test_a_second_view_that_fails_is_said_and_changes_nothing():
    class Undecided(Drawn):
        def ground(self, stack, request):
            raise GroundingError("Nothing to see.")
            yield

    steps = list(WeighedReasoner(Undecided(fit(0.6, 0.7))).ground(STACK, WATER))
    assert any("Nothing to see." in s.text for s in steps)
    assert steps[-1].mask == next(m.mask for m in reversed(list(IndexReasoner().ground(STACK, WATER))))


# ------------------------------------------------------------------------------------------------------ the file


def entry(**changes):
    made = {"iou": 0.7, "interval": [0.6, 0.8], "places": ["a", "b"], "truth_px": 9, "index_iou": None}
    return made | changes


def written(tmp_path, concepts, sha="abc"):
    (tmp_path / "fitness.json").write_text(json.dumps({"weights_sha256": sha, "concepts": concepts}))
    return tmp_path


def test_a_fit_is_found_by_concept_sensors_and_pixel_size(tmp_path):
    folder = written(tmp_path, {"water": {"optical": {"3 to 25 m": entry()}}})
    fitness = read_fitness(folder, weights_sha256="abc")
    assert fitness.of("water", sensors="optical", gsd_m=10).iou == 0.7
    assert fitness.of("water", sensors="optical", gsd_m=30) is None
    assert fitness.of("water", sensors="optical+sar", gsd_m=10) is None
    assert fitness.of("tree", sensors="optical", gsd_m=10) is None


def test_the_fitness_of_other_weights_says_nothing_of_these(tmp_path):
    folder = written(tmp_path, {"water": {"optical": {"3 to 25 m": entry()}}})
    assert read_fitness(folder, weights_sha256="other") == Fitness({})
    assert read_fitness(tmp_path / "nowhere", weights_sha256="abc") == Fitness({})


@pytest.mark.parametrize("text", ["{", "{}", '{"weights_sha256": "abc", "concepts": {"water": {"sar": {"k": {}}}}}'])
def test_a_damaged_file_is_named(tmp_path, text):
    (tmp_path / "fitness.json").write_text(text)
    with pytest.raises(InputError, match="damaged"):
        read_fitness(tmp_path, weights_sha256="abc")
