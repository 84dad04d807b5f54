"""The synthetic suite: every table of it, as plain JSON."""

from collections.abc import Mapping

import numpy as np

from terrascope_sdk.evaluate.masks.counts import Counts, Tally
from terrascope_sdk.evaluate.masks.fresh_scenes import (
    CLEAR,
    CLOUDED,
    SENSOR_SETS,
    USUAL,
    fresh_scenes,
    fresh_towns,
    look_twice,
)
from terrascope_sdk.evaluate.masks.mask_scores import EIGHT, mean_gain, mean_score, score, share_hits
from terrascope_sdk.evaluate.masks.network import MaskNetwork
from terrascope_sdk.evaluate.masks.synthetic_changes import building_counts, growth_counts
from terrascope_sdk.evaluate.masks.synthetic_classes import BandSet, class_counts, compare_band_sets, rule_counts
from terrascope_sdk.types.encoding import JsonValue
from terrascope_sdk.worlds.scenes import WorldOptions

__all__ = ["synthetic_suite"]


def _all(counts: Mapping[str, Counts]) -> dict[str, JsonValue]:
    return {key: {n: score(c, n).to_json() for n in c.names} for key, c in counts.items()}


def _classes(counts: Mapping[str, Counts]) -> dict[str, JsonValue]:
    tables: dict[str, JsonValue] = {}
    for key, c in counts.items():
        tables[key] = {
            "mean_of_eight": mean_score(c, EIGHT).to_json(),
            "by_class": {n: score(c, n).to_json() for n in c.names},
            "coverage_within_2_points_or_15_percent": {
                n: share_hits(c, n, points_frac=0.02, relative=0.15).to_json() for n in EIGHT
            },
        }
    for tail in ("", ", decided"):
        both, *alone = (counts[s + tail] for s in ("optical+sar", "optical", "sar"))
        tables["gain of both" + tail] = mean_gain(both, alone).to_json()
    return tables


def _changes(counts: Mapping[str, Counts]) -> dict[str, JsonValue]:
    tables: dict[str, JsonValue] = {}
    for key, c in counts.items():
        name = c.names[0]
        hits = share_hits(c, name, points_frac=0.01, relative=0.25)
        tables[key] = score(c, name).to_json() | {"share_within_1_point_or_25_percent": hits.to_json()}
    return tables


class _BandTally:
    """Band sets over all batches."""

    def __init__(self) -> None:
        self.counts, self.agreement = Tally(), Tally()
        self.sure: dict[str, list[float]] = {}

    def add(self, batch: Mapping[str, BandSet]) -> None:
        self.counts.add({k: v.counts for k, v in batch.items()})
        self.agreement.add({k: v.agreement for k, v in batch.items()})
        for key, value in batch.items():
            self.sure.setdefault(key, []).extend(value.confidence)

    def table(self) -> dict[str, JsonValue]:
        counts, agreement = self.counts.counts(), self.agreement.counts()
        return {
            name: {
                "mean_of_eight": mean_score(c, EIGHT).to_json(),
                "iou_by_class": {n: score(c, n).to_json()["iou"] for n in c.names},
                "agreement_with_ten_bands": mean_score(agreement[name], EIGHT).to_json(),
                "confidence": round(float(np.mean(self.sure[name])), 4),
            }
            for name, c in counts.items()
        }


def _landscapes(network: MaskNetwork, seed: int, n: int, options: WorldOptions) -> dict[str, JsonValue]:
    classes, growth, rules, bands = Tally(), Tally(), Tally(), _BandTally()
    for scenes in fresh_scenes(seed, n, options):
        pairs = {sensors: look_twice(network, scenes, sensors) for sensors in SENSOR_SETS}
        classes.add(class_counts(scenes, pairs))
        growth.add(growth_counts(network, scenes, pairs))
        rules.add(rule_counts(scenes))
        bands.add(compare_band_sets(network, scenes))
    return {
        "classes": _classes(classes.counts()),
        "new_developed": _changes(growth.counts()),
        "rules": _all(rules.counts()),
        "band_sets": bands.table(),
    }


def synthetic_suite(network: MaskNetwork, *, seed: int, n: int) -> dict[str, JsonValue]:
    """Score masks on fresh synthetic scenes.

    Args:
        network: What makes the masks.
        seed: Of the scenes, far from any seed of training.
        n: Scenes a table.

    Returns:
        Tables of classes, new developed land, plain rules and band sets at 35 % cloudy dates, without clouds and at
        60 % cloud, and of buildings at about 0.5 m.
    """
    buildings = Tally()
    for towns in fresh_towns(seed, n):
        buildings.add(building_counts(network, towns, look_twice(network, towns, "optical")))
    return {
        "35_percent_cloudy": _landscapes(network, seed, n, USUAL),
        "clear_sky": _landscapes(network, seed, n, CLEAR),
        "60_percent_cloud": _landscapes(network, seed, n, CLOUDED),
        "buildings_half_metre": _changes(buildings.counts()),
    }
