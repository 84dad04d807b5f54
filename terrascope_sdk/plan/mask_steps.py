"""The steps that lead to masks: find scenes, load pixels, map a concept, combine masks."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field

from terrascope_sdk.plan.places import known_place, sound_aoi
from terrascope_sdk.plan.step import Kind, StepBase
from terrascope_sdk.plan.windows import Name
from terrascope_sdk.types.scene import Sensor

__all__ = [
    "Buffer",
    "Complement",
    "Components",
    "Find",
    "Ground",
    "Intersect",
    "Load",
    "Region",
    "Select",
    "Subtract",
    "Union",
    "Within",
]

MAX_DISTANCE_M = 100_000.0
"""Longest distance of a buffer or a selection, m."""

_Several = Field(min_length=2, max_length=32)


class Find(StepBase):
    """Look for scenes in the catalogue."""

    gives: ClassVar[Kind] = "scenes"
    window_fields: ClassVar[tuple[str, ...]] = ("window",)
    op: Literal["find"] = "find"
    sensor: Literal["optical", "sar", "any"]
    """Which kind of scene; ``any`` leaves it to what there is."""
    window: Name
    """When."""
    cloud_max_frac: Annotated[float, Field(ge=0, le=1)] | None = None
    """Largest share of clouds on a scene, 0-1; None: whatever can be used."""


class Load(StepBase):
    """Load scenes as aligned pixels on one grid."""

    gives: ClassVar[Kind] = "stack"
    inputs: ClassVar[dict[str, Kind]] = {"scenes": "scenes"}
    op: Literal["load"] = "load"
    scenes: Annotated[tuple[Name, ...], Field(min_length=1, max_length=32)]
    """The find steps whose scenes go in."""


class Ground(StepBase):
    """Map one concept in one image."""

    gives: ClassVar[Kind] = "mask"
    inputs: ClassVar[dict[str, Kind]] = {"stack": "stack"}
    window_fields: ClassVar[tuple[str, ...]] = ("window", "earlier")
    op: Literal["ground"] = "ground"
    stack: Name
    """The load step whose pixels are looked at."""
    concept: str
    """Key of the vocabulary, for example ``water``."""
    window: Name
    """When; the later date for a concept that needs two."""
    earlier: Name | None = None
    """The earlier date, for a concept that needs two (``burned``)."""
    sensor: Sensor | None = None
    """Which sensor to look with; left out: whichever there is."""
    optional: bool = False
    """Whether a concept that the pixels cannot show is left out with a warning, instead of ending the run."""


class Union(StepBase):
    """Everything that lies in at least one of the masks."""

    gives: ClassVar[Kind] = "mask"
    inputs: ClassVar[dict[str, Kind]] = {"masks": "mask"}
    op: Literal["union"] = "union"
    masks: Annotated[tuple[Name, ...], _Several]
    """Two masks or more."""


class Intersect(StepBase):
    """What lies in all of the masks."""

    gives: ClassVar[Kind] = "mask"
    inputs: ClassVar[dict[str, Kind]] = {"masks": "mask"}
    op: Literal["intersect"] = "intersect"
    masks: Annotated[tuple[Name, ...], _Several]
    """Two masks or more."""


class Subtract(StepBase):
    """What lies in the first mask and not in the second."""

    gives: ClassVar[Kind] = "mask"
    inputs: ClassVar[dict[str, Kind]] = {"a": "mask", "b": "mask"}
    op: Literal["subtract"] = "subtract"
    a: Name
    """The mask to take from."""
    b: Name
    """The mask to take away."""


class Complement(StepBase):
    """What was observed and does not lie in the mask."""

    gives: ClassVar[Kind] = "mask"
    inputs: ClassVar[dict[str, Kind]] = {"mask": "mask"}
    op: Literal["complement"] = "complement"
    mask: Name
    """The mask to turn round."""


class Region(StepBase):
    """One connected region of a mask, by size."""

    gives: ClassVar[Kind] = "mask"
    inputs: ClassVar[dict[str, Kind]] = {"mask": "mask"}
    op: Literal["region"] = "region"
    mask: Name
    """The mask that falls into regions."""
    rank: Annotated[int, Field(ge=1, le=1000)]
    """1 is the largest region, 2 the next."""


class Buffer(StepBase):
    """Everything within a distance of a mask, the mask itself included."""

    gives: ClassVar[Kind] = "mask"
    inputs: ClassVar[dict[str, Kind]] = {"mask": "mask"}
    op: Literal["buffer"] = "buffer"
    mask: Name
    """The mask to grow."""
    distance_m: Annotated[float, Field(gt=0, le=MAX_DISTANCE_M)]
    """How far, on the true ground, m."""


class Within(StepBase):
    """What of a mask lies inside an area; what lies outside counts as not observed."""

    gives: ClassVar[Kind] = "mask"
    inputs: ClassVar[dict[str, Kind]] = {"mask": "mask"}
    op: Literal["within"] = "within"
    mask: Name
    """The mask to cut."""
    aoi: (
        Annotated[dict[str, Any], AfterValidator(sound_aoi)]
        | Annotated[str, Field(min_length=1, max_length=200), AfterValidator(known_place)]
    )
    """The area: ``{"name", "geometry"}``, or the name of a known place."""


class Components(StepBase):
    """Only the connected patches of a mask that have at least a stated size."""

    gives: ClassVar[Kind] = "mask"
    inputs: ClassVar[dict[str, Kind]] = {"mask": "mask"}
    op: Literal["components"] = "components"
    mask: Name
    """The mask that falls into patches."""
    min_area_m2: Annotated[float, Field(gt=0, le=1e13)]
    """Smallest patch that stays, true ground area in m2."""


class Select(StepBase):
    """Whole patches of a mask that touch another mask, or lie within a distance of it."""

    gives: ClassVar[Kind] = "mask"
    inputs: ClassVar[dict[str, Kind]] = {"mask": "mask", "other": "mask"}
    op: Literal["select"] = "select"
    mask: Name
    """The mask whose patches are chosen."""
    other: Name
    """What they have to be near."""
    distance_m: Annotated[float, Field(ge=0, le=MAX_DISTANCE_M)] = 0.0
    """How near, on the true ground, m; 0 for touching."""
