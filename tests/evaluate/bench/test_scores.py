import numpy as np
import pytest

from terrascope_sdk.evaluate.bench.locations import score_locations
from terrascope_sdk.evaluate.bench.outcome import Outcome, PlaceSaid
from terrascope_sdk.evaluate.bench.rates import Bootstrap
from terrascope_sdk.evaluate.bench.scores import Pair, averages, score_chains, score_task
from terrascope_sdk.evaluate.bench.tasks import bench_tasks
from tests.evaluate.bench.hand_made import question

BOOT = Bootstrap([f"s{i}" for i in range(8)])


def coverage(i, answer, *, truth=0.2, **outcome):
    asked = question(
        "coverage", ("water",), truth, intent="share", text="?", values=(truth, 0.4, 0.6, 0.8), name=f"s{i}"
    )
    return Pair(asked, Outcome(asked.id, value=answer, **outcome))


@pytest.mark.parametrize(
    ("task", "truth", "inside", "outside"),
    [
        ("coverage", 0.05, 0.069, 0.071),  # two points
        ("coverage", 0.40, 0.459, 0.461),  # 15 %
        ("area", 1e5, 1.19e5, 1.21e5),
        ("distance", 50.0, 69.0, 71.0),  # 20 m
        ("distance", 400.0, 479.0, 481.0),
        ("change", -1e4, -1.4e4, -1.42e4),  # one point of the frame: 4096 m2
        ("change", 4e4, 4.9e4, 5.1e4),
        ("building_loss", 0.4, 0.49, 0.51),
    ],
)
def test_tolerances_are_the_issues(task, truth, inside, outside):
    intent = bench_tasks[task].intent
    dates = (0, 1) if intent in {"change", "lost_part"} else (0,)
    concepts = ("water", "tree") if task == "distance" else ("developed",)
    asked = question(task, concepts, truth, intent=intent, text="?", dates=dates)
    assert asked.within(inside)
    assert not asked.within(outside)
    assert asked.within(2 * truth - inside)
    assert not asked.within(None)


def test_numbers_pick_the_nearest_option_and_are_judged_by_it():
    pairs = [coverage(0, 0.21), coverage(1, 0.29), coverage(2, 0.31), coverage(3, None)]
    made = score_task(pairs, BOOT)
    assert made["accuracy"]["value"] == 0.5  # 0.31 is nearer to 0.4
    assert made["hit"]["value"] == 0.25
    assert made["answered"]["value"] == 0.75
    off = np.array([0.01, 0.09, 0.11])
    assert np.isclose(made["error"]["bias"]["value"], off.mean(), atol=1e-4)
    assert np.isclose(made["error"]["rmse"]["value"], np.sqrt((off**2).mean()), atol=1e-4)
    assert np.isclose(made["error"]["median_error"], 0.09)
    assert made["error"]["unit"] == "1"


def test_whole_orders_are_needed_of_three():
    truth = ("water", "tree", "grass")
    asked = question("ranking_three", truth, truth, intent="rank", text="?", values=(truth, truth[::-1]))
    assert asked.within(truth)
    assert not asked.within(("water", "grass", "tree"))
    assert asked.choose(("tree", "water", "grass")) is None


def test_yes_everywhere_has_a_balanced_accuracy_of_one_half():
    pairs = []
    for i in range(8):
        asked = question(
            "boundary", ("water", "tree"), i < 6, intent="touch", text="?", values=(True, False), right=int(i >= 6),
            name=f"s{i}",
        )  # fmt: skip
        pairs.append(Pair(asked, Outcome(asked.id, value=True)))
    made = score_task(pairs, BOOT)
    assert made["accuracy"]["value"] == 0.75
    assert made["balanced_accuracy"]["value"] == 0.5


def test_right_answers_count_with_right_masks_only():
    pairs = [
        coverage(0, 0.2, overlaps=(0.6,), understood=True, agrees=True),
        coverage(1, 0.2, overlaps=(0.4,), understood=True, agrees=True),
        coverage(2, 0.2, overlaps=(None,), agrees=False),
        coverage(3, 0.7, overlaps=(0.9,)),
    ]
    made = score_chains(pairs, BOOT)
    assert made["right_with_right_masks"]["value"] == 0.5
    assert np.isclose(made["mean_iou"]["value"], (0.6 + 0.4 + 0.9) / 3, atol=1e-4)
    assert made["understood"]["value"] == 0.5
    assert np.isclose(made["answer_is_measurement"]["value"], 2 / 3, atol=1e-4)
    assert made["answer_is_measurement"]["n"] == 3


def test_the_three_kinds_of_change_are_one_task_of_six():
    def change(task, intent, right):
        values = (100.0, 200.0)
        asked = question(task, ("building",), 100.0, intent=intent, text="?", values=values, dates=(0, 1), name="s0")
        return Pair(asked, Outcome(asked.id, value=100.0 if right else 200.0))

    pairs = [
        coverage(1, 0.2),
        change("change", "change", True), change("building_change", "change", False),
        change("building_loss", "lost_part", False), change("building_loss", "lost_part", False),
    ]  # fmt: skip
    made = averages(pairs, BOOT)
    assert made["by_code"]["BCE"]["value"] == 0.25
    assert made["macro"]["value"] == (1 + 0.25) / 2
    assert made["micro"]["value"] == 0.4
    assert made["chance"] == (0.25 + 0.5) / 2


def test_places_of_true_and_mirrored_regions_leave_out_the_centre():
    said = (
        PlaceSaid("north", "north", "south"), PlaceSaid("south", "north", "south"), PlaceSaid("", "east", "west"),
        PlaceSaid("centre", "centre", "centre"), PlaceSaid("absent", None, None),
    )  # fmt: skip
    made = score_locations([coverage(0, 0.2, places=said)], BOOT)
    assert made["right"]["value"] == 0.5
    assert np.isclose(made["named_true"]["value"], 1 / 3, atol=1e-4)
    assert np.isclose(made["named_mirrored"]["value"], 1 / 3, atol=1e-4)
    assert made["absent_right"]["value"] == 1


def test_intervals_are_over_scenes():
    values = [1.0] * 20 + [0.0] * 20
    spread = [f"s{i % 8}" for i in range(40)]
    lumped = ["s0"] * 20 + ["s1"] * 20
    narrow, wide = (BOOT.mean(values, s).to_json()["interval"] for s in (spread, lumped))
    assert wide[1] - wide[0] > 2 * (narrow[1] - narrow[0])
    assert narrow[0] <= 0.5 <= narrow[1]
    assert BOOT.mean([], []).to_json() == {"value": None, "interval": [None, None], "n": 0}
