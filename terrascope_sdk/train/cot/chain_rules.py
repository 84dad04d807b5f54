"""The rules by which chains are made: which classes a question may be about, and what a derived statement means."""

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["RULES", "ChainRules"]


@dataclass(frozen=True)
class ChainRules:
    """Thresholds. Those of TerraScope-Bench are the defaults where the paper states them."""

    min_share: float = 0.05
    """Smallest share of the labelled pixels of a class that is asked for its area, 0-1 (paper D.2)."""

    ranking_gap: float = 0.10
    """Smallest difference of two ranked classes, relative to the larger, 0-1 (paper D.2)."""

    min_boundary_share: float = 0.03
    """Smallest share of a class that is asked for a boundary, 0-1 (paper D.2)."""

    max_boundary_regions: int = 5
    """Most connected regions of a class that is asked for a boundary (paper D.2)."""

    min_distance_px: float = 10.0
    """Smallest distance that is asked for, pixels (paper D.2; its printed examples go down to 3)."""

    max_distance_regions: int = 5
    """Most connected regions, after opening, of a class that a distance is measured to."""

    min_buildings: int = 10
    """Fewest buildings of a question about destroyed ones (paper D.2)."""

    min_destroyed: int = 3
    """Fewest destroyed buildings of such a question (paper D.2)."""

    standing_percent: float = 50.0
    """A building with less of its outline still building afterwards counts as destroyed, percent."""

    caption_share: float = 0.01
    """Smallest share of a class that a caption points at, 0-1."""

    caption_classes: int = 6
    """Most classes that a caption points at."""

    min_region_px: int = 10
    """Smallest connected region that counts, pixels."""

    max_count: int = 30
    """Largest number of regions that is asked for."""

    max_buildings: int = 120
    """Largest number of buildings that is asked for."""

    quarter_gap: float = 1.25
    """How many times the second quarter the first must hold, to say that most of a class lies there."""

    direction_share: float = 0.15
    """Smallest distance of two centres that have a direction, relative to the shorter side of the frame."""

    between_low_percent: float = 20.0
    """A class between two others has its centre at least this far along the path, percent."""

    between_high_percent: float = 80.0
    """And at most this far."""

    between_aside_percent: float = 25.0
    """And at most this share of the path's length beside it, percent."""

    contained_percent: float = 95.0
    """Share of the ring around a region that the class containing it has, percent."""

    fragmented_percent: float = 50.0
    """A class whose largest region holds less of it is fragmented, percent."""

    riparian_m: float = 50.0
    """Width of the land along water, m."""

    exposure_m: float = 100.0
    """Distance to water within which built-up land is exposed to floods, m."""

    cooling_m: float = 50.0
    """Distance within which vegetation cools built-up land, m."""

    choice_share: float = 0.5
    """Share of the questions that come with options, 0-1."""


RULES: Mapping[str, str] = {
    "riparian buffer": "Share of vegetation on the land within a stated distance of open water, between pixel centres.",
    "fragmentation": "A class is fragmented if its largest edge-connected region holds less than a stated share of it.",
    "urban heat proxy": "Share of built-up land without vegetation within a stated distance, between pixel centres.",
    "flood exposure": "Share of built-up land within a stated distance of open water, between pixel centres.",
    "containment": "A region lies in a class that has a stated share of the pixels around it (eight neighbours), if "
    "it does not touch the border of the image.",
    "between": "The centre of a class lies between those of two others if it is neither near the ends of the path from "
    "one to the other nor far aside.",
    "destroyed buildings": "A building is destroyed if less than a stated share of its outline is still building.",
}
"""What a derived statement means, by the name that a sample's ``rule`` gives."""
