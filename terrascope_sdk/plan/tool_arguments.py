"""What the tools take: one typed model for each, with units in the descriptions. Ids and values only, never paths."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from terrascope_sdk.errors import InputError
from terrascope_sdk.plan.language import MAX_QUESTION, Plan
from terrascope_sdk.stac import find_place, places
from terrascope_sdk.types.concepts import get_concept
from terrascope_sdk.types.instant import TimeRange

__all__ = [
    "AnswerQuestion",
    "AskReasoner",
    "CombineMasks",
    "ExportResult",
    "FindImagery",
    "GroundConcept",
    "LoadImagery",
    "MeasureMask",
    "RunPlan",
    "ToolArguments",
    "is_area",
]


def is_area(text: str) -> bool:
    """Tell whether a text names a known place or is a bbox in degrees; a path is neither."""
    parts = text.replace(" ", "").split(",")
    return find_place(text) is not None or (len(parts) == 4 and all(_is_number(p) for p in parts))


def _area(value: str) -> str:
    text = value.strip()
    if is_area(text):
        return text
    names = ", ".join(p.name for p in places())
    raise InputError(f"This is neither a known place nor a bbox. Known places: {names}.")


def _is_number(text: str) -> bool:
    try:
        return abs(float(text)) <= 540
    except ValueError:
        return False


def _time(value: str) -> str:
    TimeRange.parse(value)
    return value


def _concept(value: str) -> str:
    get_concept(value)
    return value


def _plan(value: object) -> Plan:
    return value if isinstance(value, Plan) else Plan.parse(value)


def _id_of(kinds: str, meaning: str) -> Any:  # pydantic says of its Field that it gives any type
    return Field(pattern=rf"^({kinds})-[0-9a-f]{{16}}$", description=meaning)


Area = Annotated[
    str,
    AfterValidator(_area),
    Field(
        max_length=100,
        description="Where: the name of a known place, or a bbox as text 'west,south,east,north' in degrees.",
    ),
]
When = Annotated[
    str,
    AfterValidator(_time),
    Field(max_length=60, description="When: '2020', '2020-05', '2020-05-14' or a range such as '2019/2021'."),
]
Sensor = Annotated[Literal["optical", "sar"], Field(description="Only this kind of sensor.")]
MaskId = Annotated[str, _id_of("mask", "Id of a mask, such as mask-0123456789abcdef.")]
StackId = Annotated[str, _id_of("stack", "Id of loaded pixels, from load_imagery.")]
Position = Annotated[int, Field(ge=0, le=999, description="Position of the date in the sensor's series; 0 is first.")]
Question = Annotated[str, StringConstraints(min_length=1, max_length=MAX_QUESTION, strip_whitespace=True)]


class ToolArguments(BaseModel):
    """What every model of arguments has in common: unknown fields are refused, values do not change."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class FindImagery(ToolArguments):
    """Which acquisitions show an area."""

    aoi: Area
    time: When | None = None
    sensor: Sensor | None = None
    max_cloud_frac: Annotated[float, Field(ge=0, le=1)] | None = None
    """Largest share of clouded pixels of an optical scene, 0-1."""
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    """Largest number of scenes; of more, the newest are kept."""


class LoadImagery(ToolArguments):
    """Pixels of chosen scenes over the area they were found for."""

    imagery: Annotated[str, _id_of("imagery", "Id of a list of scenes, from find_imagery.")]
    scenes: Annotated[list[Annotated[int, Field(ge=1, le=200)]], Field(min_length=1, max_length=24)]
    """Numbers of the scenes in that list; the first is 1."""


class GroundConcept(ToolArguments):
    """A mask of one concept on one date."""

    stack: StackId
    concept: Annotated[str, AfterValidator(_concept), Field(max_length=60)]
    """What to map: a key of the vocabulary, such as water, forest, cropland, built_up, burned, snow."""
    sensor: Sensor = "optical"
    date: Position = 0
    earlier: Position | None = None
    """Position of the earlier date; only for what needs two dates (burned)."""


class AskReasoner(ToolArguments):
    """A question to the vision-language reasoner about loaded pixels."""

    stack: StackId
    question: Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)]
    """What to ask, in plain words. The reply is a claim in words; numbers come from measure_mask only."""


class MeasureMask(ToolArguments):
    """One quantity of one or two masks."""

    quantity: Literal["area", "share", "count", "length", "distance", "touches", "change"]
    """area in m2 (shown in unit), share 0-1 of what was observed, count of patches, length of the edge in m, distance
    in m between mask and other, touches (yes or no), change of the area from mask to other in m2."""
    mask: MaskId
    other: MaskId | None = None
    """The second mask: of distance and touches; of change, the later date; of share, the whole."""
    unit: Literal["m2", "ha", "km2"] | None = None
    """Unit in which areas are shown; chosen by size when left out."""
    aoi: Area | None = None


class CombineMasks(ToolArguments):
    """A new mask made of others on the same grid."""

    operation: Literal["union", "intersect", "subtract", "complement", "buffer", "components", "select"]
    """subtract takes the second from the first; complement is what was observed outside; buffer is everything within
    distance_m; components keeps patches of at least min_area_m2; select keeps whole patches of the first mask that
    touch the second or lie within distance_m of it."""
    masks: Annotated[list[MaskId], Field(min_length=1, max_length=16)]
    """The masks, in order: two or more for union and intersect, two for subtract and select, else one."""
    distance_m: Annotated[float, Field(ge=0, le=100_000)] | None = None
    """Distance on the true ground, in metres; of buffer and select."""
    min_area_m2: Annotated[float, Field(gt=0, le=1e13)] | None = None
    """Smallest patch that stays, in square metres; of components. 1 ha is 10000."""


class ExportResult(ToolArguments):
    """Files of results, in the export folder of the workspace."""

    what: Annotated[
        list[Annotated[str, _id_of("mask|answer", "Id of a mask or of an answer.")]], Field(min_length=1, max_length=16)
    ]
    format: Literal["geotiff", "geojson", "json", "html"]
    """geotiff or geojson for masks, html (a report) for answers, json for either."""


class AnswerQuestion(ToolArguments):
    """A whole question, answered with numbers measured on masks."""

    question: Question
    """In plain words, for example: How many hectares of water are there?"""
    aoi: Area | None = None
    time: When | None = None
    sensor: Sensor | None = None


class RunPlan(ToolArguments):
    """A plan that was written out: steps over scenes, masks and measurements."""

    plan: Annotated[Plan, BeforeValidator(_plan)]
    """The plan. Every step has an id and names the steps it takes."""
