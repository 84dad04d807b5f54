"""Numbers from masks: each with unit, bounds, method, observed share and the masks it came from."""

from terrascope_sdk.measure.accuracy import AccuracyAssessment, adjusted_area
from terrascope_sdk.measure.adjacency import shared_edge_length, touches
from terrascope_sdk.measure.area import area, share
from terrascope_sdk.measure.change import Change, change
from terrascope_sdk.measure.checks import agreement, claim_matches, observed_enough, sums_to_whole, thin_class
from terrascope_sdk.measure.components import Components, components, largest_regions
from terrascope_sdk.measure.count import count
from terrascope_sdk.measure.distance import distance
from terrascope_sdk.measure.length import edge_length
from terrascope_sdk.measure.nearest import NearestPoints, nearest_points
from terrascope_sdk.measure.neighbourhood import buffered, near_patches, sizeable_patches
from terrascope_sdk.measure.ranking import rank
from terrascope_sdk.measure.sample_size import allocate, sample_size
from terrascope_sdk.measure.sampling import SampleDesign, sample_design
from terrascope_sdk.measure.trend import trend

__all__ = [
    "AccuracyAssessment",
    "Change",
    "Components",
    "NearestPoints",
    "SampleDesign",
    "adjusted_area",
    "agreement",
    "allocate",
    "area",
    "buffered",
    "change",
    "claim_matches",
    "components",
    "count",
    "distance",
    "edge_length",
    "largest_regions",
    "near_patches",
    "nearest_points",
    "observed_enough",
    "rank",
    "sample_design",
    "sample_size",
    "share",
    "shared_edge_length",
    "sizeable_patches",
    "sums_to_whole",
    "thin_class",
    "touches",
    "trend",
]
